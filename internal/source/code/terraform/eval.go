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
)

// Bounds on evaluation. Code that people write stays far below them.
const (
	maxDepth  = 20_000      // expressions inside each other, through references too
	maxSteps  = 2_000_000   // expressions evaluated for one setting
	maxTotal  = 200_000_000 // expressions evaluated for one root
	maxSize   = 1_000_000   // parts of one value
	maxString = 16 << 20    // bytes of one string
)

var (
	errTooDeep  = errors.New("evaluation is nested too deeply")
	errTooLong  = errors.New("evaluation takes too long")
	errEnded    = errors.New("the scan was cancelled")
	errTooLarge = errors.New("value is too large")
)

// frame is where an expression is evaluated: a module instance, and inside it
// the names that a repetition, a for expression or a dynamic block adds.
type frame struct {
	inst  *instance
	outer *frame
	// name is "each", "count" or the variable of a for expression or dynamic block.
	name  string
	value cty.Value
	// anon is the nameless item of a splat expression.
	anon *hclsyntax.AnonSymbolExpr
}

func (f *frame) with(name string, value cty.Value) *frame {
	return &frame{inst: f.inst, outer: f, name: name, value: value}
}

func (f *frame) lookup(name string) (cty.Value, bool) {
	for ; f != nil; f = f.outer {
		if f.name == name && f.anon == nil {
			return f.value, true
		}
	}
	return cty.NilVal, false
}

// eval gives the value of an expression. An error means that Terraform would
// refuse the expression; something unknown is a value, not an error.
func (r *Root) eval(e hclsyntax.Expression, f *frame) (cty.Value, error) {
	r.depth++
	defer func() { r.depth-- }()
	if r.depth > maxDepth {
		return cty.NilVal, errTooDeep
	}
	r.total++
	if r.steps++; r.steps > maxSteps || r.total > maxTotal {
		return cty.NilVal, errTooLong
	}
	if r.steps%1024 == 0 && r.isOver() {
		return cty.NilVal, errEnded
	}
	switch e := e.(type) {
	case *hclsyntax.LiteralValueExpr:
		return checkNumber(e.Val)
	case *hclsyntax.TemplateExpr:
		return r.template(e.Parts, f)
	case *hclsyntax.TemplateWrapExpr:
		return r.eval(e.Wrapped, f)
	case *hclsyntax.ScopeTraversalExpr:
		return r.reference(e.Traversal, f)
	case *hclsyntax.RelativeTraversalExpr:
		return r.relative(e, f)
	case *hclsyntax.FunctionCallExpr:
		return r.call(e, f)
	case *hclsyntax.ConditionalExpr:
		return r.conditional(e, f)
	case *hclsyntax.IndexExpr:
		return r.indexed(e, f)
	case *hclsyntax.TupleConsExpr:
		return r.tuple(e, f)
	case *hclsyntax.ObjectConsExpr:
		return r.objectCons(e, f)
	case *hclsyntax.ObjectConsKeyExpr:
		return r.objectKey(e, f)
	case *hclsyntax.ForExpr:
		return r.forExpr(e, f)
	case *hclsyntax.SplatExpr:
		return r.splat(e, f)
	case *hclsyntax.AnonSymbolExpr:
		for ; f != nil; f = f.outer {
			if f.anon == e {
				return f.value, nil
			}
		}
		return cty.NilVal, errors.New("splat item outside a splat")
	case *hclsyntax.BinaryOpExpr:
		return r.binary(e, f)
	case *hclsyntax.UnaryOpExpr:
		return r.unary(e, f)
	case *hclsyntax.ParenthesesExpr:
		return r.eval(e.Expression, f)
	case *hclsyntax.TemplateJoinExpr:
		return r.templateJoin(e, f)
	case *hclsyntax.ExprSyntaxError:
		return cty.NilVal, errors.New("expression does not parse")
	}
	return cty.NilVal, fmt.Errorf("expression of kind %T is not supported", e)
}

// settle is eval for whoever needs a value in any case: an expression that
// Terraform would refuse is unknown with the error as reason.
func (r *Root) settle(e hclsyntax.Expression, f *frame) cty.Value {
	v, err := r.eval(e, f)
	if err != nil {
		return unknown(cty.DynamicPseudoType, fmt.Sprintf("%s: %v", location(e.Range()), err))
	}
	return v
}

