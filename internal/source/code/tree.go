// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package code

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// MaxFileSize is the size above which a file is not read.
const MaxFileSize = 8 << 20

// ErrOutside says that a path leads out of the scanned paths and their
// repositories.
var ErrOutside = errors.New("leads outside the scanned tree")

// File is a file that a walk found.
type File struct {
	Path string // absolute
	Name string // as reports name it
}

// Dir is the absolute path of the folder that holds the file.
func (f File) Dir() string { return filepath.Dir(f.Path) }

// Tree is the part of the file system that one scan may read. It is immutable
// and safe to share.
type Tree struct {
	starts []string // absolute scanned paths
	bases  []base
}

// base is a folder inside which reading is allowed, and which names are
// relative to.
type base struct {
	dir    string // absolute, as written
	real   string // with symbolic links resolved
	prefix string // goes before names; only where there is more than one base
}

// Open prepares the scanned paths for reading. A path that does not exist is
// an error.
func Open(paths []string) (*Tree, error) {
	t := &Tree{}
	for _, p := range paths {
		abs, err := filepath.Abs(p)
		if err != nil {
			return nil, fmt.Errorf("resolve %s: %w", p, err)
		}
		if _, err := os.Stat(abs); err != nil {
			return nil, fmt.Errorf("open scanned path: %w", err)
		}
		if !slices.Contains(t.starts, abs) {
			t.starts = append(t.starts, abs)
		}
	}
	slices.Sort(t.starts)
	if err := t.findBases(); err != nil {
		return nil, err
	}
	return t, nil
}

// findBases gives each scanned path its repository. Paths outside any
// repository share their common parent, so that names stay unique.
func (t *Tree) findBases() error {
	dirs := map[string]bool{}
	bare := ""
	for _, start := range t.starts {
		dir := start
		if info, err := os.Stat(start); err == nil && !info.IsDir() {
			dir = filepath.Dir(start)
		}
		if repo, ok := repository(dir); ok {
			dirs[repo] = true
		} else if bare == "" {
			bare = dir
		} else {
			bare = commonParent(bare, dir)
		}
	}
	if bare != "" {
		dirs[bare] = true
	}
	used := map[string]int{}
	for _, dir := range sortedKeys(dirs) {
		resolved, err := filepath.EvalSymlinks(dir)
		if err != nil {
			return fmt.Errorf("resolve %s: %w", dir, err)
		}
		b := base{dir: dir, real: resolved}
		if len(dirs) > 1 {
			name := filepath.Base(dir)
			if used[name]++; used[name] > 1 {
				name = fmt.Sprintf("%s-%d", name, used[name])
			}
			b.prefix = name + "/"
		}
		t.bases = append(t.bases, b)
	}
	// The innermost base comes first, so that a nested repository names its own files.
	slices.SortStableFunc(t.bases, func(a, b base) int { return len(b.dir) - len(a.dir) })
	return nil
}

func repository(dir string) (string, bool) {
	for {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			return dir, true
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", false
		}
		dir = parent
	}
}

func commonParent(a, b string) string {
	for !within(b, a) {
		a = filepath.Dir(a)
	}
	return a
}

// within reports whether path is dir or lies under it. Both are clean.
func within(path, dir string) bool {
	if path == dir {
		return true
	}
	if !strings.HasSuffix(dir, string(filepath.Separator)) {
		dir += string(filepath.Separator)
	}
	return strings.HasPrefix(path, dir)
}

// Name is how reports call an absolute path: relative to its repository, else
// to the scanned path, with slashes. The top itself is ".".
func (t *Tree) Name(path string) string {
	for _, b := range t.bases {
		if !within(path, b.dir) {
			continue
		}
		rel, err := filepath.Rel(b.dir, path)
		if err != nil {
			continue
		}
		rel = filepath.ToSlash(rel)
		if b.prefix != "" {
			return strings.TrimSuffix(b.prefix+strings.TrimPrefix(rel, "."), "/")
		}
		return rel
	}
	return filepath.ToSlash(path)
}

// Path is the absolute path of what reports call by that name: the reverse of
// Name.
func (t *Tree) Path(name string) string {
	for _, b := range t.bases {
		if rest, found := strings.CutPrefix(name+"/", b.prefix); found {
			return filepath.Join(b.dir, filepath.FromSlash(rest))
		}
	}
	return name
}

// Resolve returns the real path of an absolute path, or ErrOutside where that
// is not inside a base.
func (t *Tree) Resolve(path string) (string, error) {
	resolved, err := filepath.EvalSymlinks(path)
	if err != nil {
		return "", err
	}
	for _, b := range t.bases {
		if within(resolved, b.real) {
			return resolved, nil
		}
	}
	return "", ErrOutside
}

// ReadFile reads a file inside the tree that is not too large.
func (t *Tree) ReadFile(path string) ([]byte, error) {
	resolved, err := t.Resolve(path)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(resolved)
	if err != nil {
		return nil, err
	}
	switch {
	case !info.Mode().IsRegular():
		return nil, errors.New("is not a regular file")
	case info.Size() > MaxFileSize:
		return nil, fmt.Errorf("is larger than %d MB", MaxFileSize>>20)
	}
	return os.ReadFile(resolved)
}

// ReadText is ReadFile for files that must be text.
func (t *Tree) ReadText(path string) ([]byte, error) {
	src, err := t.ReadFile(path)
	if err == nil && bytes.IndexByte(src, 0) >= 0 {
		return nil, errors.New("is a binary file")
	}
	return src, err
}

// List returns the entries of a folder inside the tree, sorted by name.
func (t *Tree) List(dir string) ([]fs.DirEntry, error) {
	resolved, err := t.Resolve(dir)
	if err != nil {
		return nil, err
	}
	return os.ReadDir(resolved)
}

// Unreadable is the coverage line for a path that could not be read.
func (t *Tree) Unreadable(path string, err error) asset.Coverage {
	name := t.Name(path)
	status := asset.Failed
	switch {
	case errors.Is(err, fs.ErrPermission):
		status = asset.Denied
	case errors.Is(err, ErrOutside):
		status = asset.Skipped
	}
	return asset.Coverage{
		Scope: "code:" + t.Name(filepath.Dir(path)), Part: name, Location: asset.Location{File: name},
		Status: status, Reason: reason(err), Count: 1,
	}
}

// reason is the error without the absolute path, which differs from machine to
// machine.
func reason(err error) string {
	if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
		return pathErr.Op + ": " + pathErr.Err.Error()
	}
	return err.Error()
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
