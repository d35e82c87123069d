// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumb-cspm/plumb/internal/asset"
)

type rule struct {
	Port asset.Value[int64]              `plumb:"port"`
	CIDR asset.Value[string]             `plumb:"cidr"`
	Tags asset.List[asset.Value[string]] `plumb:"tags"`
	Deep asset.List[asset.Ref]           `plumb:"deep" target:"test.net.key"`
}

type group struct {
	Title   asset.Value[string]             `plumb:"title"`
	Open    asset.Value[bool]               `plumb:"open"`
	Made    asset.Value[time.Time]          `plumb:"made"`
	Ingress asset.List[rule]                `plumb:"ingress"`
	Names   asset.List[asset.Value[string]] `plumb:"names"`
	Labels  asset.Map[string]               `plumb:"labels"`
	Key     asset.Ref                       `plumb:"key" target:"test.net.key"`
	Nested  nested                          `plumb:"nested"`
}

type nested struct {
	Mode asset.Value[string] `plumb:"mode"`
}

type key struct {
	Rotates asset.Value[bool]     `plumb:"rotates"`
	Users   asset.List[asset.Ref] `plumb:"users" target:"test.net.group" reverse:"test.net.group.key"`
}

type settings struct {
	Strict asset.Value[bool] `plumb:"strict"`
}

var here = asset.InCode(asset.Location{File: "a.tf", StartLine: 3})

func testEnv(t testing.TB) *Env {
	t.Helper()
	catalog, err := asset.NewCatalog(
		asset.Type{Name: "test.net.group", New: func() any { return new(group) }},
		asset.Type{Name: "test.net.key", New: func() any { return new(key) }},
		asset.Type{Name: "test.net.account", New: func() any { return new(settings) }, Singleton: asset.PerAccount},
	)
	if err != nil {
		t.Fatal(err)
	}
	env, err := NewEnv(catalog)
	if err != nil {
		t.Fatal(err)
	}
	return env
}

func ingress(port int64, cidr asset.Value[string]) rule {
	return rule{Port: asset.Known(port, here), CIDR: cidr, Tags: asset.ListOf[asset.Value[string]](nil, here)}
}

func groupAsset(g *group) *asset.Asset {
	return &asset.Asset{Type: "test.net.group", ID: "r//g", Name: "g", Config: g}
}

const world = "0.0.0.0/0"

func knownGroup() *group {
	return &group{
		Title: asset.Known("web", here), Open: asset.Known(false, here), Made: asset.Known(time.Unix(0, 0), here),
		Ingress: asset.ListOf([]rule{ingress(80, asset.Known("10.0.0.0/8", here))}, here),
		Names:   asset.ListOf(asset.Strings([]string{"a", "b"}, here), here),
		Labels:  asset.MapOf(map[string]asset.Value[string]{"owner": asset.Known("ops", here)}, here),
		Nested:  nested{asset.Known("strict", here)},
	}
}

