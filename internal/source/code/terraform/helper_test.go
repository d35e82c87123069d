// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// write puts the files of a txtar archive into a new folder. Text without a
// file header is main.tf.
func write(t testing.TB, archive string) string {
	t.Helper()
	dir := t.TempDir()
	a := txtar.Parse([]byte(archive))
	if len(a.Files) == 0 {
		a.Files = []txtar.File{{Name: "main.tf", Data: []byte(archive)}}
	}
	for _, f := range a.Files {
		path := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// load evaluates the archive and returns its roots and coverage.
func load(t testing.TB, archive string, opts Options) ([]*Root, []asset.Coverage) {
	t.Helper()
	roots, coverage, err := Load(t.Context(), []string{write(t, archive)}, opts)
	if err != nil {
		t.Fatal(err)
	}
	return roots, coverage
}

// root evaluates an archive with one root module.
func root(t testing.TB, archive string, opts Options) *Root {
	t.Helper()
	roots, _ := load(t, archive, opts)
	if len(roots) != 1 {
		t.Fatalf("want one root, got %d", len(roots))
	}
	return roots[0]
}

// block returns the resource with that address.
func block(t testing.TB, r *Root, address string) *Block {
	t.Helper()
	var have []string
	for _, list := range r.managed {
		for _, b := range list {
			if b.Address == address {
				return b
			}
			have = append(have, b.Address)
		}
	}
	t.Fatalf("no block %s among %s", address, strings.Join(have, ", "))
	return nil
}

// show is a value in a form that tests can compare: the value, or the reason
// in angle brackets.
func show(v asset.Value[string]) string {
	if s, ok := v.Get(); ok {
		return s
	}
	return "<" + v.Reason() + ">"
}

// showText is a text with its holes as «Computed|Reason».
func showText(v asset.Value[asset.Text]) string {
	text, ok := v.Get()
	if !ok {
		return "<" + v.Reason() + ">"
	}
	var out strings.Builder
	for _, p := range text.Parts() {
		switch {
		case p.Hole == nil:
			out.WriteString(p.Literal)
		case p.Hole.Computed != "":
			out.WriteString("«" + p.Hole.Computed + "»")
		default:
			out.WriteString("«" + p.Hole.Reason + "»")
		}
	}
	return out.String()
}

// gaps are the coverage lines that are not complete, as "status part: reason @ place".
func gaps(lines []asset.Coverage) []string {
	var out []string
	for _, c := range lines {
		if c.Status != asset.Covered && c.Part != "terraform" {
			out = append(out, string(c.Status)+" "+c.Part+": "+c.Reason+" @ "+c.Location.String())
		}
	}
	return out
}

func replaceOnce(s, old, with string) string { return strings.Replace(s, old, with, 1) }
