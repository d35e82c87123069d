// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// outline is a document as plain text lines, for comparison.
func outline(d Document) []string {
	value := func(v asset.Value[string]) string {
		if s, ok := v.Get(); ok {
			return s
		}
		return "<" + v.Reason() + ">"
	}
	values := func(l asset.List[asset.Value[string]]) string {
		var all []string
		for _, v := range l.Elems() {
			all = append(all, value(v))
		}
		if reason, open := l.More(); open {
			all = append(all, "<more: "+reason+">")
		}
		return strings.Join(all, " ")
	}
	var lines []string
	add := func(name, text string) {
		if text != "" {
			lines = append(lines, name+" "+text)
		}
	}
	principals := func(name string, l asset.List[Principal]) {
		for _, p := range l.Elems() {
			add(name, value(p.Type)+"="+value(p.ID))
		}
		if reason, open := l.More(); open {
			add(name, "<more: "+reason+">")
		}
	}
	add("version", value(d.Version))
	add("id", value(d.ID))
	for _, s := range d.Statements.Elems() {
		add("effect", value(s.Effect))
		add("sid", value(s.Sid))
		principals("principal", s.Principals)
		principals("not-principal", s.NotPrincipals)
		add("action", values(s.Actions))
		add("not-action", values(s.NotActions))
		add("resource", values(s.Resources))
		add("not-resource", values(s.NotResources))
		for _, c := range s.Conditions.Elems() {
			add("condition", value(c.Operator)+" "+value(c.Key)+" "+values(c.Values))
		}
		if reason, open := s.Conditions.More(); open {
			add("condition", "<more: "+reason+">")
		}
	}
	if reason, open := d.Statements.More(); open {
		add("statements", "<more: "+reason+">")
	}
	return lines
}

