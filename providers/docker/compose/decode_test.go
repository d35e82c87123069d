// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package compose

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code"
	"github.com/plumb-cspm/plumb/internal/source/code/compose"
)

// sink keeps the one service that a test describes.
type sink struct{ service *Service }

func (s *sink) Asset(a *asset.Asset)    { s.service = a.Config.(*Service) }
func (s *sink) Coverage(asset.Coverage) {}

// serviceOf reads a service of which the settings are given, indented by four.
func serviceOf(t *testing.T, settings string) *Service {
	t.Helper()
	dir := t.TempDir()
	text := "services:\n  s:\n    image: x:1\n" + settings
	if err := os.WriteFile(filepath.Join(dir, "compose.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	tree, err := code.Open([]string{dir})
	if err != nil {
		t.Fatal(err)
	}
	got := &sink{}
	if err := compose.New(tree, code.Filter{}, Compose()).Read(context.Background(), got); err != nil {
		t.Fatal(err)
	}
	if got.service == nil {
		t.Fatalf("no service in:\n%s", text)
	}
	return got.service
}

func show[T any](v asset.Value[T]) string {
	if got, known := v.Get(); known {
		return fmt.Sprint(got)
	}
	return "?"
}

func TestPorts(t *testing.T) {
	t.Parallel()
	for spec, want := range map[string]string{
		`"80"`:                      " 0 0 80 tcp",
		`80`:                        " 0 0 80 tcp",
		`"8080:80"`:                 " 8080 8080 80 tcp",
		`"8000-8010:9000-9010/udp"`: " 8000 8010 9000-9010 udp",
		`"127.0.0.1:8080:80"`:       "127.0.0.1 8080 8080 80 tcp",
		`"127.0.0.1::80"`:           "127.0.0.1 0 0 80 tcp",
		`"[::1]:8080:80"`:           "::1 8080 8080 80 tcp",
		`"[::]:8080:80"`:            ":: 8080 8080 80 tcp",
		`"${P}:80"`:                 "? ? ? 80 tcp",
		`"127.0.0.1:${P}:80"`:       "127.0.0.1 ? ? 80 tcp",
		`"8080:${P}"`:               " 8080 8080 ? tcp",
		`"${P}"`:                    "? 0 0 ? tcp",
		`{target: 80, published: "8080-8090", host_ip: 10.0.0.1, protocol: udp}`: "10.0.0.1 8080 8090 80 udp",
		`{target: 80}`: " 0 0 80 tcp",
	} {
		p := serviceOf(t, "    ports: ["+spec+"]\n").Ports.Elems()[0]
		got := strings.Join([]string{show(p.HostIP), show(p.From), show(p.To), show(p.Target), show(p.Protocol)}, " ")
		if got != want {
			t.Errorf("%s: %s, not %s", spec, got, want)
		}
	}
}

func TestMounts(t *testing.T) {
	t.Parallel()
	for spec, want := range map[string]string{
		"data:/x":                             "volume data /x false false",
		"/x":                                  "volume  /x false false",
		"./a:/x:ro":                           "bind ./a /x false false",
		"/etc/../etc/:/x":                     "bind /etc/../etc/ /x false true",
		"/var/run/docker.sock:/x":             "bind /var/run/docker.sock /x true false",
		"/run:/x":                             "bind /run /x true true",
		`C:\Users:/x`:                         `bind C:\Users /x false false`,
		"~:/x":                                "bind ~ /x false true",
		"${D}:/x":                             "? ? /x ? ?",
		"${D}/data:/x":                        "? ? /x false ?",
		"${D}/docker.sock:/x":                 "? ? /x true ?",
		"/etc/${D}:/x":                        "bind ? /x ? ?",
		"./${D}:/x":                           "bind ? /x false false",
		"{type: bind, source: /, target: /h}": "bind / /h true true",
		"{type: tmpfs, target: /t}":           "tmpfs  /t false false",
		`{type: npipe, source: '\\.\pipe\docker_engine', target: x}`: `npipe \\.\pipe\docker_engine x true false`,
	} {
		if !strings.HasPrefix(spec, "{") {
			spec = "'" + spec + "'"
		}
		m := serviceOf(t, "    volumes: ["+spec+"]\n").Mounts.Elems()[0]
		got := strings.Join([]string{show(m.Kind), show(m.Source), show(m.Target), show(m.Socket), show(m.Sensitive)}, " ")
		if got != want {
			t.Errorf("%s: %s, not %s", spec, got, want)
		}
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	for settings, want := range map[string]string{
		"":                      "false",
		"mem_limit: 1g":         "true",
		"mem_limit: 1073741824": "true",
		"mem_limit: 0":          "false",
		"mem_limit: ${M}":       "?",
		"deploy: {resources: {limits: {memory: 20M}}}":                         "true",
		"mem_limit: ${M}\n    deploy: {resources: {limits: {memory: 20M}}}":    "true",
		"mem_limit: 1g\n    deploy: {resources: {limits: {memory: '${M}'}}}":   "true",
		"mem_limit: 0\n    deploy: {resources: {reservations: {memory: 20M}}}": "false",
	} {
		if got := show(serviceOf(t, "    "+settings+"\n").Limits.Memory); got != want {
			t.Errorf("%s: %s, not %s", settings, got, want)
		}
	}
}

func TestEnvironmentIsNamesOnly(t *testing.T) {
	t.Parallel()
	for _, form := range []string{"{PASSWORD: hunter2}", "[PASSWORD=hunter2]"} {
		encoded, err := asset.Encode(serviceOf(t, "    environment: "+form+"\n    command: [x, hunter2]\n    build: {args: {A: hunter2}}\n"))
		if err != nil {
			t.Fatal(err)
		}
		if text := string(encoded.Config); strings.Contains(text, "hunter2") || !strings.Contains(text, `"PASSWORD"`) {
			t.Errorf("an inventory holds a secret, or not the name of one: %s", text)
		}
	}
}

func TestNothingIsLeftUnset(t *testing.T) {
	t.Parallel()
	for _, settings := range []string{
		"",
		"    extends: {file: none.yaml, service: x}\n",
		"    build: .\n    user: $U\n    security_opt: [$O]\n    healthcheck: {disable: $D}\n    restart: $R\n    cap_add: [$C]\n    volumes: ['$V', {type: bind}]\n    ports: [$P, {}]\n    tmpfs: /x\n",
	} {
		if unset := asset.Unset(serviceOf(t, settings)); len(unset) > 0 {
			t.Errorf("%q: %v", settings, unset)
		}
	}
}
