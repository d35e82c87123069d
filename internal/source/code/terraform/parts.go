// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"slices"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// parts looks into a list that is unknown as a whole because of one of its
// parts: of concat(["0.0.0.0/0"], var.more) one element is known. why says why
// there may be more. ok is false where nothing can be said.
func (b *Block) parts(name string) (elems []cty.Value, why string, ok bool) {
	if b.body == nil || b.body.Attributes[name] == nil {
		return nil, "", false
	}
	p := parts{b: b}
	p.collect(b.body.Attributes[name].Expr)
	if len(p.elems) == 0 {
		return nil, "", false
	}
	return p.elems, p.why, true
}

type parts struct {
	b     *Block
	elems []cty.Value
	why   string
}

// collecting are the functions that put the elements of their arguments into
// one list, and lose none.
var collecting = []string{"concat", "setunion", "distinct", "toset", "tolist", "flatten", "compact", "sort"}

func (p *parts) collect(e hclsyntax.Expression) {
	r := p.b.root
	switch call := e.(type) {
	case *hclsyntax.ParenthesesExpr:
		p.collect(call.Expression)
		return
	case *hclsyntax.FunctionCallExpr:
		if slices.Contains(collecting, call.Name) && !call.ExpandFinal {
			for _, arg := range call.Args {
				p.collect(arg)
			}
			return
		}
	case *hclsyntax.TupleConsExpr:
		for _, expr := range call.Exprs {
			v := r.settle(expr, p.b.frame)
			p.element(v)
		}
		return
	}
	v := r.settle(e, p.b.frame)
	bare, marks := v.Unmark()
	ty := bare.Type()
	if !bare.IsKnown() || r.isSecret(v) {
		p.more(v)
		return
	}
	if bare.IsNull() || !ty.IsTupleType() && !ty.IsListType() && !ty.IsSetType() {
		return
	}
	for it := bare.ElementIterator(); it.Next(); {
		_, elem := it.Element()
		p.element(inherit(elem, marks))
	}
}

// element adds one element. One that is itself a list is for flatten.
func (p *parts) element(v cty.Value) {
	bare, marks := v.Unmark()
	ty := bare.Type()
	switch {
	case bare.IsKnown() && !bare.IsNull() && (ty.IsTupleType() || ty.IsListType() || ty.IsSetType()):
		for it := bare.ElementIterator(); it.Next(); {
			_, elem := it.Element()
			p.element(inherit(elem, marks))
		}
	case !bare.IsKnown() && ty != cty.String:
		p.more(v)
	case isNull(v):
	default:
		p.elems = append(p.elems, v)
	}
}

func (p *parts) more(v cty.Value) {
	if p.why == "" {
		about := p.b.root.inspect(v)
		p.why = about.reason()
	}
}
