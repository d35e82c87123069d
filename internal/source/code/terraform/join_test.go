// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"strings"
	"testing"
)

func TestJoin(t *testing.T) {
	t.Parallel()
	const variables = "variable \"unset\" {}\nvariable \"other\" {}\nvariable \"n\" {}\n"
	for _, tt := range []struct {
		name, code string
		want       string // of the first bucket: companions, then "?reason"
	}{
		{"by reference", `resource "bucket" "b" {}
resource "pab" "p" { bucket = bucket.b.id }`, "pab.p"},
		{"none", `resource "bucket" "b" {}`, ""},
		{"of another", `resource "bucket" "b" {}
resource "bucket" "c" {}
resource "pab" "p" { bucket = bucket.c.id }`, ""},
		{"of a bucket that the code lacks", `resource "bucket" "b" {}
resource "pab" "p" { bucket = bucket.elsewhere.id }`, ""},
		{"by literal name", `resource "bucket" "b" { bucket = "x" }
resource "pab" "p" { bucket = "x" }`, "pab.p"},
		{"by another literal name", `resource "bucket" "b" { bucket = "x" }
resource "pab" "p" { bucket = "y" }`, ""},
		{"by the same unset variable", `resource "bucket" "b" { bucket = var.unset }
resource "pab" "p" { bucket = var.unset }`, "pab.p"},
		{"by the same partly unknown name", `resource "bucket" "b" { bucket = "${var.unset}-logs" }
resource "pab" "p" { bucket = "${var.unset}-logs" }`, "pab.p"},
		{"by another partly unknown name", `resource "bucket" "b" { bucket = "${var.unset}-logs" }
resource "pab" "p" { bucket = "${var.other}-logs" }`, "?pab.p.bucket: var.other has no value"},
		{"by the same local", `locals { n = lower("${var.unset}-logs") }
resource "bucket" "b" { bucket = local.n }
resource "pab" "p" { bucket = local.n }`, "pab.p"},
		{"by another unset variable", `resource "bucket" "b" { bucket = var.unset }
resource "pab" "p" { bucket = var.other }`, "?pab.p.bucket: var.other has no value"},
		{"unknown companion of a named bucket", `resource "bucket" "b" { bucket = "x" }
resource "pab" "p" { bucket = var.other }`, "?pab.p.bucket: var.other has no value"},
		{"partly unknown companion that cannot fit", `resource "bucket" "b" { bucket = "data" }
resource "pab" "p" { bucket = "${var.other}-logs" }`, ""},
		{"partly unknown companion that can fit", `resource "bucket" "b" { bucket = "my-logs" }
resource "pab" "p" { bucket = "${var.other}-logs" }`, "?pab.p.bucket: var.other has no value"},
		{"literal companion of a bucket with unknown name", `resource "bucket" "b" { bucket = var.unset }
resource "pab" "p" { bucket = "x" }`, "?pab.p may belong to it: bucket.b.bucket: var.unset has no value"},
		{"literal companion of a bucket with computed name", `resource "bucket" "b" {}
resource "pab" "p" { bucket = "x" }`, ""},
		{"through a third resource", `resource "bucket" "b" {}
resource "versioning" "v" { bucket = bucket.b.id }
resource "pab" "p" { bucket = versioning.v.bucket }`, "pab.p"},
		{"name from a third resource", `resource "random" "r" {}
resource "bucket" "b" { bucket = random.r.hex }
resource "pab" "p" { bucket = random.r.hex }`, "pab.p"},
		{"uncertain companion", `resource "bucket" "b" {}
resource "pab" "p" {
  count = var.n
  bucket = bucket.b.id
}`, "?pab.p[*]: count: var.n has no value"},
		{"both uncertain alike", `resource "bucket" "b" { count = var.n }
resource "pab" "p" {
  count = var.n
  bucket = bucket.b[0].id
}`, "pab.p[*]"},
		{"both uncertain, but not alike", `resource "bucket" "b" { count = var.n ? 1 : 0 }
resource "pab" "p" {
  count = var.n ? 0 : 1
  bucket = bucket.b[0].id
}`, "?pab.p[*]: count: var.n has no value"},
		{"both in an uncertain module", `module "m" {
  source = "./m"
  count  = var.n
}
-- m/m.tf --
resource "bucket" "b" {}
resource "pab" "p" { bucket = bucket.b.id }`, "module.m[*].pab.p"},
		{"uncertain companion of an uncertain target", `resource "bucket" "b" { for_each = var.n }
resource "pab" "p" {
  for_each = bucket.b
  bucket   = each.value.id
}`, "pab.p[*]"},
		{"for_each over the bucket", `resource "bucket" "b" { for_each = toset(["x", "y"]) }
resource "pab" "p" {
  for_each = bucket.b
  bucket   = each.value.id
}`, `pab.p["x"]`},
		{"two companions in order", `resource "bucket" "b" { bucket = "n" }
resource "pab" "z" { bucket = bucket.b.id }
resource "pab" "a" { bucket = "n" }`, "pab.z pab.a"},
		{"named in a list", `resource "bucket" "b" {}
resource "bucket" "c" {}
resource "pab" "p" { bucket = [bucket.c.id, bucket.b.id] }`, "pab.p"},
		{"list with an unknown", `resource "bucket" "b" {}
resource "bucket" "c" {}
resource "pab" "p" { bucket = [bucket.c.id, var.other] }`, "?pab.p.bucket: var.other has no value"},
		{"handed to a missing module", `resource "bucket" "b" {}
module "m" {
  source = "registry/bucket/aws"
  what   = { for_bucket = bucket.b.arn }
}`, `?module.m: module source "registry/bucket/aws" is not downloaded: run terraform init in .`},
		{"not handed to a missing module", `resource "bucket" "b" {}
module "m" { source = "registry/bucket/aws" }`, ""},
		{"broken neighbour", `resource "bucket" "b" {}
-- broken.tf --
resource "pab" "p" {`, "?broken.tf:1 could not be read: Unclosed configuration block: There is no closing brace for this block before the end of the file. This may be caused by incorrect brace nesting elsewhere in this file"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := root(t, "-- main.tf --\n"+variables+tt.code, Options{})
			companions, maybe := r.Join("pab", "bucket", "bucket", "bucket", "id").Of(r.Resources("bucket")[0])
			var names []string
			for _, c := range companions {
				names = append(names, c.Address)
			}
			got := strings.Join(names, " ")
			if maybe != "" {
				got += "?" + maybe
			}
			if got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestStraysAreGroupedByWhatTheyName(t *testing.T) {
	t.Parallel()
	r := root(t, `
variable "unset" {}
resource "bucket" "here" {}
resource "policy" "own" { bucket = bucket.here.id }
resource "policy" "a" { bucket = "elsewhere" }
resource "pab" "a" { bucket = "elsewhere" }
resource "pab" "b" { bucket = var.unset }
resource "policy" "b" { bucket = var.unset }
resource "pab" "c" { bucket = bucket.gone.id }
resource "pab" "none" {}
`, Options{})
	var groups []string
	for _, group := range Strays(r.Join("policy", "bucket", "bucket", "bucket"), r.Join("pab", "bucket", "bucket", "bucket")) {
		var names []string
		for _, b := range group {
			names = append(names, b.Address)
		}
		groups = append(groups, strings.Join(names, " "))
	}
	if got, want := strings.Join(groups, ", "), "policy.a pab.a, policy.b pab.b, pab.c"; got != want {
		t.Errorf("strays are %s, want %s", got, want)
	}
}
