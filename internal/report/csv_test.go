// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/report"
)

func renderCSV(t *testing.T, r *report.Report) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := report.CSV(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestCSV(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]*report.Report{"code": code(), "live": live(), "empty": {}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first := renderCSV(t, r)
			golden(t, "verdicts-"+name+".csv", first)
			if diff := cmp.Diff(string(first), string(renderCSV(t, r))); diff != "" {
				t.Errorf("a second rendering differs:\n%s", diff)
			}
			if n, ends := bytes.Count(first, []byte("\n")), bytes.Count(first, []byte("\r\n")); n != ends {
				t.Errorf("%d of %d lines end with CRLF", ends, n)
			}
		})
	}
}

// readCSV returns the rows by the names of their columns.
func readCSV(t *testing.T, r *report.Report) []map[string]string {
	t.Helper()
	all, err := csv.NewReader(bytes.NewReader(renderCSV(t, r))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]string
	for _, record := range all[1:] {
		row := map[string]string{}
		for i, name := range all[0] {
			row[name] = record[i]
		}
		rows = append(rows, row)
	}
	return rows
}

func TestCSVHasARowForEachVerdict(t *testing.T) {
	t.Parallel()
	var got []string
	for _, row := range readCSV(t, code()) {
		got = append(got, strings.Join([]string{row["severity"], row["status"], row["address"], row["file"] + ":" + row["line"], row["unknown"], row["suppressed_by"], row["suppressed_until"]}, "|"))
	}
	want := []string{
		"critical|fail|aws_security_group.bastion|infra/network.tf:51|||",
		"high|unknown|aws_db_instance.orders|infra/db.tf:5|var.encrypt has no value||",
		"high|suppressed|aws_db_instance.scratch|infra/db.tf:33||inline (checkov)|2026-12-31",
		`medium|fail|aws_s3_bucket.site["de"]|infra/site.tf:1|||`,
		"medium|fail|module.logs.aws_s3_bucket.this|infra/modules/bucket/main.tf:14|||",
		"medium|fail|module.media.aws_s3_bucket.this|infra/modules/bucket/main.tf:14|||",
		"low|pass|aws_kms_key.logs|infra/kms.tf:6|||",
		"low|unknown|aws_kms_key.orders|infra/kms.tf:1|var.encrypt has no value; known after apply||",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func TestCSVHasNoFormulas(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"=1+1":      "'=1+1",
		"+1":        "'+1",
		"-1":        "'-1",
		"@SUM(A1)":  "'@SUM(A1)",
		"\t=1":      "' =1",
		"\r=1":      "' =1",
		"\nplain":   "' plain",
		"  =1":      "'  =1",
		"＝1":        "'＝1",
		"a=1":       "a=1",
		"a-b":       "a-b",
		`say "a,b"`: `say "a,b"`,
		"two\nrows": "two rows",
		"'=1":       "'=1",
		"":          "",
		"\x1b[2J=1": `\x1b[2J=1`,
		"名=1":       "名=1",
		" ":         " ",
	} {
		a := thing("t.t.t", "id", name, "")
		row := readCSV(t, &report.Report{Verdicts: []asset.Verdict{fail("c", a, name)}})[0]
		if row["name"] != want || row["message"] != want {
			t.Errorf("%q: the name is %q, the message %q; want %q", name, row["name"], row["message"], want)
		}
	}
	for _, row := range readCSV(t, hostile()) {
		for column, text := range row {
			if strings.HasPrefix(strings.TrimSpace(text), "=") {
				t.Errorf("%s is a formula: %q", column, text)
			}
		}
	}
}
