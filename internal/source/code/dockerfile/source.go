// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package dockerfile

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source"
	"github.com/plumb-cspm/plumb/internal/source/code"
)

// Decoder is what a room declares: how to make assets of a Dockerfile.
type Decoder struct {
	// Decode emits the assets of one file.
	Decode func(f *File, emit func(*asset.Asset))
}

// New returns the source that reads the Dockerfiles of a tree that the filter
// wants and makes assets of them with the decoders. The filter's Match is the
// source's own.
func New(tree *code.Tree, filter code.Filter, decoders []Decoder) source.Source {
	filter.Match = IsDockerfile
	return &dockerfileSource{tree, filter, decoders}
}

type dockerfileSource struct {
	tree     *code.Tree
	filter   code.Filter
	decoders []Decoder
}

// Target implements [source.Source].
func (s *dockerfileSource) Target() string { return "code:dockerfile" }

// Read implements [source.Source].
func (s *dockerfileSource) Read(ctx context.Context, sink source.Sink) error {
	files, coverage, err := s.tree.Walk(ctx, s.filter)
	if err != nil {
		return err
	}
	for _, line := range coverage {
		sink.Coverage(line)
	}
	for _, file := range files {
		if err := ctx.Err(); err != nil {
			return err
		}
		s.file(file, sink)
	}
	return nil
}

func (s *dockerfileSource) file(file code.File, sink source.Sink) {
	line := asset.Coverage{Scope: "code:" + file.Name, Part: "dockerfile", Status: asset.Covered, Count: 1}
	src, err := s.tree.ReadText(file.Path)
	if err != nil {
		sink.Coverage(s.tree.Unreadable(file.Path, err))
		return
	}
	f, err := guarded(file.Name, src)
	if err != nil {
		line.Status, line.Reason, line.Location = asset.Failed, err.Error(), asset.Location{File: file.Name}
		if mistake, ok := errors.AsType[*Mistake](err); ok {
			line.Location, line.Reason = mistake.At, mistake.Message
		}
		sink.Coverage(line)
		return
	}
	if f.gap != "" {
		line.Status, line.Reason, line.Location = asset.Partial, f.gap, f.gapAt
	}
	for _, d := range s.decoders {
		d.Decode(f, sink.Asset)
	}
	sink.Coverage(line)
}

// guarded keeps a mistake in this package, or in the parsers that it uses, from
// ending the scan of the other files.
func guarded(name string, src []byte) (f *File, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("internal error: %v", p)
		}
	}()
	return Parse(name, src)
}

// IsDockerfile reports whether a file of that name is a Dockerfile: Dockerfile,
// Containerfile, either with an extension (Dockerfile.web) or as one
// (web.Dockerfile), in any case.
func IsDockerfile(name string) bool {
	name = strings.ToLower(name)
	for _, word := range []string{"dockerfile", "containerfile"} {
		if name == word || strings.HasSuffix(name, "."+word) {
			return true
		}
		if extension, ok := strings.CutPrefix(name, word+"."); ok {
			return extension != "dockerignore" && extension != "md"
		}
	}
	return false
}
