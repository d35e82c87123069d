// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"errors"
	"regexp"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"github.com/plumb-cspm/plumb/internal/asset"
)

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
