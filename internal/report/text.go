// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// clean makes a text that others wrote safe to print on a terminal: what would
// move the cursor, ring the bell or reorder the line is shown as its escape.
func clean(s string) string {
	if !strings.ContainsFunc(s, isActive) && utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && size <= 1:
			fmt.Fprintf(&b, `\x%02x`, s[0])
		case r == '\n' || r == '\t' || r == '\r':
			b.WriteByte(' ')
		case !isActive(r):
			b.WriteRune(r)
		case r <= 0xff:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
		s = s[size:]
	}
	return b.String()
}

// isActive reports whether a rune acts on the terminal rather than being shown:
// control characters, and the format characters that reverse or hide text.
func isActive(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)
}

// columns is how many columns of a terminal a clean text takes.
func columns(s string) int {
	n := 0
	for _, r := range s {
		n += runeColumns(r)
	}
	return n
}

func runeColumns(r rune) int {
	switch {
	case r < utf8.RuneSelf:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me):
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	default:
		return 1
	}
}

// pad fills a text with spaces up to the width.
func pad(s string, to int) string {
	return s + strings.Repeat(" ", max(0, to-columns(s)))
}

// shorten cuts the middle out of a text that is wider than most: both ends of an
// ARN or a path say more than what is between them.
func shorten(s string, most int) string {
	if columns(s) <= most {
		return s
	}
	if most <= 1 {
		return strings.Repeat("…", max(most, 0))
	}
	keep := most - 1
	tail := keep * 3 / 5 // the end names the thing itself
	return head(s, keep-tail) + "…" + last(s, tail)
}

// head is the longest beginning of s that fits.
func head(s string, most int) string {
	n := 0
	for i, r := range s {
		if n += runeColumns(r); n > most {
			return s[:i]
		}
	}
	return s
}

// last is the longest end of s that fits.
func last(s string, most int) string {
	n, from := 0, len(s)
	for from > 0 {
		r, size := utf8.DecodeLastRuneInString(s[:from])
		if n += runeColumns(r); n > most {
			break
		}
		from -= size
	}
	return s[from:]
}

// wrap breaks a text into lines that fit, at spaces where there are some.
func wrap(s string, most int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(s) {
		if line != "" {
			if columns(line)+1+columns(word) <= most {
				line += " " + word
				continue
			}
			lines = append(lines, line)
		}
		var full []string
		full, line = split(word, most)
		lines = append(lines, full...)
	}
	if line != "" || len(lines) == 0 {
		lines = append(lines, line)
	}
	return lines
}

// split cuts a word that is too wide into full lines and the rest.
func split(word string, most int) (full []string, rest string) {
	for {
		first := head(word, most)
		if first == word {
			return full, word
		}
		if first == "" { // a wide rune in a single column: better wide than lost
			_, size := utf8.DecodeRuneInString(word)
			first = word[:size]
		}
		full = append(full, first)
		word = word[len(first):]
	}
}

// count is a number with the right form of what it counts.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
