// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"fmt"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// reading is one attribute, on its way into an asset.
type reading struct {
	name  string
	value cty.Value // without marks, and without holes
	raw   cty.Value
	at    *asset.Source
	// absent: not written, or null. why: not known.
	absent bool
	why    string
}

func (b *Block) read(name string) reading {
	rd := reading{name: name, at: b.sourceOf(name)}
	v, ok := b.attr(name)
	if !ok {
		rd.absent = true
		return rd
	}
	rd.raw = v
	if b.root.isSecret(v) {
		rd.why = secretReason
		return rd
	}
	about := b.root.inspect(v)
	if rd.value, _ = b.root.plain(v).Unmark(); !rd.value.IsKnown() {
		rd.why = about.reason()
		return rd
	}
	rd.absent = rd.value.IsNull()
	return rd
}

// to converts the value that was read, unless that is unknown.
func (rd *reading) to(b *Block, ty cty.Type) {
	if rd.absent || rd.why != "" {
		return
	}
	v, err := b.root.convert(rd.value, ty)
	if err != nil {
		rd.why = fmt.Sprintf("%s: %v", rd.name, err)
		return
	}
	rd.value = v
}

// scalar is what String, Bool and Int have in common.
func scalar[T any](b *Block, name string, ty cty.Type, def []T, get func(cty.Value) (T, error)) asset.Value[T] {
	rd := b.read(name)
	rd.to(b, ty)
	switch {
	case rd.why != "":
		return asset.Unknown[T](rd.why, rd.at)
	case rd.absent:
		var fallback T
		if len(def) > 0 {
			fallback = def[0]
		}
		return asset.Default(fallback, rd.at)
	}
	v, err := get(rd.value)
	if err != nil {
		return asset.Unknown[T](fmt.Sprintf("%s: %v", name, err), rd.at)
	}
	return asset.Known(v, rd.at)
}

// String is a string attribute. One that is absent or null is the default, def
// or "".
func (b *Block) String(name string, def ...string) asset.Value[string] {
	return scalar(b, name, cty.String, def, func(v cty.Value) (string, error) { return v.AsString(), nil })
}

// Bool is a bool attribute. One that is absent or null is the default, def or
// false.
func (b *Block) Bool(name string, def ...bool) asset.Value[bool] {
	return scalar(b, name, cty.Bool, def, func(v cty.Value) (bool, error) { return v.True(), nil })
}

// Int is a whole number. One that is absent or null is the default, def or 0.
func (b *Block) Int(name string, def ...int64) asset.Value[int64] {
	return scalar(b, name, cty.Number, def, func(v cty.Value) (int64, error) {
		n, exact := v.AsBigFloat().Int64()
		if exact != 0 {
			return 0, fmt.Errorf("is not a whole number")
		}
		return n, nil
	})
}

// Strings is a list or set of strings. Unknown elements stay as unknown
// elements; a list that is unknown as a whole is unknown.
func (b *Block) Strings(name string) asset.List[asset.Value[string]] {
	elems, why, rd := b.elements(name)
	if rd.why != "" {
		return asset.UnknownList[asset.Value[string]](rd.why, rd.at)
	}
	if rd.absent {
		return asset.DefaultList[asset.Value[string]](nil, rd.at)
	}
	list := make([]asset.Value[string], 0, len(elems))
	for _, elem := range elems {
		list = append(list, b.element(elem, rd.at))
	}
	if why != "" {
		return asset.OpenList(list, why, rd.at)
	}
	return asset.ListOf(list, rd.at)
}

