// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package asset

import "slices"

// Value is a setting that is known or unknown. The zero Value is unknown with
// the reason "not read". T is a string, bool, int64, float64, time.Time, or a
// struct whose fields are again values.
type Value[T any] struct {
	v    T
	from *Source
}

// Known is a value that the source states. It panics unless at was made by
// [InCode] or [FromAPI]: a known value without a place would be a guess.
func Known[T any](v T, at *Source) Value[T] { return Value[T]{v, at.read()} }

// Default is the value that the provider uses where the source is silent.
// at is where the silence was seen (the block, the operation), or nil.
func Default[T any](v T, at *Source) Value[T] { return Value[T]{v, at.asDefault()} }

// Unknown is a value that could not be read, with the reason, such as
// "AccessDenied on s3:GetBucketPolicy" or "var.kms_key_id has no value".
// at is where it would have been read, or nil.
func Unknown[T any](reason string, at *Source) Value[T] { return Missing[T](at.Missing(reason)) }

// At is read() where the source was read, and unknown where the source says that
// it could not be: what a collector makes of the answer to one call.
func At[T any](src *Source, read func() T) Value[T] {
	if src.State() == Unread {
		return Value[T]{from: src}
	}
	return Value[T]{read(), src}
}

// Missing is [Unknown] over a source that several values share.
func Missing[T any](why *Source) Value[T] {
	if why.State() != Unread {
		panic("asset: a missing value needs a source made by Source.Missing")
	}
	return Value[T]{from: why}
}

// Get returns the value and whether it is known; the zero T where it is not.
func (v Value[T]) Get() (T, bool) { return v.v, v.from.State() != Unread }

// Or returns the value, or other where it is unknown. It is for display and
// for names; a room that decides with it would be guessing.
func (v Value[T]) Or(other T) T {
	if v.from.State() == Unread {
		return other
	}
	return v.v
}

// IsKnown reports whether the value was read or defaulted.
func (v Value[T]) IsKnown() bool { return v.from.State() != Unread }

// Source is where the value was read; never nil.
func (v Value[T]) Source() *Source { return orNotRead(v.from) }

// Reason says why the value is unknown; "" where it is known.
func (v Value[T]) Reason() string { return v.from.Reason() }

// Convert returns f(v) at the same source, or the same unknown.
func Convert[T, U any](v Value[T], f func(T) U) Value[U] {
	if !v.IsKnown() {
		return Value[U]{from: v.from}
	}
	return Value[U]{f(v.v), v.from}
}

// Then returns f(v), which may itself be unknown, or v's own unknown.
func Then[T, U any](v Value[T], f func(T, *Source) Value[U]) Value[U] {
	if !v.IsKnown() {
		return Value[U]{from: v.from}
	}
	return f(v.v, v.from)
}

func orNotRead(s *Source) *Source {
	if s == nil {
		return notRead
	}
	return s
}

// List is the elements that are known plus, where not all could be read, the
// reason why there may be more. T is a [Value], a [Ref], or a struct of values.
// The zero List is unknown with the reason "not read".
type List[T any] struct {
	elems []T
	from  *Source
	more  *Source // why there may be further elements; nil when all are here
}

// ListOf is a list read completely. The list takes over elems.
func ListOf[T any](elems []T, at *Source) List[T] { return List[T]{elems: elems, from: at.read()} }

// DefaultList is the list that the provider uses where the source is silent.
func DefaultList[T any](elems []T, at *Source) List[T] {
	return List[T]{elems: elems, from: at.asDefault()}
}

// OpenList is a list of which only elems are known, and the reason why there
// may be more.
func OpenList[T any](elems []T, reason string, at *Source) List[T] {
	return List[T]{elems: elems, from: orNotRead(at), more: at.Missing(reason)}
}

// UnknownList is a list of which nothing is known.
func UnknownList[T any](reason string, at *Source) List[T] { return MissingList[T](at.Missing(reason)) }

