// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package iam

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/aws/policy"
	"github.com/plumb-cspm/plumb/internal/source/code/terraform"
)

// elsewhere is the source of what other code says of a principal that is only
// given policies here.
var elsewhere = asset.Elsewhere("the principal is declared elsewhere")

// strays calls emit for each principal that other code declares and that gets
// policies here: it is judged as far as these go. name is the attribute by which
// they name it.
func (g grants) strays(typ, name string, config func(attached asset.List[Attached], inline asset.List[Inline]) any, emit func(*asset.Asset)) {
	for _, group := range terraform.Strays(g.one, g.many, g.in) {
		attached, inline := asset.MissingList[Attached](elsewhere), asset.MissingList[Inline](elsewhere)
		for _, b := range group {
			if b.Declared("policy_arn") {
				attached = asset.ListOf(append(attached.Elems(), AttachedPolicy(policyARN(b))), b.Source())
			} else {
				inline = asset.ListOf(append(inline.Elems(), inlinePolicy(b)), b.Source())
			}
		}
		a := group[0].Asset(typ, group[0].String(name).Or(""))
		a.Config = config(attached, inline)
		emit(a)
	}
}

func strayUser(attached asset.List[Attached], inline asset.List[Inline]) any {
	return &User{
		ConsoleAccess: asset.Missing[bool](elsewhere), AccessKeys: asset.MissingList[AccessKey](elsewhere),
		AttachedPolicies: attached, InlinePolicies: inline,
		Groups: asset.MissingList[asset.Ref](elsewhere), Path: asset.Missing[string](elsewhere),
	}
}

func strayGroup(attached asset.List[Attached], inline asset.List[Inline]) any {
	return &Group{AttachedPolicies: attached, InlinePolicies: inline}
}

func strayRole(attached asset.List[Attached], inline asset.List[Inline]) any {
	return &Role{
		TrustPolicy:      policy.Parse(asset.Missing[asset.Text](elsewhere)),
		AttachedPolicies: attached, InlinePolicies: inline,
		// Nobody can give policies to the roles of services.
		ServiceLinked: asset.Default(false, nil), Path: asset.Missing[string](elsewhere), PermissionsBoundary: asset.Missing[string](elsewhere),
	}
}
