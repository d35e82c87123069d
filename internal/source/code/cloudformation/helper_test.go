// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cloudformation

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// load evaluates files in a folder of their own; the first template that no other
// one nests is what the test asks about.
func load(t testing.TB, files map[string]string, opts Options) ([]*Stack, []asset.Coverage) {
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
	for i, name := range opts.Parameters {
		opts.Parameters[i] = filepath.Join(dir, name)
	}
	stacks, coverage, err := Load(t.Context(), []string{dir}, opts)
	if err != nil {
		t.Fatal(err)
	}
	return stacks, coverage
}

func stack(t testing.TB, text string, opts Options) *Stack {
	t.Helper()
	stacks, coverage := load(t, map[string]string{"template.yaml": text}, opts)
	if len(stacks) != 1 {
		t.Fatalf("%d stacks: %v", len(stacks), coverage)
	}
	return stacks[0]
}

func resource(t testing.TB, s *Stack, address string) *Resource {
	t.Helper()
	for _, list := range s.byType {
		for _, r := range list {
			if r.Address == address {
				return r
			}
		}
	}
	t.Fatalf("there is no resource %s", address)
	return nil
}

// show writes a value for comparison: unknown parts as «reason», or «@attribute»
// where a resource supplies them.
func show(v *value) string {
	switch v.kind {
	case nothing:
		return "nothing"
	case scalar:
		if v.secret {
			return "secret"
		}
		return showText(v.text)
	case unknown:
		if v.secret {
			return "secret?"
		}
		return "«" + hidden(v.hole()) + "»"
	case list, object:
	}
	var parts []string
	for _, e := range v.elems {
		parts = append(parts, show(e))
	}
	for _, m := range v.members {
		parts = append(parts, m.key+": "+show(m.value))
	}
	if v.more != "" {
		parts = append(parts, "... "+v.more)
	}
	if v.kind == object {
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

func hidden(h asset.Hole) string {
	if h.Computed != "" && !strings.HasPrefix(h.Computed, "data.") {
		return "@" + h.Computed
	}
	return h.Reason
}

func showText(t asset.Text) string {
	var b strings.Builder
	for _, p := range t.Parts() {
		if p.Hole != nil {
			fmt.Fprintf(&b, "«%s»", hidden(*p.Hole))
		} else {
			b.WriteString(p.Literal)
		}
	}
	return b.String()
}
