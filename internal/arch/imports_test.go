// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package arch

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/plumb-cspm/plumb"

// pkg is what the rules need of `go list`.
type pkg struct {
	ImportPath   string
	Standard     bool
	Imports      []string // direct
	Deps         []string // transitive
	TestImports  []string
	XTestImports []string
}

// name is the path within the module: "internal/asset".
func (p pkg) name() string { return strings.TrimPrefix(p.ImportPath, module+"/") }

// world is every package of the module and everything that they lead to.
type world map[string]pkg

func load(t *testing.T) world {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-e", "-deps",
		"-json=ImportPath,Standard,Imports,Deps,TestImports,XTestImports", "./...")
	cmd.Dir = "../.."
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.String())
	}
	w := world{}
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return w
		} else if err != nil {
			t.Fatalf("read go list: %v", err)
		}
		w[p.ImportPath] = p
	}
}

// ours are the packages of this module, sorted by path.
func (w world) ours() []pkg {
	var ps []pkg
	for path, p := range w {
		if strings.HasPrefix(path, module+"/") {
			ps = append(ps, p)
		}
	}
	slices.SortFunc(ps, func(a, b pkg) int { return strings.Compare(a.ImportPath, b.ImportPath) })
	return ps
}

// rule is one arrow that must not be there. It answers, for a package of this
// module, which of the imports break it.
type rule struct {
	name   string
	why    string
	breaks func(w world, p pkg) []string
}

var rules = []rule{
	{
		name: "asset rests on the standard library alone",
		why:  "every package speaks its words, so it can depend on none",
		breaks: func(w world, p pkg) []string {
			if p.name() != "internal/asset" {
				return nil
			}
			return pick(p.Deps, func(dep string) bool { return !w[dep].Standard })
		},
	},
	{
		name: "policies, ARNs and networks rest on the standard library and asset",
		why:  "they are values that rooms, expressions and the graph share",
		breaks: func(w world, p pkg) []string {
			if !under(p.name(), "internal/aws") && !under(p.name(), "internal/netrange") {
				return nil
			}
			return pick(p.Deps, func(dep string) bool {
				return !w[dep].Standard && dep != module+"/internal/asset" &&
					dep != module+"/internal/netrange" && !under(dep, module+"/internal/aws")
			})
		},
	},
	{
		name: "only expr speaks CEL",
		why:  "three-valued evaluation is easy to break from outside",
		breaks: func(_ world, p pkg) []string {
			if under(p.name(), "internal/expr") {
				return nil
			}
			return pick(everyImport(p), func(dep string) bool {
				return under(dep, "cel.dev") || under(dep, "github.com/google/cel-go")
			})
		},
	},
	{
		name: "rooms do not know each other",
		why:  "adding or dropping a service must touch its folder only",
		breaks: func(_ world, p pkg) []string {
			room, ok := roomOf(p.name())
			if !ok {
				return nil
			}
			return pick(everyImport(p), func(dep string) bool {
				// A room's tests keep the contract that all rooms have in common.
				contract := dep == module+"/providers/all/roomtest" && !slices.Contains(p.Imports, dep)
				return under(dep, module+"/providers") && !under(dep, module+"/"+room) && !contract
			})
		},
	},
	{
		name: "rooms are brought in by the registries alone",
		why:  "nothing downstream of a source knows which services there are",
		breaks: func(_ world, p pkg) []string {
			if under(p.name(), "providers") {
				return nil
			}
			return pick(p.Imports, func(dep string) bool {
				assembles := p.name() == "internal/cli" || under(p.name(), "internal/gen")
				return under(dep, module+"/providers") && (!assembles || !under(dep, module+"/providers/all"))
			})
		},
	},
	{
		name: "what reads code leads to no cloud SDK",
		why:  "scanning code needs no network, and the SDKs are most of the binary",
		breaks: func(_ world, p pkg) []string {
			room, isRoom := roomOf(p.name())
			if p.name() != "providers/all/code" && !under(p.name(), "internal/source/code") && (!isRoom || p.name() != room) {
				return nil
			}
			return pick(p.Deps, func(dep string) bool { return under(dep, "github.com/aws") })
		},
	},
	{
		name: "a service's SDK is used by its room's live package",
		why:  "one place to look for the calls that a service costs",
		breaks: func(_ world, p pkg) []string {
			const services = "github.com/aws/aws-sdk-go-v2/service"
			allowed := []string{}
			switch {
			case strings.HasPrefix(p.name(), "providers/aws/") && strings.HasSuffix(p.name(), "/live"):
				return nil
			case under(p.name(), "internal/mototest"):
				return nil
			case under(p.name(), "internal/source/cloud/aws"):
				allowed = []string{services + "/account", services + "/ec2", services + "/sts"}
			}
			return pick(p.Imports, func(dep string) bool {
				return under(dep, services) && !slices.ContainsFunc(allowed, func(a string) bool { return under(dep, a) })
			})
		},
	},
	{
		name: "flags end in cli",
		why:  "inside, options are structs that a server can fill as well",
		breaks: func(_ world, p pkg) []string {
			if p.name() == "internal/cli" {
				return nil
			}
			return pick(p.Imports, func(dep string) bool { return under(dep, "github.com/spf13") })
		},
	},
	{
		name: "nothing but main imports cli",
		why:  "what a command does must be callable without the command line",
		breaks: func(_ world, p pkg) []string {
			if p.name() == "cmd/plumb" {
				return nil
			}
			return pick(p.Imports, func(dep string) bool { return dep == module+"/internal/cli" })
		},
	},
}

