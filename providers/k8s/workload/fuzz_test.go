// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package workload

import (
	"testing"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/k8s"
)

// Whatever a file holds, every asset of it has an address and no field that was
// forgotten.
func FuzzDecode(f *testing.F) {
	f.Add("apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {a: b}, annotations: {container.apparmor.security.beta.kubernetes.io/c: unconfined}}\nspec:\n  hostNetwork: true\n  securityContext: {runAsUser: 1, sysctls: [{name: a, value: b}]}\n  volumes: [{name: v, hostPath: {path: /run}}, {emptyDir: {}}]\n  initContainers: [{name: i, restartPolicy: Always}]\n  containers:\n    - {name: c, image: nginx, ports: [{containerPort: 80, hostPort: 80}], env: [{name: A, valueFrom: {secretKeyRef: {name: s}}}], envFrom: [{secretRef: {name: s}}], resources: {limits: {cpu: 1}}}\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: default}\n---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: n}\nspec: {podSelector: {matchExpressions: [{key: a, operator: In, values: [b]}]}}\n")
	f.Add("apiVersion: batch/v1\nkind: CronJob\nspec: {jobTemplate: {spec: {template: {spec: {containers: [1, [], {securityContext: x, ports: 3, image: \"$A\"}], volumes: [{hostPath: 1}]}}}}}\n")
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
