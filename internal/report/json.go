// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// schema names the format that JSON writes. Fields may be added to it; none is
// renamed or gets another type.
const schema = "plumb.scan/v1"

// JSON writes the report as one JSON object, with a line for each verdict. Apart
// from "scan" the bytes depend only on what was found. Verdicts are encoded one by
// one: the text of a large scan is never in memory as a whole.
func JSON(w io.Writer, r *Report) error {
	out := &jsonWriter{w: bufio.NewWriter(w)}
	out.raw("{\n  \"schema\": ")
	out.value(schema)
	out.raw(",\n  \"scan\": ")
	out.value(scanOf(r.Scan))
	out.raw(",\n  \"summary\": ")
	out.value(r.summary())
	out.raw(",\n  \"coverage\": ")
	coverage := r.coverage()
	out.list(len(coverage), func(i int) any { return coverageOf(coverage[i]) })
	out.raw(",\n  \"verdicts\": ")
	verdicts := r.entries()
	out.list(len(verdicts), func(i int) any { return r.verdictOf(verdicts[i]) })
	out.raw("\n}\n")
	return out.finish()
}

// jsonWriter writes JSON piece by piece; the first error stays.
type jsonWriter struct {
	w   *bufio.Writer
	buf bytes.Buffer
	err error
}

func (j *jsonWriter) raw(s string) {
	if j.err == nil {
		_, j.err = j.w.WriteString(s)
	}
}

func (j *jsonWriter) value(v any) {
	if j.err != nil {
		return
	}
	j.buf.Reset()
	enc := json.NewEncoder(&j.buf)
	enc.SetEscapeHTML(false) // it is read by programs, and searched by people
	if j.err = enc.Encode(v); j.err == nil {
		_, j.err = j.w.Write(bytes.TrimRight(j.buf.Bytes(), "\n"))
	}
}

func (j *jsonWriter) list(n int, at func(int) any) {
	if n == 0 {
		j.raw("[]")
		return
	}
	for i := range n {
		if i == 0 {
			j.raw("[\n    ")
		} else {
			j.raw(",\n    ")
		}
		j.value(at(i))
	}
	j.raw("\n  ]")
}

func (j *jsonWriter) finish() error {
	if j.err == nil {
		j.err = j.w.Flush()
	}
	if j.err != nil {
		return fmt.Errorf("write JSON report: %w", j.err)
	}
	return nil
}

type jsonSummary struct {
	Assets     int       `json:"assets"`
	Controls   int       `json:"controls"`
	Pass       int       `json:"pass"`
	Fail       int       `json:"fail"`
	Unknown    int       `json:"unknown"`
	Suppressed int       `json:"suppressed"`
	Severity   jsonFails `json:"fail_by_severity"`
}

type jsonFails struct {
	Critical int `json:"critical"`
	High     int `json:"high"`
	Medium   int `json:"medium"`
	Low      int `json:"low"`
}

type jsonCoverage struct {
	Scope    string          `json:"scope"`
	Part     string          `json:"part"`
	Location *asset.Location `json:"location,omitempty"`
	Status   asset.Status    `json:"status"`
	Reason   string          `json:"reason"`
	Count    int             `json:"count"`
}

type jsonVerdict struct {
	Control     string        `json:"control"`
	Title       string        `json:"title"`
	Severity    string        `json:"severity"`
	Verdict     asset.Outcome `json:"verdict"`
	Asset       jsonAsset     `json:"asset"`
	Location    *jsonLocation `json:"location,omitempty"`
	DecidedBy   []jsonValue   `json:"decided_by"`
	Message     string        `json:"message"`
	Unknown     []asset.Gap   `json:"unknown,omitempty"`
	Suppressed  *Suppression  `json:"suppressed,omitempty"`
	Fingerprint string        `json:"fingerprint"`
}

type jsonAsset struct {
	ID        string            `json:"id"`
	Type      string            `json:"type"`
	Name      string            `json:"name"`
	Provider  string            `json:"provider"`
	Account   string            `json:"account"`
	Region    string            `json:"region"`
	Address   string            `json:"address"`
	Instances string            `json:"instances"`
	Tags      map[string]string `json:"tags"`
}

type jsonLocation struct {
	asset.Location
	Via []asset.Location `json:"via,omitempty"`
}

// jsonValue is a value that decided a verdict. Default marks one that the source
// does not state: the location is where it is silent.
type jsonValue struct {
	Path      string          `json:"path"`
	Value     any             `json:"value,omitempty"`
	Default   bool            `json:"default,omitempty"`
	Location  *asset.Location `json:"location,omitempty"`
	Operation string          `json:"operation,omitempty"`
}

func scanOf(s Scan) Scan {
	s.Started, s.Ended = s.Started.UTC().Truncate(time.Second), s.Ended.UTC().Truncate(time.Second)
	if s.Targets == nil {
		s.Targets = []string{}
	}
	return s
}

func (r *Report) summary() jsonSummary {
	fails := r.failsBySeverity()
	return jsonSummary{
		Assets: r.Assets, Controls: len(r.Controls),
		Pass: r.Counts.Pass, Fail: r.Counts.Fail, Unknown: r.Counts.Unknown, Suppressed: r.Counts.Suppressed,
		Severity: jsonFails{Critical: fails["critical"], High: fails["high"], Medium: fails["medium"], Low: fails["low"]},
	}
}

func coverageOf(c asset.Coverage) jsonCoverage {
	return jsonCoverage{
		Scope: c.Scope, Part: c.Part, Location: locationOf(c.Location),
		Status: c.Status, Reason: c.Reason, Count: max(c.Count, 1),
	}
}

func (r *Report) verdictOf(e entry) jsonVerdict {
	control := r.Controls[e.control]
	v := jsonVerdict{
		Control: e.control, Title: control.Title, Severity: control.Severity,
		Verdict: asset.Pass, Asset: assetOf(e.asset), DecidedBy: []jsonValue{},
		Suppressed: e.suppression, Fingerprint: Fingerprint(e.control, e.asset.ID),
	}
	if !e.asset.Location.IsZero() {
		v.Location = &jsonLocation{Location: e.asset.Location, Via: e.asset.Via}
	}
	if e.verdict != nil {
		v.Verdict, v.Message, v.Unknown = e.verdict.Outcome, e.verdict.Message, e.verdict.Unknown
		for _, evidence := range e.verdict.DecidedBy {
			v.DecidedBy = append(v.DecidedBy, valueOf(evidence))
		}
	}
	return v
}

func assetOf(a *asset.Asset) jsonAsset {
	tags := map[string]string{}
	for name, value := range a.Tags.Entries() {
		if text, known := value.Get(); known {
			tags[name] = text
		}
	}
	instances := "one"
	if a.Symbolic != "" {
		instances = "unknown"
	}
	return jsonAsset{
		ID: a.ID, Type: a.Type, Name: a.Name,
		Provider: a.Scope.Provider, Account: a.Scope.Account, Region: a.Scope.Region,
		Address: a.Address, Instances: instances, Tags: tags,
	}
}

func valueOf(e asset.Evidence) jsonValue {
	v := jsonValue{Path: e.Path, Value: e.Value}
	if e.Source != nil {
		v.Location, v.Operation = locationOf(e.Source.Location), e.Source.Operation
		v.Default = e.Source.State() == asset.Defaulted
	}
	return v
}

func locationOf(l asset.Location) *asset.Location {
	if l.IsZero() {
		return nil
	}
	return &l
}
