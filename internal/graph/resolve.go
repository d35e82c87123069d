// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package graph joins assets: it resolves the relations that rooms state as
// keys into pointers, once, after all sources have been read. From then on the
// assets are shared and no longer change.
package graph

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// Complete says whether all assets of a type in a scope were read, and if not,
// why. It decides whether "nothing points here" is known.
type Complete func(scope asset.Scope, typ string) (reason string, complete bool)

// Graph is the resolved set of assets. It is immutable and safe to share.
type Graph struct {
	catalog *asset.Catalog
	assets  []*asset.Asset
	facts   map[factKey]*asset.Asset
}

// world is the part of everything within which a key names one asset: an
// account of a cloud, or a root of code.
type world struct {
	origin   asset.Origin
	provider string
	account  string // live
	root     string // code
}

func worldOf(a *asset.Asset) world {
	if a.Origin == asset.Code {
		return world{origin: asset.Code, root: a.Root}
	}
	return world{origin: asset.Live, provider: a.Scope.Provider, account: a.Scope.Account}
}

type nameKey struct {
	world
	typ, name string
}

type factKey struct {
	world
	typ, region string
}

// Resolve joins the assets. It sets the relations in place; nobody else may use
// the assets meanwhile.
func Resolve(catalog *asset.Catalog, assets []*asset.Asset, complete Complete) *Graph {
	g := &Graph{catalog: catalog, assets: assets, facts: map[factKey]*asset.Asset{}}
	r := &resolver{Graph: g, complete: complete, byName: map[nameKey]*asset.Asset{}, incoming: map[incomingKey][]*asset.Asset{}, loose: map[looseKey]string{}}
	for _, a := range assets {
		r.index(a)
	}
	for _, a := range assets {
		r.forward(a)
	}
	for _, a := range assets {
		r.reverse(a)
	}
	return g
}

// Assets returns all assets, in the order in which they were given.
func (g *Graph) Assets() []*asset.Asset { return g.assets }

// Fact is the singleton of a type in the account of an asset, and in its region
// where the type has one a region; nil where it was not read.
func (g *Graph) Fact(subject *asset.Asset, typ string) *asset.Asset {
	t, ok := g.catalog.Type(typ)
	if !ok {
		return nil
	}
	key := factKey{world: worldOf(subject), typ: typ}
	if t.Singleton == asset.PerRegion {
		key.region = subject.Scope.Region
		if fact, ok := g.facts[key]; ok || subject.Origin == asset.Live {
			return fact
		}
		key.region = "" // code that names no region
	}
	return g.facts[key]
}

type resolver struct {
	*Graph
	complete Complete
	byName   map[nameKey]*asset.Asset
	incoming map[incomingKey][]*asset.Asset
	loose    map[looseKey]string
}

// incomingKey is a relation field and the asset it points to; looseKey is a
// relation field of which some end is not known, with the reason.
type incomingKey struct {
	field  string // type.field of the forward relation
	target *asset.Asset
}

type looseKey struct {
	world
	field string
}

func (r *resolver) index(a *asset.Asset) {
	w := worldOf(a)
	for _, name := range append([]string{a.ID, a.Name}, a.Keys...) {
		if name == "" {
			continue
		}
		key := nameKey{w, a.Type, name}
		if _, taken := r.byName[key]; !taken {
			r.byName[key] = a
		}
		if wide := everywhere(a, name); wide != key && strings.Contains(name, "//") {
			r.byName[wide] = a
		}
	}
	t, ok := r.catalog.Type(a.Type)
	if !ok || t.Singleton == asset.Many {
		return
	}
	key := factKey{world: w, typ: a.Type}
	if t.Singleton == asset.PerRegion {
		key.region = a.Scope.Region
	}
	// What is declared beats what is implied.
	if old, taken := r.facts[key]; !taken || (old.Implied && !a.Implied) {
		r.facts[key] = a
	}
}

// forward resolves the relations that the asset states.
func (r *resolver) forward(a *asset.Asset) {
	r.eachRef(a, func(field string, m asset.Member, ref *asset.Ref) {
		target := r.lookup(a, m.Target, ref)
		if target != nil {
			ref.SetTarget(target)
			key := incomingKey{field, target}
			r.incoming[key] = append(r.incoming[key], a)
			return
		}
		switch {
		case ref.IsNone():
			ref.SetUnresolved(ref.Source().Missing("refers to nothing"))
		case ref.Key() == "":
			r.loose[looseKey{worldOf(a), field}] = fmt.Sprintf("%s may belong here: %s", a.Address, ref.Source().Reason())
		default:
			ref.SetUnresolved(ref.Source().Missing("not read: " + shortKey(a, ref.Key())))
		}
	})
}

func shortKey(a *asset.Asset, key string) string { return strings.TrimPrefix(key, a.Root+"//") }

