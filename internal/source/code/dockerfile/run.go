// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package dockerfile

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// run takes the script of a RUN instruction apart into commands.
func (f *File) run(s *Stage, run *instructions.RunCommand, at *asset.Source) {
	if !run.PrependShell {
		c := Command{Source: at, Words: make([]Word, len(run.CmdLine))}
		for i, word := range run.CmdLine {
			c.Words[i] = Word{Text: asset.NewText(word), Quoted: true}
		}
		r := reader{file: f, stage: s, run: at}
		r.add(c)
		return
	}
	if program := path.Base(strings.ReplaceAll(s.shell[0], `\`, "/")); !isShell(program) {
		s.unread("the commands of "+program+" are not read", at)
		return
	}
	text := f.joined(run, at)
	r := reader{file: f, stage: s, run: at}
	if len(run.Files) == 1 && isHeredocAlone(text.text) {
		r.script(f.heredoc(run, at))
		return
	}
	if r.script(text); len(run.Files) == 1 && r.feedsShell {
		r.script(f.heredoc(run, at))
	}
}

// unread notes that a stage may have further commands.
func (s *Stage) unread(reason string, at *asset.Source) {
	if s.Unread == "" {
		s.Unread, s.UnreadAt = reason, at
	}
}

// script is the text of a shell script with the lines of the file that its
// bytes come from.
type script struct {
	text   string
	starts []int // offsets in text
	lines  []int // the line of the file at each of them
	at     *asset.Source
}

// source is the place of a byte of the script.
func (s script) source(file string, offset int) *asset.Source {
	i, exact := slices.BinarySearch(s.starts, offset)
	if !exact {
		i--
	}
	if i < 0 || i >= len(s.lines) {
		return s.at
	}
	return asset.InCode(asset.Location{File: file, StartLine: s.lines[i]})
}

// add appends a piece that begins at a line of the file.
func (s *script) add(text string, line int) {
	s.starts, s.lines = append(s.starts, len(s.text)), append(s.lines, line)
	s.text += text
}

var (
	runKeyword  = regexp.MustCompile(`(?i)^\s*(?:ONBUILD\s+)?RUN\s`)
	runFlag     = regexp.MustCompile(`^\s*--[a-z]+(?:=(?:"[^"]*"|'[^']*'|[^\s"'])*)?(?:\s|$)`)
	heredocOnly = regexp.MustCompile(`^\s*<<-?\s*["']?\w+["']?\s*$`)
)

func isHeredocAlone(text string) bool {
	first, _, _ := strings.Cut(text, "\n")
	return heredocOnly.MatchString(first)
}

// joined is the script as the builder joins its lines, without the instruction's
// name and flags. Where it does not come to what the parser says, the parser is
// right, and all of it counts as standing at the instruction.
func (f *File) joined(run *instructions.RunCommand, at *asset.Source) script {
	s := script{at: at}
	bodies := 0
	for _, h := range run.Files {
		bodies += strings.Count(h.Data, "\n") + 1
	}
	first, last := at.Location.StartLine, min(at.Location.EndLine, len(f.lines))-bodies
	for n := first; n <= last; n++ {
		line := strings.TrimRight(f.lines[n-1], "\r")
		if n == first {
			line = strings.TrimLeft(strings.TrimPrefix(line, "\uFEFF"), " \t")
		}
		if trimmed := strings.TrimSpace(line); n > first && (trimmed == "" || strings.HasPrefix(trimmed, "#")) {
			continue
		}
		if before, ok := strings.CutSuffix(strings.TrimRight(line, " \t"), string(f.escape)); ok {
			line = before
		}
		s.add(line, n)
	}
	blank := func(length int) { s.text = strings.Repeat(" ", length) + s.text[length:] }
	blank(len(runKeyword.FindString(s.text)))
	for range run.FlagsUsed {
		lead := len(s.text) - len(strings.TrimLeft(s.text, " \t"))
		blank(lead + len(runFlag.FindString(s.text[lead:])))
	}
	if len(run.CmdLine) != 1 || strings.TrimSpace(s.text) != strings.TrimSpace(run.CmdLine[0]) {
		s = script{at: at}
		if len(run.CmdLine) > 0 {
			s.text = run.CmdLine[0]
		}
	}
	for _, h := range run.Files {
		s.text += "\n" + h.Data + h.Name
	}
	return s
}

var shebang = regexp.MustCompile(`^#!\s*(\S+)(?:\s+(\S+))?`)

// heredoc is the script that a here-document holds; empty where another program
// than a shell reads it.
func (f *File) heredoc(run *instructions.RunCommand, at *asset.Source) script {
	s := script{at: at}
	data := run.Files[0].Data
	if m := shebang.FindStringSubmatch(data); m != nil {
		program := path.Base(m[1])
		if program == "env" {
			program = path.Base(m[2])
		}
		if !isShell(program) {
			return s
		}
	}
	line := at.Location.EndLine - strings.Count(data, "\n")
	for text := range strings.Lines(data) {
		s.add(text, line)
		line++
	}
	return s
}

func isShell(program string) bool {
	switch strings.TrimSuffix(program, ".exe") {
	case "sh", "bash", "ash", "dash", "zsh", "ksh", "mksh":
		return true
	}
	return false
}

// Bounds of a script: one within them cannot exhaust the parser's stack.
const (
	maxScript  = 64 << 10
	maxNesting = 2000
)

func tooLarge(text string) error {
	nesting := 0
	for _, open := range []string{"(", "{", "`", "[["} {
		nesting += strings.Count(text, open)
	}
	if len(text) > maxScript || nesting > maxNesting {
		return fmt.Errorf("the script is too large")
	}
	return nil
}
