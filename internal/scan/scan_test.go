// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package scan_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/control"
	"github.com/plumb-cspm/plumb/internal/expr"
	"github.com/plumb-cspm/plumb/internal/scan"
	"github.com/plumb-cspm/plumb/internal/source"
)

// shelf has books; a book names its shelf.
type shelf struct {
	Locked asset.Value[bool]     `plumb:"locked"`
	Books  asset.List[asset.Ref] `plumb:"books" target:"test.lib.book" reverse:"test.lib.book.shelf"`
}

type book struct {
	Shelf asset.Ref `plumb:"shelf" target:"test.lib.shelf"`
}

type house struct {
	Guarded asset.Value[bool] `plumb:"guarded"`
}

var at = asset.FromAPI("lib:List")

// fixed is a source of given assets and coverage, or of an error.
type fixed struct {
	assets   []*asset.Asset
	coverage []asset.Coverage
	err      error
}

func (fixed) Target() string { return "fixed" }

func (f fixed) Read(_ context.Context, sink source.Sink) error {
	for _, a := range f.assets {
		sink.Asset(a)
	}
	for _, c := range f.coverage {
		sink.Coverage(c)
	}
	return f.err
}

func live(typ, id string, config any) *asset.Asset {
	return &asset.Asset{
		Type: typ, ID: id, Address: id, Origin: asset.Live, Config: config,
		Scope: asset.Scope{Provider: "test", Account: "1", Region: "north"},
	}
}

func shelfOf(id string, locked bool) *asset.Asset {
	return live("test.lib.shelf", id, &shelf{Locked: asset.Known(locked, at)})
}

func rule(t *testing.T, id, severity, pass string) *control.Control {
	t.Helper()
	text := fmt.Sprintf("title: t\nasset: test.lib.shelf\nseverity: %s\npass: '%s'\nmessage: '\"m\"'\n", severity, pass)
	c, err := control.Parse(id+".yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func config(t *testing.T, controls ...*control.Control) scan.Config {
	t.Helper()
	catalog, err := asset.NewCatalog(
		asset.Type{Name: "test.lib.shelf", New: func() any { return new(shelf) }},
		asset.Type{Name: "test.lib.book", New: func() any { return new(book) }},
		asset.Type{Name: "test.lib.house", New: func() any { return new(house) }, Singleton: asset.PerAccount},
	)
	if err != nil {
		t.Fatal(err)
	}
	env, err := expr.NewEnv(catalog)
	if err != nil {
		t.Fatal(err)
	}
	return scan.Config{
		Catalog: catalog, Env: env, Controls: controls, Now: time.Unix(0, 0),
		Listing: map[string][]string{"test.lib.book": {"lib:ListBooks"}},
	}
}

// outline is what a result says, in its order.
func outline(r *scan.Result) []string {
	var lines []string
	for _, v := range r.Verdicts {
		line := fmt.Sprintf("%s %s %s", v.Outcome, v.Control, v.Asset.ID)
		for _, g := range v.Unknown {
			line += " " + g.Path + ": " + g.Reason
		}
		lines = append(lines, line)
	}
	return lines
}

func TestVerdictsComeInOrderWhateverTheWorkers(t *testing.T) {
	t.Parallel()
	mild, grave := rule(t, "test-a-mild", "low", "asset.locked"), rule(t, "test-z-grave", "critical", "asset.locked")
	var assets []*asset.Asset
	for i := range 300 {
		assets = append(assets, shelfOf(fmt.Sprintf("s%03d", 299-i), i%100 != 0))
	}
	want := []string{
		"fail test-z-grave s099", "fail test-z-grave s199", "fail test-z-grave s299",
		"fail test-a-mild s099", "fail test-a-mild s199", "fail test-a-mild s299",
	}
	for _, workers := range []int{1, 2, 7} {
		cfg := config(t, mild, grave)
		cfg.Workers = workers
		passes := 0
		cfg.Pass = func(v asset.Verdict) {
			if v.Outcome != asset.Pass {
				t.Errorf("told of a %s as a pass", v.Outcome)
			}
			passes++
		}
		got, err := scan.Run(t.Context(), cfg, fixed{assets: assets})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, outline(got)); diff != "" {
			t.Errorf("%d workers (-want +got):\n%s", workers, diff)
		}
		if got.Passed != 594 || passes != 594 || got.Judged != 300 {
			t.Errorf("%d workers: %d passed, told of %d, %d judged", workers, got.Passed, passes, got.Judged)
		}
	}
}

