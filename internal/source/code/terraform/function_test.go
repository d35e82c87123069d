// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"strings"
	"testing"
)

// functionCases are calls with their results, as JSON.
var functionCases = []struct{ call, want string }{
	{`abs(-3)`, `3`},
	{`ceil(1.2)`, `2`},
	{`floor(1.8)`, `1`},
	{`log(8, 2)`, `3`},
	{`max(1, 4, 2)`, `4`},
	{`min(3, 1)`, `1`},
	{`parseint("ff", 16)`, `255`},
	{`pow(2, 5)`, `32`},
	{`signum(-7)`, `-1`},
	{`sum([1, "2", 3])`, `6`},
	{`chomp("a\n")`, `"a"`},
	{`trimspace(" a ")`, `"a"`},
	{`indent(2, "a\nb")`, `"a\n  b"`},
	{`replace("a.b.c", ".", "-")`, `"a-b-c"`},
	{`replace("a1b22", "/[0-9]+/", "<$0>")`, `"a\u003c1\u003eb\u003c22\u003e"`},
	{`format("%s-%03d-%v", "a", 7, true)`, `"a-007-true"`},
	{`formatlist("%s!", ["a", "b"])`, `["a!","b!"]`},
	{`join("-", ["a", "b"])`, `"a-b"`},
	{`split(",", "a,b")`, `["a","b"]`},
	{`lower("AbC")`, `"abc"`},
	{`upper("AbC")`, `"ABC"`},
	{`title("hello world")`, `"Hello World"`},
	{`regex("[a-z]+", "12ab")`, `"ab"`},
	{`regexall("[a-z]", "1a2b")`, `["a","b"]`},
	{`strrev("abc")`, `"cba"`},
	{`substr("hello", 1, 3)`, `"ell"`},
	{`trim("--a--", "-")`, `"a"`},
	{`trimprefix("ab", "a")`, `"b"`},
	{`trimsuffix("ab", "b")`, `"a"`},
	{`startswith("abc", "ab")`, `true`},
	{`endswith("abc", "ab")`, `false`},
	{`strcontains("abc", "bc")`, `true`},
	{`alltrue([true, false])`, `false`},
	{`alltrue([])`, `true`},
	{`anytrue([false, "true"])`, `true`},
	{`chunklist(["a", "b", "c"], 2)`, `[["a","b"],["c"]]`},
	{`coalesce("", null, "x")`, `"x"`},
	{`coalescelist([], ["a"])`, `["a"]`},
	{`compact(["a", "", null])`, `["a"]`},
	{`concat(["a"], ["b"])`, `["a","b"]`},
	{`contains(["a"], "a")`, `true`},
	{`distinct(["a", "b", "a"])`, `["a","b"]`},
	{`element(["a", "b"], 3)`, `"b"`},
	{`flatten([["a", ["b"]], []])`, `["a","b"]`},
	{`index(["a", "b"], "b")`, `1`},
	{`keys({ b = 1, a = 2 })`, `["a","b"]`},
	{`length("héllo")`, `5`},
	{`length({ a = 1 })`, `1`},
	{`length([1, 2])`, `2`},
	{`lookup({ a = "x" }, "a", "d")`, `"x"`},
	{`lookup({ a = "x" }, "b", "d")`, `"d"`},
	{`matchkeys(["i1", "i2"], ["k1", "k2"], ["k2"])`, `["i2"]`},
	{`merge({ a = 1 }, null, { a = 2, b = 3 })`, `{"a":2,"b":3}`},
	{`one(["a"])`, `"a"`},
	{`range(1, 4)`, `[1,2,3]`},
	{`reverse(["a", "b"])`, `["b","a"]`},
	{`setintersection(["a", "b"], ["b"])`, `["b"]`},
	{`setproduct(["a"], ["x", "y"])`, `[["a","x"],["a","y"]]`},
	{`setsubtract(["a", "b"], ["b"])`, `["a"]`},
	{`setunion(["b"], ["a"])`, `["a","b"]`},
	{`slice(["a", "b", "c"], 1, 2)`, `["b"]`},
	{`sort(["b", "a"])`, `["a","b"]`},
	{`transpose({ a = ["x", "y"], b = ["y"] })`, `{"x":["a"],"y":["a","b"]}`},
	{`values({ b = 1, a = 2 })`, `[2,1]`},
	{`zipmap(["a", "b"], [1, 2])`, `{"a":1,"b":2}`},
	{`can(tonumber("x"))`, `false`},
	{`try(tonumber("x"), 5)`, `5`},
	{`tobool("true")`, `true`},
	{`tolist(["a", 1])`, `["a","1"]`},
	{`tomap({ a = 1 })`, `{"a":1}`},
	{`tonumber("5")`, `5`},
	{`toset(["b", "a", "b"])`, `["a","b"]`},
	{`tostring(5)`, `"5"`},
	{`nonsensitive(sensitive("a"))`, `"a"`},
	{`base64decode("aGk=")`, `"hi"`},
	{`base64encode("hi")`, `"aGk="`},
	{`csvdecode("a,b\n1,2")`, `[{"a":"1","b":"2"}]`},
	{`jsondecode("{\"a\":[1,null]}")`, `{"a":[1,null]}`},
	{`jsonencode({ a = [1, "<"] })`, `"{\"a\":[1,\"\\u003c\"]}"`},
	{`urlencode("a b/c")`, `"a+b%2Fc"`},
	{`yamldecode("a: [1, x]")`, `{"a":[1,"x"]}`},
	{`yamlencode({ a = ["x"] })`, `"\"a\":\n- \"x\"\n"`},
	{`basename("a/b.c")`, `"b.c"`},
	{`dirname("a/b.c")`, `"a"`},
	{`formatdate("YYYY-MM-DD", "2024-02-03T04:05:06Z")`, `"2024-02-03"`},
	{`timeadd("2024-02-03T04:05:06Z", "1h")`, `"2024-02-03T05:05:06Z"`},
	{`timecmp("2024-02-03T04:05:06Z", "2025-02-03T04:05:06Z")`, `-1`},
	{`md5("a")`, `"0cc175b9c0f1b6a831c399e269772661"`},
	{`sha1("a")`, `"86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"`},
	{`sha256("a")`, `"ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"`},
	{`substr(sha512("a"), 0, 8)`, `"1f40fc92"`},
	{`base64sha256("a")`, `"ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs="`},
	{`substr(base64sha512("a"), 0, 8)`, `"H0D8ktok"`},
	{`uuidv5("dns", "www.example.com")`, `"2ed6657d-e927-568b-95e1-2665a8aea6a2"`},
	{`cidrhost("10.0.0.0/16", 5)`, `"10.0.0.5"`},
	{`cidrhost("10.0.0.0/16", -1)`, `"10.0.255.255"`},
	{`cidrhost("fd00::/64", 34)`, `"fd00::22"`},
	{`cidrnetmask("10.0.0.0/12")`, `"255.240.0.0"`},
	{`cidrsubnet("10.1.2.0/24", 4, 15)`, `"10.1.2.240/28"`},
	{`cidrsubnet("fd00:fd12:3456:7890::/56", 16, 162)`, `"fd00:fd12:3456:7800:a200::/72"`},
	{`cidrsubnets("10.1.0.0/16", 4, 4, 8, 4)`, `["10.1.0.0/20","10.1.16.0/20","10.1.32.0/24","10.1.48.0/20"]`},
	{`base64gzip("")  != ""`, `true`},
	{`fileexists("main.tf")`, `true`},
	{`fileexists("no.tf")`, `false`},
	{`fileset(".", "*.txt")`, `["a.txt"]`},
	{`file("a.txt")`, `"hi\n"`},
	{`filebase64("a.txt")`, `"aGkK"`},
	{`filemd5("a.txt")`, `"764efa883dda1e11db47671c4a3bbd9e"`},
	{`templatefile("t.tpl", { who = ["a", "b"] })`, `"a,b,\n"`},
}

