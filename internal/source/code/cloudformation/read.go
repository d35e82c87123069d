// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cloudformation

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// reading is one property, on its way into an asset.
type reading struct {
	name  string
	value *value
	at    *asset.Source
}

func (b *Block) read(path string) reading {
	at := b.lookup(path)
	return reading{path, at.value, b.resource.stack.source(at.at)}
}

// Declared reports whether the property is written and is not AWS::NoValue.
func (b *Block) Declared(path string) bool {
	v := b.lookup(path).value
	return v.kind != nothing && !v.mayBeNothing()
}

// settle reads a scalar. Where it is one of several, it is known if all give the
// same.
func settle[T comparable](rd reading, v *value, def T, parse func(string) (T, error)) asset.Value[T] {
	switch v.kind {
	case nothing:
		return asset.Default(def, rd.at)
	case list, object:
		return asset.Unknown[T](rd.name+" is not a single value", rd.at)
	case unknown:
		if v.secret {
			return asset.Unknown[T](secretReason, rd.at)
		}
		var same asset.Value[T]
		for i, alt := range v.alts {
			one := settle(rd, alt, def, parse)
			got, known := one.Get()
			if before, _ := same.Get(); !known || i > 0 && got != before {
				return asset.Unknown[T](v.reason(), rd.at)
			}
			same = one
		}
		if len(v.alts) > 0 {
			return same
		}
		return asset.Unknown[T](v.reason(), rd.at)
	case scalar:
	}
	text, ok := v.literal()
	if !ok {
		return asset.Unknown[T](v.reason(), rd.at)
	}
	parsed, err := parse(text)
	if err != nil {
		return asset.Unknown[T](fmt.Sprintf("%s: %v", rd.name, err), rd.at)
	}
	return asset.Known(parsed, rd.at)
}

func first[T any](def []T) T {
	var zero T
	if len(def) > 0 {
		return def[0]
	}
	return zero
}

// String is a text. One that is absent is the default, def or "".
func (b *Block) String(path string, def ...string) asset.Value[string] {
	rd := b.read(path)
	return settle(rd, rd.value, first(def), func(s string) (string, error) { return s, nil })
}

// Bool is true or false. One that is absent is the default, def or false.
func (b *Block) Bool(path string, def ...bool) asset.Value[bool] {
	rd := b.read(path)
	return settle(rd, rd.value, first(def), func(s string) (bool, error) {
		is, ok := asBool(s)
		if !ok {
			return false, fmt.Errorf("is neither true nor false")
		}
		return is, nil
	})
}

// Int is a whole number. One that is absent is the default, def or 0.
func (b *Block) Int(path string, def ...int64) asset.Value[int64] {
	rd := b.read(path)
	return settle(rd, rd.value, first(def), func(s string) (int64, error) {
		n, err := strconv.ParseInt(strings.TrimSuffix(s, ".0"), 10, 64)
		if err != nil {
			return 0, fmt.Errorf("is not a whole number")
		}
		return n, nil
	})
}

// members are the elements of a list, and why there may be more. A scalar stands
// for a list of one.
func (rd reading) members() (elems []*value, more string) {
	switch v := rd.value; v.kind {
	case list:
		return v.elems, v.more
	case scalar:
		return []*value{v}, ""
	case unknown:
		if elems = common(v); len(elems) == 0 && v.from.isResource() && v.string {
			return []*value{v}, "" // one thing that the deployment will tell
		}
		return elems, v.reason()
	case object:
		return nil, rd.name + " is not a list"
	case nothing:
	}
	return nil, ""
}

// listOf reads a list element by element.
func listOf[T any](rd reading, read func(*value) T) asset.List[T] {
	if rd.value.kind == nothing {
		return asset.DefaultList[T](nil, rd.at)
	}
	elems, more := rd.members()
	all := make([]T, len(elems))
	for i, e := range elems {
		all[i] = read(e)
	}
	switch {
	case more == "":
		return asset.ListOf(all, rd.at)
	case len(all) == 0:
		return asset.UnknownList[T](more, rd.at)
	}
	return asset.OpenList(all, more, rd.at)
}

// Strings is a list of texts. Unknown elements stay as unknown elements; a list
// that is unknown as a whole is unknown.
func (b *Block) Strings(path string) asset.List[asset.Value[string]] {
	rd := b.read(path)
	return listOf(rd, func(e *value) asset.Value[string] {
		return settle(rd, e, "", func(s string) (string, error) { return s, nil })
	})
}

// Texts is a list of texts that keep their shape where parts of them are
// unknown. One that is unknown as a whole is one hole.
func (b *Block) Texts(path string) asset.List[asset.Value[asset.Text]] {
	rd := b.read(path)
	return listOf(rd, func(e *value) asset.Value[asset.Text] {
		t, ok := e.asText()
		if !ok || e.secret {
			return asset.Unknown[asset.Text](cmp.Or(e.reason(), path+" has an element that is not a text"), rd.at)
		}
		return asset.Known(t, rd.at)
	})
}

