// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumb-cspm/plumb/internal/report"
)

func renderSAST(t *testing.T, r *report.Report) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := report.SAST(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestSAST(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]*report.Report{"code": code(), "live": live(), "empty": {}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first := renderSAST(t, r)
			golden(t, "sast-"+name+".json", first)
			if diff := cmp.Diff(string(first), string(renderSAST(t, r))); diff != "" {
				t.Errorf("a second rendering differs:\n%s", diff)
			}
		})
	}
}

// sast is a report as GitLab reads it.
type sast struct {
	Version         string
	Vulnerabilities []struct {
		ID, Name, Severity string
		Identifiers        []struct{ Type, Name, Value string }
		Location           struct {
			File  string
			Start int `json:"start_line"`
		}
	}
	Scan struct {
		Status   string
		Start    string `json:"start_time"`
		End      string `json:"end_time"`
		Messages []struct{ Level, Value string }
	}
}

func readSAST(t *testing.T, r *report.Report) sast {
	t.Helper()
	var s sast
	if err := json.Unmarshal(renderSAST(t, r), &s); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSASTShowsOpenFailsAtTheLineThatDecided(t *testing.T) {
	t.Parallel()
	var got []string
	for _, v := range readSAST(t, code()).Vulnerabilities {
		got = append(got, fmt.Sprintf("%s %s:%d %s", v.Severity, v.Location.File, v.Location.Start, v.Identifiers[0].Value))
	}
	want := []string{
		"Critical infra/network.tf:51 aws-ec2-security-group-no-internet-ssh",
		"Medium infra/site.tf:1 aws-s3-bucket-versioning",
		"Medium infra/modules/bucket/main.tf:14 aws-s3-bucket-versioning",
		"Medium infra/modules/bucket/main.tf:14 aws-s3-bucket-versioning",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("vulnerabilities (-want +got):\n%s", diff)
	}
}

func TestSASTSaysHowTheScanWent(t *testing.T) {
	t.Parallel()
	stamp := regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$`)
	for name, c := range map[string]struct {
		report *report.Report
		status string
		levels map[string]int
	}{
		"whole":       {code(), "success", map[string]int{"info": 2, "warn": 1}},
		"interrupted": {live(), "failure", map[string]int{"fatal": 1, "info": 2, "warn": 4}},
		"empty":       {&report.Report{}, "success", map[string]int{}},
	} {
		scan := readSAST(t, c.report).Scan
		levels := map[string]int{}
		for _, m := range scan.Messages {
			levels[m.Level]++
		}
		if diff := cmp.Diff(c.levels, levels); diff != "" || scan.Status != c.status {
			t.Errorf("%s: status %s; messages (-want +got):\n%s", name, scan.Status, diff)
		}
		if !stamp.MatchString(scan.Start) || !stamp.MatchString(scan.End) {
			t.Errorf("%s: from %s to %s", name, scan.Start, scan.End)
		}
	}
}
