// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package control loads, checks and evaluates controls: rules about one asset
// type, with their reasons, fixes and examples. It knows no provider; running a
// control's examples is the business of the scan package.
package control

import (
	"fmt"
	"slices"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// Severity says how bad a failing control is in itself, before context.
type Severity string

// The severities.
const (
	Critical Severity = "critical"
	High     Severity = "high"
	Medium   Severity = "medium"
	Low      Severity = "low"
)

// Severities lists all severities, worst first.
func Severities() []Severity { return []Severity{Critical, High, Medium, Low} }

// Rank is 0 for the worst severity and grows as they get milder. An unknown
// severity ranks last.
func (s Severity) Rank() int {
	if i := slices.Index(Severities(), s); i >= 0 {
		return i
	}
	return len(Severities())
}

// ParseSeverity reads a severity from a flag or a control.
func ParseSeverity(s string) (Severity, error) {
	if sev := Severity(s); sev.Rank() < len(Severities()) {
		return sev, nil
	}
	return "", fmt.Errorf("severity %q is not one of critical, high, medium, low", s)
}

// Control is a rule about one asset type.
type Control struct {
	Rule
	// Source is the file that the control was read from; "" for embedded ones.
	Source string
	// at finds positions in Source for messages; nil for embedded controls.
	at   positions
	text func() Text
}

// Text is what people read of the control. Embedded controls read it when it is
// first asked for.
func (c *Control) Text() Text { return c.text() }

// Rule is what judging needs of a control.
type Rule struct {
	ID       string
	Title    string
	Asset    string // the asset type
	Severity Severity
	// Applies says which assets of the type the control is about; "" for all.
	Applies string
	// Pass is the condition that a compliant asset meets.
	Pass string
	// Message makes the one sentence that names the value found in a failing asset.
	Message string
	// Aliases are former ids of the control.
	Aliases []string
}

// Text is what people read of a control.
type Text struct {
	CVSS        string // CVSS 4.0 vector, or ""
	Why         string
	Fix         Fix
	References  []string
	Equivalents []Equivalent // controls of other tools that ask the same question
	Related     []Equivalent // near matches
	Examples    []Example
}

// Fix says how to make a failing asset pass.
type Fix struct {
	Steps          []string `yaml:"steps"`
	CLI            string   `yaml:"cli"`
	Terraform      string   `yaml:"terraform"`
	CloudFormation string   `yaml:"cloudformation"`
	Dockerfile     string   `yaml:"dockerfile"`
	Compose        string   `yaml:"compose"`
	Kubernetes     string   `yaml:"kubernetes"`
}

// Equivalent are the ids of another tool's controls.
type Equivalent struct {
	Tool string
	IDs  []string
}

// Example is a case with the verdict that it must get. The tests run it, and
// people read it as compliant or non-compliant code.
type Example struct {
	Name    string        `yaml:"name"`
	Verdict asset.Outcome `yaml:"verdict"` // or "none": the control does not apply
	// The case as code, in one of the languages.
	Terraform      string `yaml:"terraform"`
	CloudFormation string `yaml:"cloudformation"`
	Dockerfile     string `yaml:"dockerfile"`
	Compose        string `yaml:"compose"`
	Kubernetes     string `yaml:"kubernetes"`
	// Address picks the asset in code that makes several of the control's type.
	Address string `yaml:"address"`
	// Asset is the case as the fields of an asset, in the form of inventories.
	Asset map[string]any `yaml:"asset"`
	// With are other assets that the case needs, each with its type and fields.
	With []map[string]any `yaml:"with"`
	// Message, where given, is what the verdict must say.
	Message string `yaml:"message"`
}

// Code returns the language of an example that is written as code, and its text;
// "" for one that states the fields of an asset.
func (e Example) Code() (language, text string) {
	for _, c := range e.code() {
		if c[1] != "" {
			return c[0], c[1]
		}
	}
	return "", ""
}

// code lists the languages that an example may be written in, with its text in
// each.
func (e Example) code() [][2]string {
	return [][2]string{
		{"terraform", e.Terraform}, {"cloudformation", e.CloudFormation},
		{"dockerfile", e.Dockerfile}, {"compose", e.Compose}, {"kubernetes", e.Kubernetes},
	}
}

// languages counts the languages in which the example is written.
func (e Example) languages() int {
	n := 0
	for _, c := range e.code() {
		if c[1] != "" {
			n++
		}
	}
	return n
}

// NotApplicable is the verdict of an example to which its control does not
// apply.
const NotApplicable asset.Outcome = "none"

// Mistake is an error in a control file, at a line and column (from 1).
type Mistake struct {
	File         string
	Line, Column int
	Message      string
}

func (m *Mistake) Error() string {
	if m.Line == 0 {
		return fmt.Sprintf("%s: %s", m.File, m.Message)
	}
	return fmt.Sprintf("%s:%d:%d: %s", m.File, m.Line, m.Column, m.Message)
}
