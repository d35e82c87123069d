// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package controls_test

import (
	"bytes"
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/control"
	"github.com/plumb-cspm/plumb/internal/graph"
	"github.com/plumb-cspm/plumb/internal/scan"
	"github.com/plumb-cspm/plumb/internal/source"
	"github.com/plumb-cspm/plumb/internal/source/inventory"
)

// trials is how many subsets of an example's fields are made unknown.
const trials = 60

// The property that guards the three values: making any part of any example
// unknown may turn a verdict into unknown, never into its opposite.
func TestUnknownNeverFlipsAVerdict(t *testing.T) {
	t.Parallel()
	controls, run := load(t)
	for _, c := range controls {
		t.Run(c.ID, func(t *testing.T) {
			t.Parallel()
			program, err := c.Compile(run.Env)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range c.Text().Examples {
				if e.Verdict == asset.Undecided {
					continue
				}
				assets, err := run.Assets(context.Background(), c, e)
				if err != nil {
					t.Fatal(err)
				}
				seed := fnv.New64a()
				fmt.Fprint(seed, c.ID, e.Name)
				random := rand.New(rand.NewPCG(seed.Sum64(), 1))
				for range trials {
					partial, hidden := hidePart(t, run, assets, random)
					got := judgeOne(run, program, e, partial)
					// What passes if the control applies may also be left unsaid.
					unsaid := e.Verdict == asset.Pass && got.Outcome == control.NotApplicable && program.Applies != ""
					if got.Outcome != e.Verdict && got.Outcome != asset.Undecided && !unsaid {
						t.Fatalf("example %q: with %v unknown the verdict is %s, not %s", e.Name, hidden, got.Outcome, e.Verdict)
					}
					if got.Outcome == asset.Undecided && len(got.Unknown) == 0 {
						t.Fatalf("example %q: with %v unknown the verdict is unknown without a reason", e.Name, hidden)
					}
				}
			}
		})
	}
}

// hidePart returns copies of the assets of which a random part is unknown, and
// the paths of that part.
func hidePart(t *testing.T, run scan.Example, assets []*asset.Asset, random *rand.Rand) (partial []*asset.Asset, hidden []string) {
	t.Helper()
	share := random.Float64()
	why := (*asset.Source)(nil).Missing("hidden by the test")
	for _, a := range assets {
		encoded, err := asset.Encode(a.Config)
		if err != nil {
			t.Fatal(err)
		}
		typ, _ := run.Catalog.Type(a.Type)
		duplicate := *a
		duplicate.Config = typ.New()
		if err := asset.Decode(duplicate.Config, encoded); err != nil {
			t.Fatal(err)
		}
		asset.Walk(duplicate.Config, func(path string, f asset.Field) {
			if random.Float64() < share {
				f.SetMissing(why)
				hidden = append(hidden, path)
			}
		})
		partial = append(partial, &duplicate)
	}
	return partial, hidden
}

// judgeOne judges the subject of an example.
func judgeOne(run scan.Example, program *control.Program, e control.Example, assets []*asset.Asset) asset.Verdict {
	g := graph.Resolve(run.Catalog, assets, nil)
	ev := run.Env.NewEvaluator(moment, g.Fact)
	for _, a := range assets {
		if a.Type != program.Asset || a.Implied || (e.Address != "" && a.Address != e.Address) {
			continue
		}
		if v, applies, _ := program.Judge(ev, a); applies {
			return v
		}
	}
	return asset.Verdict{Outcome: control.NotApplicable}
}

// A saved inventory is judged as the sources were: the same verdicts, with the
// same evidence at the same places.
func TestInventoryKeepsVerdicts(t *testing.T) {
	t.Parallel()
	controls, run := load(t)
	for _, c := range controls {
		t.Run(c.ID, func(t *testing.T) {
			t.Parallel()
			for _, e := range c.Text().Examples {
				before := judged(t, run, c, sourceOf(t, run, c, e))
				assets, err := run.Assets(context.Background(), c, e)
				if err != nil {
					t.Fatal(err)
				}
				var file bytes.Buffer
				if err := inventory.Write(&file, "test", moment, assets, nil); err != nil {
					t.Fatal(err)
				}
				path := filepath.Join(t.TempDir(), "saved.jsonl")
				if err := os.WriteFile(path, file.Bytes(), 0o600); err != nil {
					t.Fatal(err)
				}
				saved, err := inventory.Open(path, run.Catalog)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(before, judged(t, run, c, saved)); diff != "" {
					t.Errorf("example %q: verdicts from the inventory differ (-scan +inventory):\n%s", e.Name, diff)
				}
			}
		})
	}
}

func sourceOf(t *testing.T, run scan.Example, c *control.Control, e control.Example) source.Source {
	t.Helper()
	src, err := run.Source(c, e)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// judged are the verdicts as text, with their evidence.
func judged(t *testing.T, run scan.Example, c *control.Control, src source.Source) []string {
	t.Helper()
	var lines []string
	note := func(v asset.Verdict) {
		line := fmt.Sprintln(v.Control, v.Asset.ID, v.Outcome, v.Message, v.Unknown)
		for _, d := range v.DecidedBy {
			line += fmt.Sprintln("   ", d.Path, d.Value, filepath.Base(d.Source.Location.String()), d.Source.Operation, d.Source.State(), d.Source.Reason())
		}
		lines = append(lines, line)
	}
	cfg := run.Config
	cfg.Controls, cfg.Workers, cfg.Pass = []*control.Control{c}, 1, note
	result, err := scan.Run(context.Background(), cfg, src)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range result.Coverage {
		if c.Status != asset.Covered {
			t.Errorf("%s %s: %s", c.Part, c.Location, c.Reason)
		}
	}
	for _, v := range result.Verdicts {
		note(v)
	}
	return lines
}
