// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package asset

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// The JSON form of a config. A known value is the bare JSON value; anything
// else is an object of $-keys:
//
//	{"$unknown": REASON}              a value, list, map, relation or struct that was not read
//	{"$default": VALUE}               a provider's default
//	{"$list": [...], "$more": REASON} a list, or {"$map": ...} a map, that may have more
//	{"$text": TEXT, "$holes": [...]}  a [Textual]
//
// A relation is its key, "" for none. Where each field was read stands beside
// the config: an index into a list of sources by path.

// Textual is a struct that is read from a text and is written as it, such as a
// policy document.
type Textual interface {
	AsText() Value[Text]
	SetText(Value[Text])
}

// Encoded is the JSON form of a config.
type Encoded struct {
	Config  json.RawMessage  `json:"config"`
	Sources []EncodedSource  `json:"sources,omitempty"`
	Read    map[string][]int `json:"read,omitempty"` // path -> source, and for an open list or map the source of what is missing
}

// EncodedSource is the JSON form of a [Source], its state aside.
type EncodedSource struct {
	*Location
	Operation string `json:"operation,omitempty"`
}

// Encode writes a config struct, given as a pointer.
func Encode(config any) (Encoded, error) {
	e := &encoder{byPlace: map[string]int{}, out: Encoded{Read: map[string][]int{}}}
	raw, err := json.Marshal(e.any(reflect.ValueOf(config), ""))
	e.out.Config = raw
	return e.out, err
}

// Decode reads what Encode wrote into a zero config struct, given as a pointer.
// Fields that the JSON lacks stay unset; a field that the type lacks is an error.
func Decode(config any, from Encoded) error {
	d := &decoder{read: from.Read}
	for _, s := range from.Sources {
		src := Source{Operation: s.Operation, state: Read}
		if s.Location != nil {
			src.Location = *s.Location
		}
		d.sources = append(d.sources, newSource(src))
	}
	return d.any(reflect.ValueOf(config), "", from.Config)
}

type object = map[string]any

type encoder struct {
	out     Encoded
	byPlace map[string]int
}

// place notes where the field at a path was read.
func (e *encoder) place(path string, sources ...*Source) {
	var at []int
	for _, s := range sources {
		if s == nil || (s.Location.IsZero() && s.Operation == "") {
			at = append(at, -1)
			continue
		}
		key := s.Location.String() + "\x00" + fmt.Sprint(s.Location.EndLine) + "\x00" + s.Operation
		i, ok := e.byPlace[key]
		if !ok {
			i = len(e.out.Sources)
			e.byPlace[key] = i
			src := EncodedSource{Operation: s.Operation}
			if !s.Location.IsZero() {
				at := s.Location
				src.Location = &at
			}
			e.out.Sources = append(e.out.Sources, src)
		}
		at = append(at, i)
	}
	if slices.ContainsFunc(at, func(i int) bool { return i >= 0 }) {
		e.out.Read[path] = at
	}
}

func (e *encoder) any(ptr reflect.Value, path string) any {
	switch v := ptr.Interface().(type) {
	case coded:
		return v.encode(e, path)
	case Textual:
		return e.text(v, path)
	}
	out := object{}
	for _, m := range members(ptr.Type().Elem()) {
		field := ptr.Elem().Field(m.index).Addr()
		// What nobody says is left out: a reader fills it in again.
		if f, ok := reflect.TypeAssert[Field](field); ok && (f.untouched() || m.Reverse != "" || f.Source().BeyondOrigin()) {
			continue
		}
		out[m.Name] = e.any(field, join(path, m.Name))
	}
	return out
}

func (e *encoder) text(v Textual, path string) any {
	text := v.AsText()
	e.place(path, text.Source())
	if text.Source().State() == Unread {
		return object{"$unknown": text.Reason()}
	}
	out := object{"$text": text.v.marked}
	if len(text.v.holes) > 0 {
		out["$holes"] = text.v.holes
	}
	if text.Source().State() == Defaulted {
		out["$default"] = true
	}
	return out
}

type decoder struct {
	sources []*Source
	read    map[string][]int
}

// source is where the field at a path was read: the i-th place noted for it.
func (d *decoder) source(path string, i int) *Source {
	if at := d.read[path]; i < len(at) && at[i] >= 0 && at[i] < len(d.sources) {
		return d.sources[at[i]]
	}
	return nil
}

