// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bufio"
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// unreadSuite is the test suite of what could not be read. No control is called so.
const unreadSuite = "coverage"

// JUnit writes the report as JUnit XML: a test suite for each control that was
// asked, worst first, and in it a test case for each asset. A fail is a failure;
// what is unknown or was accepted is skipped, with the reason. A last suite skips
// what could not be read. It is valid by the schema of Ant's reports and by that
// of Jenkins, so it has every attribute that either wants and no other.
func JUnit(w io.Writer, r *Report) error {
	out := bufio.NewWriter(w) // it keeps the first error for Flush
	_, _ = out.WriteString(xml.Header)
	enc := xml.NewEncoder(out)
	enc.Indent("", "  ")
	if err := r.junit(enc); err != nil {
		return fmt.Errorf("write JUnit report: %w", err)
	}
	_ = out.WriteByte('\n')
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write JUnit report: %w", err)
	}
	return nil
}

type junitSuite struct {
	XMLName    xml.Name        `xml:"testsuite"`
	ID         int             `xml:"id,attr"`
	Package    string          `xml:"package,attr"`
	Name       string          `xml:"name,attr"`
	Timestamp  string          `xml:"timestamp,attr"`
	Hostname   string          `xml:"hostname,attr"`
	Tests      int             `xml:"tests,attr"`
	Failures   int             `xml:"failures,attr"`
	Errors     int             `xml:"errors,attr"`
	Skipped    int             `xml:"skipped,attr"`
	Time       string          `xml:"time,attr"`
	Properties []junitProperty `xml:"properties>property"`
	Cases      []junitCase     `xml:"testcase"`
	Out        string          `xml:"system-out"`
	Err        string          `xml:"system-err"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Class   string       `xml:"classname,attr"`
	Name    string       `xml:"name,attr"`
	Time    string       `xml:"time,attr"`
	Failure *junitReason `xml:"failure"`
	Skipped *junitReason `xml:"skipped"`
}

// junitReason says why a case did not pass: Jenkins shows the message, GitLab the
// text. Only a failure has a type, its severity.
type junitReason struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// junit encodes suite by suite: the text of a large scan is never in memory as a whole.
func (r *Report) junit(enc *xml.Encoder) error {
	root := xml.StartElement{Name: xml.Name{Local: "testsuites"}}
	if err := enc.EncodeToken(root); err != nil {
		return err
	}
	suites := 0
	encode := func(s junitSuite) error {
		s.ID = suites
		suites++
		return enc.Encode(s)
	}
	for entries := r.entries(); len(entries) > 0; {
		n := 1
		for n < len(entries) && entries[n].control == entries[0].control {
			n++
		}
		if err := encode(r.junitControl(entries[:n])); err != nil {
			return err
		}
		entries = entries[n:]
	}
	if unread := r.junitUnread(); len(unread.Cases) > 0 {
		if err := encode(unread); err != nil {
			return err
		}
	}
	if err := enc.EncodeToken(root.End()); err != nil {
		return err
	}
	return enc.Flush()
}

// suite is one without cases. Its time is 0: controls are judged together.
func (r *Report) suite(name, of string, properties ...junitProperty) junitSuite {
	return junitSuite{
		Package: "plumb." + clean(of), Name: clean(name), Hostname: "localhost", Time: "0",
		Timestamp:  r.Scan.Started.UTC().Format("2006-01-02T15:04:05"), // the schema has no time zone
		Properties: properties,
	}
}

func (s *junitSuite) add(c junitCase) {
	c.Time = "0"
	s.Cases = append(s.Cases, c)
	s.Tests++
	if c.Failure != nil {
		s.Failures++
	}
	if c.Skipped != nil {
		s.Skipped++
	}
}

// junitControl is the suite of one control, from all its entries.
func (r *Report) junitControl(entries []entry) junitSuite {
	id := entries[0].control
	control := r.Controls[id]
	s := r.suite(id, "controls",
		junitProperty{"severity", clean(control.Severity)},
		junitProperty{"title", clean(cmp.Or(control.Title, id))})
	for _, e := range entries {
		c := junitCase{Class: clean(id), Name: clean(e.asset.ID)}
		switch e.status() {
		case "fail":
			c.Failure = control.junitFailure(e)
		case "unknown":
			c.Skipped = skipped("unknown: " + e.unknown())
		case "suppressed":
			c.Skipped = skipped(e.suppression.String())
		}
		s.add(c)
	}
	return s
}

// junitFailure says what was found, where, and what to do.
func (c Control) junitFailure(e entry) *junitReason {
	lines := []string{clean(e.sentence())}
	if at := e.at(); !at.IsZero() {
		lines = append(lines, "at "+clean(at.String()))
	}
	for _, via := range e.asset.Via {
		lines = append(lines, "by the module call at "+clean(via.String()))
	}
	if fix := c.fix(e.asset.Location.IsZero()); fix != "" {
		lines = append(lines, "fix: "+clean(fix))
	}
	return &junitReason{Message: clean(cmp.Or(e.message(), "fails")), Type: clean(cmp.Or(c.Severity, "fail")), Text: strings.Join(lines, "\n")}
}

func skipped(why string) *junitReason {
	why = clean(why)
	return &junitReason{Message: why, Text: why}
}

// junitUnread is the suite of what could not be read.
func (r *Report) junitUnread() junitSuite {
	s := r.suite(unreadSuite, "scan", junitProperty{"partial", strconv.FormatBool(r.Scan.Partial)})
	if r.Scan.Partial {
		s.add(junitCase{Class: unreadSuite, Name: "scan", Skipped: skipped("the scan was interrupted: there may be more")})
	}
	gaps, _ := r.gaps()
	for _, g := range gaps {
		for _, scope := range g.scopes {
			name := strings.TrimSpace(scope + " " + g.part)
			if !g.at.IsZero() {
				name += " at " + g.at.String()
			}
			s.add(junitCase{Class: unreadSuite, Name: clean(name), Skipped: skipped(strings.TrimSuffix(string(g.status)+": "+g.reason, ": "))})
		}
	}
	return s
}
