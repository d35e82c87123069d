// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"bytes"
	"encoding/xml"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumb-cspm/plumb/internal/report"
)

func renderJUnit(t *testing.T, r *report.Report) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := report.JUnit(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestJUnit(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]*report.Report{"code": code(), "live": live(), "empty": {}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first := renderJUnit(t, r)
			golden(t, "junit-"+name+".xml", first)
			if diff := cmp.Diff(string(first), string(renderJUnit(t, r))); diff != "" {
				t.Errorf("a second rendering differs:\n%s", diff)
			}
		})
	}
}

// element is any XML element.
type element struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Text     string     `xml:",chardata"`
	Children []element  `xml:",any"`
}

func (e element) attr(name string) string {
	for _, a := range e.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func readJUnit(t *testing.T, r *report.Report) element {
	t.Helper()
	var root element
	if err := xml.Unmarshal(renderJUnit(t, r), &root); err != nil {
		t.Fatal(err)
	}
	return root
}

// shape is what the schemas of Ant and of Jenkins both allow: for each element its
// attributes, all of which Ant's wants, and its children, in this order.
var shape = map[string]struct {
	attrs    string
	children *regexp.Regexp
}{
	"testsuites": {"", regexp.MustCompile(`^(testsuite )*$`)},
	"testsuite": {
		"id package name timestamp hostname tests failures errors skipped time",
		regexp.MustCompile(`^properties (testcase )*system-out system-err $`),
	},
	"properties": {"", regexp.MustCompile(`^(property )+$`)},
	"property":   {"name value", regexp.MustCompile(`^$`)},
	"testcase":   {"classname name time", regexp.MustCompile(`^(failure |skipped )?$`)},
	"failure":    {"message type", regexp.MustCompile(`^$`)},
	"skipped":    {"message", regexp.MustCompile(`^$`)},
	"system-out": {"", regexp.MustCompile(`^$`)},
	"system-err": {"", regexp.MustCompile(`^$`)},
}

func checkShape(t *testing.T, e element) {
	t.Helper()
	want, known := shape[e.XMLName.Local]
	if !known {
		t.Fatalf("the schemas know no %s", e.XMLName.Local)
	}
	var attrs []string
	for _, a := range e.Attrs {
		attrs = append(attrs, a.Name.Local)
	}
	if got := strings.Join(attrs, " "); got != want.attrs {
		t.Errorf("%s has the attributes %q; want %q", e.XMLName.Local, got, want.attrs)
	}
	children := ""
	for _, c := range e.Children {
		children += c.XMLName.Local + " "
		checkShape(t, c)
	}
	if !want.children.MatchString(children) {
		t.Errorf("%s has the children %q; want %s", e.XMLName.Local, children, want.children)
	}
}

func TestJUnitFitsTheSchemas(t *testing.T) {
	t.Parallel()
	timestamp := regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$`)
	for name, r := range map[string]*report.Report{"code": code(), "live": live(), "empty": {}, "hostile": hostile()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := readJUnit(t, r)
			checkShape(t, root)
			for _, suite := range root.Children {
				if at := suite.attr("timestamp"); !timestamp.MatchString(at) {
					t.Errorf("the timestamp is %s", at)
				}
			}
		})
	}
}

func TestJUnitSaysEachVerdictOnce(t *testing.T) {
	t.Parallel()
	var got []string
	for _, suite := range readJUnit(t, code()).Children {
		got = append(got, strings.Join([]string{suite.attr("name"), suite.attr("tests"), suite.attr("failures"), suite.attr("skipped")}, " "))
		for _, c := range suite.Children {
			if c.XMLName.Local != "testcase" {
				continue
			}
			line := "  " + c.attr("name")
			for _, outcome := range c.Children {
				line += " " + outcome.XMLName.Local + " " + outcome.attr("type") + ": " + outcome.Text
			}
			got = append(got, line)
		}
	}
	want := []string{
		"aws-ec2-security-group-no-internet-ssh 1 1 0",
		"  infra//aws_security_group.bastion failure critical: aws_security_group.bastion: port 22 is open to 0.0.0.0/0 and ::/0, by the rule for contractors that was meant to be temporary\n" +
			"at infra/network.tf:51\n" +
			`fix: ingress { from_port = 22, to_port = 22, protocol = "tcp", cidr_blocks = ["10.8.0.0/24"] }`,
		"aws-rds-instance-encrypted 2 0 2",
		"  infra//aws_db_instance.orders skipped : unknown: var.encrypt has no value",
		"  infra//aws_db_instance.scratch skipped : accepted (checkov) until 2026-12-31: holds generated rows for load tests",
		"aws-s3-bucket-versioning 3 3 0",
		`  infra//aws_s3_bucket.site["de"] failure medium: aws_s3_bucket.site["de"]: versioning is Disabled` + "\n" +
			"at infra/site.tf:1\n" +
			`fix: versioning_configuration { status = "Enabled" }`,
		"  infra//module.logs.aws_s3_bucket.this failure medium: module.logs.aws_s3_bucket.this: versioning is Suspended\n" +
			"at infra/modules/bucket/main.tf:14\nby the module call at infra/main.tf:10\n" +
			`fix: versioning_configuration { status = "Enabled" }`,
		"  infra//module.media.aws_s3_bucket.this failure medium: module.media.aws_s3_bucket.this: versioning is Suspended\n" +
			"at infra/modules/bucket/main.tf:14\nby the module call at infra/main.tf:16\n" +
			`fix: versioning_configuration { status = "Enabled" }`,
		"aws-kms-key-rotation 2 0 1",
		"  infra//aws_kms_key.logs",
		"  infra//aws_kms_key.orders skipped : unknown: var.encrypt has no value; known after apply",
		"coverage 1 0 1",
		"  code:infra module.vpc at infra/network.tf:1 skipped : unsupported: module source registry.example.com/vpc/aws is not in .terraform/modules",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("suites and cases (-want +got):\n%s", diff)
	}
}

func TestJUnitSaysThatAScanWasInterrupted(t *testing.T) {
	t.Parallel()
	out := string(renderJUnit(t, live()))
	if !strings.Contains(out, `<property name="partial" value="true">`) || !strings.Contains(out, "the scan was interrupted") {
		t.Errorf("it does not:\n%s", out)
	}
}
