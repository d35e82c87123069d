// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"errors"
	"fmt"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// The functions here hand values on and keep what is known of them: their
// origins, and the known parts of partly unknown texts.

// try is the first expression that does not fail.
func try(r *Root, f *frame, args []hclsyntax.Expression) (cty.Value, error) {
	err := errors.New("try: want at least one argument")
	for _, e := range args {
		var v cty.Value
		if v, err = r.eval(e, f); err == nil {
			return v, nil
		}
	}
	return cty.NilVal, err
}

// can reports whether an expression does not fail. One that is unknown may
// still fail when it becomes known.
func can(r *Root, f *frame, args []hclsyntax.Expression) (cty.Value, error) {
	if len(args) != 1 {
		return cty.NilVal, errors.New("can: want one argument")
	}
	v, err := r.eval(args[0], f)
	if err != nil {
		return cty.False, nil
	}
	if about := r.inspect(v); about.unknown {
		return sameSecrecy(unknown(cty.Bool, about.list()...), about), nil
	}
	return cty.True, nil
}

// coalesce is the first argument that is neither null nor "". An unknown one
// before it may turn out to be null.
func coalesce(r *Root, _ *frame, args []cty.Value) (cty.Value, error) {
	for i, v := range args {
		bare, _ := v.Unmark()
		switch {
		case !bare.IsKnown() && !hasValue(v) && i < len(args)-1:
			about := r.inspect(args...)
			return sameSecrecy(unknown(cty.DynamicPseudoType, about.list()...), about), nil
		case bare.IsKnown() && (bare.IsNull() || bare.Type() == cty.String && bare.AsString() == ""):
			continue
		}
		for _, other := range args {
			v = r.unified(v, other)
		}
		return v, nil
	}
	return cty.NilVal, errors.New("no argument has a value")
}

// hasValue reports whether an unknown value is certainly neither null nor "".
func hasValue(v cty.Value) bool {
	if isWhole(v) {
		return true
	}
	o, ok := resourceOf(v) // identifiers that a provider computes are never empty
	return ok && o.hop == 0 && (o.attribute == "id" || o.attribute == "arn")
}

func coalesceList(r *Root, _ *frame, args []cty.Value) (cty.Value, error) {
	for _, v := range args {
		bare, _ := v.Unmark()
		switch {
		case !bare.IsKnown():
			about := r.inspect(args...)
			return sameSecrecy(unknown(cty.DynamicPseudoType, about.list()...), about), nil
		case bare.IsNull():
		case !bare.CanIterateElements():
			return cty.NilVal, errors.New("argument is not a list")
		case bare.LengthInt() > 0:
			return v, nil
		}
	}
	return cty.NilVal, errors.New("no argument has elements")
}

// one is the element of a list of at most one, else null.
func one(r *Root, _ *frame, args []cty.Value) (cty.Value, error) {
	if len(args) != 1 {
		return cty.NilVal, errors.New("want one argument")
	}
	bare, marks := args[0].Unmark()
	if isWhole(args[0]) {
		return args[0], nil
	}
	if !bare.IsKnown() {
		return partOf(cty.DynamicVal, marks, ""), nil
	}
	if bare.IsNull() || !bare.CanIterateElements() || bare.Type().IsObjectType() || bare.Type().IsMapType() {
		return cty.NilVal, errors.New("argument is not a list, set or tuple")
	}
	switch length, _ := bare.Length().Unmark(); {
	case !length.IsKnown():
		about := r.inspect(args[0])
		return unknown(cty.DynamicPseudoType, about.list()...), nil
	case bare.LengthInt() == 0:
		return cty.NullVal(cty.DynamicPseudoType), nil
	case bare.LengthInt() > 1:
		return cty.NilVal, errors.New("list has more than one element")
	}
	it := bare.ElementIterator()
	it.Next()
	_, v := it.Element()
	return inherit(v, marks), nil
}

