// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"errors"
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// variable is var.NAME in a module instance.
func (r *Root) variable(inst *instance, name string) (cty.Value, error) {
	b := inst.module.variables[name]
	if b == nil {
		return cty.NilVal, fmt.Errorf("var.%s is not declared", name)
	}
	full := inst.qualify("var." + name)
	n := inst.node("var."+name, full, blockLocation(b))
	return r.visit(n, func() cty.Value {
		return identified(r.variableValue(inst, b, name, full), full)
	}), nil
}

func (r *Root) variableValue(inst *instance, b *hclsyntax.Block, name, full string) cty.Value {
	ty, defaults, err := variableType(b)
	if err != nil {
		return unknown(cty.DynamicPseudoType, full+": "+err.Error())
	}
	given := r.given(inst, name, ty)
	nullable := b.Body.Attributes["nullable"] == nil || isTrue(b, "nullable")
	if given == cty.NilVal || !nullable && isNull(given) {
		attr := b.Body.Attributes["default"]
		if attr == nil {
			v := unknown(ty.WithoutOptionalAttributesDeep(), full+" has no value")
			if isTrue(b, "sensitive") {
				v = v.Mark(secret{})
			}
			return v
		}
		given = r.settle(attr.Expr, &frame{inst: inst})
	}
	v := given
	if defaults != nil && !isNull(v) {
		v = defaults.Apply(v)
	}
	v, err = r.convert(v, ty)
	if err != nil {
		v = unknown(ty.WithoutOptionalAttributesDeep(), full+": "+err.Error())
	}
	if isTrue(b, "sensitive") {
		v = v.Mark(secret{})
	}
	return v
}

// given is the value that somebody gave the variable; NilVal if nobody did.
func (r *Root) given(inst *instance, name string, ty cty.Type) cty.Value {
	if inst.call == nil {
		in, ok := r.inputs[name]
		if !ok {
			return cty.NilVal
		}
		return in.value(ty)
	}
	attr := inst.call.Body.Attributes[name]
	if attr == nil {
		return cty.NilVal
	}
	return r.settle(attr.Expr, inst.frame)
}

// variableType is the type constraint of a variable, with the defaults of
// optional attributes.
func variableType(b *hclsyntax.Block) (cty.Type, *typeexpr.Defaults, error) {
	attr := b.Body.Attributes["type"]
	if attr == nil {
		return cty.DynamicPseudoType, nil, nil
	}
	var expr hcl.Expression = attr.Expr
	if text, ok := literalString(attr.Expr); ok { // JSON, and Terraform before 0.12
		switch text {
		case "list", "map":
			text += "(any)"
		}
		if _, deep := nestsTooDeeply([]byte(text)); deep {
			return cty.NilType, nil, errors.New("type is nested too deeply")
		}
		parsed, diags := hclsyntax.ParseExpression([]byte(text), attr.SrcRange.Filename, attr.SrcRange.Start)
		if diags.HasErrors() {
			return cty.NilType, nil, fmt.Errorf("type: %s", describe(diags))
		}
		expr = parsed
	}
	switch hcl.ExprAsKeyword(expr) {
	case "list":
		return cty.List(cty.DynamicPseudoType), nil, nil
	case "map":
		return cty.Map(cty.DynamicPseudoType), nil, nil
	}
	ty, defaults, diags := typeexpr.TypeConstraintWithDefaults(expr)
	if diags.HasErrors() {
		return cty.NilType, nil, fmt.Errorf("type: %s", describe(diags))
	}
	return ty, defaults, nil
}
