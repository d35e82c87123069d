// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"github.com/zclconf/go-cty/cty"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// Given answers whether an attribute has a value that is not empty. A value
// that only the apply will tell, such as the ARN of another resource, is one.
func (b *Block) Given(name string) asset.Value[bool] {
	at := b.sourceOf(name)
	v, ok := b.attr(name)
	if !ok || isNull(v) {
		return asset.Default(false, at)
	}
	return asset.Then(b.textOf(name, v, at), func(text asset.Text, _ *asset.Source) asset.Value[bool] {
		for _, part := range text.Parts() {
			if part.Hole == nil || part.Hole.Computed != "" {
				return asset.Known(true, at)
			}
		}
		if text.IsKnown() {
			return asset.Known(false, at)
		}
		return asset.Unknown[bool](text.Reason(), at)
	})
}

// Texts is a list or set of strings that keep their shape where parts of them
// are unknown. A string that is unknown as a whole is one hole.
func (b *Block) Texts(name string) asset.List[asset.Value[asset.Text]] {
	at := b.sourceOf(name)
	v, ok := b.attr(name)
	if !ok || isNull(v) {
		return asset.DefaultList[asset.Value[asset.Text]](nil, at)
	}
	elems, more := b.members(name, v)
	list := make([]asset.Value[asset.Text], len(elems))
	for i, elem := range elems {
		list[i] = b.textOf(name, elem, at)
	}
	switch {
	case more == "":
		return asset.ListOf(list, at)
	case len(list) == 0:
		return asset.UnknownList[asset.Value[asset.Text]](more, at)
	}
	return asset.OpenList(list, more, at)
}

// members are the elements of a list with their holes, and why there may be
// more.
func (b *Block) members(name string, v cty.Value) (elems []cty.Value, more string) {
	about := b.root.inspect(v)
	bare, marks := v.Unmark()
	ty := bare.Type()
	switch {
	case about.secret:
		return nil, secretReason
	case !bare.IsKnown():
		if elems, more, ok := b.parts(name); ok {
			return elems, more
		}
		return nil, about.reason()
	case !ty.IsTupleType() && !ty.IsListType() && !ty.IsSetType():
		return nil, name + " is not a list"
	}
	for it := bare.ElementIterator(); it.Next(); {
		_, elem := it.Element()
		elems = append(elems, inherit(elem, marks))
	}
	return elems, ""
}

// textOf is a string with its holes; one hole where it is unknown as a whole.
func (b *Block) textOf(name string, v cty.Value, at *asset.Source) asset.Value[asset.Text] {
	r := b.root
	bare, _ := v.Unmark()
	switch {
	case r.inspect(v).secret:
		return asset.Unknown[asset.Text](secretReason, at)
	case !bare.IsKnown():
		return asset.Known(r.compact(r.hole(v)), at)
	case bare.IsNull():
		return asset.Unknown[asset.Text](name+" has an element that is null", at)
	}
	text, err := r.convert(bare, cty.String)
	if err != nil {
		return asset.Unknown[asset.Text](name+": "+err.Error(), at)
	}
	return asset.Known(r.compact(text.AsString()), at)
}