func TestArrowsPointDown(t *testing.T) {
	t.Parallel()
	w := load(t)
	if len(w.ours()) < 3 || !w["fmt"].Standard {
		t.Fatalf("go list knows %d packages of %s: the rules below would hold for nothing", len(w.ours()), module)
	}
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			for _, p := range w.ours() {
				for _, dep := range r.breaks(w, p) {
					t.Errorf("%s leads to %s\nwhy not: %s", p.name(), dep, r.why)
				}
			}
		})
	}
}

// A rule that nothing can break would hold nothing. Each is shown a package that
// breaks it.
func TestEveryRuleCanBeBroken(t *testing.T) {
	t.Parallel()
	const (
		sdk = "github.com/aws/aws-sdk-go-v2/service/s3"
		s3  = module + "/providers/aws/s3"
	)
	culprits := map[string]pkg{
		"asset rests on the standard library alone":                          {ImportPath: module + "/internal/asset", Deps: []string{"fmt", "github.com/google/go-cmp/cmp"}},
		"policies, ARNs and networks rest on the standard library and asset": {ImportPath: module + "/internal/aws/policy", Deps: []string{module + "/internal/expr"}},
		"only expr speaks CEL":                                               {ImportPath: module + "/internal/control", TestImports: []string{"cel.dev/cel-go/cel"}},
		"rooms do not know each other":                                       {ImportPath: module + "/providers/aws/kms/live", Imports: []string{s3}},
		"rooms are brought in by the registries alone":                       {ImportPath: module + "/internal/scan", Imports: []string{s3}},
		"what reads code leads to no cloud SDK":                              {ImportPath: module + "/providers/all/code", Deps: []string{sdk}},
		"a service's SDK is used by its room's live package":                 {ImportPath: module + "/internal/source/cloud/aws", Imports: []string{sdk}},
		"flags end in cli":                                                   {ImportPath: module + "/internal/report", Imports: []string{"github.com/spf13/cobra"}},
		"nothing but main imports cli":                                       {ImportPath: module + "/internal/scan", Imports: []string{module + "/internal/cli"}},
	}
	w := world{"fmt": {ImportPath: "fmt", Standard: true}}
	for _, r := range rules {
		culprit, ok := culprits[r.name]
		if !ok {
			t.Errorf("no package here breaks the rule %q", r.name)
			continue
		}
		if got := r.breaks(w, culprit); len(got) != 1 {
			t.Errorf("%s: %s breaks the rule with %q, want one import", r.name, culprit.name(), got)
		}
	}
}

// everyImport lists the direct imports, those of the tests included.
func everyImport(p pkg) []string {
	return slices.Concat(p.Imports, p.TestImports, p.XTestImports)
}

// roomOf returns the room that a package belongs to: "providers/aws/s3" for
// itself and for what is below it.
func roomOf(name string) (string, bool) {
	parts := strings.Split(name, "/")
	if len(parts) < 3 || parts[0] != "providers" || parts[1] == "all" {
		return "", false
	}
	return path.Join(parts[:3]...), true
}

func under(name, root string) bool { return name == root || strings.HasPrefix(name, root+"/") }

func pick(names []string, want func(string) bool) []string {
	var picked []string
	for _, n := range names {
		if want(n) {
			picked = append(picked, n)
		}
	}
	return picked
}
