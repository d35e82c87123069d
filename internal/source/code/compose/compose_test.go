// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package compose

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

// plant writes files below a new folder; "/" at the end of a name makes a folder.
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
	projects []*Project
	gaps     []string
}

func (w *world) Asset(*asset.Asset) {}

func (w *world) Coverage(c asset.Coverage) {
	if c.Status != asset.Covered {
		w.gaps = append(w.gaps, fmt.Sprint(c.Status, " ", c.Location, ": ", c.Reason))
	}
}

func read(t testing.TB, files map[string]string) *world {
	t.Helper()
	tree, err := code.Open([]string{plant(t, files)})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{}
	keep := Decoder{Decode: func(p *Project, _ func(*asset.Asset)) { w.projects = append(w.projects, p) }}
	if err := New(tree, code.Filter{}, []Decoder{keep}).Read(context.Background(), w); err != nil {
		t.Fatal(err)
	}
	return w
}

// said is a value of a service with its place, or why it is unknown.
func said(p *Project, service string, keys ...string) string {
	i := slices.IndexFunc(p.Services, func(s *Service) bool { return s.Name == service })
	if i < 0 {
		return "no such service"
	}
	v := p.Services[i].Get(keys...)
	var texts []string
	for _, item := range append([]Value{}, v.Items()...) {
		if !item.IsScalar() {
			texts = append(texts, fmt.Sprintf("mapping @%v", item.Source().Location))
			continue
		}
		text := item.String("")
		texts = append(texts, fmt.Sprintf("%s%s @%v", text.Or(""), text.Reason(), item.Source().Location))
	}
	if len(texts) == 0 {
		text := v.String("-")
		return text.Or("") + text.Reason()
	}
	return strings.Join(texts, ", ")
}

func TestInterpolation(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"$A":              "from .env",
		"${A}":            "from .env",
		"x${B}y":          "variable B is not set",
		"$B":              "variable B is not set",
		"${B:-b}":         "b",
		"${B-b}":          "b",
		"${EMPTY:-b}":     "b",
		"${B:-$A}":        "from .env",
		"${B:-$C}":        "variable C is not set",
		"${A:+yes}":       "yes",
		"${B:+yes}x":      "x",
		"${B:?must be}":   "variable B is not set",
		"${B?must be}":    "variable B is not set",
		"$$A":             "$A",
		"$${B}":           "${B}",
		"${PWD}/x":        "./x",
		"${CHAIN}":        "from .env, again",
		"plain":           "plain",
		"${B:-x} ${B:-y}": "x y",
	} {
		w := read(t, map[string]string{
			".env":         "A=from .env\nEMPTY=\nCHAIN=\"${A}, again\"\n",
			"compose.yaml": "services:\n  s:\n    image: '" + text + "'\n",
		})
		if len(w.projects) != 1 {
			t.Errorf("%s: %v", text, w.gaps)
			continue
		}
		got, _, _ := strings.Cut(said(w.projects[0], "s", "image"), " @")
		if got != want {
			t.Errorf("%s is %s, not %s", text, got, want)
		}
	}
}

func TestFilesOverrideEachOther(t *testing.T) {
	t.Parallel()
	w := read(t, map[string]string{
		"docker-compose.yml": `
services:
  web:
    image: nginx:1
    ports: ["80:80"]
    cap_add:
      - NET_ADMIN
    security_opt: [a]
    privileged: true
  db: {image: postgres:17}
`,
		"docker-compose.override.yml": `
services:
  web:
    image: nginx:2
    ports:
      - "8080:80"
    cap_add: !reset []
    security_opt: !override [b]
  new:
    image: redis:7
`,
	})
	if len(w.projects) != 1 || w.gaps != nil {
		t.Fatal(len(w.projects), w.gaps)
	}
	p := w.projects[0]
	for keys, want := range map[string]string{
		"web image":        "nginx:2 @docker-compose.override.yml:4",
		"web ports":        "80:80 @docker-compose.yml:5, 8080:80 @docker-compose.override.yml:6",
		"web cap_add":      "-",
		"web security_opt": "b @docker-compose.override.yml:8",
		"web privileged":   "true @docker-compose.yml:9",
		"db image":         "postgres:17 @docker-compose.yml:10",
		"new image":        "redis:7 @docker-compose.override.yml:10",
	} {
		f := strings.Fields(keys)
		if got := said(p, f[0], f[1:]...); got != want {
			t.Errorf("%s: %s, not %s", keys, got, want)
		}
	}
}

