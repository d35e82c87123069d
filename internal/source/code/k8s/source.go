// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package k8s

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source"
	"github.com/plumb-cspm/plumb/internal/source/code"
)

// Decoder is what a room declares: how to make assets of manifests.
type Decoder struct {
	// Decode emits the assets of all manifests of a scan.
	Decode func(m *Manifests, emit func(*asset.Asset))
}

// Manifests are the objects that a scan found: what may meet in one cluster.
type Manifests struct {
	// Objects are sorted by file, and in the order of the text within it.
	Objects []*Object
}

// coveragePart is what coverage calls this language.
const coveragePart = "kubernetes"

// New returns the source that reads the manifests of a tree that the filter wants
// and makes assets of them with the decoders. The filter's Match is the source's
// own.
func New(tree *code.Tree, filter code.Filter, decoders []Decoder) source.Source {
	filter.Match = isCandidate
	return &manifestSource{tree, filter, decoders}
}

type manifestSource struct {
	tree     *code.Tree
	filter   code.Filter
	decoders []Decoder
}

// Target implements [source.Source].
func (s *manifestSource) Target() string { return "code:kubernetes" }

// Read implements [source.Source].
func (s *manifestSource) Read(ctx context.Context, sink source.Sink) error {
	files, coverage, err := s.tree.Walk(ctx, s.filter)
	if err != nil {
		return err
	}
	for _, line := range coverage {
		sink.Coverage(line)
	}
	r := &reader{tree: s.tree, sink: sink, patches: map[string]bool{}, charts: map[string]int{}}
	for _, f := range files {
		if isKustomization(f.Path) {
			r.kustomization(f)
		}
	}
	for _, f := range files {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !isKustomization(f.Path) {
			r.file(f)
		}
	}
	r.sayCharts()
	m := &Manifests{Objects: r.objects}
	for _, d := range s.decoders {
		r.guard(func() { d.Decode(m, sink.Asset) })
	}
	return nil
}

// Parse reads the objects of one file. Documents that cannot be read are left out.
func Parse(name string, src []byte) *Manifests {
	m := &Manifests{}
	for _, doc := range parse(name, src) {
		if doc.err == nil {
			m.Objects = append(m.Objects, objects(name, doc.top)...)
		}
	}
	number(m.Objects)
	return m
}

func isCandidate(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".yaml", ".yml", ".json":
		return true
	}
	return isKustomization(name)
}

func isKustomization(name string) bool {
	return slices.Contains([]string{"kustomization.yaml", "kustomization.yml", "Kustomization"}, filepath.Base(name))
}

// reader reads the files of one scan.
type reader struct {
	tree    *code.Tree
	sink    source.Sink
	patches map[string]bool // paths of files that a kustomization applies to others
	charts  map[string]int  // Helm charts by name, with the number of their templates
	objects []*Object
}

func (r *reader) say(name string, line int, status asset.Status, reason string, count int) {
	r.sink.Coverage(asset.Coverage{
		Scope: "code:" + name, Part: coveragePart, Location: asset.Location{File: name, StartLine: line},
		Status: status, Reason: reason, Count: count,
	})
}

// guard keeps a mistake in a room from ending the scan of other languages.
func (r *reader) guard(decode func()) {
	defer func() {
		if p := recover(); p != nil {
			r.say("", 0, asset.Failed, fmt.Sprintf("internal error: %v", p), 1)
		}
	}()
	decode()
}

// kustomization notes which files a kustomization patches others with. What is
// wrong with it is for kustomize to say.
func (r *reader) kustomization(f code.File) {
	src, err := r.tree.ReadText(f.Path)
	if err != nil {
		r.sink.Coverage(r.tree.Unreadable(f.Path, err))
		return
	}
	for _, doc := range parse(f.Path, src) {
		if doc.top == nil {
			continue
		}
		top := Value{node: doc.top, file: f.Name, at: inCode(f.Name, doc.top.line)}
		for _, key := range []string{"patches", "patchesJson6902", "patchesStrategicMerge"} {
			for _, patch := range top.Get(key).Items() {
				name := patch.literal(patch.Get("path").literal(""))
				r.patches[filepath.Join(f.Dir(), filepath.FromSlash(name))] = true
			}
		}
	}
}

// file reads the objects of a file, if it is a manifest.
func (r *reader) file(f code.File) {
	src, err := r.tree.ReadText(f.Path)
	if err != nil {
		if strings.ToLower(filepath.Ext(f.Path)) != ".json" { // data more often than a manifest
			r.sink.Coverage(r.tree.Unreadable(f.Path, err))
		}
		return
	}
	if bytes.Contains(src, []byte("{{")) {
		if chart := r.chartOf(f); chart != "" {
			r.charts[chart]++
			return
		}
	}
	if !mayHold(f.Path, src) {
		return
	}
	if r.patches[f.Path] {
		r.say(f.Name, 0, asset.Skipped, "is a patch of a kustomization: build that first, with kubectl kustomize", 1)
		return
	}
	var found []*Object
	failed := 0
	for _, doc := range parse(f.Path, src) {
		if doc.err == nil {
			found = append(found, objects(f.Name, doc.top)...)
			continue
		}
		failed++
		if bytes.Contains(src, []byte("{{")) {
			r.say(f.Name, doc.err.line, asset.Skipped, "is a Helm template: render it first", 1)
			continue
		}
		r.say(f.Name, doc.err.line, asset.Failed, doc.err.message, 1)
	}
	number(found)
	r.objects = append(r.objects, found...)
	if len(found) > 0 && failed == 0 {
		r.say(f.Name, 0, asset.Covered, "", len(found))
	}
}

// chartOf is the Chart.yaml of the Helm chart whose template the file is; "" for a
// file that is none.
func (r *reader) chartOf(f code.File) string {
	for dir := f.Dir(); ; dir = filepath.Dir(dir) {
		if filepath.Base(dir) == "templates" {
			chart := filepath.Join(filepath.Dir(dir), "Chart.yaml")
			if _, err := r.tree.Resolve(chart); err == nil {
				return r.tree.Name(chart)
			}
		}
		if dir == filepath.Dir(dir) {
			return ""
		}
	}
}

// sayCharts says once a chart that its templates were not read.
func (r *reader) sayCharts() {
	for _, chart := range slices.Sorted(maps.Keys(r.charts)) {
		r.say(chart, 0, asset.Skipped, "its files are Helm templates: render it first, with helm template", r.charts[chart])
	}
}
