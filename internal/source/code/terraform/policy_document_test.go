// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestPolicyDocument(t *testing.T) {
	t.Parallel()
	const scene = `
variable "unset" {}
resource "aws_s3_bucket" "b" {}
resource "aws_iam_role" "r" {}
data "aws_caller_identity" "me" {}
data "aws_partition" "here" {}
data "aws_region" "here" {}
provider "aws" { region = "us-gov-west-1" }
`
	for _, tt := range []struct{ name, code, want string }{
		{"one of each", `data "aws_iam_policy_document" "d" {
  statement {
    sid       = "Read"
    actions   = ["s3:Get*", "s3:List*"]
    resources = ["*"]
  }
}`, `{"Version":"2012-10-17","Statement":[{"Sid":"Read","Effect":"Allow","Action":["s3:Get*","s3:List*"],"Resource":"*"}]}`},
		{"principals and conditions", `data "aws_iam_policy_document" "d" {
  version = "2008-10-17"
  statement {
    effect = "Deny"
    not_actions = ["a:b"]
    not_resources = ["c"]
    principals {
      type = "AWS"
      identifiers = ["1", "2"]
    }
    principals {
      type = "AWS"
      identifiers = ["3"]
    }
    not_principals {
      type = "*"
      identifiers = ["*"]
    }
    condition {
      test = "Bool"
      variable = "aws:SecureTransport"
      values = ["false"]
    }
    condition {
      test = "Bool"
      variable = "aws:MultiFactorAuthPresent"
      values = ["&{x}", "y"]
    }
  }
}`, `{"Version":"2008-10-17","Statement":[{"Effect":"Deny","NotAction":"a:b","NotResource":"c","Principal":{"AWS":["1","2","3"]},"NotPrincipal":"*","Condition":{"Bool":{"aws:SecureTransport":"false","aws:MultiFactorAuthPresent":["${x}","y"]}}}]}`},
		{"holes", `data "aws_iam_policy_document" "d" {
  statement {
    actions   = ["s3:*", var.unset]
    resources = [aws_s3_bucket.b.arn, "${aws_s3_bucket.b.arn}/*"]
    principals {
      type        = "AWS"
      identifiers = var.unset
    }
  }
}`, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:*","«var.unset has no value»"],"Resource":["«aws_s3_bucket.b.arn»","«aws_s3_bucket.b.arn»/*"],"Principal":{"AWS":"«var.unset has no value»"}}]}`},
		{"dynamic statements", `data "aws_iam_policy_document" "d" {
  dynamic "statement" {
    for_each = ["a", "b"]
    content { actions = [statement.value] }
  }
  dynamic "statement" {
    for_each = var.unset
    content { actions = ["x"] }
  }
}`, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"a"},{"Effect":"Allow","Action":"b"},"«var.unset has no value»"]}`},
		{"sources and overrides", `data "aws_iam_policy_document" "base" {
  statement {
    sid     = "keep"
    actions = ["a"]
  }
}
data "aws_iam_policy_document" "d" {
  source_policy_documents   = [data.aws_iam_policy_document.base.json, var.unset, "{\"Statement\":{\"Sid\":\"s\",\"Effect\":\"Deny\"}}"]
  statement {
    sid = "own"
    actions = ["b"]
  }
  override_policy_documents = [jsonencode({ Statement = [{ Sid = "own", Effect = "Deny", Resource = aws_iam_role.r.arn }] })]
}`, `{"Version":"2012-10-17","Statement":[{"Sid":"keep","Effect":"Allow","Action":"a"},"«var.unset has no value»",{"Sid":"s","Effect":"Deny"},{"Effect":"Deny","Resource":"«aws_iam_role.r.arn»","Sid":"own"}]}`},
		{"about the provider", `data "aws_iam_policy_document" "d" {
  statement {
    resources = ["arn:${data.aws_partition.here.partition}:x:${data.aws_region.here.name}:${data.aws_caller_identity.me.account_id}:y", data.aws_caller_identity.me.arn]
  }
}`, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Resource":["arn:aws-us-gov:x:us-gov-west-1:111122223333:y","«data.aws_caller_identity.me.arn»"]}]}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := root(t, scene+tt.code+"\nresource \"t_t\" \"t\" { v = data.aws_iam_policy_document.d.json }", Options{Account: "111122223333"})
			b := block(t, r, "t_t.t")
			if got := showText(b.Text("v")); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			text, _ := b.Text("v").Get()
			if !json.Valid([]byte(text.Marked())) {
				t.Errorf("not JSON: %q", text.Marked())
			}
			if strings.Contains(tt.want, "«") && b.String("v").IsKnown() {
				t.Error("a policy with holes is a known string")
			}
		})
	}
}

// TestShapes goes through the ways to write a document: each keeps its known
// parts where others are unknown.
func TestShapes(t *testing.T) {
	t.Parallel()
	const scene = `
-- main.tf --
variable "unset" {}
resource "x_y" "r" {}
locals { p = { Resource = "${x_y.r.arn}/*" } }
data "template_file" "f" {
  template = file("${path.module}/q.tpl")
  vars     = { arn = x_y.r.arn, name = "k" }
}
data "template_file" "plain" { template = "no variables" }
data "template_file" "broken" { template = "$${nothing}" }
resource "t_t" "t" {
  v = EXPR
}
-- q.tpl --
{"R": "${arn}/${name}"}
-- p.tpl --
{"R": "${arn}/*", "L": ${jsonencode(list)}%{ if on }, "On": true%{ endif }}
`
	for _, tt := range []struct{ expr, want string }{
		{`"a${x_y.r.arn}b"`, "a«x_y.r.arn»b"},
		{`jsonencode(local.p)`, `{"Resource":"«x_y.r.arn»/*"}`},
		{`jsonencode({ a = var.unset, b = { c = [x_y.r.id] } })`, `{"a":"«var.unset has no value»","b":{"c":["«x_y.r.id»"]}}`},
		{`jsonencode(jsondecode(jsonencode(local.p)))`, `{"Resource":"«x_y.r.arn»/*"}`},
		{`jsondecode(jsonencode({ a = x_y.r.id })).a`, `<x_y.r.id is known after apply>`},
		{`jsonencode(merge(local.p, { b = 1 }))`, `{"Resource":"«x_y.r.arn»/*","b":1}`},
		{`jsonencode({ Resource = concat(["a"], ["${x_y.r.arn}/*"]) })`, `{"Resource":["a","«x_y.r.arn»/*"]}`},
		{`jsonencode({ Resource = [for s in ["x", "y"] : "${x_y.r.arn}/${s}"] })`, `{"Resource":["«x_y.r.arn»/x","«x_y.r.arn»/y"]}`},
		{`templatefile("p.tpl", { arn = x_y.r.arn, list = ["k"], on = true })`, `{"R": "«x_y.r.arn»/*", "L": ["k"], "On": true}` + "\n"},
		{`templatefile("${path.module}/p.tpl", { arn = "s", list = var.unset, on = var.unset })`,
			`{"R": "s/*", "L": "«var.unset has no value»"«var.unset has no value»}` + "\n"},
		{`data.template_file.f.rendered`, `{"R": "«x_y.r.arn»/k"}` + "\n"},
		{`data.template_file.plain.rendered`, "no variables"},
		{`data.template_file.broken.rendered`, "<data.template_file.broken: nothing is not a reference to anything>"},
		{`data.template_file.plain.id`, "<data.template_file.plain is read at apply>"},
		{`templatestring("<$${a}>", { a = x_y.r.arn })`, "<«x_y.r.arn»>"},
		{`format("arn:%s/%%/%v", x_y.r.id, "k")`, "arn:«x_y.r.id»/%/k"},
		{`format("%05d", var.unset)`, "<var.unset has no value>"},
		{`join(",", ["a", x_y.r.id])`, "a,«x_y.r.id»"},
		{`trimspace(" ${x_y.r.id}/* ")`, "«x_y.r.id»/*"},
		{`replace("${x_y.r.id}/*", "/*", "/k")`, "«x_y.r.id»/k"},
		{`<<-EOT
    { "R": "${x_y.r.arn}" }
  EOT
`, "{ \"R\": \"«x_y.r.arn»\" }\n"},
		{`upper("${x_y.r.id}/*")`, "<x_y.r.id is known after apply>"},
		{`"${x_y.r.id}/*" == "a" ? "yes" : "no"`, "<x_y.r.id is known after apply>"},
		{`"${x_y.r.id}" == null ? "yes" : "no"`, "<x_y.r.id is known after apply>"},
		{`"a${x_y.r.id}" == null ? "yes" : "no"`, "no"},
		{`length("${x_y.r.id}/*")`, "<x_y.r.id is known after apply>"},
		{`contains(["${x_y.r.id}/*"], "a")`, "<x_y.r.id is known after apply>"},
		{`templatefile("nothere.tpl", {})`, "<templatefile(nothere.tpl): there is no such file>"},
		{`file("../../etc/passwd")`, "<file(../../etc/passwd): there is no such file>"},
		{`file("/etc/passwd")`, "<file(/etc/passwd): is outside the scanned tree>"},
	} {
		t.Run(tt.expr, func(t *testing.T) {
			t.Parallel()
			r := root(t, strings.Replace(scene, "EXPR", tt.expr, 1), Options{})
			b := block(t, r, "t_t.t")
			if got := showText(b.Text("v")); got != tt.want {
				t.Errorf("%s\ngot  %s\nwant %s", tt.expr, got, tt.want)
			}
			if strings.Contains(tt.want, "«") && b.String("v").IsKnown() {
				t.Error("a text with holes is a known string")
			}
		})
	}
}
