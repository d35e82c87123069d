// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"slices"
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// An unknown part that a resource computes (its ARN or id) has one value, is
// not empty, and has no wildcard. Of any other unknown part nothing is known.

// equals answers whether the text is that string.
func equals(t asset.Text, s string) tri {
	if t.IsKnown() {
		return known(t.Marked() == s)
	}
	if !shape(t, false).admits([]rune(s)) {
		return no
	}
	return unknown(t.Reason())
}

// equalsFold is equals without regard to case, for names of which AWS ignores
// the case.
func equalsFold(t asset.Text, s string) tri {
	if t.IsKnown() {
		return known(strings.EqualFold(t.Marked(), s))
	}
	return equals(fold(t), strings.ToLower(s))
}

// matches answers whether the text, as a pattern, matches the string.
func matches(t asset.Text, s string) tri {
	if t.IsKnown() {
		return known(Match(t.Marked(), s))
	}
	if !shape(t, true).admits([]rune(s)) {
		return no
	}
	return unknown(t.Reason())
}

// covers answers whether the text, as a pattern, matches all that the glob
// does.
func covers(t asset.Text, all glob) tri {
	if t.IsKnown() {
		return known(globOf(t.Marked()).covers(all))
	}
	if !shape(t, true).covers(all) {
		return no
	}
	return unknown(t.Reason())
}

// overlaps answers whether the text, as a pattern, matches something that the
// glob matches too.
func overlaps(t asset.Text, other glob) tri {
	if t.IsKnown() {
		return known(globOf(t.Marked()).overlaps(other))
	}
	g := shape(t, true)
	for i, token := range g {
		if token == literal {
			g[i] = anyRun
		}
	}
	if !g.overlaps(other) {
		return no
	}
	return unknown(t.Reason())
}

// shape is the widest pattern that the text can turn out to be. Wildcards in
// its literal parts count as such only where wild.
func shape(t asset.Text, wild bool) glob {
	var g glob
	for _, part := range t.Parts() {
		switch {
		case part.Hole != nil && isARN(part.Hole.Computed):
			g = append(g, 'a', 'r', 'n', ':', literal, ':', literal, ':', literal)
		case part.Hole != nil && part.Hole.Computed != "":
			g = append(g, literal)
		case part.Hole != nil:
			g = g.appendRun()
		default:
			for _, r := range part.Literal {
				if wild {
					g = g.append(r)
				} else {
					g = append(g, r)
				}
			}
		}
	}
	return g
}

// isARN reports whether the computed attribute is an ARN by its name.
func isARN(attribute string) bool {
	return len(attribute) > 4 && strings.EqualFold(attribute[len(attribute)-4:], ".arn")
}

// admits is matches for a shape: it knows the token literal.
func (g glob) admits(text []rune) bool {
	below := make([]bool, len(text)+1)
	below[len(text)] = true
	for _, v := range slices.Backward(g) {
		row := make([]bool, len(text)+1)
		for j := len(text); j >= 0; j-- {
			more := j < len(text)
			switch v {
			case anyRun:
				row[j] = below[j] || more && row[j+1]
			case literal:
				row[j] = more && text[j] != '*' && text[j] != '?' && (below[j+1] || row[j+1])
			default:
				row[j] = more && consumes(v, text[j]) && below[j+1]
			}
		}
		below = row
	}
	return below[0]
}

// fold is the text in lower case.
func fold(t asset.Text) asset.Text { return t.Cut(strings.ToLower(t.Marked())) }

// hasWildcard answers whether the text has a * or ? in it, or a policy variable
// such as ${aws:username}: whether it is other than one fixed value.
func hasWildcard(t asset.Text) tri {
	if t.IsKnown() {
		return known(strings.ContainsAny(t.Marked(), "*?") || strings.Contains(t.Marked(), "${"))
	}
	var why []string
	for _, part := range t.Parts() {
		switch {
		case part.Hole == nil && (strings.ContainsAny(part.Literal, "*?") || strings.Contains(part.Literal, "${")):
			return yes
		case part.Hole != nil && part.Hole.Computed == "":
			why = append(why, part.Hole.Reason)
		}
	}
	if len(why) > 0 {
		return join(unknown(), unknown(why...))
	}
	return no
}

// prefixOf is the literal beginning of the text, up to its first wildcard,
// policy variable or unknown part. A computed part is a part of it, written as
// computedMark. open is unknown where an unknown part ends it, and no where a
// wildcard or the end of the text does.
func prefixOf(t asset.Text) (prefix string, open tri) {
	for _, part := range t.Parts() {
		switch {
		case part.Hole != nil && part.Hole.Computed != "":
			prefix += computedMark
		case part.Hole != nil:
			// The unknown part may make a policy variable of a $ before it.
			return strings.TrimSuffix(prefix, "$"), unknown(part.Hole.Reason)
		default:
			end := strings.IndexAny(part.Literal, "*?")
			if v := strings.Index(part.Literal, "${"); v >= 0 && (end < 0 || v < end) {
				end = v
			}
			if end >= 0 {
				return prefix + part.Literal[:end], no
			}
			prefix += part.Literal
		}
	}
	return prefix, no
}

// computedMark stands for a computed part in prefixes.
const computedMark = "\x00"
