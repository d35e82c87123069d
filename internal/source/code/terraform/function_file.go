// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"encoding/base64"
	"errors"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/plumb-cspm/plumb/internal/source/code"
)

// literalArgs are the arguments as known texts. ok is false where one is
// unknown; the result then is.
func (r *Root) literalArgs(args []cty.Value, want int) (texts []string, result cty.Value, err error) {
	if len(args) != want {
		return nil, cty.NilVal, errors.New("wrong number of arguments")
	}
	about := r.inspect(args...)
	for _, v := range args {
		bare, _ := r.plain(v).Unmark()
		text, err := r.convert(bare, cty.String)
		switch {
		case err != nil:
			return nil, cty.NilVal, err
		case about.secret:
			return nil, unknown(cty.String, about.list()...).Mark(secret{}), nil
		case !text.IsKnown():
			return nil, unknown(cty.DynamicPseudoType, about.list()...), nil
		case text.IsNull():
			return nil, cty.NilVal, errors.New("argument is null")
		}
		texts = append(texts, text.AsString())
	}
	return texts, cty.NilVal, nil
}

// locate is the absolute path of a file that code names: relative to the root
// module, as in a run of Terraform.
func (r *Root) locate(name string) string {
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	return filepath.Join(r.top.module.dir, filepath.FromSlash(name))
}

// contents reads a file that code names. One that is not there may be made
// before the run, so that is unknown and not an error.
func (r *Root) contents(fn, name string) ([]byte, cty.Value) {
	src, err := r.parser.tree.ReadFile(r.locate(name))
	if err == nil {
		return src, cty.NilVal
	}
	reason := fn + "(" + name + "): "
	switch {
	case errors.Is(err, fs.ErrNotExist):
		reason += "there is no such file"
	case errors.Is(err, code.ErrOutside):
		reason += "is outside the scanned tree"
	default:
		reason += r.parser.tree.Unreadable(r.locate(name), err).Reason
	}
	return nil, unknown(cty.String, reason)
}

func file(r *Root, _ *frame, args []cty.Value) (cty.Value, error) {
	texts, result, err := r.literalArgs(args, 1)
	if texts == nil {
		return result, err
	}
	src, missing := r.contents("file", texts[0])
	if missing != cty.NilVal {
		return missing, nil
	}
	if !utf8.Valid(src) {
		return cty.NilVal, errors.New("file is not UTF-8 text")
	}
	return cty.StringVal(string(src)), nil
}

func fileBase64(r *Root, _ *frame, args []cty.Value) (cty.Value, error) {
	texts, result, err := r.literalArgs(args, 1)
	if texts == nil {
		return result, err
	}
	src, missing := r.contents("filebase64", texts[0])
	if missing != cty.NilVal {
		return missing, nil
	}
	return cty.StringVal(base64.StdEncoding.EncodeToString(src)), nil
}

func fileHash(hash func([]byte) string) func(*Root, *frame, []cty.Value) (cty.Value, error) {
	return func(r *Root, _ *frame, args []cty.Value) (cty.Value, error) {
		texts, result, err := r.literalArgs(args, 1)
		if texts == nil {
			return result, err
		}
		src, missing := r.contents("file", texts[0])
		if missing != cty.NilVal {
			return missing, nil
		}
		return cty.StringVal(hash(src)), nil
	}
}

func fileExists(r *Root, _ *frame, args []cty.Value) (cty.Value, error) {
	texts, result, err := r.literalArgs(args, 1)
	if texts == nil {
		return result, err
	}
	_, err = r.parser.tree.Resolve(r.locate(texts[0]))
	switch {
	case err == nil:
		return cty.True, nil
	case errors.Is(err, fs.ErrNotExist):
		return cty.False, nil
	}
	return unknown(cty.Bool, "fileexists("+texts[0]+"): cannot be looked at"), nil
}

// maxFileSet bounds what fileset lists.
const maxFileSet = 10_000

