// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package scan is the pipeline: sources yield assets, the graph joins them,
// controls judge them. The command line and every other caller run the same
// function; nothing after the sources knows where an asset came from.
package scan

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/control"
	"github.com/plumb-cspm/plumb/internal/expr"
	"github.com/plumb-cspm/plumb/internal/graph"
	"github.com/plumb-cspm/plumb/internal/source"
)

// Config is what a scan is asked to do.
type Config struct {
	Catalog  *asset.Catalog
	Env      *expr.Env
	Controls []*control.Control // the selected ones
	Now      time.Time          // the only clock that controls see
	// Subject says which assets are judged; nil means all. The others are read all
	// the same, because relations lead to them.
	Subject func(*asset.Asset) bool
	// Workers judge in parallel; 0 means one a processor.
	Workers int
	// Pass, where set, is told of every pass; one goroutine at a time. Passes
	// are counted in any case and kept by nobody else.
	Pass func(asset.Verdict)
	// Accept, where set, says which fails somebody accepted. It is asked about one
	// at a time, in the order of the verdicts, and may add to the message.
	Accept func(*asset.Verdict) (Acceptance, bool)
	// Listing names, for each asset type of a cloud, the operations that list all
	// assets of the type. Where one of them failed, there may be more.
	Listing map[string][]string
}

// Result is what a scan found.
type Result struct {
	Assets   []*asset.Asset
	Judged   int                // how many of the assets were judged
	Controls []*control.Control // those that were evaluated, in the order given
	Verdicts []asset.Verdict    // fails and unknowns, in the order of control.Severities, control, asset
	Accepted []Accepted         // fails that do not count, in the same order
	Passed   int
	Coverage []asset.Coverage
	Partial  bool // the scan was interrupted: what is here is right, but not all
}

// Run scans. It returns an error only if no source could be read at all; an
// interrupted scan returns what is complete, marked partial.
func Run(ctx context.Context, cfg Config, sources ...source.Source) (*Result, error) {
	// Read: every source yields assets and says what it could not look at.
	in, err := read(ctx, sources)
	if err != nil {
		return nil, err
	}

	// Join: relations become pointers, account facts find their account.
	g := graph.Resolve(cfg.Catalog, in.assets, completeness(cfg.Listing, in.coverage))

	// Judge: each control on each asset of its type. What an interrupted reading
	// has brought is judged all the same, if that is quick.
	subjects := subjects(cfg, g.Assets())
	programs, evaluated, broken := compile(cfg, subjects)
	judging, done := grace(ctx)
	defer done()
	out := judge(judging, cfg, g, subjects, programs)

	// Order: the same world gives the same bytes.
	result := &Result{
		Assets:   in.assets,
		Judged:   len(subjects),
		Controls: evaluated,
		Verdicts: out.verdicts,
		Passed:   out.passed,
		Coverage: slices.Concat(in.coverage, broken, out.coverage),
		Partial:  ctx.Err() != nil,
	}
	result.sort(cfg.Controls)

	// Accept: what somebody decided not to fix is shown, and does not count.
	result.accept(cfg.Accept)
	return result, nil
}

// graceTime is how long an interrupted scan goes on judging: whoever pressed
// Ctrl-C still believes that it was heard.
const graceTime = 500 * time.Millisecond

func grace(ctx context.Context) (context.Context, context.CancelFunc) {
	if ctx.Err() == nil {
		return ctx, func() {}
	}
	return context.WithTimeout(context.WithoutCancel(ctx), graceTime)
}

// subjects are the assets that are judged: not those that code only implies.
func subjects(cfg Config, assets []*asset.Asset) []*asset.Asset {
	var chosen []*asset.Asset
	for _, a := range assets {
		if !a.Implied && (cfg.Subject == nil || cfg.Subject(a)) {
			chosen = append(chosen, a)
		}
	}
	return chosen
}

