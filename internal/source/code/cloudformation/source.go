// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cloudformation

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source"
	"github.com/plumb-cspm/plumb/internal/source/code"
)

// Decoder is what a room declares: how to make assets of resources.
type Decoder struct {
	// Resources are the resource types that it reads.
	Resources []string
	// Decode emits the assets of one stack. It is called once for each stack,
	// from one goroutine a stack.
	Decode func(s *Stack, emit func(*asset.Asset))
}

// New returns the source that reads the templates below the paths and makes
// assets of them with the decoders.
func New(paths []string, opts Options, decoders []Decoder) source.Source {
	return &templateSource{paths: paths, opts: opts, decoders: decoders}
}

type templateSource struct {
	paths    []string
	opts     Options
	decoders []Decoder
}

// Target implements [source.Source].
func (s *templateSource) Target() string { return "code:" + strings.Join(s.paths, ",") }

// Read implements [source.Source]. Stacks are evaluated and decoded in parallel
// and given to the sink in order, so that two runs say the same.
func (s *templateSource) Read(ctx context.Context, sink source.Sink) error {
	l, err := newLoader(s.paths, s.opts)
	if err != nil {
		return err
	}
	templates, coverage, err := l.find(ctx)
	for _, line := range coverage {
		sink.Coverage(line)
	}
	if err != nil {
		return err
	}
	stacks := make([]*Stack, len(templates))
	assets := make([][]*asset.Asset, len(templates))
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, t := range templates {
		group.Go(func() error {
			stack := l.stack(ctx, t)
			var decoded []*asset.Asset
			for _, d := range s.decoders {
				stack.guard(func() {
					d.Decode(stack, func(a *asset.Asset) { decoded = append(decoded, a) })
				})
			}
			if err := ctx.Err(); err != nil {
				return err // half a stack would be judged as if it were all of it
			}
			stacks[i], assets[i] = stack, decoded
			return groupCtx.Err()
		})
	}
	waitErr := group.Wait()
	for i, stack := range stacks {
		if stack == nil {
			sink.Coverage(asset.Coverage{
				Scope: "code:" + templates[i].name, Part: "cloudformation", Status: asset.Skipped, Reason: "interrupted", Count: 1,
			})
			continue
		}
		for _, a := range assets[i] {
			sink.Asset(a)
		}
		for _, line := range stack.outcome() {
			sink.Coverage(line)
		}
	}
	return waitErr
}

// Load evaluates all templates below the paths that no other one nests. What
// could not be read is coverage; an error means that nothing could.
func Load(ctx context.Context, paths []string, opts Options) ([]*Stack, []asset.Coverage, error) {
	l, err := newLoader(paths, opts)
	if err != nil {
		return nil, nil, err
	}
	templates, coverage, err := l.find(ctx)
	if err != nil {
		return nil, nil, err
	}
	stacks := make([]*Stack, len(templates))
	for i, t := range templates {
		stacks[i] = l.stack(ctx, t)
		coverage = append(coverage, stacks[i].outcome()...)
	}
	return stacks, coverage, ctx.Err()
}

// loader holds what all stacks of one scan share.
type loader struct {
	tree   *code.Tree
	parser *parser
	opts   Options
	given  map[string]*node
}

func newLoader(paths []string, opts Options) (*loader, error) {
	tree, err := code.Open(paths)
	if err != nil {
		return nil, err
	}
	given, err := opts.prepare()
	if err != nil {
		return nil, err
	}
	return &loader{tree: tree, parser: newParser(tree), opts: opts, given: given}, nil
}

// find lists the templates that no other one nests, in order of name.
func (l *loader) find(ctx context.Context) ([]*template, []asset.Coverage, error) {
	files, coverage, err := l.tree.Walk(ctx, code.Filter{Match: isCandidate, Include: l.opts.Include, Exclude: l.opts.Exclude})
	if err != nil {
		return nil, nil, err
	}
	all := make([]*template, len(files))
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, f := range files {
		group.Go(func() error {
			all[i] = l.parser.template(f.Path)
			return groupCtx.Err()
		})
	}
	if err := group.Wait(); err != nil {
		return nil, coverage, err
	}
	var templates []*template
	nests := map[string][]string{}
	nested := map[string]bool{}
	for _, t := range all {
		switch {
		case t.err == nil:
			templates = append(templates, t)
			for _, path := range l.nestedBy(t) {
				nests[t.path] = append(nests[t.path], path)
				nested[path] = nested[path] || path != t.path
			}
		case !errors.Is(t.err, errForeign):
			coverage = append(coverage, l.parser.unreadable(t))
		}
	}
	return roots(templates, nests, nested), coverage, nil
}

// roots picks the templates that nobody nests, and one of those that nest each
// other in a circle.
func roots(templates []*template, nests map[string][]string, nested map[string]bool) []*template {
	reached := map[string]bool{}
	var reach func(path string)
	reach = func(path string) {
		if !reached[path] {
			reached[path] = true
			for _, next := range nests[path] {
				reach(next)
			}
		}
	}
	var picked []*template
	for _, circles := range []bool{false, true} {
		for _, t := range templates {
			if !reached[t.path] && (circles || !nested[t.path]) {
				picked = append(picked, t)
				reach(t.path)
			}
		}
	}
	slices.SortFunc(picked, func(a, b *template) int { return strings.Compare(a.name, b.name) })
	return picked
}

// nestedBy lists the templates in the tree that a template nests, as far as its
// text says which.
func (l *loader) nestedBy(t *template) []string {
	sc := &scope{stack: &Stack{parser: l.parser}, template: t}
	var paths []string
	for _, e := range entriesOf(t.root.get("Resources")) {
		properties := e.value.get("Properties")
		url := ""
		switch e.value.get("Type").scalar() {
		case stackType:
			url = properties.get("TemplateURL").scalar()
		case applicationType:
			url = properties.get("Location").scalar()
		}
		if path, local := sc.file(url); local && l.parser.template(path).err == nil {
			paths = append(paths, path)
		}
	}
	return paths
}

// stack evaluates one template.
func (l *loader) stack(ctx context.Context, t *template) *Stack {
	s := &Stack{
		File: t.name, parser: l.parser, opts: l.opts, ended: ctx.Done(), byType: map[string][]*Resource{},
		sources: map[span]*asset.Source{}, read: map[string]bool{},
	}
	s.guard(func() {
		s.top = s.newScope(t, map[string]*value{})
		for name, n := range l.given {
			if t.root.get("Parameters").get(name) != nil {
				s.top.given[name] = s.top.base.plain(n)
			}
		}
		s.top.open()
		s.top.gather()
	})
	return s
}

// guard keeps a mistake in this package or a room from ending the scan of the
// other stacks.
func (s *Stack) guard(work func()) {
	defer func() {
		if p := recover(); p != nil {
			s.cover("cloudformation", span{file: s.File}, asset.Failed, fmt.Sprintf("internal error: %v", p))
			s.gaps = append(s.gaps, "internal error")
		}
	}()
	work()
}

// outcome is the coverage of the stack.
func (s *Stack) outcome() []asset.Coverage {
	status, reason := asset.Covered, ""
	if len(s.ledger.Lines) > 0 {
		status, reason = asset.Partial, s.ledger.Lines[0].Reason
	}
	return append(slices.Clone(s.ledger.Lines), asset.Coverage{
		Scope: "code:" + s.File, Part: "cloudformation", Status: status, Reason: reason, Count: max(len(s.read), 1),
	})
}
