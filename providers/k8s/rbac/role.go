// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package rbac

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/k8s"
)

// Role is a Role or a ClusterRole: rights that bindings give to somebody.
type Role struct {
	// Kind is Role or ClusterRole.
	Kind asset.Value[string] `plumb:"kind"`
	// Namespace is "" for a ClusterRole.
	Namespace asset.Value[string] `plumb:"namespace"`
	Rules     asset.List[Rule]    `plumb:"rules"`
}

// Rule allows each of its verbs on each of its resources.
type Rule struct {
	Verbs     asset.List[asset.Value[string]] `plumb:"verbs"`
	Groups    asset.List[asset.Value[string]] `plumb:"groups"`
	Resources asset.List[asset.Value[string]] `plumb:"resources"`
	// Names are those of the only objects that the rule is about; none for all.
	Names asset.List[asset.Value[string]] `plumb:"names"`
	// URLs are paths of the API server that are no resources.
	URLs asset.List[asset.Value[string]] `plumb:"urls"`
}

func decodeRole(o *k8s.Object) *Role {
	r := &Role{
		Kind: asset.Known(o.Kind, o.Source()), Namespace: namespace(o),
		Rules: k8s.List(o.Get("rules"), decodeRule),
	}
	// The control plane writes the rules of a role that gathers those of others.
	if gathers := o.Get("aggregationRule"); gathers.IsSet() {
		r.Rules = asset.OpenList(r.Rules.Elems(), "the cluster adds the rules of the roles that it selects", gathers.Source())
	}
	return r
}

func decodeRule(v k8s.Value) Rule {
	return Rule{
		Verbs: v.Get("verbs").Strings(), Groups: v.Get("apiGroups").Strings(), Resources: v.Get("resources").Strings(),
		Names: v.Get("resourceNames").Strings(), URLs: v.Get("nonResourceURLs").Strings(),
	}
}
