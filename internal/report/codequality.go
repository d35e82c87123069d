// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"encoding/json"
	"fmt"
	"io"
	"path"
)

// CodeQuality writes the open fails of code as GitLab's Code Quality report, worst
// first: merge requests show them beside the lines that decided. The format is a
// list of findings in files. It has no place for live assets, for what is unknown
// and for what could not be read; other formats say these.
func CodeQuality(w io.Writer, r *Report) error {
	findings := []qualityFinding{}
	for _, e := range r.fails() {
		if at := e.at(); !at.IsZero() {
			findings = append(findings, r.quality(e))
		}
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(findings); err != nil {
		return fmt.Errorf("write GitLab Code Quality report: %w", err)
	}
	return nil
}

type qualityFinding struct {
	Description string          `json:"description"`
	Check       string          `json:"check_name"`
	Fingerprint string          `json:"fingerprint"`
	Severity    string          `json:"severity"`
	Location    qualityLocation `json:"location"`
}

type qualityLocation struct {
	Path  string       `json:"path"`
	Lines qualityLines `json:"lines"`
}

type qualityLines struct {
	Begin int `json:"begin"`
}

func (r *Report) quality(e entry) qualityFinding {
	control, at := r.Controls[e.control], e.at()
	text := e.sentence()
	if control.Title != "" {
		text = control.Title + ": " + text
	}
	return qualityFinding{
		Description: clean(text), Check: clean(e.control),
		Fingerprint: Fingerprint(e.control, e.asset.ID), Severity: qualitySeverity(control.Severity),
		// GitLab finds no file whose path begins with ./, and no line 0.
		Location: qualityLocation{Path: clean(path.Clean(at.File)), Lines: qualityLines{Begin: max(at.StartLine, 1)}},
	}
}

// qualitySeverity is a severity in the words of the format.
func qualitySeverity(severity string) string {
	switch severity {
	case "critical":
		return "blocker"
	case "high":
		return "critical"
	case "medium":
		return "major"
	case "low":
		return "minor"
	}
	return "info"
}
