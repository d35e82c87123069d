// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cloudformation

import (
	"fmt"
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// Resource is a resource of a template. Its properties are read through the
// methods of its Block. A Resource is read by the goroutine that uses its [Stack].
type Resource struct {
	// Type is the resource type: "AWS::S3::Bucket".
	Type string
	// LogicalID is what its template calls it.
	LogicalID string
	// Address is the logical id, with those of the stacks that it is nested in:
	// "Data/Bucket".
	Address string
	// Symbolic says why it is not known whether it exists, or how many there are:
	// its condition, or a loop. "" for exactly one.
	Symbolic string

	*properties

	stack     *Stack
	scope     *scope
	frame     *frame
	node      *node
	at        span
	condition string
	doubts    string // why Symbolic, within its template
	doubt     string // the same, of the loop only
	nested    *scope
	make      func() *value // its properties, where a transform makes them
}

// properties is a block as the part of a resource that holds its settings.
type properties = Block

// finish evaluates the resource's properties, once, when all resources are known.
func (r *Resource) finish() {
	if r.properties != nil {
		return
	}
	r.properties = &Block{resource: r, value: unknownValue(r.Address+" depends on itself", r.at), at: r.at}
	var v *value
	if r.make != nil {
		v = r.make()
	} else {
		v = r.frame.eval(r.node.get("Properties"))
	}
	if v.kind == nothing {
		v = &value{kind: object, at: r.at}
	}
	r.properties = &Block{resource: r, value: v, at: r.at}
}

// Source is where the resource is written.
func (r *Resource) Source() *asset.Source { return r.stack.source(r.at) }

// Asset starts the asset that the resource declares: everything but its config.
// Without a name it takes the path that the CDK gave it, if any.
func (r *Resource) Asset(typ, name string) *asset.Asset {
	provider, _, _ := strings.Cut(typ, ".")
	a := &asset.Asset{
		Type: typ, ID: r.stack.id(r.Address), Name: name, Address: r.Address, Origin: asset.Code, Root: r.stack.File,
		Scope:    asset.Scope{Provider: provider, Account: r.stack.opts.Account, Region: r.stack.opts.Region},
		Location: location(r.at), Via: r.scope.via, Symbolic: r.Symbolic, Tags: r.Tags(),
	}
	if path := r.node.get("Metadata").get("aws:cdk:path").scalar(); path != "" && name == "" {
		a.Name = strings.TrimSuffix(path, "/Resource")
	}
	return a
}

// Part is the i-th block in a list, as a resource of its own, for blocks that
// stand for assets: its address is that of the resource with the list and index.
func (r *Resource) Part(b *Block, i int) *Resource {
	part := *r
	part.Address = fmt.Sprintf("%s.%s[%d]", r.Address, strings.TrimSuffix(b.path, "."), i)
	part.at = b.at
	part.properties = b
	return &part
}

// Properties are the resource's properties as a block.
func (r *Resource) Properties() *Block { return r.properties }

// Self is a relation to the resource.
func (r *Resource) Self() asset.Ref { return asset.RefTo(r.stack.id(r.Address), r.Source()) }

// Tags are the tags that the resource declares.
func (r *Resource) Tags() asset.Map[string] {
	rd := r.read("Tags")
	switch {
	case rd.value.kind == object:
		return r.StringMap("Tags")
	case rd.value.kind == nothing:
		return asset.DefaultMap[string](nil, rd.at)
	}
	tags := r.Blocks("Tags")
	reason, open := tags.More()
	entries := map[string]asset.Value[string]{}
	for _, tag := range tags.Elems() {
		key := tag.String("Key")
		if name, known := key.Get(); known {
			entries[name] = tag.String("Value")
		} else {
			open, reason = true, key.Reason()
		}
	}
	switch {
	case open && len(entries) == 0:
		return asset.UnknownMap[string](reason, rd.at)
	case open:
		return asset.OpenMap(entries, reason, rd.at)
	}
	return asset.MapOf(entries, rd.at)
}

// Block is an object with values: the properties of a resource, or an object
// nested in them. Names of properties may be paths: "VersioningConfiguration.Status".
type Block struct {
	resource *Resource
	value    *value
	at       span
	path     string
}

// IsAbsent reports whether the block is not written at all. All its properties
// are absent too.
func (b *Block) IsAbsent() bool { return b.value.kind == nothing }

// IsWritten answers whether the block is there: unknown where that hangs on a
// condition.
func (b *Block) IsWritten() asset.Value[bool] {
	switch {
	case b.value.kind == nothing:
		return asset.Default(false, b.Source())
	case b.value.mayBeNothing(), b.value.kind == unknown && len(b.value.alts) == 0:
		return asset.Unknown[bool](b.value.reason(), b.Source())
	}
	return asset.Known(true, b.Source())
}

// Source is where the block is written.
func (b *Block) Source() *asset.Source { return b.resource.stack.source(b.at) }

// Address is the address of the resource, with the path inside it.
func (b *Block) Address() string { return strings.TrimSuffix(b.resource.Address+"."+b.path, ".") }

// Resource is the resource that the block is a part of.
func (b *Block) Resource() *Resource { return b.resource }

// found is a property: its value, and where it is written, or where it is not.
type found struct {
	value *value
	at    span
}

// lookup walks a path.
func (b *Block) lookup(path string) found {
	at := found{b.value, b.at}
	for path != "" {
		name, rest, _ := strings.Cut(path, ".")
		at = step(at, name)
		path = rest
	}
	return at
}

func step(from found, name string) found {
	v := from.value
	switch v.kind {
	case object:
		for i := range v.members {
			if m := &v.members[i]; m.key == name {
				return found{m.value, m.at}
			}
		}
		if v.more != "" {
			return found{unknownValue(v.more, from.at), from.at}
		}
	case unknown:
		if len(v.alts) == 0 || v.secret {
			return from
		}
		members := make([]*value, len(v.alts))
		for i, alt := range v.alts {
			members[i] = step(found{alt, from.at}, name).value
		}
		return found{choose(v.why, from.at, members...), from.at}
	case nothing:
	case scalar, list:
		return found{unknownValue(name+" is looked up in something that is not an object", from.at), from.at}
	}
	return found{&value{at: from.at}, from.at}
}

// Block returns the nested object of that name. It is never nil: where none is
// written, the answer is an absent block; where it is not known whether there is
// one, all its properties are unknown.
func (b *Block) Block(path string) *Block {
	at := b.lookup(path)
	return &Block{resource: b.resource, value: at.value, at: at.at, path: b.path + path + "."}
}

// Blocks returns the objects in a list. The list is open where it is not known
// how many there are. One object stands for a list of one.
func (b *Block) Blocks(path string) asset.List[*Block] {
	rd := b.read(path)
	nested := func(v *value) *Block {
		return &Block{resource: b.resource, value: v, at: v.at, path: b.path + path + "."}
	}
	switch v := rd.value; v.kind {
	case nothing:
		return asset.DefaultList[*Block](nil, rd.at)
	case object:
		return asset.ListOf([]*Block{nested(v)}, rd.at)
	case list:
		blocks := make([]*Block, 0, len(v.elems))
		for _, e := range v.elems {
			blocks = append(blocks, nested(e))
		}
		if v.more != "" {
			return asset.OpenList(blocks, v.more, rd.at)
		}
		return asset.ListOf(blocks, rd.at)
	case unknown:
		var blocks []*Block
		for _, e := range common(v) {
			blocks = append(blocks, nested(e))
		}
		return asset.OpenList(blocks, v.reason(), rd.at)
	case scalar:
	}
	return asset.UnknownList[*Block](path+" is not a list of objects", rd.at)
}

// common are the elements that a list has, whichever alternative it turns out
// to be.
func common(v *value) []*value {
	if len(v.alts) == 0 || v.secret {
		return nil
	}
	var all []*value
	first := v.alts[0]
	for _, e := range first.elems {
		everywhere := true
		for _, alt := range v.alts[1:] {
			everywhere = everywhere && contains(alt.elems, e)
		}
		if everywhere {
			all = append(all, e)
		}
	}
	return all
}
