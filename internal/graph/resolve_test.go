// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package graph_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/graph"
)

type network struct {
	Logs asset.List[asset.Ref] `plumb:"logs" target:"t.net.log" reverse:"t.net.log.network"`
}

type log struct {
	Network asset.Ref `plumb:"network" target:"t.net.network"`
}

type server struct {
	Cards asset.List[card] `plumb:"cards"`
}

type card struct {
	Networks asset.List[asset.Ref] `plumb:"networks" target:"t.net.network"`
}

type settings struct {
	Strict asset.Value[bool] `plumb:"strict"`
}

var at = asset.InCode(asset.Location{File: "a.tf", StartLine: 1})

func catalog(t *testing.T) *asset.Catalog {
	t.Helper()
	c, err := asset.NewCatalog(
		asset.Type{Name: "t.net.network", New: func() any { return new(network) }},
		asset.Type{Name: "t.net.log", New: func() any { return new(log) }},
		asset.Type{Name: "t.net.server", New: func() any { return new(server) }},
		asset.Type{Name: "t.net.account", New: func() any { return new(settings) }, Singleton: asset.PerAccount},
		asset.Type{Name: "t.net.region", New: func() any { return new(settings) }, Singleton: asset.PerRegion},
	)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func code(root, typ, address string, config any) *asset.Asset {
	return &asset.Asset{Type: typ, ID: root + "//" + address, Address: address, Root: root, Config: config}
}

func live(account, region, typ, id string, config any) *asset.Asset {
	return &asset.Asset{
		Type: typ, ID: id, Address: id, Origin: asset.Live, Config: config,
		Scope: asset.Scope{Provider: "t", Account: account, Region: region},
	}
}

func always(asset.Scope, string) (string, bool) { return "", true }

func TestRelationsStayInTheirWorld(t *testing.T) {
	t.Parallel()
	mine := code("a", "t.net.network", "net.main", &network{})
	other := code("b", "t.net.network", "net.main", &network{})
	named := code("a", "t.net.network", "net.named", &network{})
	named.Keys = []string{"net-1"}
	for _, tc := range []struct {
		name   string
		ref    asset.Ref
		want   *asset.Asset
		reason string
	}{
		{"by address", asset.RefTo("a//net.main", at), mine, ""},
		{"by another name", asset.RefTo("net-1", at), named, ""},
		{"not from another root", asset.RefTo("net-9", at), nil, "not read: net-9"},
		{"an address is shown without its root", asset.RefTo("a//net.gone", at), nil, "not read: net.gone"},
		{"to nothing", asset.NoRef(at), nil, "refers to nothing"},
		{"unknown", asset.UnknownRef("var.net has no value", at), nil, "var.net has no value"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l := code("a", "t.net.log", "log.x", &log{Network: tc.ref})
			graph.Resolve(catalog(t), []*asset.Asset{mine, other, named, l}, always)
			target, why := l.Config.(*log).Network.Target()
			if target != tc.want {
				t.Errorf("target is %v", target)
			}
			if tc.want == nil && why.Reason() != tc.reason {
				t.Errorf("reason is %q, want %q", why.Reason(), tc.reason)
			}
		})
	}
}

func TestReverseRelationsSayWhetherThereMayBeMore(t *testing.T) {
	t.Parallel()
	pointing := func(key string) *asset.Asset {
		return code("a", "t.net.log", "log."+key, &log{Network: asset.RefTo("a//net."+key, at)})
	}
	for _, tc := range []struct {
		name     string
		others   []*asset.Asset
		live     bool
		complete graph.Complete
		want     int
		open     string
	}{
		{"all of a root are known", []*asset.Asset{pointing("main"), pointing("other")}, false, nil, 1, ""},
		{"none", nil, false, nil, 0, ""},
		{"one that may point here", []*asset.Asset{code("a", "t.net.log", "log.x", &log{Network: asset.UnknownRef("var.net has no value", at)})},
			false, nil, 0, "log.x may belong here: var.net has no value"},
		{"that of another root does not", []*asset.Asset{code("b", "t.net.log", "log.x", &log{Network: asset.UnknownRef("var.net has no value", at)})}, false, nil, 0, ""},
		{"a live listing that failed", nil, true, func(asset.Scope, string) (string, bool) { return "AccessDenied on t:ListLogs", false }, 0, "AccessDenied on t:ListLogs"},
		{"a live listing that is complete", nil, true, always, 0, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			subject := code("a", "t.net.network", "net.main", &network{})
			if tc.live {
				subject = live("1", "r", "t.net.network", "net-1", &network{})
			}
			graph.Resolve(catalog(t), append([]*asset.Asset{subject}, tc.others...), tc.complete)
			logs := subject.Config.(*network).Logs
			reason, _ := logs.More()
			if len(logs.Elems()) != tc.want || reason != tc.open {
				t.Errorf("%d logs, open: %q", len(logs.Elems()), reason)
			}
		})
	}
}

func TestRelationsInListsOfStructsResolve(t *testing.T) {
	t.Parallel()
	n := code("a", "t.net.network", "net.main", &network{})
	refs := asset.ListOf([]asset.Ref{asset.RefTo("a//net.main", at)}, at)
	s := code("a", "t.net.server", "server.x", &server{Cards: asset.ListOf([]card{{Networks: refs}}, at)})
	graph.Resolve(catalog(t), []*asset.Asset{n, s}, always)
	got := s.Config.(*server).Cards.Elems()[0].Networks.Elems()[0]
	if target, _ := got.Target(); target != n {
		t.Errorf("target is %v", target)
	}
}

func TestFactsBelongToTheAccountAndRegion(t *testing.T) {
	t.Parallel()
	implied := code("a", "t.net.account", "t.net.account", &settings{})
	implied.Implied = true
	assets := []*asset.Asset{
		live("1", "", "t.net.account", "acc-1", &settings{}),
		live("2", "", "t.net.account", "acc-2", &settings{}),
		live("1", "east", "t.net.region", "east-1", &settings{}),
		live("1", "west", "t.net.region", "west-1", &settings{}),
		implied,
		code("a", "t.net.account", "settings.mine", &settings{}),
	}
	g := graph.Resolve(catalog(t), assets, always)
	for _, tc := range []struct {
		name    string
		subject *asset.Asset
		typ     string
		want    string
	}{
		{"account", live("1", "west", "t.net.network", "x", nil), "t.net.account", "acc-1"},
		{"other account", live("2", "west", "t.net.network", "x", nil), "t.net.account", "acc-2"},
		{"region", live("1", "west", "t.net.network", "x", nil), "t.net.region", "west-1"},
		{"region without", live("2", "west", "t.net.network", "x", nil), "t.net.region", ""},
		{"declared beats implied", code("a", "t.net.network", "net.x", nil), "t.net.account", "a//settings.mine"},
		{"other root", code("b", "t.net.network", "net.x", nil), "t.net.account", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			if fact := g.Fact(tc.subject, tc.typ); fact != nil {
				got = fact.ID
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
