// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package lambda

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/aws/policy"
	"github.com/plumb-cspm/plumb/internal/source/code/cloudformation"
)

// CloudFormation reads the room's assets from CloudFormation.
func CloudFormation() []cloudformation.Decoder {
	return []cloudformation.Decoder{
		{Resources: []string{functionResource, permissionResource}, Decode: functionsInStack},
		{Resources: []string{"AWS::Lambda::Url"}, Decode: urlsInStack},
	}
}

const (
	functionResource   = "AWS::Lambda::Function"
	permissionResource = "AWS::Lambda::Permission"
)

func functionsInStack(s *cloudformation.Stack, emit func(*asset.Asset)) {
	permissions := s.Join(permissionResource, "FunctionName", functionResource, "FunctionName")
	aliases := s.Join("AWS::Lambda::Alias", "FunctionName", functionResource, "FunctionName")
	versions := s.Join("AWS::Lambda::Version", "FunctionName", functionResource, "FunctionName")
	owned := map[*cloudformation.Resource]bool{}
	for _, r := range s.Resources(functionResource) {
		found, maybe := permissions.Of(r)
		for _, of := range []*cloudformation.Join{aliases, versions} { // what stands for the function
			names, _ := of.Of(r)
			for _, name := range names {
				more, _ := permissions.Of(name)
				found = append(found, more...)
			}
		}
		for _, p := range found {
			owned[p] = true
		}
		runtime := r.String("Runtime")
		a := r.Asset(FunctionType, r.String("FunctionName").Or(""))
		a.Config = &Function{
			Declared:            asset.Known(true, r.Source()),
			PackageType:         r.String("PackageType", "Zip"),
			Runtime:             runtime,
			RuntimeDeprecatedAt: DeprecatedAt(runtime),
			Policy:              policy.Parse(policyInStack(r, found, maybe)),
		}
		emit(a)
	}
	for _, p := range s.Resources(permissionResource) {
		if !owned[p] {
			emit(elsewhereOfStack(p))
		}
	}
}

func policyInStack(function *cloudformation.Resource, permissions []*cloudformation.Resource, maybe string) asset.Value[asset.Text] {
	if len(permissions) == 0 && maybe == "" {
		return asset.Default(asset.Text{}, function.Source())
	}
	all := make([]permission, len(permissions))
	for i, p := range permissions {
		all[i] = permission{principal: p.Fragment("Principal"), action: p.Fragment("Action")}
		for _, c := range conditions {
			all[i].narrowed = append(all[i].narrowed, p.Fragment(c.property))
		}
	}
	at := function.Source()
	if len(permissions) == 1 && maybe == "" {
		at = permissions[0].Source()
	}
	computed := function.Address + ".Arn"
	return asset.Known(policyOf(asset.Hole{Reason: computed + " is known after deployment", Computed: computed}, all, maybe), at)
}

// elsewhereOfStack is the function that a permission is for, where the template
// does not define that function.
func elsewhereOfStack(p *cloudformation.Resource) *asset.Asset {
	elsewhere := p.Source().Missing("the function is defined elsewhere")
	a := p.Asset(FunctionType, p.String("FunctionName").Or(""))
	a.Config = &Function{
		Declared:            asset.Known(false, p.Source()),
		PackageType:         asset.Missing[string](elsewhere),
		Runtime:             asset.Missing[string](elsewhere),
		RuntimeDeprecatedAt: DeprecatedAt(asset.Missing[string](elsewhere)),
		Policy:              policy.Parse(policyInStack(p, []*cloudformation.Resource{p}, "")),
	}
	return a
}

func urlsInStack(s *cloudformation.Stack, emit func(*asset.Asset)) {
	for _, r := range s.Resources("AWS::Lambda::Url") {
		a := r.Asset(FunctionURLType, r.String("TargetFunctionArn").Or(""))
		a.Config = &FunctionURL{Function: r.Ref("TargetFunctionArn", functionResource), AuthType: r.String("AuthType")}
		emit(a)
	}
}
