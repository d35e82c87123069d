// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/aws/policy"
)

// store is an asset type with what the functions are about.
type store struct {
	Name   asset.Value[string]             `plumb:"title"`
	Policy policy.Document                 `plumb:"policy"`
	CIDRs  asset.List[asset.Value[string]] `plumb:"cidrs"`
	Labels asset.Map[string]               `plumb:"labels"`
	Port   asset.Value[int64]              `plumb:"port"`
}

func storeEnv(t testing.TB) *Env {
	t.Helper()
	catalog, err := asset.NewCatalog(asset.Type{Name: "test.room.store", New: func() any { return new(store) }})
	if err != nil {
		t.Fatal(err)
	}
	env, err := NewEnv(catalog)
	if err != nil {
		t.Fatal(err)
	}
	return env
}

const (
	admin   = `{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}`
	getOnly = `{"Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::b/*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}]}`
	open    = `{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}]}`
	tlsOnly = `{"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}`
	service = `{"Statement": [{"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": "*", "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}}]}`
	foreign = `{"Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:root"}, "Action": "s3:GetObject", "Resource": "*"}]}`
	gitHub  = `{"Statement": [{"Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}, "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {"StringLike": {"token.actions.githubusercontent.com:sub": "repo:acme/*"}}}]}`
	issuer  = `"token.actions.githubusercontent.com"`
)

// functionCases call every function of the language at least once to be true,
// to be false and, where its argument can be unknown, to be unknown.
var functionCases = []struct {
	function, source, policy string
	want                     Truth
}{
	{"get", `asset.labels.get("owner", "") == "web"`, "", True},
	{"get", `asset.labels.get("team", "none") == "web"`, "", False},
	{"lower", `"ABC".lower() == "abc"`, "", True},
	{"lower", `asset.title.lower() == "SHOP"`, "", False},
	{"is_internet", `is_internet("0.0.0.0/0") && is_internet("::/0")`, "", True},
	{"is_internet", `is_internet("203.0.113.0/24") || is_internet("10.0.0.0/8")`, "", False},
	{"is_internet", `is_internet("everywhere")`, "", Unknown},
	{"is_public_range", `is_public_range("8.8.8.0/24")`, "", True},
	{"is_public_range", `is_public_range("10.1.2.3")`, "", False},
	{"cidr_contains", `cidr_contains("10.0.0.0/8", "10.9.0.0/16") && cidr_contains("2001:db8::/32", "2001:db8:1::/48")`, "", True},
	{"cidr_contains", `cidr_contains("10.0.0.0/8", "11.0.0.0/16")`, "", False},
	{"admits_internet", `admits_internet(["10.0.0.0/8", "0.0.0.0/0"]) && admits_internet(["0.0.0.0/1", "128.0.0.0/1"])`, "", True},
	{"admits_internet", `admits_internet(["10.0.0.0/8"])`, "", False},
	{"admits_internet", `admits_internet(asset.cidrs)`, "", Unknown},
	{"ports_overlap", `ports_overlap(20, 25, 22, 22) && ports_overlap(-1, -1, 443, 443)`, "", True},
	{"ports_overlap", `ports_overlap(80, 90, 22, 22)`, "", False},
	{"ports_overlap", `ports_overlap(asset.port, asset.port, 22, 22)`, "", Unknown},
	{"public", `asset.policy.public() && asset.policy.statements.exists(s, s.public())`, open, True},
	{"public", `asset.policy.public() || asset.policy.statements.exists(s, s.public())`, foreign, False},
	{"public", `asset.policy.public()`, "", Unknown},
	{"grants_full_admin", `asset.policy.grants_full_admin()`, admin, True},
	{"grants_full_admin", `asset.policy.grants_full_admin()`, getOnly, False},
	{"denies_insecure_transport", `asset.policy.denies_insecure_transport()`, tlsOnly, True},
	{"denies_insecure_transport", `asset.policy.denies_insecure_transport()`, open, False},
	{"trusts_everyone", `asset.policy.statements.exists(s, s.trusts_everyone())`, open, True},
	{"trusts_everyone", `asset.policy.statements.exists(s, s.trusts_everyone())`, foreign, False},
	{"allows_every_action", `asset.policy.statements.exists(s, s.allows_every_action())`, admin, True},
	{"allows_every_action", `asset.policy.statements.exists(s, s.allows_every_action())`, getOnly, False},
	{"covers_every_resource", `asset.policy.statements.exists(s, s.covers_every_resource())`, admin, True},
	{"covers_every_resource", `asset.policy.statements.exists(s, s.covers_every_resource())`, getOnly, False},
	{"is_unconditional", `asset.policy.statements.all(s, s.is_unconditional())`, admin, True},
	{"is_unconditional", `asset.policy.statements.all(s, s.is_unconditional())`, getOnly, False},
	{"limits_source", `asset.policy.statements.all(s, s.limits_source())`, service, True},
	{"limits_source", `asset.policy.statements.all(s, s.limits_source())`, open, False},
	{"allows", `asset.policy.statements.exists(s, s.allows("s3:GetObject"))`, getOnly, True},
	{"allows", `asset.policy.statements.exists(s, s.allows("s3:PutObject"))`, getOnly, False},
	{"allows", `asset.policy.statements.exists(s, s.allows("s3:PutObject"))`, "", Unknown},
	{"trusts_oidc", `asset.policy.statements.exists(s, s.trusts_oidc(` + issuer + `))`, gitHub, True},
	{"trusts_oidc", `asset.policy.statements.exists(s, s.trusts_oidc(` + issuer + `))`, service, False},
	{"pins_oidc", `asset.policy.statements.exists(s, s.pins_oidc(` + issuer + `))`, gitHub, True},
	{"pins_oidc", `asset.policy.statements.exists(s, s.pins_oidc(` + issuer + `))`, service, False},
	{"admits_any_tenant", `asset.policy.admits_any_tenant(` + issuer + `)`, strings.Replace(gitHub, "repo:acme/*", "repo:*", 1), True},
	{"admits_any_tenant", `asset.policy.admits_any_tenant(` + issuer + `)`, gitHub, False},
	{"service_principals", `asset.policy.statements.exists(s, "sns.amazonaws.com" in s.service_principals())`, service, True},
	{"service_principals", `asset.policy.statements.exists(s, size(s.service_principals()) > 0)`, foreign, False},
	{"external_accounts", `asset.policy.statements.exists(s, "444455556666" in s.external_accounts("111122223333"))`, foreign, True},
	{"external_accounts", `asset.policy.statements.exists(s, size(s.external_accounts("444455556666")) > 0)`, foreign, False},
	{"external_accounts", `asset.policy.statements.exists(s, size(s.external_accounts(asset.account)) > 0)`, foreign, Unknown},
	{"external_accounts", `asset.policy.statements.exists(s, size(s.external_accounts(asset.account)) > 0)`, open, False},
}

