// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package scan

import (
	"fmt"
	"slices"
	"time"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/control"
	"github.com/plumb-cspm/plumb/internal/source/code"
)

// Acceptance says by whose decision a fail does not count.
type Acceptance struct {
	By     string // inline: a comment in the code
	Tool   string // whose comment it is, if not Plumb's
	Reason string
	Until  string // the last day, "" for ever
}

// Accepted is a fail that somebody decided not to fix.
type Accepted struct {
	asset.Verdict
	Acceptance
}

// Comments accepts what comments in the code accept. It reads the files of the
// verdicts that it is asked about, once each. Not for concurrent use.
type Comments struct {
	tree     *code.Tree
	now      time.Time
	controls map[string]*control.Control
	files    map[string][]Comment
	broken   []asset.Coverage
}

// Comment is a suppression in the code, and the verdicts that it was for.
type Comment struct {
	code.Suppression
	Matched int
}

// NewComments looks into the files of a tree. now decides which comments are over.
func NewComments(tree *code.Tree, controls []*control.Control, now time.Time) *Comments {
	c := &Comments{tree: tree, now: now, controls: make(map[string]*control.Control, len(controls)), files: map[string][]Comment{}}
	for _, known := range controls {
		c.controls[known.ID] = known
	}
	return c
}

// Accept says whether a comment accepts a fail. Where the only such comment is
// over, the verdict's message says so.
func (c *Comments) Accept(v *asset.Verdict) (Acceptance, bool) {
	if v.Asset.Origin != asset.Code {
		return Acceptance{}, false
	}
	var over *code.Suppression
	for _, lines := range places(v) {
		comments := c.Of(lines.File)
		for i := range comments {
			s := &comments[i]
			if !s.Covers(lines) || !s.Names(c.idsFor(v.Control, s.Tool)...) {
				continue
			}
			s.Matched++
			if !s.Over(c.now) {
				return acceptance(s.Suppression), true
			}
			over = &s.Suppression
		}
	}
	if over != nil {
		v.Message += fmt.Sprintf(" (was accepted until %s)", over.Until.Format(time.DateOnly))
	}
	return Acceptance{}, false
}

func acceptance(s code.Suppression) Acceptance {
	a := Acceptance{By: "inline", Reason: s.Reason}
	if s.Tool != "plumb" {
		a.Tool = s.Tool
	}
	if !s.Until.IsZero() {
		a.Until = s.Until.Format(time.DateOnly)
	}
	return a
}

// places are the lines where a comment about the verdict may stand: the asset's
// block, and the lines that decided.
func places(v *asset.Verdict) []asset.Location {
	lines := []asset.Location{v.Asset.Location}
	for _, e := range v.DecidedBy {
		if at := e.Source.Location; !at.IsZero() && !slices.Contains(lines, at) {
			lines = append(lines, at)
		}
	}
	return lines
}

// idsFor are the names that a control has in a tool's comments.
func (c *Comments) idsFor(id, tool string) []string {
	known, ok := c.controls[id]
	if !ok {
		return nil
	}
	if tool == "plumb" {
		return append([]string{known.ID}, known.Aliases...)
	}
	if tool == "tfsec" {
		tool = "trivy" // which took its checks over
	}
	ids := []string{""} // so that a star alone matches
	for _, e := range slices.Concat(known.Text().Equivalents, known.Text().Related) {
		if e.Tool == tool {
			ids = append(ids, e.IDs...)
		}
	}
	return ids
}

// Of returns the comments of a file, by the name that locations have for it.
func (c *Comments) Of(file string) []Comment {
	if found, read := c.files[file]; read || file == "" {
		return found
	}
	var found []Comment
	// A file that cannot be read any more was read a moment ago: it holds nothing.
	if src, err := c.tree.ReadText(c.tree.Path(file)); err == nil {
		all, broken := code.Suppressions(file, src)
		for _, s := range all {
			found = append(found, Comment{Suppression: s})
		}
		c.broken = append(c.broken, broken...)
	}
	c.files[file] = found
	return found
}

// Coverage lists the comments that do not count, and why.
func (c *Comments) Coverage() []asset.Coverage { return c.broken }

// accept takes the fails that somebody accepted out of the result.
func (r *Result) accept(by func(*asset.Verdict) (Acceptance, bool)) {
	if by == nil {
		return
	}
	var open []asset.Verdict
	for _, v := range r.Verdicts {
		if v.Outcome == asset.Fail {
			if a, accepted := by(&v); accepted {
				r.Accepted = append(r.Accepted, Accepted{v, a})
				continue
			}
		}
		open = append(open, v)
	}
	r.Verdicts = open
}
