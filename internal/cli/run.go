// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/control"
	"github.com/plumb-cspm/plumb/internal/report"
	"github.com/plumb-cspm/plumb/internal/scan"
	"github.com/plumb-cspm/plumb/internal/source"
	"github.com/plumb-cspm/plumb/internal/source/cloud"
	"github.com/plumb-cspm/plumb/internal/source/code"
	"github.com/plumb-cspm/plumb/internal/source/inventory"
)

// reading is what a scan reads, ready to be read.
type reading struct {
	sources []source.Source
	subject func(*asset.Asset) bool  // which assets are judged; nil for all
	now     time.Time                // of what was read earlier; zero for now
	rebase  func(file string) string // from names in reports to paths from here; may be nil
	tree    *code.Tree               // the code that is read; nil for other scans
	// baseline are fails that do not count; nil where there is none.
	baseline *scan.Baseline
}

// opener finds what is to be read. Its errors mean that nothing can be.
type opener func(context.Context, *knowledge, chosen) (reading, error)

// scan is every scan command: select controls, open, read and judge, save,
// report. kind names the target of a scan that is interrupted before it has one.
func (a *app) scan(ctx context.Context, o *scanOptions, kind string, open opener) error {
	k, err := know()
	if err != nil {
		return err
	}
	selected, err := o.choose(k)
	if err != nil {
		return err
	}
	out, err := a.openOutput(o.output, 0o644)
	if err != nil {
		return err
	}
	defer out.discard()
	saved, err := a.openOutput(o.inventory, 0o600) // it says more than a report
	if err != nil {
		return err
	}
	defer saved.discard()

	began := time.Now()
	in, err := open(ctx, k, selected)
	if err != nil && ctx.Err() == nil {
		return unreadable(ctx, err)
	}
	var passes []report.Pass
	cfg := o.judging(k, selected, in, began)
	if f, ok := o.programs(); ok && f.passes {
		cfg.Pass = func(v asset.Verdict) { passes = append(passes, report.Pass{Control: v.Control, Asset: v.Asset}) }
	}
	comments := scan.NewComments(in.tree, cfg.Controls, cfg.Now)
	if in.tree != nil {
		cfg.Accept = comments.Accept
	}
	if in.baseline != nil {
		cfg.Accept = scan.AcceptFirst(cfg.Accept, in.baseline.Accept)
	}
	result, err := a.watch(ctx, o, cfg, in.sources)
	if err != nil {
		return unreadable(ctx, err)
	}
	if err := a.save(o, saved, cfg.Now, result); err != nil {
		return err
	}
	result.Coverage = slices.Concat(result.Coverage, comments.Coverage(), selected.coverage())
	r := reportOf(result, passes)
	r.Scan = report.Scan{
		ID: newID(), Version: a.Version, Started: began, Ended: time.Now(),
		Targets: targets(in.sources, kind), Partial: result.Partial,
	}
	if err := out.write(func(w io.Writer) error { return a.write(w, o, r, in.rebase) }); err != nil {
		return err
	}
	return exitWith(a.verdict(o, r, result))
}

// judging is how what was read is judged.
func (o *scanOptions) judging(k *knowledge, selected chosen, in reading, began time.Time) scan.Config {
	cfg := scan.Config{
		Catalog: k.catalog, Env: k.env, Controls: selected.controls, Subject: in.subject,
		Workers: o.concurrency.n, Listing: k.listing(), Now: began.UTC(),
	}
	if !in.now.IsZero() {
		cfg.Now = in.now
	}
	if !o.now.IsZero() {
		cfg.Now = o.now.Time
	}
	return cfg
}

func newID() string {
	id := make([]byte, 16)
	_, _ = rand.Read(id) // never fails
	return hex.EncodeToString(id)
}

func targets(sources []source.Source, kind string) []string {
	if len(sources) == 0 {
		return []string{kind}
	}
	names := make([]string, len(sources))
	for i, s := range sources {
		names[i] = s.Target()
	}
	return names
}

// watch runs the scan and shows how it goes on.
func (a *app) watch(ctx context.Context, o *scanOptions, cfg scan.Config, sources []source.Source) (*scan.Result, error) {
	p := a.startProgress(o)
	result, err := scan.Run(ctx, cfg, p.over(sources)...)
	p.stop()
	log := a.logger(o.verbose)
	for _, s := range sources {
		if counted, ok := s.(cloud.Counted); ok {
			calls := counted.Calls()
			for _, operation := range slices.Sorted(maps.Keys(calls)) {
				log.InfoContext(ctx, "calls", slog.String("target", s.Target()), slog.String("operation", operation), slog.Int("count", calls[operation]))
			}
		}
	}
	if result != nil {
		log.InfoContext(ctx, "scanned", slog.String("result", result.String()))
	}
	return result, err
}

// save writes the inventory, if it was asked for and is whole.
func (a *app) save(o *scanOptions, out *output, readAt time.Time, result *scan.Result) error {
	if o.inventory == "" {
		return nil
	}
	if result.Partial {
		a.notice(o.quiet, "the inventory is not saved, because the scan was interrupted")
		return nil
	}
	read := slices.DeleteFunc(slices.Clone(result.Coverage), func(c asset.Coverage) bool { return c.Scope == scan.ControlsScope })
	return out.write(func(w io.Writer) error { return inventory.Write(w, a.Version, readAt, result.Assets, read) })
}

// verdict says what is left to say and returns the exit code.
func (a *app) verdict(o *scanOptions, r *report.Report, result *scan.Result) int {
	if o.output != "" {
		a.notice(o.quiet, "%d fail, %d unknown, %d pass; written to %s", r.Counts.Fail, r.Counts.Unknown, r.Counts.Pass, o.output)
	}
	if r.Assets == 0 && !result.Partial && (o.format.value != "table" || o.output != "") {
		a.notice(o.quiet, "nothing to judge was found in %s", strings.Join(r.Scan.Targets, ", "))
	}
	if o.inventory != "" && !result.Partial {
		a.notice(o.quiet, "%d assets saved to %s", len(result.Assets), o.inventory)
	}
	switch {
	case result.Partial:
		return exitInterrupted
	case slices.ContainsFunc(r.Verdicts, func(v asset.Verdict) bool {
		return v.Outcome == asset.Fail && o.breaks(control.Severity(r.Controls[v.Control].Severity))
	}):
		return exitBroken
	case o.requireCoverage && slices.ContainsFunc(r.Coverage, func(c asset.Coverage) bool { return c.Status != asset.Covered }):
		return exitPartial
	}
	return exitOK
}

// logger logs to standard error, or nowhere.
func (a *app) logger(verbose bool) *slog.Logger {
	if !verbose {
		return slog.New(slog.DiscardHandler)
	}
	return slog.New(slog.NewTextHandler(a.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
}
