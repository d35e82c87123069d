// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"github.com/plumb-cspm/plumb/internal/asset"
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
	about := &traits{}
	for i, v := range args {
		bare, _ := v.Unmark()
		if !bare.IsKnown() {
			if i == len(args)-1 && len(about.reasons) == 0 || isWhole(v) {
				return v, nil
			}
			r.look(v, about)
			for _, rest := range args[i+1:] {
				r.look(rest, about)
			}
			result := sameSecrecy(unknown(cty.DynamicPseudoType, about.list()...), about)
			if bare.Range().DefinitelyNotNull() {
				return v, nil
			}
			for _, o := range origins(v) {
				// Computed identifiers are never empty.
				if o.attribute != "" && computedType(o.attribute) == cty.String {
					return v, nil
				}
			}
			return result, nil
		}
		if bare.IsNull() || bare.Type() == cty.String && bare.AsString() == "" {
			continue
		}
		return v, nil
	}
	return cty.NilVal, errors.New("no argument has a value")
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
	for it := bare.ElementIterator(); it.Next(); {
		if k, v := it.Element(); k.AsString() == key.AsString() {
			return sameSecrecy(inherit(v, marks), about), nil
		}
	}
	if len(args) == 3 {
		return sameSecrecy(args[2], about), nil
	}
	return cty.NilVal, errors.New("map has no such key")
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

// join keeps the shape of the text where elements are unknown.
func join(r *Root, _ *frame, args []cty.Value) (cty.Value, error) {
	if len(args) < 2 {
		return cty.NilVal, errors.New("want at least two arguments")
	}
	sep, err := r.textOf(args[0])
	if err != nil {
		return cty.NilVal, err
	}
	var text strings.Builder
	first := true
	for _, v := range args[1:] {
		bare, marks := v.Unmark()
		if length := bare; !bare.IsKnown() || !length.IsNull() && bare.Type().IsSetType() && !bare.IsWhollyKnown() {
			about := r.inspect(args...)
			return sameSecrecy(partOf(unknown(cty.String, about.list()...), spreads(marks), ""), about), nil
		}
		if bare.IsNull() || !bare.CanIterateElements() || bare.Type().IsMapType() || bare.Type().IsObjectType() {
			return cty.NilVal, errors.New("argument is not a list of strings")
		}
		for it := bare.ElementIterator(); it.Next(); {
			_, elem := it.Element()
			s, err := r.textOf(inherit(elem, marks))
			if err != nil {
				return cty.NilVal, err
			}
			if !first {
				text.WriteString(sep)
			}
			first = false
			if text.WriteString(s); text.Len() > maxString {
				return cty.NilVal, errTooLarge
			}
		}
	}
	return cty.StringVal(text.String()), nil
}

func spreads(marks cty.ValueMarks) cty.ValueMarks {
	kept := cty.ValueMarks{}
	for m := range marks {
		if _, ok := m.(spread); ok {
			kept[m] = struct{}{}
		}
	}
	return kept
}

// verb is a formatting verb with its flags.
var verb = regexp.MustCompile(`%[^a-zA-Z%]*[a-zA-Z%]`)

// format keeps the shape of the text where arguments of plain %s and %v are
// unknown.
func format(r *Root, _ *frame, args []cty.Value) (cty.Value, error) {
	about := r.inspect(args...)
	if !about.open() {
		return r.apply(builtin{pure: stdlib.FormatFunc, check: checkFormat}, nil, args)
	}
	layout, _ := args[0].Unmark()
	if !layout.IsKnown() || layout.IsNull() || layout.Type() != cty.String || !plainVerbs(layout.AsString(), len(args)-1) {
		return r.apply(builtin{pure: stdlib.FormatFunc, check: checkFormat}, nil, args)
	}
	ready := []cty.Value{layout}
	for _, v := range args[1:] {
		bare, _ := v.Unmark()
		if !bare.IsKnown() || r.isSecret(v) {
			bare = cty.StringVal(r.hole(v))
		}
		if !bare.IsNull() && !bare.Type().IsPrimitiveType() {
			return r.apply(builtin{pure: stdlib.FormatFunc, check: checkFormat}, nil, args)
		}
		ready = append(ready, bare)
	}
	v, err := stdlib.FormatFunc.Call(ready)
	if err != nil {
		return cty.NilVal, err
	}
	return v, nil
}

// plainVerbs reports whether a format takes n arguments, each by %s or %v.
func plainVerbs(layout string, n int) bool {
	for _, v := range verb.FindAllString(layout, -1) {
		switch v {
		case "%%":
		case "%s", "%v":
			n--
		default:
			return false
		}
	}
	return n == 0
}

var wide = regexp.MustCompile(`%[^a-zA-Z%]*[0-9]{5,}`)

