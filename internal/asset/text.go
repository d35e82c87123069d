// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package asset

import (
	"strconv"
	"strings"
)

// Text is a string of which parts may be unknown: a policy with one computed
// ARN in it is still a policy. Only parsers read a Text; everybody else sees a
// string with an unknown part as an unknown string.
type Text struct {
	marked string
	holes  []Hole
}

// Hole is an unknown part of a [Text].
type Hole struct {
	// Reason says why the part is unknown.
	Reason string `json:"reason"`
	// Computed is the attribute that will supply the part, where the part is
	// known to be exactly that: "aws_iam_role.r.arn". "" otherwise.
	Computed string `json:"computed,omitempty"`
}

// A hole is marked in the text by its index between two Unicode noncharacters,
// which no configuration language lets through by accident. An index that is
// out of range (a literal that imitates a hole) counts as an unknown part.
const (
	holeStart = "\uFDD0"
	holeEnd   = "\uFDD1"
)

// HoleMark returns what stands in a marked text for the hole with that index.
func HoleMark(index int) string { return holeStart + strconv.Itoa(index) + holeEnd }

// HasHole reports whether a marked string has an unknown part.
func HasHole(marked string) bool { return strings.Contains(marked, holeStart) }

// NewText returns a text in which HoleMark(i) stands for holes[i].
func NewText(marked string, holes ...Hole) Text { return Text{marked, holes} }

// Marked is the text with a mark in the place of each hole: what a parser
// reads. Strings that it cuts from it are given back to Cut.
func (t Text) Marked() string { return t.marked }

// Cut returns a part of the marked text as a text of its own.
func (t Text) Cut(marked string) Text { return Text{marked, t.holes} }

// IsKnown reports whether no part is unknown.
func (t Text) IsKnown() bool { return !HasHole(t.marked) }

// Part is either a literal or a hole.
type Part struct {
	Literal string
	Hole    *Hole
}

// Parts returns the literals and holes in order.
func (t Text) Parts() []Part {
	var parts []Part
	rest := t.marked
	for {
		before, after, found := strings.Cut(rest, holeStart)
		if before != "" {
			parts = append(parts, Part{Literal: before})
		}
		if !found {
			return parts
		}
		mark, tail, _ := strings.Cut(after, holeEnd)
		hole := Hole{Reason: "not read"}
		if i, err := strconv.Atoi(mark); err == nil && i >= 0 && i < len(t.holes) {
			hole = t.holes[i]
		}
		parts = append(parts, Part{Hole: &hole})
		rest = tail
	}
}

// Reason joins the reasons of the distinct holes; "" for a known text.
func (t Text) Reason() string {
	var reasons []string
	seen := map[string]bool{}
	for _, p := range t.Parts() {
		if p.Hole != nil && !seen[p.Hole.Reason] {
			seen[p.Hole.Reason] = true
			reasons = append(reasons, p.Hole.Reason)
		}
	}
	return strings.Join(reasons, "; ")
}

// Value returns the text as a string: unknown where a part of it is.
func (t Text) Value(at *Source) Value[string] {
	if !t.IsKnown() {
		return Unknown[string](t.Reason(), at)
	}
	if at.State() == Defaulted {
		return Default(t.marked, at)
	}
	return Known(t.marked, at)
}