func (r *resolver) lookup(from *asset.Asset, typ string, ref *asset.Ref) *asset.Asset {
	if ref.Key() == "" {
		return nil
	}
	if found := r.byName[nameKey{worldOf(from), typ, ref.Key()}]; found != nil {
		return found
	}
	return r.byName[nameKey{world{origin: from.Origin}, typ, ref.Key()}]
}

// everywhere is the name of something in code for other roots, which call it by
// ROOT//ADDRESS: a Compose file names the Dockerfile that it builds.
func everywhere(a *asset.Asset, name string) nameKey {
	if a.Origin == asset.Live {
		return nameKey{worldOf(a), a.Type, name}
	}
	return nameKey{world{origin: asset.Code}, a.Type, name}
}

// reverse fills the relations that are declared as the inverse of another's.
func (r *resolver) reverse(a *asset.Asset) {
	config := reflect.ValueOf(a.Config).Elem()
	for _, m := range asset.Members(config.Type()) {
		if m.Reverse == "" {
			continue
		}
		list, ok := reflect.TypeAssert[*asset.List[asset.Ref]](config.Field(m.Index()).Addr())
		if !ok {
			continue
		}
		at := assetSource(a)
		var refs []asset.Ref
		for _, from := range r.incoming[incomingKey{m.Reverse, a}] {
			ref := asset.RefTo(from.ID, at)
			ref.SetTarget(from)
			refs = append(refs, ref)
		}
		if reason, open := r.open(a, m.Reverse); open {
			*list = asset.OpenList(refs, reason, at)
		} else {
			*list = asset.ListOf(refs, at)
		}
	}
}

// open says why further assets may point here, if they may.
func (r *resolver) open(a *asset.Asset, field string) (string, bool) {
	if reason, loose := r.loose[looseKey{worldOf(a), field}]; loose {
		return reason, true
	}
	if a.Origin == asset.Live && r.complete != nil {
		reason, complete := r.complete(a.Scope, field[:strings.LastIndex(field, ".")])
		return reason, !complete
	}
	return "", false
}

// assetSource is where the asset itself was read.
func assetSource(a *asset.Asset) *asset.Source {
	if a.Origin == asset.Code && !a.Location.IsZero() {
		return asset.InCode(a.Location)
	}
	return asset.FromAPI("")
}

// eachRef visits the relations that the asset states, single and in lists,
// nested structs included. field is "type.path", without list indexes.
func (r *resolver) eachRef(a *asset.Asset, visit func(field string, m asset.Member, ref *asset.Ref)) {
	eachRef(reflect.ValueOf(a.Config), a.Type, visit)
}

func eachRef(ptr reflect.Value, path string, visit func(string, asset.Member, *asset.Ref)) {
	for _, m := range asset.Members(ptr.Type().Elem()) {
		if m.Reverse != "" || !leadsToRef(m.Type) {
			continue
		}
		at := path + "." + m.Name
		switch f := ptr.Elem().Field(m.Index()).Addr().Interface().(type) {
		case *asset.Ref:
			visit(at, m, f)
		case asset.Sequence:
			if m.Type == refListType && f.Open() != nil {
				rest := asset.UnknownRef(f.Open().Reason(), nil)
				visit(at, m, &rest)
			}
			for i := range f.Len() {
				if ref, ok := f.At(i).(*asset.Ref); ok {
					visit(at, m, ref)
				} else {
					eachRef(reflect.ValueOf(f.At(i)), at, visit)
				}
			}
		case asset.Scalar:
			eachRef(reflect.ValueOf(f.Inner()), at, visit)
		default:
			eachRef(ptr.Elem().Field(m.Index()).Addr(), at, visit)
		}
	}
}

var (
	refType     = reflect.TypeFor[asset.Ref]()
	refListType = reflect.TypeFor[asset.List[asset.Ref]]()
	withRefs    sync.Map // reflect.Type -> bool: the answers of leadsToRef
)

// leadsToRef reports whether a field of this type is, or has, a relation.
func leadsToRef(t reflect.Type) bool {
	if known, ok := withRefs.Load(t); ok {
		return known.(bool)
	}
	answer := t == refType || t == refListType || memberLeadsToRef(t)
	withRefs.Store(t, answer)
	return answer
}

func memberLeadsToRef(t reflect.Type) bool {
	switch ptr := reflect.New(t).Interface().(type) {
	case asset.Sequence, asset.Scalar:
		elem := t.Field(0).Type
		if _, list := ptr.(asset.Sequence); list {
			elem = elem.Elem()
		}
		return elem.Kind() == reflect.Struct && hasRef(elem)
	case asset.Field:
		return false
	}
	return t.Kind() == reflect.Struct && hasRef(t)
}

func hasRef(t reflect.Type) bool {
	return slices.ContainsFunc(asset.Members(t), func(m asset.Member) bool { return m.Reverse == "" && leadsToRef(m.Type) })
}