// StringMap is an object of texts. Unknown values stay as unknown values; a map
// that is unknown as a whole is unknown.
func (b *Block) StringMap(path string) asset.Map[string] {
	rd := b.read(path)
	switch v := rd.value; v.kind {
	case nothing:
		return asset.DefaultMap[string](nil, rd.at)
	case object:
		entries := make(map[string]asset.Value[string], len(v.members))
		for _, m := range v.members {
			member := reading{m.key, m.value, b.resource.stack.source(m.at)}
			entries[m.key] = settle(member, m.value, "", func(s string) (string, error) { return s, nil })
		}
		if v.more != "" {
			return asset.OpenMap(entries, v.more, rd.at)
		}
		return asset.MapOf(entries, rd.at)
	case unknown:
		return asset.UnknownMap[string](v.reason(), rd.at)
	case list, scalar:
	}
	return asset.UnknownMap[string](path+" is not an object", rd.at)
}

// Text is a text that keeps its shape where parts of it are unknown: a policy
// document. An object is written as JSON. One that is absent is the empty text.
func (b *Block) Text(path string) asset.Value[asset.Text] {
	rd := b.read(path)
	switch v := rd.value; {
	case v.secret:
		return asset.Unknown[asset.Text](secretReason, rd.at)
	case v.kind == nothing:
		return asset.Default(asset.Text{}, rd.at)
	case v.kind == unknown:
		return asset.Unknown[asset.Text](v.reason(), rd.at)
	case v.kind == scalar:
		return asset.Known(v.text, rd.at)
	default:
		text := asJSON(v)
		if b.resource.stack.tire(len(text.Marked()) / 64) {
			return asset.Unknown[asset.Text](errOverwork, rd.at)
		}
		return asset.Known(text, rd.at)
	}
}

// Fragment is a property as a text: one hole where nothing of it is known, and the
// empty text where it is absent.
func (b *Block) Fragment(path string) asset.Text {
	v := b.lookup(path).value
	if v.kind == nothing {
		return asset.Text{}
	}
	if t, ok := v.asText(); ok {
		return t
	}
	return asset.NewText(asset.HoleMark(0), asset.Hole{Reason: path + " is not a single value"})
}

// Given answers whether a property has a value that is not empty. A value that
// only the deployment will tell, such as the ARN of another resource, is one.
func (b *Block) Given(path string) asset.Value[bool] {
	rd := b.read(path)
	return given(rd, rd.value)
}

func given(rd reading, v *value) asset.Value[bool] {
	switch {
	case v.kind == nothing:
		return asset.Default(false, rd.at)
	case v.kind == list || v.kind == object:
		return asset.Known(true, rd.at)
	case v.secret:
		return asset.Unknown[bool](secretReason, rd.at)
	case v.kind == unknown && (v.from.isResource() || v.later):
		return asset.Known(true, rd.at)
	case v.kind == unknown && len(v.alts) > 0:
		result, is := given(rd, v.alts[0]), false
		is, _ = result.Get()
		for _, alt := range v.alts {
			one, known := given(rd, alt).Get()
			if !known || one != is {
				return asset.Unknown[bool](v.reason(), rd.at)
			}
		}
		return result
	case v.kind == unknown:
		return asset.Unknown[bool](v.reason(), rd.at)
	}
	for _, part := range v.text.Parts() {
		if part.Hole == nil || part.Hole.Computed != "" {
			return asset.Known(true, rd.at)
		}
	}
	if v.text.IsKnown() {
		return asset.Known(false, rd.at)
	}
	return asset.Unknown[bool](v.text.Reason(), rd.at)
}

// Origin says which attribute of which resource supplies exactly the value of the
// property.
func (b *Block) Origin(path string) (address, attribute string, ok bool) {
	v := b.lookup(path).value
	return v.from.address, v.from.attribute, v.from.isResource()
}

// Ref is a relation to the resource whose attribute the value is, else to what
// the literal value names. types, if given, are those that are meant.
func (b *Block) Ref(path string, types ...string) asset.Ref {
	rd := b.read(path)
	if rd.value.kind == nothing {
		return asset.NoRef(rd.at)
	}
	return b.ref(rd, rd.value, types)
}

// Refs are the relations of a list.
func (b *Block) Refs(path string, types ...string) asset.List[asset.Ref] {
	rd := b.read(path)
	return listOf(rd, func(e *value) asset.Ref { return b.ref(rd, e, types) })
}

func (b *Block) ref(rd reading, v *value, types []string) asset.Ref {
	s := b.resource.stack
	if v.from.isResource() && s.isOne(v.from.address, types) {
		return asset.RefTo(s.id(v.from.address), rd.at)
	}
	text := settle(rd, v, "", func(s string) (string, error) { return s, nil })
	switch name, known := text.Get(); {
	case known && name == "":
		return asset.NoRef(rd.at)
	case known:
		return asset.RefTo(name, rd.at)
	}
	return asset.UnknownRef(text.Reason(), rd.at)
}

// isOne reports whether the resource at the address is of one of the types.
func (s *Stack) isOne(address string, types []string) bool {
	if len(types) == 0 {
		return true
	}
	for _, typ := range types {
		for _, r := range s.byType[typ] {
			if r.Address == address {
				return true
			}
		}
	}
	return false
}

// Names is a list of texts in which a reference to a resource of the stack, that
// has no ARN or id yet, is the resource's address.
func (b *Block) Names(path string) asset.List[asset.Value[string]] {
	rd := b.read(path)
	return listOf(rd, func(e *value) asset.Value[string] {
		if e.kind == unknown && e.from.isResource() {
			return asset.Known(e.from.address, rd.at)
		}
		return settle(rd, e, "", func(s string) (string, error) { return s, nil })
	})
}
