// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package arn

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text string
		want       ARN
	}{
		{"role with a path", "arn:aws:iam::123456789012:role/team/deploy", Global("aws", "iam", "123456789012", "role/team/deploy")},
		{"bucket", "arn:aws:s3:::logs", Bucket("aws", "logs")},
		{"objects", "arn:aws-cn:s3:::logs/*", Bucket("aws-cn", "logs/*")},
		{"colons in the resource", "arn:aws:logs:eu-west-1:123456789012:log-group:/a:*", New("aws", "logs", "eu-west-1", "123456789012", "log-group:/a:*")},
		{"wildcards everywhere", "arn:*:*:*:*:*", New("*", "*", "*", "*", "*")},
		{"not an ARN", "logs", ARN{}},
		{"too short", "arn:aws:s3:::", ARN{}},
		{"only five sections", "arn:aws:s3::logs", ARN{}},
		{"no partition", "arn::s3:::logs", ARN{}},
		{"no service", "arn:aws::::logs", ARN{}},
		{"upper case scheme", "ARN:aws:s3:::logs", ARN{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := Parse(tt.text)
			if (err == nil) != (tt.want != ARN{}) {
				t.Fatalf("Parse(%q) error: %v", tt.text, err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Fatal(diff)
			}
			if err == nil && got.String() != tt.text {
				t.Fatalf("String() = %q, want %q", got, tt.text)
			}
			if Is(tt.text) != (err == nil) {
				t.Fatal("Is disagrees with Parse")
			}
		})
	}
}

func TestParts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		arn        ARN
		kind, name string
		root, wild bool
	}{
		{Global("aws", "iam", "123456789012", "root"), "", "root", true, false},
		{Global("aws", "iam", "*", "root"), "", "root", false, true},
		{Global("aws", "s3", "123456789012", "root"), "", "root", false, false},
		{Global("aws", "iam", "123456789012", "role/a/b"), "role", "a/b", false, false},
		{New("aws", "lambda", "eu-west-1", "123456789012", "function:f?"), "function", "f?", false, true},
		{Bucket("aws", "logs"), "", "logs", false, false},
	} {
		if got := tt.arn.ResourceType(); got != tt.kind {
			t.Errorf("%s: type %q, want %q", tt.arn, got, tt.kind)
		}
		if got := tt.arn.ResourceName(); got != tt.name {
			t.Errorf("%s: name %q, want %q", tt.arn, got, tt.name)
		}
		if tt.arn.IsAccountRoot() != tt.root || tt.arn.HasWildcard() != tt.wild {
			t.Errorf("%s: root %v, wildcard %v", tt.arn, tt.arn.IsAccountRoot(), tt.arn.HasWildcard())
		}
	}
}

func TestAccountOf(t *testing.T) {
	t.Parallel()
	for principal, want := range map[string]string{
		"123456789012":                               "123456789012",
		"arn:aws:iam::123456789012:root":             "123456789012",
		"arn:aws:sts::123456789012:assumed-role/r/s": "123456789012",
		"arn:aws:iam::cloudfront:user/oai":           "",
		"arn:aws:iam::*:root":                        "",
		"*":                                          "",
		"1234567890123":                              "",
		"12345678901x":                               "",
		"AIDAEXAMPLE":                                "",
		"arn:aws:s3:::bucket":                        "",
	} {
		got, ok := AccountOf(principal)
		if got != want || ok != (want != "") {
			t.Errorf("AccountOf(%q) = %q, %v, want %q", principal, got, ok, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"arn:aws:s3:::b", "arn:a:b:c:d:e:f", "arn", "", ":::::"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := Parse(s)
		if err != nil {
			return
		}
		if a.String() != s {
			t.Fatalf("Parse(%q).String() = %q", s, a)
		}
		_, _, _ = a.ResourceType(), a.ResourceName(), a.IsAccountRoot()
	})
}

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		_, _ = Parse("arn:aws:iam::123456789012:role/team/deploy")
	}
}
