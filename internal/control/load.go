// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package control

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
	gocvss40 "github.com/pandatix/go-cvss/40"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// maxFile bounds a control file; ours are a few kilobytes.
const maxFile = 256 << 10

// file is a control file as YAML spells it.
type file struct {
	Title       string              `yaml:"title"`
	Asset       string              `yaml:"asset"`
	Severity    string              `yaml:"severity"`
	CVSS        string              `yaml:"cvss"`
	Applies     string              `yaml:"applies"`
	Pass        string              `yaml:"pass"`
	Message     string              `yaml:"message"`
	Why         string              `yaml:"why"`
	Fix         Fix                 `yaml:"fix"`
	References  []string            `yaml:"references"`
	Equivalents map[string][]string `yaml:"equivalents"`
	Related     map[string][]string `yaml:"related"`
	Aliases     []string            `yaml:"aliases"`
	Examples    []Example           `yaml:"examples"`
}

// Load reads the control files (*.yaml) below a folder of a file system. A file
// with a mistake is left out and reported; the others are returned, sorted by id.
func Load(fsys fs.FS, dir string) ([]*Control, []*Mistake) {
	var controls []*Control
	var mistakes []*Mistake
	report := func(name string, err error) {
		var m *Mistake
		if !errors.As(err, &m) {
			m = &Mistake{File: name, Message: err.Error()}
		}
		mistakes = append(mistakes, m)
	}
	err := fs.WalkDir(fsys, dir, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			report(name, err)
			return nil
		case d.IsDir() || !(strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")):
			return nil
		}
		if info, err := d.Info(); err == nil && info.Size() > maxFile {
			report(name, fmt.Errorf("a control file has at most %d bytes", maxFile))
			return nil
		}
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			report(name, err)
			return nil
		}
		c, err := Parse(name, data)
		if err != nil {
			report(name, err)
			return nil
		}
		controls = append(controls, c)
		return nil
	})
	if err != nil {
		report(dir, err)
	}
	slices.SortFunc(controls, func(a, b *Control) int { return strings.Compare(a.ID, b.ID) })
	return controls, mistakes
}

