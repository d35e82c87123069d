// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"cmp"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// Origin says which attribute of which resource supplies exactly the value of
// the attribute.
func (b *Block) Origin(name string) (address, attribute string, ok bool) {
	v, written := b.attr(name)
	if !written {
		return "", "", false
	}
	o, ok := resourceOf(v)
	return o.address, o.attribute, ok
}

// resourceOf is the nearest origin that is a resource's attribute.
func resourceOf(v cty.Value) (origin, bool) {
	if o, ok := shallow[object](v); ok {
		return origin{address: o.block.top().Address, attribute: "id"}, true
	}
	o, ok := originOf(v)
	return o, ok && o.attribute != ""
}

// Ref is a relation to the resource whose attribute the value is, else to what
// the literal value names. Of a value that one resource takes from another, both
// could be meant; types, if given, are those that are.
func (b *Block) Ref(name string, types ...string) asset.Ref {
	at := b.sourceOf(name)
	v, ok := b.attr(name)
	if !ok {
		return asset.NoRef(at)
	}
	return b.ref(v, at, types)
}

func (b *Block) ref(v cty.Value, at *asset.Source, types []string) asset.Ref {
	r := b.root
	if address, ok := referred(v, types); ok {
		return asset.RefTo(r.id(address), at)
	}
	s := b.element(v, at)
	switch text, known := s.Get(); {
	case isNull(v) || known && text == "":
		return asset.NoRef(at)
	case known:
		return asset.RefTo(text, at)
	}
	return asset.UnknownRef(s.Reason(), at)
}

// referred is the address of the resource that a value identifies: the nearest
// of the types, else the nearest that is identified by such an attribute.
func referred(v cty.Value, types []string) (string, bool) {
	if o, ok := shallow[object](v); ok {
		return o.block.top().Address, len(types) == 0 || slices.Contains(types, o.block.top().Type)
	}
	all := origins(v)
	slices.SortFunc(all, func(a, b origin) int {
		return cmp.Or(cmp.Compare(a.hop, b.hop), strings.Compare(a.address, b.address))
	})
	first := ""
	for _, o := range all {
		if o.attribute == "" {
			continue
		}
		if first == "" {
			first = o.address
		}
		if len(types) == 0 && identifies(o.attribute) || slices.Contains(types, typeIn(o.address)) {
			return o.address, true
		}
	}
	return first, first != "" && len(types) == 0
}

// identifies reports whether attributes of that name say which thing it is.
func identifies(attribute string) bool {
	switch attribute {
	case "id", "arn", "name", "bucket", "key_id", "function_name", "url":
		return true
	}
	return false
}

// typeIn is the resource type in an address: aws_s3_bucket in
// module.a["x"].aws_s3_bucket.b[0].
func typeIn(address string) string {
	for strings.HasPrefix(address, "module.") {
		rest := address[len("module."):]
		at := nameEnd(rest)
		if at < 0 {
			return ""
		}
		address = rest[at+1:]
	}
	typ, _, _ := strings.Cut(strings.TrimPrefix(address, "data."), ".")
	return typ
}

// nameEnd is where the first dot stands that is in no instance key.
func nameEnd(s string) int {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && quoted:
			i++
		case c == '"':
			quoted = !quoted
		case c == '.' && !quoted:
			return i
		}
	}
	return -1
}

// Refs are the relations of a list attribute.
func (b *Block) Refs(name string, types ...string) asset.List[asset.Ref] {
	elems, why, rd := b.elements(name)
	switch {
	case rd.why != "":
		return asset.UnknownList[asset.Ref](rd.why, rd.at)
	case rd.absent:
		return asset.DefaultList[asset.Ref](nil, rd.at)
	}
	refs := make([]asset.Ref, 0, len(elems))
	for _, elem := range elems {
		refs = append(refs, b.ref(elem, rd.at, types))
	}
	if why != "" {
		return asset.OpenList(refs, why, rd.at)
	}
	return asset.ListOf(refs, rd.at)
}

// id is the asset id of an address in this root.
func (r *Root) id(address string) string { return r.Dir + "//" + address }
