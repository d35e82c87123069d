// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package k8s

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// Value is a part of an object, or its absence.
type Value struct {
	node *node // nil where nothing is written
	file string
	at   *asset.Source
	gap  string // why it is not known whether anything is written
}

// Get is the value that the keys lead to.
func (v Value) Get(keys ...string) Value {
	for _, key := range keys {
		v = v.get(key)
	}
	return v
}

func (v Value) get(key string) Value {
	inner := Value{file: v.file, at: v.at, gap: v.gap}
	switch {
	case v.node == nil:
	case v.node.kind != mapping:
		inner.gap = v.wrong("fields")
	default:
		if e, ok := v.node.entries[key]; ok && !e.value.isNull() {
			inner.node, inner.at = e.value, inCode(v.file, e.line)
		}
	}
	return inner
}

func inCode(file string, line int) *asset.Source {
	return asset.InCode(asset.Location{File: file, StartLine: line})
}

// wrong says that something else is written than belongs here.
func (v Value) wrong(want string) string {
	switch {
	case v.node.kind == scalar && filled.MatchString(v.node.text):
		return v.node.text + " is filled in when it is deployed"
	case v.node.kind == scalar && v.node.quoted:
		return fmt.Sprintf("%q is a text, where %s belong", brief(v.node.text), want)
	case v.node.kind == scalar:
		return fmt.Sprintf("%s is written where %s belong", brief(v.node.text), want)
	}
	return "something else is written where " + want + " belong"
}

func brief(text string) string {
	if len(text) > 60 {
		return text[:60] + "..."
	}
	return text
}

// Source is where the value is written; where it is missing, what it is missing
// in.
func (v Value) Source() *asset.Source { return v.at }

// IsSet reports whether the value is written.
func (v Value) IsSet() bool { return v.node != nil }

// Gap says why the value may be there though it is not written here; "" where it
// is written, or nothing is missing.
func (v Value) Gap() string {
	if v.IsSet() {
		return ""
	}
	return v.gap
}

// Or is the value, or another where it is missing: what a container does not say,
// its pod may.
func (v Value) Or(other Value) Value {
	if v.IsSet() || v.gap != "" || !other.IsSet() && other.gap == "" {
		return v
	}
	return other
}

// Declared is whether the value is written.
func (v Value) Declared() asset.Value[bool] {
	switch {
	case v.Gap() != "":
		return asset.Unknown[bool](v.gap, v.at)
	case v.IsSet():
		return asset.Known(true, v.at)
	}
	return asset.Default(false, v.at)
}

// filled finds what a deployment fills in: ${TAG}, $(TAG), {{ tag }}, and $TAG
// where it is all there is.
var filled = regexp.MustCompile(`\$\{[^{}]*\}|\$\([^()]*\)|\{\{.*?\}\}|^\$[A-Z_][A-Z0-9_]*$`)

// Text is a scalar as text, in which what a deployment fills in is unknown; ""
// for anything else.
func (v Value) Text() asset.Text {
	if v.node == nil || v.node.kind != scalar {
		return asset.Text{}
	}
	var holes []asset.Hole
	marked := filled.ReplaceAllStringFunc(v.node.text, func(name string) string {
		holes = append(holes, asset.Hole{Reason: name + " is filled in when it is deployed"})
		return asset.HoleMark(len(holes) - 1)
	})
	return asset.NewText(marked, holes...)
}

// String is a scalar; the default where it is missing.
func (v Value) String(missing string) asset.Value[string] {
	switch {
	case v.Gap() != "":
		return asset.Unknown[string](v.gap, v.at)
	case !v.IsSet():
		return asset.Default(missing, v.at)
	case v.node.kind != scalar:
		return asset.Unknown[string](v.wrong("letters"), v.at)
	}
	return v.Text().Value(v.at)
}

// Bool is a truth value; the default where it is missing.
func (v Value) Bool(missing bool) asset.Value[bool] {
	switch {
	case v.Gap() != "":
		return asset.Unknown[bool](v.gap, v.at)
	case !v.IsSet():
		return asset.Default(missing, v.at)
	}
	if v.node.kind == scalar && !v.node.quoted {
		switch strings.ToLower(v.node.text) { // the spellings of YAML 1.1, which Kubernetes reads
		case "true", "yes", "on", "y":
			return asset.Known(true, v.at)
		case "false", "no", "off", "n":
			return asset.Known(false, v.at)
		}
	}
	return asset.Unknown[bool](v.wrong("true and false"), v.at)
}

// Int is a whole number; the default where it is missing.
func (v Value) Int(missing int64) asset.Value[int64] {
	switch {
	case v.Gap() != "":
		return asset.Unknown[int64](v.gap, v.at)
	case !v.IsSet():
		return asset.Default(missing, v.at)
	}
	if v.node.kind == scalar && !v.node.quoted {
		if n, err := strconv.ParseInt(v.node.text, 0, 64); err == nil {
			return asset.Known(n, v.at)
		}
	}
	return asset.Unknown[int64](v.wrong("whole numbers"), v.at)
}

// Items are the elements of a list.
func (v Value) Items() []Value {
	if v.node == nil || v.node.kind != list {
		return nil
	}
	items := make([]Value, 0, len(v.node.elems))
	for _, elem := range v.node.elems {
		if !elem.isNull() {
			items = append(items, Value{node: elem, file: v.file, at: inCode(v.file, elem.line)})
		}
	}
	return items
}

// Keys are the keys of a mapping that have a value, sorted.
func (v Value) Keys() []string {
	if v.node == nil || v.node.kind != mapping {
		return nil
	}
	var keys []string
	for _, key := range v.node.keys {
		if !v.node.entries[key].value.isNull() {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

// List is a list of what decode makes of each element.
func List[T any](v Value, decode func(Value) T) asset.List[T] {
	switch {
	case v.Gap() != "":
		return asset.UnknownList[T](v.gap, v.at)
	case !v.IsSet():
		return asset.DefaultList[T](nil, v.at)
	case v.node.kind != list:
		return asset.UnknownList[T](v.wrong("lists"), v.at)
	}
	var elems []T
	for _, item := range v.Items() {
		elems = append(elems, decode(item))
	}
	return asset.ListOf(elems, v.at)
}

// Strings is a list of texts.
func (v Value) Strings() asset.List[asset.Value[string]] {
	return List(v, func(item Value) asset.Value[string] { return item.String("") })
}

// Map is a mapping from names to texts.
func (v Value) Map() asset.Map[string] {
	switch {
	case v.Gap() != "":
		return asset.UnknownMap[string](v.gap, v.at)
	case !v.IsSet():
		return asset.DefaultMap[string](nil, v.at)
	case v.node.kind != mapping:
		return asset.UnknownMap[string](v.wrong("fields"), v.at)
	}
	entries := map[string]asset.Value[string]{}
	for _, key := range v.Keys() {
		entries[key] = v.Get(key).String("")
	}
	return asset.MapOf(entries, v.at)
}
