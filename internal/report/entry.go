// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// entry is one verdict of any kind, small enough to sort all of a large scan.
type entry struct {
	control     string
	asset       *asset.Asset
	verdict     *asset.Verdict // nil for a pass
	suppression *Suppression   // for a suppressed fail
}

// entries lists all verdicts by severity, control and asset.
func (r *Report) entries() []entry {
	all := make([]entry, 0, len(r.Verdicts)+len(r.Suppressed)+len(r.Passes))
	for i := range r.Verdicts {
		v := &r.Verdicts[i]
		all = append(all, entry{control: v.Control, asset: v.Asset, verdict: v})
	}
	for i := range r.Suppressed {
		s := &r.Suppressed[i]
		all = append(all, entry{control: s.Verdict.Control, asset: s.Verdict.Asset, verdict: &s.Verdict, suppression: &s.Suppression})
	}
	for _, p := range r.Passes {
		all = append(all, entry{control: p.Control, asset: p.Asset})
	}
	slices.SortStableFunc(all, func(a, b entry) int {
		return cmp.Or(
			cmp.Compare(rank(r.Controls[a.control].Severity), rank(r.Controls[b.control].Severity)),
			strings.Compare(a.control, b.control),
			strings.Compare(a.asset.ID, b.asset.ID),
			strings.Compare(a.message(), b.message()),
		)
	})
	return all
}

func (e entry) message() string {
	if e.verdict == nil {
		return ""
	}
	return e.verdict.Message
}

// status is pass, fail, unknown or suppressed: what [Counts] counts it as.
func (e entry) status() string {
	switch {
	case e.verdict == nil:
		return string(asset.Pass)
	case e.suppression != nil:
		return "suppressed"
	}
	return string(e.verdict.Outcome)
}

// isOpen reports whether it is a fail that nobody accepted.
func (e entry) isOpen() bool { return e.status() == string(asset.Fail) }

// fails lists the fails that nobody accepted, by severity, control and asset.
func (r *Report) fails() []entry {
	return slices.DeleteFunc(r.entries(), func(e entry) bool { return !e.isOpen() })
}

// at is the line to look at: see decidedAt.
func (e entry) at() asset.Location {
	if e.verdict == nil {
		return e.asset.Location
	}
	return decidedAt(e.asset, e.verdict)
}

// sentence is what was found, after what people call the asset.
func (e entry) sentence() string {
	return strings.TrimSuffix(cmp.Or(e.asset.Address, e.asset.Name, e.asset.ID)+": "+e.message(), ": ")
}

// unknown says why an unknown verdict is one.
func (e entry) unknown() string {
	var reasons []string
	for _, gap := range e.verdict.Unknown {
		if !slices.Contains(reasons, gap.Reason) {
			reasons = append(reasons, gap.Reason)
		}
	}
	if len(reasons) == 0 {
		return noReason
	}
	return strings.Join(reasons, "; ")
}

// String is the acceptance in a sentence: who, why and until when.
func (s Suppression) String() string {
	text := "accepted (" + cmp.Or(s.Tool, s.By) + ")"
	if s.Until != "" {
		text += " until " + s.Until
	}
	if s.Reason != "" {
		text += ": " + s.Reason
	}
	return text
}

// unreadText says in a sentence what a coverage line says.
func unreadText(c asset.Coverage) string {
	text := fmt.Sprintf("%s %s: %s", c.Scope, c.Part, c.Status)
	if c.Reason != "" {
		text += ": " + c.Reason
	}
	if c.Count > 1 {
		text += fmt.Sprintf(" (%d times)", c.Count)
	}
	return text
}
