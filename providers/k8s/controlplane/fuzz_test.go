// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package controlplane

import (
	"testing"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/k8s"
)

// Whatever a file holds, every asset of it has an address and no field that was
// forgotten.
func FuzzDecode(f *testing.F) {
	f.Add("apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - {command: [etcd, --a, $(B), --c=d], env: [{name: ETCD_X, value: y}, {name: ETCD_Y, valueFrom: {}}]}\n    - {command: [sh, -c, \"x; kubelet --a b \\\\\\n --c\"]}\n    - {command: 1, args: [[], kube-apiserver]}\n---\napiVersion: kubelet.config.k8s.io/v1\nkind: KubeletConfiguration\nauthentication: {anonymous: {enabled: 1}}\nreadOnlyPort: 0\n")
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