// checkFormat refuses widths that would fill memory.
func checkFormat(args []cty.Value) error {
	if v := args[0]; v.IsKnown() && !v.IsNull() && wide.MatchString(v.AsString()) {
		return errTooLarge
	}
	return nil
}

// indent adds spaces to all lines but the first.
func indent(r *Root, _ *frame, args []cty.Value) (cty.Value, error) {
	fn := builtin{pure: stdlib.IndentFunc, check: func(args []cty.Value) error {
		if !args[0].IsKnown() || args[0].IsNull() || !args[1].IsKnown() || args[1].IsNull() {
			return nil
		}
		n, _ := args[0].AsBigFloat().Float64()
		if n*float64(1+strings.Count(args[1].AsString(), "\n")) > maxString {
			return errTooLarge
		}
		return nil
	}}
	if len(args) == 2 {
		if bare, _ := args[1].Unmark(); bare.IsKnown() && !bare.IsNull() && bare.Type() == cty.String && asset.HasHole(bare.AsString()) {
			spaces, _ := r.plain(args[0]).Unmark()
			spaces, err := r.convert(spaces, cty.Number)
			if err != nil {
				return cty.NilVal, err
			}
			if spaces.IsKnown() {
				ready := []cty.Value{spaces, bare}
				if err := fn.check(ready); err != nil {
					return cty.NilVal, err
				}
				return stdlib.IndentFunc.Call(ready)
			}
		}
	}
	return r.apply(fn, nil, args)
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

func sensitive(_ *Root, _ *frame, args []cty.Value) (cty.Value, error) {
	if len(args) != 1 {
		return cty.NilVal, errors.New("want one argument")
	}
	return args[0].Mark(secret{}), nil
}

func nonsensitive(_ *Root, _ *frame, args []cty.Value) (cty.Value, error) {
	if len(args) != 1 {
		return cty.NilVal, errors.New("want one argument")
	}
	bare, marks := args[0].Unmark()
	delete(marks, secret{})
	return bare.WithMarks(marks), nil
}

func isSensitive(r *Root, _ *frame, args []cty.Value) (cty.Value, error) {
	if len(args) != 1 {
		return cty.NilVal, errors.New("want one argument")
	}
	return cty.BoolVal(r.isSecret(args[0])), nil
}

// conversion is one of the to... functions.
func (r *Root) conversion(args []cty.Value, ty cty.Type) (cty.Value, error) {
	if len(args) != 1 {
		return cty.NilVal, errors.New("want one argument")
	}
	v, err := r.convert(args[0], ty)
	if err != nil {
		return cty.NilVal, err
	}
	return v, nil
}

func toString(r *Root, _ *frame, args []cty.Value) (cty.Value, error) {
	return r.conversion(args, cty.String)
}
func toNumber(r *Root, _ *frame, args []cty.Value) (cty.Value, error) {
	return r.conversion(args, cty.Number)
}
func toBool(r *Root, _ *frame, args []cty.Value) (cty.Value, error) {
	return r.conversion(args, cty.Bool)
}
func toList(r *Root, _ *frame, args []cty.Value) (cty.Value, error) {
	return r.conversion(args, cty.List(cty.DynamicPseudoType))
}
func toSet(r *Root, _ *frame, args []cty.Value) (cty.Value, error) {
	return r.conversion(args, cty.Set(cty.DynamicPseudoType))
}
func toMap(r *Root, _ *frame, args []cty.Value) (cty.Value, error) {
	return r.conversion(args, cty.Map(cty.DynamicPseudoType))
}

// list and legacyMap are functions of old Terraform versions.
func list(_ *Root, _ *frame, args []cty.Value) (cty.Value, error) { return cty.TupleVal(args), nil }

func legacyMap(r *Root, _ *frame, args []cty.Value) (cty.Value, error) {
	if len(args)%2 != 0 {
		return cty.NilVal, errors.New("want keys and values")
	}
	entries := map[string]cty.Value{}
	for i := 0; i < len(args); i += 2 {
		key, known, err := r.keyText(args[i])
		if err != nil {
			return cty.NilVal, err
		}
		if !known {
			about := r.inspect(args...)
			return sameSecrecy(unknown(cty.DynamicPseudoType, about.list()...), about), nil
		}
		entries[key] = args[i+1]
	}
	return cty.ObjectVal(entries), nil
}

// typeOf is the type of a value, for the console; nothing depends on its text.
func typeOf(r *Root, _ *frame, args []cty.Value) (cty.Value, error) {
	if len(args) != 1 {
		return cty.NilVal, errors.New("want one argument")
	}
	about := r.inspect(args[0])
	if args[0].Type() == cty.DynamicPseudoType {
		return sameSecrecy(unknown(cty.String, about.list()...), about), nil
	}
	return cty.StringVal(args[0].Type().FriendlyName()), nil
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
