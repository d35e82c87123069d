// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// sastSchema is the version of GitLab's schema that SAST follows.
const sastSchema = "15.0.7"

// mostSolution bounds what the schema takes as a solution, in runes.
const mostSolution = 7000

// SAST writes the open fails of code as a SAST report for GitLab's security
// dashboard, worst first. What is unknown and what could not be read are messages
// of the scan. The format has no place for live assets; other formats do.
func SAST(w io.Writer, r *Report) error {
	out := sastReport{Version: sastSchema, Vulnerabilities: []sastVulnerability{}, Scan: r.sastScan()}
	for _, e := range r.fails() {
		if !e.at().IsZero() {
			out.Vulnerabilities = append(out.Vulnerabilities, r.vulnerability(e))
		}
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(out); err != nil {
		return fmt.Errorf("write GitLab SAST report: %w", err)
	}
	return nil
}

type sastReport struct {
	Version         string              `json:"version"`
	Vulnerabilities []sastVulnerability `json:"vulnerabilities"`
	Scan            sastScan            `json:"scan"`
}

type sastVulnerability struct {
	ID          string           `json:"id"`
	Name        string           `json:"name"`
	Description string           `json:"description"`
	Severity    string           `json:"severity"`
	Solution    string           `json:"solution,omitempty"`
	Identifiers []sastIdentifier `json:"identifiers"`
	Location    sastLocation     `json:"location"`
}

type sastIdentifier struct {
	Type  string `json:"type"`
	Name  string `json:"name"`
	Value string `json:"value"`
}

type sastLocation struct {
	File  string `json:"file"`
	Start int    `json:"start_line"`
	End   int    `json:"end_line,omitempty"`
}

type sastScan struct {
	Analyzer sastTool      `json:"analyzer"`
	Scanner  sastTool      `json:"scanner"`
	Type     string        `json:"type"`
	Start    string        `json:"start_time"`
	End      string        `json:"end_time"`
	Status   string        `json:"status"`
	Messages []sastMessage `json:"messages,omitempty"`
}

type sastTool struct {
	ID      string     `json:"id"`
	Name    string     `json:"name"`
	URL     string     `json:"url"`
	Version string     `json:"version"`
	Vendor  sastVendor `json:"vendor"`
}

type sastVendor struct {
	Name string `json:"name"`
}

type sastMessage struct {
	Level string `json:"level"`
	Value string `json:"value"`
}

func (r *Report) sastScan() sastScan {
	plumb := sastTool{
		ID: "plumb", Name: "Plumb", URL: informationURI,
		Version: cmp.Or(r.Scan.Version, "unknown"), Vendor: sastVendor{"The Plumb authors"},
	}
	scan := sastScan{
		Analyzer: plumb, Scanner: plumb, Type: "sast", Status: "success",
		Start: sastTime(r.Scan.Started), End: sastTime(r.Scan.Ended),
	}
	say := func(level, text string) { scan.Messages = append(scan.Messages, sastMessage{level, clean(text)}) }
	if r.Scan.Partial {
		scan.Status = "failure"
		say("fatal", "the scan was interrupted: it did not look at everything")
	}
	for _, why := range r.reasons() {
		say("info", fmt.Sprintf("%s unknown: %s", count(why.verdicts, "verdict is", "verdicts are"), why.reason))
	}
	for _, c := range r.coverage() {
		if c.Status != asset.Covered {
			say("warn", unreadText(c))
		}
	}
	if rest := len(scan.Messages) - mostNotifications; rest > 0 {
		scan.Messages = scan.Messages[:mostNotifications]
		say("info", fmt.Sprintf("%d more; the JSON report has all", rest))
	}
	return scan
}

// sastTime is in UTC; the schema has no time zone.
func sastTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05") }

func (r *Report) vulnerability(e entry) sastVulnerability {
	control, at, id := r.Controls[e.control], e.at(), clean(e.control)
	description := clean(e.sentence())
	if control.Why != "" {
		description += "\n\n" + clean(control.Why)
	}
	return sastVulnerability{
		ID: Fingerprint(e.control, e.asset.ID), Name: shorten(clean(cmp.Or(control.Title, e.control)), 255),
		Description: description, Severity: sastSeverity(control.Severity),
		Solution:    shorten(clean(strings.Join(control.FixSteps, " ")), mostSolution),
		Identifiers: []sastIdentifier{{Type: "plumb_control", Name: id, Value: id}},
		Location:    sastLocation{File: clean(path.Clean(at.File)), Start: max(at.StartLine, 1), End: at.EndLine},
	}
}

// sastSeverity is a severity in the words of the schema.
func sastSeverity(severity string) string {
	switch severity {
	case "critical":
		return "Critical"
	case "high":
		return "High"
	case "medium":
		return "Medium"
	case "low":
		return "Low"
	}
	return "Unknown"
}
