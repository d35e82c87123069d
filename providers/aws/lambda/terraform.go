// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package lambda

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/aws/policy"
	"github.com/plumb-cspm/plumb/internal/source/code/terraform"
)

const (
	functionBlock   = "aws_lambda_function"
	permissionBlock = "aws_lambda_permission"
)

func decodeFunctions(r *terraform.Root, emit func(*asset.Asset)) {
	permissions := r.Join(permissionBlock, "function_name", functionBlock, "function_name", "arn")
	owned := map[*terraform.Block]bool{}
	for _, b := range r.Resources(functionBlock) {
		found, maybe := permissions.Of(b)
		for _, p := range found {
			owned[p] = true
		}
		runtime := b.String("runtime")
		a := b.Asset(FunctionType, b.String("function_name").Or(""))
		a.Config = &Function{
			Declared:            asset.Known(true, b.Source()),
			PackageType:         b.String("package_type", "Zip"),
			Runtime:             runtime,
			RuntimeDeprecatedAt: DeprecatedAt(runtime),
			Policy:              policy.Parse(decodePolicy(b, found, maybe)),
		}
		emit(a)
	}
	for _, p := range r.Resources(permissionBlock) {
		if !owned[p] {
			emit(functionElsewhere(p))
		}
	}
}

// functionElsewhere is the function that a permission is for, where the code
// does not define that function.
func functionElsewhere(p *terraform.Block) *asset.Asset {
	elsewhere := p.Source().Missing("the function is defined elsewhere")
	a := p.Asset(FunctionType, p.String("function_name").Or(""))
	a.Config = &Function{
		Declared:            asset.Known(false, p.Source()),
		PackageType:         asset.Missing[string](elsewhere),
		Runtime:             asset.Missing[string](elsewhere),
		RuntimeDeprecatedAt: DeprecatedAt(asset.Missing[string](elsewhere)),
		Policy:              policy.Parse(decodePolicy(p, []*terraform.Block{p}, "")),
	}
	return a
}

func decodeURLs(r *terraform.Root, emit func(*asset.Asset)) {
	for _, b := range r.Resources("aws_lambda_function_url") {
		a := b.Asset(FunctionURLType, b.String("function_name").Or(""))
		a.Config = &FunctionURL{Function: b.Ref("function_name"), AuthType: b.String("authorization_type")}
		emit(a)
	}
}

// decodePolicy reads the policy of a function from its permissions.
func decodePolicy(function *terraform.Block, permissions []*terraform.Block, maybe string) asset.Value[asset.Text] {
	if len(permissions) == 0 && maybe == "" {
		return asset.Default(asset.Text{}, function.Source())
	}
	all := make([]permission, len(permissions))
	for i, b := range permissions {
		all[i] = permission{principal: read(b, "principal"), action: read(b, "action")}
		for _, c := range conditions {
			all[i].narrowed = append(all[i].narrowed, read(b, c.argument))
		}
	}
	at := function.Source()
	if len(permissions) == 1 && maybe == "" {
		at = permissions[0].Source()
	}
	computed := function.Address + ".arn"
	return asset.Known(policyOf(asset.Hole{Reason: computed + " is known after apply", Computed: computed}, all, maybe), at)
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
