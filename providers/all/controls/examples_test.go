// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package controls_test

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/control"
	"github.com/plumb-cspm/plumb/internal/expr"
	"github.com/plumb-cspm/plumb/internal/scan"
	"github.com/plumb-cspm/plumb/internal/source"
	"github.com/plumb-cspm/plumb/providers/all/code"
)

// moment is when examples are judged.
var moment = time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)

// load reads the controls from their files, not from the embedded index, so
// that a test judges what is written.
func load(t testing.TB) ([]*control.Control, scan.Example) {
	t.Helper()
	catalog, err := asset.NewCatalog(code.Types()...)
	if err != nil {
		t.Fatal(err)
	}
	env, err := expr.NewEnv(catalog)
	if err != nil {
		t.Fatal(err)
	}
	controls, mistakes := control.Load(os.DirFS("../../.."), "providers")
	for _, m := range mistakes {
		t.Error(m)
	}
	if len(controls) == 0 {
		t.Fatal("there are no controls")
	}
	return controls, scan.Example{
		Config: scan.Config{Catalog: catalog, Env: env, Now: moment},
		Code:   func(language, text string) (source.Source, error) { return code.Example(t.TempDir(), language, text) },
	}
}

func TestEveryExampleGetsItsVerdict(t *testing.T) {
	t.Parallel()
	controls, run := load(t)
	for _, c := range controls {
		t.Run(c.ID, func(t *testing.T) {
			t.Parallel()
			verdicts := map[asset.Outcome]int{}
			for _, e := range c.Text().Examples {
				verdicts[e.Verdict]++
				if err := run.Run(context.Background(), c, e); err != nil {
					t.Errorf("%s: example %q: %v", c.Source, e.Name, err)
				}
			}
			for _, needed := range []asset.Outcome{asset.Pass, asset.Fail, asset.Undecided} {
				if verdicts[needed] == 0 {
					t.Errorf("%s has no example with the verdict %s", c.Source, needed)
				}
			}
		})
	}
}
