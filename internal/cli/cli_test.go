// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cli

import "testing"

func TestNearestIsWhatWasMeant(t *testing.T) {
	t.Parallel()
	known := []string{"code", "aws", "inventory", "aws-s3-bucket-versioning", "aws-s3-bucket-mfa-delete", "fail-on"}
	for _, test := range []struct{ name, typed, want string }{
		{"a letter too many", "codee", "code"},
		{"a letter missing", "cde", "code"},
		{"letters swapped", "aws-s3-bucket-versoining", "aws-s3-bucket-versioning"},
		{"another dash", "fail_on", "fail-on"},
		{"capitals", "AWS", "aws"},
		{"the beginning", "inv", "inventory"},
		{"the end", "mfa-delete", "aws-s3-bucket-mfa-delete"},
		{"nothing like it", "kubernetes", ""},
		{"nothing", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := nearest(test.typed, known); got != test.want {
				t.Errorf("nearest(%q) is %q; want %q", test.typed, got, test.want)
			}
		})
	}
}

func TestPatternsMatchWholeNames(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		pattern, name string
		want          bool
	}{
		{"aws-s3-*", "aws-s3-bucket-versioning", true},
		{"aws-s3-*", "aws-sqs-public", false},
		{"*", "", true},
		{"", "", true},
		{"", "a", false},
		{"arn:aws:s3:::*", "arn:aws:s3:::a/b", true},
		{"*-public", "aws-sqs-public", true},
		{"*-public", "aws-sqs-public-read", false},
		{"*.b[\"x\"]", "module.m.b[\"x\"]", true},
		{"a?c", "abc", true},
		{"a?c", "ac", false},
		{"a**c", "abbc", true},
		{"aws-s3", "aws-s3-bucket", false},
	} {
		if got := like(test.pattern, test.name); got != test.want {
			t.Errorf("like(%q, %q) is %t", test.pattern, test.name, got)
		}
	}
}

func TestManyStarsEndSoon(t *testing.T) {
	t.Parallel()
	name := ""
	for range 40 {
		name += "aaaaaaaaaa"
	}
	if like("*a*a*a*a*a*a*a*a*a*a*a*a*b", name) {
		t.Error("it matches")
	}
}
