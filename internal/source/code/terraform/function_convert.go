// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"errors"

	"github.com/zclconf/go-cty/cty"
)

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
		if !known || r.isSecret(args[i]) {
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
