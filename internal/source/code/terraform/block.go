// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// Block is a block with values: an instance of a resource or data source, a
// provider's configuration, or a block nested in one of these.
//
// A Block is read by the goroutine that uses its [Root].
type Block struct {
	// Type and Name are the labels: "aws_s3_bucket", "logs". For a nested block
	// Type is what it is called and Name is "".
	Type, Name string
	// Address is Terraform's address: module.a["x"].aws_s3_bucket.b[0]. A nested
	// block has the address of what it is nested in and its path in there.
	Address string
	// Symbolic says why it is not known how many instances there are: the block
	// stands for all of them. "" for exactly one.
	Symbolic string

	root  *Root
	inst  *instance
	frame *frame
	owner *Block // for a nested block
	path  string // for a nested block: where it is in the outermost block
	doubt string // for a symbolic block: what the number of instances depends on
	data  bool

	// What it holds: a body, the value of an attribute that is written where
	// others write a block, or nothing.
	syntax  *hclsyntax.Block
	body    *hclsyntax.Body
	value   cty.Value
	written *asset.Source // where value is written

	absent  bool
	missing string // why nothing of it is known

	src   *asset.Source
	nodes map[string]*node
}

// blockSet is all instances of one resource or data source in one module
// instance.
type blockSet struct {
	list []*Block
	node
}

// resource is the value of a reference to a resource or data source.
func (r *Root) resource(inst *instance, b *hclsyntax.Block, name string) (cty.Value, error) {
	if b == nil {
		return cty.NilVal, notDeclared(name)
	}
	set := r.expand(inst, b)
	if !set.done {
		return r.cycle(&set.node), nil
	}
	return set.node.value, nil
}

// notDeclared is the error of a reference to a block that is not there: its
// address in the module.
type notDeclared string

func (name notDeclared) Error() string { return string(name) + " is not declared" }

// expand makes the instances of a resource or data source.
func (r *Root) expand(inst *instance, b *hclsyntax.Block) *blockSet {
	if set := inst.sets[b]; set != nil {
		return set
	}
	if inst.sets == nil {
		inst.sets = map[*hclsyntax.Block]*blockSet{}
	}
	address := b.Labels[0] + "." + b.Labels[1]
	if b.Type == "data" {
		address = "data." + address
	}
	address = inst.qualify(address)
	set := &blockSet{node: node{name: address, at: blockLocation(b)}}
	inst.sets[b] = set
	r.visit(&set.node, func() cty.Value {
		rep := r.repeat(b.Body, &frame{inst: inst}, address, blockLocation(b), maxBlocks-r.blocks)
		symbolic, doubt := rep.symbolic, rep.doubt
		if symbolic == "" {
			symbolic, doubt = inst.symbolicReason()
		}
		for _, one := range rep.each {
			r.blocks++
			set.list = append(set.list, &Block{
				Type: b.Labels[0], Name: b.Labels[1], Address: address + one.suffix, Symbolic: symbolic,
				root: r, inst: inst, frame: one.frame, data: b.Type == "data", syntax: b, body: b.Body, doubt: doubt,
			})
		}
		return rep.value(func(i int) cty.Value { return cty.DynamicVal.Mark(object{set.list[i]}) },
			func() any { return instances{block: set.list[0]} })
	})
	return set
}

// maxBlocks bounds the instances of one root.
const maxBlocks = 500_000

// top is the block that has an address of its own.
func (b *Block) top() *Block {
	for b.owner != nil {
		b = b.owner
	}
	return b
}

// Source is where the block is written.
func (b *Block) Source() *asset.Source {
	switch {
	case b.src != nil:
	case b.written != nil:
		b.src = b.written
	case b.syntax != nil:
		b.src = b.root.blockSource(b.syntax)
	case b.owner != nil:
		b.src = b.owner.Source()
	default:
		b.src = asset.InCode(asset.Location{File: b.root.Dir})
	}
	return b.src
}

func (r *Root) blockSource(b *hclsyntax.Block) *asset.Source {
	src := r.blockSources[b]
	if src == nil {
		src = asset.InCode(blockLocation(b))
		r.blockSources[b] = src
	}
	return src
}

