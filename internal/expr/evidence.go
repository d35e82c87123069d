// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"fmt"
	"slices"
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/interpreter"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// Explain evaluates a condition again and lists the values that decided it:
// the leaves of the sub-expressions that fixed the result, by path. For an
// unknown these are the values that could not be read.
func (ev *Evaluator) Explain(x *Expr, subject *asset.Asset) []asset.Evidence {
	prog, err := x.traced()
	if err != nil {
		return nil
	}
	ev.reset(subject)
	ev.frame.tracing, ev.frame.last = true, map[string]int{}
	out, details, _ := prog.Eval(&ev.vars)
	if u, ok := out.(*types.Unknown); ok {
		return ev.missing(u)
	}
	if details == nil || details.State() == nil {
		return nil
	}
	account, _ := ev.vars.ResolveName("account")
	t := &tracer{
		frame: &ev.frame, state: details.State(), seen: map[string]bool{},
		scope: map[string]ref.Val{"asset": ev.vars.asset, "account": account.(ref.Val)},
	}
	t.blame(x.ast.Expr())
	return t.found
}

func (ev *Evaluator) missing(u *types.Unknown) []asset.Evidence {
	var found []asset.Evidence
	seen := map[string]bool{}
	for _, id := range u.IDs() {
		g := ev.frame.gap(id)
		if p := g.path(); !seen[p] {
			seen[p] = true
			found = append(found, asset.Evidence{Path: p, Source: g.src})
		}
	}
	slices.SortFunc(found, func(a, b asset.Evidence) int { return strings.Compare(a.Path, b.Path) })
	return found
}

// tracer walks an evaluated expression from the result to the values behind it.
type tracer struct {
	frame *frame
	state interpreter.EvalState
	scope map[string]ref.Val
	found []asset.Evidence
	seen  map[string]bool
}

func (t *tracer) is(e ast.Expr, want types.Bool) bool {
	v, ok := t.state.Value(e.ID())
	return ok && v == want
}

// blame lists what fixed the value of an expression.
func (t *tracer) blame(e ast.Expr) {
	switch e.Kind() {
	case ast.IdentKind, ast.SelectKind:
		t.leaf(e)
	case ast.ListKind:
		for _, elem := range e.AsList().Elements() {
			t.blame(elem)
		}
	case ast.ComprehensionKind:
		t.blameFold(e)
	case ast.CallKind:
		t.blameCall(e)
	}
}

func (t *tracer) blameCall(e ast.Expr) {
	call := e.AsCall()
	switch call.FunctionName() {
	case operators.LogicalAnd:
		t.blameDeciding(call.Args(), types.False)
	case operators.LogicalOr:
		t.blameDeciding(call.Args(), types.True)
	case operators.Conditional:
		args := call.Args()
		t.blame(args[0])
		if t.is(args[0], types.True) {
			t.blame(args[1])
		} else {
			t.blame(args[2])
		}
	case operators.Index:
		t.leaf(e)
	default:
		if call.IsMemberFunction() {
			if o, ok := t.resolve(call.Target()).(*object); ok {
				v, _ := t.state.Value(e.ID())
				t.add(o.path.String()+"."+call.FunctionName()+"()", v, sourceOf(o))
			} else {
				t.blame(call.Target())
			}
		}
		for _, arg := range call.Args() {
			t.blame(arg)
		}
	}
}

// blameDeciding blames the argument that alone decides, else all of them.
func (t *tracer) blameDeciding(args []ast.Expr, decides types.Bool) {
	for _, arg := range args {
		if t.is(arg, decides) {
			t.blame(arg)
			return
		}
	}
	for _, arg := range args {
		t.blame(arg)
	}
}

// blameFold blames the element at which a macro stopped, or the list as a
// whole where it went through to the end.
func (t *tracer) blameFold(e ast.Expr) {
	fold := e.AsComprehension()
	stopped := t.is(e, types.Bool(isExists(fold.LoopStep())))
	l, isList := t.resolve(fold.IterRange()).(*list)
	if !stopped || !isList {
		t.blame(fold.IterRange())
		return
	}
	i, visited := t.frame.last[l.path.String()]
	if !visited {
		t.blame(fold.IterRange())
		return
	}
	outer, shadowed := t.scope[fold.IterVar()]
	t.scope[fold.IterVar()] = l.elem(i)
	if _, plain := t.scope[fold.IterVar()].(*object); !plain {
		// A plain element has no path of its own in scope: name it here.
		t.add(l.path.elem(i).String(), t.scope[fold.IterVar()], elementSource(l, i))
	}
	before := len(t.found)
	t.blame(predicate(fold.LoopStep()))
	if len(t.found) == before {
		t.add(l.path.elem(i).String(), t.scope[fold.IterVar()], elementSource(l, i))
	}
	if shadowed {
		t.scope[fold.IterVar()] = outer
	} else {
		delete(t.scope, fold.IterVar())
	}
}