// element is list[i], with i counting round and round.
func element(r *Root, _ *frame, args []cty.Value) (cty.Value, error) {
	if len(args) != 2 {
		return cty.NilVal, errors.New("want two arguments")
	}
	bare, marks := args[0].Unmark()
	if !bare.IsKnown() {
		about := r.inspect(args[1])
		return sameSecrecy(partOf(unknown(cty.DynamicPseudoType, about.list()...), marks, ""), about), nil
	}
	return r.apply(through(stdlib.ElementFunc), nil, args)
}

// lookup is map[key], or a default where there is no such key.
func lookup(r *Root, _ *frame, args []cty.Value) (cty.Value, error) {
	if len(args) != 2 && len(args) != 3 {
		return cty.NilVal, errors.New("want two or three arguments")
	}
	about := r.inspect(args[1])
	bare, marks := args[0].Unmark()
	key, _ := r.plain(args[1]).Unmark()
	key, err := r.convert(key, cty.String)
	if err != nil {
		return cty.NilVal, err
	}
	if isWhole(args[0]) && key.IsKnown() {
		return r.index(args[0], key)
	}
	if !bare.IsKnown() || !key.IsKnown() || key.IsNull() {
		all := r.inspect(args...)
		return sameSecrecy(unknown(cty.DynamicPseudoType, all.list()...), all), nil
	}
	if bare.IsNull() || !bare.Type().IsMapType() && !bare.Type().IsObjectType() {
		return cty.NilVal, errors.New("first argument is not a map")
	}
	if v, ok := memberOf(bare, key.AsString()); ok {
		return sameSecrecy(inherit(v, marks), about), nil
	}
	if len(args) == 3 {
		return sameSecrecy(args[2], about), nil
	}
	return cty.NilVal, errors.New("map has no such key")
}

// memberOf is the element of a known map or object, if it has that key.
func memberOf(v cty.Value, name string) (cty.Value, bool) {
	if v.Type().IsObjectType() {
		if !v.Type().HasAttribute(name) {
			return cty.NilVal, false
		}
		return v.GetAttr(name), true
	}
	key := cty.StringVal(name)
	if has, _ := v.HasIndex(key).Unmark(); !has.IsKnown() || has.False() {
		return cty.NilVal, false
	}
	return v.Index(key), true
}

// merge joins maps; later ones win.
func merge(r *Root, _ *frame, args []cty.Value) (cty.Value, error) {
	all := make(map[string]cty.Value)
	for _, v := range args {
		bare, marks := v.Unmark()
		ty := bare.Type()
		switch {
		case !bare.IsKnown() || r.isSecret(v):
			about := r.inspect(args...)
			return sameSecrecy(unknown(cty.DynamicPseudoType, about.list()...), about), nil
		case bare.IsNull():
			continue
		case !ty.IsMapType() && !ty.IsObjectType():
			return cty.NilVal, errors.New("argument is not a map or object")
		}
		for it := bare.ElementIterator(); it.Next(); {
			key, elem := it.Element()
			all[key.AsString()] = inherit(elem, marks)
		}
		if len(all) > maxSize {
			return cty.NilVal, errTooLarge
		}
	}
	return cty.ObjectVal(all), nil
}

func allTrue(r *Root, _ *frame, args []cty.Value) (cty.Value, error) { return quantify(r, args, false) }
func anyTrue(r *Root, _ *frame, args []cty.Value) (cty.Value, error) { return quantify(r, args, true) }