func fileSet(r *Root, _ *frame, args []cty.Value) (cty.Value, error) {
	texts, result, err := r.literalArgs(args, 2)
	if texts == nil {
		return result, err
	}
	dir, pattern := r.locate(texts[0]), path.Clean(filepath.ToSlash(texts[1]))
	if !doublestar.ValidatePattern(pattern) || strings.HasPrefix(pattern, "..") {
		return cty.NilVal, errors.New("pattern is not valid")
	}
	if _, err := r.parser.tree.Resolve(dir); err != nil {
		return unknown(cty.Set(cty.String), "fileset("+texts[0]+"): cannot be looked at"), nil
	}
	var names []cty.Value
	visited := 0
	err = filepath.WalkDir(dir, func(at string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if r.isOver() {
			return errEnded
		}
		if visited++; visited > 10*maxFileSet || len(names) > maxFileSet {
			return errTooLarge
		}
		if entry.IsDir() {
			if name := entry.Name(); at != dir && (name == ".git" || name == "node_modules") {
				return fs.SkipDir
			}
			return nil
		}
		rel, err := filepath.Rel(dir, at)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if doublestar.MatchUnvalidated(pattern, rel) {
			names = append(names, cty.StringVal(rel))
		}
		return nil
	})
	if err != nil {
		return unknown(cty.Set(cty.String), "fileset("+texts[0]+"): cannot be listed"), nil
	}
	if len(names) == 0 {
		return cty.SetValEmpty(cty.String), nil
	}
	return cty.SetVal(names), nil
}

func absPath(r *Root, _ *frame, args []cty.Value) (cty.Value, error) {
	texts, result, err := r.literalArgs(args, 1)
	if texts == nil {
		return result, err
	}
	return cty.StringVal(filepath.ToSlash(r.locate(texts[0]))), nil
}

func pathExpand(r *Root, _ *frame, args []cty.Value) (cty.Value, error) {
	texts, result, err := r.literalArgs(args, 1)
	if texts == nil {
		return result, err
	}
	if strings.HasPrefix(texts[0], "~") {
		return unknown(cty.String, "pathexpand(): the home folder differs from machine to machine"), nil
	}
	return cty.StringVal(texts[0]), nil
}

// templateFile renders a file as a template. Unknown variables leave holes.
func templateFile(r *Root, _ *frame, args []cty.Value) (cty.Value, error) {
	if len(args) != 2 {
		return cty.NilVal, errors.New("want two arguments")
	}
	texts, result, err := r.literalArgs(args[:1], 1)
	if texts == nil {
		if result != cty.NilVal {
			result = r.explained(result, r.inspect(args...))
		}
		return result, err
	}
	src, missing := r.contents("templatefile", texts[0])
	if missing != cty.NilVal {
		return missing, nil
	}
	return r.render(src, r.parser.tree.Name(r.locate(texts[0])), args[1])
}

func templateString(r *Root, _ *frame, args []cty.Value) (cty.Value, error) {
	if len(args) != 2 {
		return cty.NilVal, errors.New("want two arguments")
	}
	texts, result, err := r.literalArgs(args[:1], 1)
	if texts == nil {
		if result != cty.NilVal {
			result = r.explained(result, r.inspect(args...))
		}
		return result, err
	}
	return r.render([]byte(texts[0]), "template", args[1])
}

// maxTemplates bounds templates that render templates.
const maxTemplates = 10

func (r *Root) render(src []byte, name string, vars cty.Value) (cty.Value, error) {
	if _, deep := nestsTooDeeply(src); deep || !utf8.Valid(src) {
		return cty.NilVal, errors.New("template is not usable")
	}
	if slices.Contains(r.rendering, name) || len(r.rendering) >= maxTemplates {
		return cty.NilVal, errors.New("template renders itself")
	}
	expr, diags := hclsyntax.ParseTemplate(src, name, hcl.InitialPos)
	if diags.HasErrors() {
		return cty.NilVal, errors.New(diagnosed(name, diags))
	}
	// A template sees its variables and nothing else.
	empty := &instance{root: r, module: newModule("", ""), path: "."}
	in := &frame{inst: empty}
	bare, marks := vars.Unmark()
	if !bare.IsKnown() || bare.IsNull() || !bare.Type().IsObjectType() && !bare.Type().IsMapType() {
		about := r.inspect(vars)
		if about.unknown {
			return sameSecrecy(unknown(cty.String, about.list()...), about), nil
		}
		return cty.NilVal, errors.New("variables of the template are not a map")
	}
	for it := bare.ElementIterator(); it.Next(); {
		key, v := it.Element()
		in = in.with(key.AsString(), inherit(v, marks))
	}
	r.rendering = append(r.rendering, name)
	defer func() { r.rendering = r.rendering[:len(r.rendering)-1] }()
	v, err := r.eval(expr, in)
	if err != nil {
		return cty.NilVal, err
	}
	if bare, _ := v.Unmark(); !bare.IsKnown() {
		if s, err := r.textOf(v); err == nil && !r.isSecret(v) {
			return cty.StringVal(s), nil
		}
	}
	return r.convert(v, cty.String)
}