// resolve evaluates a chain of fields again; nil for anything else.
func (t *tracer) resolve(e ast.Expr) ref.Val {
	switch e.Kind() {
	case ast.IdentKind:
		return t.scope[e.AsIdent()]
	case ast.SelectKind:
		sel := e.AsSelect()
		switch base := t.resolve(sel.Operand()).(type) {
		case *object:
			return base.schema.fields[sel.FieldName()].get(base)
		case *mapping:
			return base.Get(types.String(sel.FieldName()))
		}
	case ast.CallKind:
		if call := e.AsCall(); call.FunctionName() == operators.Index {
			index, known := t.state.Value(call.Args()[1].ID())
			if lit := call.Args()[1]; lit.Kind() == ast.LiteralKind {
				index, known = lit.AsLiteral(), true
			}
			if !known {
				return nil
			}
			switch base := t.resolve(call.Args()[0]).(type) {
			case *list:
				return base.Get(index)
			case *mapping:
				return base.Get(index)
			}
		}
	}
	return nil
}

// leaf records one field with its value.
func (t *tracer) leaf(e ast.Expr) {
	if e.Kind() == ast.SelectKind {
		sel := e.AsSelect()
		if o, ok := t.resolve(sel.Operand()).(*object); ok {
			f := o.schema.fields[sel.FieldName()]
			at := o.path.field(f.name).String()
			if v := f.get(o); v != nil {
				t.add(at, v, f.source(o, v))
			}
			return
		}
	}
	switch v := t.resolve(e).(type) {
	case *object:
		t.add(v.path.String(), nil, sourceOf(v))
	case *list:
		t.add(v.path.String(), v, v.seq.Source())
	case *mapping:
		t.add(v.path.String(), v, v.m.Source())
	default:
		if e.Kind() == ast.CallKind { // an element: name its list or map
			t.leaf(e.AsCall().Args()[0])
		}
	}
}

func (t *tracer) add(at string, v ref.Val, src *asset.Source) {
	if t.seen[at] {
		return
	}
	t.seen[at] = true
	if src == nil {
		src = ownSource(t.frame.subject)
	}
	t.found = append(t.found, asset.Evidence{Path: at, Value: display(v), Source: src})
}

// ownSource is where the asset as such was read, for what is no field of its
// config: its name, its account.
func ownSource(a *asset.Asset) *asset.Source {
	if a.Location.IsZero() {
		return asset.FromAPI("")
	}
	return asset.InCode(a.Location)
}

// source is where a field of an object was read; nil where that is nowhere.
func (f *field) source(o *object, v ref.Val) *asset.Source {
	switch v := v.(type) {
	case *list:
		return v.seq.Source()
	case *mapping:
		return v.m.Source()
	case *object:
		return sourceOf(v)
	}
	for _, m := range asset.Members(o.v.Type()) {
		if m.Name == f.name {
			if field, ok := o.at(m.Index()).(asset.Field); ok {
				return field.Source()
			}
		}
	}
	return nil
}

// sourceOf is where the first known field of a struct was read.
func sourceOf(o *object) *asset.Source {
	var first *asset.Source
	asset.Walk(o.pointer(), func(_ string, f asset.Field) {
		if first == nil && f.Source().State() != asset.Unread {
			first = f.Source()
		}
	})
	return first
}

func elementSource(l *list, i int) *asset.Source {
	switch e := l.seq.At(i).(type) {
	case asset.Field:
		return e.Source()
	default:
		if o, ok := l.elem(i).(*object); ok {
			return sourceOf(o)
		}
	}
	return l.seq.Source()
}

// display is a value as reports show it: plain values as they are, lists of
// plain values written out, anything else by its size.
func display(v ref.Val) any {
	const shown = 5
	switch v := v.(type) {
	case types.String:
		return string(v)
	case types.Bool:
		return bool(v)
	case types.Int:
		return int64(v)
	case types.Double:
		return float64(v)
	case types.Timestamp:
		return v.Time.UTC().Format("2006-01-02T15:04:05Z07:00")
	case *list:
		n := v.seq.Len()
		var parts []string
		for i := range min(n, shown) {
			switch e := display(v.elem(i)).(type) {
			case nil:
				return counted(n, "element")
			default:
				parts = append(parts, fmt.Sprint(e))
			}
		}
		if n > shown {
			parts = append(parts, fmt.Sprintf("and %d more", n-shown))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case *mapping:
		return counted(len(v.m.Keys()), "key")
	}
	return nil
}

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
