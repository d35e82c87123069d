// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package policy

import "slices"

// A glob is a pattern as tokens: a rune stands for itself, the negative ones
// are wildcards.
type glob []rune

const (
	anyRun  rune = -1 // *: any characters, or none
	anyOne  rune = -2 // ?: exactly one character
	fresh   rune = -3 // a character that no pattern writes
	literal rune = -4 // one or more characters, none of them a wildcard
)

// Match reports whether the pattern matches the whole of the text: * stands
// for any characters or none, ? for exactly one, everything else for itself.
func Match(pattern, text string) bool { return globOf(pattern).matches([]rune(text)) }

// Overlaps reports whether some text matches both patterns.
func Overlaps(a, b string) bool { return globOf(a).overlaps(globOf(b)) }

// Covers reports whether every text that the other pattern matches, the pattern
// matches too. A pair that takes too long to decide, which needs dozens of ?
// behind a *, counts as not covered.
func Covers(pattern, other string) bool { return globOf(pattern).covers(globOf(other)) }

func globOf(pattern string) glob {
	g := make(glob, 0, len(pattern))
	for _, r := range pattern {
		g = g.append(r)
	}
	return g
}

// append adds a character of a pattern.
func (g glob) append(r rune) glob {
	switch r {
	case '*':
		return g.appendRun()
	case '?':
		return append(g, anyOne)
	}
	return append(g, r)
}

func (g glob) appendRun() glob {
	if n := len(g); n > 0 && g[n-1] == anyRun {
		return g
	}
	return append(g, anyRun)
}

// matches walks the text once and, where it fails, goes back only to the last
// *, which is enough for patterns.
func (g glob) matches(text []rune) bool {
	i, j := 0, 0
	star, resume := -1, 0
	for j < len(text) {
		switch {
		case i < len(g) && g[i] == anyRun:
			star, resume = i, j
			i++
		case i < len(g) && consumes(g[i], text[j]):
			i++
			j++
		case star >= 0:
			resume++
			i, j = star+1, resume
		default:
			return false
		}
	}
	for i < len(g) && g[i] == anyRun {
		i++
	}
	return i == len(g)
}

// consumes reports whether a token other than * takes the character.
func consumes(token, r rune) bool { return token == anyOne || token == r }

// overlaps asks of every pair of rests, from the ends, whether some text
// matches both.
func (g glob) overlaps(h glob) bool {
	below := make([]bool, len(h)+1)
	for i := len(g); i >= 0; i-- {
		row := make([]bool, len(h)+1)
		for j := len(h); j >= 0; j-- {
			switch {
			case i == len(g) && j == len(h):
				row[j] = true
			case i < len(g) && g[i] == anyRun:
				row[j] = below[j] || j < len(h) && row[j+1]
			case j < len(h) && h[j] == anyRun:
				row[j] = row[j+1] || i < len(g) && below[j]
			case i < len(g) && j < len(h):
				row[j] = (consumes(g[i], h[j]) || h[j] == anyOne) && below[j+1]
			}
		}
		below = row
	}
	return below[0]
}

// maxStates bounds the search of covers.
const maxStates = 1 << 13

// covers walks through h character by character with the set of places where g
// may then be. Each character of g is tried, and one that g does not know.
func (g glob) covers(h glob) bool {
	if !slices.Contains(g, literal) && !(g.matches(h.sample(false)) && g.matches(h.sample(true))) {
		return false
	}
	alphabet := []rune{fresh}
	for _, r := range g {
		if r >= 0 && !slices.Contains(alphabet, r) {
			alphabet = append(alphabet, r)
		}
	}
	type state struct {
		at int // in h
		in places
	}
	queue := []state{{0, g.close(g.places(0))}}
	seen := map[string]bool{}
	visit := func(s state) {
		key := string(append([]byte{byte(s.at), byte(s.at >> 8)}, s.in...))
		if !seen[key] {
			seen[key] = true
			queue = append(queue, s)
		}
	}
	for len(queue) > 0 {
		s := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		switch {
		case len(seen) > maxStates || s.in.empty():
			return false
		case g.endless(s.in):
			continue
		case s.at == len(h):
			if !s.in.has(len(g)) {
				return false
			}
			continue
		}
		token, next := h[s.at], s.at+1
		if token == anyRun {
			visit(state{next, s.in})
			next = s.at
		}
		if token >= 0 {
			visit(state{next, g.after(s.in, token, true)})
			continue
		}
		for _, r := range alphabet {
			visit(state{next, g.after(s.in, r, false)})
		}
	}
	return true
}

// sample is a text that g matches, with nothing for each * or with something:
// two texts that tell most pairs apart before the search.
func (g glob) sample(long bool) []rune {
	text := make([]rune, 0, len(g))
	for _, token := range g {
		switch {
		case token >= 0:
			text = append(text, token)
		case token == anyOne || long:
			text = append(text, fresh)
		}
	}
	return text
}

// places is a set of positions in a glob, one bit each.
type places []byte

func (g glob) places(position int) places {
	p := make(places, len(g)/8+1)
	p.add(position)
	return p
}

func (p places) add(i int)      { p[i/8] |= 1 << (i % 8) }
func (p places) has(i int) bool { return p[i/8]&(1<<(i%8)) != 0 }
func (p places) empty() bool {
	return !slices.ContainsFunc(p, func(b byte) bool { return b != 0 })
}

// close adds the places behind each *, which may stand for nothing.
func (g glob) close(p places) places {
	for i, token := range g {
		if token == anyRun && p.has(i) {
			p.add(i + 1)
		}
	}
	return p
}

// after is where g may be when it was in one of the places and took r. Only a
// written character, not one of the many that a wildcard admits, can be a part
// of a literal.
func (g glob) after(p places, r rune, written bool) places {
	next := make(places, len(p))
	for i, token := range g {
		switch {
		case !p.has(i):
		case token == anyRun:
			next.add(i)
		case token == literal && written:
			next.add(i)
			next.add(i + 1)
		case consumes(token, r):
			next.add(i + 1)
		}
	}
	return g.close(next)
}

// endless reports whether g takes whatever follows: it may be at a final *.
func (g glob) endless(p places) bool {
	last := len(g) - 1
	return last >= 0 && g[last] == anyRun && p.has(last)
}
