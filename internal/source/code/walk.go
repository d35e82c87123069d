// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package code

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// maxFiles bounds a walk: a scan started in / by accident must end.
const maxFiles = 500_000

// Filter says which files a walk yields.
type Filter struct {
	// Match decides by the file's name alone.
	Match func(name string) bool
	// Include and Exclude are patterns over reported names, with ** for any
	// number of folders. Nothing in Include means everything.
	Include, Exclude []string
}

// Validate checks the patterns.
func (f Filter) Validate() error {
	for _, pattern := range slices.Concat(f.Include, f.Exclude) {
		if !doublestar.ValidatePattern(pattern) {
			return fmt.Errorf("parse pattern %q: %w", pattern, doublestar.ErrBadPattern)
		}
	}
	return nil
}

func (f Filter) wants(name string) bool {
	return (len(f.Include) == 0 || matches(f.Include, name)) && !f.excludes(name)
}

func (f Filter) excludes(name string) bool { return matches(f.Exclude, name) }

func matches(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		return doublestar.MatchUnvalidated(strings.TrimSuffix(p, "/"), name)
	})
}

// Walk lists the files below the scanned paths that the filter wants, sorted by
// name, and what it could not look into. It leaves out .git, .terraform and
// node_modules, and does not follow links to folders.
func (t *Tree) Walk(ctx context.Context, filter Filter) ([]File, []asset.Coverage, error) {
	if err := filter.Validate(); err != nil {
		return nil, nil, err
	}
	w := walk{tree: t, filter: filter, seen: map[string]bool{}}
	for _, start := range t.starts {
		info, err := os.Stat(start)
		switch {
		case err != nil:
			w.miss(start, err)
		case info.IsDir():
			if err := w.folder(ctx, start); err != nil {
				return nil, nil, err
			}
		default:
			w.file(start)
		}
	}
	slices.SortFunc(w.files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	return w.files, w.coverage, nil
}

type walk struct {
	tree     *Tree
	filter   Filter
	files    []File
	seen     map[string]bool
	coverage []asset.Coverage
}

func (w *walk) miss(path string, err error) {
	w.coverage = append(w.coverage, w.tree.Unreadable(path, err))
}

func (w *walk) folder(ctx context.Context, dir string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if w.seen[dir] {
		return nil
	}
	w.seen[dir] = true
	if len(w.seen) > maxFiles {
		return fmt.Errorf("walk %s: more than %d files", dir, maxFiles)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		w.miss(dir, err)
	}
	for _, entry := range entries {
		path := filepath.Join(dir, entry.Name())
		switch {
		case entry.IsDir():
			if left(entry.Name()) || w.filter.excludes(w.tree.Name(path)) {
				continue
			}
			if err := w.folder(ctx, path); err != nil {
				return err
			}
		case entry.Type()&fs.ModeSymlink != 0:
			w.link(path)
		default:
			w.file(path)
		}
	}
	return nil
}

// left reports whether a folder is left out of every walk.
func left(name string) bool {
	return name == ".git" || name == ".terraform" || name == "node_modules"
}

func (w *walk) file(path string) {
	name := w.tree.Name(path)
	if w.seen[path] || !w.filter.Match(filepath.Base(path)) || !w.filter.wants(name) {
		return
	}
	w.seen[path] = true
	w.files = append(w.files, File{Path: path, Name: name})
}

// link handles a symbolic link: a link to a file is a file, a link to a folder
// is left alone, because the folder is read in its own place or not at all.
func (w *walk) link(path string) {
	if w.filter.excludes(w.tree.Name(path)) {
		return
	}
	info, err := os.Stat(path)
	if err != nil {
		if w.filter.Match(filepath.Base(path)) || !errors.Is(err, fs.ErrNotExist) {
			w.miss(path, fmt.Errorf("follow link: %w", cause(err)))
		}
		return
	}
	if !info.IsDir() {
		w.file(path)
		return
	}
	folder, err := w.tree.Resolve(path)
	switch {
	case err != nil:
		w.skip(path, "link to a folder is not followed: "+reason(err))
	case within(path, folder):
		w.skip(path, "link to a folder that holds it is not followed")
	case !w.covers(folder):
		w.skip(path, "link to a folder is not followed: "+w.tree.Name(folder)+" is not scanned")
	}
}

func (w *walk) skip(path, why string) {
	line := w.tree.Unreadable(path, errors.New(why))
	line.Status = asset.Skipped
	w.coverage = append(w.coverage, line)
}

// covers reports whether the walk reads the folder in its own place.
func (w *walk) covers(folder string) bool {
	for _, start := range w.tree.starts {
		base, err := filepath.EvalSymlinks(start)
		if err != nil || !within(folder, base) {
			continue
		}
		rel, err := filepath.Rel(base, folder)
		if err == nil && !slices.ContainsFunc(strings.Split(rel, string(filepath.Separator)), left) {
			return true
		}
	}
	return false
}

func cause(err error) error {
	if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
		return pathErr.Err
	}
	return err
}