// elements are the parts of a list, set or tuple, and why there may be more.
func (b *Block) elements(name string) (elems []cty.Value, why string, rd reading) {
	rd = b.read(name)
	if rd.why != "" && rd.why != secretReason {
		if elems, why, ok := b.parts(name); ok {
			rd.why = ""
			return elems, why, rd
		}
	}
	if rd.absent || rd.why != "" {
		return nil, "", rd
	}
	ty := rd.value.Type()
	if !ty.IsTupleType() && !ty.IsListType() && !ty.IsSetType() {
		rd.why = name + " is not a list"
		return nil, "", rd
	}
	_, marks := rd.raw.Unmark()
	for it := rd.value.ElementIterator(); it.Next(); {
		_, elem := it.Element()
		elems = append(elems, inherit(elem, marks))
	}
	return elems, "", rd
}

// element is one string of a list or map.
func (b *Block) element(v cty.Value, at *asset.Source) asset.Value[string] {
	about := b.root.inspect(v)
	if about.secret {
		return asset.Unknown[string](secretReason, at)
	}
	bare, _ := b.root.plain(v).Unmark()
	if !bare.IsKnown() {
		return asset.Unknown[string](about.reason(), at)
	}
	text, err := b.root.convert(bare, cty.String)
	switch {
	case err != nil:
		return asset.Unknown[string]("element is not a string", at)
	case text.IsNull():
		return asset.Unknown[string]("element is null", at)
	}
	return asset.Known(text.AsString(), at)
}

// StringMap is a map of strings. Unknown values stay as unknown values; a map
// that is unknown as a whole is unknown.
func (b *Block) StringMap(name string) asset.Map[string] {
	rd := b.read(name)
	switch {
	case rd.why != "":
		return asset.UnknownMap[string](rd.why, rd.at)
	case rd.absent:
		return asset.DefaultMap[string](nil, rd.at)
	}
	ty := rd.value.Type()
	if !ty.IsMapType() && !ty.IsObjectType() {
		return asset.UnknownMap[string](name+" is not a map", rd.at)
	}
	_, marks := rd.raw.Unmark()
	entries := map[string]asset.Value[string]{}
	why := ""
	for it := rd.value.ElementIterator(); it.Next(); {
		key, elem := it.Element()
		key, _ = key.Unmark()
		if isNull(elem) {
			continue
		}
		if asset.HasHole(key.AsString()) {
			why = b.root.inspect(key).reason()
			continue
		}
		entries[key.AsString()] = b.element(inherit(elem, marks), rd.at)
	}
	if why != "" {
		return asset.OpenMap(entries, why, rd.at)
	}
	return asset.MapOf(entries, rd.at)
}

// Text is a string that keeps its shape where parts of it are unknown: a
// policy document. One that is absent or null is the empty text.
//
// A value inside a JSON document that is unknown as a whole stands there as a
// JSON string that is one hole, whatever its type will be.
func (b *Block) Text(name string) asset.Value[asset.Text] {
	rd := reading{name: name, at: b.sourceOf(name)}
	v, ok := b.attr(name)
	if !ok || isNull(v) {
		return asset.Default(asset.Text{}, rd.at)
	}
	r := b.root
	if about := r.inspect(v); about.secret {
		return asset.Unknown[asset.Text](secretReason, rd.at)
	} else if bare, _ := v.Unmark(); !bare.IsKnown() {
		return asset.Unknown[asset.Text](about.reason(), rd.at)
	}
	bare, _ := v.Unmark()
	text, err := r.convert(bare, cty.String)
	if err != nil {
		return asset.Unknown[asset.Text](fmt.Sprintf("%s: %v", name, err), rd.at)
	}
	return asset.Known(r.compact(text.AsString()), rd.at)
}

// compact is a text with its own holes only, numbered from 0.
func (r *Root) compact(marked string) asset.Text {
	if !asset.HasHole(marked) {
		return asset.NewText(marked)
	}
	var holes []asset.Hole
	var text strings.Builder
	for _, part := range asset.NewText(marked, r.holes...).Parts() {
		if part.Hole == nil {
			text.WriteString(part.Literal)
			continue
		}
		text.WriteString(asset.HoleMark(len(holes)))
		holes = append(holes, *part.Hole)
	}
	return asset.NewText(text.String(), holes...)
}
