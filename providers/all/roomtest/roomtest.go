// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package roomtest is the contract that every AWS room keeps, as tests. A room's
// live tests say how to fill an account and call [Room.Test]:
//
//   - complete: all declared operations are called, and nothing is left unset;
//   - denied: with one operation denied at a time, every verdict that changes
//     becomes unknown and names the operation, and none vanishes silently;
//   - parity: what the examples of the room's controls in code describe, made
//     in moto, gets the verdict that the example expects from code, with no more
//     operations than the control needs.
package roomtest

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/control"
	"github.com/plumb-cspm/plumb/internal/expr"
	"github.com/plumb-cspm/plumb/internal/mototest"
	"github.com/plumb-cspm/plumb/internal/scan"
	"github.com/plumb-cspm/plumb/internal/source"
	"github.com/plumb-cspm/plumb/internal/source/cloud"
	"github.com/plumb-cspm/plumb/internal/source/cloud/aws"
	"github.com/plumb-cspm/plumb/providers/all/code"
)

// Room is what a room's tests say of it.
type Room struct {
	Collectors []aws.Collector
	// Seed fills an account so that every operation is called and every asset
	// type has an asset.
	Seed func(t *testing.T, cfg sdk.Config)
	// Build makes, by asset type, a thing like the one that the asset (read from
	// code) describes, and returns the name of the live asset.
	Build map[string]func(t *testing.T, cfg sdk.Config, a *asset.Asset) (name string)
	// Unsupported are operations that moto does not know, with the reason.
	Unsupported map[string]string
	// NoParity are controls whose examples moto cannot build, with the reason.
	NoParity map[string]string
}

// Test runs the contract. It is called in a room's live folder.
func (r Room) Test(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t, r)
	t.Run("complete", func(t *testing.T) { t.Parallel(); w.complete(t) })
	t.Run("denied", func(t *testing.T) { t.Parallel(); w.denied(t) })
	t.Run("parity", func(t *testing.T) { t.Parallel(); w.parity(t) })
}

type workshop struct {
	Room
	catalog  *asset.Catalog
	env      *expr.Env
	controls []*control.Control // those about the room's types
}

func newWorkshop(t *testing.T, r Room) *workshop {
	t.Helper()
	catalog, err := asset.NewCatalog(code.Types()...)
	if err != nil {
		t.Fatal(err)
	}
	env, err := expr.NewEnv(catalog)
	if err != nil {
		t.Fatal(err)
	}
	controls, mistakes := control.Load(os.DirFS(".."), "controls")
	for _, m := range mistakes {
		t.Error(m)
	}
	return &workshop{r, catalog, env, controls}
}

func (w *workshop) complete(t *testing.T) {
	server := mototest.Start(t)
	w.Seed(t, server.Config(t))
	reading := server.Read(t, aws.Config{}, w.Collectors...)
	for _, c := range w.Collectors {
		for _, o := range c.Operations {
			if reading.Calls[o.Name] == 0 {
				t.Errorf("%s is declared and was not called", o.Name)
			}
		}
	}
	for _, line := range reading.Incomplete() {
		if _, expected := w.Unsupported[line.Part]; !expected {
			t.Errorf("%s in %s: %s: %s", line.Part, line.Scope, line.Status, line.Reason)
		}
	}
	seen := map[string]bool{}
	for _, a := range reading.Assets {
		seen[a.Type] = true
	}
	for _, c := range w.Collectors {
		for _, o := range c.Operations {
			if _, unsupported := w.Unsupported[o.Name]; unsupported {
				for _, filled := range o.Fills {
					seen[filled] = true // cannot be there
				}
			}
		}
	}
	for _, c := range w.Collectors {
		for _, o := range c.Operations {
			for _, filled := range o.Fills {
				if _, isType := w.catalog.Type(filled); isType && !seen[filled] {
					t.Errorf("the seeded account has no %s", filled)
				}
			}
		}
	}
}

// key names a verdict.
type key struct{ control, asset string }

func (w *workshop) denied(t *testing.T) {
	server := mototest.Start(t)
	w.Seed(t, server.Config(t))
	before, _ := w.judge(t, server, nil)
	for _, c := range w.Collectors {
		for _, o := range c.Operations {
			server.Wire().Deny(o.Name)
			after, coverage := w.judge(t, server, nil)
			server.Wire().Heal()
			covered := slices.ContainsFunc(coverage, func(c asset.Coverage) bool { return c.Part == o.Name && c.Status == asset.Denied })
			if !covered {
				t.Errorf("%s denied: coverage does not say so", o.Name)
			}
			for k, was := range before {
				is, there := after[k]
				switch {
				case !there && !covered:
					t.Errorf("%s denied: %s on %s vanished without a coverage entry", o.Name, k.control, k.asset)
				case !there, is.Outcome == was.Outcome:
				case is.Outcome != asset.Undecided:
					t.Errorf("%s denied: %s on %s turned from %s to %s", o.Name, k.control, k.asset, was.Outcome, is.Outcome)
				case !namesOperation(is, o.Name):
					t.Errorf("%s denied: %s on %s is unknown but names another reason: %v", o.Name, k.control, k.asset, is.Unknown)
				}
			}
			// A control that did not apply may apply when it is not known what the
			// asset is.
			for k, is := range after {
				if _, was := before[k]; !was && (is.Outcome != asset.Undecided || !namesOperation(is, o.Name)) {
					t.Errorf("%s denied: %s on %s appeared as %s: %v", o.Name, k.control, k.asset, is.Outcome, is.Unknown)
				}
			}
		}
	}
}

