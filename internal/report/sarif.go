// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/plumb-cspm/plumb/internal/asset"
)

const (
	sarifSchema    = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	informationURI = "https://github.com/plumb-cspm/plumb"
	// repositoryRoot is the name by which code hosts know what files are relative to.
	repositoryRoot = "%SRCROOT%"
	// mostNotifications bounds what a log says of things that could not be read:
	// each reason is said once, but an account can have very many.
	mostNotifications = 100
)

// SARIF writes the report as a SARIF 2.1.0 log, worst first. Only fails are
// results. Suppressed ones are left out, because code hosts show results as open
// whatever their suppressions say; unknowns and gaps in coverage are
// notifications of the invocation.
func SARIF(w io.Writer, r *Report) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(r.sarif()); err != nil {
		return fmt.Errorf("write SARIF report: %w", err)
	}
	return nil
}

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool        sarifTool                `json:"tool"`
	Invocations []sarifInvocation        `json:"invocations"`
	Bases       map[string]sarifArtifact `json:"originalUriBaseIds"`
	Results     []sarifResult            `json:"results"`
	Properties  map[string]int           `json:"properties"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name           string      `json:"name"`
	Version        string      `json:"version,omitempty"`
	InformationURI string      `json:"informationUri"`
	Rules          []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID            string          `json:"id"`
	Short         sarifText       `json:"shortDescription"`
	Full          *sarifText      `json:"fullDescription,omitempty"`
	Help          *sarifText      `json:"help,omitempty"`
	HelpURI       string          `json:"helpUri,omitempty"`
	Configuration sarifLevel      `json:"defaultConfiguration"`
	Properties    sarifProperties `json:"properties"`
}

type sarifProperties struct {
	Tags     []string `json:"tags"`
	Severity string   `json:"security-severity"`
}

type sarifLevel struct {
	Level string `json:"level"`
}

type sarifText struct {
	Text     string `json:"text"`
	Markdown string `json:"markdown,omitempty"`
}

type sarifResult struct {
	RuleID       string            `json:"ruleId"`
	RuleIndex    int               `json:"ruleIndex"`
	Level        string            `json:"level"`
	Message      sarifText         `json:"message"`
	Locations    []sarifLocation   `json:"locations"`
	Related      []sarifLocation   `json:"relatedLocations,omitempty"`
	Fingerprints map[string]string `json:"partialFingerprints"`
}

type sarifLocation struct {
	Message  *sarifText     `json:"message,omitempty"`
	Physical *sarifPhysical `json:"physicalLocation,omitempty"`
	Logical  []sarifLogical `json:"logicalLocations,omitempty"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   *sarifRegion  `json:"region,omitempty"`
}

type sarifArtifact struct {
	URI         string     `json:"uri,omitempty"`
	BaseID      string     `json:"uriBaseId,omitempty"`
	Description *sarifText `json:"description,omitempty"`
}

type sarifRegion struct {
	StartLine int `json:"startLine"`
	EndLine   int `json:"endLine,omitempty"`
}

type sarifLogical struct {
	Name     string `json:"name"`
	FullName string `json:"fullyQualifiedName"`
	Kind     string `json:"kind"`
}

type sarifInvocation struct {
	Successful    bool                `json:"executionSuccessful"`
	Start         string              `json:"startTimeUtc,omitempty"`
	End           string              `json:"endTimeUtc,omitempty"`
	Notifications []sarifNotification `json:"toolExecutionNotifications,omitempty"`
}

type sarifNotification struct {
	Descriptor sarifDescriptor `json:"descriptor"`
	Level      string          `json:"level"`
	Message    sarifText       `json:"message"`
	Locations  []sarifLocation `json:"locations,omitempty"`
}

type sarifDescriptor struct {
	ID string `json:"id"`
}