// reading collects what sources yield; it is their sink.
type reading struct {
	mu       sync.Mutex
	assets   []*asset.Asset
	coverage []asset.Coverage
}

func (r *reading) Asset(a *asset.Asset) {
	asset.Complete(a.Config, a.Origin)
	r.mu.Lock()
	r.assets = append(r.assets, a)
	r.mu.Unlock()
}

func (r *reading) Coverage(c asset.Coverage) {
	r.mu.Lock()
	r.coverage = append(r.coverage, c)
	r.mu.Unlock()
}

func read(ctx context.Context, sources []source.Source) (*reading, error) {
	in := &reading{}
	var group errgroup.Group
	failures := make([]error, len(sources))
	for i, s := range sources {
		group.Go(func() error {
			failures[i] = s.Read(ctx, in)
			return nil
		})
	}
	_ = group.Wait() // the errors are in failures: one source must not stop another
	failed := 0
	for i, err := range failures {
		if err == nil || errors.Is(err, context.Canceled) {
			continue
		}
		failed++
		in.coverage = append(in.coverage, asset.Coverage{
			Scope: sources[i].Target(), Part: "source", Status: asset.Failed, Reason: err.Error(), Count: 1,
		})
	}
	if failed > 0 && failed == len(sources) {
		return nil, errors.Join(failures...)
	}
	// Sources read in parallel; from here on the order is that of the ids.
	slices.SortStableFunc(in.assets, func(a, b *asset.Asset) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Type, b.Type))
	})
	return in, nil
}

// completeness says of live scopes which asset types were listed in full there.
func completeness(listing map[string][]string, lines []asset.Coverage) graph.Complete {
	type call struct{ scope, operation string }
	failed, made := map[call]string{}, map[call]bool{}
	for _, c := range lines {
		if at := (call{c.Scope, c.Part}); c.Status == asset.Covered {
			made[at] = true
		} else {
			failed[at] = c.Reason
		}
	}
	return func(scope asset.Scope, typ string) (string, bool) {
		account := asset.Scope{Provider: scope.Provider, Account: scope.Account}
		listed := len(listing[typ]) == 0
		for _, operation := range listing[typ] {
			regional, global := call{scope.String(), operation}, call{account.String(), operation}
			if reason, lost := failed[regional]; lost {
				return reason, false
			}
			if reason, lost := failed[global]; lost {
				return reason, false
			}
			listed = listed || made[regional] || made[global]
		}
		if !listed {
			return listing[typ][0] + " was not called", false
		}
		return "", true
	}
}

// compile readies the controls of the asset types that occur. A control that
// does not compile (a user's) is coverage and stops nothing else.
func compile(cfg Config, assets []*asset.Asset) (map[string][]*control.Program, []*control.Control, []asset.Coverage) {
	occurs := map[string]bool{}
	for _, a := range assets {
		occurs[a.Type] = true
	}
	programs := map[string][]*control.Program{}
	var evaluated []*control.Control
	var broken []asset.Coverage
	for _, c := range cfg.Controls {
		if _, known := cfg.Catalog.Type(c.Asset); known && !occurs[c.Asset] {
			continue
		}
		p, err := c.Compile(cfg.Env)
		if err != nil {
			broken = append(broken, BrokenControl(err))
			continue
		}
		programs[c.Asset] = append(programs[c.Asset], p)
		evaluated = append(evaluated, c)
	}
	return programs, evaluated, broken
}

// ControlsScope is the scope of coverage that is about controls: about judging,
// and not about what a source read.
const ControlsScope = "controls"

// BrokenControl is the coverage entry for a control that cannot be used.
func BrokenControl(err error) asset.Coverage {
	c := asset.Coverage{Scope: ControlsScope, Part: "control", Status: asset.Failed, Reason: err.Error(), Count: 1}
	if m, ok := errors.AsType[*control.Mistake](err); ok {
		c.Part, c.Reason = m.File, m.Message
		c.Location = asset.Location{File: m.File, StartLine: m.Line}
	}
	return c
}

