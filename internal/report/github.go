// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"strings"
)

// GitHub writes the report as workflow commands: GitHub Actions shows each as an
// annotation, those of code at the line that decided. It shows only the first few
// of a step, so what was not looked at comes first, then the open fails, worst
// first.
func GitHub(w io.Writer, r *Report) error {
	out := &commands{w: bufio.NewWriter(w)}
	if r.Scan.Partial {
		out.command("warning", "The scan was interrupted", "What it says is right, but it did not look at everything.")
	}
	out.unread(r)
	out.unknowns(r)
	for _, e := range r.fails() {
		out.fail(r.Controls[e.control], e)
	}
	if err := out.w.Flush(); err != nil {
		return fmt.Errorf("write GitHub workflow commands: %w", err)
	}
	return nil
}

// commands prints workflow commands. The writer keeps the first error for Flush.
type commands struct {
	w *bufio.Writer
}

// property is one that a command has beside its title, such as a file.
type property struct{ name, value string }

// command prints one command. Its lines are those of the text; what others wrote
// has to be clean already, for a line break in it would be one.
func (c *commands) command(level, title, text string, properties ...property) {
	fmt.Fprintf(c.w, "::%s ", level)
	for _, p := range properties {
		fmt.Fprintf(c.w, "%s=%s,", p.name, escapeProperty(p.value))
	}
	fmt.Fprintf(c.w, "title=%s::%s\n", escapeProperty(title), escapeData(text))
}

// escapeData escapes the text of a command in the way that the runner undoes.
func escapeData(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

// escapeProperty escapes a property of a command, where : and , mean something, too.
func escapeProperty(s string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(escapeData(s))
}

func (c *commands) fail(control Control, e entry) {
	level := "notice"
	switch control.Severity {
	case "critical", "high":
		level = "error"
	case "medium":
		level = "warning"
	}
	var where []property
	at := e.at()
	if !at.IsZero() {
		where = append(where, property{"file", clean(at.File)})
	}
	if at.StartLine > 0 {
		where = append(where, property{"line", fmt.Sprint(at.StartLine)})
	}
	text := clean(e.sentence()) + "\n" + clean(e.control)
	if fix := control.fix(at.IsZero()); fix != "" {
		text += "\nFix: " + clean(fix)
	}
	c.command(level, clean(cmp.Or(control.Title, e.control)), text, where...)
}

// unread says in one annotation what could not be read.
func (c *commands) unread(r *Report) {
	gaps, complete := r.gaps()
	if len(gaps) == 0 {
		return
	}
	missed := 0
	var lines []string
	for _, g := range gaps {
		missed += g.count
		what := strings.TrimSpace(g.part + " in " + g.scopes[0])
		if n := len(g.scopes); n > 1 {
			what += fmt.Sprintf(" and %d more", n-1)
		}
		lines = append(lines, clean(strings.TrimSuffix(fmt.Sprintf("%s: %s: %s", what, g.status, g.reason), ": ")))
	}
	title := fmt.Sprintf("%d of %s could not be looked at", missed, count(missed+complete, "part", "parts"))
	c.command("warning", title, atMostLines(lines))
}

// unknowns says in one annotation what could not be decided.
func (c *commands) unknowns(r *Report) {
	var lines []string
	for _, why := range r.reasons() {
		lines = append(lines, clean(fmt.Sprintf("%s: %s", why.reason, count(why.verdicts, "verdict", "verdicts"))))
	}
	if len(lines) > 0 {
		c.command("notice", count(r.Counts.Unknown, "verdict is unknown", "verdicts are unknown"), atMostLines(lines))
	}
}

// atMostLines joins as many lines as a person reads, and says how many there are.
func atMostLines(lines []string) string {
	shown := lines[:min(len(lines), mostReasons)]
	text := strings.Join(shown, "\n")
	if rest := len(lines) - len(shown); rest > 0 {
		text += fmt.Sprintf("\nand %d more", rest)
	}
	return text
}
