// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// group is the fails of one control: what is fixed together is read together.
type group struct {
	id      string
	control Control
	places  []place
	fails   int
	index   map[spot]int // of the places in code
}

// spot is what the assets of one place have in common.
type spot struct {
	at      asset.Location
	message string
}

// place is one line of a group: where to go, and what was found there. A block of
// code that makes several assets is one place.
type place struct {
	at      asset.Location // zero for a live asset
	assets  []*asset.Asset
	message string
}

// groups lists the controls that fail, worst first: by severity, then by how much
// fails, then by id.
func (r *Report) groups() []group {
	byControl := map[string]*group{}
	for _, e := range r.fails() {
		g := byControl[e.control]
		if g == nil {
			g = &group{id: e.control, control: r.Controls[e.control], index: map[spot]int{}}
			byControl[e.control] = g
		}
		g.add(e.asset, e.at(), e.message())
	}
	var all []group
	for _, id := range slices.Sorted(maps.Keys(byControl)) {
		g := byControl[id]
		slices.SortStableFunc(g.places, func(a, b place) int {
			return cmp.Or(
				strings.Compare(a.at.File, b.at.File),
				cmp.Compare(a.at.StartLine, b.at.StartLine),
				strings.Compare(a.assets[0].ID, b.assets[0].ID),
			)
		})
		all = append(all, *g)
	}
	slices.SortStableFunc(all, func(a, b group) int {
		return cmp.Or(cmp.Compare(rank(a.control.Severity), rank(b.control.Severity)), cmp.Compare(b.fails, a.fails))
	})
	return all
}

// decidedAt is the line to look at: the one that states the value which decided,
// or the block where the block's silence did. Zero for a live asset.
func decidedAt(a *asset.Asset, v *asset.Verdict) asset.Location {
	for _, e := range v.DecidedBy {
		if e.Source.State() == asset.Read && e.Source.Location.StartLine > 0 {
			return e.Source.Location
		}
	}
	return a.Location
}

func (g *group) add(a *asset.Asset, at asset.Location, message string) {
	g.fails++
	here := spot{at, message}
	if i, ok := g.index[here]; ok {
		g.places[i].assets = append(g.places[i].assets, a)
		return
	}
	if !at.IsZero() {
		g.index[here] = len(g.places)
	}
	g.places = append(g.places, place{at: at, assets: []*asset.Asset{a}, message: message})
}

// name is what the assets of a place are called: the address of one, and what
// the addresses of several have in common.
func (p place) name() string {
	addresses := make([]string, len(p.assets))
	for i, a := range p.assets {
		addresses[i] = cmp.Or(a.Address, a.Name)
	}
	return common(addresses)
}

// common is what names have in common at an end that means something: what
// follows the module calls, or what precedes the instance's key. Names that share
// neither are known by the first of them.
func common(names []string) string {
	if len(names) == 1 {
		return names[0]
	}
	end := names[0]
	for !allOf(names, func(n string) bool { return n == end || strings.HasSuffix(n, "."+end) }) {
		_, after, found := strings.Cut(end, ".")
		if !found {
			end = ""
			break
		}
		end = after
	}
	begin, _, keyed := strings.Cut(names[0], "[")
	switch {
	case strings.Contains(end, "."):
		return end
	case keyed && allOf(names, func(n string) bool { return strings.HasPrefix(n, begin+"[") }):
		return begin
	}
	return names[0] + " and others"
}

func allOf(names []string, holds func(string) bool) bool {
	return !slices.ContainsFunc(names, func(n string) bool { return !holds(n) })
}

// reason is why verdicts are unknown, and which.
type reason struct {
	reason   string
	verdicts int
	controls []string // sorted
	example  *asset.Asset
}

// noReason stands where a verdict is unknown and nothing says why.
const noReason = "no reason was given"

// reasons groups the unknown verdicts by why they are, the most frequent first. A
// verdict with several gaps counts under each.
func (r *Report) reasons() []reason {
	type seen struct {
		reason
		controls map[string]bool
	}
	byReason := map[string]*seen{}
	for _, e := range r.entries() {
		if e.verdict == nil || e.verdict.Outcome != asset.Undecided {
			continue
		}
		gaps := map[string]bool{}
		for _, gap := range e.verdict.Unknown {
			gaps[gap.Reason] = true
		}
		if len(gaps) == 0 {
			gaps[noReason] = true
		}
		for why := range gaps {
			s := byReason[why]
			if s == nil {
				s = &seen{reason: reason{reason: why, example: e.asset}, controls: map[string]bool{}}
				byReason[why] = s
			}
			s.verdicts++
			s.controls[e.control] = true
		}
	}
	var all []reason
	for _, why := range slices.Sorted(maps.Keys(byReason)) {
		s := byReason[why]
		s.reason.controls = slices.Sorted(maps.Keys(s.controls))
		all = append(all, s.reason)
	}
	slices.SortStableFunc(all, func(a, b reason) int { return cmp.Compare(b.verdicts, a.verdicts) })
	return all
}

// unread is coverage that is not complete, joined over scopes: one call that is
// denied in every region is one line.
type unread struct {
	gap
	scopes []string // sorted
	count  int
}

// gap is what the coverage lines of one unread have in common.
type gap struct {
	status asset.Status
	part   string
	reason string
	at     asset.Location
}

// gaps lists what was not read, the widest first, and how many parts were.
func (r *Report) gaps() (all []unread, complete int) {
	index := map[gap]int{}
	for _, c := range r.coverage() { // sorted by scope
		if c.Status == asset.Covered {
			complete += max(c.Count, 1)
			continue
		}
		what := gap{c.Status, c.Part, c.Reason, c.Location}
		i, ok := index[what]
		if !ok {
			i = len(all)
			index[what] = i
			all = append(all, unread{gap: what})
		}
		u := &all[i]
		u.count += max(c.Count, 1)
		if n := len(u.scopes); n == 0 || u.scopes[n-1] != c.Scope {
			u.scopes = append(u.scopes, c.Scope)
		}
	}
	slices.SortStableFunc(all, func(a, b unread) int { return cmp.Compare(b.count, a.count) })
	return all, complete
}
