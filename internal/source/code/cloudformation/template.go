// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cloudformation

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code"
)

// template is a parsed file, or why it could not be parsed. It is immutable.
type template struct {
	path string // absolute
	name string
	root *node
	err  error
	// transforms are the macros that it is put through, in order.
	transforms []string
}

// isCandidate reports whether a file of that name may be a template.
func isCandidate(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".yaml", ".yml", ".template", ".cfn", ".cform", ".cloudformation":
		return true
	case ".json":
		return !strings.HasSuffix(name, ".tf.json")
	}
	return false
}

// mentionsResources reports whether a text could be a template at all. It saves
// parsing every lock file of a repository.
func mentionsResources(src []byte) bool {
	if bytes.Contains(src, []byte("AWSTemplateFormatVersion")) {
		return true
	}
	return bytes.Contains(src, []byte("Resources")) &&
		(bytes.Contains(src, []byte("AWS::")) || bytes.Contains(src, []byte("Custom::")) || bytes.Contains(src, []byte("Transform")))
}

var resourceLine = regexp.MustCompile(`(?m)^\s*["']?Type["']?\s*:\s*["']?(AWS|Custom)::`)

// meansToBe reports whether a text that cannot be parsed was meant as a template.
func meansToBe(src []byte) bool {
	return bytes.Contains(src, []byte("AWSTemplateFormatVersion")) || resourceLine.Match(src)
}

// isTemplate reports whether a parsed file is a template.
func isTemplate(root *node) bool {
	if root == nil || root.kind != mapNode {
		return false
	}
	if root.get("AWSTemplateFormatVersion") != nil {
		return true
	}
	resources := root.get("Resources")
	if resources == nil || resources.kind != mapNode {
		return false
	}
	if isTransform(root.get("Transform")) {
		return true
	}
	return slices.ContainsFunc(resources.entries, func(e entry) bool {
		typ := e.value.get("Type").scalar()
		return strings.HasPrefix(typ, "AWS::") || strings.HasPrefix(typ, "Custom::") || strings.HasPrefix(e.key, forEach)
	})
}

func isTransform(n *node) bool {
	return slices.ContainsFunc(transformsOf(n), func(name string) bool { return strings.HasPrefix(name, "AWS::") })
}

// transformsOf lists the macros that a Transform section names.
func transformsOf(n *node) []string {
	if n == nil {
		return nil
	}
	var names []string
	switch n.kind {
	case scalarNode:
		names = append(names, n.text)
	case listNode:
		for _, e := range n.elems {
			names = append(names, transformsOf(e)...)
		}
	case mapNode:
		names = append(names, n.get("Name").scalar())
	}
	return names
}

// parser reads files, each once. It is safe to share.
type parser struct {
	tree *code.Tree
	mu   sync.Mutex
	done map[string]*template
}

func newParser(tree *code.Tree) *parser { return &parser{tree: tree, done: map[string]*template{}} }

// errForeign says that a file is something else than a template.
var errForeign = errors.New("is not a CloudFormation template")

// template parses a file. One that is not a template has the error errForeign.
func (p *parser) template(path string) *template { return p.parse(path, false) }

// fragment parses a file that a template includes, whatever is in it.
func (p *parser) fragment(path string) *template { return p.parse(path, true) }

func (p *parser) parse(path string, anything bool) *template {
	key := path
	if anything {
		key += "\x00fragment"
	}
	p.mu.Lock()
	t := p.done[key]
	p.mu.Unlock()
	if t != nil {
		return t
	}
	t = &template{path: path, name: p.tree.Name(path)}
	src, err := p.tree.ReadText(path)
	if err != nil {
		t.err = err
	} else {
		t.root, t.err = parseText(t.name, src, anything)
	}
	if t.root != nil {
		t.transforms = transformsOf(t.root.get("Transform"))
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if other := p.done[key]; other != nil {
		return other
	}
	p.done[key] = t
	return t
}

// parseText reads a template, or any fragment of one.
func parseText(name string, src []byte, anything bool) (*node, error) {
	src = bytes.TrimPrefix(src, []byte("\ufeff"))
	if !anything && !mentionsResources(src) {
		return nil, errForeign
	}
	root, err := parseAny(name, src)
	switch {
	case err != nil && !anything && !meansToBe(src):
		return nil, errForeign
	case err != nil:
		return nil, err
	case !anything && !isTemplate(root):
		return nil, errForeign
	}
	return root, nil
}

// parseAny reads JSON, or YAML, which almost includes it.
func parseAny(name string, src []byte) (*node, error) {
	if trimmed := bytes.TrimLeft(src, " \t\r\n"); !bytes.HasPrefix(trimmed, []byte("{")) {
		return parseYAML(name, src)
	}
	root, err := parseJSON(name, src)
	if err == nil {
		return root, nil
	}
	if root, yamlErr := parseYAML(name, src); yamlErr == nil {
		return root, nil // YAML in flow style
	}
	return nil, err
}

// unreadable is the coverage line of a file that could not be read or parsed.
func (p *parser) unreadable(t *template) asset.Coverage {
	var m *mistake
	if !errors.As(t.err, &m) {
		return p.tree.Unreadable(t.path, t.err)
	}
	line := p.tree.Unreadable(t.path, t.err)
	line.Location.StartLine, line.Location.EndLine = m.line, m.line
	line.Reason = fmt.Sprintf("%s:%d:%d: %s", t.name, m.line, m.column, m.message)
	return line
}
