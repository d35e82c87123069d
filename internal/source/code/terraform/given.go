// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"strings"

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
	if bare, _ := v.Unmark(); !bare.IsKnown() && computed(v) {
		return asset.Known(true, at)
	}
	return asset.Then(b.Text(name), func(text asset.Text, _ *asset.Source) asset.Value[bool] {
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

// computed reports whether the value is what the provider will call a thing.
func computed[V marked](v V) bool {
	o, ok := resourceOf(v)
	return ok && (identifies(o.attribute) || strings.HasSuffix(o.attribute, "_arn") || strings.HasSuffix(o.attribute, "_id"))
}

// Texts is a list or set of strings that keep their shape where parts of them
// are unknown.
func (b *Block) Texts(name string) asset.List[asset.Value[asset.Text]] {
	elems, why, rd := b.elements(name)
	switch {
	case rd.why != "":
		return asset.UnknownList[asset.Value[asset.Text]](rd.why, rd.at)
	case rd.absent:
		return asset.DefaultList[asset.Value[asset.Text]](nil, rd.at)
	}
	list := make([]asset.Value[asset.Text], 0, len(elems))
	for _, elem := range elems {
		list = append(list, b.text(elem, rd.at))
	}
	if why != "" {
		return asset.OpenList(list, why, rd.at)
	}
	return asset.ListOf(list, rd.at)
}
