// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/report"
)

func renderCodeQuality(t *testing.T, r *report.Report) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := report.CodeQuality(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestCodeQuality(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]*report.Report{"code": code(), "live": live()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first := renderCodeQuality(t, r)
			golden(t, "codequality-"+name+".json", first)
			if diff := cmp.Diff(string(first), string(renderCodeQuality(t, r))); diff != "" {
				t.Errorf("a second rendering differs:\n%s", diff)
			}
		})
	}
}

// quality is a finding as GitLab reads it.
type quality struct {
	Description, Fingerprint, Severity string
	Check                              string `json:"check_name"`
	Location                           struct {
		Path  string
		Lines struct{ Begin int }
	}
}

func readCodeQuality(t *testing.T, r *report.Report) []quality {
	t.Helper()
	var findings []quality
	dec := json.NewDecoder(bytes.NewReader(renderCodeQuality(t, r)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&findings); err != nil {
		t.Fatal(err)
	}
	return findings
}

func TestCodeQualityShowsOpenFailsAtTheLineThatDecided(t *testing.T) {
	t.Parallel()
	var got []string
	seen := map[string]bool{}
	for _, f := range readCodeQuality(t, code()) {
		got = append(got, fmt.Sprintf("%s %s:%d %s", f.Severity, f.Location.Path, f.Location.Lines.Begin, f.Check))
		if seen[f.Fingerprint] {
			t.Errorf("two findings have the fingerprint %s", f.Fingerprint)
		}
		seen[f.Fingerprint] = true
	}
	want := []string{
		"blocker infra/network.tf:51 aws-ec2-security-group-no-internet-ssh",
		"major infra/site.tf:1 aws-s3-bucket-versioning",
		"major infra/modules/bucket/main.tf:14 aws-s3-bucket-versioning",
		"major infra/modules/bucket/main.tf:14 aws-s3-bucket-versioning",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

func TestCodeQualityNamesEverySeverity(t *testing.T) {
	t.Parallel()
	for severity, want := range map[string]string{
		"critical": "blocker", "high": "critical", "medium": "major", "low": "minor", "": "info", "dire": "info",
	} {
		r := &report.Report{
			Controls: map[string]report.Control{"c": {Severity: severity}},
			Verdicts: []asset.Verdict{fail("c", block("t.t.t", "", "a", asset.Location{File: "./a.tf"}), "")},
		}
		f := readCodeQuality(t, r)[0]
		if f.Severity != want || f.Location.Path != "a.tf" || f.Location.Lines.Begin != 1 || f.Description != "a" {
			t.Errorf("severity %q: got %+v, want %s", severity, f, want)
		}
	}
}
