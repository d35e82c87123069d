// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package rbac is the room of who may do what in a Kubernetes cluster: roles, what
// binds them, and service accounts.
package rbac

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/k8s"
)

// The names of the room's asset types.
const (
	RoleType           = "k8s.rbac.role"
	BindingType        = "k8s.rbac.binding"
	ServiceAccountType = "k8s.rbac.service_account"
)

// Types describes the asset types of the room.
func Types() []asset.Type {
	return []asset.Type{
		{Name: RoleType, Title: "Kubernetes role", New: func() any { return new(Role) }},
		{Name: BindingType, Title: "Kubernetes role binding", New: func() any { return new(Binding) }},
		{Name: ServiceAccountType, Title: "Kubernetes service account", New: func() any { return new(ServiceAccount) }},
	}
}

// Kubernetes reads the room's assets from manifests.
func Kubernetes() []k8s.Decoder {
	return []k8s.Decoder{{Decode: decode}}
}

// group is the API group of roles and bindings.
const group = "rbac.authorization.k8s.io"

func decode(m *k8s.Manifests, emit func(*asset.Asset)) {
	roles := map[string][]*k8s.Object{} // by kind and name: one pass, however many bindings there are
	for _, o := range m.Objects {
		key := o.Kind + "/" + o.Name
		if isRole(o) && len(roles[key]) < maxNamesakes {
			roles[key] = append(roles[key], o)
		}
	}
	for _, o := range m.Objects {
		switch {
		case isRole(o):
			emit(o.Asset(RoleType, decodeRole(o)))
		case o.Is("RoleBinding", group), o.Is("ClusterRoleBinding", group):
			emit(o.Asset(BindingType, decodeBinding(roles, o)))
		case o.Is("ServiceAccount", ""):
			emit(o.Asset(ServiceAccountType, decodeServiceAccount(o)))
		}
	}
}

// maxNamesakes bounds the roles of one name that each binding is held against.
const maxNamesakes = 500

func isRole(o *k8s.Object) bool { return o.Is("Role", group) || o.Is("ClusterRole", group) }

// namespace is where the object lives; "" for the whole cluster.
func namespace(o *k8s.Object) asset.Value[string] {
	if o.Namespace == "" {
		return asset.Default("", o.Source())
	}
	return o.Get("metadata", "namespace").String("default")
}