func (r *Report) sarif() sarifLog {
	fails := r.fails()
	rules, index := r.sarifRules(fails)
	results := make([]sarifResult, 0, len(fails))
	for _, e := range fails {
		results = append(results, sarifResultOf(e, index[e.control], rules[index[e.control]].Configuration.Level))
	}
	return sarifLog{
		Schema:  sarifSchema,
		Version: "2.1.0",
		Runs: []sarifRun{{
			Tool: sarifTool{sarifDriver{Name: "Plumb", Version: r.Scan.Version, InformationURI: informationURI, Rules: rules}},
			Invocations: []sarifInvocation{{
				Successful: !r.Scan.Partial, Start: sarifTime(r.Scan.Started), End: sarifTime(r.Scan.Ended),
				Notifications: atMost(mostNotifications, append(r.unknownNotifications(), r.coverageNotifications()...)),
			}},
			Bases:   map[string]sarifArtifact{repositoryRoot: {Description: &sarifText{Text: "The root of the repository, or the scanned path outside of one."}}},
			Results: results,
			Properties: map[string]int{
				"assets": r.Assets, "controls": len(r.Controls),
				"pass": r.Counts.Pass, "fail": r.Counts.Fail, "unknown": r.Counts.Unknown, "suppressed": r.Counts.Suppressed,
			},
		}},
	}
}

// sarifRules lists the controls that have results, by id, and where each stands.
func (r *Report) sarifRules(fails []entry) ([]sarifRule, map[string]int) {
	ids := map[string]int{}
	for _, e := range fails {
		ids[e.control] = 0
	}
	rules := make([]sarifRule, 0, len(ids))
	for i, id := range slices.Sorted(maps.Keys(ids)) {
		ids[id] = i
		rules = append(rules, sarifRuleOf(id, r.Controls[id]))
	}
	return rules, ids
}

func sarifRuleOf(id string, c Control) sarifRule {
	level, score := "note", "2.0"
	switch c.Severity {
	case "critical":
		level, score = "error", "9.0"
	case "high":
		level, score = "error", "7.0"
	case "medium":
		level, score = "warning", "4.0"
	}
	rule := sarifRule{
		ID: id, Short: sarifText{Text: cmp.Or(c.Title, id)}, Configuration: sarifLevel{level},
		Properties: sarifProperties{Tags: append([]string{"security"}, idTags(id)...), Severity: score},
	}
	if c.Why != "" {
		rule.Full = &sarifText{Text: c.Why}
	}
	if text := plainHelp(c); text != "" {
		rule.Help = &sarifText{Text: text, Markdown: markdownHelp(c)}
	}
	if len(c.References) > 0 {
		rule.HelpURI = c.References[0]
	}
	return rule
}

// idTags are the provider and service that a control's id begins with.
func idTags(id string) []string {
	parts := strings.SplitN(id, "-", 3)
	return parts[:len(parts)-1]
}

func plainHelp(c Control) string {
	parts := []string{c.Why}
	if len(c.FixSteps) > 0 {
		parts = append(parts, "Fix: "+strings.Join(c.FixSteps, " "))
	}
	return strings.TrimSpace(strings.Join(parts, "\n\n"))
}

func markdownHelp(c Control) string {
	var b strings.Builder
	if c.Why != "" {
		b.WriteString(c.Why + "\n\n")
	}
	if len(c.FixSteps) > 0 {
		b.WriteString("**Fix**\n\n")
		for i, step := range c.FixSteps {
			fmt.Fprintf(&b, "%d. %s\n", i+1, step)
		}
		b.WriteString("\n")
	}
	b.WriteString(fenced("Terraform", "hcl", c.FixTerraform))
	b.WriteString(fenced("Command line", "sh", c.FixCLI))
	if len(c.References) > 0 {
		b.WriteString("**References**\n\n")
		for _, ref := range c.References {
			fmt.Fprintf(&b, "- <%s>\n", ref)
		}
	}
	return strings.TrimSpace(b.String())
}

// fenced is a titled block of code, in a fence that the code does not close.
func fenced(title, language, code string) string {
	if strings.TrimSpace(code) == "" {
		return ""
	}
	fence := "```"
	for strings.Contains(code, fence) {
		fence += "`"
	}
	return fmt.Sprintf("**%s**\n\n%s%s\n%s\n%s\n\n", title, fence, language, strings.TrimRight(code, "\n"), fence)
}

