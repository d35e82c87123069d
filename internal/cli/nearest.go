// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cli

import "strings"

// suggest is the end of a message about a word that does not exist: which one
// may have been meant. "" where none is near.
func suggest(typed string, known []string) string {
	if near := nearest(typed, known); near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}

// nearest returns the known word that takes the fewest edits to type, or that
// begins or ends with what was typed; "" where none is near.
func nearest(typed string, known []string) string {
	typed = strings.ToLower(typed)
	if typed == "" {
		return ""
	}
	best, fewest := "", 1+max(2, len(typed)/4)
	for _, word := range known {
		if n := distance(typed, word); n < fewest {
			best, fewest = word, n
		}
	}
	if best != "" || len(typed) < 3 {
		return best
	}
	for _, word := range known {
		if (strings.HasPrefix(word, typed) || strings.HasSuffix(word, typed)) && (best == "" || len(word) < len(best)) {
			best = word
		}
	}
	return best
}

// distance is how many insertions, deletions, substitutions and swaps of
// neighbours turn a into b.
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			differs := 1
			if a[i-1] == b[j-1] {
				differs = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+differs)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
