// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code"
)

// Root is one root module with all modules that it calls, evaluated. Its
// methods are for one goroutine at a time.
type Root struct {
	// Dir names the root module's directory; "." for the top of the repository.
	Dir string

	ended   <-chan struct{} // the scan is over: whatever is not evaluated yet stays unknown
	parser  *parser
	account string
	top     *instance

	managed, data, providers map[string][]*Block

	ledger code.Ledger
	gaps   []string // why blocks of this root may be missing

	missing []*instance       // calls of modules that are not there
	handed  map[string]string // addresses given to these, and why they are missing

	holes  []asset.Hole
	holeOf map[origin]int

	attrSources  map[*hclsyntax.Attribute]*asset.Source
	blockSources map[*hclsyntax.Block]*asset.Source

	stack     []*node
	depth     int
	steps     int
	total     int
	blocks    int // instances made so far
	instances int // module instances made so far
	manifest  map[string]string
	inputs    map[string]input

	rendering  []string // templates being rendered
	providerOf map[providerKey]*Block
	parsed     map[*module]bool
}

// Coverage is what could not be evaluated in this root so far. Reading further
// attributes may add to it.
func (r *Root) Coverage() []asset.Coverage { return r.ledger.Lines }

// isOver reports whether the scan was cancelled.
func (r *Root) isOver() bool {
	select {
	case <-r.ended:
		return true
	default:
		return false
	}
}

// cover adds a coverage line. The same thing said again counts up.
func (r *Root) cover(part string, at asset.Location, status asset.Status, reason string) {
	r.ledger.Note(r.Dir, part, at, status, reason)
}

// node is something that is evaluated at most once, on demand: a variable, a
// local, an output, an attribute, the number of a resource's instances.
type node struct {
	name       string
	at         asset.Location
	busy, done bool
	value      cty.Value
}

// visit returns the node's value. A node that needs itself is unknown.
func (r *Root) visit(n *node, compute func() cty.Value) cty.Value {
	switch {
	case n.done:
		return n.value
	case n.busy:
		return r.cycle(n)
	}
	n.busy = true
	r.stack = append(r.stack, n)
	steps := r.steps
	r.steps = 0
	v := compute()
	r.steps = steps
	r.stack = r.stack[:len(r.stack)-1]
	if v.Type().IsPrimitiveType() || !v.IsKnown() {
		n.value = v
	} else if about := r.inspect(v); about.size > maxSize {
		r.cover(n.name, n.at, asset.Partial, errTooLarge.Error())
		n.value = unknown(cty.DynamicPseudoType, n.name+": "+errTooLarge.Error())
	} else {
		n.value = v
	}
	n.busy, n.done = false, true
	return n.value
}

// cycle is the value of a node that needs itself.
func (r *Root) cycle(n *node) cty.Value {
	var names []string
	for _, on := range r.stack {
		if on == n || len(names) > 0 {
			names = append(names, on.name)
		}
	}
	if len(names) > 8 {
		names = append(names[:8:8], "...")
	}
	reason := "cycle: " + strings.Join(append(names, n.name), " -> ")
	r.cover(n.name, n.at, asset.Failed, reason)
	return unknown(cty.DynamicPseudoType, reason)
}

// identified marks an unknown value that comes from no resource with the name
// of what supplies it, so that the same unknown is recognised elsewhere.
func identified(v cty.Value, name string) cty.Value {
	bare, _ := v.Unmark()
	if bare.IsKnown() || isWhole(v) {
		return v
	}
	if _, has := originOf(v); has {
		return v
	}
	return v.Mark(origin{address: name})
}

// reference is the value that a traversal from a name leads to.
func (r *Root) reference(t hcl.Traversal, f *frame) (cty.Value, error) {
	name := t.RootName()
	if v, ok := f.lookup(name); ok {
		return r.follow(v, t[1:])
	}
	switch name {
	case "each", "count", "self":
		return cty.NilVal, fmt.Errorf("%s is not available here", name)
	}
	next, ok := attrName(t, 1)
	if !ok {
		return cty.NilVal, fmt.Errorf("%s is not a reference to anything", name)
	}
	var v cty.Value
	var err error
	rest := t[2:]
	inst := f.inst
	switch name {
	case "var":
		v, err = r.variable(inst, next)
	case "local":
		v, err = r.local(inst, next)
	case "module":
		v, err = r.moduleCall(inst, next)
	case "path":
		v, err = r.path(inst, next)
	case "terraform", "tofu":
		if next != "workspace" {
			return cty.NilVal, fmt.Errorf("%s.%s does not exist", name, next)
		}
		v = cty.StringVal("default")
	case "data":
		third, ok := attrName(t, 2)
		if !ok {
			return cty.NilVal, fmt.Errorf("data.%s names no data source", next)
		}
		rest = t[3:]
		v, err = r.resource(inst, inst.module.data[next+"."+third], "data."+next+"."+third)
	case "ephemeral":
		return unknown(cty.DynamicPseudoType, "ephemeral."+next+" is opened at apply"), nil
	case "resource":
		third, ok := attrName(t, 2)
		if !ok {
			return cty.NilVal, fmt.Errorf("resource.%s names no resource", next)
		}
		rest = t[3:]
		v, err = r.resource(inst, inst.module.resources[next+"."+third], next+"."+third)
	default:
		v, err = r.resource(inst, inst.module.resources[name+"."+next], name+"."+next)
	}
	if err != nil {
		if missing, ok := r.undeclared(err, inst, t, rest); ok {
			return missing, nil
		}
		return cty.NilVal, err
	}
	return r.follow(v, rest)
}

// undeclared is an attribute of a resource that the code names and does not
// have. Terraform would refuse it; still it names another thing than all those
// that are there.
func (r *Root) undeclared(err error, inst *instance, t, rest hcl.Traversal) (cty.Value, bool) {
	var missing notDeclared
	if !errors.As(err, &missing) {
		return cty.NilVal, false
	}
	for i := range rest {
		if attr, ok := attrName(rest, i); ok {
			r.cover("reference", location(t.SourceRange()), asset.Failed, err.Error())
			return unknown(computedType(attr), err.Error()).Mark(origin{address: inst.qualify(string(missing)), attribute: attr}), true
		}
	}
	return cty.NilVal, false
}

func attrName(t hcl.Traversal, i int) (string, bool) {
	if i >= len(t) {
		return "", false
	}
	switch step := t[i].(type) {
	case hcl.TraverseAttr:
		return step.Name, true
	case hcl.TraverseIndex:
		if step.Key.Type() == cty.String {
			return step.Key.AsString(), true
		}
	}
	return "", false
}

func (r *Root) local(inst *instance, name string) (cty.Value, error) {
	attr := inst.module.locals[name]
	if attr == nil {
		return cty.NilVal, fmt.Errorf("local.%s is not declared", name)
	}
	full := inst.qualify("local." + name)
	n := inst.node("local."+name, full, location(attr.SrcRange))
	return r.visit(n, func() cty.Value {
		return identified(r.settle(attr.Expr, &frame{inst: inst}), full)
	}), nil
}

func (r *Root) path(inst *instance, name string) (cty.Value, error) {
	switch name {
	case "root":
		return cty.StringVal("."), nil
	case "cwd":
		return cty.StringVal(r.top.module.dir), nil
	case "module":
		return cty.StringVal(inst.path), nil
	}
	return cty.NilVal, fmt.Errorf("path.%s does not exist", name)
}