// quantify is anytrue (decisive true) or alltrue (decisive false).
func quantify(r *Root, args []cty.Value, decisive bool) (cty.Value, error) {
	if len(args) != 1 {
		return cty.NilVal, errors.New("want one argument")
	}
	about := r.inspect(args[0])
	bare, marks := args[0].Unmark()
	if !bare.IsKnown() {
		return sameSecrecy(unknown(cty.Bool, about.list()...), about), nil
	}
	if bare.IsNull() || !bare.CanIterateElements() {
		return cty.NilVal, errors.New("argument is not a list")
	}
	undecided := false
	for it := bare.ElementIterator(); it.Next(); {
		_, elem := it.Element()
		elem, _ = r.plain(inherit(elem, marks)).Unmark()
		b, err := r.convert(elem, cty.Bool)
		switch {
		case err != nil:
			return cty.NilVal, err
		case !b.IsKnown():
			undecided = true
		case !b.IsNull() && b.True() == decisive || b.IsNull() && !decisive:
			return sameSecrecy(cty.BoolVal(decisive), about), nil
		}
	}
	if undecided {
		return sameSecrecy(unknown(cty.Bool, about.list()...), about), nil
	}
	return sameSecrecy(cty.BoolVal(!decisive), about), nil
}

func length(r *Root, _ *frame, args []cty.Value) (cty.Value, error) {
	if len(args) != 1 {
		return cty.NilVal, errors.New("want one argument")
	}
	about := r.inspect(args[0])
	bare, _ := r.plain(args[0]).Unmark()
	switch ty := bare.Type(); {
	case !bare.IsKnown():
		return sameSecrecy(unknown(cty.Number, about.list()...), about), nil
	case bare.IsNull():
		return cty.NilVal, errors.New("argument is null")
	case ty == cty.String:
		return r.apply(pure(stdlib.StrlenFunc), nil, args)
	case ty.IsObjectType():
		return sameSecrecy(cty.NumberIntVal(int64(len(ty.AttributeTypes()))), about), nil
	case ty.IsTupleType():
		return sameSecrecy(cty.NumberIntVal(int64(ty.Length())), about), nil
	case !bare.CanIterateElements():
		return cty.NilVal, errors.New("argument has no length")
	}
	n, _ := bare.Length().Unmark()
	return sameSecrecy(r.explained(n, about), about), nil
}

// checkProduct bounds setproduct before it is made.
func checkProduct(args []cty.Value) error {
	product := 1
	for _, v := range args {
		bare, _ := v.Unmark()
		if !bare.IsKnown() || bare.IsNull() || !bare.CanIterateElements() {
			return nil
		}
		if n := bare.LengthInt(); n > 0 {
			product *= n
		}
		if product*len(args) > maxSize {
			return fmt.Errorf("product: %w", errTooLarge)
		}
	}
	return nil
}

// flatten takes the elements out of nested lists. An unknown that may be a list
// leaves the number of elements unknown.
func flatten(r *Root, _ *frame, args []cty.Value) (cty.Value, error) {
	if len(args) != 1 {
		return cty.NilVal, errors.New("want one argument")
	}
	var flat []cty.Value
	var visit func(v cty.Value) (known bool, err error)
	visit = func(v cty.Value) (bool, error) {
		bare, marks := v.Unmark()
		ty := bare.Type()
		isList := ty.IsTupleType() || ty.IsListType() || ty.IsSetType()
		switch {
		case !bare.IsKnown() && !isWhole(v) && (isList || ty == cty.DynamicPseudoType):
			return false, nil
		case !isList || bare.IsNull():
			flat = append(flat, v)
			return true, nil
		}
		for it := bare.ElementIterator(); it.Next(); {
			_, elem := it.Element()
			if known, err := visit(inherit(elem, marks)); !known || err != nil {
				return known, err
			}
			if len(flat) > maxSize {
				return false, errTooLarge
			}
		}
		return true, nil
	}
	if bare, _ := args[0].Unmark(); bare.IsKnown() && (bare.IsNull() || bare.Type().IsPrimitiveType()) {
		return cty.NilVal, errors.New("argument is not a list")
	}
	known, err := visit(args[0])
	switch {
	case err != nil:
		return cty.NilVal, err
	case !known:
		about := r.inspect(args[0])
		return sameSecrecy(unknown(cty.DynamicPseudoType, about.list()...), about), nil
	}
	return cty.TupleVal(flat), nil
}