// stated is the source of a known value; one without a place was read from the
// inventory itself.
func (d *decoder) stated(path string) *Source {
	if s := d.source(path, 0); s != nil {
		return s
	}
	return inventorySource
}

var inventorySource = newSource(Source{state: Read})

// coded is implemented by the field types: they know their own element type.
type coded interface {
	encode(e *encoder, path string) any
	decode(d *decoder, path string, raw json.RawMessage) error
}

func (d *decoder) any(ptr reflect.Value, path string, raw json.RawMessage) error {
	switch v := ptr.Interface().(type) {
	case coded:
		return v.decode(d, path, raw)
	case Textual:
		return d.text(v, path, raw)
	}
	t := ptr.Type().Elem()
	if t.Kind() != reflect.Struct || t == reflect.TypeFor[Text]() || len(members(t)) == 0 {
		return d.plain(ptr, path, raw)
	}
	marks, err := keys(raw)
	if err != nil {
		return fmt.Errorf("%s: want an object, not %s", path, raw)
	}
	if reason, ok := marks.reason("$unknown"); ok {
		missing := d.source(path, 0).Missing(reason)
		Walk(ptr.Interface(), func(_ string, f Field) { f.SetMissing(missing) })
		return nil
	}
	known := members(t)
	for name := range marks {
		if !slices.ContainsFunc(known, func(m Member) bool { return m.Name == name }) {
			return fmt.Errorf("unknown field %q", join(path, name))
		}
	}
	for _, m := range known {
		if value, ok := marks[m.Name]; ok {
			if err := d.any(ptr.Elem().Field(m.index).Addr(), join(path, m.Name), value); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *decoder) plain(ptr reflect.Value, path string, raw json.RawMessage) error {
	if err := json.Unmarshal(raw, ptr.Interface()); err != nil {
		return fmt.Errorf("%s: %s is not a %s", path, raw, ptr.Type().Elem())
	}
	return nil
}

func (d *decoder) text(v Textual, path string, raw json.RawMessage) error {
	var whole string
	if json.Unmarshal(raw, &whole) == nil {
		v.SetText(Known(NewText(whole), d.stated(path)))
		return nil
	}
	marks, err := keys(raw)
	if err != nil {
		return fmt.Errorf("%s: want a text, not %s", path, raw)
	}
	if reason, ok := marks.reason("$unknown"); ok {
		v.SetText(Missing[Text](d.source(path, 0).Missing(reason)))
		return nil
	}
	var holes []Hole
	if raw, ok := marks["$holes"]; ok {
		if err := json.Unmarshal(raw, &holes); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	if err := json.Unmarshal(marks["$text"], &whole); err != nil {
		return fmt.Errorf("%s: want a text, not %s", path, raw)
	}
	text := NewText(whole, holes...)
	if _, defaulted := marks["$default"]; defaulted {
		v.SetText(Default(text, d.source(path, 0)))
	} else {
		v.SetText(Known(text, d.stated(path)))
	}
	return nil
}

// marked are the keys of a JSON object.
type marked map[string]json.RawMessage

func keys(raw json.RawMessage) (marked, error) {
	var m marked
	err := json.Unmarshal(raw, &m)
	return m, err
}

func (m marked) reason(key string) (string, bool) {
	var reason string
	raw, ok := m[key]
	return reason, ok && json.Unmarshal(raw, &reason) == nil
}

// isObject tells a $-object from a bare value without decoding all of it.
func isObject(raw json.RawMessage) bool { return bytes.HasPrefix(bytes.TrimSpace(raw), []byte("{")) }

func (v *Value[T]) encode(e *encoder, path string) any {
	e.place(path, v.from)
	switch v.from.State() {
	case Unread:
		return object{"$unknown": v.Reason()}
	case Defaulted:
		return object{"$default": e.inner(&v.v, path)}
	case Read:
	}
	return e.inner(&v.v, path)
}

// inner is the value itself: a struct of fields, or plain.
func (e *encoder) inner(ptr any, path string) any {
	v := reflect.ValueOf(ptr)
	if t := v.Type().Elem(); t.Kind() == reflect.Struct && len(members(t)) > 0 {
		return e.any(v, path)
	}
	return v.Elem().Interface()
}

func (v *Value[T]) decode(d *decoder, path string, raw json.RawMessage) error {
	v.from = d.stated(path)
	if isObject(raw) {
		marks, err := keys(raw)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if reason, ok := marks.reason("$unknown"); ok {
			v.from = d.source(path, 0).Missing(reason)
			return nil
		}
		if value, ok := marks["$default"]; ok {
			v.from, raw = d.source(path, 0).asDefault(), value
		}
	}
	return d.any(reflect.ValueOf(&v.v), path, raw)
}

func (l *List[T]) encode(e *encoder, path string) any {
	e.place(path, l.from, l.more)
	if l.from.State() == Unread && len(l.elems) == 0 {
		return object{"$unknown": l.open().Reason()}
	}
	elems := make([]any, len(l.elems))
	for i := range l.elems {
		elems[i] = e.any(reflect.ValueOf(&l.elems[i]), fmt.Sprintf("%s[%d]", path, i))
	}
	switch {
	case l.more != nil:
		return object{"$list": elems, "$more": l.more.reason}
	case l.from.State() == Defaulted:
		return object{"$default": elems}
	}
	return elems
}

func (l *List[T]) decode(d *decoder, path string, raw json.RawMessage) error {
	l.from = d.stated(path)
	if isObject(raw) {
		marks, err := keys(raw)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if reason, ok := marks.reason("$unknown"); ok {
			*l = MissingList[T](d.source(path, 0).Missing(reason))
			return nil
		}
		if reason, ok := marks.reason("$more"); ok {
			l.more, raw = d.source(path, 1).Missing(reason), marks["$list"]
		} else if value, ok := marks["$default"]; ok {
			l.from, raw = d.source(path, 0).asDefault(), value
		}
	}
	var elems []json.RawMessage
	if err := json.Unmarshal(raw, &elems); err != nil {
		return fmt.Errorf("%s: want a list, not %s", path, raw)
	}
	l.elems = make([]T, len(elems))
	for i := range elems {
		if err := d.any(reflect.ValueOf(&l.elems[i]), fmt.Sprintf("%s[%d]", path, i), elems[i]); err != nil {
			return err
		}
	}
	return nil
}

func (m *Map[T]) encode(e *encoder, path string) any {
	e.place(path, m.from, m.more)
	if m.from.State() == Unread && len(m.entries) == 0 {
		return object{"$unknown": m.open().Reason()}
	}
	entries, wrap := object{}, m.more != nil
	for _, k := range m.Keys() {
		v := m.entries[k]
		entries[k] = v.encode(e, join(path, k))
		wrap = wrap || strings.HasPrefix(k, "$")
	}
	switch {
	case m.from.State() == Defaulted:
		return object{"$default": entries}
	case m.more != nil:
		return object{"$map": entries, "$more": m.more.reason}
	case wrap:
		return object{"$map": entries}
	}
	return entries
}

func (m *Map[T]) decode(d *decoder, path string, raw json.RawMessage) error {
	m.from = d.stated(path)
	marks, err := keys(raw)
	if err != nil {
		return fmt.Errorf("%s: want a map, not %s", path, raw)
	}
	if reason, ok := marks.reason("$unknown"); ok {
		*m = MissingMap[T](d.source(path, 0).Missing(reason))
		return nil
	}
	if reason, ok := marks.reason("$more"); ok {
		m.more = d.source(path, 1).Missing(reason)
	}
	if value, ok := marks["$default"]; ok {
		m.from = d.source(path, 0).asDefault()
		marks, err = keys(value)
	} else if value, ok := marks["$map"]; ok {
		marks, err = keys(value)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	m.entries = make(map[string]Value[T], len(marks))
	for k, raw := range marks {
		var v Value[T]
		if err := v.decode(d, join(path, k), raw); err != nil {
			return err
		}
		m.entries[k] = v
	}
	return nil
}

func (r *Ref) encode(e *encoder, path string) any {
	e.place(path, r.from)
	if r.from.State() == Unread {
		return object{"$unknown": r.from.Reason()}
	}
	return r.key
}

func (r *Ref) decode(d *decoder, path string, raw json.RawMessage) error {
	if isObject(raw) {
		marks, err := keys(raw)
		if reason, ok := marks.reason("$unknown"); ok {
			r.from = d.source(path, 0).Missing(reason)
			return nil
		}
		return fmt.Errorf("%s: want a key or $unknown, not %s (%w)", path, raw, err)
	}
	if err := json.Unmarshal(raw, &r.key); err != nil {
		return fmt.Errorf("%s: want a key, not %s", path, raw)
	}
	if r.from = d.stated(path); r.key == "" {
		r.from = d.source(path, 0).asDefault()
	}
	return nil
}