// sourceOf is where an attribute is written; the block where it is not.
func (b *Block) sourceOf(name string) *asset.Source {
	if b.body == nil {
		return b.Source()
	}
	attr := b.body.Attributes[name]
	if attr == nil {
		return b.Source()
	}
	src := b.root.attrSources[attr]
	if src == nil {
		src = asset.InCode(location(attr.SrcRange))
		b.root.attrSources[attr] = src
	}
	return src
}

// IsAbsent reports whether the block is not written at all. All its attributes
// are absent too.
func (b *Block) IsAbsent() bool { return b.absent }

// Declared reports whether an attribute or nested block of that name is
// written and is not null.
func (b *Block) Declared(name string) bool {
	if b.missing != "" {
		return false
	}
	if b.body != nil {
		for _, nested := range b.body.Blocks {
			if nestedType(nested) == name {
				return true
			}
		}
	}
	v, ok := b.attr(name)
	return ok && !isNull(v)
}

// attr is the value of an attribute as written, and whether it is written.
func (b *Block) attr(name string) (cty.Value, bool) {
	switch {
	case b.absent:
		return cty.NilVal, false
	case b.missing != "":
		return unknown(cty.DynamicPseudoType, b.missing), true
	case b.body == nil:
		return b.member(name)
	}
	attr := b.body.Attributes[name]
	if attr == nil {
		return cty.NilVal, false
	}
	n := b.nodes[name]
	if n == nil {
		if b.nodes == nil {
			b.nodes = make(map[string]*node, len(b.body.Attributes))
		}
		n = &node{name: b.Address + "." + name, at: location(attr.SrcRange)}
		b.nodes[name] = n
	}
	return b.root.visit(n, func() cty.Value { return b.root.settle(attr.Expr, b.frame) }), true
}

// member is an attribute of a block that is written as an object.
func (b *Block) member(name string) (cty.Value, bool) {
	bare, marks := b.value.Unmark()
	ty := bare.Type()
	if !bare.IsKnown() || isWhole(b.value) {
		v, err := b.root.attribute(b.value, name)
		if err != nil {
			return cty.NilVal, false
		}
		return v, true
	}
	if bare.IsNull() || !ty.IsObjectType() && !ty.IsMapType() {
		return cty.NilVal, false
	}
	v, ok := memberOf(bare, name)
	if !ok {
		return cty.NilVal, false
	}
	return inherit(v, marks), true
}

// refer is the value that a reference to an attribute of the block has.
func (b *Block) refer(name string) cty.Value {
	r, top := b.root, b.top()
	by := origin{address: top.Address, attribute: b.path + name}
	if v, ok := b.attr(name); ok && !isNull(v) {
		if top.Symbolic != "" {
			v = uncertain(r, v, top.Symbolic)
		}
		return supplied(v, by)
	}
	if list := b.Blocks(name); b.nests(name) {
		if reason, open := list.More(); open {
			return supplied(unknown(cty.DynamicPseudoType, reason), by)
		}
		values := make([]cty.Value, 0, len(list.Elems()))
		for _, nested := range list.Elems() {
			values = append(values, cty.DynamicVal.Mark(object{nested}))
		}
		return cty.TupleVal(values)
	}
	if b.data {
		return supplied(r.dataAttribute(b, name), by)
	}
	reason := top.Address + "." + b.path + name + " is known after apply"
	reasons := []string{reason}
	if top.Symbolic != "" {
		reasons = append(reasons, top.Symbolic)
	}
	return unknown(computedType(name), reasons...).Mark(by)
}

// nests reports whether a nested block of that name is written.
func (b *Block) nests(name string) bool {
	if b.body == nil {
		return false
	}
	for _, nested := range b.body.Blocks {
		if nestedType(nested) == name {
			return true
		}
	}
	return false
}

// computedType guesses the type of an attribute that the provider computes.
// The names that are strings in every provider are worth knowing, because a
// list of unknown strings keeps its elements.
func computedType(name string) cty.Type {
	switch name {
	case "id", "arn", "name", "bucket", "key_id", "url":
		return cty.String
	}
	if strings.HasSuffix(name, "_id") || strings.HasSuffix(name, "_arn") || strings.HasSuffix(name, "_name") {
		return cty.String
	}
	return cty.DynamicPseudoType
}
