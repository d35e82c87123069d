// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"strings"
	"testing"
)

const givenCode = `
variable "unset" {}
variable "secret" {
  sensitive = true
  default   = "hunter2"
}
resource "aws_kms_key" "k" {}
data "aws_kms_alias" "a" { name = "alias/shop" }
resource "t_t" "t" {
  literal  = "alias/shop"
  empty    = ""
  nothing  = null
  computed = aws_kms_key.k.arn
  lookup   = data.aws_kms_alias.a.target_key_arn
  half     = "alias/${var.unset}"
  unset    = var.unset
  choice   = var.unset == "x" ? aws_kms_key.k.arn : null
  secret   = var.secret
  list     = ["a", "${aws_kms_key.k.arn}/", "b-${var.unset}", var.unset, aws_kms_key.k.arn]
  mixed    = concat(["a"], var.unset)
  hidden   = [var.secret]
}
`

func TestGiven(t *testing.T) {
	t.Parallel()
	b := block(t, root(t, givenCode, Options{}), "t_t.t")
	for name, want := range map[string]string{
		"absent": "false", "nothing": "false", "empty": "false",
		"literal": "true", "computed": "true", "lookup": "true", "half": "true",
		"unset": "var.unset has no value", "choice": "var.unset has no value", "secret": "sensitive value",
	} {
		v := b.Given(name)
		got := v.Reason()
		if on, known := v.Get(); known {
			got = map[bool]string{true: "true", false: "false"}[on]
		}
		if !strings.Contains(got, want) {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}

func TestTextsKeepTheirShape(t *testing.T) {
	t.Parallel()
	b := block(t, root(t, givenCode, Options{}), "t_t.t")
	for name, want := range map[string]string{
		"list":    "a, «aws_kms_key.k.arn»/, b-«var.unset has no value», «var.unset has no value», «aws_kms_key.k.arn»",
		"mixed":   "a, ... var.unset has no value",
		"absent":  "",
		"nothing": "",
		"hidden":  "... sensitive value",
		"literal": "... literal is not a list",
	} {
		list := b.Texts(name)
		var parts []string
		for _, e := range list.Elems() {
			parts = append(parts, showText(e))
		}
		if why, open := list.More(); open {
			parts = append(parts, "... "+why)
		}
		if got := strings.Join(parts, ", "); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}
