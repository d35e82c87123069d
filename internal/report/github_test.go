// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/report"
)

func renderGitHub(t *testing.T, r *report.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.GitHub(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGitHub(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]*report.Report{"code": code(), "live": live(), "empty": {}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first := renderGitHub(t, r)
			golden(t, "github-"+name+".txt", []byte(first))
			if diff := cmp.Diff(first, renderGitHub(t, r)); diff != "" {
				t.Errorf("a second rendering differs:\n%s", diff)
			}
		})
	}
}

// annotation is a workflow command as the runner reads it.
type annotation struct {
	level, text string
	properties  map[string]string
}

var command = regexp.MustCompile(`^::(error|warning|notice) ([^:]*)::(.*)$`)

// readGitHub undoes what the runner undoes, and takes nothing but annotations.
func readGitHub(t *testing.T, r *report.Report) []annotation {
	t.Helper()
	data := strings.NewReplacer("%0D", "\r", "%0A", "\n", "%25", "%")
	value := strings.NewReplacer("%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",", "%25", "%")
	var all []annotation
	for line := range strings.Lines(renderGitHub(t, r)) {
		parts := command.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
		if parts == nil {
			t.Fatalf("this is no annotation: %q", line)
		}
		a := annotation{level: parts[1], text: data.Replace(parts[3]), properties: map[string]string{}}
		for p := range strings.SplitSeq(parts[2], ",") {
			name, v, _ := strings.Cut(p, "=")
			a.properties[name] = value.Replace(v)
		}
		all = append(all, a)
	}
	return all
}

func TestGitHubSaysWhatIsMissingAndThenTheWorst(t *testing.T) {
	t.Parallel()
	var got []string
	for _, a := range readGitHub(t, code()) {
		got = append(got, fmt.Sprintf("%s %s:%s %s", a.level, a.properties["file"], a.properties["line"], a.properties["title"]))
	}
	want := []string{
		"warning : 1 of 10 parts could not be looked at",
		"notice : 2 verdicts are unknown",
		"error infra/network.tf:51 Security groups keep SSH away from the internet",
		"warning infra/site.tf:1 Buckets keep old versions",
		"warning infra/modules/bucket/main.tf:14 Buckets keep old versions",
		"warning infra/modules/bucket/main.tf:14 Buckets keep old versions",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("annotations (-want +got):\n%s", diff)
	}
}

func TestGitHubTakesNamesLiterally(t *testing.T) {
	t.Parallel()
	const name = "a%0A,b:c=d::error::100%"
	r := &report.Report{
		Controls: map[string]report.Control{"c": {Title: name, Severity: "high", FixSteps: []string{name}}},
		Verdicts: []asset.Verdict{fail("c", block("t.t.t", "", name, lines(name, 7, 7)), name)},
	}
	got := readGitHub(t, r)
	want := []annotation{{
		level: "error", text: name + ": " + name + "\nc\nFix: " + name,
		properties: map[string]string{"file": name, "line": "7", "title": name},
	}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(annotation{})); diff != "" {
		t.Errorf("annotations (-want +got):\n%s", diff)
	}
}

func TestGitHubRunsNoCommandOfOthers(t *testing.T) {
	t.Parallel()
	if n := len(readGitHub(t, hostile())); n != 4 { // unread, unknown and two fails
		t.Errorf("there are %d annotations", n)
	}
}
