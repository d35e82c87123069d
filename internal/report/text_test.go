// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestClean(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                     "",
		"bücket-名前":            "bücket-名前",
		"\x1b[31mred\x1b[0m":   `\x1b[31mred\x1b[0m`,
		"two\nlines\tand\rone": "two lines and one",
		"bell\a del\x7f":       `bell\x07 del\x7f`,
		"csi\u009b2J":          `csi\x9b2J`,
		"not\xffutf8":          `not\xffutf8`,
		"safe\u202efdp.exe":    `safe\u202efdp.exe`,
		"zero\u200bwidth":      `zero\u200bwidth`,
		"tag\U000E0041":        `tag\U000e0041`,
		"a real \uFFFD":        "a real \uFFFD",
	} {
		if got := clean(in); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestColumns(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int{"": 0, "abc": 3, "…": 1, "名前": 4, "e\u0301": 1, "ｗ": 2} {
		if got := columns(in); got != want {
			t.Errorf("columns(%q) = %d, want %d", in, got, want)
		}
	}
}

func TestShortenKeepsBothEnds(t *testing.T) {
	t.Parallel()
	const arn = "arn:aws:rds:eu-central-1:111122223333:db:orders"
	for most, want := range map[int]string{
		100: arn,
		47:  arn,
		30:  "arn:aws:rds:…2223333:db:orders",
		1:   "…",
		0:   "",
	} {
		if got := shorten(arn, most); got != want {
			t.Errorf("shorten to %d = %q, want %q", most, got, want)
		}
	}
	if got, want := shorten("名前名前名前", 5), "…前"; columns(got) > 5 || !strings.HasSuffix(got, want) {
		t.Errorf("shorten wide runes = %q of %d columns", got, columns(got))
	}
}

func TestWrap(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in   string
		most int
		want []string
	}{
		"nothing":              {"", 10, []string{""}},
		"fits":                 {"one two", 7, []string{"one two"}},
		"at a space":           {"one two", 6, []string{"one", "two"}},
		"a word without space": {"abcdefgh", 3, []string{"abc", "def", "gh"}},
		"long word, then more": {"abcde fg", 4, []string{"abcd", "e fg"}},
		"wide runes":           {"名前名前", 5, []string{"名前", "名前"}},
		"no room at all":       {"名 a", 1, []string{"名", "a"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, wrap(c.in, c.most)); diff != "" {
				t.Errorf("wrap(%q, %d) (-want +got):\n%s", c.in, c.most, diff)
			}
		})
	}
}

func TestCommonName(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		names []string
		want  string
	}{
		"one":                 {[]string{`aws_s3_bucket.b["x"]`}, `aws_s3_bucket.b["x"]`},
		"a module used twice": {[]string{"module.a.aws_s3_bucket.this", "module.b.aws_s3_bucket.this"}, "aws_s3_bucket.this"},
		"nested modules":      {[]string{"module.a.module.x.aws_s3_bucket.this", "module.b.aws_s3_bucket.this"}, "aws_s3_bucket.this"},
		"instances":           {[]string{`aws_s3_bucket.b["x"]`, `aws_s3_bucket.b["y.z"]`}, "aws_s3_bucket.b"},
		"nothing in common":   {[]string{"web", "worker"}, "web and others"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := common(c.names); got != c.want {
				t.Errorf("common(%q) = %q, want %q", c.names, got, c.want)
			}
		})
	}
}

func FuzzCleanAndWrap(f *testing.F) {
	for _, seed := range []string{"", "plain words", "\x1b]0;t\a", "名前 \u202e", "\xff\xfe", "a\u0301\u0301"} {
		f.Add(seed, 12)
	}
	f.Fuzz(func(t *testing.T, s string, most int) {
		most = 2 + most&0x7f
		cleaned := clean(s)
		if !utf8.ValidString(cleaned) || strings.ContainsFunc(cleaned, isActive) {
			t.Errorf("clean(%q) = %q", s, cleaned)
		}
		if again := clean(cleaned); again != cleaned {
			t.Errorf("cleaning %q again gives %q", cleaned, again)
		}
		lines := wrap(cleaned, most)
		for _, line := range append(lines, shorten(cleaned, most)) {
			if n := columns(line); n > most {
				t.Errorf("%q takes %d columns of %d", line, n, most)
			}
		}
		words := strings.Join(strings.Fields(cleaned), "")
		if got := strings.ReplaceAll(strings.Join(lines, ""), " ", ""); got != words {
			t.Errorf("wrap loses text: %q of %q", got, words)
		}
	})
}
