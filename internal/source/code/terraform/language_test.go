// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import "testing"

// languageCases are expressions with the JSON of a list of their value. The
// results were compared with those of Terraform 1.11.
var languageCases = []struct{ expr, want string }{
	{`true ? 1 : "a"`, `["1"]`},
	{`true ? [1, "b"] : []`, `[["1","b"]]`},
	{`false ? { a = 1 } : { b = "x" }`, `[{"b":"x"}]`},
	{`true ? { a = 1, b = "x" } : {}`, `[{"a":"1","b":"x"}]`},
	{`true ? null : "x"`, `[null]`},
	{`true ? toset(["a"]) : []`, `[["a"]]`},
	{`var.o`, `[{"a":"5","b":[7],"c":{"d":true}}]`},
	{`var.m`, `[{"x":"1","y":"two"}]`},
	{`var.s`, `[["a","b"]]`},
	{`var.t`, `[["1",2]]`},
	{`var.any`, `[[1,"a",{"k":null}]]`},
	{`local.l[*].n`, `[["x","y"]]`},
	{`local.l[0].v[*]`, `[[1,2]]`},
	{`local.nul[*]`, `[[]]`},
	{`"x"[*]`, `[["x"]]`},
	{`[for i, x in local.l : "${i}${x.n}"]`, `[["0x","1y"]]`},
	{`{ for i, x in local.l : x.n => x.v }`, `[{"x":[1,2],"y":[]}]`},
	{`{ for x in ["a", "b", "a"] : x => 1... }`, `[{"a":[1,1],"b":[1]}]`},
	{`[for k, v in { b = 1, a = 2 } : k]`, `[["a","b"]]`},
	{`[for v in var.s : v]`, `[["a","b"]]`},
	{`{ for k, v in var.m : upper(k) => v if v != "two" }`, `[{"X":"1"}]`},
	{`flatten([for x in local.l : [for v in x.v : { n = x.n, v = v }]])`, `[[{"n":"x","v":1},{"n":"x","v":2}]]`},
	{`"${1.50}"`, `[1.5]`},
	{`"${100000000000000000000}"`, `[100000000000000000000]`},
	{`"${0.1 + 0.2}"`, `[0.3]`},
	{`1 / 3`, `[0.33333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333335]`},
	{`7 % 3`, `[1]`},
	{`-7 % 3`, `[-1]`},
	{`1 == 1.0`, `[true]`},
	{`"1" == 1`, `[false]`},
	{`[] == []`, `[true]`},
	{`{ a = 1 } == { a = 1 }`, `[true]`},
	{`null == null`, `[true]`},
	{`"a\tb\"c\u00e9"`, `["a\tb\"cé"]`},
	{`"$${x} %%{y}"`, `["${x} %{y}"]`},
	{`merge({ a = { b = 1 } }, { a = { c = 2 } })`, `[{"a":{"c":2}}]`},
	{`concat([1], ["a"], [])`, `[[1,"a"]]`},
	{`tomap({ a = 1, b = "x" })`, `[{"a":"1","b":"x"}]`},
	{`tolist([1, "a", true])`, `[["1","a","true"]]`},
	{`setproduct(["a", "b"], [1, 2])`, `[[["a",1],["a",2],["b",1],["b",2]]]`},
	{`zipmap(["a"], [[1]])`, `[{"a":[1]}]`},
	{`lookup({ a = [1] }, "b", null)`, `[null]`},
	{`coalesce(null, "", 5)`, `["5"]`},
	{`try({}.a.b, ["x"].0, "z")`, `["x"]`},
	{`formatlist("%s-%s", ["a", "b"], "x")`, `[["a-x","b-x"]]`},
	{`regex("(?P<y>[0-9]+)-(?P<m>[0-9]+)", "2024-05")`, `[{"m":"05","y":"2024"}]`},
	{`regexall("([a-z])([0-9])", "a1b2")`, `[[["a","1"],["b","2"]]]`},
	{`split("", "abc")`, `[["a","b","c"]]`},
	{`substr("hello", -3, 2)`, `["ll"]`},
	{`keys(var.o)`, `[["a","b","c"]]`},
	{`values(var.o)`, `[["5",[7],{"d":true}]]`},
	{`length(var.o)`, `[3]`},
	{`distinct([[1], [1], [2]])`, `[[[1],[2]]]`},
	{`index(["a", "b"], "b")`, `[1]`},
	{`jsondecode("{\"a\": 1.50, \"b\": [true, null]}")`, `[{"a":1.5,"b":[true,null]}]`},
	{`yamldecode("a: 1\nb: [x, 2.5, ~]\nc: 'y'")`, `[{"a":1,"b":["x",2.5,null],"c":"y"}]`},
	{`csvdecode("a,b\n1,2\n3,4")`, `[[{"a":"1","b":"2"},{"a":"3","b":"4"}]]`},
	{`cidrsubnets("fd00::/48", 16, 16)`, `[["fd00::/64","fd00:0:0:1::/64"]]`},
	{`cidrhost("10.12.127.0/20", 268)`, `["10.12.113.12"]`},
	{`timeadd("2024-01-01T00:00:00Z", "-10m")`, `["2023-12-31T23:50:00Z"]`},
	{`formatdate("DD MMM YYYY hh:mm ZZZ", "2018-01-02T23:12:01Z")`, `["02 Jan 2018 23:12 UTC"]`},
	{`title("a-b c")`, `["A-B C"]`},
	{`trim("?!hello?!", "!?")`, `["hello"]`},
	{`startswith("abc", "")`, `[true]`},
	{`compact(["a", null, ""])`, `[["a"]]`},
	{`chunklist([1, 2, 3], 2)`, `[[[1,2],[3]]]`},
	{`sum([1.5, 2])`, `[3.5]`},
	{`range(5, 0, -2)`, `[[5,3,1]]`},
	{`slice(["a", "b"], 1, 2)`, `[["b"]]`},
	{`sort(["b", "A", "a"])`, `[["A","a","b"]]`},
	{`transpose({ a = ["1"] })`, `[{"1":["a"]}]`},
	{`matchkeys(["a", "b"], ["x", "y"], ["y"])`, `[["b"]]`},
	{`one(toset(["q"]))`, `["q"]`},
	{`can(var.o.zzz)`, `[false]`},
	{`nonsensitive(sensitive({ a = 1 }))`, `[{"a":1}]`},
	{`base64encode("é")`, `["w6k="]`},
	{`urlencode("é ?&=")`, `["%C3%A9+%3F%26%3D"]`},
	{`md5("é")`, `["66ddcd97cfdeabb2f6fb8a999b4bc76f"]`},
	{`abs("-3")`, `[3]`},
	{`upper(5)`, `["5"]`},
	{`join(",", var.s)`, `["a,b"]`},
	{`join(",", [1, true])`, `["1,true"]`},
	{`format("%q %5.2f %x %t %-4s| %v", "a", 3.14159, 255, true, "b", [1, "x"])`, `["\"a\"  3.14 ff true b   | [1,\"x\"]"]`},
	{`format("%#v", { a = 1 })`, `["{\"a\":1}"]`},
	{`{ "a b" = 1, (upper("k")) = 2, c : 3 }`, `[{"K":2,"a b":1,"c":3}]`},
	{`[1, 2, 3][0]`, `[1]`},
	{`{ a = 1 }["a"]`, `[1]`},
	{`var.any[2].k`, `[null]`},
	{`!true || false && true`, `[false]`},
	{`2 + 3 * 4 - 6 / 2`, `[11]`},
	{`(1 > 0) == (2 >= 2)`, `[true]`},
	{`alltrue([true, "true"])`, `[true]`},
	{`anytrue([])`, `[false]`},
}

func TestLanguage(t *testing.T) {
	t.Parallel()
	const scene = `
variable "o" {
  type    = object({ a = string, b = optional(list(number), [7]), c = optional(object({ d = optional(bool, true) }), {}) })
  default = { a = 5 }
}
variable "m" {
  type    = map(any)
  default = { x = 1, y = "two" }
}
variable "s" {
  type    = set(string)
  default = ["b", "a", "b"]
}
variable "t" {
  type    = tuple([string, number])
  default = [1, "2"]
}
variable "any" {
  default = [1, "a", { k = null }]
}
locals {
  l = [{ n = "x", v = [1, 2] }, { n = "y", v = [] }]
  nul = null
}
resource "t_t" "t" {
  v = jsonencode([EXPR])
}
`
	for _, tt := range languageCases {
		t.Run(tt.expr, func(t *testing.T) {
			t.Parallel()
			r := root(t, replaceOnce(scene, "EXPR", tt.expr), Options{})
			if got := showText(block(t, r, "t_t.t").Text("v")); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}
