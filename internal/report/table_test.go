// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/report"
)

func render(t *testing.T, r *report.Report, o report.Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.Table(&b, r, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTable(t *testing.T) {
	t.Parallel()
	rebase := func(file string) string { return strings.TrimPrefix(file, "infra/") }
	for name, c := range map[string]struct {
		report  *report.Report
		options report.Options
	}{
		"code":        {code(), report.Options{Rebase: rebase}},
		"code-narrow": {code(), report.Options{Width: 50}},
		"code-color":  {code(), report.Options{Color: true, Rebase: rebase}},
		"code-top":    {code(), report.Options{Top: 1}},
		"live":        {live(), report.Options{}},
		"live-wide":   {live(), report.Options{Width: 160}},
		"empty":       {&report.Report{Scan: report.Scan{Targets: []string{"code:docs"}}}, report.Options{}},
		"clean":       {&report.Report{Assets: 3, Controls: controls, Counts: report.Counts{Pass: 9}}, report.Options{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first := render(t, c.report, c.options)
			golden(t, "table-"+name+".txt", []byte(first))
			if again := render(t, c.report, c.options); again != first {
				t.Errorf("a second rendering differs:\n%s", cmp.Diff(first, again))
			}
		})
	}
}

func TestTableDoesNotDependOnTheOrderOfVerdicts(t *testing.T) {
	t.Parallel()
	want := render(t, code(), report.Options{})
	for seed := range uint64(20) {
		r := code()
		random := rand.New(rand.NewPCG(seed, 1))
		random.Shuffle(len(r.Verdicts), func(i, j int) { r.Verdicts[i], r.Verdicts[j] = r.Verdicts[j], r.Verdicts[i] })
		random.Shuffle(len(r.Coverage), func(i, j int) { r.Coverage[i], r.Coverage[j] = r.Coverage[j], r.Coverage[i] })
		if diff := cmp.Diff(want, render(t, r, report.Options{})); diff != "" {
			t.Fatalf("seed %d (-want +got):\n%s", seed, diff)
		}
	}
}

var escapeSequence = regexp.MustCompile("\x1b\\[[0-9;]*m")

func TestTableFitsTheTerminal(t *testing.T) {
	t.Parallel()
	for _, r := range []*report.Report{code(), live()} {
		for width := 40; width <= 200; width += 7 {
			out := render(t, r, report.Options{Width: width, Color: true})
			for line := range strings.Lines(out) {
				shown := escapeSequence.ReplaceAllString(strings.TrimSuffix(line, "\n"), "")
				if n := utf8.RuneCountInString(shown); n > width {
					t.Errorf("%d columns: %d are needed for %q", width, n, shown)
				}
			}
		}
	}
}

func TestTableDefusesWhatOthersWrote(t *testing.T) {
	t.Parallel()
	const payload = "\x1b[2J\x1b]0;owned\a\u009b31m\u202etxt.\u2066\r\n\x00\xff\u2028"
	a := block(payload, payload, payload, asset.Location{File: payload, StartLine: 1})
	a.Name = payload
	b := thing(payload, payload, payload, payload)
	r := &report.Report{
		Scan: report.Scan{Targets: []string{payload}}, Assets: 2,
		Controls: map[string]report.Control{payload: {Title: payload, Severity: payload, FixSteps: []string{payload}, FixCLI: payload}},
		Verdicts: []asset.Verdict{
			fail(payload, a, payload), fail(payload, b, payload),
			unknown(payload, a, asset.Gap{Path: payload, Reason: payload}),
		},
		Suppressed: []report.Suppressed{{Verdict: fail(payload, a, payload), Suppression: report.Suppression{By: payload, Tool: payload, Reason: payload, Until: payload}}},
		Counts:     report.Counts{Fail: 2, Unknown: 1, Suppressed: 1},
		Coverage:   []asset.Coverage{{Scope: payload, Part: payload, Status: asset.Status(payload), Reason: payload}},
	}
	for _, r := range []*report.Report{r, {Scan: r.Scan}} {
		out := render(t, r, report.Options{})
		if !utf8.ValidString(out) {
			t.Error("the output is not UTF-8")
		}
		for _, c := range out {
			if c != '\n' && (unicode.IsControl(c) || unicode.Is(unicode.Cf, c) || c == '\u2028') {
				t.Fatalf("%U reaches the terminal:\n%q", c, out)
			}
		}
		if !strings.Contains(out, `\x1b[2J`) {
			t.Errorf("the escape is not shown as one:\n%s", out)
		}
	}
}

func TestTableListsNoMoreThanAPersonReads(t *testing.T) {
	t.Parallel()
	r := &report.Report{Assets: 500, Controls: controls, Counts: report.Counts{Fail: 500}}
	for i := range 500 {
		a := thing("aws.s3.bucket", fmt.Sprintf("arn:aws:s3:::b%03d", i), "b", "eu-west-1")
		r.Verdicts = append(r.Verdicts, fail("aws-s3-bucket-versioning", a, "versioning is Disabled"))
	}
	out := render(t, r, report.Options{})
	if n := strings.Count(out, "\n"); n > 25 {
		t.Errorf("500 buckets take %d lines", n)
	}
	if !strings.Contains(out, "and 488 more places") {
		t.Errorf("what is not listed is not said:\n%s", out)
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errBroken }

var errBroken = errors.New("broken pipe")

func TestWritersReportAWriteError(t *testing.T) {
	t.Parallel()
	for name, write := range map[string]func() error{
		"table":              func() error { return report.Table(brokenPipe{}, code(), report.Options{}) },
		"json":               func() error { return report.JSON(brokenPipe{}, code()) },
		"sarif":              func() error { return report.SARIF(brokenPipe{}, code()) },
		"junit":              func() error { return report.JUnit(brokenPipe{}, code()) },
		"gitlab-codequality": func() error { return report.CodeQuality(brokenPipe{}, code()) },
		"github":             func() error { return report.GitHub(brokenPipe{}, code()) },
		"csv":                func() error { return report.CSV(brokenPipe{}, code()) },
		"gitlab-sast":        func() error { return report.SAST(brokenPipe{}, code()) },
	} {
		if err := write(); !errors.Is(err, errBroken) {
			t.Errorf("%s: error is %v, want the pipe's", name, err)
		}
	}
}

func BenchmarkTable(b *testing.B) {
	r := live()
	for i := range 50_000 {
		a := block("aws.s3.bucket", "infra", "aws_s3_bucket.b", lines(fmt.Sprintf("infra/b%05d.tf", i), 1, 2))
		r.Verdicts = append(r.Verdicts, fail("aws-s3-bucket-versioning", a, "versioning is Disabled"))
	}
	for b.Loop() {
		if err := report.Table(io.Discard, r, report.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
