// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"io"
	"os"
	"slices"

	"golang.org/x/term"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/control"
	"github.com/plumb-cspm/plumb/internal/report"
	"github.com/plumb-cspm/plumb/internal/scan"
)

// format is a way to write a scan's result for programs.
type format struct {
	name string
	// passes: it lists what passes, too. For others nobody keeps them.
	passes bool
	write  func(io.Writer, *report.Report) error
}

func formats() []format {
	return []format{
		{"json", true, report.JSON},
		{"sarif", false, report.SARIF},
		{"junit", true, report.JUnit},
		{"gitlab-codequality", false, report.CodeQuality},
		{"github", false, report.GitHub},
		{"csv", true, report.CSV},
		{"gitlab-sast", false, report.SAST},
	}
}

// formatNames are the formats of a scan's result; the first is the default.
func formatNames() []string {
	names := []string{"table"}
	for _, f := range formats() {
		names = append(names, f.name)
	}
	return names
}

// programs is the format for programs that was asked for; false for the table.
func (o *scanOptions) programs() (format, bool) {
	all := formats()
	i := slices.IndexFunc(all, func(f format) bool { return f.name == o.format.value })
	if i < 0 {
		return format{}, false
	}
	return all[i], true
}

// write renders the report in the format that was asked for.
func (a *app) write(w io.Writer, o *scanOptions, r *report.Report, rebase func(string) string) error {
	if f, ok := o.programs(); ok {
		return f.write(w, r)
	}
	options := report.Options{Top: o.top.n, Rebase: rebase}
	if screen, ok := a.terminal(w); ok {
		options.Width, _, _ = term.GetSize(int(screen.Fd())) // 0 where it is not known
		options.Color = !o.noColor && a.environ["NO_COLOR"] == "" && a.environ["TERM"] != "dumb"
	}
	return report.Table(w, r, options)
}

// terminal is the terminal that a writer writes to, if it does.
func (a *app) terminal(w io.Writer) (*os.File, bool) {
	f, ok := w.(*os.File)
	return f, ok && term.IsTerminal(int(f.Fd()))
}

// reportOf is the result in the terms of reports. The texts of controls, which
// cost time to read, are there for those that fail.
func reportOf(result *scan.Result, passes []report.Pass) *report.Report {
	r := &report.Report{
		Assets: result.Judged, Controls: make(map[string]report.Control, len(result.Controls)),
		Verdicts: result.Verdicts, Passes: passes, Coverage: result.Coverage,
		Counts: report.Counts{Pass: result.Passed, Fail: result.Failed()},
	}
	r.Counts.Unknown = len(result.Verdicts) - r.Counts.Fail
	r.Counts.Suppressed = len(result.Accepted)
	for _, a := range result.Accepted {
		r.Suppressed = append(r.Suppressed, report.Suppressed{
			Verdict:     a.Verdict,
			Suppression: report.Suppression{By: a.By, Tool: a.Tool, Reason: a.Reason, Until: a.Until},
		})
	}
	fails := map[string]bool{}
	for _, v := range result.Verdicts {
		fails[v.Control] = fails[v.Control] || v.Outcome == asset.Fail
	}
	for _, c := range result.Controls {
		r.Controls[c.ID] = controlOf(c, fails[c.ID])
	}
	return r
}

func controlOf(c *control.Control, withText bool) report.Control {
	said := report.Control{Title: c.Title, Severity: string(c.Severity)}
	if withText {
		text := c.Text()
		said.Why, said.References = text.Why, text.References
		said.FixSteps, said.FixCLI, said.FixTerraform = text.Fix.Steps, text.Fix.CLI, text.Fix.Terraform
	}
	return said
}
