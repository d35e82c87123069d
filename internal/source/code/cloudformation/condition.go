// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cloudformation

import (
	"fmt"
	"maps"
)

// condition is what the condition of that name, or one written in its place, is.
func (f *frame) condition(n *node) truth {
	if n.kind == mapNode {
		return f.truthOf(n)
	}
	return f.named(f.name(n))
}

// named is the condition of that name.
func (f *frame) named(name string) truth {
	if t, ok := f.assumed[name]; ok {
		return t
	}
	if t, ok := f.decided[name]; ok {
		return t
	}
	n, owner := f.declared(name)
	if n == nil {
		return maybe(fmt.Sprintf("there is no condition %s", name))
	}
	f.decided[name] = maybe(fmt.Sprintf("the condition %s depends on itself", name))
	t := owner.truthOf(n)
	if !t.known {
		t.why = "condition " + name + ": " + t.why
	}
	f.decided[name] = t
	return t
}

// declared finds a condition, also one that a loop declares, and the frame in
// which it is written.
func (f *frame) declared(name string) (*node, *frame) {
	if n := f.conditions[name]; n != nil {
		if in := f.conditionFrames[name]; in != nil && in != f.base {
			return n, in
		}
		return n, f
	}
	return nil, f
}

// truthOf is what a condition function gives.
func (f *frame) truthOf(n *node) truth {
	if n == nil || f.stack.tire(1) {
		return maybe(errOverwork)
	}
	if n.kind != mapNode || len(n.entries) != 1 {
		return asTruth(f.eval(n))
	}
	arg := n.entries[0].value
	switch function := n.entries[0].key; function {
	case "Condition":
		return f.named(f.name(arg))
	case "Fn::Not":
		if arg.kind != listNode || len(arg.elems) != 1 {
			return maybe("Fn::Not needs one condition")
		}
		return f.truthOf(arg.elems[0]).not()
	case "Fn::And", "Fn::Or":
		if arg.kind != listNode || len(arg.elems) == 0 {
			return maybe(function + " needs conditions")
		}
		result := known(function == "Fn::And")
		for _, e := range arg.elems {
			if function == "Fn::And" {
				result = result.and(f.truthOf(e))
			} else {
				result = result.or(f.truthOf(e))
			}
		}
		return result
	case "Fn::Equals":
		if arg.kind != listNode || len(arg.elems) != 2 {
			return maybe("Fn::Equals needs two values")
		}
		a, b := f.eval(arg.elems[0]), f.eval(arg.elems[1])
		if f.stack.tire(len(a.elems) + len(b.elems)) {
			return maybe(errOverwork)
		}
		return equal(a, b)
	}
	return asTruth(f.eval(n))
}

// asTruth reads a condition from a value.
func asTruth(v *value) truth {
	text, ok := v.literal()
	if !ok {
		return maybe(v.reason())
	}
	is, ok := asBool(text)
	if !ok {
		return maybe(fmt.Sprintf("%q is not a condition", text))
	}
	return known(is)
}

// given is the frame in which the condition holds, and everything that must
// hold for it to.
func (f *frame) given(name string) *frame {
	if name == "" || f.named(name).known {
		return f
	}
	if inner := f.assuming[name]; inner != nil && !f.inLoop() {
		return inner
	}
	inner := &frame{
		scope: f.scope, vars: f.vars, outer: f.outer, decided: map[string]truth{}, assumed: map[string]truth{},
	}
	maps.Copy(inner.assumed, f.assumed)
	inner.assume(name, true, 0)
	if !f.inLoop() {
		f.assuming[name] = inner
	}
	return inner
}

// assume notes that a condition is so, and what follows from it.
func (f *frame) assume(name string, is bool, depth int) {
	if _, already := f.assumed[name]; already || depth > maxNesting {
		return
	}
	f.assumed[name] = known(is)
	n, _ := f.declared(name)
	f.follow(n, is, depth+1)
}

func (f *frame) follow(n *node, is bool, depth int) {
	if n == nil || n.kind != mapNode || len(n.entries) != 1 || depth > maxNesting {
		return
	}
	arg := n.entries[0].value
	switch n.entries[0].key {
	case "Condition":
		f.assume(arg.scalar(), is, depth)
	case "Fn::Not":
		if len(arg.elems) == 1 {
			f.follow(arg.elems[0], !is, depth+1)
		}
	case "Fn::And":
		for _, e := range arg.elems {
			if is {
				f.follow(e, true, depth+1)
			}
		}
	case "Fn::Or":
		for _, e := range arg.elems {
			if !is {
				f.follow(e, false, depth+1)
			}
		}
	}
}
