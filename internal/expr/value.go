// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"fmt"
	"reflect"
	"strconv"
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// path is where a value stands below the asset: "asset.ingress[1].cidr". It is
// written out only when somebody wants to read it.
type path struct {
	parent *path
	name   string
	index  int // element of the parent when name is ""
}

func (p *path) field(name string) *path { return &path{parent: p, name: name} }
func (p *path) elem(i int) *path        { return &path{parent: p, index: i} }

// String is the path as an expression would write it.
func (p *path) String() string {
	switch {
	case p.parent == nil:
		return p.name
	case p.name == "":
		return p.parent.String() + "[" + strconv.Itoa(p.index) + "]"
	}
	return p.parent.String() + "." + p.name
}

// frame is the state of one evaluation: what it may look at, and the reasons of
// the unknowns that it met.
type frame struct {
	schemas *schemas
	subject *asset.Asset
	now     time.Time
	facts   Facts
	gaps    []gap
	// tracing keeps the last element of each list that a macro looked at.
	tracing bool
	last    map[string]int
}

// gap is one unknown that an evaluation met. An unknown of CEL carries its
// index (from 1) as id, negative where it stands for elements that a list may
// have beyond those known.
type gap struct {
	at   *path
	name string
	src  *asset.Source
}

func (g gap) path() string {
	if g.name == "" {
		return g.at.String()
	}
	return g.at.String() + "." + g.name
}

func (f *frame) unknown(at *path, name string, src *asset.Source) ref.Val {
	f.gaps = append(f.gaps, gap{at, name, src})
	return types.NewUnknown(int64(len(f.gaps)), nil)
}

// beyond is the unknown that stands for elements a list may have beyond those
// that are known.
func (f *frame) beyond(at *path, src *asset.Source) ref.Val {
	f.gaps = append(f.gaps, gap{at, "", src})
	return types.NewUnknown(-int64(len(f.gaps)), nil)
}

func isBeyond(v ref.Val) bool {
	u, ok := v.(*types.Unknown)
	if !ok {
		return false
	}
	ids := u.IDs()
	return len(ids) == 1 && ids[0] < 0
}

func (f *frame) gap(id int64) gap { return f.gaps[max(id, -id)-1] }

func (f *frame) fact(typ string) *asset.Asset {
	if f.facts == nil {
		return nil
	}
	return f.facts(f.subject, typ)
}

func (f *frame) asset(a *asset.Asset, at *path) ref.Val {
	return &object{frame: f, path: at, schema: f.schemas.byName[a.Type], asset: a, v: reflect.ValueOf(a.Config).Elem()}
}

func (f *frame) follow(r *asset.Ref, at *path) ref.Val {
	target, why := r.Target()
	if target == nil {
		return f.unknown(at, "", why)
	}
	return f.asset(target, at)
}

func (f *frame) scalar(s asset.Scalar, at *path, name string) ref.Val {
	// The frequent types first: these do not box.
	switch v := s.(type) {
	case *asset.Value[string]:
		if x, ok := v.Get(); ok {
			return types.String(x)
		}
		return f.unknown(at, name, v.Source())
	case *asset.Value[bool]:
		if x, ok := v.Get(); ok {
			return types.Bool(x)
		}
		return f.unknown(at, name, v.Source())
	case *asset.Value[int64]:
		if x, ok := v.Get(); ok {
			return types.Int(x)
		}
		return f.unknown(at, name, v.Source())
	}
	x, ok := s.Any()
	if !ok {
		return f.unknown(at, name, s.Source())
	}
	switch x := x.(type) {
	case float64:
		return types.Double(x)
	case time.Time:
		return types.Timestamp{Time: x}
	}
	// A value that holds a struct: its fields are values again.
	inner := reflect.ValueOf(s.Inner()).Elem()
	if sc, ok := f.schemas.byType[inner.Type()]; ok {
		if name != "" {
			at = at.field(name)
		}
		return &object{frame: f, path: at, schema: sc, v: inner}
	}
	return types.NewErr("%s has the type %T, which expressions cannot read", at, x)
}

func (f *frame) list(s asset.Sequence, at *path) ref.Val {
	if s.Len() == 0 && s.Source().State() == asset.Unread && s.Open() != nil {
		return f.unknown(at, "", s.Source())
	}
	return &list{frame: f, path: at, seq: s}
}

func (f *frame) mapping(m asset.Mapping, at *path) ref.Val {
	if m.Source().State() == asset.Unread && len(m.Keys()) == 0 {
		return f.unknown(at, "", m.Source())
	}
	return &mapping{frame: f, path: at, m: m}
}

// object is a struct of values, as CEL sees it.
type object struct {
	opaque
	frame  *frame
	path   *path
	schema *schema
	asset  *asset.Asset // set for whole assets
	v      reflect.Value
}

func (o *object) at(i int) any { return o.v.Field(i).Addr().Interface() }

// pointer is the Go struct itself, for functions that are written in Go.
func (o *object) pointer() any { return o.v.Addr().Interface() }

// Equal is never asked: the checker refuses to compare objects.
func (o *object) Equal(ref.Val) ref.Val { return types.NewErr("objects cannot be compared") }
func (o *object) Type() ref.Type        { return o.schema.cel }
func (o *object) Value() any            { return o }

// opaque are the conversions that no value of ours offers.
type opaque struct{}

func (opaque) ConvertToNative(t reflect.Type) (any, error) {
	return nil, fmt.Errorf("no conversion to %s", t)
}

func (opaque) ConvertToType(t ref.Type) ref.Val {
	return types.NewErr("no conversion to %s", t.TypeName())
}

