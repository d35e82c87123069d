// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package lambda

import (
	"slices"
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/aws/arn"
	"github.com/plumb-cspm/plumb/internal/source/code"
)

// permission is one permission of a function: the arguments of Lambda's
// AddPermission, each with its unknown parts, empty where it is absent.
type permission struct {
	principal, action asset.Text
	// narrowed are the arguments that conditions lists, in its order.
	narrowed []asset.Text
}

// policyOf is the policy that Lambda makes of a function's permissions: one
// statement each. maybe is the reason why there may be further ones.
func policyOf(function asset.Hole, permissions []permission, maybe string) asset.Text {
	d := &document{}
	d.Literal(`{"Version":"2012-10-17","Statement":[`)
	for i, p := range permissions {
		if i > 0 {
			d.Literal(",")
		}
		d.statement(function, p)
	}
	if maybe != "" {
		if len(permissions) > 0 {
			d.Literal(",")
		}
		d.Hole(asset.Hole{Reason: maybe})
	}
	d.Literal("]}")
	return d.Built()
}

// conditions are the arguments of a permission that narrow it, in Terraform and
// CloudFormation, and the condition that Lambda makes of each.
var conditions = []struct{ argument, property, operator, key string }{
	{"source_arn", "SourceArn", "ArnLike", "AWS:SourceArn"},
	{"source_account", "SourceAccount", "StringEquals", "AWS:SourceAccount"},
	{"principal_org_id", "PrincipalOrgID", "StringEquals", "aws:PrincipalOrgID"},
	{"event_source_token", "EventSourceToken", "StringEquals", "lambda:EventSourceToken"},
	{"function_url_auth_type", "FunctionUrlAuthType", "StringEquals", "lambda:FunctionUrlAuthType"},
	{"invoked_via_function_url", "InvokedViaFunctionUrl", "Bool", "lambda:InvokedViaFunctionUrl"},
}

// document is the policy that is being written.
type document struct{ code.TextBuilder }

func (d *document) statement(function asset.Hole, p permission) {
	d.Literal(`{"Effect":"Allow","Principal":`)
	d.principal(p.principal)
	d.Literal(`,"Action":`)
	d.Quoted(p.action)
	d.Literal(`,"Resource":`)
	d.Quoted(asset.NewText(asset.HoleMark(0), function))
	d.conditions(p)
	d.Literal("}")
}

func (d *document) principal(t asset.Text) {
	switch kind := principalKind(t); kind {
	case "":
		d.Hole(asset.Hole{Reason: t.Reason()})
	case "*":
		d.Quoted(t)
	default:
		d.Literal(`{"` + kind + `":`)
		d.Quoted(t)
		d.Literal("}")
	}
}

// principalKind tells what a permission's principal is, which AWS tells by its
// form: "AWS", "Service" or "*"; "" where too little of it is known.
func principalKind(t asset.Text) string {
	parts := t.Parts()
	if len(parts) == 0 {
		return "AWS"
	}
	first, last := parts[0], parts[len(parts)-1]
	switch {
	case t.Marked() == "*":
		return "*"
	case strings.HasPrefix(first.Literal, "arn:"), arn.IsAccountID(t.Marked()):
		return "AWS"
	case isServiceDomain(last.Literal):
		return "Service"
	case t.IsKnown() && strings.Contains(t.Marked(), "."):
		return "Service"
	case t.IsKnown(), first.Hole != nil && first.Hole.Computed != "":
		return "AWS"
	}
	return ""
}

func isServiceDomain(s string) bool {
	return slices.ContainsFunc([]string{".amazonaws.com", ".amazonaws.com.cn", ".amazon.com"}, func(domain string) bool {
		return strings.HasSuffix(s, domain)
	})
}

// conditions writes the condition block of a permission: its arguments, by
// operator.
func (d *document) conditions(p permission) {
	operator := ""
	for i, c := range conditions {
		t := p.narrowed[i]
		if t.Marked() == "" {
			continue
		}
		switch {
		case operator == "":
			d.Literal(`,"Condition":{"` + c.operator + `":{`)
		case operator != c.operator:
			d.Literal(`},"` + c.operator + `":{`)
		default:
			d.Literal(",")
		}
		operator = c.operator
		d.Literal(`"` + c.key + `":`)
		d.Quoted(t)
	}
	if operator != "" {
		d.Literal("}}")
	}
}