func TestServicesExtendEachOther(t *testing.T) {
	t.Parallel()
	w := read(t, map[string]string{
		"compose.yaml": `
x-common: &common
  user: "1"
  read_only: true
services:
  base:
    <<: *common
    cap_drop: [ALL]
  app:
    extends: base
    user: "2"
  far:
    extends: {file: sub/common.yaml, service: second}
    image: own
  lost:
    extends: {file: none.yaml, service: x}
    image: own
  loop:
    extends: {service: pool}
  pool:
    extends: {service: loop}
  unknown:
    extends: {file: "${FILE}", service: x}
`,
		"sub/common.yaml": `
services:
  first: {pid: host}
  second:
    extends: first
    image: base
    ports:
      - {target: 80, published: 80}
`,
	})
	if len(w.projects) != 1 {
		t.Fatal(w.gaps)
	}
	p := w.projects[0]
	for keys, want := range map[string]string{
		"base read_only": "true @compose.yaml:4",
		"app cap_drop":   "ALL @compose.yaml:8",
		"app user":       "2 @compose.yaml:11",
		"app read_only":  "true @compose.yaml:4",
		"far image":      "own @compose.yaml:14",
		"far pid":        "host @sub/common.yaml:3",
		"far ports":      "mapping @sub/common.yaml:8",
		"lost image":     "own @compose.yaml:17",
		"lost pid":       "extends none.yaml x: there is no such file",
		"loop pid":       "extends pool: it extends itself",
		"unknown pid":    "extends another service: the file is not known here",
	} {
		f := strings.Fields(keys)
		if got := said(p, f[0], f[1:]...); got != want {
			t.Errorf("%s: %s, not %s", keys, got, want)
		}
	}
}

func TestIncludes(t *testing.T) {
	t.Parallel()
	w := read(t, map[string]string{
		"compose.yaml": `
include:
  - parts/db.yaml
  - path: [parts/cache.yaml, parts/cache-over.yaml]
    env_file: parts/cache.env
  - ../outside.yaml
  - https://example.com/compose.yaml
  - sub/compose.yaml
services:
  web: {image: nginx:1}
`,
		"parts/db.yaml":         "services:\n  db:\n    image: postgres:${TAG}\n",
		"parts/.env":            "TAG=17\n",
		"parts/cache.yaml":      "services:\n  cache:\n    image: redis:${TAG}\n",
		"parts/cache-over.yaml": "services:\n  cache:\n    pid: host\n",
		"parts/cache.env":       "TAG=7\n",
		"sub/compose.yaml":      "services:\n  sub: {image: a}\n",
	})
	if len(w.projects) != 2 {
		t.Fatal(len(w.projects), w.gaps)
	}
	p := w.projects[0]
	var names []string
	for _, s := range p.Services {
		names = append(names, s.Name)
	}
	if diff := cmp.Diff([]string{"cache", "db", "web"}, names); diff != "" {
		t.Error("what is included from a scanned file is judged there alone:", diff)
	}
	for keys, want := range map[string]string{
		"db image":    "postgres:17 @parts/db.yaml:3",
		"cache image": "redis:7 @parts/cache.yaml:3",
		"cache pid":   "host @parts/cache-over.yaml:3",
	} {
		f := strings.Fields(keys)
		if got := said(p, f[0], f[1:]...); got != want {
			t.Errorf("%s: %s, not %s", keys, got, want)
		}
	}
	slices.Sort(w.gaps)
	if diff := cmp.Diff([]string{
		"partial : include of a file that is not in the tree",
		"skipped compose.yaml:2: include of ../outside.yaml: there is no such file",
		"skipped compose.yaml:2: include of a file that is not in the tree",
	}, w.gaps); diff != "" {
		t.Error(diff)
	}
}

