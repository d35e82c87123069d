// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package code

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// Suppression is a comment in code by which somebody accepts what a control
// finds there.
type Suppression struct {
	// Tool is whose comment it is: plumb, checkov, trivy, tfsec or kics.
	Tool string
	// IDs are what it names, in that tool's terms; they may hold stars.
	IDs    []string
	Reason string
	// Until is the last day on which it counts; zero for ever.
	Until time.Time
	At    asset.Location
	// WholeFile: it stands at the head of its file, apart from what follows, and
	// is meant for all of it.
	WholeFile bool
	// next is the line that follows the comments among which it stands; 0 for one
	// that stands behind code.
	next int
}

// Over reports whether the suppression had ended by then.
func (s Suppression) Over(now time.Time) bool {
	return !s.Until.IsZero() && !now.Before(s.Until.AddDate(0, 0, 1))
}

// Covers reports whether the suppression is meant for the lines: it stands in
// them, in the comment right above them, or at the head of the file.
func (s Suppression) Covers(lines asset.Location) bool {
	if lines.IsZero() || s.At.File != lines.File {
		return false
	}
	line, end := s.At.StartLine, max(lines.EndLine, lines.StartLine)
	return s.WholeFile || line >= lines.StartLine && line <= end || s.next > 0 && s.next == lines.StartLine
}

// Names reports whether the suppression names one of the ids. Ids are compared
// without case, and Trivy's without the prefix that it no longer writes.
func (s Suppression) Names(ids ...string) bool {
	return slices.ContainsFunc(s.IDs, func(pattern string) bool {
		return slices.ContainsFunc(ids, func(id string) bool {
			matched, err := path.Match(bareID(pattern), bareID(id))
			return err == nil && matched
		})
	})
}

func bareID(id string) string { return strings.TrimPrefix(strings.ToLower(id), "avd-") }

// The comments that are understood. Plumb's own wants a reason; others' tools
// do not, so theirs count without.
var (
	commentStart = regexp.MustCompile(`^\s*(#|//|/\*|\*|;|--)|\s(#|//|/\*)`)
	plumbForm    = regexp.MustCompile(`plumb:accept\s+([\w*,-]+)(.*)$`)
	checkovForm  = regexp.MustCompile(`checkov:skip=([\w]+)(?::(.*))?$`)
	trivyForm    = regexp.MustCompile(`trivy:ignore:([\w*-]+)(?::exp:(\d{4}-\d{2}-\d{2}))?`)
	tfsecForm    = regexp.MustCompile(`tfsec:ignore:([\w*-]+)(?::exp:(\d{4}-\d{2}-\d{2}))?`)
	kicsForm     = regexp.MustCompile(`kics-scan\s+(ignore-line|ignore-block|ignore|disable=([\w,-]+))`)
	untilWord    = regexp.MustCompile(`\buntil=(\S+)`)
	reasonWord   = regexp.MustCompile(`\breason="([^"]*)"`)
)

// Suppressions finds the comments of a file by which findings are accepted. One
// of Plumb's own that is not complete does not count; it is coverage, with what
// it lacks.
func Suppressions(file string, src []byte) ([]Suppression, []asset.Coverage) {
	lines := strings.Split(string(src), "\n")
	var found []Suppression
	var broken []asset.Coverage
	for i, line := range lines {
		at := asset.Location{File: file, StartLine: i + 1}
		for _, s := range readComment(line) {
			s.At, s.next = at, nextCode(lines, i)
			s.WholeFile = s.WholeFile || atHead(lines, i)
			if problem := s.problem(); problem != "" {
				broken = append(broken, asset.Coverage{
					Scope: "code", Part: "suppression", Location: at, Status: asset.Failed, Reason: problem, Count: 1,
				})
				continue
			}
			found = append(found, s)
		}
	}
	return found, broken
}

// problem says what a comment of Plumb's own lacks; "" for one that counts.
func (s Suppression) problem() string {
	switch {
	case s.Tool != "plumb":
		return ""
	case s.Reason == "":
		return `plumb:accept needs a reason="..." to count`
	case s.Until.Equal(unreadable):
		return "plumb:accept needs a date like until=2027-01-31"
	}
	return ""
}

// unreadable stands for a date that is none.
var unreadable = time.Unix(1, 0)

func readComment(line string) []Suppression {
	start := commentStart.FindStringIndex(line)
	if start == nil {
		return nil
	}
	text := strings.TrimSuffix(strings.TrimSpace(line[start[0]:]), "*/")
	switch {
	case strings.Contains(text, "plumb:accept"):
		if m := plumbForm.FindStringSubmatch(text); m != nil {
			s := Suppression{Tool: "plumb", IDs: strings.Split(m[1], ",")}
			if reason := reasonWord.FindStringSubmatch(m[2]); reason != nil {
				s.Reason = strings.TrimSpace(reason[1])
			}
			if until := untilWord.FindStringSubmatch(reasonWord.ReplaceAllString(m[2], "")); until != nil {
				s.Until = day(until[1])
			}
			return []Suppression{s}
		}
	case strings.Contains(text, "checkov:skip="):
		if m := checkovForm.FindStringSubmatch(strings.TrimSpace(text)); m != nil {
			return []Suppression{{Tool: "checkov", IDs: []string{m[1]}, Reason: strings.TrimSpace(m[2])}}
		}
	case strings.Contains(text, "trivy:ignore:"):
		return dated("trivy", trivyForm.FindAllStringSubmatch(text, -1))
	case strings.Contains(text, "tfsec:ignore:"):
		return dated("tfsec", tfsecForm.FindAllStringSubmatch(text, -1))
	case strings.Contains(text, "kics-scan"):
		if m := kicsForm.FindStringSubmatch(text); m != nil {
			s := Suppression{Tool: "kics", IDs: []string{"*"}, WholeFile: m[1] == "ignore" || m[2] != ""}
			if m[2] != "" {
				s.IDs = strings.Split(m[2], ",")
			}
			return []Suppression{s}
		}
	}
	return nil
}

func dated(tool string, matches [][]string) []Suppression {
	var found []Suppression
	for _, m := range matches {
		s := Suppression{Tool: tool, IDs: []string{m[1]}}
		if m[2] != "" {
			s.Until = day(m[2])
		}
		found = append(found, s)
	}
	return found
}

func day(text string) time.Time {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return unreadable
	}
	return t
}

func isComment(line string) bool {
	at := commentStart.FindStringIndex(line)
	return at != nil && strings.TrimSpace(line[:at[0]]) == ""
}

// nextCode is the number of the line after the comments that line i is among; 0
// where line i has code of its own, or where an empty line or nothing follows.
func nextCode(lines []string, i int) int {
	for ; i < len(lines) && isComment(lines[i]); i++ {
		if i+1 < len(lines) && !isComment(lines[i+1]) && strings.TrimSpace(lines[i+1]) != "" {
			return i + 2
		}
	}
	return 0
}

// atHead reports whether line i is in the comment with which the file begins and
// an empty line ends that comment.
func atHead(lines []string, i int) bool {
	for j, line := range lines {
		switch {
		case isComment(line):
		case j > i:
			return strings.TrimSpace(line) == ""
		default:
			return false
		}
	}
	return false
}

// String is the suppression for people: "checkov:skip=CKV_AWS_18 at main.tf:3".
func (s Suppression) String() string {
	return fmt.Sprintf("%s %s at %s", s.Tool, strings.Join(s.IDs, ","), s.At)
}
