// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package compose

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source"
	"github.com/plumb-cspm/plumb/internal/source/code"
)

// Decoder is what a room declares: how to make assets of a Compose project.
type Decoder struct {
	// Decode emits the assets of one project.
	Decode func(p *Project, emit func(*asset.Asset))
}

// New returns the source that reads the Compose projects of a tree that the
// filter wants and makes assets of them with the decoders. The filter's Match is
// the source's own.
func New(tree *code.Tree, filter code.Filter, decoders []Decoder) source.Source {
	filter.Match = func(name string) bool { return isBase(name) || isOverride(name) }
	return &composeSource{tree, filter, decoders}
}

type composeSource struct {
	tree     *code.Tree
	filter   code.Filter
	decoders []Decoder
}

// Target implements [source.Source].
func (s *composeSource) Target() string { return "code:compose" }

// Read implements [source.Source].
func (s *composeSource) Read(ctx context.Context, sink source.Sink) error {
	files, coverage, err := s.tree.Walk(ctx, s.filter)
	if err != nil {
		return err
	}
	for _, line := range coverage {
		sink.Coverage(line)
	}
	bases, overrides := map[string][]code.File{}, map[string]code.File{}
	var dirs []string
	for _, file := range files {
		dir := file.Dir()
		if isOverride(filepath.Base(file.Path)) {
			if _, first := overrides[dir]; !first {
				overrides[dir] = file
			}
		} else {
			bases[dir] = append(bases[dir], file)
		}
		if !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
	}
	scanned := map[string]bool{}
	for _, in := range bases {
		for _, file := range in {
			scanned[file.Path] = true
		}
	}
	for _, dir := range dirs {
		if err := ctx.Err(); err != nil {
			return err
		}
		in := bases[dir]
		slices.SortFunc(in, func(a, b code.File) int { return rank(a) - rank(b) })
		override, has := overrides[dir]
		if has && len(in) == 0 {
			sink.Coverage(asset.Coverage{
				Scope: "code:" + override.Name, Part: "compose", Location: asset.Location{File: override.Name},
				Status: asset.Skipped, Reason: "there is no file beside it that it overrides", Count: 1,
			})
		}
		for i, base := range in {
			project := []string{base.Path}
			if i == 0 && has { // Compose adds it to the file that it finds first
				project = append(project, override.Path)
			}
			s.project(base, project, scanned, sink)
		}
	}
	return nil
}

func (s *composeSource) project(base code.File, files []string, scanned map[string]bool, sink source.Sink) {
	line := asset.Coverage{Scope: "code:" + base.Name, Part: "compose", Status: asset.Covered, Count: len(files)}
	p, err := guarded(s.tree, files)
	if err != nil {
		line.Status, line.Reason, line.Location = asset.Failed, err.Error(), asset.Location{File: base.Name}
		if mistake, ok := errors.AsType[*Mistake](err); ok {
			line.Location, line.Reason = mistake.At, mistake.Message
		}
		sink.Coverage(line)
		return
	}
	for _, gap := range p.gaps {
		line.Status, line.Reason = asset.Partial, gap.Message
		sink.Coverage(asset.Coverage{
			Scope: "code:" + base.Name, Part: "compose", Location: gap.At, Status: asset.Skipped, Reason: gap.Message, Count: 1,
		})
	}
	// What is included from a file that is scanned itself is judged there.
	p.Services = slices.DeleteFunc(p.Services, func(s *Service) bool { return s.included && scanned[s.file] })
	for _, d := range s.decoders {
		d.Decode(p, sink.Asset)
	}
	sink.Coverage(line)
}

// guarded keeps a mistake in this package, or in the library that it uses, from
// ending the scan of the other files.
func guarded(tree *code.Tree, files []string) (p *Project, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("internal error: %v", r)
		}
	}()
	return load(tree, files)
}

// baseNames are the names that Compose looks for, in its order.
var baseNames = []string{"compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"}

func rank(f code.File) int { return slices.Index(baseNames, strings.ToLower(filepath.Base(f.Path))) }

func isBase(name string) bool { return slices.Contains(baseNames, strings.ToLower(name)) }

func isOverride(name string) bool {
	stem, extension, _ := strings.Cut(strings.ToLower(name), ".override.")
	return slices.Contains(baseNames, stem+"."+extension)
}
