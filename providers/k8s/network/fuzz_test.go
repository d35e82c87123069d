// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package network

import (
	"testing"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/k8s"
)

// Whatever a file holds, every asset of it has an address and no field that was
// forgotten.
func FuzzDecode(f *testing.F) {
	f.Add("apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nspec: {policyTypes: [Egress, 1], ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}, 1]}, {}, 2], egress: 1}\n---\napiVersion: v1\nkind: Service\nspec: {externalIPs: [1]}\n---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {annotations: {nginx.ingress.kubernetes.io/server-snippet: lua_, a: 1}}\n")
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
