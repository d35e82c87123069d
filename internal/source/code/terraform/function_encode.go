// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// jsonEncode writes a value as JSON. An unknown value in it becomes a string
// that is one hole, so that the document keeps its shape.
func jsonEncode(r *Root, _ *frame, args []cty.Value) (cty.Value, error) {
	if len(args) != 1 {
		return cty.NilVal, errors.New("want one argument")
	}
	if r.isSecret(args[0]) {
		return unknown(cty.String).Mark(secret{}), nil
	}
	var out bytes.Buffer
	if err := r.writeJSON(&out, args[0], nil); err != nil {
		return cty.NilVal, err
	}
	return cty.StringVal(out.String()), nil
}

func (r *Root) writeJSON(out *bytes.Buffer, v cty.Value, outer cty.ValueMarks) error {
	if out.Len() > maxString {
		return errTooLarge
	}
	v = inherit(v, outer)
	bare, marks := v.Unmark()
	ty := bare.Type()
	switch {
	case !bare.IsKnown() || r.isSecret(v):
		return writeString(out, r.hole(v))
	case bare.IsNull():
		out.WriteString("null")
	case ty == cty.String:
		return writeString(out, bare.AsString())
	case ty == cty.Bool:
		fmt.Fprint(out, bare.True())
	case ty == cty.Number:
		text, err := r.convert(bare, cty.String)
		if err != nil {
			return err
		}
		out.WriteString(text.AsString())
	case ty.IsObjectType() || ty.IsMapType():
		sep := byte('{')
		for it := bare.ElementIterator(); it.Next(); sep = ',' {
			key, elem := it.Element()
			key, _ = key.Unmark()
			out.WriteByte(sep)
			if err := writeString(out, key.AsString()); err != nil {
				return err
			}
			out.WriteByte(':')
			if err := r.writeJSON(out, elem, marks); err != nil {
				return err
			}
		}
		if sep == '{' {
			out.WriteByte(sep)
		}
		out.WriteByte('}')
	case bare.CanIterateElements():
		sep := byte('[')
		for it := bare.ElementIterator(); it.Next(); sep = ',' {
			_, elem := it.Element()
			out.WriteByte(sep)
			if err := r.writeJSON(out, elem, marks); err != nil {
				return err
			}
		}
		if sep == '[' {
			out.WriteByte(sep)
		}
		out.WriteByte(']')
	default:
		return fmt.Errorf("cannot encode %s", ty.FriendlyName())
	}
	return nil
}

func writeString(out *bytes.Buffer, s string) error {
	text, err := json.Marshal(s)
	out.Write(text)
	return err
}

// jsonDecode reads JSON. Holes in its strings stay; a string that is one hole
// may be anything, so it becomes an unknown value.
func jsonDecode(r *Root, _ *frame, args []cty.Value) (cty.Value, error) {
	about := r.inspect(args...)
	if len(args) != 1 {
		return cty.NilVal, errors.New("want one argument")
	}
	bare, _ := args[0].Unmark()
	text, err := r.convert(bare, cty.String)
	if err != nil {
		return cty.NilVal, err
	}
	if !text.IsKnown() {
		return sameSecrecy(unknown(cty.DynamicPseudoType, about.list()...), about), nil
	}
	if checkNesting([]cty.Value{text}) != nil {
		return cty.NilVal, errTooDeep
	}
	v, err := stdlib.JSONDecode(text)
	if err != nil {
		if about.holed {
			return unknown(cty.DynamicPseudoType, about.list()...), nil
		}
		return cty.NilVal, errors.New("text is not JSON")
	}
	if about.holed {
		v, err = cty.Transform(v, func(_ cty.Path, v cty.Value) (cty.Value, error) { return r.filled(v), nil })
		if err != nil {
			return cty.NilVal, err
		}
	}
	return sameSecrecy(r.checkedNumbers(v), about), nil
}

// checkNesting refuses texts that a recursive decoder cannot take.
func checkNesting(args []cty.Value) error {
	if !args[0].IsKnown() || args[0].IsNull() || args[0].Type() != cty.String {
		return nil
	}
	depth := 0
	for _, c := range []byte(args[0].AsString()) {
		switch c {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		if depth > maxNesting {
			return errTooDeep
		}
	}
	return nil
}

// filled is a string that is exactly one hole as the unknown value that the
// hole stands for.
func (r *Root) filled(v cty.Value) cty.Value {
	if !v.IsKnown() || v.IsNull() || v.Type() != cty.String {
		return v
	}
	parts := asset.NewText(v.AsString(), r.holes...).Parts()
	if len(parts) != 1 || parts[0].Hole == nil {
		return v
	}
	filled := unknown(cty.DynamicPseudoType, parts[0].Hole.Reason)
	for o, i := range r.holeOf {
		if asset.HoleMark(i) == v.AsString() {
			filled = filled.Mark(o)
		}
	}
	return filled
}

// checkedNumbers refuses absurd numbers in decoded data.
func (r *Root) checkedNumbers(v cty.Value) cty.Value {
	bad := false
	_ = cty.Walk(v, func(_ cty.Path, v cty.Value) (bool, error) {
		_, err := checkNumber(v)
		bad = bad || err != nil
		return !bad, nil
	})
	if bad {
		return unknown(cty.DynamicPseudoType, "number is out of range")
	}
	return v
}
