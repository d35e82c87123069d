// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// Options are for the table, which is for people. The zero Options are a table
// of 100 columns, without colour, of everything that fails.
type Options struct {
	// Width is the terminal's number of columns; 0 means 100. Less than 40 is
	// treated as 40.
	Width int
	// Color allows escape sequences for colour.
	Color bool
	// Top is how many controls to show, worst first; 0 means all.
	Top int
	// Rebase turns a file as locations name it into one that is relative to the
	// working directory. Optional.
	Rebase func(file string) string
}

const (
	indent = 13 // the column where texts begin: after the word at the edge
	// mostPlaces bounds how many places of one control are listed: after these,
	// people fix the cause or ask for another format.
	mostPlaces = 12
	// mostBeside bounds the lines of a text beside its place; a longer one reads
	// better below, where it has all the width.
	mostBeside = 2
	// mostReasons bounds the lists of what is unknown and of what was not read.
	mostReasons = 10
)

// Table writes the report for a person at a terminal: what fails, worst first
// and by control, then what is unknown, accepted and unread, and the totals last,
// where the eye is when the scan ends.
func Table(w io.Writer, r *Report, o Options) error {
	if o.Width == 0 {
		o.Width = 100
	}
	o.Width = max(o.Width, 40)
	if o.Rebase == nil {
		o.Rebase = func(file string) string { return file }
	}
	t := &table{w: bufio.NewWriter(w), o: o}
	t.fails(r)
	t.unknowns(r)
	t.suppressed(r)
	t.unread(r)
	t.totals(r)
	if err := t.w.Flush(); err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	return nil
}

// table prints lines. The writer keeps the first error for Flush.
type table struct {
	w *bufio.Writer
	o Options
}

// style is a select-graphic-rendition parameter of the terminal.
type style string

const (
	plain  style = ""
	bold   style = "1"
	dim    style = "2"
	red    style = "1;31"
	orange style = "31"
	yellow style = "33"
	blue   style = "36"
	green  style = "32"
)

func severityStyle(severity string) style {
	switch severity {
	case "critical":
		return red
	case "high":
		return orange
	case "medium":
		return yellow
	default:
		return blue
	}
}

