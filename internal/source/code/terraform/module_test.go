// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func dirs(roots []*Root) []string {
	var out []string
	for _, r := range roots {
		out = append(out, r.Dir)
	}
	return out
}

func TestRoots(t *testing.T) {
	t.Parallel()
	roots, _ := load(t, `
-- envs/prod/main.tf --
module "a" { source = "../../modules/a" }
-- envs/dev/main.tf --
module "a" { source = "../../modules/a" }
-- modules/a/a.tf --
variable "size" { default = 3 }
resource "x_y" "z" { v = var.size }
module "b" { source = "../b" }
-- modules/b/b.tf --
-- modules/lonely/l.tf --
resource "x_y" "z" {}
-- loop/one/1.tf --
module "two" { source = "../two" }
-- loop/two/2.tf --
module "one" { source = "../one" }
resource "x_y" "z" {}
-- .terraform/modules/hidden/h.tf --
-- node_modules/pkg/p.tf --
`, Options{})
	if diff := cmp.Diff([]string{"envs/dev", "envs/prod", "loop/one", "modules/lonely"}, dirs(roots)); diff != "" {
		t.Error(diff)
	}
	if got := addresses(roots[2].Resources("x_y")); len(got) != 1 || got[0] != "module.two.x_y.z" {
		t.Errorf("loop: %v", got)
	}
}

func TestModules(t *testing.T) {
	t.Parallel()
	roots, coverage := load(t, `
-- main.tf --
variable "unset" {}
module "each" {
  for_each = { x = "one", y = "two" }
  source   = "./m"
  name     = each.value
}
module "counted" {
  count  = 2
  source = "./m"
  name   = "n${count.index}"
}
module "perhaps" {
  count  = var.unset
  source = "./m"
  name   = "p"
}
module "unset" {
  source = "./m"
  name   = var.unset
}
module "absent" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "~> 5.0"
}
module "gone" { source = "./gone" }
module "outside" { source = "../outside" }
resource "r_r" "r" {
  a = module.each["x"].name
  b = join(",", [for m in module.each : m.name])
  c = module.counted[*].name[0]
  d = module.perhaps[0].name
  e = module.absent.vpc_id
  f = module.each["x"].nothing
  g = values(module.each)[*].name
  h = module.unset.name
  i = module.none.x
}
-- m/m.tf --
variable "name" {}
resource "r_i" "i" { v = var.name }
output "name" { value = var.name }
`, Options{})
	r := roots[0]
	if diff := cmp.Diff([]string{
		`module.each["x"].r_i.i`, `module.each["y"].r_i.i`, "module.counted[0].r_i.i", "module.counted[1].r_i.i",
		"module.perhaps[*].r_i.i (count: var.unset has no value)", "module.unset.r_i.i",
	}, addresses(r.Resources("r_i"))); diff != "" {
		t.Error(diff)
	}
	b := block(t, r, "r_r.r")
	for name, want := range map[string]string{
		"a": "one",
		"b": "one,two",
		"d": "<count: var.unset has no value>",
		"e": `<module source "terraform-aws-modules/vpc/aws" is not downloaded: run terraform init in .>`,
		"f": `<main.tf:33: module.each["x"] has no output "nothing">`,
		"h": "<var.unset has no value>",
		"i": "<main.tf:36: module.none is not declared>",
	} {
		if got := show(b.String(name)); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
	if diff := cmp.Diff([]string{
		`skipped module.absent: module source "terraform-aws-modules/vpc/aws" is not downloaded: run terraform init in . @ main.tf:21`,
		`skipped module.gone: module source "./gone" cannot be read: lstat: no such file or directory @ main.tf:25`,
		`skipped module.outside: module source "../outside" cannot be read: lstat: no such file or directory @ main.tf:26`,
	}, gaps(coverage)); diff != "" {
		t.Error(diff)
	}
}

func TestDownloadedModules(t *testing.T) {
	t.Parallel()
	dir := write(t, `
-- .git/HEAD --
-- live/main.tf --
module "vpc" { source = "registry/vpc/aws" }
resource "r_r" "r" { v = module.vpc.out }
-- live/.terraform/modules/modules.json --
{"Modules":[{"Key":"","Source":"","Dir":"."},
 {"Key":"vpc","Source":"registry.terraform.io/registry/vpc/aws","Dir":".terraform/modules/vpc"},
 {"Key":"vpc.sub","Source":"git::https://x","Dir":".terraform/modules/vpc.sub"}]}
-- live/.terraform/modules/vpc/main.tf --
module "sub" { source = "git::https://x" }
output "out" { value = "${module.sub.out} ${path.module}" }
-- live/.terraform/modules/vpc.sub/main.tf --
resource "r_i" "i" {}
output "out" { value = "sub" }
`)
	roots, coverage, err := Load(t.Context(), []string{dir}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"live"}, dirs(roots)); diff != "" {
		t.Fatal(diff)
	}
	if got := show(block(t, roots[0], "r_r.r").String("v")); got != "sub .terraform/modules/vpc" {
		t.Errorf("v = %s", got)
	}
	if got := addresses(roots[0].Resources("r_i")); len(got) != 1 || got[0] != "module.vpc.module.sub.r_i.i" {
		t.Errorf("%v", got)
	}
	if g := gaps(coverage); len(g) != 0 {
		t.Errorf("gaps: %v", g)
	}
}