func TestFunctions(t *testing.T) {
	t.Parallel()
	for _, tt := range functionCases {
		t.Run(tt.call, func(t *testing.T) {
			t.Parallel()
			r := root(t, functionFiles(`jsonencode(`+tt.call+`)`), Options{})
			if got := showText(block(t, r, "t_t.t").Text("v")); got != tt.want {
				t.Errorf("%s = %s, want %s", tt.call, got, tt.want)
			}
		})
	}
}

func functionFiles(expr string) string {
	return "-- main.tf --\nvariable \"unset\" {}\nvariable \"also\" {}\nresource \"t_t\" \"t\" {\n  v = " + expr + "\n}\n" +
		"-- a.txt --\nhi\n-- t.tpl --\n%{ for w in who }${w},%{ endfor }\n"
}

// everyCall has one call for each function, with two unknown arguments where it
// takes two. It must be complete: the test compares it with the table.
var everyCall = map[string]string{
	"abs": "(U)", "ceil": "(U)", "floor": "(U)", "log": "(U, A)", "max": "(U, A)", "min": "(U, A)", "parseint": "(U, A)",
	"pow": "(U, A)", "signum": "(U)", "sum": "([U, A])",
	"chomp": "(U)", "trimspace": "(U)", "indent": "(U, A)", "replace": "(U, A, \"x\")", "format": "(U, A)",
	"formatlist": "(U, A)", "join": "(U, A)", "split": "(U, A)", "lower": "(U)", "upper": "(U)", "title": "(U)",
	"regex": "(U, A)", "regexall": "(U, A)", "strrev": "(U)", "substr": "(U, A, 1)", "trim": "(U, A)",
	"trimprefix": "(U, A)", "trimsuffix": "(U, A)", "startswith": "(U, A)", "endswith": "(U, A)", "strcontains": "(U, A)",
	"alltrue": "([U, A])", "anytrue": "([U, A])", "chunklist": "(U, A)", "coalesce": "(U, A)", "coalescelist": "(U, A)",
	"compact": "(concat(U, A))", "concat": "(U, A)", "contains": "(U, A)", "distinct": "([U, A])", "element": "(U, A)",
	"flatten": "([U, A])", "index": "(U, A)", "keys": "(merge(U, A))", "length": "(U)", "list": "(U, A)",
	"lookup": "(U, A, 1)", "matchkeys": "(U, A, [])", "merge": "(U, A)", "one": "(concat(U, A))", "range": "(U, A)",
	"reverse": "(concat(U, A))", "setintersection": "(U, A)", "setproduct": "(U, A)", "setsubtract": "(U, A)",
	"setunion": "(U, A)", "slice": "(U, A, 2)", "sort": "(concat(U, A))", "transpose": "(merge(U, A))",
	"values": "(merge(U, A))", "zipmap": "(U, A)", "can": "(merge(U, A))", "try": "(merge(U, A))",
	"issensitive": "", "nonsensitive": "(merge(U, A))", "sensitive": "", "ephemeralasnull": "(merge(U, A))",
	"tobool": "(U)", "tolist": "(U)", "tomap": "(U)", "tonumber": "(U)", "toset": "([U, A])", "tostring": "(U)",
	"type": "(U)", "map": "(U, A)", "base64decode": "(U)", "base64encode": "(U)", "base64gzip": "(U)", "base64gunzip": "(U)",
	"csvdecode": "(U)", "jsondecode": "(U)", "jsonencode": "(U)", "textdecodebase64": "(U, A)", "textencodebase64": "(U, A)",
	"urlencode": "(U)", "urldecode": "(U)", "yamldecode": "(U)", "yamlencode": "([U, A])", "abspath": "(U)",
	"basename": "(U)", "dirname": "(U)", "file": "(U)", "filebase64": "(U)", "fileexists": "(U)", "fileset": "(U, A)",
	"filebase64sha256": "(U)", "filebase64sha512": "(U)", "filemd5": "(U)", "filesha1": "(U)", "filesha256": "(U)",
	"filesha512": "(U)", "pathexpand": "(U)", "templatefile": "(U, A)", "templatestring": "(U, A)",
	"formatdate": "(U, A)", "timeadd": "(U, A)", "timecmp": "(U, A)", "timestamp": "", "plantimestamp": "",
	"base64sha256": "(U)", "base64sha512": "(U)", "md5": "(U)", "sha1": "(U)", "sha256": "(U)", "sha512": "(U)",
	"uuidv5": "(U, A)", "uuid": "", "bcrypt": "(U)", "rsadecrypt": "(U, A)", "cidrhost": "(U, A)", "cidrnetmask": "(U)",
	"cidrsubnet": "(U, A, 1)", "cidrsubnets": "(U, A)",
}

