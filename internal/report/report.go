// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package report writes what a scan found, a file per format: a table for
// people, JSON for scripts, and the formats that pipelines and code hosts read. It
// neither judges nor hides: every format that has a place for it says what could
// not be decided and what could not be read. It reads no cloud and no files, and
// trusts that secrets were replaced where they were collected.
package report

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// Report is the result of one scan. Writing it changes nothing in it.
type Report struct {
	Scan   Scan
	Assets int // how many were judged
	// Controls holds, by id, what the formats need of every control that was
	// evaluated. Verdicts of other controls are an error of the caller.
	Controls map[string]Control
	// Verdicts are the fails that nobody suppressed, and the unknowns.
	Verdicts []asset.Verdict
	// Suppressed are the fails that somebody accepted.
	Suppressed []Suppressed
	// Passes may be left out; Counts counts them in any case.
	Passes   []Pass
	Counts   Counts
	Coverage []asset.Coverage
}

// Scan says which scan it was.
type Scan struct {
	ID      string    `json:"id"`
	Version string    `json:"version"` // of Plumb
	Started time.Time `json:"started_at"`
	Ended   time.Time `json:"ended_at"`
	Targets []string  `json:"targets"`
	// Partial marks a scan that was interrupted: what it says is right, but there
	// may be more.
	Partial bool `json:"partial"`
}

// Control is what reports say of a control.
type Control struct {
	Title        string
	Severity     string // critical, high, medium or low
	Why          string
	FixSteps     []string
	FixCLI       string
	FixTerraform string
	References   []string
}

// Pass is a verdict about which there is nothing else to say.
type Pass struct {
	Control string
	Asset   *asset.Asset
}

// Suppressed is a fail that was accepted.
type Suppressed struct {
	Verdict asset.Verdict
	Suppression
}

// Suppression says who accepted a fail, and why.
type Suppression struct {
	By     string `json:"by"`             // inline, baseline or acceptance
	Tool   string `json:"tool,omitempty"` // the tool whose comment was honoured, if not Plumb
	Reason string `json:"reason"`
	Until  string `json:"until,omitempty"` // a date; "" for ever
}

// Counts is how many verdicts of each kind there are. A suppressed fail counts
// as suppressed and not as fail.
type Counts struct {
	Pass, Fail, Unknown, Suppressed int
}

// severities lists them, worst first.
var severities = [...]string{"critical", "high", "medium", "low"}

// rank orders severities, worst first; what is none of them comes last.
func rank(severity string) int {
	if i := slices.Index(severities[:], severity); i >= 0 {
		return i
	}
	return len(severities)
}

// Fingerprint identifies a verdict across scans: the same control on the same
// asset. It depends neither on lines nor on the values found.
func Fingerprint(control, assetID string) string {
	return asset.Fingerprint(control, assetID)
}

// failsBySeverity counts the fails that nobody suppressed; every severity is in it.
func (r *Report) failsBySeverity() map[string]int {
	counts := map[string]int{}
	for _, s := range severities {
		counts[s] = 0
	}
	for i := range r.Verdicts {
		if v := &r.Verdicts[i]; v.Outcome == asset.Fail {
			counts[r.Controls[v.Control].Severity]++
		}
	}
	return counts
}

// coverage returns the coverage lines in an order that does not depend on which
// part was read first.
func (r *Report) coverage() []asset.Coverage {
	lines := slices.Clone(r.Coverage)
	slices.SortStableFunc(lines, func(a, b asset.Coverage) int {
		return cmp.Or(
			strings.Compare(a.Scope, b.Scope),
			strings.Compare(a.Part, b.Part),
			strings.Compare(a.Location.File, b.Location.File),
			cmp.Compare(a.Location.StartLine, b.Location.StartLine),
			strings.Compare(string(a.Status), string(b.Status)),
			strings.Compare(a.Reason, b.Reason),
		)
	})
	return lines
}
