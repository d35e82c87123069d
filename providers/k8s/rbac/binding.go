// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package rbac

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/k8s"
)

// Binding is a RoleBinding or a ClusterRoleBinding: it gives the rights of a role
// to its subjects.
type Binding struct {
	// Kind is RoleBinding or ClusterRoleBinding.
	Kind asset.Value[string] `plumb:"kind"`
	// Namespace is where the rights hold; "" for the whole cluster.
	Namespace asset.Value[string] `plumb:"namespace"`
	// RoleKind and RoleName say which role it is; Role is that role where it is in
	// a manifest too.
	RoleKind asset.Value[string] `plumb:"role_kind"`
	RoleName asset.Value[string] `plumb:"role_name"`
	Role     asset.Ref           `plumb:"role" target:"k8s.rbac.role"`
	Subjects asset.List[Subject] `plumb:"subjects"`
}

// Subject is who gets the rights.
type Subject struct {
	// Kind is User, Group or ServiceAccount.
	Kind asset.Value[string] `plumb:"kind"`
	Name asset.Value[string] `plumb:"name"`
	// Namespace is that of a service account.
	Namespace asset.Value[string] `plumb:"namespace"`
}

func decodeBinding(roles map[string][]*k8s.Object, o *k8s.Object) *Binding {
	ref := o.Get("roleRef")
	b := &Binding{
		Kind: asset.Known(o.Kind, o.Source()), Namespace: namespace(o),
		RoleKind: ref.Get("kind").String(""), RoleName: ref.Get("name").String(""),
		Subjects: k8s.List(o.Get("subjects"), func(v k8s.Value) Subject {
			return Subject{v.Get("kind").String(""), v.Get("name").String(""), v.Get("namespace").String("")}
		}),
	}
	b.Role = asset.UnknownRef("the role is in no manifest", ref.Source())
	name, known := b.RoleName.Get()
	if !known {
		b.Role = asset.UnknownRef(b.RoleName.Reason(), b.RoleName.Source())
		return b
	}
	kind := b.RoleKind.Or("")
	for _, other := range roles[kind+"/"+name] {
		inReach := other.Namespace == "" || other.Namespace == o.Namespace
		if inReach && (b.Role.Key() == "" || other.File == o.File) { // that of the same file is meant most likely
			b.Role = asset.RefTo(other.File+"//"+other.Address, ref.Source())
		}
	}
	return b
}

// ServiceAccount is as whom pods speak to the API server.
type ServiceAccount struct {
	Namespace asset.Value[string] `plumb:"namespace"`
	// Token says that pods of the account get its token, unless they say otherwise.
	Token asset.Value[bool] `plumb:"token"`
}

func decodeServiceAccount(o *k8s.Object) *ServiceAccount {
	return &ServiceAccount{Namespace: namespace(o), Token: o.Get("automountServiceAccountToken").Bool(true)}
}
