// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package asset

import (
	"fmt"
	"reflect"
	"slices"
	"sync"
)

// Field is what [Value], [List], [Map] and [Ref] have in common, for code that
// treats all settings alike. Pointers to them implement it.
type Field interface {
	// Source is where the field was read; never nil.
	Source() *Source
	// SetMissing makes the field unknown.
	SetMissing(why *Source)
	// untouched reports whether nobody has set the field yet.
	untouched() bool
}

// Scalar is the [Field] that a *[Value] is.
type Scalar interface {
	Field
	// Any returns the value as its Go type, and whether it is known.
	Any() (any, bool)
	// Inner returns a pointer to the value itself: a struct's fields are values
	// again.
	Inner() any
}

// Sequence is the [Field] that a *[List] is.
type Sequence interface {
	Field
	Len() int
	// At returns a pointer to the element: to a Value, a Ref or a struct.
	At(i int) any
	// Open is the reason why there may be more elements; nil if all are here.
	Open() *Source
}

// Mapping is the [Field] that a *[Map] is.
type Mapping interface {
	Field
	// Keys returns the known keys, sorted.
	Keys() []string
	Lookup(key string) (Scalar, bool)
	// Open is the reason why there may be more keys; nil if all are here.
	Open() *Source
}

// Any implements [Scalar].
func (v *Value[T]) Any() (any, bool) { return v.v, v.IsKnown() }

// Inner implements [Scalar].
func (v *Value[T]) Inner() any { return &v.v }

// SetMissing implements [Field].
func (v *Value[T]) SetMissing(why *Source) { *v = Missing[T](why) }

func (v *Value[T]) untouched() bool { return v.from == nil }

// Len implements [Sequence].
func (l *List[T]) Len() int { return len(l.elems) }

// At implements [Sequence].
func (l *List[T]) At(i int) any { return &l.elems[i] }

// Open implements [Sequence].
func (l *List[T]) Open() *Source { return l.open() }

// SetMissing implements [Field].
func (l *List[T]) SetMissing(why *Source) { *l = MissingList[T](why) }

func (l *List[T]) untouched() bool { return l.from == nil }

// Keys implements [Mapping].
func (m *Map[T]) Keys() []string {
	keys := make([]string, 0, len(m.entries))
	for k := range m.entries {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Lookup implements [Mapping].
func (m *Map[T]) Lookup(key string) (Scalar, bool) {
	v, ok := m.entries[key]
	return &v, ok
}

// Open implements [Mapping].
func (m *Map[T]) Open() *Source { return m.open() }

// SetMissing implements [Field].
func (m *Map[T]) SetMissing(why *Source) { *m = MissingMap[T](why) }

func (m *Map[T]) untouched() bool { return m.from == nil }

var (
	_ Scalar   = (*Value[string])(nil)
	_ Sequence = (*List[Value[string]])(nil)
	_ Mapping  = (*Map[string])(nil)
	_ Field    = (*Ref)(nil)
)

// Walk visits the fields of a config struct (given as a pointer), depth first
// and in order of declaration, with the path that expressions use:
// "ingress[0].cidr". Elements of lists follow their list. Relations are visited
// but not followed.
func Walk(config any, visit func(path string, f Field)) {
	walk(reflect.ValueOf(config), "", visit)
}

func walk(ptr reflect.Value, path string, visit func(string, Field)) {
	f, isField := reflect.TypeAssert[Field](ptr)
	if !isField {
		for _, member := range members(ptr.Type().Elem()) {
			walk(ptr.Elem().Field(member.index).Addr(), join(path, member.Name), visit)
		}
		return
	}
	visit(path, f)
	switch f := f.(type) {
	case Scalar:
		// A value that holds a struct has fields of its own.
		inner := reflect.ValueOf(f.Inner())
		if t := inner.Type().Elem(); t.Kind() == reflect.Struct && len(members(t)) > 0 && f.Source().State() != Unread {
			walk(inner, path, visit)
		}
	case Sequence:
		for i := range f.Len() {
			walk(reflect.ValueOf(f.At(i)), fmt.Sprintf("%s[%d]", path, i), visit)
		}
	}
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// Member describes one field of a config struct, from its tags:
//
//	plumb:"name"       the name in expressions and inventories; required
//	target:"type"      the asset type that a relation points to
//	reverse:"type.field" the relation is the inverse of that field, filled by the graph
//	code:"reason"      why code never says it
//	live:"reason"      why no API says it
type Member struct {
	Name    string
	Target  string
	Reverse string
	Code    string
	Live    string
	Type    reflect.Type
	index   int
}

// Index is the position of the member in its struct.
func (m Member) Index() int { return m.index }

var memberCache sync.Map // reflect.Type -> []Member

// Members lists the fields of a config struct type that have a plumb tag, in
// order of declaration.
func Members(t reflect.Type) []Member { return members(t) }

// MembersOf is [Members] of the struct that a config points to.
func MembersOf(config any) []Member { return members(reflect.TypeOf(config).Elem()) }

func members(t reflect.Type) []Member {
	if cached, ok := memberCache.Load(t); ok {
		return cached.([]Member)
	}
	var ms []Member
	for i := range t.NumField() {
		f := t.Field(i)
		name, ok := f.Tag.Lookup("plumb")
		if !ok {
			continue
		}
		ms = append(ms, Member{
			Name: name, Target: f.Tag.Get("target"), Reverse: f.Tag.Get("reverse"),
			Code: f.Tag.Get("code"), Live: f.Tag.Get("live"), Type: f.Type, index: i,
		})
	}
	memberCache.Store(t, ms)
	return ms
}

// Complete gives every field of config that nobody has set the reason that its
// code or live tag declares for the origin. Fields without such a tag, and
// reverse relations, are left as they are.
func Complete(config any, origin Origin) {
	complete(reflect.ValueOf(config), origin)
}

func complete(ptr reflect.Value, origin Origin) {
	for _, m := range members(ptr.Type().Elem()) {
		field := ptr.Elem().Field(m.index).Addr()
		f, isField := reflect.TypeAssert[Field](field)
		if !isField {
			complete(field, origin)
			continue
		}
		reason := m.Code
		if origin == Live {
			reason = m.Live
		}
		if reason != "" && f.untouched() {
			f.SetMissing(&Source{reason: reason, beyond: true})
		}
		if seq, ok := f.(Sequence); ok {
			for i := range seq.Len() {
				if elem := reflect.ValueOf(seq.At(i)); !isFieldType(elem.Type()) {
					complete(elem, origin)
				}
			}
		}
	}
}

var fieldType = reflect.TypeFor[Field]()

func isFieldType(t reflect.Type) bool { return t.Implements(fieldType) }

// Unset lists the paths of the fields of config that nobody has set and that no
// reverse relation fills: what a room forgot.
func Unset(config any) []string {
	reverse := map[string]bool{}
	for _, m := range members(reflect.TypeOf(config).Elem()) {
		if m.Reverse != "" {
			reverse[m.Name] = true
		}
	}
	var paths []string
	Walk(config, func(path string, f Field) {
		if f.untouched() && !reverse[path] {
			paths = append(paths, path)
		}
	})
	return paths
}
