// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// maxModules bounds the module instances of one root: modules that call each
// other twice on ten levels are a thousand.
const maxModules = 20_000

// instance is one instance of a module: the root module itself, or what one
// module call with one instance key stands for.
type instance struct {
	root   *Root
	module *module // nil where the module is missing
	parent *instance
	call   *hclsyntax.Block // in parent; nil for the root
	frame  *frame           // in parent: where the call's arguments are evaluated

	address  string // module.a["x"].module.b; "" for the root
	key      string // a.b: the name in the manifest of downloaded modules
	path     string // path.module
	symbolic string // why it is not known how many such instances there are
	doubt    string // what that number depends on
	missing  string // why there is no module
	via      []asset.Location

	nodes map[string]*node
	calls map[string]*calls
	sets  map[*hclsyntax.Block]*blockSet
}

// calls are the instances that one module call makes.
type calls struct {
	list []*instance
	node
}

// qualify is the address of something inside the instance.
func (i *instance) qualify(name string) string {
	if i.address == "" {
		return name
	}
	return i.address + "." + name
}

// node returns the node with that name, which is made on first use.
func (i *instance) node(name, full string, at asset.Location) *node {
	if n := i.nodes[name]; n != nil {
		return n
	}
	if i.nodes == nil {
		i.nodes = map[string]*node{}
	}
	n := &node{name: full, at: at}
	i.nodes[name] = n
	return n
}

// symbolicReason says why it is not known how often the module, or one that
// calls it, is instantiated.
func (i *instance) symbolicReason() (reason, doubt string) {
	for ; i != nil; i = i.parent {
		if i.symbolic != "" {
			return i.symbolic, i.doubt
		}
	}
	return "", ""
}

// output is module.NAME.output for one instance.
func (r *Root) output(inst *instance, name string) (cty.Value, error) {
	full := inst.qualify("output." + name)
	if inst.missing != "" {
		return unknown(cty.DynamicPseudoType, inst.missing).Mark(origin{address: full}), nil
	}
	b := inst.module.outputs[name]
	if b == nil {
		return cty.NilVal, fmt.Errorf("%s has no output %q", inst.address, name)
	}
	n := inst.node("output."+name, full, blockLocation(b))
	return r.visit(n, func() cty.Value {
		attr := b.Body.Attributes["value"]
		if attr == nil {
			return unknown(cty.DynamicPseudoType, full+" has no value")
		}
		v := identified(r.settle(attr.Expr, &frame{inst: inst}), full)
		if isTrue(b, "sensitive") {
			v = v.Mark(secret{})
		}
		// What an output of an uncertain instance says holds if there is one.
		if inst.symbolic != "" {
			v = uncertain(r, v, inst.symbolic)
		}
		return v
	}), nil
}

// uncertain is a value of something that may not exist: unknown, though where
// it would come from is known.
func uncertain(r *Root, v cty.Value, reason string) cty.Value {
	if isWhole(v) {
		return v
	}
	about := r.inspect(v)
	result := unknown(v.Type(), append(about.list(), reason)...)
	for _, o := range origins(v) {
		result = result.Mark(o)
	}
	return sameSecrecy(result, about)
}

func isTrue(b *hclsyntax.Block, name string) bool {
	attr := b.Body.Attributes[name]
	if attr == nil {
		return false
	}
	lit, ok := attr.Expr.(*hclsyntax.LiteralValueExpr)
	return ok && lit.Val.RawEquals(cty.True)
}

// moduleCall is the value of module.NAME.
func (r *Root) moduleCall(inst *instance, name string) (cty.Value, error) {
	b := inst.module.calls[name]
	if b == nil {
		return cty.NilVal, fmt.Errorf("module.%s is not declared", name)
	}
	c := r.expandCall(inst, b)
	if !c.done {
		return r.cycle(&c.node), nil
	}
	return c.value, nil
}

// expandCall makes the instances of a module call.
func (r *Root) expandCall(inst *instance, b *hclsyntax.Block) *calls {
	name := b.Labels[0]
	if c := inst.calls[name]; c != nil {
		return c
	}
	if inst.calls == nil {
		inst.calls = map[string]*calls{}
	}
	address := inst.qualify("module." + name)
	c := &calls{node: node{name: address, at: blockLocation(b)}}
	inst.calls[name] = c
	r.visit(&c.node, func() cty.Value {
		rep := r.repeat(b.Body, &frame{inst: inst}, address, blockLocation(b), maxModules-r.instances)
		mod, missing := r.resolve(inst, b, address)
		for _, one := range rep.each {
			r.instances++
			child := &instance{
				root: r, module: mod, missing: missing, parent: inst, call: b, frame: one.frame,
				address: address + one.suffix, key: strings.TrimPrefix(inst.key+"."+name, "."),
				symbolic: rep.symbolic, doubt: rep.doubt,
				via: slices.Concat([]asset.Location{blockLocation(b)}, inst.via),
			}
			if mod != nil {
				child.path = relativePath(r.top.module.dir, mod.dir)
			}
			c.list = append(c.list, child)
		}
		return rep.value(func(i int) cty.Value {
			whole := cty.DynamicVal.Mark(outputs{c.list[i]})
			if missing != "" {
				whole = whole.Mark(why{missing})
			}
			return whole
		}, func() any { return instances{of: c.list[0]} })
	})
	return c
}

func relativePath(from, to string) string {
	rel, err := filepath.Rel(from, to)
	if err != nil {
		return filepath.ToSlash(to)
	}
	return filepath.ToSlash(rel)
}

// resolve finds the module that a call means, or the reason why it is missing,
// which is coverage too.
func (r *Root) resolve(inst *instance, b *hclsyntax.Block, address string) (*module, string) {
	at := blockLocation(b)
	miss := func(status asset.Status, reason string) (*module, string) {
		r.cover(address, at, status, reason)
		return nil, reason
	}
	source := literal(b, "source")
	var dir string
	switch {
	case source == "":
		return miss(asset.Skipped, "module source is not a literal string")
	case isLocal(source):
		dir = filepath.Join(inst.module.dir, filepath.FromSlash(source))
	default:
		key := strings.TrimPrefix(inst.key+"."+b.Labels[0], ".")
		at, ok := r.manifest[key]
		if !ok {
			return miss(asset.Skipped, fmt.Sprintf("module source %q is not downloaded: run terraform init in %s", source, r.Dir))
		}
		dir = filepath.Join(r.top.module.dir, filepath.FromSlash(at))
	}
	for up := inst; up != nil; up = up.parent {
		if up.module.dir == dir {
			return miss(asset.Failed, "module calls itself: "+up.module.name)
		}
	}
	if r.instances >= maxModules {
		return miss(asset.Partial, fmt.Sprintf("more than %d module instances", maxModules))
	}
	if _, err := r.parser.tree.Resolve(dir); err != nil {
		line := r.parser.tree.Unreadable(dir, err)
		return miss(asset.Skipped, fmt.Sprintf("module source %q cannot be read: %s", source, line.Reason))
	}
	m := r.parser.module(dir)
	if m.files == 0 {
		return miss(asset.Skipped, fmt.Sprintf("module source %q holds no Terraform files", source))
	}
	return m, ""
}

func isLocal(source string) bool {
	return source == "." || source == ".." || strings.HasPrefix(source, "./") || strings.HasPrefix(source, "../")
}
