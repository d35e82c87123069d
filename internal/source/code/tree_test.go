// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package code

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// plant makes files (and, with a trailing slash, folders) below a new folder.
func plant(t *testing.T, names ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range names {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if strings.HasSuffix(name, "/") {
			if err := os.MkdirAll(path, 0o755); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func link(t *testing.T, target, path string) {
	t.Helper()
	if err := os.Symlink(target, path); err != nil {
		t.Fatal(err)
	}
}

func walked(t *testing.T, filter Filter, paths ...string) (names, gaps []string) {
	t.Helper()
	tree, err := Open(paths)
	if err != nil {
		t.Fatal(err)
	}
	if filter.Match == nil {
		filter.Match = func(name string) bool { return strings.HasSuffix(name, ".x") }
	}
	files, coverage, err := tree.Walk(t.Context(), filter)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		names = append(names, f.Name)
	}
	for _, c := range coverage {
		gaps = append(gaps, string(c.Status)+" "+c.Part+": "+c.Reason)
	}
	return names, gaps
}

func TestNamesAreRelativeToTheRepository(t *testing.T) {
	t.Parallel()
	repo := plant(t, ".git/", "a.x", "sub/b.x", "sub/deep/c.x")
	bare := plant(t, "a.x", "sub/b.x")
	for _, tt := range []struct {
		name  string
		paths []string
		want  []string
	}{
		{"whole repository", []string{repo}, []string{"a.x", "sub/b.x", "sub/deep/c.x"}},
		{"folder in it", []string{filepath.Join(repo, "sub")}, []string{"sub/b.x", "sub/deep/c.x"}},
		{"file in it", []string{filepath.Join(repo, "sub/b.x")}, []string{"sub/b.x"}},
		{"overlapping paths", []string{repo, filepath.Join(repo, "sub")}, []string{"a.x", "sub/b.x", "sub/deep/c.x"}},
		{"no repository", []string{filepath.Join(bare, "sub")}, []string{"b.x"}},
		{"two of no repository", []string{filepath.Join(bare, "sub"), filepath.Join(bare, "a.x")}, []string{"a.x", "sub/b.x"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, gaps := walked(t, Filter{}, tt.paths...)
			if diff := cmp.Diff(tt.want, got); diff != "" || gaps != nil {
				t.Error(diff, gaps)
			}
		})
	}
	both, _ := walked(t, Filter{}, repo, bare)
	prefixes := map[string]bool{}
	for _, name := range both {
		prefix, _, _ := strings.Cut(name, "/")
		prefixes[prefix] = true
	}
	if len(both) != 5 || len(prefixes) != 2 {
		t.Errorf("two bases: %v", both)
	}
}

func TestWalkLeavesOut(t *testing.T) {
	t.Parallel()
	dir := plant(t, "a.x", "a.y", ".git/b.x", ".terraform/c.x", "node_modules/d.x", "skip/e.x", "keep/f.x")
	got, gaps := walked(t, Filter{Exclude: []string{"skip"}}, dir)
	if diff := cmp.Diff([]string{"a.x", "keep/f.x"}, got); diff != "" || gaps != nil {
		t.Error(diff, gaps)
	}
	got, _ = walked(t, Filter{Include: []string{"keep/**", "skip/*"}}, dir)
	if diff := cmp.Diff([]string{"keep/f.x", "skip/e.x"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestLinks(t *testing.T) {
	t.Parallel()
	outside := plant(t, "secret.x", "dir/s.x")
	dir := plant(t, "real/a.x", "shared/b.x")
	link(t, filepath.Join(dir, "shared/b.x"), filepath.Join(dir, "real/b.x")) // a file inside
	link(t, "../shared", filepath.Join(dir, "real/shared"))                   // a folder inside
	link(t, "..", filepath.Join(dir, "real/up"))                              // a loop
	link(t, "self", filepath.Join(dir, "self"))                               // a link to itself
	link(t, filepath.Join(outside, "secret.x"), filepath.Join(dir, "out.x"))  // a file outside
	link(t, filepath.Join(outside, "dir"), filepath.Join(dir, "outdir"))      // a folder outside
	link(t, "nowhere", filepath.Join(dir, "dangling.x"))
	link(t, "nowhere", filepath.Join(dir, "dangling.other"))
	names, gaps := walked(t, Filter{}, dir)
	if diff := cmp.Diff([]string{"out.x", "real/a.x", "real/b.x", "shared/b.x"}, names); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{
		"failed dangling.x: follow link: no such file or directory",
		"skipped outdir: link to a folder is not followed: leads outside the scanned tree",
		"skipped real/up: link to a folder that holds it is not followed",
		"failed self: follow link: too many levels of symbolic links",
	}, gaps); diff != "" {
		t.Error(diff)
	}
	tree, err := Open([]string{dir})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{filepath.Join(dir, "out.x"), filepath.Join(outside, "secret.x"), filepath.Join(dir, "../x")} {
		if _, err := tree.ReadFile(path); err == nil {
			t.Errorf("read %s", path)
		}
	}
	if _, err := tree.ReadFile(filepath.Join(dir, "out.x")); !errors.Is(err, ErrOutside) {
		t.Error(err)
	}
	if src, err := tree.ReadFile(filepath.Join(dir, "real/b.x")); err != nil || string(src) != "shared/b.x" {
		t.Error(err)
	}
}

func TestUnreadable(t *testing.T) {
	t.Parallel()
	dir := plant(t, "ok.x", "binary.x", "huge.x", "closed/a.x")
	if err := os.WriteFile(filepath.Join(dir, "binary.x"), []byte("a\x00b"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(filepath.Join(dir, "huge.x"), MaxFileSize+1); err != nil {
		t.Fatal(err)
	}
	tree, err := Open([]string{dir})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"binary.x": "is a binary file", "huge.x": "is larger than 8 MB", "closed": "is not a regular file",
		"none.x": "lstat: no such file or directory",
	} {
		_, err := tree.ReadText(filepath.Join(dir, name))
		if err == nil {
			t.Errorf("%s can be read", name)
			continue
		}
		if line := tree.Unreadable(filepath.Join(dir, name), err); line.Reason != want || line.Location.File != name {
			t.Errorf("%s: %+v", name, line)
		}
	}
	if os.Getuid() == 0 {
		t.Skip("root may read every folder")
	}
	if err := os.Chmod(filepath.Join(dir, "closed"), 0); err != nil {
		t.Fatal(err)
	}
	_, gaps := walked(t, Filter{}, dir)
	if diff := cmp.Diff([]string{"denied closed: open: permission denied"}, gaps); diff != "" {
		t.Error(diff)
	}
}

func TestOpenErrors(t *testing.T) {
	t.Parallel()
	if _, err := Open([]string{filepath.Join(t.TempDir(), "none")}); err == nil {
		t.Error("opened a path that does not exist")
	}
	tree, err := Open([]string{t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := tree.Walk(t.Context(), Filter{Exclude: []string{"["}}); err == nil {
		t.Error("accepted a broken pattern")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := tree.Walk(ctx, Filter{Match: func(string) bool { return true }}); err == nil {
		t.Error("walked on after the end")
	}
}
