// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// maxExponent bounds numbers: written out, one of more digits fills memory.
const maxExponent = 4096

// checkNumber refuses numbers that are absurdly large or small.
func checkNumber(v cty.Value) (cty.Value, error) {
	bare, _ := v.Unmark()
	if !bare.IsKnown() || bare.IsNull() || bare.Type() != cty.Number {
		return v, nil
	}
	if exp := bare.AsBigFloat().MantExp(nil); bare.AsBigFloat().IsInf() || exp > maxExponent || exp < -maxExponent {
		return cty.NilVal, errors.New("number is out of range")
	}
	return v, nil
}

// convert gives a value another type. The marks stay.
func (r *Root) convert(v cty.Value, ty cty.Type) (cty.Value, error) {
	if v.Type().Equals(ty) || ty == cty.DynamicPseudoType {
		return v, nil
	}
	if hasSet(ty) {
		v = r.plainDeep(v)
	}
	out, err := convert.Convert(v, ty)
	if err != nil {
		about := r.inspect(v)
		if !about.holed {
			return cty.NilVal, err
		}
		if out, err = convert.Convert(r.plainDeep(v), ty); err != nil {
			return cty.NilVal, err
		}
	}
	if !out.IsWhollyKnown() {
		return r.explained(out, r.inspect(v)), nil
	}
	return out, nil
}

func hasSet(ty cty.Type) bool {
	switch {
	case ty.IsSetType():
		return true
	case ty.IsListType(), ty.IsMapType():
		return hasSet(ty.ElementType())
	case ty.IsObjectType():
		for _, attr := range ty.AttributeTypes() {
			if hasSet(attr) {
				return true
			}
		}
	case ty.IsTupleType():
		if slices.ContainsFunc(ty.TupleElementTypes(), hasSet) {
			return true
		}
	}
	return false
}

// unify is the type that two types have in common; NilType if there is none.
func unify(a, b cty.Type) cty.Type {
	common, _ := convert.UnifyUnsafe([]cty.Type{a, b})
	return common
}

// attribute is v.name.
func (r *Root) attribute(v cty.Value, name string) (cty.Value, error) {
	if o, ok := shallow[object](v); ok {
		return o.block.refer(name), nil
	}
	if o, ok := shallow[outputs](v); ok {
		return r.output(o.of, name)
	}
	if _, ok := shallow[instances](v); ok {
		one, err := r.index(v, cty.Zero)
		if err != nil {
			return cty.NilVal, err
		}
		return r.attribute(one, name)
	}
	bare, marks := v.Unmark()
	if !bare.IsKnown() {
		ty := bare.Type()
		switch {
		case ty.IsObjectType():
			if !ty.HasAttribute(name) {
				return cty.NilVal, fmt.Errorf("object has no attribute %q", name)
			}
			ty = ty.AttributeType(name)
		case ty.IsMapType():
			ty = ty.ElementType()
		case ty != cty.DynamicPseudoType:
			return cty.NilVal, fmt.Errorf("%s has no attributes", ty.FriendlyName())
		}
		return partOf(cty.UnknownVal(ty), marks, "."+name), nil
	}
	got, diags := hcl.GetAttr(bare, name, nil)
	if diags.HasErrors() {
		return cty.NilVal, errors.New(describe(diags))
	}
	return inherit(got, marks), nil
}

