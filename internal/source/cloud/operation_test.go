// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cloud_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumb-cspm/plumb/internal/source/cloud"
)

func TestNeedForSelectsTheOperationsBehindFieldPaths(t *testing.T) {
	t.Parallel()
	var (
		list       = cloud.Operation{Name: "box:List", Fills: []string{"any.box.thing"}}
		policy     = cloud.Operation{Name: "box:GetPolicy", Fills: []string{"any.box.thing.policy"}}
		encryption = cloud.Operation{Name: "box:GetEncryption", Fills: []string{"any.box.thing.encryption.key", "any.box.thing.encryption.kind"}}
		policies   = cloud.Operation{Name: "box:GetPolicies", Fills: []string{"any.box.thing.policies"}}
		account    = cloud.Operation{Name: "box:GetAccount", Fills: []string{"any.box.account.limit"}}
	)
	all := []cloud.Operation{list, policy, encryption, policies, account}
	tests := map[string]struct {
		paths []string
		want  []string
	}{
		"a field needs the listing and what fills it":    {[]string{"any.box.thing.policy"}, []string{"box:List", "box:GetPolicy"}},
		"a field below what a call fills":                {[]string{"any.box.thing.policy.statements[].effect"}, []string{"box:List", "box:GetPolicy"}},
		"a field of which calls fill parts":              {[]string{"any.box.thing.encryption"}, []string{"box:List", "box:GetEncryption"}},
		"a type as such needs only the listing":          {[]string{"any.box.thing"}, []string{"box:List"}},
		"a singleton's field needs no listing":           {[]string{"any.box.account.limit"}, []string{"box:GetAccount"}},
		"nothing asked for":                              {nil, nil},
		"a type whose name begins like another is other": {[]string{"any.box.thingy.policy"}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			need := cloud.NeedFor(tt.paths...)
			var got []string
			for _, o := range all {
				if need.Of(o) {
					got = append(got, o.Name)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("needed operations (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNilNeedNeedsEverything(t *testing.T) {
	t.Parallel()
	if !cloud.Need(nil).Of(cloud.Operation{Name: "box:List"}) {
		t.Error("a nil Need left an operation out")
	}
}

func TestPermissionsAreTheNameUnlessDeclared(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff([]string{"box:List"}, cloud.Operation{Name: "box:List"}.Permissions()); diff != "" {
		t.Error(diff)
	}
	named := cloud.Operation{Name: "box:List", Actions: []string{"box:ListAll", "box:See"}}
	if diff := cmp.Diff([]string{"box:ListAll", "box:See"}, named.Permissions()); diff != "" {
		t.Error(diff)
	}
}
