// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// The standard decoder has no place for unknown parts and hides duplicate
// keys, so this is a reader of its own for JSON with holes. A hole inside a
// string is a part of that string; a hole elsewhere stands for a value, or for
// any number of elements or members.

type kind uint8

const (
	aHole kind = iota
	aString
	aScalar // a number, true or false, as its text
	aNull
	anArray
	anObject
)

type node struct {
	kind    kind
	text    asset.Text // of a string, a scalar or a hole
	elems   []node
	members []member
	more    string // why an array or object may have more; "" where it has not
}

type member struct {
	key   asset.Text
	value node
}

// maxDepth is far beyond the five levels that policies have.
const maxDepth = 32

type reader struct {
	text asset.Text
	rest string
}

// readJSON reads the whole text as one value.
func readJSON(t asset.Text) (node, error) {
	r := &reader{text: t, rest: t.Marked()}
	n, err := r.value(0)
	if r.space(); err == nil && r.rest != "" {
		err = errors.New("text after the end of the document")
	}
	if err != nil {
		read := t.Marked()[:len(t.Marked())-len(r.rest)]
		return node{}, fmt.Errorf("line %d: %w", 1+strings.Count(read, "\n"), err)
	}
	return n, nil
}

func (r *reader) space() { r.rest = strings.TrimLeft(r.rest, " \t\r\n") }

// take consumes the token if it is next.
func (r *reader) take(token string) bool {
	rest, found := strings.CutPrefix(r.rest, token)
	if found {
		r.rest = rest
	}
	return found
}

// next quotes the beginning of what comes next, for messages.
func (r *reader) next() string {
	shown := []rune(shown(r.rest[:min(len(r.rest), 200)]))
	return strconv.Quote(string(shown[:min(len(shown), 20)]))
}

// quote quotes a text for messages.
func quote(t asset.Text) string { return strconv.Quote(shown(t.Marked())) }

// shown is a marked text with every unknown part as an ellipsis.
func shown(marked string) string {
	before, after, found := strings.Cut(marked, holeStart)
	if !found {
		return marked
	}
	_, after, _ = strings.Cut(after, holeEnd)
	return before + "…" + shown(after)
}

// hole consumes a hole if it is next.
func (r *reader) hole() (asset.Text, bool) {
	if !strings.HasPrefix(r.rest, holeStart) {
		return asset.Text{}, false
	}
	end := strings.Index(r.rest, holeEnd)
	if end < 0 {
		return asset.Text{}, false
	}
	mark := r.rest[:end+len(holeEnd)]
	r.rest = r.rest[len(mark):]
	return r.text.Cut(mark), true
}

// holeStart and holeEnd are the characters around every asset.HoleMark.
var (
	holeStart = string([]rune(asset.HoleMark(0))[:1])
	holeEnd   = string([]rune(asset.HoleMark(0))[2:])
)

func (r *reader) value(depth int) (node, error) {
	r.space()
	if t, ok := r.hole(); ok {
		return node{kind: aHole, text: t}, nil
	}
	switch {
	case depth > maxDepth:
		return node{}, fmt.Errorf("nested more than %d levels deep", maxDepth)
	case r.rest == "":
		return node{}, errors.New("the text ends too early")
	case r.take("{"):
		return r.object(depth + 1)
	case r.take("["):
		return r.array(depth + 1)
	case r.rest[0] == '"':
		t, err := r.string()
		return node{kind: aString, text: t}, err
	case r.take("null"):
		return node{kind: aNull}, nil
	}
	end := strings.IndexAny(r.rest, " \t\r\n,]}")
	if end < 0 {
		end = len(r.rest)
	}
	token := r.rest[:end]
	if !json.Valid([]byte(token)) {
		return node{}, fmt.Errorf("%s is not JSON", r.next())
	}
	r.rest = r.rest[end:]
	return node{kind: aScalar, text: asset.NewText(token)}, nil
}

// items reads what stands between brackets: items between commas, and holes
// with or without commas around them.
func (r *reader) items(end string, item func() error) (more string, err error) {
	for comma, first := false, true; ; first = false {
		r.space()
		if t, ok := r.hole(); ok {
			more = t.Reason()
			r.space()
			r.take(",")
			comma = false
			continue
		}
		if r.take(end) {
			if comma && more == "" {
				return "", fmt.Errorf("a comma before %s", end)
			}
			return more, nil
		}
		if !first && !comma && more == "" {
			return "", fmt.Errorf("%s where a comma or %s is due", r.next(), end)
		}
		if err := item(); err != nil {
			return "", err
		}
		r.space()
		comma = r.take(",")
	}
}

func (r *reader) array(depth int) (node, error) {
	n := node{kind: anArray}
	more, err := r.items("]", func() error {
		e, err := r.value(depth)
		n.elems = append(n.elems, e)
		return err
	})
	n.more = more
	return n, err
}

func (r *reader) object(depth int) (node, error) {
	n := node{kind: anObject}
	more, err := r.items("}", func() error {
		key, err := r.string()
		if err != nil {
			return err
		}
		if r.space(); !r.take(":") {
			return fmt.Errorf("no colon after the key %s", quote(key))
		}
		v, err := r.value(depth)
		if err != nil {
			return err
		}
		if key.IsKnown() {
			for _, m := range n.members {
				if m.key.Marked() == key.Marked() {
					return fmt.Errorf("the key %s stands there twice", quote(key))
				}
			}
		}
		n.members = append(n.members, member{key, v})
		return nil
	})
	n.more = more
	return n, err
}

func (r *reader) string() (asset.Text, error) {
	if !strings.HasPrefix(r.rest, `"`) {
		return asset.Text{}, fmt.Errorf("%s where a string is due", r.next())
	}
	end, escaped := 1, false
	for ; ; end++ {
		if end >= len(r.rest) {
			return asset.Text{}, errors.New("a string without an end")
		}
		c := r.rest[end]
		if c == '"' {
			break
		}
		if c == '\\' {
			escaped = true
			end++
		}
		if c < ' ' {
			return asset.Text{}, errors.New("a control character in a string")
		}
	}
	quoted := r.rest[:end+1]
	s := quoted[1:end]
	if escaped {
		holes := strings.Count(s, holeStart)
		if err := json.Unmarshal([]byte(quoted), &s); err != nil {
			return asset.Text{}, fmt.Errorf("a bad escape in the string %s", r.next())
		}
		if strings.Count(s, holeStart) != holes {
			return asset.Text{}, errors.New("a string with a character that no policy has: U+FDD0")
		}
	}
	r.rest = r.rest[end+1:]
	return r.text.Cut(s), nil
}