// TestVariables goes through Terraform's order: each source is overridden by
// the next.
func TestVariables(t *testing.T) {
	t.Parallel()
	dir := write(t, `
-- main.tf --
variable "a" { default = "default" }
variable "b" { default = "default" }
variable "c" { default = "default" }
variable "d" { default = "default" }
variable "e" { default = "default" }
variable "f" { default = "default" }
variable "g" { default = "default" }
variable "h" { default = "default" }
variable "list" { type = list(number) }
variable "obj" {
  type = object({ name = string, size = optional(number, 3), note = optional(string) })
}
variable "notnull" {
  default  = "d"
  nullable = false
}
variable "conv" {
  type    = string
  default = 5
}
variable "badtype" {
  type    = number
  default = "many"
}
resource "r_r" "r" {
  v = "${var.a} ${var.b} ${var.c} ${var.d} ${var.e} ${var.f} ${var.g} ${var.h}"
  w = "${var.list[0] + 1} ${var.obj.name} ${var.obj.size} ${var.obj.note == null} ${var.notnull} ${var.conv}"
  x = var.badtype
}
-- terraform.tfvars --
c = "tfvars"
d = "tfvars"
obj = { name = "n" }
notnull = null
-- terraform.tfvars.json --
{"d": "json", "e": "json"}
-- b.auto.tfvars --
e = "auto b"
f = "auto b"
-- a.auto.tfvars --
f = "auto a"
-- last.tfvars --
g = "file"
h = "file"
`)
	roots, _, err := Load(t.Context(), []string{dir}, Options{
		Environ:  []string{"TF_VAR_b=env", "TF_VAR_c=env", "TF_VAR_list=[1,2]", "PATH=/bin"},
		VarFiles: []string{filepath.Join(dir, "last.tfvars")},
		Vars:     []string{"h=option"},
	})
	if err != nil {
		t.Fatal(err)
	}
	b := block(t, roots[0], "r_r.r")
	if got, want := show(b.String("v")), "default env tfvars json auto b auto b file option"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := show(b.String("w")), "2 n 3 true d 5"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := show(b.String("x")), "<var.badtype: a number is required>"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for _, opts := range []Options{{Vars: []string{"secret-without-equals"}}, {VarFiles: []string{"/does/not/exist"}}, {Include: []string{"["}}} {
		if _, _, err := Load(t.Context(), []string{dir}, opts); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%+v: %v", opts, err)
		}
	}
}

func TestOverridesAndJSON(t *testing.T) {
	t.Parallel()
	roots, coverage := load(t, `
-- main.tf --
variable "v" { default = "base" }
locals { l = "base" }
resource "r_r" "r" {
  kept     = "kept"
  replaced = "base"
  block { a = 1 }
  block { a = 2 }
  other { b = 1 }
}
-- override.tf --
variable "v" { default = "over" }
locals { l = "over" }
resource "r_r" "r" {
  replaced = "${var.v} ${local.l}"
  block { a = 3 }
}
-- x_override.tf --
resource "r_r" "nobody" {}
-- data.tf.json --
{
  "//": "a comment",
  "variable": {"n": {"type": "list(string)", "default": ["a", "b"]}},
  "locals": {"up": "${upper(var.n[0])}"},
  "resource": {
    "r_j": {
      "one": {
        "count": 1,
        "plain": "x",
        "expr": "${local.up}-${var.v}",
        "escaped": "$${local.up}",
        "number": 5,
        "nested": [{"a": "1"}, {"a": "${var.n[1]}"}],
        "single": {"a": "s"},
        "dynamic": {"dyn": {"for_each": "${var.n}", "content": {"v": "${dyn.value}"}}},
        "provider": "aws.west"
      }
    },
    "r_k": [{"two": {"x": 1}}, {"three": {"x": 2}}]
  },
  "provider": {"aws": [{"region": "r1"}, {"alias": "west", "region": "r2"}]}
}
`, Options{})
	r := roots[0]
	b := block(t, r, "r_r.r")
	if got := show(b.String("kept")) + " " + show(b.String("replaced")); got != "kept over over" {
		t.Error(got)
	}
	if got := len(b.Blocks("block").Elems()); got != 1 {
		t.Errorf("%d blocks after override", got)
	}
	if b.Block("other").IsAbsent() {
		t.Error("other block is gone")
	}
	if diff := cmp.Diff([]string{"failed x_override.tf: resource r_r.nobody overrides nothing: no other file declares it @ x_override.tf:1"}, gaps(coverage)); diff != "" {
		t.Error(diff)
	}
	j := block(t, r, "r_j.one[0]")
	got := fmt.Sprint(show(j.String("plain")), show(j.String("expr")), show(j.String("escaped")), show(j.String("number")),
		len(j.Blocks("nested").Elems()), show(j.Blocks("nested").Elems()[1].String("a")), show(j.Block("single").String("a")),
		show(j.Blocks("dyn").Elems()[1].String("v")), show(r.ProviderFor(j).String("region")))
	if want := "xA-over${local.up}52bsbr2"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if len(r.Resources("r_k")) != 2 || j.Source().Location.File != "data.tf.json" || j.Source().Location.StartLine == 0 {
		t.Errorf("json: %v %v", addresses(r.Resources("r_k")), j.Source().Location)
	}
}

