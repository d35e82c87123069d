// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"strconv"
	"strings"
	"testing"

	"github.com/plumb-cspm/plumb/internal/asset"
)

var (
	inCode  = asset.InCode(asset.Location{File: "main.tf", StartLine: 3, EndLine: 9})
	fromAPI = asset.FromAPI("s3:GetBucketPolicy")
)

// with returns a document whose text has the holes where %0, %1... stand.
func with(text string, holes ...asset.Hole) Document {
	for i := range holes {
		text = replace(text, i)
	}
	return Parse(asset.Known(asset.NewText(text, holes...), inCode))
}

// statement returns the only statement of a document that has the elements.
func statement(t *testing.T, elements string, holes ...asset.Hole) Statement {
	t.Helper()
	d := with(`{"Statement": {`+elements+`}}`, holes...)
	if reason, open := d.Statements.More(); open || len(d.Statements.Elems()) != 1 {
		t.Fatalf("the document has %d statements, open: %q", len(d.Statements.Elems()), reason)
	}
	return d.Statements.Elems()[0]
}

// said is an answer as "yes", "no" or the reason why it is unknown.
func said(v asset.Value[bool]) string {
	b, isKnown := v.Get()
	switch {
	case !isKnown:
		return v.Reason()
	case b:
		return "yes"
	}
	return "no"
}

func TestZeroDocumentIsUnknown(t *testing.T) {
	t.Parallel()
	var d Document
	for name, v := range map[string]asset.Value[bool]{
		"Present":                 d.Present,
		"Public":                  d.Public(),
		"GrantsFullAdmin":         d.GrantsFullAdmin(),
		"DeniesInsecureTransport": d.DeniesInsecureTransport(),
	} {
		if got := said(v); got != "not read" {
			t.Errorf("%s = %s, want unknown: not read", name, got)
		}
	}
	var s Statement
	for name, v := range map[string]asset.Value[bool]{
		"Allows": s.Allows("s3:GetObject"), "AllowsEveryAction": s.AllowsEveryAction(), "CoversEveryResource": s.CoversEveryResource(),
		"IsUnconditional": s.IsUnconditional(), "Public": s.Public(), "TrustsEveryone": s.TrustsEveryone(),
		"LimitsSource": s.LimitsSource(), "TrustsOIDC": s.TrustsOIDC(gitHub), "PinsOIDC": s.PinsOIDC(gitHub),
	} {
		if got := said(v); got != "not read" {
			t.Errorf("%s = %s, want unknown: not read", name, got)
		}
	}
	for name, l := range map[string]asset.List[asset.Value[string]]{
		"ServicePrincipals": s.ServicePrincipals(),
		"ExternalAccounts":  s.ExternalAccounts(asset.Known("123456789012", inCode)),
	} {
		if reason, open := l.More(); !open || reason != "not read" {
			t.Errorf("%s is open for %q, want: not read", name, reason)
		}
	}
}

func replace(text string, i int) string {
	return strings.ReplaceAll(text, "%"+strconv.Itoa(i), asset.HoleMark(i))
}