func TestOneSourceThatFailsStopsNoOther(t *testing.T) {
	t.Parallel()
	broken := fixed{err: errors.New("nobody answers")}
	cfg := config(t, rule(t, "test-shelf-locked", "high", "asset.locked"))
	got, err := scan.Run(t.Context(), cfg, broken, fixed{assets: []*asset.Asset{shelfOf("s", false)}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"fail test-shelf-locked s"}, outline(got)); diff != "" {
		t.Error(diff)
	}
	if len(got.Coverage) != 1 || got.Coverage[0].Status != asset.Failed || got.Coverage[0].Reason != "nobody answers" {
		t.Errorf("coverage is %v", got.Coverage)
	}
	if _, err := scan.Run(t.Context(), cfg, broken, broken); err == nil || !strings.Contains(err.Error(), "nobody answers") {
		t.Errorf("nothing could be read, but the error is %v", err)
	}
}

func TestABrokenControlStopsOnlyItself(t *testing.T) {
	t.Parallel()
	misspelt := rule(t, "test-shelf-misspelt", "high", "asset.loked")
	partly := rule(t, "test-shelf-indexes", "high", "asset.books[3].shelf.locked")
	good := rule(t, "test-shelf-locked", "high", "asset.locked")
	cfg := config(t, misspelt, partly, good)
	covered := asset.Coverage{Scope: "test/1/north", Part: "lib:ListBooks", Status: asset.Covered, Count: 1}
	got, err := scan.Run(t.Context(), cfg, fixed{assets: []*asset.Asset{shelfOf("s", false)}, coverage: []asset.Coverage{covered}})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"unknown test-shelf-indexes s asset: control error: asset.books has no element 3",
		"fail test-shelf-locked s",
	}
	if diff := cmp.Diff(want, outline(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var failed []string
	for _, c := range got.Coverage {
		if c.Status == asset.Failed {
			failed = append(failed, c.Part+" "+c.Location.String())
		}
	}
	if diff := cmp.Diff([]string{"test-shelf-indexes ", "test-shelf-misspelt.yaml test-shelf-misspelt.yaml:4"}, failed); diff != "" {
		t.Errorf("coverage (-want +got):\n%s", diff)
	}
}

func TestAnAbsenceIsKnownOnlyWhereAllWasListed(t *testing.T) {
	t.Parallel()
	empty := rule(t, "test-shelf-empty", "high", "size(asset.books) == 0")
	line := func(status asset.Status, reason string) []asset.Coverage {
		return []asset.Coverage{{Scope: "test/1/north", Part: "lib:ListBooks", Status: status, Reason: reason, Count: 1}}
	}
	onIt := live("test.lib.book", "b", &book{Shelf: asset.RefTo("s", at)})
	for _, tc := range []struct {
		name     string
		books    []*asset.Asset
		coverage []asset.Coverage
		want     []string
	}{
		{"all listed, none there", nil, line(asset.Covered, ""), nil},
		{"all listed, one there", []*asset.Asset{onIt}, line(asset.Covered, ""), []string{"fail test-shelf-empty s"}},
		{"denied", nil, line(asset.Denied, "AccessDenied on lib:ListBooks"),
			[]string{"unknown test-shelf-empty s asset.books: AccessDenied on lib:ListBooks"}},
		{"denied for the whole account", nil, []asset.Coverage{{Scope: "test/1", Part: "lib:ListBooks", Status: asset.Denied, Reason: "no"}},
			[]string{"unknown test-shelf-empty s asset.books: no"}},
		{"never asked", nil, nil, []string{"unknown test-shelf-empty s asset.books: lib:ListBooks was not called"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			assets := append([]*asset.Asset{shelfOf("s", true)}, tc.books...)
			got, err := scan.Run(t.Context(), config(t, empty), fixed{assets: assets, coverage: tc.coverage})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, outline(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestImpliedFactsAreReadAndNotJudged(t *testing.T) {
	t.Parallel()
	guarded := rule(t, "test-shelf-guarded", "high", "account.lib.guarded")
	implied := live("test.lib.house", "h", &house{Guarded: asset.Default(false, nil)})
	implied.Implied = true
	got, err := scan.Run(t.Context(), config(t, guarded), fixed{assets: []*asset.Asset{shelfOf("s", true), implied}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"fail test-shelf-guarded s"}, outline(got)); diff != "" {
		t.Error(diff)
	}
	if got.Judged != 1 {
		t.Errorf("%d assets were judged", got.Judged)
	}
}

func TestAnInterruptedScanIsPartial(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	cfg := config(t, rule(t, "test-shelf-locked", "high", "asset.locked"))
	got, err := scan.Run(ctx, cfg, fixed{assets: []*asset.Asset{shelfOf("s", false)}, err: context.Canceled})
	if err != nil {
		t.Fatal(err)
	}
	if !got.Partial {
		t.Error("an interrupted scan is not marked partial")
	}
	if diff := cmp.Diff([]string{"fail test-shelf-locked s"}, outline(got)); diff != "" {
		t.Errorf("what was read is not judged: %s", diff)
	}
}
