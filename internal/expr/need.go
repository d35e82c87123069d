// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"maps"
	"slices"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
)

// place is a static position in a chain of fields: below which type, and where.
type place struct {
	owner string // asset type, or "account"
	path  string // "" for the asset itself
}

func (p place) String() string {
	if p.path == "" {
		return p.owner
	}
	return p.owner + "." + p.path
}

// reader collects the field paths that a checked expression reads.
type reader struct {
	schemas *schemas
	checked *ast.AST
	scope   map[string]place
	found   map[string]bool
}

func fieldsRead(s *schemas, assetType string, checked *ast.AST) []string {
	r := &reader{s, checked, map[string]place{"asset": {owner: assetType}, "account": {owner: accountSchema}}, map[string]bool{}}
	r.read(checked.Expr())
	fields := make([]string, 0, len(r.found))
	for f := range r.found {
		fields = append(fields, f)
	}
	slices.Sort(fields)
	return fields
}

// read visits an expression and records the longest field chains in it.
func (r *reader) read(e ast.Expr) {
	if p, ok := r.locate(e); ok {
		r.found[p.String()] = true
		return
	}
	switch e.Kind() {
	case ast.SelectKind:
		r.read(e.AsSelect().Operand())
	case ast.CallKind:
		call := e.AsCall()
		if call.IsMemberFunction() {
			r.read(call.Target())
		}
		for _, arg := range call.Args() {
			r.read(arg)
		}
	case ast.ListKind:
		for _, elem := range e.AsList().Elements() {
			r.read(elem)
		}
	case ast.ComprehensionKind:
		fold := e.AsComprehension()
		r.read(fold.IterRange())
		inner := *r
		inner.scope = map[string]place{}
		maps.Copy(inner.scope, r.scope)
		if p, ok := r.locate(fold.IterRange()); ok {
			if sc, isAsset := r.schemas.assets[r.checked.GetType(fold.IterRange().ID()).Parameters()[0].TypeName()]; isAsset {
				p = place{owner: sc.name} // a list of relations
			}
			inner.scope[fold.IterVar()] = p
		}
		inner.read(predicate(fold.LoopStep()))
	}
}

// locate says where a chain of fields ends, if the expression is one.
func (r *reader) locate(e ast.Expr) (place, bool) {
	switch e.Kind() {
	case ast.IdentKind:
		p, ok := r.scope[e.AsIdent()]
		return p, ok
	case ast.CallKind:
		if call := e.AsCall(); call.FunctionName() == operators.Index {
			return r.locate(call.Args()[0])
		}
	case ast.SelectKind:
		sel := e.AsSelect()
		p, ok := r.locate(sel.Operand())
		if !ok {
			return place{}, false
		}
		sc, isStruct := r.schemas.byName[r.checked.GetType(sel.Operand().ID()).TypeName()]
		if !isStruct { // a key of a map
			return p, true
		}
		f := sc.fields[sel.FieldName()]
		if p.path == "" {
			p.path = f.name
		} else {
			p.path += "." + f.name
		}
		if f.reverse != "" { // who points here is read from the other side
			r.found[f.reverse] = true
		}
		if sc, isAsset := r.schemas.assets[f.cel.TypeName()]; isAsset {
			if p.owner != accountSchema {
				r.found[p.String()] = true
			}
			p = place{owner: sc.name}
		}
		return p, true
	}
	return place{}, false
}