func namesOperation(v asset.Verdict, operation string) bool {
	return slices.ContainsFunc(v.Unknown, func(g asset.Gap) bool { return strings.Contains(g.Reason, operation) })
}

// judge reads the account, or what of it is needed, and judges it with the
// room's controls.
func (w *workshop) judge(t *testing.T, server *mototest.Server, need cloud.Need) (map[key]asset.Verdict, []asset.Coverage) {
	t.Helper()
	cfg := aws.Config{Regions: []string{mototest.Region}, Options: server.Options(), Need: need}
	src, err := aws.New(t.Context(), cfg, w.Collectors)
	if err != nil {
		t.Fatal(err)
	}
	verdicts := map[key]asset.Verdict{}
	note := func(v asset.Verdict) { verdicts[key{v.Control, v.Asset.ID}] = v }
	result, err := scan.Run(t.Context(), w.config(note), src)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range result.Verdicts {
		note(v)
	}
	return verdicts, result.Coverage
}

func (w *workshop) config(pass func(asset.Verdict)) scan.Config {
	return scan.Config{
		Catalog: w.catalog, Env: w.env, Controls: w.controls, Now: time.Now(), Pass: pass,
		Listing: aws.Listing(w.Collectors),
	}
}

// parity builds every pass and fail example written in code and compares.
func (w *workshop) parity(t *testing.T) {
	for _, c := range w.controls {
		if reason, except := w.NoParity[c.ID]; except {
			t.Logf("%s: no parity: %s", c.ID, reason)
			continue
		}
		for _, e := range c.Text().Examples {
			if _, text := e.Code(); text == "" || e.Verdict == asset.Undecided {
				continue
			}
			t.Run(c.ID+"/"+e.Name, func(t *testing.T) {
				t.Parallel()
				if w.Build[c.Asset] == nil {
					t.Fatalf("the room does not say how to build a %s", c.Asset)
				}
				w.compare(t, c, e)
			})
		}
	}
}

// asksBeyondCode reports whether the control reads something that code never
// says of the asset.
func (w *workshop) asksBeyondCode(t *testing.T, c *control.Control, a *asset.Asset) bool {
	t.Helper()
	program, err := c.Compile(w.env)
	if err != nil {
		t.Fatal(err)
	}
	beyond := false
	asset.Walk(a.Config, func(path string, f asset.Field) {
		path = a.Type + "." + regexp.MustCompile(`\[\d+\]`).ReplaceAllString(path, "")
		beyond = beyond || f.Source().BeyondOrigin() && slices.Contains(program.Fields(), path)
	})
	return beyond
}

func (w *workshop) compare(t *testing.T, c *control.Control, e control.Example) {
	fromCode := scan.Example{Config: w.config(nil), Code: func(language, text string) (source.Source, error) {
		return code.Example(t.TempDir(), language, text)
	}}
	assets, err := fromCode.Assets(t.Context(), c, e)
	if err != nil {
		t.Fatal(err)
	}
	server := mototest.Start(t)
	var name, typ string
	for _, a := range assets {
		build := w.Build[a.Type]
		if build == nil || a.Implied {
			continue
		}
		made := build(t, server.Config(t), a)
		if a.Type == c.Asset && (e.Address == "" || e.Address == a.Address) {
			name, typ = made, a.Type
			if e.Verdict == control.NotApplicable && w.asksBeyondCode(t, c, a) {
				return // a question that only the live thing can answer
			}
		}
	}
	if typ == "" {
		t.Fatalf("the example has no %s to build", c.Asset)
	}
	program, err := c.Compile(w.env)
	if err != nil {
		t.Fatal(err)
	}
	verdicts, coverage := w.judge(t, server, cloud.NeedFor(program.Fields()...))
	for _, v := range verdicts {
		if v.Control != c.ID || v.Asset.Name != name {
			continue
		}
		if v.Outcome != e.Verdict {
			t.Errorf("in code the verdict is %s, live it is %s: %s %v", e.Verdict, v.Outcome, v.Message, v.Unknown)
		}
		return
	}
	if e.Verdict != control.NotApplicable {
		t.Errorf("there is no verdict on the live %s %q; coverage: %v", typ, name, coverage)
	}
}
