// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Gen writes the files that follow from others, and begins new ones: the
// registries of rooms from the folders under providers, the first files of a new
// service or control. It reads folders and source text and imports no room, so
// that it also works where a room does not compile.
//
//	go run ./internal/gen
//	go run ./internal/gen new-service aws/sqs queue
//	go run ./internal/gen new-control aws-sqs-queue-encrypted
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	root, err := moduleRoot()
	if err != nil {
		return err
	}
	if len(args) == 0 {
		return generate(root, out)
	}
	switch verb, rest := args[0], args[1:]; verb {
	case "new-service":
		return newService(root, arg(rest, 0), arg(rest, 1), out)
	case "new-control":
		return newControl(root, arg(rest, 0), out)
	default:
		return fmt.Errorf("unknown command %q: want new-service or new-control, or none to generate", verb)
	}
}

func arg(args []string, i int) string {
	if i < len(args) {
		return args[i]
	}
	return ""
}

// generated lists the files that are generated, with what they hold.
type generated map[string][]byte

// artefacts lists the generators, each of which answers for one or more files. A
// new kind of generated file is a function here.
func artefacts() []func(root string) (generated, error) {
	return []func(root string) (generated, error){
		registries,
	}
}

// generate brings every generated file up to date and says which it changed.
func generate(root string, out io.Writer) error {
	files, err := render(root)
	if err != nil {
		return err
	}
	for _, name := range sortedKeys(files) {
		changed, err := writeIfChanged(filepath.Join(root, name), files[name])
		if err != nil {
			return err
		}
		if changed {
			fmt.Fprintln(out, "wrote", name)
		}
	}
	return nil
}

// render returns every generated file as it should be.
func render(root string) (generated, error) {
	all := generated{}
	for _, artefact := range artefacts() {
		files, err := artefact(root)
		if err != nil {
			return nil, err
		}
		maps.Copy(all, files)
	}
	return all, nil
}

// writeIfChanged leaves a file that is right alone, so that builds stay cached.
func writeIfChanged(name string, content []byte) (changed bool, err error) {
	old, err := os.ReadFile(name)
	if err == nil && bytes.Equal(old, content) {
		return false, nil
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return false, fmt.Errorf("make a folder: %w", err)
	}
	if err := os.WriteFile(name, content, 0o644); err != nil {
		return false, fmt.Errorf("write generated file: %w", err)
	}
	return true, nil
}

// moduleRoot is the folder at or above the working directory that holds go.mod.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find working directory: %w", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("no go.mod at or above the working directory")
		}
		dir = parent
	}
}
