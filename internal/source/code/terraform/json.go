// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	hcljson "github.com/hashicorp/hcl/v2/json"
	"github.com/zclconf/go-cty/cty"
)

// labels is how many labels each top-level block type has. In JSON these are
// nested objects.
var labels = map[string]int{
	"resource": 2, "data": 2, "ephemeral": 2, "variable": 1, "output": 1, "module": 1,
	"provider": 1, "locals": 0, "terraform": 0, "moved": 0, "import": 0, "removed": 0, "check": 1,
}

// parseJSON reads Terraform's JSON syntax into the same syntax tree as the
// native one, so that the rest of the package knows one syntax only. Which
// members of a resource are nested blocks JSON does not say; they stay
// attributes, which [Block.Blocks] understands.
func parseJSON(src []byte, name string) ([]*hclsyntax.Block, hcl.Diagnostics) {
	file, diags := hcljson.Parse(src, name)
	if diags.HasErrors() {
		return nil, diags
	}
	attrs, attrDiags := file.Body.JustAttributes()
	diags = append(diags, attrDiags...)
	var blocks []*hclsyntax.Block
	for _, typ := range sortedKeys(attrs) {
		n, known := labels[typ]
		if !known {
			continue
		}
		j := jsonBlocks{typ: typ}
		j.collect(attrs[typ].Expr, attrs[typ].NameRange, nil, n)
		blocks = append(blocks, j.blocks...)
		diags = append(diags, j.diags...)
	}
	return blocks, diags
}

type jsonBlocks struct {
	typ    string
	blocks []*hclsyntax.Block
	diags  hcl.Diagnostics
}

func (j *jsonBlocks) collect(expr hcl.Expression, at hcl.Range, names []string, depth int) {
	if list, diags := hcl.ExprList(expr); !diags.HasErrors() {
		for _, item := range list {
			j.collect(item, at, names, depth)
		}
		return
	}
	pairs, diags := hcl.ExprMap(expr)
	if diags.HasErrors() {
		j.diags = append(j.diags, diags...)
		return
	}
	if depth == 0 {
		j.blocks = append(j.blocks, jsonBlock(j.typ, names, pairs, at, expr.Range()))
		return
	}
	for _, pair := range pairs {
		label, diags := pair.Key.Value(nil)
		if diags.HasErrors() || label.Type() != cty.String {
			j.diags = append(j.diags, diags...)
			continue
		}
		if label.AsString() == "//" {
			continue
		}
		j.collect(pair.Value, pair.Key.Range(), append(slices.Clip(names), label.AsString()), depth-1)
	}
}

// jsonBlock makes a block of an object. "dynamic" is the one nested block that
// JSON names in full.
func jsonBlock(typ string, names []string, pairs []hcl.KeyValuePair, head, whole hcl.Range) *hclsyntax.Block {
	end := hcl.Range{Filename: whole.Filename, Start: whole.End, End: whole.End}
	body := &hclsyntax.Body{Attributes: hclsyntax.Attributes{}, SrcRange: whole, EndRange: end}
	for _, pair := range pairs {
		key, diags := pair.Key.Value(nil)
		if diags.HasErrors() || key.Type() != cty.String {
			continue
		}
		name := key.AsString()
		switch name {
		case "//":
			continue
		case "dynamic":
			d := jsonBlocks{typ: "dynamic"}
			d.collect(pair.Value, pair.Key.Range(), nil, 1)
			for _, b := range d.blocks {
				body.Blocks = append(body.Blocks, withContent(b))
			}
			continue
		case "lifecycle", "provisioner", "connection":
			continue
		}
		body.Attributes[name] = &hclsyntax.Attribute{
			Name: name, Expr: fromJSON(pair.Value),
			SrcRange:  hcl.RangeBetween(pair.Key.Range(), pair.Value.Range()),
			NameRange: pair.Key.Range(),
		}
	}
	return &hclsyntax.Block{
		Type: typ, Labels: names, Body: body,
		TypeRange: head, OpenBraceRange: head, CloseBraceRange: end,
	}
}

// withContent turns the content attribute of a JSON dynamic block into the
// block that the native syntax has.
func withContent(b *hclsyntax.Block) *hclsyntax.Block {
	attr := b.Body.Attributes["content"]
	if attr == nil {
		return b
	}
	delete(b.Body.Attributes, "content")
	content := &hclsyntax.Body{Attributes: hclsyntax.Attributes{}, SrcRange: attr.SrcRange, EndRange: attr.SrcRange}
	if object, ok := attr.Expr.(*hclsyntax.ObjectConsExpr); ok {
		for _, item := range object.Items {
			lit, ok := item.KeyExpr.(*hclsyntax.LiteralValueExpr)
			if !ok {
				continue
			}
			name := lit.Val.AsString()
			content.Attributes[name] = &hclsyntax.Attribute{
				Name: name, Expr: item.ValueExpr, NameRange: item.KeyExpr.Range(),
				SrcRange: hcl.RangeBetween(item.KeyExpr.Range(), item.ValueExpr.Range()),
			}
		}
	}
	b.Body.Blocks = append(b.Body.Blocks, &hclsyntax.Block{
		Type: "content", Body: content, TypeRange: attr.NameRange, OpenBraceRange: attr.NameRange, CloseBraceRange: attr.SrcRange,
	})
	return b
}

// fromJSON turns a JSON expression into a native one. Strings are templates.
func fromJSON(expr hcl.Expression) hclsyntax.Expression {
	rng := expr.Range()
	if pairs, diags := hcl.ExprMap(expr); !diags.HasErrors() {
		object := &hclsyntax.ObjectConsExpr{SrcRange: rng, OpenRange: rng}
		for _, pair := range pairs {
			object.Items = append(object.Items, hclsyntax.ObjectConsItem{
				KeyExpr: fromJSON(pair.Key), ValueExpr: fromJSON(pair.Value),
			})
		}
		return object
	}
	if items, diags := hcl.ExprList(expr); !diags.HasErrors() {
		tuple := &hclsyntax.TupleConsExpr{SrcRange: rng, OpenRange: rng}
		for _, item := range items {
			tuple.Exprs = append(tuple.Exprs, fromJSON(item))
		}
		return tuple
	}
	v, diags := expr.Value(nil)
	if diags.HasErrors() {
		return &hclsyntax.ExprSyntaxError{ParseDiags: diags, SrcRange: rng}
	}
	if v.IsNull() || v.Type() != cty.String {
		return &hclsyntax.LiteralValueExpr{Val: v, SrcRange: rng}
	}
	if text := v.AsString(); !strings.Contains(text, "${") && !strings.Contains(text, "%{") {
		return &hclsyntax.LiteralValueExpr{Val: v, SrcRange: rng}
	}
	if _, deep := nestsTooDeeply([]byte(v.AsString())); deep { // behind escapes
		return &hclsyntax.ExprSyntaxError{Placeholder: cty.DynamicVal, SrcRange: rng}
	}
	template, diags := hclsyntax.ParseTemplate([]byte(v.AsString()), rng.Filename, rng.Start)
	if diags.HasErrors() {
		return &hclsyntax.ExprSyntaxError{ParseDiags: diags, SrcRange: rng}
	}
	return template
}