func TestParse(t *testing.T) {
	t.Parallel()
	x := asset.Hole{Reason: "var.x has no value"}
	for _, tt := range []struct {
		name, text string
		holes      []asset.Hole
		want       []string
	}{
		{
			name: "everything",
			text: `{"Version": "2012-10-17", "Id": "p", "Statement": [{"Sid": "s", "Effect": "Allow",
				"Principal": {"AWS": ["123456789012", "arn:aws:iam::210987654321:root"], "Service": "sns.amazonaws.com"},
				"Action": ["s3:GetObject"], "Resource": "*",
				"Condition": {"Bool": {"aws:SecureTransport": true}, "NumericLessThan": {"s3:max-keys": [10, "20"]}}},
				{"Effect": "Deny", "NotPrincipal": "*", "NotAction": "a:b", "NotResource": ["c", "d"]}]}`,
			want: []string{
				"version 2012-10-17", "id p", "effect Allow", "sid s", "principal AWS=123456789012",
				"principal AWS=arn:aws:iam::210987654321:root", "principal Service=sns.amazonaws.com",
				"action s3:GetObject", "resource *", "condition Bool aws:SecureTransport true",
				"condition NumericLessThan s3:max-keys 10 20",
				"effect Deny", "not-principal AWS=*", "not-action a:b", "not-resource c d",
			},
		},
		{
			name: "one statement that is not in a list, names in lower case",
			text: `{"statement": {"effect": "Allow", "action": "*", "resource": "*", "principal": {"aws": "*"}}}`,
			want: []string{"version 2008-10-17", "effect Allow", "principal AWS=*", "action *", "resource *"},
		},
		{name: "no statements", text: `{"Statement": []}`, want: []string{"version 2008-10-17"}},
		{
			name: "escapes", text: `{"Statement": {"Effect": "\u0041llow", "Action": "a\/b\"c", "Resource": "é\u00e9"}}`,
			want: []string{"version 2008-10-17", "effect Allow", `action a/b"c`, "resource éé"},
		},
		{
			name: "a hole in a leaf", holes: []asset.Hole{x},
			text: `{"Statement": {"Effect": "Allow", "Action": ["a", "%0"], "Resource": "%0/*"}}`,
			want: []string{"version 2008-10-17", "effect Allow", "action a <var.x has no value>", "resource <var.x has no value>"},
		},
		{
			name: "a hole for a list", holes: []asset.Hole{x},
			text: `{"Statement": {"Effect": "Allow", "Action": %0, "Resource": ["a", %0]}}`,
			want: []string{"version 2008-10-17", "effect Allow", "action <more: var.x has no value>", "resource a <more: var.x has no value>"},
		},
		{
			name: "a hole for the statements", holes: []asset.Hole{x}, text: `{"Statement": %0}`,
			want: []string{"version 2008-10-17", "statements <more: var.x has no value>"},
		},
		{
			name: "a hole for one statement or more", holes: []asset.Hole{x},
			text: `{"Statement": [%0 {"Effect": "Deny", "Action": "*", "Resource": "*"}, %0]}`,
			want: []string{"version 2008-10-17", "effect Deny", "action *", "resource *", "statements <more: var.x has no value>"},
		},
		{
			name: "a hole for members of a statement", holes: []asset.Hole{x},
			text: `{"Statement": {"Effect": "Deny", "Action": "*", %0}}`,
			want: []string{
				"version 2008-10-17", "effect Deny", "sid <var.x has no value>", "principal <more: var.x has no value>",
				"not-principal <more: var.x has no value>", "action *", "not-action <more: var.x has no value>",
				"resource <more: var.x has no value>", "not-resource <more: var.x has no value>", "condition <more: var.x has no value>",
			},
		},
		{
			name: "holes in a condition", holes: []asset.Hole{x, {Reason: "y"}},
			text: `{"Statement": {"Effect": "Deny", "Action": "*", "Condition": {"StringLike": {"%0:sub": "a", "k": ["v", %1]}, "%1": {"k": %0}, "Bool": %0}}}`,
			want: []string{
				"version 2008-10-17", "effect Deny", "action *", "condition StringLike <var.x has no value> a",
				"condition StringLike k v <more: y>", "condition <y> k <more: var.x has no value>", "condition <more: var.x has no value>",
			},
		},
		{
			name: "holes in principals", holes: []asset.Hole{x},
			text: `{"Statement": {"Effect": "Deny", "Action": "*", "Principal": {"AWS": ["%0"], "%0": "a", "Service": %0}}}`,
			want: []string{
				"version 2008-10-17", "effect Deny", "principal AWS=<var.x has no value>", "principal <var.x has no value>=a",
				"principal <more: var.x has no value>", "action *",
			},
		},
		{
			name: "nothing but a hole", text: `%0`, holes: []asset.Hole{x},
			want: []string{"version <var.x has no value>", "id <var.x has no value>", "statements <more: var.x has no value>"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := with(tt.text, tt.holes...)
			if diff := cmp.Diff(tt.want, outline(d)); diff != "" {
				t.Fatal(diff)
			}
			if diff := cmp.Diff(outline(d), outline(Parse(d.AsText()))); diff != "" {
				t.Fatalf("the text of the document is another document: %s", diff)
			}
			if unset := asset.Unset(&d); len(unset) > 0 {
				t.Fatalf("fields that nobody set: %v", unset)
			}
		})
	}
}