// list is a list that may be known in part. It is deliberately not CEL's
// Lister: CEL's own algorithms over a Lister lose unknowns.
type list struct {
	opaque
	frame *frame
	path  *path
	seq   asset.Sequence
}

var (
	_ traits.Container = (*list)(nil)
	_ traits.Indexer   = (*list)(nil)
	_ traits.Iterable  = (*list)(nil)
	_ traits.Sizer     = (*list)(nil)
)

func (l *list) elem(i int) ref.Val {
	switch e := l.seq.At(i).(type) {
	case asset.Scalar:
		return l.frame.scalar(e, l.path.elem(i), "")
	case *asset.Ref:
		return l.frame.follow(e, l.path.elem(i))
	default:
		v := reflect.ValueOf(e).Elem()
		return &object{frame: l.frame, path: l.path.elem(i), schema: l.frame.schemas.byType[v.Type()], v: v}
	}
}

// Contains is true if a known element equals v, and false only if the list is
// complete and every element is known to differ.
func (l *list) Contains(v ref.Val) ref.Val {
	var missing *types.Unknown
	for i := range l.seq.Len() {
		e := l.elem(i)
		if u, ok := e.(*types.Unknown); ok {
			missing = types.MergeUnknowns(missing, u)
			continue
		}
		if e.Equal(v) == types.True {
			return types.True
		}
	}
	if why := l.seq.Open(); why != nil {
		missing = types.MergeUnknowns(missing, l.frame.beyond(l.path, why).(*types.Unknown))
	}
	if missing != nil {
		return missing
	}
	return types.False
}

// Get is the element at an index; unknown past the end of an open list.
func (l *list) Get(index ref.Val) ref.Val {
	i, ok := index.(types.Int)
	if !ok {
		return types.NewErr("a list is indexed by a number, not by %s", index.Type().TypeName())
	}
	if i >= 0 && int(i) < l.seq.Len() {
		return l.elem(int(i))
	}
	if why := l.seq.Open(); why != nil && i >= 0 {
		return l.frame.unknown(l.path.elem(int(i)), "", why)
	}
	return types.NewErr("%s has no element %d", l.path, i)
}

// Size is unknown for an open list.
func (l *list) Size() ref.Val {
	if why := l.seq.Open(); why != nil {
		return l.frame.unknown(l.path, "", why)
	}
	return types.Int(l.seq.Len())
}

// Iterator yields the known elements, then, for an open list, one unknown that
// stands for all that may follow.
func (l *list) Iterator() traits.Iterator { return &iterator{list: l} }

// Equal is never asked: the checker refuses to compare lists.
func (l *list) Equal(ref.Val) ref.Val { return types.NewErr("lists cannot be compared") }
func (l *list) Type() ref.Type        { return types.ListType }
func (l *list) Value() any            { return l }

type iterator struct {
	opaque
	list *list
	next int
	done bool // the unknown at the end of an open list has been given out
}

// HasNext is asked before each element and after the last: the elements given
// out until then have been looked at to the end. A macro that stops has asked
// for one more, which did not decide.
func (it *iterator) HasNext() ref.Val {
	if it.list.frame.tracing && it.next > 0 && !it.done {
		it.list.frame.last[it.list.path.String()] = it.next - 1
	}
	more := it.next < it.list.seq.Len() || (!it.done && it.list.seq.Open() != nil)
	return types.Bool(more)
}

func (it *iterator) Next() ref.Val {
	if it.next < it.list.seq.Len() {
		it.next++
		return it.list.elem(it.next - 1)
	}
	it.done = true
	return it.list.frame.beyond(it.list.path, it.list.seq.Open())
}

func (it *iterator) Equal(ref.Val) ref.Val { return types.NewErr("iterators cannot be compared") }
func (it *iterator) Type() ref.Type        { return types.IteratorType }
func (it *iterator) Value() any            { return it }

// mapping is a map that may be known in part. Like list it is not CEL's Mapper.
type mapping struct {
	opaque
	frame *frame
	path  *path
	m     asset.Mapping
}

var (
	_ traits.Container = (*mapping)(nil)
	_ traits.Indexer   = (*mapping)(nil)
	_ traits.Sizer     = (*mapping)(nil)
)

// find returns the value of a key: a value, an unknown, or nil where the map is
// complete and has no such key.
func (m *mapping) find(key ref.Val) ref.Val {
	k, ok := key.(types.String)
	if !ok {
		return types.NewErr("a map is indexed by a string, not by %s", key.Type().TypeName())
	}
	at := &path{parent: m.path, name: string(k)}
	if v, ok := m.m.Lookup(string(k)); ok {
		return m.frame.scalar(v, at, "")
	}
	if why := m.m.Open(); why != nil {
		return m.frame.unknown(at, "", why)
	}
	return nil
}

func (m *mapping) Get(key ref.Val) ref.Val {
	if v := m.find(key); v != nil {
		return v
	}
	return types.NewErr("%s has no key %q; use get(key, default)", m.path, key.Value())
}

func (m *mapping) Contains(key ref.Val) ref.Val {
	k, ok := key.(types.String)
	if !ok {
		return types.False
	}
	if _, ok := m.m.Lookup(string(k)); ok {
		return types.True
	}
	if why := m.m.Open(); why != nil {
		return m.frame.unknown(m.path, "", why)
	}
	return types.False
}

func (m *mapping) Size() ref.Val {
	if why := m.m.Open(); why != nil {
		return m.frame.unknown(m.path, "", why)
	}
	return types.Int(len(m.m.Keys()))
}

// Equal is never asked: the checker refuses to compare maps.
func (m *mapping) Equal(ref.Val) ref.Val { return types.NewErr("maps cannot be compared") }
func (m *mapping) Type() ref.Type        { return types.MapType }
func (m *mapping) Value() any            { return m }
