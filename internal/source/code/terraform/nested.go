// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"fmt"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// Block returns the one nested block of that name. It is never nil: where none
// is written, the answer is an absent block, whose attributes are all absent;
// where it is not known whether there is one, all its attributes are unknown.
func (b *Block) Block(name string) *Block {
	list := b.Blocks(name)
	if elems := list.Elems(); len(elems) > 0 {
		return elems[0]
	}
	none := &Block{Type: name, Address: b.Address + "." + name, root: b.root, inst: b.inst, frame: b.frame, owner: b, path: b.path + name + "[0]."}
	if reason, open := list.More(); open {
		none.missing = reason
		none.src = list.Source()
		if none.src.State() == asset.Unread {
			none.src = b.Source()
		}
		return none
	}
	none.absent = true
	return none
}

// Blocks returns the nested blocks of that name, also those that a dynamic
// block makes and those that are written as an attribute. The list is open
// where it is not known how many there are.
func (b *Block) Blocks(name string) asset.List[*Block] {
	if b.absent {
		return asset.DefaultList[*Block](nil, b.Source())
	}
	if b.missing != "" {
		return asset.UnknownList[*Block](b.missing, b.Source())
	}
	c := children{of: b, name: name}
	if b.body != nil {
		for _, nested := range b.body.Blocks {
			switch {
			case nested.Type == name:
				c.add(&Block{syntax: nested, body: nested.Body, frame: b.frame})
			case nested.Type == "dynamic" && len(nested.Labels) == 1 && nested.Labels[0] == name:
				c.dynamic(nested)
			}
		}
	}
	if v, ok := b.attr(name); ok {
		c.attribute(v)
	}
	switch {
	case c.why != "":
		return asset.OpenList(c.list, c.why, c.at)
	case len(c.list) == 0 && !b.Declared(name):
		return asset.DefaultList[*Block](nil, b.Source())
	}
	return asset.ListOf(c.list, b.Source())
}

// children gathers the nested blocks of one name.
type children struct {
	of   *Block
	name string
	list []*Block
	why  string // why there may be more
	at   *asset.Source
}

func (c *children) add(nested *Block) {
	of := c.of
	nested.Type = c.name
	nested.path = fmt.Sprintf("%s%s[%d].", of.path, c.name, len(c.list))
	nested.Address = fmt.Sprintf("%s.%s[%d]", of.Address, c.name, len(c.list))
	nested.root, nested.inst, nested.owner, nested.data = of.root, of.inst, of, of.data
	c.list = append(c.list, nested)
}

func (c *children) open(reason string, at *asset.Source) {
	if c.why == "" {
		c.why, c.at = reason, at
	}
}

// dynamic adds the blocks that a dynamic block makes.
func (c *children) dynamic(d *hclsyntax.Block) {
	r, f := c.of.root, c.of.frame
	at := r.blockSource(d)
	each := d.Body.Attributes["for_each"]
	var content *hclsyntax.Block
	for _, nested := range d.Body.Blocks {
		if nested.Type == "content" {
			content = nested
		}
	}
	if each == nil || content == nil {
		c.open("dynamic block has no for_each or no content", at)
		return
	}
	iterator := c.name
	if attr := d.Body.Attributes["iterator"]; attr != nil {
		if v, ok := attr.Expr.(*hclsyntax.ScopeTraversalExpr); ok {
			iterator = v.Traversal.RootName()
		} else if text, ok := literalString(attr.Expr); ok {
			iterator = text
		}
	}
	n := &node{name: c.of.Address + "." + c.name, at: location(each.SrcRange)}
	over := r.visit(n, func() cty.Value { return r.settle(each.Expr, f) })
	about := r.inspect(over)
	bare, marks := over.Unmark()
	switch {
	case r.isSecret(over):
		c.open(secretReason, at)
		return
	case !bare.IsKnown():
		c.open(about.reason(), at)
		return
	case bare.IsNull() || !bare.CanIterateElements():
		c.open("for_each of the dynamic block is no list, set or map", at)
		return
	case bare.LengthInt() > maxInstances:
		c.open(fmt.Sprintf("dynamic block makes more than %d blocks", maxInstances), at)
		return
	}
	isSet := bare.Type().IsSetType()
	for it := bare.ElementIterator(); it.Next(); {
		key, value := it.Element()
		value = inherit(value, marks)
		if isSet {
			key = value
		}
		item := cty.ObjectVal(map[string]cty.Value{"key": key, "value": value})
		c.add(&Block{syntax: content, body: content.Body, frame: f.with(iterator, item)})
	}
}

// attribute adds blocks written as ingress = [{...}] or ingress = {...}.
func (c *children) attribute(v cty.Value) {
	r := c.of.root
	at := c.of.sourceOf(c.name)
	bare, marks := v.Unmark()
	ty := bare.Type()
	switch {
	case r.isSecret(v):
		c.open(secretReason, at)
	case isWhole(v):
		c.add(&Block{value: v, written: at})
	case !bare.IsKnown():
		about := r.inspect(v)
		c.open(about.reason(), at)
	case bare.IsNull():
	case ty.IsObjectType() || ty.IsMapType():
		c.add(&Block{value: v, written: at})
	case ty.IsTupleType() || ty.IsListType() || ty.IsSetType():
		for it := bare.ElementIterator(); it.Next(); {
			_, elem := it.Element()
			if elem = inherit(elem, marks); isNull(elem) {
				continue
			}
			c.add(&Block{value: elem, written: at})
		}
	}
}
