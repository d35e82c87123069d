// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import "testing"

// Expressions are evaluated as the attribute v of a resource.
func TestExpressions(t *testing.T) {
	t.Parallel()
	const scene = `
variable "unset" {}
variable "unset_list" { type = list(string) }
variable "name" { default = "web" }
variable "ports" { default = [22, 443] }
locals {
  tags  = { team = "core", tier = "db" }
  loop  = local.pool
  pool  = local.loop
}
resource "aws_s3_bucket" "b" { bucket = "logs" }
resource "aws_s3_bucket" "many" {
  for_each = { a = "x", b = "y" }
  bucket   = each.value
}
resource "aws_s3_bucket" "counted" {
  count  = 2
  bucket = "c${count.index}"
}
resource "aws_s3_bucket" "maybe" {
  count  = var.unset
  bucket = "m"
}
data "aws_ami" "x" { owners = ["self"] }
resource "test" "t" {
  v = EXPR
}
`
	for _, tt := range []struct{ expr, want string }{
		{`"plain"`, "plain"},
		{`1 + 2 * 3`, "7"},
		{`var.name`, "web"},
		{`"${var.name}-${1 + 1}"`, "web-2"},
		{`"${var.unset}-x"`, "<var.unset has no value>"},
		{`var.unset`, "<var.unset has no value>"},
		{`upper(var.unset)`, "<var.unset has no value>"},
		{`var.missing`, "<main.tf:26: var.missing is not declared>"},
		{`local.tags.team`, "core"},
		{`local.tags["tier"]`, "db"},
		{`local.loop`, "<cycle: local.loop -> local.pool -> local.loop>"},
		{`aws_s3_bucket.b.bucket`, "logs"},
		{`aws_s3_bucket.b.arn`, "<aws_s3_bucket.b.arn is known after apply>"},
		{`aws_s3_bucket.many["a"].bucket`, "x"},
		{`aws_s3_bucket.many["a"].arn`, `<aws_s3_bucket.many["a"].arn is known after apply>`},
		{`join(",", [for k, b in aws_s3_bucket.many : b.bucket])`, "x,y"},
		{`values(aws_s3_bucket.many)[1].bucket`, "y"},
		{`join(",", aws_s3_bucket.counted[*].bucket)`, "c0,c1"},
		{`join(",", aws_s3_bucket.counted.*.bucket)`, "c0,c1"},
		{`aws_s3_bucket.counted[1].id`, "<aws_s3_bucket.counted[1].id is known after apply>"},
		{`length(aws_s3_bucket.counted)`, "2"},
		{`aws_s3_bucket.maybe[0].bucket`, "<count: var.unset has no value>"},
		{`data.aws_ami.x.id`, "<data.aws_ami.x is read at apply>"},
		{`var.name == "web" ? "yes" : var.unset`, "yes"},
		{`var.unset == "web" ? "yes" : "no"`, "<var.unset has no value>"},
		{`var.unset == "web" ? "same" : "same"`, "same"},
		{`false && var.unset`, "false"},
		{`var.unset || true`, "true"},
		{`!var.unset`, "<var.unset has no value>"},
		{`aws_s3_bucket.b != null`, "true"},
		{`join("-", [for p in var.ports : p if p > 100])`, "443"},
		{`{ for k, v in local.tags : v => k }["db"]`, "tier"},
		{`{ for k, v in local.tags : "x" => k... }["x"][1]`, "tier"},
		{`join(",", [for x in var.unset_list : upper(x)])`, "<var.unset_list has no value>"},
		{`try(local.tags.none, "fallback")`, "fallback"},
		{`try(var.unset.x, "fallback")`, "<var.unset has no value>"},
		{`can(local.tags.none)`, "false"},
		{`can(local.tags.team)`, "true"},
		{`"%{ if var.name == "web" }on%{ else }off%{ endif }"`, "on"},
		{`"%{ for p in var.ports }${p};%{ endfor }"`, "22;443;"},
		{`path.module`, "."},
		{`terraform.workspace`, "default"},
		{`[1, 2, 3][1]`, "2"},
		{`nosuch(1)`, "<nosuch() is not supported>"},
		{`nosuch(var.unset)`, "<nosuch() is not supported; var.unset has no value>"},
		{`provider::aws::arn_parse("x")`, "<provider::aws::arn_parse() is a function of a provider>"},
		{`each.key`, "<main.tf:26: each is not available here>"},
		{`one([])`, ""},
		{`one(["x"])`, "x"},
		{`coalesce("", null, "x")`, "x"},
		{`coalesce(var.unset, "x")`, "<var.unset has no value>"},
		{`max([1, 5, 3]...)`, "5"},
		{`merge({a = 1}, {b = var.unset}).a`, "1"},
		{`merge({a = 1}, {b = var.unset}).b`, "<var.unset has no value>"},
		{`merge({a = 1}, var.unset).a`, "<var.unset has no value>"},
		{`(var.name)`, "web"},
		{`-1`, "-1"},
		{`1e999999999`, "<main.tf:26: number is out of range>"},
		{`cond ? 1 : 2`, "<main.tf:26: cond is not a reference to anything>"},
		{`null`, ""},
	} {
		t.Run(tt.expr, func(t *testing.T) {
			t.Parallel()
			r := root(t, replaceOnce(scene, "EXPR", tt.expr), Options{})
			if got := show(block(t, r, "test.t").String("v")); got != tt.want {
				t.Errorf("%s = %s, want %s", tt.expr, got, tt.want)
			}
		})
	}
}
