// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// csvColumns are the names of the columns. More may follow at the end; none is
// renamed or moves.
func csvColumns() []string {
	return []string{
		"control", "title", "severity", "status",
		"asset", "type", "name", "provider", "account", "region", "address", "file", "line",
		"message", "unknown", "suppressed_by", "suppressed_reason", "suppressed_until", "fingerprint",
	}
}

// CSV writes a row for each verdict, by severity, control and asset, as RFC 4180
// has it. The status is pass, fail, unknown, or suppressed for a fail that was
// accepted. No cell is a formula to a spreadsheet. A row is a verdict, so what
// could not be read is not in it; other formats say that.
func CSV(w io.Writer, r *Report) error {
	out := csv.NewWriter(w) // it keeps the first error for Error
	out.UseCRLF = true
	_ = out.Write(csvColumns())
	for _, e := range r.entries() {
		row := r.row(e)
		for i := range row {
			row[i] = cell(row[i])
		}
		_ = out.Write(row)
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write CSV report: %w", err)
	}
	return nil
}

// row is a verdict in the order of the columns.
func (r *Report) row(e entry) []string {
	control, a, at := r.Controls[e.control], e.asset, e.at()
	line, unknown := "", ""
	if at.StartLine > 0 {
		line = strconv.Itoa(at.StartLine)
	}
	if e.status() == "unknown" {
		unknown = e.unknown()
	}
	var accepted Suppression
	if e.suppression != nil {
		accepted = *e.suppression
		if accepted.Tool != "" {
			accepted.By += " (" + accepted.Tool + ")"
		}
	}
	return []string{
		e.control, control.Title, control.Severity, e.status(),
		a.ID, a.Type, a.Name, a.Scope.Provider, a.Scope.Account, a.Scope.Region, a.Address, at.File, line,
		e.message(), unknown, accepted.By, accepted.Reason, accepted.Until, Fingerprint(e.control, a.ID),
	}
}

// cell makes a text safe for a spreadsheet: an apostrophe before what would begin
// a formula, in the wide forms that some keyboards type, too. Blanks are looked
// past, because some spreadsheets trim them.
func cell(s string) string {
	text := clean(s)
	begins := strings.TrimLeft(text, " ")
	if strings.HasPrefix(s, "\t") || strings.HasPrefix(s, "\r") || strings.HasPrefix(s, "\n") ||
		begins != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(begins)[0]) {
		return "'" + text
	}
	return text
}