// judgement is what one worker, and in the end all of them, found.
type judgement struct {
	verdicts []asset.Verdict
	coverage []asset.Coverage
	passed   int
}

// chunk is how many assets a worker takes at a time: enough to be worth taking,
// few enough that the workers end together.
const chunk = 64

func judge(ctx context.Context, cfg Config, g *graph.Graph, assets []*asset.Asset, programs map[string][]*control.Program) judgement {
	workers := cfg.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	chunks := make(chan []*asset.Asset)
	var (
		group errgroup.Group
		mu    sync.Mutex
		all   judgement
	)
	for range workers {
		group.Go(func() error {
			w := &worker{programs: programs, ev: cfg.Env.NewEvaluator(cfg.Now, g.Fact), keepPasses: cfg.Pass != nil}
			for part := range chunks {
				w.judge(part)
				if cfg.Pass != nil {
					mu.Lock()
					for _, v := range w.passes {
						cfg.Pass(v)
					}
					mu.Unlock()
					w.passes = w.passes[:0]
				}
			}
			mu.Lock()
			defer mu.Unlock()
			all.verdicts = append(all.verdicts, w.verdicts...)
			all.coverage = append(all.coverage, w.coverage...)
			all.passed += w.passed
			return nil
		})
	}
	for part := range slices.Chunk(assets, chunk) {
		if ctx.Err() != nil {
			break
		}
		chunks <- part
	}
	close(chunks)
	_ = group.Wait() // workers return no error
	return all
}

type worker struct {
	judgement
	programs   map[string][]*control.Program
	ev         *expr.Evaluator
	keepPasses bool
	passes     []asset.Verdict
}

func (w *worker) judge(assets []*asset.Asset) {
	for _, a := range assets {
		for _, p := range w.programs[a.Type] {
			v, applies, err := p.Judge(w.ev, a)
			if err != nil {
				w.coverage = append(w.coverage, asset.Coverage{
					Scope: ControlsScope, Part: p.ID, Location: a.Location, Status: asset.Failed, Reason: err.Error(), Count: 1,
				})
			}
			switch {
			case !applies:
			case v.Outcome != asset.Pass:
				w.verdicts = append(w.verdicts, v)
			default:
				w.passed++
				if w.keepPasses {
					w.passes = append(w.passes, v)
				}
			}
		}
	}
}

// sort puts verdicts in the order of severity, control and asset, and coverage
// in the order of scope, part, status and place.
func (r *Result) sort(controls []*control.Control) {
	rank := make(map[string]int, len(controls))
	for _, c := range controls {
		rank[c.ID] = c.Severity.Rank()
	}
	slices.SortFunc(r.Verdicts, func(a, b asset.Verdict) int {
		return cmp.Or(cmp.Compare(rank[a.Control], rank[b.Control]), cmp.Compare(a.Control, b.Control), cmp.Compare(a.Asset.ID, b.Asset.ID))
	})
	slices.SortFunc(r.Coverage, func(a, b asset.Coverage) int {
		return cmp.Or(cmp.Compare(a.Scope, b.Scope), cmp.Compare(a.Part, b.Part), cmp.Compare(a.Status, b.Status),
			cmp.Compare(a.Location.File, b.Location.File), cmp.Compare(a.Location.StartLine, b.Location.StartLine), cmp.Compare(a.Reason, b.Reason))
	})
}

// Failed counts the failing verdicts.
func (r *Result) Failed() int {
	n := 0
	for _, v := range r.Verdicts {
		if v.Outcome == asset.Fail {
			n++
		}
	}
	return n
}

// String sums the result up for logs.
func (r *Result) String() string {
	return fmt.Sprintf("%d assets: %d passed, %d failed, %d unknown", r.Judged, r.Passed, r.Failed(), len(r.Verdicts)-r.Failed())
}
