// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package asset

// Ref is a relation: a pointer from one asset to another by key. The graph
// resolves all refs once, after all sources have been read. The zero Ref is
// unknown with the reason "not read".
type Ref struct {
	key    string
	from   *Source
	target *Asset
	why    *Source // why there is no target; nil before resolution
}

// RefTo refers to the asset that has the key among its ID and Keys: an ARN, a
// cloud id or a name for live assets, ROOT//ADDRESS or a literal name for code.
func RefTo(key string, at *Source) Ref { return Ref{key: key, from: at.read()} }

// NoRef refers to nothing: the source says that there is no such relation.
func NoRef(at *Source) Ref { return Ref{from: at.asDefault()} }

// UnknownRef is a relation whose other end could not be read.
func UnknownRef(reason string, at *Source) Ref { return Ref{from: at.Missing(reason)} }

// RefOf refers to the asset that the value names; to nothing where it is "".
func RefOf(key Value[string]) Ref {
	k, known := key.Get()
	switch {
	case !known:
		return Ref{from: key.from}
	case k == "":
		return NoRef(key.from)
	}
	return Ref{key: k, from: key.from}
}

// Key is what the ref names; "" for one that refers to nothing or is unknown.
func (r Ref) Key() string { return r.key }

// Source is where the relation was read; never nil.
func (r Ref) Source() *Source { return orNotRead(r.from) }

// IsNone reports whether the source says that there is no such relation.
func (r Ref) IsNone() bool { return r.key == "" && r.from.State() != Unread }

// Target is the asset at the other end; nil where it is not known, with the
// reason.
func (r Ref) Target() (*Asset, *Source) {
	switch {
	case r.target != nil:
		return r.target, nil
	case r.from.State() == Unread:
		return nil, orNotRead(r.from)
	case r.why != nil:
		return nil, r.why
	case r.key == "":
		return nil, r.from.Missing("refers to nothing")
	}
	return nil, r.from.Missing("not read: " + r.key)
}

// SetTarget records the asset at the other end. Only the graph calls it, before
// the assets are shared.
func (r *Ref) SetTarget(a *Asset) { r.target, r.why = a, nil }

// SetUnresolved records why the other end is not known. Only the graph calls
// it, before the assets are shared.
func (r *Ref) SetUnresolved(why *Source) { r.target, r.why = nil, why }

// SetMissing implements [Field].
func (r *Ref) SetMissing(why *Source) { *r = Ref{from: why} }

func (r *Ref) untouched() bool { return r.from == nil }
