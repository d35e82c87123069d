// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code"
)

// Options say how to read Terraform code.
type Options struct {
	// Vars are NAME=VALUE, and VarFiles files of values, in the order in which
	// later ones win. Environ is an environment, of which TF_VAR_NAME=VALUE
	// entries count.
	Vars, VarFiles, Environ []string
	// Account is the AWS account that the code is for, where that is known.
	Account string
	// Include and Exclude are patterns over file names as reports show them.
	Include, Exclude []string
}

// Load evaluates all root modules below the paths: every directory with
// Terraform files that no other one calls. What could not be read is coverage;
// an error means that nothing could.
func Load(ctx context.Context, paths []string, opts Options) ([]*Root, []asset.Coverage, error) {
	l, err := newLoader(paths, opts)
	if err != nil {
		return nil, nil, err
	}
	dirs, coverage, err := l.find(ctx)
	if err != nil {
		return nil, nil, err
	}
	roots := make([]*Root, len(dirs))
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, dir := range dirs {
		group.Go(func() error {
			roots[i] = l.root(ctx, dir)
			return groupCtx.Err()
		})
	}
	if err := group.Wait(); err != nil {
		return nil, nil, err
	}
	return roots, append(coverage, l.outcome(roots)...), nil
}

// loader holds what all roots of one scan share.
type loader struct {
	tree   *code.Tree
	parser *parser
	opts   Options
	given  given
}

func newLoader(paths []string, opts Options) (*loader, error) {
	tree, err := code.Open(paths)
	if err != nil {
		return nil, err
	}
	g, err := opts.prepare()
	if err != nil {
		return nil, err
	}
	return &loader{tree: tree, parser: newParser(tree), opts: opts, given: g}, nil
}

// find lists the directories of root modules, in order.
func (l *loader) find(ctx context.Context) ([]string, []asset.Coverage, error) {
	files, coverage, err := l.tree.Walk(ctx, code.Filter{Match: isConfig, Include: l.opts.Include, Exclude: l.opts.Exclude})
	if err != nil {
		return nil, nil, err
	}
	var dirs []string
	for _, f := range files {
		dirs = append(dirs, f.Dir())
	}
	slices.Sort(dirs)
	dirs = slices.Compact(dirs)
	if err := l.parseAll(ctx, dirs); err != nil {
		return nil, nil, err
	}
	calls := map[string][]string{}
	called := map[string]bool{}
	for _, dir := range dirs {
		calls[dir] = l.localCalls(dir)
		for _, target := range calls[dir] {
			if target != dir {
				called[target] = true
			}
		}
	}
	var roots []string
	reached := map[string]bool{}
	var reach func(dir string)
	reach = func(dir string) {
		if !reached[dir] {
			reached[dir] = true
			for _, target := range calls[dir] {
				reach(target)
			}
		}
	}
	for _, uncalledOnly := range []bool{true, false} {
		// The second round finds modules that call each other in a circle.
		for _, dir := range dirs {
			if !reached[dir] && (!uncalledOnly || !called[dir]) {
				roots = append(roots, dir)
				reach(dir)
			}
		}
	}
	slices.SortFunc(roots, func(a, b string) int { return strings.Compare(l.tree.Name(a), l.tree.Name(b)) })
	return roots, coverage, nil
}

func (l *loader) parseAll(ctx context.Context, dirs []string) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, dir := range dirs {
		group.Go(func() error {
			l.parser.module(dir)
			return ctx.Err()
		})
	}
	return group.Wait()
}

func (l *loader) localCalls(dir string) []string {
	var targets []string
	for _, call := range l.parser.module(dir).callOrder {
		if source := literal(call, "source"); isLocal(source) {
			targets = append(targets, filepath.Join(dir, filepath.FromSlash(source)))
		}
	}
	return targets
}

// root evaluates one root module.
func (l *loader) root(ctx context.Context, dir string) *Root {
	r := &Root{
		Dir: l.tree.Name(dir), ended: ctx.Done(), parser: l.parser, account: l.opts.Account,
		managed: map[string][]*Block{}, data: map[string][]*Block{}, providers: map[string][]*Block{},
		holeOf:      map[origin]int{},
		attrSources: map[*hclsyntax.Attribute]*asset.Source{}, blockSources: map[*hclsyntax.Block]*asset.Source{},
		providerOf: map[providerKey]*Block{}, parsed: map[*module]bool{},
	}
	r.top = &instance{root: r, module: l.parser.module(dir), path: "."}
	r.guard(func() {
		r.readInputs(l.given)
		r.readManifest()
		r.gather(r.top)
	})
	return r
}

