// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package rbac

import (
	"testing"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/k8s"
)

// Whatever a file holds, every asset of it has an address and no field that was
// forgotten.
func FuzzDecode(f *testing.F) {
	f.Add("apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: r}\naggregationRule: {}\nrules: [{verbs: [get], apiGroups: [1], resources: x}, 1]\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nroleRef: {kind: ClusterRole, name: r}\nsubjects: [{kind: User}, 1]\n---\napiVersion: v1\nkind: ServiceAccount\n")
	f.Fuzz(func(t *testing.T, src string) {
		for _, d := range Kubernetes() {
			d.Decode(k8s.Parse("a.yaml", []byte(src)), func(a *asset.Asset) {
				if a.Address == "" || a.Location.StartLine < 1 {
					t.Errorf("%s %q stands at %v", a.Type, a.Address, a.Location)
				}
				if unset := asset.Unset(a.Config); len(unset) > 0 {
					t.Errorf("%s lacks %v", a.Address, unset)
				}
			})
		}
	})
}