func TestThreeValues(t *testing.T) {
	t.Parallel()
	unknownCIDR := asset.Unknown[string]("var.cidr has no value", here)
	with := func(change func(*group)) *group { g := knownGroup(); change(g); return g }
	rules := func(rs ...rule) *group {
		return with(func(g *group) { g.Ingress = asset.ListOf(rs, here) })
	}
	openTo := func(rs ...rule) *group {
		return with(func(g *group) { g.Ingress = asset.OpenList(rs, "dynamic over unknown", here) })
	}
	const noSSH = `!asset.ingress.exists(r, r.port == 22 && r.cidr == "0.0.0.0/0")`
	for _, tc := range []struct {
		name   string
		source string
		on     *group
		want   Truth
		gaps   []asset.Gap
	}{
		{"known rules decide", noSSH, knownGroup(), True, nil},
		{"a known bad rule fails beside an unknown one", noSSH, rules(ingress(22, unknownCIDR), ingress(22, asset.Known(world, here))), False, nil},
		{"an unknown rule leaves it open", noSSH, rules(ingress(22, unknownCIDR), ingress(443, asset.Known(world, here))), Unknown,
			[]asset.Gap{{Path: "asset.ingress[0].cidr", Reason: "var.cidr has no value"}}},
		{"an unknown rule on another port does not matter", noSSH, rules(ingress(443, unknownCIDR)), True, nil},
		{"an open list without a bad rule is unknown", noSSH, openTo(), Unknown, []asset.Gap{{Path: "asset.ingress", Reason: "dynamic over unknown"}}},
		{"an open list with a bad rule fails", noSSH, openTo(ingress(22, asset.Known(world, here))), False, nil},
		{"elements that may not exist do not satisfy exists", `asset.ingress.exists(r, r.port == 1 || true)`, openTo(), Unknown,
			[]asset.Gap{{Path: "asset.ingress", Reason: "dynamic over unknown"}}},
		{"elements that may not exist do not break all", `asset.ingress.all(r, r.port == 1 && false)`, openTo(), Unknown,
			[]asset.Gap{{Path: "asset.ingress", Reason: "dynamic over unknown"}}},
		{"all over an open list is false on a known breach", `asset.ingress.all(r, r.port == 80)`, openTo(ingress(22, unknownCIDR)), False, nil},
		{"an unread list is unknown", noSSH, with(func(g *group) { g.Ingress = asset.List[rule]{} }), Unknown,
			[]asset.Gap{{Path: "asset.ingress", Reason: "not read"}}},
		{"or absorbs an unknown", `asset.nested.mode == "x" || asset.title == "web"`, with(func(g *group) { g.Nested = nested{} }), True, nil},
		{"and absorbs an unknown", `asset.nested.mode == "x" && asset.title == "db"`, with(func(g *group) { g.Nested = nested{} }), False, nil},
		{"not equal to an unknown is unknown", `asset.nested.mode != "x"`, with(func(g *group) { g.Nested = nested{} }), Unknown,
			[]asset.Gap{{Path: "asset.nested.mode", Reason: "not read"}}},
		{"in finds a known element beside an unknown", `"b" in asset.names`, with(func(g *group) {
			g.Names = asset.ListOf([]asset.Value[string]{unknownCIDR, asset.Known("b", here)}, here)
		}), True, nil},
		{"in is not false beside an unknown", `!("*" in asset.names)`, with(func(g *group) {
			g.Names = asset.ListOf([]asset.Value[string]{unknownCIDR, asset.Known("b", here)}, here)
		}), Unknown, []asset.Gap{{Path: "asset.names[0]", Reason: "var.cidr has no value"}}},
		{"in is not false in an open list", `"z" in asset.names`, with(func(g *group) {
			g.Names = asset.OpenList(asset.Strings([]string{"a"}, here), "denied", here)
		}), Unknown, []asset.Gap{{Path: "asset.names", Reason: "denied"}}},
		{"size of an open list is unknown", `size(asset.names) > 0`, with(func(g *group) {
			g.Names = asset.OpenList(asset.Strings([]string{"a"}, here), "denied", here)
		}), Unknown, []asset.Gap{{Path: "asset.names", Reason: "denied"}}},
		{"index within an open list is known", `asset.names[0] == "a"`, with(func(g *group) {
			g.Names = asset.OpenList(asset.Strings([]string{"a"}, here), "denied", here)
		}), True, nil},
		{"index beyond an open list is unknown", `asset.names[4] == "a"`, with(func(g *group) {
			g.Names = asset.OpenList(asset.Strings([]string{"a"}, here), "denied", here)
		}), Unknown, []asset.Gap{{Path: "asset.names[4]", Reason: "denied"}}},
		{"get returns the default of a complete map", `asset.labels.get("team", "none") == "none"`, knownGroup(), True, nil},
		{"get of an open map is unknown", `asset.labels.get("team", "none") == "none"`, with(func(g *group) {
			g.Labels = asset.OpenMap(map[string]asset.Value[string]{}, "merge with unknown", here)
		}), Unknown, []asset.Gap{{Path: "asset.labels.team", Reason: "merge with unknown"}}},
		{"key in a complete map", `"owner" in asset.labels && !("team" in asset.labels)`, knownGroup(), True, nil},
		{"a relation that was not read is unknown", `asset.key.rotates`, knownGroup(), Unknown, []asset.Gap{{Path: "asset.key", Reason: "not read"}}},
		{"an account fact decides", `account.net.strict`, knownGroup(), True, nil},
		{"time is compared with the one clock", `now - asset.made > duration("24h")`, knownGroup(), True, nil},
		{"a condition that is unknown leaves the choice unknown", `asset.open ? true : true`, with(func(g *group) { g.Open = asset.Value[bool]{} }), Unknown,
			[]asset.Gap{{Path: "asset.open", Reason: "not read"}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			env := testEnv(t)
			x, err := env.Bool("test.net.group", tc.source)
			if err != nil {
				t.Fatal(err)
			}
			fact := &asset.Asset{Type: "test.net.account", Config: &settings{asset.Known(true, here)}}
			ev := env.NewEvaluator(time.Unix(1e6, 0), func(_ *asset.Asset, typ string) *asset.Asset {
				if typ == fact.Type {
					return fact
				}
				return nil
			})
			got := ev.Bool(x, groupAsset(tc.on))
			if got.Err != nil {
				t.Fatal(got.Err)
			}
			if got.Truth != tc.want {
				t.Errorf("%s is %d, want %d (%v)", tc.source, got.Truth, tc.want, got.Gaps)
			}
			if diff := cmp.Diff(tc.gaps, got.Gaps); diff != "" {
				t.Errorf("gaps (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEvaluationErrorIsUnknown(t *testing.T) {
	t.Parallel()
	env := testEnv(t)
	x, err := env.Bool("test.net.group", `asset.names[7] == "a"`)
	if err != nil {
		t.Fatal(err)
	}
	got := env.NewEvaluator(time.Time{}, nil).Bool(x, groupAsset(knownGroup()))
	if got.Truth != Unknown || got.Err == nil || !strings.Contains(got.Err.Error(), "asset.names has no element 7") {
		t.Errorf("got %+v", got)
	}
}

func TestMistakesNameTheirPlace(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ source, want string }{
		{`asset.ingres.exists(r, true)`, "1:6: undefined field 'ingres'"},
		{"asset.open &&\n  asset.titel == 'x'", "2:8: undefined field 'titel'"},
		{`asset.title`, "the expression gives a string, not a bool"},
		{`asset.names == ["a"]`, "cannot be compared"},
		{`asset.names.filter(n, n == "a").size() == 0`, "filter is not in the language"},
		{`has(asset.title)`, "has is not in the language"},
		{`asset.title == 3`, "no matching overload"},
		{`asset.labels.exists(k, k == "a")`, "exists and all range over lists"},
		{`{"a": 1}.size() == 1`, "do not make maps"},
		{strings.Repeat("(", 200) + "true" + strings.Repeat(")", 200), "recursion"},
		{`asset.ingress.all(a, asset.ingress.all(b, asset.ingress.all(c, asset.ingress.all(d, true))))`, "comprehension exceeds nesting limit"},
		{`asset.title.matches("(")`, "invalid matches argument"},
		{`"` + strings.Repeat("x", 9000) + `" == ""`, "size exceeds limit"},
	} {
		t.Run(tc.want, func(t *testing.T) {
			t.Parallel()
			_, err := testEnv(t).Bool("test.net.group", tc.source)
			var mistake *Error
			if !errors.As(err, &mistake) || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}

func TestExplainNamesTheValuesThatDecided(t *testing.T) {
	t.Parallel()
	type ev struct {
		Path  string
		Value any
	}
	bad := knownGroup()
	bad.Ingress = asset.ListOf([]rule{ingress(80, asset.Known(world, here)), ingress(22, asset.Known(world, here))}, here)
	for _, tc := range []struct {
		source string
		on     *group
		want   []ev
	}{
		{`asset.title == "db"`, knownGroup(), []ev{{"asset.title", "web"}}},
		{`!asset.ingress.exists(r, r.port == 22 && r.cidr == "0.0.0.0/0")`, bad, []ev{{"asset.ingress[1].port", int64(22)}, {"asset.ingress[1].cidr", world}}},
		{`asset.title == "web" && asset.open`, knownGroup(), []ev{{"asset.open", false}}},
		{`asset.open || asset.nested.mode == "lax"`, knownGroup(), []ev{{"asset.open", false}, {"asset.nested.mode", "strict"}}},
		{`"z" in asset.names`, knownGroup(), []ev{{"asset.names", "[a, b]"}}},
		{`asset.names.all(n, n == "a")`, knownGroup(), []ev{{"asset.names[1]", "b"}}},
		{`asset.ingress.exists(r, r.port == 443)`, knownGroup(), []ev{{"asset.ingress", "1 element"}}},
		{`asset.names.all(n, n == "b")`, knownGroup(), []ev{{"asset.names[0]", "a"}}},
		{`!asset.ingress.exists(r, r.port == 80)`, bad, []ev{{"asset.ingress[0].port", int64(80)}}},
		{`account.net.strict`, knownGroup(), []ev{{"account.net.strict", false}}},
		{`size(asset.labels) > 3`, knownGroup(), []ev{{"asset.labels", "1 key"}}},
	} {
		t.Run(tc.source, func(t *testing.T) {
			t.Parallel()
			env := testEnv(t)
			x, err := env.Bool("test.net.group", tc.source)
			if err != nil {
				t.Fatal(err)
			}
			fact := &asset.Asset{Type: "test.net.account", Config: &settings{asset.Known(false, here)}}
			evaluator := env.NewEvaluator(time.Unix(0, 0), func(*asset.Asset, string) *asset.Asset { return fact })
			var got []ev
			for _, e := range evaluator.Explain(x, groupAsset(tc.on)) {
				got = append(got, ev{e.Path, e.Value})
				if e.Source == nil || e.Source.Location.File != "a.tf" {
					t.Errorf("%s has no source", e.Path)
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestFieldsFollowRelationsAndFacts(t *testing.T) {
	t.Parallel()
	x, err := testEnv(t).Bool("test.net.group",
		`asset.ingress.exists(r, r.port == 22 && r.deep.all(k, k.rotates)) || asset.key.rotates || account.net.strict || asset.labels["a"] == "b"`)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"test.net.account.strict", "test.net.group.ingress", "test.net.group.ingress.deep", "test.net.group.ingress.port",
		"test.net.group.key", "test.net.group.labels", "test.net.key.rotates",
	}
	if diff := cmp.Diff(want, x.Fields()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFieldsOfAReverseRelationAreThoseThatPointHere(t *testing.T) {
	t.Parallel()
	x, err := testEnv(t).Bool("test.net.key", `size(asset.users) > 0`)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"test.net.group.key", "test.net.key.users"}, x.Fields()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func BenchmarkCondition(b *testing.B) {
	env := testEnv(b)
	subject := groupAsset(knownGroup())
	for name, source := range map[string]string{
		"field":         `asset.title == "web"`,
		"comprehension": `!asset.ingress.exists(r, r.port == 22 && r.cidr == "0.0.0.0/0")`,
	} {
		x, err := env.Bool("test.net.group", source)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			ev := env.NewEvaluator(time.Unix(0, 0), nil)
			b.ReportAllocs()
			for b.Loop() {
				ev.Bool(x, subject)
			}
		})
	}
}
