// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cloudformation

import (
	"cmp"
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code"
)

// frame is where an expression is evaluated: one use of a template, the
// variables of the loops around it, and the condition that it stands under.
type frame struct {
	*scope
	vars    map[string]*value
	outer   *frame           // of the loop around it
	assumed map[string]truth // what is assumed to hold
	memo    map[*node]*value // of what aliases share
	decided map[string]truth // conditions evaluated here
}

func (f *frame) variable(name string) *value {
	for ; f != nil; f = f.outer {
		if v := f.vars[name]; v != nil {
			return v
		}
	}
	return nil
}

// with is the frame inside a loop.
func (f *frame) with(name string, v *value) *frame {
	return &frame{scope: f.scope, vars: map[string]*value{name: v}, outer: f, assumed: f.assumed, decided: map[string]truth{}}
}

// inLoop reports whether texts may hold variables of a loop.
func (f *frame) inLoop() bool { return f.outer != nil }

// maxSteps bounds the work on one root template.
const maxSteps = 20 << 20

const errOverwork = "the template needs too much work to evaluate"

// eval is the value of a node.
func (f *frame) eval(n *node) *value {
	if n == nil {
		return &value{}
	}
	if n.shared {
		if v := f.memo[n]; v != nil {
			return v
		}
	}
	v := f.compute(n)
	if n.shared {
		if f.memo == nil {
			f.memo = map[*node]*value{}
		}
		f.memo[n] = v
	}
	return v
}

func (f *frame) compute(n *node) *value {
	if f.stack.tire(1 + len(n.text)/8) {
		return unknownValue(errOverwork, n.at)
	}
	switch n.kind {
	case listNode:
		return f.list(n)
	case mapNode:
		if function, argument := n.call(); function != "" {
			v := f.call(function, argument, n.at)
			if v.at == (span{}) {
				placed := *v
				placed.at = n.at
				return &placed
			}
			return v
		}
		return f.object(n)
	case scalarNode:
	}
	if n.isNull() {
		return noValue(n.at)
	}
	return f.scalar(n)
}

func (f *frame) scalar(n *node) *value {
	v := &value{kind: scalar, at: n.at, bare: !n.quoted}
	if v.text = asset.NewText(n.text); f.inLoop() {
		v.text = f.fill(n.text)
	}
	v.text = resolveLater(v.text)
	return v
}

// fill replaces the loops' variables in a text.
func (f *frame) fill(s string) asset.Text {
	if !strings.Contains(s, "{") {
		return asset.NewText(s)
	}
	b := &code.TextBuilder{}
	for s != "" {
		at := strings.IndexAny(s, "$&")
		if at < 0 {
			break
		}
		name, rest, ok := variableAt(s[at:])
		v := f.variable(name)
		if !ok || v == nil {
			b.Literal(s[:at+1])
			s = s[at+1:]
			continue
		}
		b.Literal(s[:at])
		t, _ := v.asText()
		if s[at] == '&' {
			t = onlyAlphanumeric(t)
		}
		b.Text(t)
		s = rest
	}
	b.Literal(s)
	return b.Built()
}

// variableAt reads a variable such as ${Name} or &{Name}.
func variableAt(s string) (name, rest string, ok bool) {
	if len(s) < 3 || s[1] != '{' {
		return "", "", false
	}
	name, rest, ok = strings.Cut(s[2:], "}")
	return strings.TrimSpace(name), rest, ok
}

// onlyAlphanumeric is what &{Name} makes of a value, so that it fits in a
// logical id.
func onlyAlphanumeric(t asset.Text) asset.Text {
	if !t.IsKnown() {
		return t
	}
	return asset.NewText(strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, t.Marked()))
}

// resolveLater makes holes of dynamic references, which only the deployment
// resolves: {{resolve:secretsmanager:...}}.
func resolveLater(t asset.Text) asset.Text {
	const begin = "{{resolve:"
	if !strings.Contains(t.Marked(), begin) {
		return t
	}
	b := &code.TextBuilder{}
	for s := t.Marked(); s != ""; {
		before, after, found := strings.Cut(s, begin)
		inside, rest, closed := strings.Cut(after, "}}")
		if !found || !closed {
			b.Text(t.Cut(s))
			break
		}
		b.Text(t.Cut(before))
		service, _, _ := strings.Cut(inside, ":")
		b.Hole(asset.Hole{Reason: "a reference to " + service + " is resolved at deployment"})
		s = rest
	}
	return b.Built()
}

