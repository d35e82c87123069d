// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package compose

import (
	"maps"
	"regexp"
	"strings"

	"github.com/compose-spec/compose-go/v2/dotenv"
	"github.com/compose-spec/compose-go/v2/template"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// variables are what texts are interpolated with, and the unknown parts that this
// leaves.
type variables struct {
	values map[string]string
	holes  *holes
}

// holes are the unknown parts of one project.
type holes struct {
	list []asset.Hole
	of   map[string]int // by reason
}

func (h *holes) mark(reason string) string {
	i, known := h.of[reason]
	if !known {
		i = len(h.list)
		h.list = append(h.list, asset.Hole{Reason: reason})
		h.of[reason] = i
	}
	return asset.HoleMark(i)
}

func (h *holes) text(marked string) asset.Text { return asset.NewText(marked, h.list...) }

// assignment finds the variables that a .env file sets.
var assignment = regexp.MustCompile(`(?m)^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*[=:]`)

// with returns the variables with those of a .env file, which do not replace
// what is set already.
func (v variables) with(src []byte) (variables, error) {
	text := string(src)
	own := map[string]bool{}
	for _, m := range assignment.FindAllStringSubmatch(text, -1) {
		own[m[1]] = true
	}
	lookup := func(name string) (string, bool) {
		value, ok := v.values[name]
		if !ok && !own[name] && (isPlain(text, name) || !strings.Contains(text, "$")) {
			return v.holes.mark("variable " + name + " is not set"), true
		}
		return value, ok
	}
	read, err := dotenv.UnmarshalWithLookup(text, lookup)
	if err != nil {
		return v, err
	}
	merged := variables{values: read, holes: v.holes}
	maps.Copy(merged.values, v.values)
	return merged, nil
}

// maxText bounds a text after interpolation.
const maxText = 64 << 10

// expand interpolates a text as Compose does and returns a marked text.
func (v variables) expand(text string) (string, error) {
	if !strings.Contains(text, "$") {
		return text, nil
	}
	if len(text) > maxText || strings.Count(text, "${") > 1000 {
		return v.holes.mark("the text is too long"), nil
	}
	given := 0
	lookup := func(name string) (string, bool) {
		value, ok := v.values[name]
		if !ok && isPlain(text, name) {
			value, ok = v.holes.mark("variable "+name+" is not set"), true
		}
		if given += len(value); given > maxText {
			return v.holes.mark("the text is too long"), true
		}
		return value, ok
	}
	return template.SubstituteWithOptions(text, lookup, template.WithoutLogging)
}

// usage finds the uses of variables: $NAME, ${NAME} and ${NAME with a modifier.
var usage = regexp.MustCompile(`\$(?:\{)?([A-Za-z_][A-Za-z0-9_]*)(:?[-+])?`)

// isPlain reports whether a text uses a variable without saying what holds where
// it is not set.
func isPlain(text, name string) bool {
	text = strings.ReplaceAll(text, "$$", "")
	for _, m := range usage.FindAllStringSubmatchIndex(text, -1) {
		if text[m[2]:m[3]] != name {
			continue
		}
		braced := text[m[0]+1] == '{'
		if !braced || m[4] < 0 {
			return true
		}
	}
	return false
}