// TestDeepNesting: what would overflow the stack, which no recover catches.
func TestDeepNesting(t *testing.T) {
	t.Parallel()
	var chain, nest strings.Builder
	const n = 30_000
	for i := range n {
		fmt.Fprintf(&chain, "  l%d = local.l%d\n", i, i+1)
	}
	for i := range 3000 {
		fmt.Fprintf(&nest, "  n%d = [local.n%d]\n", i, i+1)
	}
	dir := write(t, "-- main.tf --\nlocals {\n"+chain.String()+fmt.Sprintf("  l%d = 1\n", n)+nest.String()+"  n3000 = 1\n"+`}
resource "t_t" "t" {
  chain = local.l0
  tail  = local.l29000
  nest  = jsonencode(local.n0)
  json  = jsondecode(file("deep.json"))
  yaml  = yamldecode(file("deep.json"))
  typed = var.typed
}
variable "typed" { type = "`+strings.Repeat(`\u0028`, 100_000)+`" }
-- j.tf.json --
{"resource": {"t_t": {"j": {"v": "${`+strings.Repeat(`\u0028`, 100_000)+`"}}}}
-- deep.json --
`+strings.Repeat("[", 1<<20))
	roots, _, err := Load(t.Context(), []string{dir}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	b := block(t, roots[0], "t_t.t")
	if got := show(b.String("tail")); got != "1" {
		t.Errorf("tail = %s", got)
	}
	for _, name := range []string{"chain", "json", "yaml", "typed"} {
		if got := show(b.String(name)); !strings.Contains(got, "nested too deeply") {
			t.Errorf("%s = %.200s", name, got)
		}
	}
	if got := show(b.String("nest")); !strings.HasSuffix(got, "1"+strings.Repeat("]", 3000)) {
		t.Errorf("nest = %.100s", got)
	}
	if v := block(t, roots[0], "t_t.j").String("v"); v.IsKnown() {
		t.Errorf("v = %.100s", show(v))
	}
}

func TestBadInput(t *testing.T) {
	t.Parallel()
	dir := write(t, `
-- good/main.tf --
resource "r_r" "r" {}
-- broken/a.tf --
resource "r_r" "first" { v = 1 }

resource "r_r" "second" {
  v = = 2
}

resource "r_r" "third" {
  v = 3
}
-- broken/b.tf --
resource "r_r" "other" {}
-- broken/c.tf.json --
{"resource": [}
-- cyclic/main.tf --
locals {
  a = local.b
  b = local.c
  c = local.a
}
resource "r_r" "r" { v = local.a }
-- self/main.tf --
module "me" { source = "./" }
resource "r_r" "r" {}
-- bomb/main.tf --
locals {
  l0 = ["x", "x", "x", "x", "x", "x", "x", "x", "x", "x"]
  l1 = [local.l0, local.l0, local.l0, local.l0, local.l0, local.l0, local.l0, local.l0, local.l0, local.l0]
  l2 = [local.l1, local.l1, local.l1, local.l1, local.l1, local.l1, local.l1, local.l1, local.l1, local.l1]
  l3 = [local.l2, local.l2, local.l2, local.l2, local.l2, local.l2, local.l2, local.l2, local.l2, local.l2]
  l4 = [local.l3, local.l3, local.l3, local.l3, local.l3, local.l3, local.l3, local.l3, local.l3, local.l3]
  l5 = [local.l4, local.l4, local.l4, local.l4, local.l4, local.l4, local.l4, local.l4, local.l4, local.l4]
  l6 = [local.l5, local.l5, local.l5, local.l5, local.l5, local.l5, local.l5, local.l5, local.l5, local.l5]
  l7 = [local.l6, local.l6, local.l6, local.l6, local.l6, local.l6, local.l6, local.l6, local.l6, local.l6]
  s0 = "0123456789"
  s1 = join("", [for i in range(1000) : local.s0])
  s2 = join("", [for i in range(1000) : local.s1])
  s3 = join("", [for i in range(1000) : local.s2])
}
resource "r_r" "each" { for_each = toset([for i in range(10000000) : tostring(i)]) }
resource "r_r" "many" { for_each = { for p in setproduct(range(1000), range(1000), range(1000)) : join("-", p) => p } }
resource "r_r" "count" { count = 10000001 }
resource "r_r" "loops" {
  v = length([for a in range(1000) : [for b in range(1000) : [for c in range(1000) : 1]]])
  w = length(flatten(local.l7))
  x = length(local.s3)
  y = format("%999999999d", 1)
  z = replace(local.s2, "0", local.s1)
  i = indent(999999999, "a\nb")
}
-- binary/main.tf --
BINARY
-- binary/ok.tf --
resource "r_r" "r" {}
-- deep/main.tf --
DEEP
-- vars/main.tf --
-- vars/terraform.tfvars --
password = "hunter2
`)
	overwrite := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	overwrite("binary/main.tf", []byte("\x7fELF\x00\x01"))
	overwrite("binary/huge.tf", make([]byte, 50<<20))
	overwrite("deep/main.tf", []byte("locals { a = "+strings.Repeat("(", 1<<20)))
	overwrite("deep/unary.tf", []byte("locals { a = "+strings.Repeat("!", 1<<20)))
	if err := os.Symlink("..", filepath.Join(dir, "good", "up")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("loop", filepath.Join(dir, "good", "loop")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, "good", "passwd.tf")); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	roots, coverage, err := Load(t.Context(), []string{dir}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	byDir := map[string]*Root{}
	for _, r := range roots {
		byDir[r.Dir] = r
	}
	if diff := cmp.Diff([]string{"r_r.first", "r_r.third", "r_r.other"}, addresses(byDir["broken"].Resources("r_r"))); diff != "" {
		t.Error(diff)
	}
	for _, name := range []string{"good", "self", "binary"} {
		if got := addresses(byDir[name].Resources("r_r")); len(got) != 1 {
			t.Errorf("%s: %v", name, got)
		}
	}
	if got := show(block(t, byDir["cyclic"], "r_r.r").String("v")); got != "<cycle: local.a -> local.b -> local.c -> local.a>" {
		t.Error(got)
	}
	bomb := byDir["bomb"]
	if diff := cmp.Diff([]string{
		"r_r.each[*] (for_each: bomb/main.tf:15: range: more than 1024 values were generated; either decrease the difference between start and end or use a smaller step)",
		"r_r.many[*] (for_each: bomb/main.tf:16: setproduct: product: value is too large)",
		"r_r.count[*] (count: more than 10000 instances)", "r_r.loops",
	}, addresses(bomb.Resources("r_r"))); diff != "" {
		t.Error(diff)
	}
	for _, name := range []string{"v", "w", "x", "y", "z", "i"} {
		if v := block(t, bomb, "r_r.loops").String(name); v.IsKnown() || !strings.Contains(v.Reason(), "too l") {
			t.Errorf("%s = %.100s", name, show(v))
		}
	}
	if took := time.Since(start); took > 30*time.Second {
		t.Errorf("took %s", took)
	}
	// Coverage of the cycle is found when the local is read.
	got := strings.Join(gaps(append(coverage, byDir["cyclic"].Coverage()...)), "\n")
	for _, want := range []string{
		"failed broken/a.tf: Invalid expression: Expected the start of an expression, but found an invalid expression token @ broken/a.tf:4",
		"failed broken/c.tf.json: ",
		"failed local.a: cycle: local.a -> local.b -> local.c -> local.a @ cyclic/main.tf:2",
		"failed module.me: module calls itself: self @ self/main.tf:1",
		"failed binary/main.tf: is a binary file @ binary/main.tf",
		"failed binary/huge.tf: is larger than 8 MB @ binary/huge.tf",
		"failed deep/main.tf: nested more than 1000 levels deep @ deep/main.tf:1",
		"failed deep/unary.tf: nested more than 1000 levels deep @ deep/unary.tf:1",
		"skipped good/up: link to a folder that holds it is not followed @ good/up",
		"failed good/loop: follow link: too many levels of symbolic links @ good/loop",
		"skipped good/passwd.tf: leads outside the scanned tree @ good/passwd.tf",
		"failed vars/terraform.tfvars: vars/terraform.tfvars:1: ",
		"partial r_r.count: count: more than 10000 instances @ bomb/main.tf:17",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no coverage %q in\n%s", want, got)
		}
	}
	if strings.Contains(got, "hunter2") {
		t.Error("a secret in a message")
	}
}