func sarifResultOf(e entry, index int, level string) sarifResult {
	a := e.asset
	at := sarifLocation{Logical: []sarifLogical{{Name: cmp.Or(a.Name, a.ID), FullName: a.ID, Kind: "resource"}}}
	at.Physical = physical(a.Location)
	result := sarifResult{
		RuleID: e.control, RuleIndex: index, Level: level,
		Message:      sarifText{Text: literal(e.sentence())},
		Locations:    []sarifLocation{at},
		Fingerprints: map[string]string{"plumb/v1": Fingerprint(e.control, a.ID)},
	}
	seen := map[asset.Location]bool{a.Location: true, {}: true}
	relate := func(l asset.Location, text string) {
		if !seen[l] {
			seen[l] = true
			result.Related = append(result.Related, sarifLocation{Message: &sarifText{Text: literal(text)}, Physical: physical(l)})
		}
	}
	for _, evidence := range e.verdict.DecidedBy {
		if evidence.Source == nil {
			continue
		}
		verb := " is set here"
		if evidence.Source.State() != asset.Read {
			verb = " is not set here"
		}
		relate(evidence.Source.Location, evidence.Path+verb)
	}
	for _, via := range a.Via {
		relate(via, "by this module call")
	}
	return result
}

func physical(l asset.Location) *sarifPhysical {
	if l.IsZero() {
		return nil
	}
	p := &sarifPhysical{Artifact: sarifArtifact{URI: (&url.URL{Path: l.File}).String(), BaseID: repositoryRoot}}
	if strings.HasPrefix(l.File, "/") {
		p.Artifact.URI, p.Artifact.BaseID = (&url.URL{Scheme: "file", Path: l.File}).String(), ""
	}
	if l.StartLine > 0 {
		p.Region = &sarifRegion{StartLine: l.StartLine, EndLine: max(l.EndLine, l.StartLine)}
	}
	return p
}

var placeholder = regexp.MustCompile(`\{\d+\}`)

// literal escapes what SARIF would read as a link or a placeholder in a message:
// names and values come from what was scanned.
func literal(s string) string {
	if strings.Contains(s, "](") {
		s = strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`).Replace(s)
	}
	if placeholder.MatchString(s) {
		s = strings.NewReplacer("{", "{{", "}", "}}").Replace(s)
	}
	return s
}

// unknownNotifications says each reason for unknown verdicts once, the most
// frequent first.
func (r *Report) unknownNotifications() []sarifNotification {
	var notes []sarifNotification
	for _, why := range r.reasons() {
		notes = append(notes, sarifNotification{
			Descriptor: sarifDescriptor{"unknown"}, Level: "note",
			Message: sarifText{Text: literal(fmt.Sprintf("%s unknown: %s (%s)",
				count(why.verdicts, "verdict is", "verdicts are"), why.reason, strings.Join(why.controls, ", ")))},
		})
	}
	return notes
}

// coverageNotifications says what could not be read.
func (r *Report) coverageNotifications() []sarifNotification {
	var notes []sarifNotification
	for _, c := range r.coverage() {
		if c.Status == asset.Covered {
			continue
		}
		level := "warning"
		if c.Status == asset.Skipped {
			level = "note"
		}
		n := sarifNotification{Descriptor: sarifDescriptor{"coverage/" + string(c.Status)}, Level: level, Message: sarifText{Text: literal(unreadText(c))}}
		if p := physical(c.Location); p != nil {
			n.Locations = []sarifLocation{{Physical: p}}
		}
		notes = append(notes, n)
	}
	return notes
}

func atMost(most int, notes []sarifNotification) []sarifNotification {
	if len(notes) <= most {
		return notes
	}
	rest := sarifNotification{
		Descriptor: sarifDescriptor{"more"}, Level: "note",
		Message: sarifText{Text: fmt.Sprintf("%d more; the JSON report has all", len(notes)-most)},
	}
	return append(notes[:most:most], rest)
}

func sarifTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