func TestNothingOutsideIsRead(t *testing.T) {
	t.Parallel()
	outside := plant(t, map[string]string{"secret.yaml": "services: {x: {pid: host}}", "env": "A=secret"})
	dir := plant(t, map[string]string{"compose.yaml": fmt.Sprintf(`
include: [{path: %[1]s/secret.yaml}, {path: in.yaml, env_file: link.env}, {path: link.yaml}]
services:
  a: {extends: {file: %[1]s/secret.yaml, service: x}}
  b: {extends: {file: link.yaml, service: x}}
  c: {image: "$A"}
`, outside), "in.yaml": "services: {d: {image: $A}}"})
	for link, target := range map[string]string{"link.yaml": "secret.yaml", "link.env": "env", ".env": "env"} {
		if err := os.Symlink(filepath.Join(outside, target), filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	tree, err := code.Open([]string{dir})
	if err != nil {
		t.Fatal(err)
	}
	p, err := load(tree, []string{filepath.Join(dir, "compose.yaml")})
	if err != nil {
		t.Fatal(err)
	}
	for _, keys := range [][]string{{"a", "pid"}, {"b", "pid"}, {"c", "image"}, {"d", "image"}, {"x", "pid"}} {
		if got := said(p, keys[0], keys[1]); strings.Contains(got, "host") || strings.Contains(got, "secret @") {
			t.Errorf("%v: %s", keys, got)
		}
	}
	if len(p.gaps) < 5 {
		t.Errorf("what was not read is not said: %v", p.gaps)
	}
}

func TestBrokenFilesSayWhere(t *testing.T) {
	t.Parallel()
	bomb := "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c < 'k'; c++ {
		bomb += fmt.Sprintf("%c: &%c [*%c, *%c, *%c, *%c, *%c, *%c, *%c, *%c]\n", c, c, c-1, c-1, c-1, c-1, c-1, c-1, c-1, c-1)
	}
	for text, want := range map[string]string{
		"services:\n  web:\n   image: x\n  bad\n": "failed compose.yaml:4: could not find expected ':'",
		"services:\n  web: [1]\n":                 "failed compose.yaml:2: service web is no mapping",
		"services: [a]\n":                         "failed compose.yaml:1: services is no mapping",
		"web:\n  image: nginx\n":                  "failed compose.yaml: has no services",
		"- a\n":                                   "failed compose.yaml:1: is not a mapping at its top",
		"":                                        "failed compose.yaml: has no services",
		"services:\n  web:\n    image: ${A b}\n":  "failed compose.yaml:3: Invalid template: \"${A b}\"",
		bomb:                                      "",
		"a: " + strings.Repeat("[", 5000) + "\n":  "",
		"a: &a {b: *a}\nservices: {x: {image: y}}": "",
	} {
		w := read(t, map[string]string{"compose.yaml": text})
		if len(w.gaps) != 1 || want != "" && w.gaps[0] != want {
			t.Errorf("%.40q: %v", text, w.gaps)
		}
	}
	w := read(t, map[string]string{"compose.override.yml": "services: {a: {image: b}}"})
	if len(w.gaps) != 1 || !strings.HasPrefix(w.gaps[0], "skipped compose.override.yml: there is no file") {
		t.Error(w.gaps)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add("services:\n  a: &x\n    image: ${A:-b}\n    ports: ['80:80', {target: 1}]\n  b:\n    <<: *x\n    extends: a\n", "A=1\n", "services: {a: {ports: !reset []}}")
	f.Add("include: [compose.override.yaml]\nservices: {a: {extends: {file: compose.yaml, service: a}}}\nvolumes: {v: {}}", "A=${A}\n", "services: {a: {volumes: !override [v:/x]}}")
	f.Add("a: &a [*a]\n---\nservices: {a: }\n", "=", "- 1")
	f.Fuzz(func(t *testing.T, base, env, over string) {
		dir := plant(t, map[string]string{"compose.yaml": base, ".env": env, "compose.override.yaml": over})
		tree, err := code.Open([]string{dir})
		if err != nil {
			t.Fatal(err)
		}
		p, err := load(tree, []string{filepath.Join(dir, "compose.yaml"), filepath.Join(dir, "compose.override.yaml")})
		if err != nil {
			if err.Error() == "" {
				t.Error("a mistake without a message")
			}
			return
		}
		for _, s := range p.Services {
			if s.Location().File == "" {
				t.Errorf("service %s stands nowhere", s.Name)
			}
			for _, key := range []string{"image", "ports", "volumes", "privileged"} {
				v := s.Get(key)
				v.Bool(false)
				v.Keys()
				for _, item := range v.Items() {
					item.String("")
				}
			}
		}
	})
}
