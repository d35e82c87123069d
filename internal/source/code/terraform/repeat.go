// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// maxInstances bounds count and for_each of one block.
const maxInstances = 10_000

// repetition is what count or for_each of a block comes to.
type repetition struct {
	kind repetitionKind
	each []repeated
	// symbolic says why the number is not known; each then holds the one
	// instance that stands for all.
	symbolic string
	// doubt identifies what the unknown number depends on: blocks with the same
	// doubt have the same number of instances.
	doubt string
	keys  []string // for keyed
}

type repetitionKind uint8

const (
	single repetitionKind = iota
	counted
	keyed
	uncounted
)

// repeated is one instance: what goes behind the address, and where the
// block's expressions are evaluated.
type repeated struct {
	suffix string
	frame  *frame
}

// doubtOf identifies an expression by its text and the module instance that
// evaluates it.
func (i *instance) doubtOf(kind string, attr *hclsyntax.Attribute) string {
	rng := attr.Expr.Range()
	src := i.module.text[rng.Filename]
	if rng.Start.Byte < 0 || rng.End.Byte > len(src) || rng.Start.Byte > rng.End.Byte {
		return location(rng).String()
	}
	text := strings.Join(strings.Fields(string(src[rng.Start.Byte:rng.End.Byte])), " ")
	return i.address + " " + kind + " " + text
}

// value is the value of a reference to the block: one thing, a tuple, an
// object, or instances of unknown number.
func (rep repetition) value(one func(i int) cty.Value, many func() any) cty.Value {
	switch rep.kind {
	case single:
		return one(0)
	case uncounted:
		return unknown(cty.DynamicPseudoType, rep.symbolic).Mark(many())
	case counted:
		values := make([]cty.Value, len(rep.each))
		for i := range values {
			values[i] = one(i)
		}
		return cty.TupleVal(values)
	case keyed:
	}
	values := make(map[string]cty.Value, len(rep.each))
	for i, key := range rep.keys {
		values[key] = one(i)
	}
	return cty.ObjectVal(values)
}

// repeat evaluates count and for_each of a block. limit is how many instances
// the root as a whole may still make.
func (r *Root) repeat(body *hclsyntax.Body, f *frame, address string, at asset.Location, limit int) repetition {
	if attr := body.Attributes["count"]; attr != nil {
		v := r.settle(attr.Expr, f)
		rep := r.counted(v, f, address, at, min(limit, maxInstances))
		rep.doubt = f.inst.doubtOf("count", attr)
		return rep
	}
	if attr := body.Attributes["for_each"]; attr != nil {
		v := r.settle(attr.Expr, f)
		rep := r.keyed(v, f, address, at, min(limit, maxInstances))
		rep.doubt = f.inst.doubtOf("for_each", attr)
		if many, ok := shallow[instances](v); ok {
			rep.doubt = many.doubt()
		}
		return rep
	}
	if limit <= 0 {
		return r.tooMany("", f, address, at, limit)
	}
	return repetition{each: []repeated{{"", f}}}
}

func (r *Root) counted(v cty.Value, f *frame, address string, at asset.Location, limit int) repetition {
	about := r.inspect(v)
	bare, _ := r.plain(v).Unmark()
	n, err := r.convert(bare, cty.Number)
	switch {
	case about.secret:
		return symbolicCount(f, "count: "+secretReason)
	case err != nil:
		return symbolicCount(f, "count: "+err.Error())
	case !n.IsKnown():
		return symbolicCount(f, "count: "+about.reason())
	case n.IsNull():
		return symbolicCount(f, "count is null")
	}
	number, exact := n.AsBigFloat().Int64()
	if exact != 0 && !n.AsBigFloat().IsInf() && n.AsBigFloat().IsInt() {
		return r.tooMany("count", f, address, at, limit)
	}
	switch {
	case exact != 0 || number < 0:
		return symbolicCount(f, "count is not a whole number")
	case number > int64(limit):
		return r.tooMany("count", f, address, at, limit)
	}
	rep := repetition{kind: counted, each: make([]repeated, number)}
	for i := range rep.each {
		index := cty.ObjectVal(map[string]cty.Value{"index": cty.NumberIntVal(int64(i))})
		rep.each[i] = repeated{"[" + strconv.Itoa(i) + "]", f.with("count", index)}
	}
	return rep
}

func (r *Root) keyed(v cty.Value, f *frame, address string, at asset.Location, limit int) repetition {
	about := r.inspect(v)
	bare, marks := v.Unmark()
	ty := bare.Type()
	switch {
	case r.isSecret(v):
		return symbolicEach(f, "for_each: "+secretReason, v)
	case !bare.IsKnown():
		return symbolicEach(f, "for_each: "+about.reason(), v)
	case bare.IsNull():
		return symbolicEach(f, "for_each is null", v)
	case !ty.IsMapType() && !ty.IsObjectType() && !ty.IsSetType():
		return symbolicEach(f, "for_each is neither a map nor a set", v)
	case ty.IsSetType() && about.open():
		return symbolicEach(f, "for_each: "+about.reason(), v)
	case bare.LengthInt() > limit:
		return r.tooMany("for_each", f, address, at, limit)
	}
	rep := repetition{kind: keyed}
	for it := bare.ElementIterator(); it.Next(); {
		key, value := it.Element()
		if ty.IsSetType() {
			key = value
		}
		key, _ = key.Unmark()
		if key.Type() != cty.String || key.IsNull() {
			return symbolicEach(f, "for_each is not a set of strings", v)
		}
		if asset.HasHole(key.AsString()) {
			return symbolicEach(f, "for_each: "+r.inspect(key).reason(), v)
		}
		each := cty.ObjectVal(map[string]cty.Value{"key": key, "value": inherit(value, marks)})
		rep.keys = append(rep.keys, key.AsString())
		rep.each = append(rep.each, repeated{"[" + strconv.Quote(key.AsString()) + "]", f.with("each", each)})
	}
	return rep
}

// tooMany is a block that would have more instances than are looked at.
func (r *Root) tooMany(by string, f *frame, address string, at asset.Location, limit int) repetition {
	reason := fmt.Sprintf("%s: more than %d instances", by, maxInstances)
	if limit < maxInstances {
		reason = "too many instances in this root module"
	}
	r.cover(address, at, asset.Partial, reason)
	if by == "count" {
		return symbolicCount(f, reason)
	}
	return symbolicEach(f, reason, cty.DynamicVal)
}

func symbolicCount(f *frame, reason string) repetition {
	index := cty.ObjectVal(map[string]cty.Value{"index": unknown(cty.Number, reason)})
	return repetition{kind: uncounted, symbolic: reason, each: []repeated{{"[*]", f.with("count", index)}}}
}

// symbolicEach is for_each over an unknown. Where that is another resource's
// instances, each.value is the one that stands for those.
func symbolicEach(f *frame, reason string, over cty.Value) repetition {
	value := unknown(cty.DynamicPseudoType, reason)
	if many, ok := shallow[instances](over); ok {
		// The same uncertainty has the same reason, so that joins see it.
		reason = many.reason()
		value = unknown(cty.DynamicPseudoType, reason)
		if many.block != nil {
			value = value.Mark(object{many.block})
		} else {
			value = value.Mark(outputs{many.of})
		}
	}
	each := cty.ObjectVal(map[string]cty.Value{"key": unknown(cty.String, reason), "value": value})
	return repetition{kind: uncounted, symbolic: reason, each: []repeated{{"[*]", f.with("each", each)}}}
}
