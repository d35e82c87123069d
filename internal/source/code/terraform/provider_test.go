// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"strings"
	"testing"
)

func TestProviderFor(t *testing.T) {
	t.Parallel()
	r := root(t, `
-- main.tf --
variable "unset" {}
provider "aws" {
  region = "default"
  default_tags { tags = var.unset }
}
provider "aws" {
  alias  = "west"
  region = "west"
}
provider "aws" {
  alias  = "hidden"
  region = var.unset
}
resource "aws_x" "plain" {}
resource "aws_x" "west" { provider = aws.west }
resource "aws_x" "hidden" { provider = aws.hidden }
resource "google_x" "other" {}
module "inherits" { source = "./inner" }
module "mapped" {
  source    = "./inner"
  providers = { aws = aws.west, aws.second = aws }
}
-- inner/inner.tf --
terraform {
  required_providers {
    aws = { source = "hashicorp/aws", configuration_aliases = [aws.second] }
  }
}
resource "aws_x" "plain" {}
resource "aws_x" "second" { provider = aws.second }
module "deep" { source = "./deep" }
-- inner/deep/deep.tf --
resource "aws_x" "deep" {}
`, Options{})
	for address, want := range map[string]string{
		"aws_x.plain":                          "default",
		"aws_x.west":                           "west",
		"aws_x.hidden":                         "<var.unset has no value>",
		"google_x.other":                       "<the provider block names no region>",
		"module.inherits.aws_x.plain":          "default",
		"module.inherits.aws_x.second":         "<the provider block names no region>",
		"module.mapped.aws_x.plain":            "west",
		"module.mapped.aws_x.second":           "default",
		"module.mapped.module.deep.aws_x.deep": "west",
	} {
		if got := show(block(t, r, address).Region()); got != want {
			t.Errorf("%s is in %s, want %s", address, got, want)
		}
	}
	tags := block(t, r, "aws_x.plain").Tags()
	if why, open := tags.More(); !open || why != "var.unset has no value" {
		t.Errorf("tags with unknown defaults: %q", why)
	}
	if n := len(r.Providers("aws")); n != 3 {
		t.Errorf("%d providers", n)
	}
}

// TestSecrets: whatever is sensitive stays out of values and of reasons.
func TestSecrets(t *testing.T) {
	t.Parallel()
	roots, coverage := load(t, `
-- main.tf --
variable "pw" {
  type      = object({ user = string, pass = string })
  sensitive = true
  default   = { user = "root", pass = "hunter2" }
}
variable "typed" {
  type      = number
  sensitive = true
}
module "m" {
  source = "./m"
  secret = var.pw.pass
}
resource "t_t" "t" {
  a = var.pw.pass
  b = "x${var.pw.pass}"
  c = [for k, v in var.pw : v]
  d = { p = var.pw.pass }
  e = var.pw.pass == "hunter2" ? "hunter2 it is" : "no"
  f = module.m.out
  g = regex(var.pw.pass, "nothing")
  h = jsonencode(var.pw)
  i = values(var.pw)[1]
  j = merge({ a = "open" }, { b = var.pw.pass })
  k = upper(var.pw.pass)
  l = module.m.marked
  m = tonumber(var.pw.pass)
  n = var.typed
  o = { (var.pw.pass) = 1 }
  p = zipmap([var.pw.pass], ["x"])
  q = { for k, v in var.pw : v => k }
  r = map(var.pw.pass, "x")
  s = keys({ (var.pw.pass) = 1 })
  u = [for k, v in { for x in [var.pw.pass] : x => x... } : k]
  w = split("-", "a-${var.pw.pass}")
  x = toset([var.pw.pass])
  y = setproduct([var.pw.pass], ["x"])[0]
  z = transpose({ a = [var.pw.pass] })
  block { v = var.pw.pass }
  dynamic "more" {
    for_each = var.pw
    content { v = more.value }
  }
}
-- m/m.tf --
variable "secret" {}
output "out" { value = "is ${var.secret}" }
output "marked" {
  value     = "hunter2"
  sensitive = true
}
-- terraform.tfvars --
typed = "hunter2"
`, Options{})
	b := block(t, roots[0], "t_t.t")
	var seen strings.Builder
	for name := range b.body.Attributes {
		seen.WriteString(name + " " + show(b.String(name)) + showText(b.Text(name)))
		for _, e := range b.Strings(name).Elems() {
			seen.WriteString(show(e))
		}
		for k, e := range b.StringMap(name).Entries() {
			seen.WriteString(k + show(e))
		}
		seen.WriteString("\n")
	}
	seen.WriteString(show(b.Block("block").String("v")) + show(b.Block("more").String("v")))
	for _, line := range coverage {
		seen.WriteString(line.Reason)
	}
	if got := strings.ToLower(seen.String()); strings.Contains(got, "hunter2") {
		t.Error(got)
	}
	if got := show(b.StringMap("j").Entries()["a"]); got != "open" {
		t.Errorf("j.a = %s", got)
	}
}

func TestOpenTofuFilesReplaceTheirTwins(t *testing.T) {
	t.Parallel()
	r := root(t, `
-- a.tf --
resource "t_t" "terraform" {}
-- a.tofu --
resource "t_t" "tofu" {}
-- b.tf --
resource "t_t" "both" { v = ephemeral.x_y.z.value }
`, Options{})
	if got := strings.Join(addresses(r.Resources("t_t")), " "); got != "t_t.tofu t_t.both" {
		t.Error(got)
	}
	if got := show(block(t, r, "t_t.both").String("v")); got != "<ephemeral.x_y is opened at apply>" {
		t.Error(got)
	}
}