func (r *Root) relative(e *hclsyntax.RelativeTraversalExpr, f *frame) (cty.Value, error) {
	v, err := r.eval(e.Source, f)
	if err != nil {
		return cty.NilVal, err
	}
	return r.follow(v, e.Traversal)
}

// follow takes the steps of a traversal, beginning at a value.
func (r *Root) follow(v cty.Value, steps hcl.Traversal) (cty.Value, error) {
	var err error
	for _, step := range steps {
		switch step := step.(type) {
		case hcl.TraverseAttr:
			v, err = r.attribute(v, step.Name)
		case hcl.TraverseIndex:
			v, err = r.index(v, step.Key)
		default:
			err = fmt.Errorf("traversal step %T is not supported", step)
		}
		if err != nil {
			return cty.NilVal, err
		}
	}
	return v, nil
}

func (r *Root) indexed(e *hclsyntax.IndexExpr, f *frame) (cty.Value, error) {
	v, err := r.eval(e.Collection, f)
	if err != nil {
		return cty.NilVal, err
	}
	key, err := r.eval(e.Key, f)
	if err != nil {
		return cty.NilVal, err
	}
	return r.index(v, key)
}

func (r *Root) tuple(e *hclsyntax.TupleConsExpr, f *frame) (cty.Value, error) {
	values := make([]cty.Value, len(e.Exprs))
	for i, expr := range e.Exprs {
		v, err := r.eval(expr, f)
		if err != nil {
			return cty.NilVal, err
		}
		values[i] = v
	}
	return cty.TupleVal(values), nil
}

func (r *Root) objectCons(e *hclsyntax.ObjectConsExpr, f *frame) (cty.Value, error) {
	values := make(map[string]cty.Value, len(e.Items))
	var keys []cty.Value // unknown keys: the object as a whole is unknown
	for _, item := range e.Items {
		key, err := r.eval(item.KeyExpr, f)
		if err != nil {
			return cty.NilVal, err
		}
		v, err := r.eval(item.ValueExpr, f)
		if err != nil {
			return cty.NilVal, err
		}
		name, known, err := r.keyText(key)
		switch {
		case err != nil:
			return cty.NilVal, err
		case !known || r.isSecret(key):
			keys = append(keys, key)
		default:
			values[name] = v
		}
	}
	if len(keys) > 0 {
		about := r.inspect(keys...)
		return sameSecrecy(unknown(cty.DynamicPseudoType, about.list()...), about), nil
	}
	return cty.ObjectVal(values), nil
}

// keyText is the text of an object key, and whether it is known.
func (r *Root) keyText(key cty.Value) (string, bool, error) {
	key, _ = r.plain(key).Unmark()
	key, err := r.convert(key, cty.String)
	switch {
	case err != nil:
		return "", false, fmt.Errorf("object key: %w", err)
	case !key.IsKnown():
		return "", false, nil
	case key.IsNull():
		return "", false, errors.New("object key is null")
	}
	return key.AsString(), true, nil
}

func (r *Root) objectKey(e *hclsyntax.ObjectConsKeyExpr, f *frame) (cty.Value, error) {
	if !e.ForceNonLiteral {
		if name := hcl.ExprAsKeyword(e.Wrapped); name != "" {
			return cty.StringVal(name), nil
		}
	}
	return r.eval(e.Wrapped, f)
}

// template joins the parts of a string. An unknown part leaves a hole.
func (r *Root) template(parts []hclsyntax.Expression, f *frame) (cty.Value, error) {
	if len(parts) == 1 {
		if lit, ok := parts[0].(*hclsyntax.LiteralValueExpr); ok && lit.Val.Type() == cty.String {
			return lit.Val, nil
		}
	}
	var text strings.Builder
	for _, part := range parts {
		v, err := r.eval(part, f)
		if err != nil {
			return cty.NilVal, err
		}
		s, err := r.textOf(v)
		if err != nil {
			return cty.NilVal, err
		}
		if text.WriteString(s); text.Len() > maxString {
			return cty.NilVal, errTooLarge
		}
	}
	return cty.StringVal(text.String()), nil
}

// textOf is the value as a part of a text.
func (r *Root) textOf(v cty.Value) (string, error) {
	bare, _ := v.Unmark()
	if !bare.IsKnown() || r.isSecret(v) {
		return r.hole(v), nil
	}
	s, err := r.convert(bare, cty.String)
	switch {
	case err != nil:
		return "", fmt.Errorf("string template: %w", err)
	case s.IsNull():
		return "", errors.New("string template: value is null")
	}
	return s.AsString(), nil
}

