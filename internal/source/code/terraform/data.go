// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// dataAttribute is an attribute of a data source that the code does not write.
// A few follow from the provider or from the block's own arguments alone, and
// are known as far as these are.
func (r *Root) dataAttribute(b *Block, name string) cty.Value {
	top := b.top()
	if b == top {
		if v, ok := r.withoutReading(b, name); ok {
			return v
		}
	}
	reasons := []string{top.Address + " is read at apply"}
	if top.Symbolic != "" {
		reasons = append(reasons, top.Symbolic)
	}
	return unknown(computedType(name), reasons...)
}

// withoutReading is what a data source says without asking anybody.
func (r *Root) withoutReading(b *Block, name string) (cty.Value, bool) {
	switch b.Type {
	case "aws_caller_identity":
		if (name == "account_id" || name == "id") && r.account != "" {
			return cty.StringVal(r.account), true
		}
	case "aws_region":
		if name != "name" && name != "id" && name != "region" {
			return cty.NilVal, false
		}
		if region, known := b.Region().Get(); known {
			return cty.StringVal(region), true
		}
	case "aws_partition":
		partition, suffix := "aws", "amazonaws.com"
		switch region := b.Region().Or(""); {
		case strings.HasPrefix(region, "cn-"):
			partition, suffix = "aws-cn", "amazonaws.com.cn"
		case strings.HasPrefix(region, "us-gov-"):
			partition = "aws-us-gov"
		}
		switch name {
		case "partition", "id":
			return cty.StringVal(partition), true
		case "dns_suffix":
			return cty.StringVal(suffix), true
		}
	case "template_file":
		if name == "rendered" {
			return r.templateData(b), true
		}
	case "aws_iam_policy_document":
		if name == "json" || name == "minified_json" {
			return r.policyDocument(b), true
		}
	}
	return cty.NilVal, false
}

// templateData renders the template_file data source, which came before the
// templatefile function and is still in much code.
func (r *Root) templateData(b *Block) cty.Value {
	template, ok := b.attr("template")
	if !ok {
		return unknown(cty.String, b.Address+" has no template")
	}
	vars, ok := b.attr("vars")
	if !ok || isNull(vars) {
		vars = cty.EmptyObjectVal
	}
	rendered, err := templateString(r, nil, []cty.Value{template, vars})
	if err != nil {
		return unknown(cty.String, b.Address+": "+err.Error())
	}
	return rendered
}
