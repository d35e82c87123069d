// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/report"
)

func renderJSON(t *testing.T, r *report.Report) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := report.JSON(&b, r); err != nil {
		t.Fatal(err)
	}
	if !json.Valid(b.Bytes()) {
		t.Fatalf("not JSON:\n%s", b.String())
	}
	return b.Bytes()
}

func TestJSON(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]*report.Report{
		"code":  code(),
		"live":  live(),
		"empty": {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first := renderJSON(t, r)
			golden(t, "scan-"+name+".json", first)
			if diff := cmp.Diff(string(first), string(renderJSON(t, r))); diff != "" {
				t.Errorf("a second rendering differs:\n%s", diff)
			}
		})
	}
}

// document is what a script that follows the contract reads.
type document struct {
	Schema   string
	Summary  map[string]any
	Coverage []map[string]any
	Verdicts []struct {
		Control, Severity, Verdict, Message, Fingerprint string
		Asset                                            map[string]any
		Location                                         map[string]any
		DecidedBy                                        []map[string]any `json:"decided_by"`
		Unknown                                          []map[string]string
		Suppressed                                       map[string]string
	}
}

func read(t *testing.T, r *report.Report) document {
	t.Helper()
	var d document
	if err := json.Unmarshal(renderJSON(t, r), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestJSONSortsBySeverityControlAndAsset(t *testing.T) {
	t.Parallel()
	var got []string
	for _, v := range read(t, code()).Verdicts {
		got = append(got, fmt.Sprintf("%s %s %s", v.Severity, v.Verdict, v.Asset["address"]))
	}
	want := []string{
		"critical fail aws_security_group.bastion",
		"high unknown aws_db_instance.orders",
		"high fail aws_db_instance.scratch",
		"medium fail aws_s3_bucket.site[\"de\"]",
		"medium fail module.logs.aws_s3_bucket.this",
		"medium fail module.media.aws_s3_bucket.this",
		"low pass aws_kms_key.logs",
		"low unknown aws_kms_key.orders",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

func TestJSONSaysEachThingOnlyWhereItApplies(t *testing.T) {
	t.Parallel()
	for _, r := range []*report.Report{code(), live()} {
		for _, v := range read(t, r).Verdicts {
			isLive := strings.HasPrefix(fmt.Sprint(v.Asset["id"]), "arn:")
			if hasLocation := v.Location != nil; hasLocation == isLive {
				t.Errorf("%s: live is %t, but has a location is %t", v.Asset["id"], isLive, hasLocation)
			}
			if (v.Verdict == "unknown") != (len(v.Unknown) > 0) {
				t.Errorf("%s: a verdict of %s has the unknowns %v", v.Asset["id"], v.Verdict, v.Unknown)
			}
			for _, by := range v.DecidedBy {
				if _, has := by["operation"]; has != isLive {
					t.Errorf("%s: live is %t, but %v", v.Asset["id"], isLive, by)
				}
			}
		}
	}
}

func TestJSONMarksInstancesSuppressionsAndDefaults(t *testing.T) {
	t.Parallel()
	for _, v := range read(t, code()).Verdicts {
		address := v.Asset["address"]
		wantInstances := "one"
		if address == "aws_db_instance.orders" {
			wantInstances = "unknown"
		}
		if v.Asset["instances"] != wantInstances {
			t.Errorf("%s: instances is %v, want %s", address, v.Asset["instances"], wantInstances)
		}
		var wantSuppressed map[string]string
		if address == "aws_db_instance.scratch" {
			wantSuppressed = map[string]string{"by": "inline", "tool": "checkov", "reason": "holds generated rows for load tests", "until": "2026-12-31"}
		}
		if diff := cmp.Diff(wantSuppressed, v.Suppressed); diff != "" {
			t.Errorf("%s: suppressed (-want +got):\n%s", address, diff)
		}
		if address == `aws_s3_bucket.site["de"]` {
			if v.DecidedBy[0]["default"] != true {
				t.Errorf("%s: that the value is a default is not said: %v", address, v.DecidedBy)
			}
			if diff := cmp.Diff(map[string]any{"team": "shop"}, v.Asset["tags"]); diff != "" {
				t.Errorf("%s: tags (-want +got):\n%s", address, diff)
			}
		}
	}
}

func TestFingerprint(t *testing.T) {
	t.Parallel()
	// The first 16 bytes of: printf 'plumb/v1\0c\0a' | sha256sum
	if got, want := report.Fingerprint("c", "a"), "0d9273edd774ed434c9d29516a791bb8"; got != want {
		t.Errorf("Fingerprint is %s, want %s: fingerprints must never change", got, want)
	}
	if report.Fingerprint("ab", "c") == report.Fingerprint("a", "bc") {
		t.Error("control and asset run together")
	}
}

func TestJSONOfManyPassesNeedsLittleMemory(t *testing.T) {
	// Not parallel: it measures what the whole process allocates.
	const passes = 200_000
	r := &report.Report{Controls: controls, Counts: report.Counts{Pass: passes}}
	a := thing("aws.s3.bucket", "arn:aws:s3:::one", "one", "eu-west-1")
	for range passes {
		r.Passes = append(r.Passes, report.Pass{Control: "aws-s3-bucket-versioning", Asset: a})
	}
	peak := &highWater{}
	if err := report.JSON(peak, r); err != nil {
		t.Fatal(err)
	}
	if text := 300 * passes; peak.bytes < text {
		t.Fatalf("only %d bytes were written", peak.bytes)
	}
	if limit := uint64(40 << 20); peak.heap > peak.start+limit {
		t.Errorf("the heap grew by %d MiB while %d MiB were written", (peak.heap-peak.start)>>20, peak.bytes>>20)
	}
}

// highWater counts bytes, and looks at the heap now and then.
type highWater struct {
	bytes, writes int
	start, heap   uint64
}

func (h *highWater) Write(p []byte) (int, error) {
	h.bytes += len(p)
	if h.writes++; h.writes%2000 == 1 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		if h.start == 0 {
			h.start = m.HeapAlloc
		}
		h.heap = max(h.heap, m.HeapAlloc)
	}
	return len(p), nil
}

func BenchmarkJSON(b *testing.B) {
	r := live()
	a := thing("aws.s3.bucket", "arn:aws:s3:::one", "one", "eu-west-1")
	for range 10_000 {
		r.Verdicts = append(r.Verdicts, fail("aws-s3-bucket-versioning", a, "versioning is Disabled",
			asset.Evidence{Path: "asset.versioning", Value: "Disabled", Source: asset.FromAPI("s3:GetBucketVersioning")}))
	}
	for b.Loop() {
		if err := report.JSON(io.Discard, r); err != nil {
			b.Fatal(err)
		}
	}
}
