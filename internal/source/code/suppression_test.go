// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package code

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumb-cspm/plumb/internal/asset"
)

func TestSuppressions(t *testing.T) {
	t.Parallel()
	block := func(start, end int) asset.Location {
		return asset.Location{File: "a.tf", StartLine: start, EndLine: end}
	}
	for _, tc := range []struct {
		name, text string
		covers     asset.Location
		names      string
		want       bool
		reason     string
	}{
		{"in the block", "resource {\n  # plumb:accept aws-s3-bucket-versioning reason=\"a cache\"\n}", block(1, 3), "aws-s3-bucket-versioning", true, "a cache"},
		{"above the block", "x\n// plumb:accept aws-s3-* reason=\"all\"\n# more\nresource {\n}", block(4, 5), "aws-s3-bucket-versioning", true, "all"},
		{"an empty line between", "x\n# plumb:accept aws-s3-* reason=\"all\"\n\nresource {\n}", block(4, 5), "aws-s3-bucket-versioning", false, ""},
		{"of another block", "resource {\n # plumb:accept aws-s3-* reason=\"r\"\n}\nresource {\n}", block(4, 5), "aws-s3-bucket-versioning", false, ""},
		{"of another control", "resource { # plumb:accept aws-s3-bucket-mfa-delete reason=\"r\"\n}", block(1, 2), "aws-s3-bucket-versioning", false, ""},
		{"several at once", "resource { # plumb:accept aws-a-b,aws-c-d reason=\"r\"\n}", block(1, 2), "aws-c-d", true, "r"},
		{"for the file", "# plumb:accept aws-c-d reason=\"old\"\n# by the team\n\nresource {\n}\nresource {\n}", block(6, 7), "aws-c-d", true, "old"},
		{"the file's first comment belongs to the block below it", "# plumb:accept aws-c-d reason=\"r\"\nresource {\n}\nresource {\n}", block(4, 5), "aws-c-d", false, ""},
		{"not in a comment", "name = \"plumb:accept aws-c-d reason=x\"", block(1, 1), "aws-c-d", false, ""},
		{"checkov", "resource {\n  #checkov:skip=CKV_AWS_18:no logs of logs\n}", block(1, 3), "CKV_AWS_18", true, "no logs of logs"},
		{"checkov without a reason", "resource {\n  # checkov:skip=CKV2_AWS_6\n}", block(1, 3), "CKV2_AWS_6", true, ""},
		{"trivy", "#trivy:ignore:AVD-AWS-0089\nresource {\n}", block(2, 3), "AVD-AWS-0089", true, ""},
		{"trivy in its new form", "#trivy:ignore:aws-0089\nresource {\n}", block(2, 3), "AVD-AWS-0089", true, ""},
		{"trivy, all", "#trivy:ignore:*\nresource {\n}", block(2, 3), "AVD-AWS-0089", true, ""},
		{"two of trivy", "#trivy:ignore:AWS-0001 trivy:ignore:AWS-0089\nresource {\n}", block(2, 3), "AVD-AWS-0089", true, ""},
		{"tfsec", "acl = \"x\" #tfsec:ignore:AWS-0092", block(1, 1), "AVD-AWS-0092", true, ""},
		{"kics, the file", "# kics-scan ignore\nresource {\n}", block(2, 3), "anything", true, ""},
		{"kics, one query", "# kics-scan disable=aa-11,bb-22\n\nresource {\n}", block(3, 4), "BB-22", true, ""},
		{"kics, the next block", "x\n# kics-scan ignore-block\nresource {\n}", block(3, 4), "anything", true, ""},
		{"not in this block", "x\n# kics-scan ignore-line\ny\nresource {\n}", block(4, 5), "anything", false, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			all, broken := Suppressions("a.tf", []byte(tc.text))
			if len(broken) > 0 {
				t.Fatal(broken)
			}
			got := false
			for _, s := range all {
				if s.Covers(tc.covers) && s.Names(tc.names) {
					got = true
					if s.Reason != tc.reason {
						t.Errorf("reason %q", s.Reason)
					}
				}
			}
			if got != tc.want {
				t.Errorf("suppressed: %v, want %v; found %v", got, tc.want, all)
			}
		})
	}
}

func TestASuppressionEnds(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]map[string]bool{
		`# plumb:accept aws-a-b until=2027-01-31 reason="r"`: {"2027-01-31T23:00:00Z": false, "2027-02-01T00:00:00Z": true},
		`# plumb:accept aws-a-b reason="until=2020-01-01"`:   {"2040-01-01T00:00:00Z": false},
		`# trivy:ignore:AWS-1:exp:2026-06-30`:                {"2026-06-30T12:00:00Z": false, "2026-07-01T12:00:00Z": true},
	} {
		all, _ := Suppressions("a.tf", []byte(text))
		if len(all) != 1 {
			t.Fatalf("%s: found %v", text, all)
		}
		for moment, over := range want {
			now, err := time.Parse(time.RFC3339, moment)
			if err != nil {
				t.Fatal(err)
			}
			if all[0].Over(now) != over {
				t.Errorf("%s at %s: over is %v", text, moment, !over)
			}
		}
	}
}

func TestAnIncompleteSuppressionIsCoverage(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`# plumb:accept aws-a-b`:                             `needs a reason="..."`,
		`# plumb:accept aws-a-b reason=""`:                   `needs a reason="..."`,
		`# plumb:accept aws-a-b until=soon reason="r"`:       "needs a date",
		`# plumb:accept aws-a-b until=2027-13-01 reason="r"`: "needs a date",
	} {
		all, broken := Suppressions("a.tf", []byte("\n"+text))
		var got []string
		for _, c := range broken {
			got = append(got, c.Location.String()+" "+c.Reason)
		}
		if len(all) != 0 || len(got) != 1 || !strings.HasPrefix(got[0], "a.tf:2 ") || !strings.Contains(got[0], want) {
			t.Errorf("%s: found %v, broken %v", text, all, got)
		}
	}
}

func FuzzSuppressions(f *testing.F) {
	f.Add("# plumb:accept a-b until=2027-01-01 reason=\"x\"\n\nresource {}")
	f.Add("/* trivy:ignore:* */ kics-scan disable=a,b")
	f.Fuzz(func(t *testing.T, text string) {
		first, _ := Suppressions("a", []byte(text))
		again, _ := Suppressions("a", []byte(text))
		if diff := cmp.Diff(len(first), len(again)); diff != "" {
			t.Error(diff)
		}
		for _, s := range first {
			if len(s.IDs) == 0 || s.At.StartLine < 1 || s.At.StartLine > strings.Count(text, "\n")+1 {
				t.Errorf("%+v", s)
			}
		}
	})
}