// TestReasonsSurviveEveryFunction is the property that lets a verdict say why:
// whatever a function does with unknown arguments, the result has the reasons
// of all of them.
func TestReasonsSurviveEveryFunction(t *testing.T) {
	t.Parallel()
	for name := range table() {
		call, listed := everyCall[name]
		if !listed {
			t.Errorf("%s has no call in the test", name)
			continue
		}
		if call == "" {
			continue
		}
		for _, form := range []struct{ name, unset, also string }{
			{"untyped", "var.unset", "var.also"},
			{"template", `"p-${var.unset}"`, `"q-${var.also}"`},
			{"list", `[var.unset]`, `[var.also]`},
		} {
			t.Run(name+" "+form.name, func(t *testing.T) {
				t.Parallel()
				args := strings.NewReplacer("U", form.unset, "A", form.also).Replace(call)
				expr := name + args
				b := block(t, root(t, functionFiles(expr), Options{}), "t_t.t")
				v, ok := b.attr("v")
				if !ok {
					t.Fatal("no value")
				}
				about := b.root.inspect(v)
				if form.name == "untyped" && (!about.open() || strings.Contains(about.reason(), "main.tf:")) {
					t.Fatalf("%s is %s", expr, about.reason())
				}
				if !about.open() || strings.Contains(about.reason(), "main.tf:") {
					return // known all the same, or the form does not fit the function
				}
				want := []string{"var.unset has no value"}
				// These give their first argument unchanged, if it is there.
				first := form.name != "untyped" && (name == "coalesce" || name == "coalescelist")
				if strings.Contains(call, "A") && !first {
					want = append(want, "var.also has no value")
				}
				for _, reason := range want {
					if !about.reasons[reason] {
						t.Errorf("%s lost %q: %v", expr, reason, about.list())
					}
				}
			})
		}
	}
}

// TestSecretsStaySecret: no function gives a sensitive argument away.
func TestSecretsStaySecret(t *testing.T) {
	t.Parallel()
	for name := range table() {
		call := everyCall[name]
		if call == "" || name == "nonsensitive" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			args := strings.NewReplacer("U", `sensitive("hunter2")`, "A", `sensitive("hunter2")`).Replace(call)
			b := block(t, root(t, functionFiles("[jsonencode("+name+args+")]"), Options{}), "t_t.t")
			got := showText(b.Text("v"))
			for _, e := range b.Strings("v").Elems() {
				got += show(e)
			}
			for _, form := range []string{"hunter2", "HUNTER2", "2retnuh", "aHVudGVyMg"} {
				if strings.Contains(got, form) {
					t.Errorf("%s%s = %s", name, args, got)
				}
			}
		})
	}
}