// index is v[key].
func (r *Root) index(v, key cty.Value) (cty.Value, error) {
	aboutKey := r.inspect(key)
	bareKey, _ := r.plain(key).Unmark()
	if many, ok := shallow[instances](v); ok {
		one := unknown(cty.DynamicPseudoType, append(aboutKey.list(), many.reason())...)
		if many.block != nil {
			return one.Mark(object{many.block}), nil
		}
		return one.Mark(outputs{many.of}), nil
	}
	if bareKey.IsKnown() && !bareKey.IsNull() && bareKey.Type() == cty.String {
		_, isObject := shallow[object](v)
		_, isOutputs := shallow[outputs](v)
		if isObject || isOutputs {
			return r.attribute(v, bareKey.AsString())
		}
	}
	bare, marks := v.Unmark()
	if bareKey.IsNull() {
		return cty.NilVal, errors.New("index is null")
	}
	if !bare.IsKnown() || !bareKey.IsKnown() {
		return r.unknownPart(v, bareKey, aboutKey)
	}
	got, diags := hcl.Index(bare, bareKey, nil)
	if diags.HasErrors() {
		return cty.NilVal, errors.New(describe(diags))
	}
	got = inherit(got, marks)
	if aboutKey.secret {
		got = got.Mark(secret{})
	}
	return got, nil
}

// unknownPart is the element of a value where the value or the key is unknown.
func (r *Root) unknownPart(v, key cty.Value, aboutKey *traits) (cty.Value, error) {
	bare, marks := v.Unmark()
	if bare.IsNull() {
		return cty.NilVal, errors.New("null has no elements")
	}
	ty := cty.DynamicPseudoType
	switch of := bare.Type(); {
	case of.IsCollectionType():
		ty = of.ElementType()
	case of.IsPrimitiveType():
		return cty.NilVal, fmt.Errorf("%s has no elements", of.FriendlyName())
	}
	suffix := ""
	if key.IsKnown() {
		if text, err := r.textOf(key); err == nil {
			suffix = "[" + text + "]"
		}
	}
	part := partOf(cty.UnknownVal(ty), marks, suffix)
	for text := range aboutKey.reasons {
		part = part.Mark(why{text})
	}
	if !bare.IsKnown() {
		return part, nil
	}
	return r.explained(part, r.inspect(bare)), nil
}

// partOf gives an unknown part the marks of the unknown whole. With a suffix
// that names the part, it also knows where it comes from.
func partOf(part cty.Value, marks cty.ValueMarks, suffix string) cty.Value {
	for m := range marks {
		switch m := m.(type) {
		case spread:
			part = part.Mark(m.origin)
		case origin:
			switch {
			case suffix == "":
			case m.attribute == "":
				part = part.Mark(origin{m.address + suffix, "", m.hop})
			default:
				part = part.Mark(origin{m.address, m.attribute + suffix, m.hop})
			}
		default:
			part = part.Mark(m)
		}
	}
	return part
}

func describe(diags hcl.Diagnostics) string {
	for _, d := range diags {
		if d.Severity == hcl.DiagError {
			return d.Summary
		}
	}
	return "not valid"
}

// binary is "a OP b".
func (r *Root) binary(e *hclsyntax.BinaryOpExpr, f *frame) (cty.Value, error) {
	a, err := r.eval(e.LHS, f)
	if err != nil {
		return cty.NilVal, err
	}
	if e.Op == hclsyntax.OpLogicalAnd || e.Op == hclsyntax.OpLogicalOr {
		// What decides alone need not know the other side.
		decides := e.Op == hclsyntax.OpLogicalOr
		if r.isBool(a, decides) {
			return sameSecrecy(cty.BoolVal(decides), r.inspect(a)), nil
		}
		b, err := r.eval(e.RHS, f)
		if err != nil {
			return cty.NilVal, err
		}
		if r.isBool(b, decides) {
			return sameSecrecy(cty.BoolVal(decides), r.inspect(b)), nil
		}
		return r.operate(e.Op, a, b)
	}
	b, err := r.eval(e.RHS, f)
	if err != nil {
		return cty.NilVal, err
	}
	if e.Op == hclsyntax.OpEqual || e.Op == hclsyntax.OpNotEqual {
		if isWhole(a) && isNull(b) || isNull(a) && isWhole(b) {
			return cty.BoolVal(e.Op == hclsyntax.OpNotEqual), nil
		}
	}
	return r.operate(e.Op, a, b)
}

