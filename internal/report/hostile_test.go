// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/report"
)

// evil is a name that means harm to what shows, splits or evaluates it.
const evil = "=1+1\"'>]]><!--&amp;,%0A::error::,;\x1b[2J\x1b]0;owned\a\u009b31m\u202etxt.\u2066\r\n::stop-commands::x\n\x00\xff\ufffe\u2028end"

// hostile is a report in which everything that others write is evil.
func hostile() *report.Report {
	a := block(evil, evil, evil, asset.Location{File: evil, StartLine: 1}, asset.Location{File: evil, StartLine: 2})
	a.Name = evil
	b := thing(evil, evil, evil, evil)
	return &report.Report{
		Scan: report.Scan{Targets: []string{evil}}, Assets: 2,
		Controls: map[string]report.Control{evil: {Title: evil, Severity: evil, Why: evil, FixSteps: []string{evil}, FixTerraform: evil, FixCLI: evil, References: []string{evil}}},
		Verdicts: []asset.Verdict{
			fail(evil, a, evil), fail(evil, b, evil),
			unknown(evil, a, asset.Gap{Path: evil, Reason: evil}),
		},
		Suppressed: []report.Suppressed{{Verdict: fail(evil, a, evil), Suppression: report.Suppression{By: evil, Tool: evil, Reason: evil, Until: evil}}},
		Passes:     []report.Pass{{Control: evil, Asset: b}},
		Counts:     report.Counts{Pass: 1, Fail: 2, Unknown: 1, Suppressed: 1},
		Coverage:   []asset.Coverage{{Scope: evil, Part: evil, Location: asset.Location{File: evil, StartLine: 3}, Status: asset.Status(evil), Reason: evil}},
	}
}

func TestFormatsDefuseWhatOthersWrote(t *testing.T) {
	t.Parallel()
	for name, write := range map[string]func(io.Writer, *report.Report) error{
		"junit":              report.JUnit,
		"gitlab-codequality": report.CodeQuality,
		"github":             report.GitHub,
		"csv":                report.CSV,
		"gitlab-sast":        report.SAST,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var b bytes.Buffer
			if err := write(&b, hostile()); err != nil {
				t.Fatal(err)
			}
			if !utf8.Valid(b.Bytes()) {
				t.Error("the output is not UTF-8")
			}
			for _, c := range strings.ReplaceAll(b.String(), "\r\n", "\n") {
				if c != '\n' && (unicode.IsControl(c) || unicode.Is(unicode.Cf, c) || c == '\u2028') {
					t.Fatalf("%U is in the output:\n%q", c, b.String())
				}
			}
			if !strings.Contains(b.String(), `x1b[2J`) {
				t.Errorf("the escape is not shown as one:\n%s", b.String())
			}
		})
	}
}