func (r *Root) isSecret(v cty.Value) bool {
	_, is := shallow[secret](v)
	return is
}

func (r *Root) templateJoin(e *hclsyntax.TemplateJoinExpr, f *frame) (cty.Value, error) {
	v, err := r.eval(e.Tuple, f)
	if err != nil {
		return cty.NilVal, err
	}
	bare, marks := v.Unmark()
	switch {
	case !bare.IsKnown():
		return cty.StringVal(r.hole(v)), nil
	case bare.IsNull() || !bare.CanIterateElements():
		return cty.NilVal, errors.New("template loop over a value that is no list")
	}
	var text strings.Builder
	for it := bare.ElementIterator(); it.Next(); {
		_, elem := it.Element()
		s, err := r.textOf(elem)
		if err != nil {
			return cty.NilVal, err
		}
		if text.WriteString(s); text.Len() > maxString {
			return cty.NilVal, errTooLarge
		}
	}
	return inherit(cty.StringVal(text.String()), marks), nil
}

// conditional evaluates both results, as Terraform does: their common type is
// the type of the value. A result that fails and is not chosen does not matter.
func (r *Root) conditional(e *hclsyntax.ConditionalExpr, f *frame) (cty.Value, error) {
	cond, err := r.eval(e.Condition, f)
	if err != nil {
		return cty.NilVal, err
	}
	about := r.inspect(cond)
	bare, _ := r.plain(cond).Unmark()
	if bare, err = r.convert(bare, cty.Bool); err != nil {
		return cty.NilVal, fmt.Errorf("condition: %w", err)
	}
	yes, yesErr := r.eval(e.TrueResult, f)
	no, noErr := r.eval(e.FalseResult, f)
	var result cty.Value
	switch {
	case !bare.IsKnown():
		if yesErr != nil || noErr != nil {
			return unknown(cty.DynamicPseudoType, about.list()...), nil
		}
		return r.either(yes, no, about), nil
	case bare.IsNull():
		return cty.NilVal, errors.New("condition is null")
	case bare.True():
		result, err = yes, yesErr
		yes, yesErr = no, noErr
	default:
		result, err = no, noErr
	}
	if err != nil {
		return cty.NilVal, err
	}
	if yesErr == nil {
		result = r.unified(result, yes)
	}
	if about.secret {
		result = result.Mark(secret{})
	}
	return result, nil
}

// either is the value of a conditional of which the condition is unknown.
func (r *Root) either(yes, no cty.Value, about *traits) cty.Value {
	both := r.inspect(yes, no)
	if !both.open() && !both.secret && !about.secret {
		a, _ := yes.UnmarkDeep()
		b, _ := no.UnmarkDeep()
		if a.RawEquals(b) {
			return yes
		}
	}
	ty := cty.DynamicPseudoType
	if common := unify(yes.Type(), no.Type()); common != cty.NilType {
		ty = common
	}
	for text := range both.reasons {
		about.because(text)
	}
	v := unknown(ty, about.list()...)
	if both.secret || about.secret {
		v = v.Mark(secret{})
	}
	return v
}

// unified converts the chosen result of a conditional to the type that it has
// in common with the other.
func (r *Root) unified(chosen, other cty.Value) cty.Value {
	a, b := chosen.Type(), other.Type()
	if a.Equals(b) || a == cty.DynamicPseudoType || b == cty.DynamicPseudoType || b.HasDynamicTypes() || a.HasDynamicTypes() {
		return chosen
	}
	common := unify(a, b)
	if common == cty.NilType {
		return chosen
	}
	if converted, err := r.convert(chosen, common); err == nil {
		return converted
	}
	return chosen
}

// inherit hands the marks of a container to a value made of its parts.
func inherit(v cty.Value, marks cty.ValueMarks) cty.Value {
	for m := range marks {
		switch m.(type) {
		case secret:
			v = v.Mark(m)
		case why:
			if bare, own := v.Unmark(); !bare.IsKnown() && !hasWhy(own) {
				v = v.Mark(m)
			}
		}
	}
	return v
}

func hasWhy(marks cty.ValueMarks) bool {
	for m := range marks {
		switch m.(type) {
		case why, object, outputs, instances:
			return true
		}
	}
	return false
}