func TestParseRejects(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, text, why string }{
		{"not JSON", `{"Statement": ]`, `line 1: "]" is not JSON`},
		{"cut off", "{\n\"Statement\": [", `line 2: the text ends too early`},
		{"no end", `{"Statement": "`, `line 1: a string without an end`},
		{"rest", `{"Statement": []} x`, `line 1: text after the end of the document`},
		{"comma at the end", `{"Statement": [],}`, `line 1: a comma before }`},
		{"no comma", `{"Statement": [] "Id": "x"}`, `line 1: "\"Id\": \"x\"}" where a comma or } is due`},
		{"no colon", `{"Statement" []}`, `line 1: no colon after the key "Statement"`},
		{"key without quotes", `{Statement: []}`, `line 1: "Statement: []}" where a string is due`},
		{"escape", `{"Id": "\x"}`, `line 1: a bad escape in the string "\"\\x\"}"`},
		{"control character", "{\"Id\": \"\x01\"}", `line 1: a control character in a string`},
		{"imitated hole", `{"Id": "\ufdd00\ufdd1"}`, `line 1: a string with a character that no policy has: U+FDD0`},
		{"list", `[]`, `the policy is not a JSON object`},
		{"null", `null`, `the policy is not a JSON object`},
		{"deep", strings.Repeat("[", 40), `line 1: nested more than 32 levels deep`},
		{"unknown element", `{"Statements": []}`, `the policy has an unknown element "Statements"`},
		{"no Statement", `{"Version": "2012-10-17"}`, `there is no Statement`},
		{"version", `{"Version": "2012-10-18", "Statement": []}`, `there is no version "2012-10-18" of the policy language`},
		{"version of another type", `{"Version": 1, "Statement": []}`, `its Version is not a string`},
		{"text as Statement", `{"Statement": "x"}`, `Statement is not an object or a list`},
		{"text as a statement", `{"Statement": ["x"]}`, `statement 0: it is not a JSON object`},
		{"misspelt", `{"Statement": {"Effect": "Allow", "Actions": "*"}}`, `statement 0: it has an unknown element "Actions"`},
		{"no effect", `{"Statement": {"Action": "*"}}`, `statement 0: it has no Effect`},
		{"effect", `{"Statement": {"Action": "*", "Effect": "allow"}}`, `statement 0: its Effect is "allow", not Allow or Deny`},
		{"no action", `{"Statement": {"Effect": "Allow"}}`, `statement 0: it has no Action`},
		{"both", `{"Statement": {"Effect": "Allow", "Action": "*", "NotAction": "*"}}`, `statement 0: it has both Action and NotAction`},
		{"action", `{"Statement": {"Effect": "Allow", "Action": 1}}`, `statement 0: its Action is not a string or a list of strings`},
		{"empty complement", `{"Statement": {"Effect": "Allow", "NotAction": []}}`, `statement 0: its NotAction is empty`},
		{"empty NotPrincipal", `{"Statement": {"Effect": "Allow", "Action": "*", "NotPrincipal": {"AWS": []}}}`, `statement 0: its NotPrincipal is empty`},
		{"principal type", `{"Statement": {"Effect": "Allow", "Action": "*", "Principal": {"GCP": "x"}}}`, `statement 0: its Principal has an unknown type "GCP"`},
		{"principal", `{"Statement": {"Effect": "Allow", "Action": "*", "Principal": {"AWS": {}}}}`, `statement 0: its Principal is not a string or a list of strings`},
		{"condition", `{"Statement": {"Effect": "Allow", "Action": "*", "Condition": []}}`, `statement 0: its Condition is not an object`},
		{"operator", `{"Statement": {"Effect": "Allow", "Action": "*", "Condition": {"Bool": "x"}}}`, `statement 0: its condition "Bool" is not an object`},
		{"condition value", `{"Statement": {"Effect": "Allow", "Action": "*", "Condition": {"Bool": {"k": null}}}}`, `statement 0: its condition on k is not a string or a list of strings`},
		{"duplicate key", `{"Statement": [], "Statement": []}`, `line 1: the key "Statement" stands there twice`},
		{"duplicate element", `{"Statement": [], "statement": []}`, `the policy has Statement twice`},
		{"duplicate condition", `{"Statement": {"Effect": "Allow", "Action": "*", "Condition": {"Bool": {"k": "a", "k": "b"}}}}`, `line 1: the key "k" stands there twice`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := ParseString(asset.Known(tt.text, fromAPI))
			want := "invalid policy: " + tt.why
			if reason, open := d.Statements.More(); !open || reason != want {
				t.Fatalf("open for %q, want %q", reason, want)
			}
			if got := said(d.Public()); got != want {
				t.Fatalf("Public() = %s", got)
			}
			if said(d.Present) != "yes" {
				t.Fatal("an invalid policy is not absent")
			}
		})
	}
}

func TestParseRejectsWithHoles(t *testing.T) {
	t.Parallel()
	d := with(`{"Statement": {"Effect": "Al%0", "Axion%0": 1, "Action": "Perm%0", "Effect": "No%0"}}`, asset.Hole{Reason: "x"})
	want := `invalid policy: line 1: the key "Effect" stands there twice; x`
	if got := said(d.Public()); got != want {
		t.Fatalf("Public() = %s, want %s", got, want)
	}
	d = with(`{"Statement": {"Effect": "No%0"}}`, asset.Hole{Reason: "x"})
	if got, want := said(d.Public()), `invalid policy: statement 0: it has no Action; x`; got != want {
		t.Fatalf("Public() = %s, want %s", got, want)
	}
	d = with(`{"Statement": {"Action": "*", "Effect": "No%0"}}`, asset.Hole{Reason: "x"})
	if got, want := said(d.Public()), `invalid policy: statement 0: its Effect is "No…", not Allow or Deny; x`; got != want {
		t.Fatalf("Public() = %s, want %s", got, want)
	}
}