// MissingList is [UnknownList] over a source that several values share.
func MissingList[T any](why *Source) List[T] {
	if why.State() != Unread {
		panic("asset: a missing list needs a source made by Source.Missing")
	}
	return List[T]{from: why, more: orNotRead(why)}
}

// ListAt is read() where the source was read, and unknown where the source says
// that it could not be.
func ListAt[T any](src *Source, read func() []T) List[T] {
	if src.State() == Unread {
		return MissingList[T](src)
	}
	return List[T]{elems: read(), from: src}
}

// Elems returns the known elements. The caller must not change them.
func (l List[T]) Elems() []T { return l.elems }

// More returns the reason why there may be further elements, and whether
// there may be. A complete list answers "", false.
func (l List[T]) More() (reason string, open bool) {
	if s := l.open(); s != nil {
		return s.reason, true
	}
	return "", false
}

// IsComplete reports whether Elems is all there is.
func (l List[T]) IsComplete() bool { return l.open() == nil }

// Source is where the list was read; never nil.
func (l List[T]) Source() *Source { return orNotRead(l.from) }

func (l List[T]) open() *Source {
	if l.more == nil && l.from == nil {
		return notRead
	}
	return l.more
}

// Append returns the list with further elements; it stays open if it was.
func (l List[T]) Append(elems ...T) List[T] {
	l.elems = append(slices.Clip(l.elems), elems...)
	return l
}

// Map is a map from known keys to values that may be unknown, plus, where not
// all keys could be read, the reason why there may be more. The zero Map is
// unknown with the reason "not read".
type Map[T any] struct {
	entries map[string]Value[T]
	from    *Source
	more    *Source
}

// MapOf is a map read completely. The map takes over entries.
func MapOf[T any](entries map[string]Value[T], at *Source) Map[T] {
	return Map[T]{entries: entries, from: at.read()}
}

// DefaultMap is the map that the provider uses where the source is silent.
func DefaultMap[T any](entries map[string]Value[T], at *Source) Map[T] {
	return Map[T]{entries: entries, from: at.asDefault()}
}

// OpenMap is a map of which only entries are known, and the reason why there
// may be more.
func OpenMap[T any](entries map[string]Value[T], reason string, at *Source) Map[T] {
	return Map[T]{entries: entries, from: orNotRead(at), more: at.Missing(reason)}
}

// UnknownMap is a map of which nothing is known.
func UnknownMap[T any](reason string, at *Source) Map[T] { return MissingMap[T](at.Missing(reason)) }

// MissingMap is [UnknownMap] over a source that several values share.
func MissingMap[T any](why *Source) Map[T] {
	if why.State() != Unread {
		panic("asset: a missing map needs a source made by Source.Missing")
	}
	return Map[T]{from: why, more: orNotRead(why)}
}

// MapAt is read() where the source was read, and unknown where the source says
// that it could not be.
func MapAt[T any](src *Source, read func() map[string]Value[T]) Map[T] {
	if src.State() == Unread {
		return MissingMap[T](src)
	}
	return Map[T]{entries: read(), from: src}
}

// Strings returns the values as elements of a list, each at the same source.
func Strings(values []string, at *Source) []Value[string] {
	elems := make([]Value[string], len(values))
	for i, v := range values {
		elems[i] = Known(v, at)
	}
	return elems
}

// Entries returns the known entries. The caller must not change them.
func (m Map[T]) Entries() map[string]Value[T] { return m.entries }

// More returns the reason why there may be further entries, and whether there
// may be.
func (m Map[T]) More() (reason string, open bool) {
	if s := m.open(); s != nil {
		return s.reason, true
	}
	return "", false
}

// IsComplete reports whether Entries is all there is.
func (m Map[T]) IsComplete() bool { return m.open() == nil }

// Source is where the map was read; never nil.
func (m Map[T]) Source() *Source { return orNotRead(m.from) }

func (m Map[T]) open() *Source {
	if m.more == nil && m.from == nil {
		return notRead
	}
	return m.more
}
