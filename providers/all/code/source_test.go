// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package code_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/control"
	"github.com/plumb-cspm/plumb/internal/expr"
	"github.com/plumb-cspm/plumb/internal/scan"
	files "github.com/plumb-cspm/plumb/internal/source/code"
	"github.com/plumb-cspm/plumb/providers/all/code"
)

// judge reads files in all languages and returns the verdicts of some controls.
func judge(t *testing.T, text map[string]string, opts code.Options, ids ...string) (verdicts, gaps []string) {
	t.Helper()
	dir := t.TempDir()
	for name, content := range text {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("nowhere", filepath.Join(dir, "Dockerfile.gone")); err != nil {
		t.Fatal(err)
	}
	tree, err := files.Open([]string{dir})
	if err != nil {
		t.Fatal(err)
	}
	catalog, err := asset.NewCatalog(code.Types()...)
	if err != nil {
		t.Fatal(err)
	}
	env, err := expr.NewEnv(catalog)
	if err != nil {
		t.Fatal(err)
	}
	all, _ := control.Load(os.DirFS("../.."), "docker")
	all = slices.DeleteFunc(all, func(c *control.Control) bool { return !slices.Contains(ids, c.ID) })
	if len(all) != len(ids) {
		t.Fatalf("%d of %d controls are there", len(all), len(ids))
	}
	note := func(v asset.Verdict) {
		verdicts = append(verdicts, fmt.Sprint(v.Asset.ID, " ", v.Outcome))
	}
	cfg := scan.Config{Catalog: catalog, Env: env, Controls: all, Now: time.Unix(0, 0), Workers: 1, Pass: note}
	result, err := scan.Run(t.Context(), cfg, code.Source(tree, []string{dir}, opts))
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range result.Verdicts {
		note(v)
	}
	for _, line := range result.Coverage {
		if line.Status != asset.Covered {
			gaps = append(gaps, fmt.Sprint(line.Status, " ", line.Location, " ", line.Reason))
		}
	}
	slices.Sort(verdicts)
	return verdicts, gaps
}

func TestLanguagesMeet(t *testing.T) {
	t.Parallel()
	project := map[string]string{
		"compose.yaml": `
services:
  last: {build: ./app}
  target: {build: {context: app, target: debug}}
  own: {build: ./app, user: "0"}
  image: {image: "redis:7"}
  elsewhere: {build: ./none}
  inline: {build: {dockerfile_inline: "FROM a"}}
`,
		"app/Dockerfile":  "FROM alpine:3.21 AS debug\nUSER root\nFROM alpine:3.21\nUSER app\n",
		"infra/main.tf":   `resource "aws_sqs_queue" "q" {}`,
		"skip/Dockerfile": "FROM a\n",
	}
	verdicts, gaps := judge(t, project, code.Options{}, "docker-compose-run-as-root")
	if diff := cmp.Diff([]string{
		"compose.yaml//elsewhere unknown", "compose.yaml//image fail", "compose.yaml//inline unknown",
		"compose.yaml//last pass", "compose.yaml//own fail", "compose.yaml//target fail",
	}, verdicts); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"failed Dockerfile.gone follow link: no such file or directory"}, gaps); diff != "" {
		t.Errorf("what no language could read is said once: %s", diff)
	}
}

func TestFiltersHoldForAllLanguages(t *testing.T) {
	t.Parallel()
	project := map[string]string{
		"a/Dockerfile": "FROM x\n", "a/b.Dockerfile": "FROM x\n", "c/Containerfile": "FROM x\n", "c/compose.yaml": "services: {s: {image: x}}",
	}
	var opts code.Options
	opts.Exclude = []string{"**/b.Dockerfile", "c/compose.yaml"}
	verdicts, _ := judge(t, project, opts, "docker-file-healthcheck", "docker-compose-healthcheck")
	if diff := cmp.Diff([]string{"a/Dockerfile//0 fail", "c/Containerfile//0 fail"}, verdicts); diff != "" {
		t.Error(diff)
	}
}