func TestParseWithoutText(t *testing.T) {
	t.Parallel()
	for name, d := range map[string]Document{
		"empty":   ParseString(asset.Known("", fromAPI)),
		"blank":   ParseString(asset.Known(" \n", fromAPI)),
		"default": ParseString(asset.Default("", fromAPI)),
		"nowhere": ParseString(asset.Default("", nil)),
	} {
		if said(d.Present) != "no" || d.Present.Source().State() != asset.Defaulted {
			t.Errorf("%s: Present = %s", name, said(d.Present))
		}
		if len(d.Statements.Elems()) != 0 || !d.Statements.IsComplete() {
			t.Errorf("%s: there are statements", name)
		}
		if said(d.Public()) != "no" || said(d.GrantsFullAdmin()) != "no" || said(d.DeniesInsecureTransport()) != "no" {
			t.Errorf("%s: an absent policy grants or denies something", name)
		}
	}
	denied := ParseString(asset.Unknown[string]("AccessDenied on s3:GetBucketPolicy", fromAPI))
	if got := said(denied.Present); got != "AccessDenied on s3:GetBucketPolicy" {
		t.Errorf("Present = %s", got)
	}
	if got := said(denied.Public()); got != "AccessDenied on s3:GetBucketPolicy" {
		t.Errorf("Public() = %s", got)
	}
}

func TestParseDefaultText(t *testing.T) {
	t.Parallel()
	d := ParseString(asset.Default(`{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}`, inCode))
	if v := d.Public(); said(v) != "yes" || v.Source().State() != asset.Defaulted {
		t.Fatalf("Public() = %s, state %v", said(v), v.Source().State())
	}
}

func TestParseEncoded(t *testing.T) {
	t.Parallel()
	text := `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::a+b/100%"}}`
	for name, in := range map[string]string{"encoded": url.PathEscape(text), "plain": text} {
		d := ParseEncoded(asset.Known(in, fromAPI))
		got, _ := d.Statements.Elems()[0].Resources.Elems()[0].Get()
		if got != "arn:aws:s3:::a+b/100%" {
			t.Errorf("%s: resource %q", name, got)
		}
	}
	if got := said(ParseEncoded(asset.Known("%zz", fromAPI)).Public()); got != "invalid policy: not URL-encoded as it should be" {
		t.Errorf("a bad encoding: %s", got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": ["s3:*"], "Resource": "*", "Condition": {"Bool": {"a": true}}}]}`)
	f.Add(`{"Statement": {"Effect": "Deny", "NotAction": "a", "NotPrincipal": "*", "NotResource": ["b"]}}`)
	f.Add(`{"Statement": [` + asset.HoleMark(0) + `, {"Effect": "` + asset.HoleMark(1) + `", "Action": ` + asset.HoleMark(9) + `}]}`)
	f.Add(`{"Statement": [], "Id": "\u00e9\ufdd0"}`)
	f.Add("[1,2")
	f.Fuzz(func(t *testing.T, text string) {
		d := Parse(asset.Known(asset.NewText(text, asset.Hole{Reason: "a"}, asset.Hole{Reason: "b", Computed: "x.y.arn"}), inCode))
		if reason, open := d.Statements.More(); open && reason == "" {
			t.Fatal("unknown without a reason")
		}
		for name, v := range answers(d) {
			if v != "yes" && v != "no" && strings.TrimSpace(v) == "" {
				t.Fatalf("%s is unknown without a reason", name)
			}
		}
		if !asset.HasHole(text) && d.Statements.IsComplete() && strings.TrimSpace(text) != "" && !json.Valid([]byte(text)) {
			t.Fatalf("read what is not JSON: %q", text)
		}
	})
}
