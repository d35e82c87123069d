// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package k8s

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code"
)

// plant writes files below a new folder.
func plant(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// world is what a source said.
type world struct {
	objects []*Object
	said    []string
}

func (w *world) Asset(*asset.Asset) {}

func (w *world) Coverage(c asset.Coverage) {
	if c.Status != asset.Covered {
		w.said = append(w.said, fmt.Sprint(c.Status, " ", c.Location, ": ", c.Reason))
	}
}

func (w *world) addresses() []string {
	var all []string
	for _, o := range w.objects {
		all = append(all, fmt.Sprint(o.Location(), "-", o.Location().EndLine, " ", o.Address))
	}
	return all
}

func read(t testing.TB, files map[string]string) *world {
	t.Helper()
	tree, err := code.Open([]string{plant(t, files)})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{}
	keep := Decoder{Decode: func(m *Manifests, _ func(*asset.Asset)) { w.objects = append(w.objects, m.Objects...) }}
	if err := New(tree, code.Filter{}, []Decoder{keep}).Read(context.Background(), w); err != nil {
		t.Fatal(err)
	}
	slices.Sort(w.said)
	return w
}

// one reads a file with one object.
func one(t testing.TB, text string) *Object {
	t.Helper()
	w := read(t, map[string]string{"a.yaml": text})
	if len(w.objects) != 1 {
		t.Fatalf("%d objects: %v", len(w.objects), w.said)
	}
	return w.objects[0]
}

func TestObjectsOfFiles(t *testing.T) {
	t.Parallel()
	w := read(t, map[string]string{
		"app.yaml": `# a comment
---
apiVersion: v1
kind: Namespace
metadata:
  name: shop
---
# nothing
--- # the next one
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  template: {}
...
---
apiVersion: v1
kind: Service
metadata: {name: web}
`,
		"list.yaml": `apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Pod
    metadata: {name: a}
  - apiVersion: rbac.authorization.k8s.io/v1
    kind: RoleList
    items:
      - metadata: {name: b, namespace: n}
`,
		"tabs.json":   "{\n\t\"apiVersion\": \"v1\",\n\t\"kind\": \"Pod\",\n\t\"metadata\": {\"name\": \"j\"}\n}\n",
		"twice.yml":   "apiVersion: v1\nkind: Pod\nmetadata: {generateName: run-}\n---\napiVersion: v1\nkind: Pod\nmetadata: {generateName: run-}\n",
		"dos.yaml":    "apiVersion: v1\r\nkind: Pod\r\nmetadata:\r\n  name: d\r\n---\r\napiVersion: v1\r\nkind: Pod\r\nmetadata: {name: e}\r\n",
		"other.yaml":  "on: push\njobs: {}\n",
		"values.yaml": "image: nginx\n",
		"chart.yaml":  "apiVersion: v2\nname: x\n",
		"other.json":  "{\"kind\": \"data\"}",
		"nested.yaml": "data:\n  apiVersion: v1\n  kind: Pod\n",
	})
	want := []string{
		"app.yaml:3-6 Namespace//shop", "app.yaml:10-16 Deployment/shop/web", "app.yaml:19-21 Service/default/web",
		"dos.yaml:1-4 Pod/default/d", "dos.yaml:6-8 Pod/default/e",
		"list.yaml:4-6 Pod/default/a", "list.yaml:10-10 Role/n/b",
		"tabs.json:1-4 Pod/default/j",
		"twice.yml:1-3 Pod/default/run-", "twice.yml:5-7 Pod/default/run-#2",
	}
	if diff := cmp.Diff(want, w.addresses()); diff != "" || w.said != nil {
		t.Error(diff, w.said)
	}
}

func TestWhatIsNoManifest(t *testing.T) {
	t.Parallel()
	const pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n"
	w := read(t, map[string]string{
		"chart/Chart.yaml":             "apiVersion: v2\nname: chart\n",
		"chart/templates/a.yaml":       "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Values.name }}\n",
		"chart/templates/sub/b.yaml":   "{{- if .Values.on }}\n{{ include \"x\" . }}\n{{ end }}\n",
		"chart/templates/plain.yaml":   pod,
		"loose/a.yaml":                 "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Values.name }}\n",
		"loose/text.yaml":              "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {rule: \"{{ $labels.pod }}\"}\n",
		"kustom/kustomization.yaml":    "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [base.yaml]\npatches:\n  - path: sub/patch.yaml\n    target: {kind: Pod}\npatchesStrategicMerge: [old.yaml]\n",
		"kustom/base.yaml":             pod,
		"kustom/sub/patch.yaml":        pod,
		"kustom/old.yaml":              pod,
		"broken.yaml":                  pod + "---\napiVersion: v1\nkind: Pod\n  bad: [\n---\n" + strings.Replace(pod, "name: p", "name: q", 1),
		"kustom/broken/Kustomization":  "a: [",
		"kustom/broken/whatever.jsonl": pod,
	})
	want := []string{
		"broken.yaml:1-3 Pod/default/p", "broken.yaml:9-11 Pod/default/q", "chart/templates/plain.yaml:1-3 Pod/default/p",
		"kustom/base.yaml:1-3 Pod/default/p", "loose/text.yaml:1-4 ConfigMap/default/c",
	}
	if diff := cmp.Diff(want, w.addresses()); diff != "" {
		t.Error(diff)
	}
	said := []string{
		"failed broken.yaml:7: mapping values are not allowed in this context",
		"skipped chart/Chart.yaml: its files are Helm templates: render it first, with helm template",
		"skipped kustom/old.yaml: is a patch of a kustomization: build that first, with kubectl kustomize",
		"skipped kustom/sub/patch.yaml: is a patch of a kustomization: build that first, with kubectl kustomize",
		"skipped loose/a.yaml:4: is a Helm template: render it first",
	}
	if diff := cmp.Diff(said, w.said); diff != "" {
		t.Error(diff)
	}
}

// text is a known value with its place, or why it is unknown.
func text[T any](v asset.Value[T]) string {
	got, known := v.Get()
	if !known {
		return "unknown: " + v.Reason()
	}
	state := ""
	if v.Source().State() == asset.Defaulted {
		state = "default "
	}
	return fmt.Sprint(state, got, " @", v.Source().Location.StartLine)
}

func TestValues(t *testing.T) {
	t.Parallel()
	o := one(t, `apiVersion: v1
kind: Thing
metadata: {name: x}
yes: yes
quoted: "true"
number: 0x10
texts: "16"
hole: a-${TAG}-b
all: $NAME
helm: "{{ name }}"
price: $5
null: ~
base: &base
  one: 1
  two: 2
own:
  <<: *base
  two: 3
list: [1, ~, a]
block: |
  x
  y
word: nothing
`)
	for name, c := range map[string][2]string{
		"a truth value of YAML 1.1":      {text(o.Get("yes").Bool(false)), "true @4"},
		"a text is no truth value":       {text(o.Get("quoted").Bool(false)), `unknown: "true" is a text, where true and false belong`},
		"nothing is the default":         {text(o.Get("none").Bool(true)), "default true @1"},
		"null is nothing":                {text(o.Get("null").String("d")), "default d @1"},
		"a number":                       {text(o.Get("number").Int(0)), "16 @6"},
		"a text is no number":            {text(o.Get("texts").Int(0)), `unknown: "16" is a text, where whole numbers belong`},
		"a text with a hole":             {text(o.Get("hole").String("")), "unknown: ${TAG} is filled in when it is deployed"},
		"a variable alone":               {text(o.Get("all").String("")), "unknown: $NAME is filled in when it is deployed"},
		"braces":                         {text(o.Get("helm").Bool(false)), "unknown: {{ name }} is filled in when it is deployed"},
		"a dollar that is no variable":   {text(o.Get("price").String("")), "$5 @11"},
		"merged in":                      {text(o.Get("own", "one").Int(0)), "1 @14"},
		"its own beats what is merged":   {text(o.Get("own", "two").Int(0)), "3 @18"},
		"below something without fields": {text(o.Get("word", "a", "b").Bool(false)), "unknown: nothing is written where fields belong"},
		"a default of its parent":        {text(o.Get("own", "none").Int(7)), "default 7 @16"},
		"a list is no text":              {text(o.Get("list").String("")), "unknown: something else is written where letters belong"},
		"another in its place":           {text(o.Get("none").Or(o.Get("own", "two")).Int(0)), "3 @18"},
		"itself where it is there":       {text(o.Get("number").Or(o.Get("own", "two")).Int(0)), "16 @6"},
	} {
		if c[0] != c[1] {
			t.Errorf("%s: %s, not %s", name, c[0], c[1])
		}
	}
	if got := len(o.Get("list").Items()); got != 2 {
		t.Errorf("%d items: null is none", got)
	}
	if _, open := o.Get("word").Strings().More(); !open {
		t.Error("a word is a complete list")
	}
}

func TestSelectors(t *testing.T) {
	t.Parallel()
	for selector, want := range map[string]string{
		"{}":                                            "true",
		"{matchLabels: {app: web}}":                     "true",
		"{matchLabels: {app: db}}":                      "false",
		"{matchLabels: {app: web, tier: x}}":            "false",
		"{matchLabels: {app: web, env: prod}}":          "unknown",
		"{matchLabels: {env: prod, app: db}}":           "false",
		"{matchLabels: {app: \"${APP}\"}}":              "unknown",
		"[{key: app, operator: In, values: [db, web]}]": "true",
		"[{key: app, operator: In, values: [db]}]":      "false",
		"[{key: app, operator: NotIn, values: [web]}]":  "false",
		"[{key: x, operator: NotIn, values: [web]}]":    "true",
		"[{key: app, operator: Exists}]":                "true",
		"[{key: x, operator: Exists}]":                  "false",
		"[{key: x, operator: DoesNotExist}]":            "true",
		"[{key: env, operator: In, values: [prod]}]":    "unknown",
		"[{key: app, operator: Like}]":                  "unknown",
	} {
		if strings.HasPrefix(selector, "[") {
			selector = "{matchExpressions: " + selector + "}"
		}
		o := one(t, "apiVersion: v1\nkind: Thing\nmetadata: {name: x, labels: {app: web, env: \"${ENV}\"}}\nselector: "+selector+"\n")
		got, known := o.Get("selector").Selects(o.Get("metadata", "labels")).Get()
		answer := fmt.Sprint(got)
		if !known {
			answer = "unknown"
		}
		if answer != want {
			t.Errorf("%s: %s, not %s", selector, answer, want)
		}
	}
}

func TestHostileFilesEnd(t *testing.T) {
	t.Parallel()
	bomb := "apiVersion: v1\nkind: Pod\na: &a [x, x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c < 'm'; c++ {
		bomb += fmt.Sprintf("%c: &%c [*%c, *%c, *%c, *%c, *%c, *%c, *%c, *%c]\n", c, c, c-1, c-1, c-1, c-1, c-1, c-1, c-1, c-1)
	}
	for text, want := range map[string]string{
		bomb: "is too large with all its aliases",
		"apiVersion: v1\nkind: Pod\na: " + strings.Repeat("[", 5000) + "\n":                              "",
		"apiVersion: v1\nkind: Pod\na: " + strings.Repeat("{a: ", 300) + strings.Repeat("}", 300) + "\n": "is nested too deeply",
		"apiVersion: v1\nkind: Pod\na: &a {b: *a}\n":                                                     "an alias stands for something that holds it",
		"apiVersion: v1\nkind: Pod\n? [a, b]\n: 1\n":                                                     "has a key that is no text",
	} {
		w := read(t, map[string]string{"a.yaml": text})
		if len(w.objects) != 0 || len(w.said) != 1 || !strings.HasSuffix(w.said[0], want) {
			t.Errorf("%.60q: %v", text, w.said)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("apiVersion: v1\nkind: Pod\nmetadata: &m {name: a, labels: {a: b}}\nspec:\n  <<: *m\n  containers: [{name: x}]\n---\napiVersion: v1\nkind: List\nitems: [{kind: A, apiVersion: b/c}]\n")
	f.Add("{\"apiVersion\": \"v1\", \"kind\": \"Pod\",\t\"spec\": {\"a\": [1, null, {}]}}")
	f.Add("%YAML 1.1\n---\n\xEF\xBB\xBFapiVersion: v1\nkind: &k RoleList\nitems: [{metadata: *k}, 3]\n...\n--- {a: ${B}}\n")
	f.Fuzz(func(t *testing.T, src string) {
		lines := strings.Count(src, "\n") + 1
		for _, name := range []string{"a.yaml", "a.json"} {
			for _, doc := range parse(name, []byte(src)) {
				if doc.err != nil {
					if doc.err.message == "" {
						t.Error("a mistake without a message")
					}
					continue
				}
				for _, o := range objects(name, doc.top) {
					if at := o.Location(); at.StartLine < 1 || at.StartLine > lines {
						t.Errorf("%s stands on line %d of %d", o.Address, at.StartLine, lines)
					}
					spec := o.Get("spec")
					spec.Selects(o.Get("metadata", "labels"))
					for _, key := range spec.Keys() {
						v := spec.Get(key)
						v.Bool(false)
						v.Int(0)
						v.String("")
						v.Map()
						v.Strings()
					}
				}
			}
		}
	})
}
