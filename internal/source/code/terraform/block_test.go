// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// addresses are the addresses of blocks, with the reason of symbolic ones.
func addresses(blocks []*Block) []string {
	var out []string
	for _, b := range blocks {
		s := b.Address
		if b.Symbolic != "" {
			s += " (" + b.Symbolic + ")"
		}
		out = append(out, s)
	}
	return out
}

func TestInstances(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, code string
		want       []string
	}{
		{"one", `resource "a_b" "c" {}`, []string{"a_b.c"}},
		{"count", `resource "a_b" "c" { count = 2 }`, []string{"a_b.c[0]", "a_b.c[1]"}},
		{"count of a string", `resource "a_b" "c" { count = "1" }`, []string{"a_b.c[0]"}},
		{"count none", `resource "a_b" "c" { count = 0 }`, nil},
		{"count of a bool", `resource "a_b" "c" { count = true ? 1 : 0 }`, []string{"a_b.c[0]"}},
		{"count unknown", "variable \"n\" {}\nresource \"a_b\" \"c\" { count = var.n }", []string{"a_b.c[*] (count: var.n has no value)"}},
		{"count broken", `resource "a_b" "c" { count = 1.5 }`, []string{"a_b.c[*] (count is not a whole number)"}},
		{"count far too large", `resource "a_b" "c" { count = 1000000000000000000000000 }`, []string{"a_b.c[*] (count: more than 10000 instances)"}},
		{"for_each map", `resource "a_b" "c" { for_each = { y = 1, x = 2 } }`, []string{`a_b.c["x"]`, `a_b.c["y"]`}},
		{"for_each set", `resource "a_b" "c" { for_each = toset(["y", "x"]) }`, []string{`a_b.c["x"]`, `a_b.c["y"]`}},
		{"for_each list", `resource "a_b" "c" { for_each = ["y"] }`, []string{"a_b.c[*] (for_each is neither a map nor a set)"}},
		{"for_each key with quotes", `resource "a_b" "c" { for_each = { "a\"b" = 1 } }`, []string{`a_b.c["a\"b"]`}},
		{"for_each unknown", `variable "n" {}
resource "a_b" "c" { for_each = var.n }`, []string{"a_b.c[*] (for_each: var.n has no value)"}},
		{"for_each unknown key", `resource "x_y" "r" {}
resource "a_b" "c" { for_each = toset([x_y.r.id]) }`, []string{"a_b.c[*] (for_each: x_y.r.id is known after apply)"}},
		{"for_each key with a hole", `resource "x_y" "r" {}
resource "a_b" "c" { for_each = toset(["p-${x_y.r.id}"]) }`, []string{"a_b.c[*] (for_each: x_y.r.id is known after apply)"}},
		{"for_each unknown value", `resource "x_y" "r" {}
resource "a_b" "c" { for_each = { k = x_y.r.id } }`, []string{`a_b.c["k"]`}},
		{"for_each sensitive", `resource "a_b" "c" { for_each = sensitive({ k = 1 }) }`, []string{"a_b.c[*] (for_each: sensitive value)"}},
		{"for_each of its own resource", `resource "a_b" "c" { for_each = a_b.c }`, []string{"a_b.c[*] (for_each: cycle: a_b.c -> a_b.c)"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := root(t, tt.code, Options{})
			if diff := cmp.Diff(tt.want, addresses(r.Resources("a_b"))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReading(t *testing.T) {
	t.Parallel()
	r := root(t, `
variable "unset" {}
variable "secret" {
  sensitive = true
  default   = "hunter2"
}
resource "aws_kms_key" "k" {}
resource "t_t" "t" {
  str     = "s"
  num     = "22"
  yes     = "true"
  nothing = null
  list    = ["a", aws_kms_key.k.arn, var.unset]
  mixed   = concat(["0.0.0.0/0"], var.unset)
  hidden  = var.secret
  hidden2 = "x-${var.secret}"
  hidden3 = [var.secret, "open"]
  map     = { a = "1", b = var.unset, c = null }
  obj     = { a = [1] }
  key     = aws_kms_key.k.arn
  keys    = [aws_kms_key.k.arn, "arn:x", "", var.unset]
  policy  = jsonencode({ Resource = "${aws_kms_key.k.arn}/*", Other = var.unset, N = [1, true, null] })
  half    = "${aws_kms_key.k.arn}/*"
}
`, Options{})
	b := block(t, r, "t_t.t")
	for _, tt := range []struct{ name, got, want string }{
		{"string", show(b.String("str")), "s"},
		{"absent with default", show(b.String("none", "d")), "d"},
		{"null with default", show(b.String("nothing", "d")), "d"},
		{"secret", show(b.String("hidden")), "<sensitive value>"},
		{"secret in a template", show(b.String("hidden2")), "<sensitive value>"},
		{"secret in a text", showText(b.Text("hidden2")), "x-«sensitive value»"},
		{"not a string", show(b.String("obj")), "<obj: string required, but have object>"},
		{"holes in a string", show(b.String("half")), "<aws_kms_key.k.arn is known after apply>"},
		{"holes in a text", showText(b.Text("half")), "«aws_kms_key.k.arn»/*"},
		{"policy", showText(b.Text("policy")), `{"N":[1,true,null],"Other":"«var.unset has no value»","Resource":"«aws_kms_key.k.arn»/*"}`},
		{"policy as string", show(b.String("policy")), "<aws_kms_key.k.arn is known after apply; var.unset has no value>"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, tt.got, tt.want)
		}
	}
	if n, ok := b.Int("num").Get(); !ok || n != 22 {
		t.Errorf("num = %v %v", n, ok)
	}
	if v, ok := b.Bool("yes").Get(); !ok || !v {
		t.Errorf("yes = %v %v", v, ok)
	}
	if v := b.Bool("str"); v.IsKnown() {
		t.Error("a word is no bool")
	}
	if src := b.String("str").Source(); src.Location.String() != "main.tf:9" || src.State() != asset.Read {
		t.Errorf("str is read at %s", src.Location)
	}
	if src := b.String("none").Source(); src.Location.String() != "main.tf:8" || src.State() != asset.Defaulted {
		t.Errorf("none is defaulted at %s", src.Location)
	}
	if b.Declared("nothing") || b.Declared("none") || !b.Declared("str") {
		t.Error("Declared is wrong")
	}

	list := func(l asset.List[asset.Value[string]]) string {
		var parts []string
		for _, e := range l.Elems() {
			parts = append(parts, show(e))
		}
		if why, open := l.More(); open {
			parts = append(parts, "... "+why)
		}
		return strings.Join(parts, ", ")
	}
	for name, want := range map[string]string{
		"list":    "a, <aws_kms_key.k.arn is known after apply>, <var.unset has no value>",
		"mixed":   "0.0.0.0/0, ... var.unset has no value",
		"none":    "",
		"nothing": "",
		"hidden3": "<sensitive value>, open",
		"str":     "... str is not a list",
	} {
		if got := list(b.Strings(name)); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
	m := b.StringMap("map")
	if got := show(m.Entries()["a"]) + show(m.Entries()["b"]); got != "1<var.unset has no value>" || len(m.Entries()) != 2 {
		t.Errorf("map: %s", got)
	}
	if ref := b.Ref("key"); ref.Key() != ".//aws_kms_key.k" {
		t.Errorf("key refers to %q", ref.Key())
	}
	var keys []string
	for _, ref := range b.Refs("keys").Elems() {
		keys = append(keys, ref.Key())
	}
	if diff := cmp.Diff([]string{".//aws_kms_key.k", "arn:x", "", ""}, keys); diff != "" {
		t.Error(diff)
	}
	if _, ok := b.Refs("keys").Elems()[3].Target(); ok == nil || ok.Reason() != "var.unset has no value" {
		t.Error("an unknown ref has no reason")
	}
	if !b.Ref("none").IsNone() || !b.Ref("nothing").IsNone() {
		t.Error("an absent ref is not none")
	}
}

// TestRefTypes: of a value that goes through several resources, the one of the
// wanted type counts.
func TestRefTypes(t *testing.T) {
	t.Parallel()
	r := root(t, `
variable "unset" {}
resource "random_pet" "p" {}
resource "aws_s3_bucket" "b" { bucket = random_pet.p.id }
resource "aws_iam_role" "r" {}
resource "aws_lambda_function" "f" { role = aws_iam_role.r.arn }
resource "aws_s3_bucket_versioning" "v" { bucket = aws_s3_bucket.b.id }
resource "t_t" "t" {
  bucket     = aws_s3_bucket.b.bucket
  role       = aws_lambda_function.f.role
  versioning = aws_s3_bucket_versioning.v.bucket
  subnet     = aws_lambda_function.f.subnet
  unset      = var.unset
}
`, Options{})
	b := block(t, r, "t_t.t")
	for _, tt := range []struct {
		attr  string
		types []string
		want  string
	}{
		{"bucket", nil, ".//aws_s3_bucket.b"},
		{"bucket", []string{"random_pet"}, ".//random_pet.p"},
		{"role", nil, ".//aws_iam_role.r"},
		{"role", []string{"aws_iam_role"}, ".//aws_iam_role.r"},
		{"versioning", []string{"aws_s3_bucket"}, ".//aws_s3_bucket.b"},
		{"subnet", nil, ".//aws_lambda_function.f"},
		{"subnet", []string{"aws_subnet"}, "<aws_lambda_function.f.subnet is known after apply>"},
		{"unset", nil, "<var.unset has no value>"},
		{"none", nil, ""},
	} {
		ref := b.Ref(tt.attr, tt.types...)
		got := ref.Key()
		if _, why := ref.Target(); got == "" && !ref.IsNone() {
			got = "<" + why.Reason() + ">"
		}
		if got != tt.want {
			t.Errorf("%s %v refers to %s, want %s", tt.attr, tt.types, got, tt.want)
		}
	}
	for address, want := range map[string]string{
		`module.a["x.y\"."].module.b[0].aws_s3_bucket.b["k"]`: "aws_s3_bucket", "data.aws_ami.x": "aws_ami", "a_b.c[*]": "a_b",
	} {
		if got := typeIn(address); got != want {
			t.Errorf("typeIn(%s) = %s", address, got)
		}
	}
}

// TestOrigin covers the ways in which an attribute gets from one resource to
// another.
func TestOrigin(t *testing.T) {
	t.Parallel()
	const scene = `
variable "unset" {}
variable "on" { default = true }
resource "aws_s3_bucket" "b" { bucket = "named" }
resource "aws_s3_bucket" "many" { for_each = toset(["x", "y"]) }
resource "aws_s3_bucket" "counted" { count = 2 }
resource "aws_s3_bucket" "maybe" { count = var.unset }
resource "aws_s3_bucket_versioning" "v" { bucket = aws_s3_bucket.b.id }
locals {
  id  = aws_s3_bucket.b.id
  map = { main = aws_s3_bucket.b }
}
module "pass" {
  source = "./pass"
  id     = aws_s3_bucket.b.id
  bucket = aws_s3_bucket.b
}
resource "t_t" "t" { v = EXPR }
-- pass/pass.tf --
variable "id" { type = string }
variable "bucket" { type = object({ id = string, arn = string }) }
resource "aws_s3_bucket" "inner" {}
output "id" { value = var.id }
output "whole_id" { value = var.bucket.id }
output "inner" { value = aws_s3_bucket.inner }
`
	for _, tt := range []struct{ expr, want string }{
		{`aws_s3_bucket.b.id`, "aws_s3_bucket.b id"},
		{`aws_s3_bucket.b.bucket`, "aws_s3_bucket.b bucket"},
		{`"${aws_s3_bucket.b.id}"`, "aws_s3_bucket.b id"},
		{`"${aws_s3_bucket.b.id}-x"`, "none"},
		{`upper(aws_s3_bucket.b.id)`, "none"},
		{`local.id`, "aws_s3_bucket.b id"},
		{`local.map["main"].arn`, "aws_s3_bucket.b arn"},
		{`module.pass.id`, "aws_s3_bucket.b id"},
		{`module.pass.whole_id`, "aws_s3_bucket.b id"},
		{`module.pass.inner.id`, "module.pass.aws_s3_bucket.inner id"},
		{`var.on ? aws_s3_bucket.b.id : "x"`, "aws_s3_bucket.b id"},
		{`var.unset ? aws_s3_bucket.b.id : "x"`, "none"},
		{`aws_s3_bucket.many["x"].id`, `aws_s3_bucket.many["x"] id`},
		{`values(aws_s3_bucket.many)[0].id`, `aws_s3_bucket.many["x"] id`},
		{`[for b in aws_s3_bucket.many : b.id][1]`, `aws_s3_bucket.many["y"] id`},
		{`(values(aws_s3_bucket.many)[*].id)[1]`, `aws_s3_bucket.many["y"] id`},
		{`aws_s3_bucket.counted[1].id`, "aws_s3_bucket.counted[1] id"},
		{`element(aws_s3_bucket.counted[*].id, 3)`, "aws_s3_bucket.counted[1] id"},
		{`element(aws_s3_bucket.counted.*.id, 0)`, "aws_s3_bucket.counted[0] id"},
		{`one(aws_s3_bucket.b[*].id)`, "aws_s3_bucket.b id"},
		{`aws_s3_bucket.maybe[0].id`, "aws_s3_bucket.maybe[*] id"},
		{`one(aws_s3_bucket.maybe[*].id)`, "aws_s3_bucket.maybe[*] id"},
		{`join("", aws_s3_bucket.maybe.*.id)`, "aws_s3_bucket.maybe[*] id"},
		{`try(aws_s3_bucket.b.id, "")`, "aws_s3_bucket.b id"},
		{`coalesce(aws_s3_bucket.b.id, "x")`, "aws_s3_bucket.b id"},
		{`tostring(aws_s3_bucket.b.id)`, "aws_s3_bucket.b id"},
		{`lookup({ a = aws_s3_bucket.b.id }, "a", "")`, "aws_s3_bucket.b id"},
		{`merge({ a = aws_s3_bucket.b.id }, { b = 1 }).a`, "aws_s3_bucket.b id"},
		{`concat([aws_s3_bucket.b.id], ["x"])[0]`, "aws_s3_bucket.b id"},
		{`flatten([[aws_s3_bucket.b.id], "x"])[0]`, "aws_s3_bucket.b id"},
		{`tolist([aws_s3_bucket.b.id])[0]`, "aws_s3_bucket.b id"},
		{`zipmap(["a"], [aws_s3_bucket.b.id]).a`, "aws_s3_bucket.b id"},
		{`slice([aws_s3_bucket.b.id, "x"], 0, 1)[0]`, "aws_s3_bucket.b id"},
		{`aws_s3_bucket_versioning.v.bucket`, "aws_s3_bucket_versioning.v bucket"},
		{`aws_s3_bucket.b`, "aws_s3_bucket.b id"},
		{`"literal"`, "none"},
	} {
		t.Run(tt.expr, func(t *testing.T) {
			t.Parallel()
			archive := "-- main.tf --" + replaceOnce(scene, "EXPR", tt.expr)
			address, attribute, ok := block(t, root(t, archive, Options{}), "t_t.t").Origin("v")
			got := address + " " + attribute
			if !ok {
				got = "none"
			}
			if got != tt.want {
				t.Errorf("origin of %s = %s, want %s", tt.expr, got, tt.want)
			}
		})
	}
}

func TestNestedBlocks(t *testing.T) {
	t.Parallel()
	r := root(t, `
variable "unset" {}
resource "t_t" "t" {
  settings { mode = "on" }
  rule { port = 1 }
  dynamic "rule" {
    for_each = { b = 3, a = 2 }
    content { port = rule.value }
  }
  dynamic "rule" {
    for_each = [10]
    iterator = it
    content {
      port = it.value + it.key
      dynamic "deep" {
        for_each = [it.value]
        content { v = "${it.value}-${deep.value}" }
      }
    }
  }
  dynamic "none" {
    for_each = []
    content { a = 1 }
  }
  dynamic "perhaps" {
    for_each = var.unset
    content { a = 1 }
  }
  ingress = [{ port = 80 }, { port = 81, self = true }]
  single  = { a = "b" }
  later   = var.unset
}
`, Options{})
	b := block(t, r, "t_t.t")
	if got := show(b.Block("settings").String("mode")); got != "on" {
		t.Errorf("settings.mode = %s", got)
	}
	var ports []string
	for _, rule := range b.Blocks("rule").Elems() {
		ports = append(ports, show(rule.String("port")))
	}
	if diff := cmp.Diff([]string{"1", "2", "3", "10"}, ports); diff != "" {
		t.Error(diff)
	}
	if !b.Blocks("rule").IsComplete() {
		t.Error("rule may have more")
	}
	if got := show(b.Blocks("rule").Elems()[3].Block("deep").String("v")); got != "10-10" {
		t.Errorf("deep = %s", got)
	}
	if none := b.Block("none"); !none.IsAbsent() || show(none.Block("x").String("y", "d")) != "d" {
		t.Error("none is not absent")
	}
	if why, open := b.Blocks("perhaps").More(); !open || why != "var.unset has no value" {
		t.Errorf("perhaps: %q", why)
	}
	perhaps := b.Block("perhaps")
	if got := show(perhaps.String("a")); got != "<var.unset has no value>" || perhaps.IsAbsent() {
		t.Errorf("perhaps.a = %s", got)
	}
	if got := show(perhaps.Block("x").String("y")); got != "<var.unset has no value>" {
		t.Errorf("perhaps.x.y = %s", got)
	}
	if elems := b.Blocks("ingress").Elems(); len(elems) != 2 || show(elems[1].String("port")) != "81" || elems[0].Declared("self") {
		t.Error("ingress as attribute")
	}
	if got := show(b.Block("single").String("a")); got != "b" {
		t.Errorf("single.a = %s", got)
	}
	if got := show(b.Block("later").String("a")); got != "<var.unset has no value>" {
		t.Errorf("later.a = %s", got)
	}
	if got := b.Block("settings").Source().Location.String(); got != "main.tf:4" {
		t.Errorf("settings is at %s", got)
	}
}

func TestAsset(t *testing.T) {
	t.Parallel()
	r := root(t, `
-- main.tf --
provider "aws" {
  region = "eu-west-1"
  default_tags { tags = { team = "core", env = "dev" } }
}
provider "aws" {
  alias  = "west"
  region = "us-west-2"
}
resource "aws_s3_bucket" "a" { tags = { env = "prod" } }
resource "aws_s3_bucket" "b" { provider = aws.west }
resource "aws_s3_bucket" "c" { region = "ap-south-1" }
module "m" {
  source    = "./m"
  providers = { aws = aws.west }
}
-- m/m.tf --
resource "aws_s3_bucket" "d" {}
module "n" { source = "./n" }
-- m/n/n.tf --
resource "aws_s3_bucket" "e" { for_each = toset(["k"]) }
`, Options{Account: "123456789012"})
	var got []string
	for _, b := range r.Resources("aws_s3_bucket") {
		a := b.Asset("aws.s3.bucket", b.Name)
		var via []string
		for _, at := range a.Via {
			via = append(via, at.String())
		}
		tags := a.Tags.Keys()
		got = append(got, strings.Join([]string{a.ID, a.Scope.String(), a.Location.String(), strings.Join(via, "<"), strings.Join(tags, "+")}, " | "))
	}
	want := []string{
		".//aws_s3_bucket.a | aws/123456789012/eu-west-1 | main.tf:9 |  | env+team",
		".//aws_s3_bucket.b | aws/123456789012/us-west-2 | main.tf:10 |  | ",
		".//aws_s3_bucket.c | aws/123456789012/ap-south-1 | main.tf:11 |  | env+team",
		".//module.m.aws_s3_bucket.d | aws/123456789012/us-west-2 | m/m.tf:1 | main.tf:12 | ",
		`.//module.m.module.n.aws_s3_bucket.e["k"] | aws/123456789012/us-west-2 | m/n/n.tf:1 | m/m.tf:2<main.tf:12 | `,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	tags := r.Resources("aws_s3_bucket")[0].Tags()
	if env := show(tags.Entries()["env"]); env != "prod" {
		t.Errorf("env = %s", env)
	}
}
