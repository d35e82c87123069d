// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package dockerfile

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// Bounds of what is read: far above what people write, far below what would
// exhaust the parsers' stack.
const (
	maxFile   = 1 << 20
	maxBraces = 5000
	maxStages = 500
)

// File is a Dockerfile, evaluated.
type File struct {
	Name   string
	Stages []*Stage

	lines  []string // as written
	escape rune
	global *scope // the arguments before the first FROM
	holes  []asset.Hole
	holeOf map[string]int // by reason
	gap    string         // what of the file could not be read
	gapAt  asset.Location
}

// Mistake is what makes a file no Dockerfile, and where.
type Mistake struct {
	At      asset.Location
	Message string
}

func (m *Mistake) Error() string { return m.At.String() + ": " + m.Message }

// Parse evaluates the text of a Dockerfile. An error that has a place in the
// file is a *[Mistake].
func Parse(name string, src []byte) (*File, error) {
	switch {
	case len(src) > maxFile:
		return nil, fmt.Errorf("is larger than %d MB, which no Dockerfile is", maxFile>>20)
	case bytes.Count(src, []byte("${")) > maxBraces:
		return nil, fmt.Errorf("has more than %d substitutions", maxBraces)
	}
	f := &File{Name: name, lines: strings.Split(string(src), "\n"), holeOf: map[string]int{}}
	tree, err := parser.Parse(bytes.NewReader(src))
	if err != nil {
		return nil, f.mistake(err)
	}
	f.escape = tree.EscapeToken
	stages, args, err := instructions.Parse(tree.AST, nil)
	if err != nil {
		return nil, f.mistake(err)
	}
	switch {
	case len(stages) == 0:
		return nil, &Mistake{asset.Location{File: name}, "has no FROM"}
	case len(stages) > maxStages:
		return nil, &Mistake{asset.Location{File: name}, fmt.Sprintf("has more than %d stages", maxStages)}
	}
	f.readGlobals(args)
	for i := range stages {
		f.Stages = append(f.Stages, f.stage(i, &stages[i]))
	}
	f.finish()
	return f, nil
}

// mistake words an error of the parser and finds its place.
func (f *File) mistake(err error) error {
	m := &Mistake{At: asset.Location{File: f.Name}}
	var located *parser.LocationError
	if errors.As(err, &located) && len(located.Locations) > 0 {
		m.At = f.location(located.Locations[0])
		err = located.Unwrap()
	}
	m.Message, _, _ = strings.Cut(err.Error(), "\n")
	return m
}

func (f *File) location(ranges []parser.Range) asset.Location {
	at := asset.Location{File: f.Name}
	if len(ranges) > 0 {
		at.StartLine, at.EndLine = ranges[0].Start.Line, ranges[len(ranges)-1].End.Line
	}
	return at
}

func (f *File) source(ranges []parser.Range) *asset.Source { return asset.InCode(f.location(ranges)) }

// hole returns what stands in a text for something unknown.
func (f *File) hole(reason string) string {
	i, known := f.holeOf[reason]
	if !known {
		i = len(f.holes)
		f.holes = append(f.holes, asset.Hole{Reason: reason})
		f.holeOf[reason] = i
	}
	return asset.HoleMark(i)
}

func (f *File) text(marked string) asset.Text { return asset.NewText(marked, f.holes...) }

// miss notes that a part of the file was not read.
func (f *File) miss(at asset.Location, reason string) {
	if f.gap == "" {
		f.gap, f.gapAt = reason, at
	}
}
