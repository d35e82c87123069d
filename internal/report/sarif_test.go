// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/report"
)

func renderSARIF(t *testing.T, r *report.Report) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := report.SARIF(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// officialSchema compiles OASIS's JSON schema of SARIF 2.1.0. A module that
// tools/go.mod pins carries an unchanged copy of it.
func officialSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "mod", "download", "-json", "github.com/securego/gosec/v2")
	cmd.Dir = "../../tools"
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("find the module with the schema: %v\n%s", err, out)
	}
	var module struct{ Dir string }
	if err := json.Unmarshal(out, &module); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(filepath.Join(module.Dir, "report", "sarif", "testdata", "sarif-schema-2.1.0.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	doc, err := jsonschema.UnmarshalJSON(f)
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("sarif.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("sarif.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func TestSARIFIsValid(t *testing.T) {
	t.Parallel()
	schema := officialSchema(t)
	validate := func(text []byte) error {
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			return err
		}
		return schema.Validate(doc)
	}
	for name, r := range map[string]*report.Report{"code": code(), "live": live(), "empty": {}} {
		if err := validate(renderSARIF(t, r)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	broken := bytes.Replace(renderSARIF(t, code()), []byte(`"level": "error"`), []byte(`"level": "fatal"`), 1)
	if validate(broken) == nil {
		t.Error("the schema accepts a level that SARIF does not have: it checks nothing")
	}
}

func TestSARIF(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]*report.Report{"code": code(), "live": live()} {
		first := renderSARIF(t, r)
		golden(t, name+".sarif", first)
		if diff := cmp.Diff(string(first), string(renderSARIF(t, r))); diff != "" {
			t.Errorf("%s: a second rendering differs:\n%s", name, diff)
		}
	}
}

// log is what the tests look at.
type log struct {
	Runs []struct {
		Tool struct {
			Driver struct {
				Rules []struct {
					ID   string
					Help struct{ Markdown string }
				}
			}
		}
		Invocations []struct {
			Successful    bool `json:"executionSuccessful"`
			Notifications []struct {
				Descriptor struct{ ID string }
				Message    struct{ Text string }
			} `json:"toolExecutionNotifications"`
		}
		Results []struct {
			RuleID       string
			RuleIndex    int
			Message      struct{ Text string }
			Fingerprints map[string]string `json:"partialFingerprints"`
			Locations    []struct {
				Physical *struct {
					Artifact struct{ URI string } `json:"artifactLocation"`
				} `json:"physicalLocation"`
			}
		}
	}
}

func readSARIF(t *testing.T, r *report.Report) log {
	t.Helper()
	var l log
	if err := json.Unmarshal(renderSARIF(t, r), &l); err != nil {
		t.Fatal(err)
	}
	return l
}

func TestSARIFResultsAreTheOpenFails(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]*report.Report{"code": code(), "live": live()} {
		run := readSARIF(t, r).Runs[0]
		if len(run.Results) != r.Counts.Fail {
			t.Errorf("%s: %d results for %d fails", name, len(run.Results), r.Counts.Fail)
		}
		fingerprints := map[string]bool{}
		for _, result := range run.Results {
			if id := run.Tool.Driver.Rules[result.RuleIndex].ID; id != result.RuleID {
				t.Errorf("%s: a result of %s points at the rule %s", name, result.RuleID, id)
			}
			fingerprints[result.Fingerprints["plumb/v1"]] = true
		}
		if len(fingerprints) != len(run.Results) {
			t.Errorf("%s: %d results have %d fingerprints", name, len(run.Results), len(fingerprints))
		}
		if run.Invocations[0].Successful == r.Scan.Partial {
			t.Errorf("%s: partial is %t, but successful is %t", name, r.Scan.Partial, run.Invocations[0].Successful)
		}
	}
}

func TestSARIFSaysWhatIsUnknownAndUnread(t *testing.T) {
	t.Parallel()
	var got []string
	for _, n := range readSARIF(t, code()).Runs[0].Invocations[0].Notifications {
		got = append(got, n.Descriptor.ID+" "+n.Message.Text)
	}
	want := []string{
		"unknown 2 verdicts are unknown: var.encrypt has no value (aws-kms-key-rotation, aws-rds-instance-encrypted)",
		"unknown 1 verdict is unknown: known after apply (aws-kms-key-rotation)",
		"coverage/unsupported code:infra module.vpc: unsupported: module source registry.example.com/vpc/aws is not in .terraform/modules",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("notifications (-want +got):\n%s", diff)
	}
}

func TestSARIFBoundsItsNotifications(t *testing.T) {
	t.Parallel()
	r := &report.Report{}
	for i := range 1000 {
		r.Coverage = append(r.Coverage, asset.Coverage{Scope: "code:.", Part: strings.Repeat("x", i), Status: asset.Failed})
	}
	notes := readSARIF(t, r).Runs[0].Invocations[0].Notifications
	if last := notes[len(notes)-1]; len(notes) > 101 || last.Message.Text != "900 more; the JSON report has all" {
		t.Errorf("%d notifications, of which the last is %q", len(notes), last.Message.Text)
	}
}

func TestSARIFTakesNamesLiterally(t *testing.T) {
	t.Parallel()
	const fence = "```"
	a := block("aws.s3.bucket", "in fra", `b["[x](https://example.com)"]`, lines("in fra/a:b #1?.tf", 0, 0))
	first := block("aws.s3.bucket", "", "b", lines("a:b.tf", 3, 0))
	r := &report.Report{
		Controls: map[string]report.Control{"aws-s3-x": {Severity: "low", Why: "Why.", FixTerraform: fence + "\n[out](https://example.com)"}},
		Verdicts: []asset.Verdict{fail("aws-s3-x", a, "tag is {0}"), fail("aws-s3-x", first, "tag is a")},
	}
	run := readSARIF(t, r).Runs[0]
	var uris, texts []string
	for _, result := range run.Results {
		uris = append(uris, result.Locations[0].Physical.Artifact.URI)
		texts = append(texts, result.Message.Text)
	}
	if diff := cmp.Diff([]string{"./a:b.tf", "in%20fra/a:b%20%231%3F.tf"}, uris); diff != "" {
		t.Errorf("URIs (-want +got):\n%s", diff)
	}
	if want := `b\["\[x\](https://example.com)"\]: tag is {{0}}`; texts[1] != want {
		t.Errorf("the message is %s, want %s", texts[1], want)
	}
	if help := run.Tool.Driver.Rules[0].Help.Markdown; !strings.Contains(help, "````hcl\n"+fence+"\n[out]") {
		t.Errorf("the fix can close its fence:\n%s", help)
	}
}
