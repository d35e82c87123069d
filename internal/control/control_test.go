// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package control

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/expr"
)

type box struct {
	Locked asset.Value[bool]   `plumb:"locked"`
	Label  asset.Value[string] `plumb:"label"`
	Kind   asset.Value[string] `plumb:"kind"`
}

func environment(t testing.TB) *expr.Env {
	t.Helper()
	catalog, err := asset.NewCatalog(asset.Type{Name: "test.room.box", New: func() any { return new(box) }})
	if err != nil {
		t.Fatal(err)
	}
	env, err := expr.NewEnv(catalog)
	if err != nil {
		t.Fatal(err)
	}
	return env
}

const good = `title: Box is locked
asset: test.room.box
severity: high
cvss: CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N
applies: asset.kind == "box"
pass: asset.locked
message: '"the box " + asset.label + " is open"'
why: Because.
equivalents: {trivy: [B], checkov: [A]}
examples:
  - {name: locked, verdict: pass, asset: {locked: true}}
`

func TestMistakesNameFileLineAndColumn(t *testing.T) {
	t.Parallel()
	change := func(from, to string) string { return strings.Replace(good, from, to, 1) }
	for _, tc := range []struct{ name, file, text, want string }{
		{"unknown key", "", change("why:", "wy:"), `test-room-box.yaml:8:1: unknown field "wy"`},
		{"unknown key of a fix", "", good + "fix:\n  step: [x]\n", `:13:3: unknown field "step"`},
		{"unknown asset type", "", change("test.room.box", "test.room.bx"), `:2:8: unknown asset type "test.room.bx"`},
		{"misspelt field", "", change("asset.locked", "asset.loked"), ":6:12: undefined field 'loked'"},
		{"misspelt field in a block", "", change("pass: asset.locked", "pass: |\n  asset.locked &&\n  asset.loked"), ":8:8: undefined field 'loked'"},
		{"misspelt field in the message", "", change("asset.label", "asset.lable"), "undefined field 'lable'"},
		{"not a condition", "", change("pass: asset.locked", "pass: asset.label"), ":6:7: the expression gives a string, not a bool"},
		{"no pass", "", change("pass: asset.locked\n", ""), "needs a pass expression"},
		{"no message", "", change(`message: '"the box " + asset.label + " is open"'`+"\n", ""), "needs a message"},
		{"severity", "", change("severity: high", "severity: severe"), `:3:11: severity "severe" is not one of critical, high, medium, low`},
		{"vector and severity disagree", "", change("severity: high", "severity: low"), ":4:7: the vector scores 8.7, which is high, but the severity is low"},
		{"no vector", "", change("CVSS:4.0/AV:N", "CVSS:3.1/AV:N"), ":4:7: not a CVSS 4.0 vector"},
		{"id", "Box.yaml", good, "the file's name is the control's id"},
		{"example without a verdict", "", change("verdict: pass", "verdict: good"), `verdict "good" is not one of`},
		{"example of nothing", "", change(", asset: {locked: true}", ""), "an example is either code in one language or asset"},
		{"two documents", "", good + "---\n" + good, "exactly one YAML document"},
		{"tag", "", change("title: Box", "title: !!str Box"), ":1:8: a control file uses no tags"},
		{"alias", "", change("why: Because.", "why: &a Because.\nreferences: [*a]"), ":8:6: a control file uses no tags"},
		{"no YAML", "", "title: [", ":1:"},
		{"empty", "", "", "exactly one YAML document"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			file := tc.file
			if file == "" {
				file = "test-room-box.yaml"
			}
			c, err := Parse(file, []byte(tc.text))
			if err == nil {
				_, err = c.Compile(environment(t))
			}
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}

func TestABrokenFileStopsNoOther(t *testing.T) {
	t.Parallel()
	controls, mistakes := Load(fstest.MapFS{
		"own/test-room-box.yaml":   {Data: []byte(good)},
		"own/test-room-lid.yaml":   {Data: []byte("title: [")},
		"own/deep/test-a-b.yml":    {Data: []byte(good)},
		"own/test-big.yaml":        {Data: make([]byte, maxFile+1)},
		"own/readme.md":            {Data: []byte("not a control")},
		"other/test-out-side.yaml": {Data: []byte(good)},
	}, "own")
	var ids, files []string
	for _, c := range controls {
		ids = append(ids, c.ID)
	}
	for _, m := range mistakes {
		files = append(files, m.File)
	}
	if diff := cmp.Diff([]string{"test-a-b", "test-room-box"}, ids); diff != "" {
		t.Errorf("controls (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"own/test-big.yaml", "own/test-room-lid.yaml"}, files); diff != "" {
		t.Errorf("mistakes (-want +got):\n%s", diff)
	}
}

func TestJudge(t *testing.T) {
	t.Parallel()
	at := asset.InCode(asset.Location{File: "a.tf", StartLine: 7})
	c, err := Parse("test-room-box.yaml", []byte(good))
	if err != nil {
		t.Fatal(err)
	}
	p, err := c.Compile(environment(t))
	if err != nil {
		t.Fatal(err)
	}
	kind := asset.Known("box", at)
	for _, tc := range []struct {
		name     string
		on       box
		symbolic string
		want     asset.Outcome
		message  string
	}{
		{"locked", box{asset.Known(true, at), asset.Known("A", at), kind}, "", asset.Pass, ""},
		{"open", box{asset.Known(false, at), asset.Known("A", at), kind}, "", asset.Fail, "the box A is open"},
		{"open, nobody knows which", box{Locked: asset.Known(false, at), Kind: kind}, "", asset.Fail, "Box is locked: it does not, though not every value behind it is known"},
		{"not known", box{Locked: asset.Unknown[bool]("var.locked has no value", at), Kind: kind}, "", asset.Undecided, "asset.locked is not known: var.locked has no value"},
		{"another kind", box{asset.Known(false, at), asset.Known("A", at), asset.Known("bag", at)}, "", NotApplicable, ""},
		{"locked, kind not known", box{Locked: asset.Known(true, at), Kind: asset.Unknown[string]("denied", at)}, "", NotApplicable, ""},
		{"kind not known", box{Locked: asset.Known(false, at), Kind: asset.Unknown[string]("denied", at)}, "", asset.Undecided, "asset.kind is not known: denied"},
		{"for every instance", box{asset.Known(false, at), asset.Known("A", at), kind}, "var.n has no value", asset.Fail,
			"the box A is open (for every instance; how many is not known: var.n has no value)"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			a := &asset.Asset{Type: "test.room.box", ID: "x", Symbolic: tc.symbolic, Config: &tc.on}
			v, applies, err := p.Judge(environment(t).NewEvaluator(time.Time{}, nil), a)
			if err != nil {
				t.Fatal(err)
			}
			if !applies {
				v.Outcome = NotApplicable
			}
			if v.Outcome != tc.want || v.Message != tc.message {
				t.Errorf("%s: %q", v.Outcome, v.Message)
			}
			if tc.want == asset.Fail && len(v.DecidedBy) != 1 || tc.want == asset.Undecided && len(v.Unknown) != 1 {
				t.Errorf("evidence: %v, gaps: %v", v.DecidedBy, v.Unknown)
			}
		})
	}
}

func TestTheIndexKeepsControls(t *testing.T) {
	t.Parallel()
	c, err := Parse("rooms/test-room-box.yaml", []byte(good))
	if err != nil {
		t.Fatal(err)
	}
	rules, texts, err := EncodeIndex([]*Control{c}, map[string][]byte{c.Source: []byte(good)})
	if err != nil {
		t.Fatal(err)
	}
	again, _, err := EncodeIndex([]*Control{c}, map[string][]byte{c.Source: []byte(good)})
	if err != nil || !cmp.Equal(rules, again) {
		t.Errorf("the index is not the same bytes twice (%v)", err)
	}
	got, err := DecodeIndex(rules, texts)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(c.Rule, got[0].Rule); diff != "" {
		t.Errorf("rule (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(c.Text(), got[0].Text()); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
	if want := []Equivalent{{"checkov", []string{"A"}}, {"trivy", []string{"B"}}}; !cmp.Equal(want, got[0].Text().Equivalents) {
		t.Errorf("equivalents: %v", got[0].Text().Equivalents)
	}
	if _, err := DecodeIndex(rules, texts[:3]); err == nil {
		t.Error("an index whose texts are cut off was decoded")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte("title: x\npass: |\n  a\n"))
	f.Add([]byte("- &a [*a]"))
	env := environment(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := Parse("test-room-box.yaml", data)
		if err != nil {
			if err.Error() == "" {
				t.Error("a mistake without a message")
			}
			return
		}
		_, _ = c.Compile(env) // must not panic, whatever the expressions
	})
}
