// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package controlplane

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code"
	"github.com/plumb-cspm/plumb/internal/source/code/k8s"
)

// kept are the assets of a scan.
type kept []*asset.Asset

func (k *kept) Asset(a *asset.Asset)  { *k = append(*k, a) }
func (*kept) Coverage(asset.Coverage) {}

// found is what a container with the fields is taken for: the program and its
// flags, sorted.
func found(t *testing.T, fields string) string {
	t.Helper()
	dir := t.TempDir()
	text := "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n    - {name: c, " + fields + "}\n"
	if err := os.WriteFile(filepath.Join(dir, "a.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	tree, err := code.Open([]string{dir})
	if err != nil {
		t.Fatal(err)
	}
	var assets kept
	if err := k8s.New(tree, code.Filter{}, Kubernetes()).Read(context.Background(), &assets); err != nil {
		t.Fatal(err)
	}
	if len(assets) == 0 {
		return ""
	}
	if assets[0].Address != "Pod/default/p/c" {
		t.Errorf("the address is %s", assets[0].Address)
	}
	c, ok := assets[0].Config.(*Component)
	if !ok {
		return "kubelet"
	}
	said := []string{c.Program.Or("")}
	for _, name := range slices.Sorted(maps.Keys(c.Flags.Entries())) {
		v := c.Flags.Entries()[name]
		said = append(said, fmt.Sprint(name, "=", v.Or("?")))
	}
	if reason, open := c.Flags.More(); open {
		said = append(said, reason)
	}
	return strings.Join(said, " ")
}

func TestProgramsAndFlags(t *testing.T) {
	t.Parallel()
	for fields, want := range map[string]string{
		"command: [kube-apiserver, --a=1, --b, --c, x, -d=2]":                          "kube-apiserver a=1 b=true c=x d=2",
		"command: [/usr/local/bin/etcd], args: [--name, a]":                            "etcd name=a",
		"command: [sh, -c, 'sleep 1; exec kube-scheduler --a=b']":                      "kube-scheduler a=b",
		"command: [hyperkube, kube-controller-manager, --a]":                           "kube-controller-manager a=true",
		"command: [sh, -ec, 'etcd --a']":                                               "etcd a=true",
		"command: [kubelet]":                                                           "kubelet",
		"command: [tool, --topology, etcd]":                                            "",
		"command: [sh, -c, 'tool -topology etcd -name a']":                             "",
		"command: [sh, -c, 'echo etcd']":                                               "",
		"image: etcd":                                                                  "",
		"command: [etcd, '--a=$(A)']":                                                  "etcd a=?",
		"command: [etcd, '${MORE}']":                                                   "etcd ${MORE} is filled in when it is deployed",
		"command: [etcd, --config-file=/a]":                                            "etcd config-file=/a further settings are in the file of --config-file",
		"command: [etcd, --a=1], env: [{name: ETCD_A, value: '2'}]":                    "etcd a=1",
		"command: [etcd], env: [{name: ETCD_B_C, value: 'true'}, {name: D, value: e}]": "etcd b-c=true",
	} {
		if got := found(t, fields); got != want {
			t.Errorf("%s: %q, not %q", fields, got, want)
		}
	}
}