var idPattern = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)+$`)

// Parse reads one control. Its id is the file's name. The expressions are not
// checked yet: [Control.Check] does that, against the asset types. An error is
// a *[Mistake].
func Parse(name string, data []byte) (*Control, error) {
	at, err := newPositions(name, data)
	if err != nil {
		return nil, err
	}
	var f file
	if err := yaml.UnmarshalWithOptions(data, &f, yaml.Strict()); err != nil {
		return nil, yamlMistake(name, err)
	}
	c := &Control{
		Rule: Rule{
			ID:    strings.TrimSuffix(strings.TrimSuffix(path.Base(name), ".yaml"), ".yml"),
			Title: f.Title, Asset: f.Asset, Severity: Severity(f.Severity),
			Applies: strings.TrimSpace(f.Applies), Pass: strings.TrimSpace(f.Pass), Message: strings.TrimSpace(f.Message),
			Aliases: f.Aliases,
		},
		Source: name, at: at,
	}
	text := Text{
		CVSS: f.CVSS, Why: strings.TrimSpace(f.Why), Fix: f.Fix, References: f.References,
		Equivalents: sorted(f.Equivalents), Related: sorted(f.Related), Examples: f.Examples,
	}
	c.text = func() Text { return text }
	if err := c.checkShape(); err != nil {
		return nil, err
	}
	return c, nil
}

func sorted(byTool map[string][]string) []Equivalent {
	var es []Equivalent
	for tool, ids := range byTool {
		es = append(es, Equivalent{tool, ids})
	}
	slices.SortFunc(es, func(a, b Equivalent) int { return strings.Compare(a.Tool, b.Tool) })
	return es
}

// checkShape reports the first thing that a control lacks or that contradicts
// itself, expressions aside.
func (c *Control) checkShape() error {
	switch {
	case !idPattern.MatchString(c.ID):
		return c.Mistake("", fmt.Sprintf("the file's name is the control's id, like aws-s3-bucket-versioning.yaml: %q is none", c.ID))
	case c.Title == "":
		return c.Mistake("title", "a control needs a title")
	case c.Asset == "":
		return c.Mistake("asset", "a control needs an asset type")
	case c.Pass == "":
		return c.Mistake("pass", "a control needs a pass expression")
	case c.Message == "":
		return c.Mistake("message", "a control needs a message: the sentence that names the value found")
	}
	if _, err := ParseSeverity(string(c.Severity)); err != nil {
		return c.Mistake("severity", err.Error())
	}
	if vector := c.Text().CVSS; vector != "" {
		if err := c.checkCVSS(vector); err != nil {
			return c.Mistake("cvss", err.Error())
		}
	}
	for i, e := range c.Text().Examples {
		at := fmt.Sprintf("examples[%d]", i)
		switch {
		case e.Name == "":
			return c.Mistake(at, "an example needs a name")
		case !slices.Contains([]asset.Outcome{asset.Pass, asset.Fail, asset.Undecided, NotApplicable}, e.Verdict):
			return c.Mistake(at+".verdict", fmt.Sprintf("verdict %q is not one of pass, fail, unknown, none", e.Verdict))
		case e.languages() > 1 || (e.languages() == 0) == (e.Asset == nil):
			return c.Mistake(at, "an example is either code in one language or asset")
		}
	}
	return nil
}

// checkCVSS compares the severity with the band of the vector's score (CVSS
// 4.0, section 6).
func (c *Control) checkCVSS(vector string) error {
	parsed, err := gocvss40.ParseVector(vector)
	if err != nil {
		return fmt.Errorf("not a CVSS 4.0 vector: %w", err)
	}
	rating, err := gocvss40.Rating(parsed.Score())
	if err != nil {
		return err
	}
	if got := Severity(strings.ToLower(rating)); got != c.Severity {
		return fmt.Errorf("the vector scores %.1f, which is %s, but the severity is %s", parsed.Score(), got, c.Severity)
	}
	return nil
}

// positions finds where a key of a control file stands.
type positions map[string]position

type position struct {
	line, column int  // of the value
	block        bool // a block scalar: the text starts on the next line
}

// newPositions walks the YAML tree once. Keys are paths: "fix.cli", "examples[2].name".
func newPositions(name string, data []byte) (positions, error) {
	tree, err := parser.ParseBytes(data, 0)
	if err != nil {
		return nil, yamlMistake(name, err)
	}
	at := positions{}
	if len(tree.Docs) != 1 || tree.Docs[0].Body == nil {
		return nil, &Mistake{File: name, Line: 1, Column: 1, Message: "a control file holds exactly one YAML document"}
	}
	odd := &oddities{}
	ast.Walk(odd, tree.Docs[0].Body)
	if tok := odd.first; tok != nil {
		return nil, &Mistake{File: name, Line: tok.Position.Line, Column: tok.Position.Column, Message: "a control file uses no tags, anchors, aliases or merges"}
	}
	at.add("", tree.Docs[0].Body)
	return at, nil
}

// oddities finds what a control has no use for and can make a small file large.
type oddities struct{ first *token.Token }

// Visit implements [ast.Visitor].
func (o *oddities) Visit(node ast.Node) ast.Visitor {
	switch node.(type) {
	case *ast.TagNode, *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode:
		if o.first == nil {
			o.first = node.GetToken()
		}
		return nil
	}
	return o
}

func (p positions) add(key string, node ast.Node) {
	if node == nil || node.GetToken() == nil {
		return
	}
	tok := node.GetToken()
	_, block := node.(*ast.LiteralNode)
	p[key] = position{tok.Position.Line, tok.Position.Column, block}
	switch n := node.(type) {
	case *ast.MappingNode:
		for _, v := range n.Values {
			p.addPair(key, v)
		}
	case *ast.MappingValueNode:
		p.addPair(key, n)
	case *ast.SequenceNode:
		for i, v := range n.Values {
			p.add(fmt.Sprintf("%s[%d]", key, i), v)
		}
	}
}

func (p positions) addPair(key string, pair *ast.MappingValueNode) {
	name := pair.Key.GetToken().Value
	if key != "" {
		name = key + "." + name
	}
	p.add(name, pair.Value)
}

// Mistake is an error at a key of the control's file, such as "examples[2]"; at
// its beginning where there is no such key.
func (c *Control) Mistake(key, message string) *Mistake {
	pos, ok := c.at[key]
	if !ok || key == "" {
		pos = position{line: 1, column: 1}
	}
	return &Mistake{File: c.Source, Line: pos.line, Column: pos.column, Message: message}
}

func yamlMistake(name string, err error) *Mistake {
	m := &Mistake{File: name, Line: 1, Column: 1, Message: err.Error()}
	if ye, ok := errors.AsType[yaml.Error](err); ok {
		m.Message = ye.GetMessage()
		if tok := ye.GetToken(); tok != nil {
			m.Line, m.Column = tok.Position.Line, tok.Position.Column
		}
	}
	return m
}
