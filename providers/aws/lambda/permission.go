// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package lambda

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/aws/arn"
	"github.com/plumb-cspm/plumb/internal/source/code/terraform"
)

// policyOf is the policy that Lambda makes of a function's permissions: one
// statement each. maybe is the reason why there may be further ones.
func policyOf(function *terraform.Block, permissions []*terraform.Block, maybe string) asset.Value[asset.Text] {
	if len(permissions) == 0 && maybe == "" {
		return asset.Default(asset.Text{}, function.Source())
	}
	d := &document{}
	d.raw(`{"Version":"2012-10-17","Statement":[`)
	for i, p := range permissions {
		if i > 0 {
			d.raw(",")
		}
		d.statement(function, p)
	}
	if maybe != "" {
		if len(permissions) > 0 {
			d.raw(",")
		}
		d.hole(asset.Hole{Reason: maybe})
	}
	d.raw("]}")
	at := function.Source()
	if len(permissions) == 1 && maybe == "" {
		at = permissions[0].Source()
	}
	return asset.Known(asset.NewText(d.marked.String(), d.holes...), at)
}

// conditions are the arguments of a permission that narrow it, and the condition
// that Lambda makes of each.
var conditions = []struct{ argument, operator, key string }{
	{"source_arn", "ArnLike", "AWS:SourceArn"},
	{"source_account", "StringEquals", "AWS:SourceAccount"},
	{"principal_org_id", "StringEquals", "aws:PrincipalOrgID"},
	{"event_source_token", "StringEquals", "lambda:EventSourceToken"},
	{"function_url_auth_type", "StringEquals", "lambda:FunctionUrlAuthType"},
	{"invoked_via_function_url", "Bool", "lambda:InvokedViaFunctionUrl"},
}

// document is a JSON text that is being written, with holes for its unknown
// parts.
type document struct {
	marked strings.Builder
	holes  []asset.Hole
}

func (d *document) raw(s string) { d.marked.WriteString(s) }

func (d *document) hole(h asset.Hole) {
	d.raw(asset.HoleMark(len(d.holes)))
	d.holes = append(d.holes, h)
}

// text writes a JSON string.
func (d *document) text(t asset.Text) {
	d.raw(`"`)
	for _, part := range t.Parts() {
		if part.Hole != nil {
			d.hole(*part.Hole)
			continue
		}
		quoted, _ := json.Marshal(part.Literal) // a string always has a JSON form
		d.raw(string(quoted[1 : len(quoted)-1]))
	}
	d.raw(`"`)
}

func (d *document) statement(function, p *terraform.Block) {
	d.raw(`{"Effect":"Allow","Principal":`)
	d.principal(read(p, "principal"))
	d.raw(`,"Action":`)
	d.text(read(p, "action"))
	d.raw(`,"Resource":`)
	d.text(asset.NewText(asset.HoleMark(0), asset.Hole{Reason: function.Address + ".arn is known after apply", Computed: function.Address + ".arn"}))
	d.conditions(p)
	d.raw("}")
}

func (d *document) principal(t asset.Text) {
	switch kind := principalKind(t); kind {
	case "":
		d.hole(asset.Hole{Reason: t.Reason()})
	case "*":
		d.text(t)
	default:
		d.raw(`{"` + kind + `":`)
		d.text(t)
		d.raw("}")
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
func (d *document) conditions(p *terraform.Block) {
	operator := ""
	for _, c := range conditions {
		t := read(p, c.argument)
		if t.Marked() == "" {
			continue
		}
		switch {
		case operator == "":
			d.raw(`,"Condition":{"` + c.operator + `":{`)
		case operator != c.operator:
			d.raw(`},"` + c.operator + `":{`)
		default:
			d.raw(",")
		}
		operator = c.operator
		d.raw(`"` + c.key + `":`)
		d.text(t)
	}
	if operator != "" {
		d.raw("}}")
	}
}

// read is an argument as a text: one hole where nothing of it is known.
func read(b *terraform.Block, argument string) asset.Text {
	v := b.Text(argument)
	if t, known := v.Get(); known {
		return t
	}
	hole := asset.Hole{Reason: v.Reason()}
	if address, attribute, ok := b.Origin(argument); ok {
		hole.Computed = address + "." + attribute
	}
	return asset.NewText(asset.HoleMark(0), hole)
}