func (f *frame) list(n *node) *value {
	v := &value{kind: list, at: n.at, elems: make([]*value, 0, len(n.elems))}
	for _, e := range n.elems {
		elem := f.eval(e)
		switch {
		case elem.kind == nothing:
		case elem.mayBeNothing():
			v.more = cmp.Or(v.more, elem.reason())
		default:
			v.elems = append(v.elems, elem)
		}
	}
	return v
}

// mayBeNothing reports whether an unknown may turn out as AWS::NoValue.
func (v *value) mayBeNothing() bool {
	if v.kind != unknown {
		return false
	}
	for _, alt := range v.alts {
		if alt.kind == nothing || alt.mayBeNothing() {
			return true
		}
	}
	return false
}

func (f *frame) object(n *node) *value {
	v := &value{kind: object, at: n.at, members: make([]member, 0, len(n.entries))}
	for _, e := range n.entries {
		switch {
		case e.key == "Fn::Transform":
			f.transformed(v, e.value)
		case strings.HasPrefix(e.key, forEach):
			f.loop(v, e)
		default:
			f.member(v, e)
		}
	}
	return v
}

func (f *frame) member(v *value, e entry) {
	m := f.eval(e.value)
	if m.kind == nothing {
		return
	}
	key := e.key
	if f.inLoop() {
		t := f.fill(key)
		if !t.IsKnown() {
			v.more = cmp.Or(v.more, t.Reason())
			return
		}
		key = t.Marked()
	}
	at := e.value.at
	if e.at < at.start {
		at.start = e.at
	}
	v.members = append(v.members, member{key, at, m})
}

// loop adds the members that a loop makes.
func (f *frame) loop(v *value, e entry) {
	why := f.each(e.value, func(inner *frame, body *node) {
		for _, e := range body.entries {
			if strings.HasPrefix(e.key, forEach) {
				inner.loop(v, e)
			} else {
				inner.member(v, e)
			}
		}
	})
	if why != "" {
		v.more = cmp.Or(v.more, why)
	}
}

// each calls the body of a loop for every element that it goes over. why says
// why there may be more.
func (f *frame) each(loop *node, body func(*frame, *node)) (why string) {
	if loop.kind != listNode || len(loop.elems) != 3 || loop.elems[2].kind != mapNode {
		return "a loop needs an identifier, a collection and an object"
	}
	name := loop.elems[0].scalar()
	over := f.eval(loop.elems[1])
	switch {
	case over.kind == unknown:
		return over.reason()
	case over.kind != list:
		return "the collection of a loop is not a list"
	}
	for _, elem := range over.elems {
		if f.stack.tire(1) {
			return errOverwork
		}
		body(f.with(name, elem), loop.elems[2])
	}
	return over.more
}

// transformed adds what a macro makes in the place where it stands. Only
// AWS::Include is more than a name here.
func (f *frame) transformed(v *value, n *node) {
	included := f.macro(n)
	switch included.kind {
	case object:
		v.members = append(v.members, included.members...)
		v.more = cmp.Or(v.more, included.more)
	case unknown:
		v.more = cmp.Or(v.more, included.reason())
	case nothing, scalar, list: // nothing that could be added to an object
	}
}

// macro is what Fn::Transform gives.
func (f *frame) macro(n *node) *value {
	if n.kind == listNode && len(n.elems) == 1 {
		n = n.elems[0]
	}
	name := n.get("Name").scalar()
	if name != "AWS::Include" {
		why := "only a deployment can run the macro " + name
		f.stack.cover(name, n.at, asset.Unsupported, why)
		return unknownValue(why, n.at)
	}
	location := f.eval(n.get("Parameters").get("Location"))
	text, ok := location.literal()
	if !ok {
		return unknownValue(cmp.Or(location.reason(), "an include names no file"), n.at)
	}
	path, local := f.file(text)
	if !local {
		why := text + " is included, which is not in the scanned code"
		f.stack.cover("AWS::Include", n.at, asset.Skipped, why)
		return unknownValue(why, n.at)
	}
	if len(f.including) >= maxDepth {
		return unknownValue("files include each other", n.at)
	}
	t := f.stack.parser.fragment(path)
	if t.err != nil {
		line := f.stack.parser.unreadable(t)
		f.stack.cover(line.Part, n.at, line.Status, line.Reason)
		return unknownValue(line.Part+" cannot be read", n.at)
	}
	f.including = append(f.including, path)
	defer func() { f.including = f.including[:len(f.including)-1] }()
	return f.eval(t.root)
}

// maxDepth bounds how deep files include and stacks nest each other.
const maxDepth = 10
