// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"errors"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// loop is one evaluation of a for expression.
type loop struct {
	root   *Root
	expr   *hclsyntax.ForExpr
	tuple  []cty.Value
	object map[string]cty.Value
	groups map[string][]cty.Value
	// unsure collects the conditions and keys that are unknown: with one of
	// these, the result as a whole is.
	unsure []cty.Value
}

func (r *Root) forExpr(e *hclsyntax.ForExpr, f *frame) (cty.Value, error) {
	coll, err := r.eval(e.CollExpr, f)
	if err != nil {
		return cty.NilVal, err
	}
	bare, marks := coll.Unmark()
	switch {
	case !bare.IsKnown():
		return stripIdentity(cty.DynamicVal.WithMarks(marks)), nil
	case bare.IsNull():
		return cty.NilVal, errors.New("for over null")
	case !bare.CanIterateElements():
		return cty.NilVal, errors.New("for over a value that is no list, set, map or object")
	}
	l := &loop{root: r, expr: e, object: map[string]cty.Value{}, groups: map[string][]cty.Value{}}
	for it := bare.ElementIterator(); it.Next(); {
		key, value := it.Element()
		if err := l.step(key, inherit(value, marks), f); err != nil {
			return cty.NilVal, err
		}
	}
	return inherit(l.result(), marks), nil
}

func (l *loop) step(key, value cty.Value, f *frame) error {
	r, e := l.root, l.expr
	if e.KeyVar != "" {
		f = f.with(e.KeyVar, key)
	}
	f = f.with(e.ValVar, value)
	if e.CondExpr != nil {
		cond, err := r.eval(e.CondExpr, f)
		if err != nil {
			return err
		}
		about := r.inspect(cond)
		bare, _ := r.plain(cond).Unmark()
		bare, err = r.convert(bare, cty.Bool)
		switch {
		case err != nil:
			return err
		case bare.IsNull():
			return errors.New("condition of for is null")
		case !bare.IsKnown() || about.secret:
			l.unsure = append(l.unsure, cond)
			return nil
		case bare.False():
			return nil
		}
	}
	if e.KeyExpr == nil {
		v, err := r.eval(e.ValExpr, f)
		l.tuple = append(l.tuple, v)
		return err
	}
	k, err := r.eval(e.KeyExpr, f)
	if err != nil {
		return err
	}
	v, err := r.eval(e.ValExpr, f)
	if err != nil {
		return err
	}
	name, known, err := r.keyText(k)
	switch {
	case err != nil:
		return err
	case !known || r.inspect(k).secret:
		l.unsure = append(l.unsure, k)
	case e.Group:
		l.groups[name] = append(l.groups[name], v)
	default:
		if _, twice := l.object[name]; twice {
			return errors.New("two elements of for have the same key")
		}
		l.object[name] = v
	}
	return nil
}

func (l *loop) result() cty.Value {
	switch about := l.root.inspect(l.unsure...); {
	case len(l.unsure) > 0:
		return sameSecrecy(unknown(cty.DynamicPseudoType, about.list()...), about)
	case l.expr.KeyExpr == nil:
		return cty.TupleVal(l.tuple)
	case l.expr.Group:
		for name, values := range l.groups {
			l.object[name] = cty.TupleVal(values)
		}
	}
	return cty.ObjectVal(l.object)
}