func (t *table) paint(s style, text string) string {
	if !t.o.Color || s == plain || text == "" {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[0m"
}

func (t *table) line(parts ...string) {
	fmt.Fprintln(t.w, strings.TrimRight(strings.Join(parts, ""), " "))
}

// hanging prints a text in lines that begin below each other, after what stands
// left of it in the first one. left is painted already and takes leftColumns.
func (t *table) hanging(left string, leftColumns int, s style, text string) {
	for i, l := range wrap(clean(text), t.o.Width-leftColumns) {
		if i == 0 {
			t.line(left, t.paint(s, l))
		} else {
			t.line(strings.Repeat(" ", leftColumns), t.paint(s, l))
		}
	}
}

// heading is the first line of a section or group: a word at the edge, a text.
func (t *table) heading(s style, word, text string) {
	t.hanging(t.paint(s, pad(word, indent)), indent, bold, text)
}

func (t *table) fails(r *Report) {
	groups := r.groups()
	shown := groups
	if t.o.Top > 0 && len(groups) > t.o.Top {
		shown = groups[:t.o.Top]
	}
	for _, g := range shown {
		t.title(g)
		t.places(g)
		if fix := g.control.fix(g.places[0].at.IsZero()); fix != "" {
			t.hanging(spaces(indent)+t.paint(green, "fix: "), indent+5, plain, fix)
		}
		t.line()
	}
	if rest := groups[len(shown):]; len(rest) > 0 {
		fails := 0
		for _, g := range rest {
			fails += g.fails
		}
		t.hanging("", 0, dim, fmt.Sprintf("and %s with %s; --top %d leaves out the rest",
			count(len(rest), "more control", "more controls"), count(fails, "fail", "fails"), t.o.Top))
		t.line()
	}
}

// title names a control; its id stands beside it if it fits.
func (t *table) title(g group) {
	severity, title, id := strings.ToUpper(clean(g.control.Severity)), clean(cmp.Or(g.control.Title, g.id)), clean(g.id)
	s := severityStyle(g.control.Severity)
	if indent+columns(title)+2+columns(id) <= t.o.Width {
		t.line(t.paint(s, pad(severity, indent)), t.paint(bold, title), "  ", t.paint(dim, id))
		return
	}
	t.heading(s, severity, title)
	t.hanging(spaces(indent), indent, dim, id)
}

// places lists where a control fails. Where and what stand in two columns if both
// have room; else what follows where on a line of its own.
func (t *table) places(g group) {
	shown := g.places[:min(len(g.places), mostPlaces)]
	room := t.o.Width - indent
	longest := 0
	for _, p := range shown {
		longest = max(longest, columns(clean(t.what(p))))
	}
	// Short texts leave more room for long ids.
	most := max(room*45/100, room-2-longest)
	stacked := room-2-most < min(longest, 28)
	if stacked {
		most = room
	}
	where := make([]string, len(shown))
	column := 0
	for i, p := range shown {
		where[i] = t.where(p, room, most)
		if n := columns(where[i]); n <= most {
			column = max(column, n)
		}
	}
	for i, p := range shown {
		left := spaces(indent) + t.paint(blue, where[i])
		beside := len(wrap(clean(t.what(p)), room-column-2)) <= mostBeside
		if !stacked && beside && columns(where[i]) <= column {
			t.hanging(left+spaces(column-columns(where[i])+2), indent+column+2, plain, t.what(p))
			continue
		}
		t.line(left)
		t.hanging(spaces(indent+2), indent+2, plain, t.what(p))
	}
	if rest := len(g.places) - len(shown); rest > 0 {
		t.line(spaces(indent), t.paint(dim, fmt.Sprintf("and %s; --format json lists all", count(rest, "more place", "more places"))))
	}
}

// where is the place's file and line, or the live asset's id cut to most columns.
// A file is kept whole as long as a line can hold it: it is there to be opened.
func (t *table) where(p place, room, most int) string {
	if p.at.IsZero() {
		return shorten(clean(p.assets[0].ID), most)
	}
	return shorten(clean(t.rebased(p.at)), room)
}

// locate is where an asset is found: its file, as seen from here, and line; or
// its id.
func (t *table) locate(a *asset.Asset) string {
	if a.Location.IsZero() {
		return a.ID
	}
	return t.rebased(a.Location)
}

func (t *table) rebased(at asset.Location) string {
	at.File = t.o.Rebase(at.File)
	return at.String()
}

// what is the value found; in code, where a line says little, after the name of
// the block.
func (t *table) what(p place) string {
	message := cmp.Or(p.message, "fails")
	if p.at.IsZero() {
		return message
	}
	name := shorten(clean(p.name()), 48)
	if n := len(p.assets); n > 1 {
		name += fmt.Sprintf(" ×%d", n)
	}
	if name == "" {
		return message
	}
	return name + ": " + message
}

func (t *table) unknowns(r *Report) {
	if r.Counts.Unknown == 0 {
		return
	}
	t.heading(bold, "UNKNOWN", count(r.Counts.Unknown, "verdict hangs", "verdicts hang")+" on something that could not be read")
	reasons := r.reasons()
	for _, why := range reasons[:min(len(reasons), mostReasons)] {
		left := pad(fmt.Sprintf("%*d", indent-2, why.verdicts), indent)
		t.hanging(left, columns(left), plain, why.reason+t.example(why))
	}
	t.more(len(reasons)-mostReasons, "reason", "reasons")
	t.line()
}

// example says which control wants to know, and where.
func (t *table) example(why reason) string {
	where := t.locate(why.example)
	who := why.controls[0]
	if n := len(why.controls); n > 1 {
		who = count(n, "control", "controls")
	}
	if why.verdicts > 1 {
		where = "first at " + where
	}
	return fmt.Sprintf(" (%s, %s)", who, where)
}

func (t *table) suppressed(r *Report) {
	if len(r.Suppressed) == 0 {
		return
	}
	t.heading(bold, "SUPPRESSED", count(len(r.Suppressed), "fail is", "fails are")+" accepted and not counted as failing")
	shown := 0
	for _, e := range r.entries() {
		if e.suppression == nil {
			continue
		}
		if shown++; shown > mostPlaces {
			continue
		}
		text := t.locate(e.asset) + " " + e.control
		if why := e.suppression.Reason; why != "" {
			text += ": " + why
		}
		if until := e.suppression.Until; until != "" {
			text += " (until " + until + ")"
		}
		t.labelled(cmp.Or(e.suppression.Tool, e.suppression.By), text)
	}
	t.more(shown-mostPlaces, "suppressed fail", "suppressed fails")
	t.line()
}

func (t *table) unread(r *Report) {
	gaps, complete := r.gaps()
	if len(gaps) == 0 {
		return
	}
	missed := 0
	for _, g := range gaps {
		missed += g.count
	}
	t.heading(bold, "UNREAD", fmt.Sprintf("%d of %s could not be looked at", missed, count(missed+complete, "part", "parts")))
	for _, g := range gaps[:min(len(gaps), mostReasons)] {
		scope := g.scopes[0]
		if n := len(g.scopes); n > 1 {
			scope = fmt.Sprintf("%s and %d more", scope, n-1)
		}
		text := strings.TrimSpace(g.part + " in " + scope)
		if g.part == "" {
			text = scope
		}
		if !g.at.IsZero() && g.at.File != g.part {
			text += " at " + t.rebased(g.at)
		}
		if g.count > len(g.scopes) {
			text += fmt.Sprintf(" ×%d", g.count)
		}
		if g.reason != "" {
			text += ": " + g.reason
		}
		t.labelled(string(g.status), text)
	}
	t.more(len(gaps)-mostReasons, "gap", "gaps")
	t.line()
}

// labelled prints a text after a word that stands right before the column of texts.
func (t *table) labelled(label, text string) {
	label = shorten(clean(label), indent-2)
	left := spaces(indent-2-columns(label)) + t.paint(dim, label) + "  "
	t.hanging(left, indent, plain, text)
}

func (t *table) more(n int, one, many string) {
	if n > 0 {
		t.line(spaces(indent), t.paint(dim, "and "+count(n, "more "+one, "more "+many)))
	}
}

func (t *table) totals(r *Report) {
	if r.Scan.Partial && r.Assets == 0 {
		t.hanging("", 0, red, "Interrupted before anything could be judged.")
		return
	}
	if r.Scan.Partial {
		t.hanging("", 0, red, "Interrupted: what is above is right, but the scan did not look at everything.")
	}
	if r.Assets == 0 {
		t.hanging("", 0, bold, "Nothing to judge was found in "+strings.Join(r.Scan.Targets, ", ")+".")
		return
	}
	if r.Counts.Fail == 0 {
		t.line(t.paint(green, "Nothing fails."))
	} else {
		t.failTotals(r)
	}
	rest := fmt.Sprintf("%d passed, %d unknown", r.Counts.Pass, r.Counts.Unknown)
	if r.Counts.Suppressed > 0 {
		rest += fmt.Sprintf(", %d suppressed", r.Counts.Suppressed)
	}
	rest += fmt.Sprintf("; %s under %s", count(r.Assets, "asset", "assets"), count(len(r.Controls), "control", "controls"))
	if took := r.Scan.Ended.Sub(r.Scan.Started); took > 0 {
		rest += " in " + duration(took)
	}
	t.hanging("", 0, dim, rest+".")
	if r.Counts.Fail > 0 {
		t.hanging("", 0, dim, "plumb controls show ID explains a control and gives the whole fix.")
	}
}

// failTotals is one line; each severity in its colour where the line has room.
func (t *table) failTotals(r *Report) {
	total := count(r.Counts.Fail, "fail", "fails")
	fails := r.failsBySeverity()
	var texts, painted []string
	for _, s := range severities {
		if fails[s] > 0 {
			text := fmt.Sprintf("%d %s", fails[s], s)
			texts = append(texts, text)
			painted = append(painted, t.paint(severityStyle(s), text))
		}
	}
	if text := total + ": " + strings.Join(texts, ", "); columns(text) > t.o.Width {
		t.hanging("", 0, bold, text)
		return
	}
	t.line(t.paint(bold, total), ": ", strings.Join(painted, ", "))
}

// duration rounds to what a person notices.
func duration(d time.Duration) string {
	switch {
	case d < time.Second:
		return d.Round(10 * time.Millisecond).String()
	case d < time.Minute:
		return d.Round(100 * time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}

func spaces(n int) string { return strings.Repeat(" ", max(n, 0)) }
