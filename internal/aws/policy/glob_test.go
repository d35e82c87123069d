// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"strings"
	"testing"
)

func TestMatch(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		pattern, text string
		want          bool
	}{
		{"", "", true},
		{"", "a", false},
		{"*", "", true},
		{"*", "anything:at/all", true},
		{"?", "", false},
		{"?", "é", true},
		{"??", "é", false},
		{"s3:Get*", "s3:GetObject", true},
		{"s3:Get*", "s3:PutObject", false},
		{"s3:get*", "s3:GetObject", false}, // callers fold the case
		{"*Object*", "s3:GetObjectAcl", true},
		{"a*b*c", "a-b-b-c", true},
		{"a*b*c", "a-b-b-d", false},
		{"a*?b", "ab", false},
		{"a*?b", "axb", true},
		{"a.c", "abc", false},
		{"role+(x)$", "role+(x)$", true},
		{"**a**", "a", true},
	} {
		if got := Match(tt.pattern, tt.text); got != tt.want {
			t.Errorf("Match(%q, %q) = %v", tt.pattern, tt.text, got)
		}
	}
}

func TestTwoPatterns(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		a, b             string
		covers, overlaps bool
	}{
		{"*", "s3:*", true, true},
		{"s3:*", "*", false, true},
		{"s3:*", "s3:Get*", true, true},
		{"s3:Get*", "s3:*Object", false, true},
		{"s3:Get*", "s3:Put*", false, false},
		{"a?c", "abc", true, true},
		{"abc", "a?c", false, true},
		{"?*", "*?", true, true},
		{"?*", "*", false, true},
		{"*", "", true, true},
		{"?*", "", false, false},
		{"?*", "*a", true, true},
		{"*a*", "?a?", true, true},
		{"*a", "*b", false, false},
		{"a*", "*b", false, true},
		{"arn:*", "arn:aws:*:*:*:*", true, true},
		{"arn:aws:s3:::*", "arn:aws:*:*:*:*", false, true},
		{"*:*", "*:*", true, true},
		{"*?:*", "*:*", false, true},
	} {
		if got := Covers(tt.a, tt.b); got != tt.covers {
			t.Errorf("Covers(%q, %q) = %v", tt.a, tt.b, got)
		}
		if got := Overlaps(tt.a, tt.b); got != tt.overlaps {
			t.Errorf("Overlaps(%q, %q) = %v", tt.a, tt.b, got)
		}
		if Overlaps(tt.a, tt.b) != Overlaps(tt.b, tt.a) {
			t.Errorf("Overlaps(%q, %q) depends on the order", tt.a, tt.b)
		}
	}
}

func TestCoversGivesUp(t *testing.T) {
	t.Parallel()
	hard := "*a" + strings.Repeat("?", 40)
	if Covers(hard, "*b*a*") {
		t.Error("a pattern covers what it does not")
	}
}

// FuzzGlobs compares the pattern functions with all words of a small alphabet.
// Words of five letters tell patterns of up to four tokens apart.
func FuzzGlobs(f *testing.F) {
	f.Add("a*", "?b")
	f.Add("*?", "?*")
	f.Add("*a?", "ab*")
	letters := []string{"a", "b", "c"}
	words := []string{""}
	for last := words; len(last[0]) < 5; words = append(words, last...) {
		var next []string
		for _, w := range last {
			for _, l := range letters {
				next = append(next, w+l)
			}
		}
		last = next
	}
	tidy := func(s string) string {
		keep := strings.Map(func(r rune) rune {
			if strings.ContainsRune("ab*?", r) {
				return r
			}
			return -1
		}, s)
		return keep[:min(len(keep), 4)]
	}
	f.Fuzz(func(t *testing.T, p, q string) {
		p, q = tidy(p), tidy(q)
		covers, overlaps := true, false
		for _, w := range words {
			inP, inQ := Match(p, w), Match(q, w)
			covers = covers && (inP || !inQ)
			overlaps = overlaps || inP && inQ
		}
		if got := Covers(p, q); got != covers {
			t.Errorf("Covers(%q, %q) = %v", p, q, got)
		}
		// Two patterns of four tokens may first meet in a word of eight letters.
		if got := Overlaps(p, q); got != overlaps && len(p)+len(q) <= 5 || overlaps && !got {
			t.Errorf("Overlaps(%q, %q) = %v", p, q, got)
		}
	})
}

func BenchmarkMatch(b *testing.B) {
	for b.Loop() {
		Match("arn:aws:s3:::logs-*/prod/*", "arn:aws:s3:::logs-eu-west-1/prod/2026/01/01.gz")
	}
}

func BenchmarkCovers(b *testing.B) {
	for b.Loop() {
		Covers("arn:aws:s3:::logs-*", "arn:aws:*:*:*:*")
	}
}