// isWhole reports whether the value is a resource or module, which is never null.
func isWhole(v cty.Value) bool {
	_, isObject := shallow[object](v)
	_, isOutputs := shallow[outputs](v)
	return isObject || isOutputs
}

func isNull(v cty.Value) bool {
	bare, _ := v.Unmark()
	return bare.IsKnown() && bare.IsNull()
}

func (r *Root) isBool(v cty.Value, want bool) bool {
	bare, _ := r.plain(v).Unmark()
	b, err := r.convert(bare, cty.Bool)
	return err == nil && b.IsKnown() && !b.IsNull() && b.True() == want
}

func (r *Root) unary(e *hclsyntax.UnaryOpExpr, f *frame) (cty.Value, error) {
	v, err := r.eval(e.Val, f)
	if err != nil {
		return cty.NilVal, err
	}
	return r.operate(e.Op, v)
}

// operate applies an operator to values without marks and puts back what
// matters of the marks.
func (r *Root) operate(op *hclsyntax.Operation, operands ...cty.Value) (cty.Value, error) {
	about := r.inspect(operands...)
	params := op.Impl.Params()
	args := make([]cty.Value, len(operands))
	for i, v := range operands {
		bare, _ := r.plainDeep(v).UnmarkDeep()
		arg, err := r.convert(bare, params[i].Type)
		if err != nil {
			return cty.NilVal, err
		}
		args[i] = arg
	}
	result, err := op.Impl.Call(args)
	if err != nil {
		return cty.NilVal, err
	}
	if result, err = checkNumber(result); err != nil {
		return cty.NilVal, err
	}
	return sameSecrecy(r.explained(result, about), about), nil
}

func sameSecrecy(v cty.Value, about *traits) cty.Value {
	if about.secret {
		return v.Mark(secret{})
	}
	return v
}

// splat is v[*].each.
func (r *Root) splat(e *hclsyntax.SplatExpr, f *frame) (cty.Value, error) {
	source, err := r.eval(e.Source, f)
	if err != nil {
		return cty.NilVal, err
	}
	each := func(item cty.Value) (cty.Value, error) {
		return r.eval(e.Each, &frame{inst: f.inst, outer: f, anon: e.Item, value: item})
	}
	if many, ok := shallow[instances](source); ok {
		item, err := r.index(source, cty.Zero)
		if err != nil {
			return cty.NilVal, err
		}
		v, err := each(item)
		if err != nil {
			return cty.NilVal, err
		}
		all := unknown(cty.DynamicPseudoType, append(r.inspect(v).list(), many.reason())...)
		if o, ok := originOf(v); ok {
			all = all.Mark(spread{o})
		}
		return all, nil
	}
	bare, marks := source.Unmark()
	ty := bare.Type()
	isSequence := ty.IsTupleType() || ty.IsListType() || ty.IsSetType()
	switch {
	case isWhole(source):
		v, err := each(source)
		if err != nil {
			return cty.NilVal, err
		}
		return cty.TupleVal([]cty.Value{v}), nil
	case !bare.IsKnown():
		if ty != cty.DynamicPseudoType && !isSequence {
			v, err := each(source)
			if err != nil {
				return cty.NilVal, err
			}
			return r.explained(cty.UnknownVal(cty.DynamicPseudoType), r.inspect(v)), nil
		}
		return stripIdentity(cty.DynamicVal.WithMarks(marks)), nil
	case bare.IsNull():
		if isSequence {
			return cty.NilVal, errors.New("splat of a null list")
		}
		return cty.EmptyTupleVal, nil
	case !isSequence:
		v, err := each(source)
		if err != nil {
			return cty.NilVal, err
		}
		return cty.TupleVal([]cty.Value{v}), nil
	}
	var values []cty.Value
	for it := bare.ElementIterator(); it.Next(); {
		_, item := it.Element()
		v, err := each(inherit(item, marks))
		if err != nil {
			return cty.NilVal, err
		}
		values = append(values, v)
	}
	return cty.TupleVal(values), nil
}