// guard keeps a mistake in this package from ending the scan of the other
// roots.
func (r *Root) guard(work func()) {
	defer func() {
		if p := recover(); p != nil {
			r.cover("terraform", asset.Location{File: r.Dir}, asset.Failed, fmt.Sprintf("internal error: %v", p))
			r.gaps = append(r.gaps, "internal error")
		}
	}()
	work()
}

// readManifest reads where terraform init has put the downloaded modules.
func (r *Root) readManifest() {
	r.manifest = map[string]string{}
	path := filepath.Join(r.top.module.dir, ".terraform", "modules", "modules.json")
	src, err := r.parser.tree.ReadText(path)
	if err != nil {
		if !isMissing(err) {
			line := r.parser.tree.Unreadable(path, err)
			r.cover(line.Part, line.Location, line.Status, line.Reason)
		}
		return
	}
	var manifest struct {
		Modules []struct{ Key, Source, Dir string }
	}
	if err := json.Unmarshal(src, &manifest); err != nil {
		line := r.parser.tree.Unreadable(path, fmt.Errorf("is not JSON"))
		r.cover(line.Part, line.Location, line.Status, line.Reason)
		return
	}
	for _, m := range manifest.Modules {
		if m.Key != "" {
			r.manifest[m.Key] = m.Dir
		}
	}
}

func isMissing(err error) bool { return errors.Is(err, fs.ErrNotExist) }

// gather makes all blocks of a module instance and of those below it.
func (r *Root) gather(inst *instance) {
	m := inst.module
	if r.isOver() {
		return
	}
	r.parsed[m] = true
	if m.gap != "" {
		r.gaps = append(r.gaps, m.gap)
	}
	for _, b := range m.resourceOrder {
		for _, one := range r.expand(inst, b).list {
			r.managed[one.Type] = append(r.managed[one.Type], one)
		}
	}
	for _, b := range m.dataOrder {
		for _, one := range r.expand(inst, b).list {
			r.data[one.Type] = append(r.data[one.Type], one)
		}
	}
	for _, p := range m.providers {
		r.providers[p.Labels[0]] = append(r.providers[p.Labels[0]], r.providerBlock(inst, p))
	}
	for _, b := range m.callOrder {
		for _, child := range r.expandCall(inst, b).list {
			if child.module == nil {
				r.missing = append(r.missing, child)
				continue
			}
			r.gather(child)
		}
	}
}

// Resources returns the instances of managed resources of these types, in the
// root module and all its child modules, in Terraform's order.
func (r *Root) Resources(types ...string) []*Block { return pick(r.managed, types) }

// Data returns the instances of data sources of these types, likewise.
func (r *Root) Data(types ...string) []*Block { return pick(r.data, types) }

func pick(from map[string][]*Block, types []string) []*Block {
	if len(types) == 1 {
		return from[types[0]]
	}
	var all []*Block
	for _, typ := range types {
		all = append(all, from[typ]...)
	}
	return all
}

// outcome is the coverage of all roots and the modules they use, each gap once.
func (l *loader) outcome(roots []*Root) []asset.Coverage {
	var lines []asset.Coverage
	modules := map[*module]bool{}
	for _, r := range roots {
		status, reason := asset.Covered, ""
		files := 0
		for _, m := range r.modules() {
			files += m.files
			if m.gap != "" {
				status, reason = asset.Partial, m.gap
			}
			if !modules[m] {
				modules[m] = true
				lines = append(lines, m.coverage...)
			}
		}
		if len(r.ledger.Lines) > 0 && status == asset.Covered {
			status, reason = asset.Partial, r.ledger.Lines[0].Reason
		}
		lines = append(lines, r.ledger.Lines...)
		lines = append(lines, asset.Coverage{
			Scope: "code:" + r.Dir, Part: "terraform", Status: status, Reason: reason, Count: max(files, 1),
		})
	}
	return lines
}

// modules lists the modules that the root uses, in order of name.
func (r *Root) modules() []*module {
	list := make([]*module, 0, len(r.parsed))
	for m := range r.parsed {
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b *module) int { return strings.Compare(a.name, b.name) })
	return list
}
