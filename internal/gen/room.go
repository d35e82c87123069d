// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// room is the folder of one service, and what its Go package offers.
type room struct {
	provider, service string
	offers            map[string]bool // exported functions without parameters
	live              map[string]bool // the same of its live package; nil if there is none
}

// dir is the room's folder, relative to the module's root, with slashes.
func (r room) dir() string { return path.Join("providers", r.provider, r.service) }

// alias is a name for the room's package that no other room has.
func (r room) alias() string { return r.provider + r.service }

// rooms finds the folders providers/PROVIDER/SERVICE that hold a Go package,
// sorted by provider and service. providers/all is not a provider.
func rooms(root string) ([]room, error) {
	dirs, err := filepath.Glob(filepath.Join(root, "providers", "*", "*"))
	if err != nil {
		return nil, fmt.Errorf("list rooms: %w", err)
	}
	var found []room
	for _, dir := range dirs { // Glob sorts
		r := room{provider: filepath.Base(filepath.Dir(dir)), service: filepath.Base(dir)}
		if r.provider == "all" || !isFolder(dir) {
			continue
		}
		if r.offers, err = exports(dir); err != nil {
			return nil, err
		}
		if r.live, err = exports(filepath.Join(dir, "live")); err != nil {
			return nil, err
		}
		if r.offers == nil && r.live == nil {
			continue
		}
		if !r.offers["Types"] {
			return nil, fmt.Errorf("%s is a room without asset types: it needs func Types() []asset.Type", r.dir())
		}
		if r.live != nil && !r.live["Collectors"] {
			return nil, fmt.Errorf("%s/live collects nothing: it needs func Collectors()", r.dir())
		}
		found = append(found, r)
	}
	return found, nil
}

// exports names the exported functions without receiver and parameters that the
// Go files in dir declare; nil where dir is not there or has no Go files. Tests do
// not count.
func exports(dir string) (map[string]bool, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		return nil, fmt.Errorf("read room: %w", err)
	}
	var names map[string]bool
	for _, e := range entries {
		if !isSource(e) {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, e.Name()), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, fmt.Errorf("parse room: %w", err)
		}
		if names == nil {
			names = map[string]bool{}
		}
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if ok && f.Recv == nil && f.Name.IsExported() && f.Type.Params.NumFields() == 0 {
				names[f.Name.Name] = true
			}
		}
	}
	return names, nil
}

func isSource(e fs.DirEntry) bool {
	return !e.IsDir() && strings.HasSuffix(e.Name(), ".go") && !strings.HasSuffix(e.Name(), "_test.go")
}

func isFolder(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}
