// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	hcljson "github.com/hashicorp/hcl/v2/json"
	"github.com/zclconf/go-cty/cty"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code"
)

// input is a value for a variable of the root module: parsed already, or the
// text of an environment variable or option, whose meaning depends on the
// variable's type.
type input struct {
	parsed cty.Value
	text   string
	isText bool
}

func (in input) value(ty cty.Type) cty.Value {
	if !in.isText {
		return in.parsed
	}
	if ty.IsPrimitiveType() || ty == cty.DynamicPseudoType {
		return cty.StringVal(in.text)
	}
	if _, deep := nestsTooDeeply([]byte(in.text)); deep {
		return unknown(ty.WithoutOptionalAttributesDeep(), "its value is nested too deeply")
	}
	expr, diags := hclsyntax.ParseExpression([]byte(in.text), "value of a variable", hcl.InitialPos)
	if diags.HasErrors() {
		return unknown(ty.WithoutOptionalAttributesDeep(), "its value does not parse")
	}
	v, diags := expr.Value(nil)
	if diags.HasErrors() {
		return unknown(ty.WithoutOptionalAttributesDeep(), "its value is not a constant")
	}
	return v
}

// given holds the values that the options give to variables, read once for all
// roots.
type given struct {
	environ, last map[string]input
}

// Validate reports the first option that cannot be used: a value without a
// name, a file of values that does not parse, a malformed pattern.
func (o Options) Validate() error {
	if _, err := o.prepare(); err != nil {
		return err
	}
	return code.Filter{Include: o.Include, Exclude: o.Exclude}.Validate()
}

// prepare reads the options. A file or value that cannot be read is an error:
// the user named it.
func (o Options) prepare() (given, error) {
	g := given{environ: map[string]input{}, last: map[string]input{}}
	for _, entry := range o.Environ {
		name, text, ok := strings.Cut(entry, "=")
		if name, is := strings.CutPrefix(name, "TF_VAR_"); ok && is {
			g.environ[name] = input{text: text, isText: true}
		}
	}
	for _, path := range o.VarFiles {
		src, err := os.ReadFile(path)
		if err == nil && len(src) > code.MaxFileSize {
			err = errors.New("file is too large")
		}
		if err != nil {
			return g, fmt.Errorf("read variables: %w", err)
		}
		if err := readVariables(src, path, g.last); err != nil {
			return g, fmt.Errorf("read variables: %w", err)
		}
	}
	for _, entry := range o.Vars {
		name, text, ok := strings.Cut(entry, "=")
		if !ok || strings.TrimSpace(name) == "" {
			return g, errors.New("read variables: want NAME=VALUE")
		}
		g.last[strings.TrimSpace(name)] = input{text: text, isText: true}
	}
	return g, nil
}

// readInputs merges all values for the variables of a root module, in
// Terraform's order.
func (r *Root) readInputs(g given) {
	r.inputs = map[string]input{}
	maps.Copy(r.inputs, g.environ)
	r.readFiles()
	maps.Copy(r.inputs, g.last)
}

// readFiles reads the files of values that Terraform loads by itself.
func (r *Root) readFiles() {
	entries, err := r.parser.tree.List(r.top.module.dir)
	if err != nil {
		return // the module has said so
	}
	var auto []string
	has := map[string]bool{}
	for _, e := range entries {
		has[e.Name()] = true
		if strings.HasSuffix(e.Name(), ".auto.tfvars") || strings.HasSuffix(e.Name(), ".auto.tfvars.json") {
			auto = append(auto, e.Name())
		}
	}
	for _, name := range append([]string{"terraform.tfvars", "terraform.tfvars.json"}, auto...) {
		if !has[name] {
			continue
		}
		path := filepath.Join(r.top.module.dir, name)
		src, err := r.parser.tree.ReadText(path)
		if err == nil {
			if line, deep := nestsTooDeeply(src); deep {
				err = fmt.Errorf("line %d is nested too deeply", line)
			} else {
				err = readVariables(src, r.parser.tree.Name(path), r.inputs)
			}
		}
		if err != nil {
			line := r.parser.tree.Unreadable(path, err)
			r.cover(line.Part, line.Location, asset.Failed, line.Reason)
		}
	}
}

// readVariables reads a file of variable values into the map.
func readVariables(src []byte, name string, into map[string]input) error {
	var file *hcl.File
	var diags hcl.Diagnostics
	if strings.HasSuffix(name, ".json") {
		file, diags = hcljson.Parse(src, name)
	} else {
		file, diags = hclsyntax.ParseConfig(src, name, hcl.InitialPos)
	}
	if diags.HasErrors() {
		return errors.New(diagnosed(name, diags))
	}
	attrs, diags := file.Body.JustAttributes()
	if diags.HasErrors() {
		return errors.New(diagnosed(name, diags))
	}
	for _, key := range sortedKeys(attrs) {
		v, diags := attrs[key].Expr.Value(nil)
		if diags.HasErrors() {
			return errors.New(diagnosed(name, diags))
		}
		into[key] = input{parsed: v}
	}
	return nil
}

// diagnosed names the place and kind of the first error, and nothing of the
// text there: it may be a secret.
func diagnosed(name string, diags hcl.Diagnostics) string {
	for _, d := range diags {
		if d.Severity == hcl.DiagError && d.Subject != nil {
			return fmt.Sprintf("%s:%d: %s", name, d.Subject.Start.Line, d.Summary)
		}
	}
	return name + ": " + describe(diags)
}
