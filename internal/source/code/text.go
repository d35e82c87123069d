// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package code

import (
	"encoding/json"
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// Fits reports whether filling the holes of the text can give the string.
func Fits(text asset.Text, s string) bool {
	parts := text.Parts()
	for i, p := range parts {
		if p.Hole != nil {
			continue
		}
		switch {
		case i == 0:
			if !strings.HasPrefix(s, p.Literal) {
				return false
			}
			s = s[len(p.Literal):]
		case i == len(parts)-1:
			return strings.HasSuffix(s, p.Literal)
		default:
			at := strings.Index(s, p.Literal)
			if at < 0 {
				return false
			}
			s = s[at+len(p.Literal):]
		}
	}
	return true
}

// TextBuilder writes a text of literals, holes and other texts.
type TextBuilder struct {
	marked strings.Builder
	holes  []asset.Hole
}

// Literal adds a known part.
func (b *TextBuilder) Literal(s string) { b.marked.WriteString(s) }

// Hole adds an unknown part.
func (b *TextBuilder) Hole(h asset.Hole) {
	b.marked.WriteString(asset.HoleMark(len(b.holes)))
	b.holes = append(b.holes, h)
}

// Text adds another text.
func (b *TextBuilder) Text(t asset.Text) {
	for _, part := range t.Parts() {
		if part.Hole != nil {
			b.Hole(*part.Hole)
		} else {
			b.Literal(part.Literal)
		}
	}
}

// Quoted adds a text as a JSON string.
func (b *TextBuilder) Quoted(t asset.Text) {
	b.Literal(`"`)
	for _, part := range t.Parts() {
		if part.Hole != nil {
			b.Hole(*part.Hole)
			continue
		}
		quoted, _ := json.Marshal(part.Literal) // a string always has a JSON form
		b.Literal(string(quoted[1 : len(quoted)-1]))
	}
	b.Literal(`"`)
}

// Built is the text that was written.
func (b *TextBuilder) Built() asset.Text { return asset.NewText(b.marked.String(), b.holes...) }