func storeAsset(document string) *asset.Asset {
	s := &store{
		Name:   asset.Known("shop", here),
		CIDRs:  asset.OpenList(asset.Strings([]string{"10.0.0.0/8"}, here), "var.cidrs has no value", here),
		Labels: asset.MapOf(map[string]asset.Value[string]{"owner": asset.Known("web", here)}, here),
		Port:   asset.Unknown[int64]("var.port has no value", here),
	}
	if document != "" {
		s.Policy = policy.ParseString(asset.Known(document, here))
	}
	return &asset.Asset{Type: "test.room.store", ID: "r//s", Name: "s", Config: s}
}

func TestFunctions(t *testing.T) {
	t.Parallel()
	env := storeEnv(t)
	for _, tc := range functionCases {
		t.Run(tc.source, func(t *testing.T) {
			t.Parallel()
			x, err := env.Bool("test.room.store", tc.source)
			if err != nil {
				t.Fatal(err)
			}
			got := env.NewEvaluator(time.Time{}, nil).Bool(x, storeAsset(tc.policy))
			if got.Truth != tc.want {
				t.Errorf("got %d, want %d: %v %v", got.Truth, tc.want, got.Gaps, got.Err)
			}
		})
	}
}

func TestEveryFunctionIsDocumentedAndTested(t *testing.T) {
	t.Parallel()
	for _, f := range functions() {
		if f.doc == "" {
			t.Errorf("%s has no documentation", f.name)
		}
		for _, want := range []Truth{True, False} {
			if !slices.ContainsFunc(functionCases, func(c struct {
				function, source, policy string
				want                     Truth
			},
			) bool {
				return c.function == f.name && c.want == want
			}) {
				t.Errorf("%s has no case with the answer %d", f.name, want)
			}
		}
	}
}

func BenchmarkFunctions(b *testing.B) {
	env := storeEnv(b)
	seen := map[string]bool{}
	for _, tc := range functionCases {
		if seen[tc.function] {
			continue
		}
		seen[tc.function] = true
		x, err := env.Bool("test.room.store", tc.source)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(tc.function, func(b *testing.B) {
			subject, ev := storeAsset(tc.policy), env.NewEvaluator(time.Time{}, nil)
			b.ReportAllocs()
			for b.Loop() {
				ev.Bool(x, subject)
			}
		})
	}
}
