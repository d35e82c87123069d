// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Index checks the controls of all rooms, and writes the index of them that is
// embedded and the pages of docs/reference. It runs after gen, because it checks against the registered types.
package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/control"
	"github.com/plumb-cspm/plumb/internal/expr"
	"github.com/plumb-cspm/plumb/providers/all/code"
)

const out = "providers/all/controls"

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "index:", err)
		os.Exit(1)
	}
}

func run() error {
	catalog, err := asset.NewCatalog(code.Types()...)
	if err != nil {
		return err
	}
	env, err := expr.NewEnv(catalog)
	if err != nil {
		return err
	}
	root := os.DirFS(".")
	controls, mistakes := control.Load(root, "providers")
	for _, m := range mistakes {
		fmt.Fprintln(os.Stderr, m)
	}
	bad := len(mistakes)
	files := map[string][]byte{}
	for _, c := range controls {
		if _, err := c.Compile(env); err != nil {
			fmt.Fprintln(os.Stderr, err)
			bad++
		}
		if files[c.Source], err = fs.ReadFile(root, c.Source); err != nil {
			return err
		}
	}
	if bad > 0 {
		return fmt.Errorf("%d controls have mistakes", bad)
	}
	rules, texts, err := control.EncodeIndex(controls, files)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(out, "zz_rules.gob"), rules, 0o644); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(out, "zz_texts.txt"), texts, 0o644); err != nil {
		return err
	}
	return reference(catalog, env, controls)
}
