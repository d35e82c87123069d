// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"cmp"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// module is what the files of one directory declare. It is immutable once
// parsed, and shared by all instances of the module in all roots.
type module struct {
	dir  string // absolute
	name string // as reports name it

	variables map[string]*hclsyntax.Block
	locals    map[string]*hclsyntax.Attribute
	outputs   map[string]*hclsyntax.Block
	calls     map[string]*hclsyntax.Block
	resources map[string]*hclsyntax.Block // by type.name
	data      map[string]*hclsyntax.Block
	providers []*hclsyntax.Block

	// What Expand walks, in the order of files and lines.
	resourceOrder, dataOrder, callOrder []*hclsyntax.Block

	files    int
	text     map[string][]byte // the files' contents by name
	coverage []asset.Coverage
	// gap says why settings of this module may be missing: a file or block
	// could not be read.
	gap string
}

func newModule(dir, name string) *module {
	return &module{
		dir: dir, name: name, text: map[string][]byte{},
		variables: map[string]*hclsyntax.Block{}, locals: map[string]*hclsyntax.Attribute{},
		outputs: map[string]*hclsyntax.Block{}, calls: map[string]*hclsyntax.Block{},
		resources: map[string]*hclsyntax.Block{}, data: map[string]*hclsyntax.Block{},
	}
}

func (m *module) fail(line asset.Coverage) {
	m.coverage = append(m.coverage, line)
	if m.gap == "" {
		m.gap = line.Location.String() + " could not be read: " + line.Reason
	}
}

// table returns where named blocks of a type are kept and under which name.
func (m *module) table(b *hclsyntax.Block) (map[string]*hclsyntax.Block, string) {
	switch {
	case b.Type == "resource" && len(b.Labels) == 2:
		return m.resources, b.Labels[0] + "." + b.Labels[1]
	case b.Type == "data" && len(b.Labels) == 2:
		return m.data, b.Labels[0] + "." + b.Labels[1]
	case b.Type == "variable" && len(b.Labels) == 1:
		return m.variables, b.Labels[0]
	case b.Type == "output" && len(b.Labels) == 1:
		return m.outputs, b.Labels[0]
	case b.Type == "module" && len(b.Labels) == 1:
		return m.calls, b.Labels[0]
	}
	return nil, ""
}

// declare adds a top-level block of an ordinary file.
func (m *module) declare(b *hclsyntax.Block) {
	switch b.Type {
	case "locals":
		for name, attr := range b.Body.Attributes {
			if _, twice := m.locals[name]; twice {
				m.twice("local."+name, attr.NameRange)
				continue
			}
			m.locals[name] = attr
		}
		return
	case "provider":
		if len(b.Labels) == 1 {
			m.providers = append(m.providers, b)
		}
		return
	}
	table, name := m.table(b)
	if table == nil {
		return
	}
	if _, twice := table[name]; twice {
		m.twice(b.Type+" "+name, b.TypeRange)
		return
	}
	table[name] = b
}

// twice reports a second declaration; the first one counts.
func (m *module) twice(what string, at hcl.Range) {
	m.coverage = append(m.coverage, m.broken(at.Filename, at.Start.Line, what+" is declared twice"))
}

// override merges a top-level block of an override file into what is declared.
func (m *module) override(b *hclsyntax.Block) {
	switch b.Type {
	case "locals":
		maps.Copy(m.locals, b.Body.Attributes)
		return
	case "provider":
		for i, base := range m.providers {
			if len(b.Labels) == 1 && base.Labels[0] == b.Labels[0] && literal(base, "alias") == literal(b, "alias") {
				m.providers[i] = merged(base, b)
				return
			}
		}
		m.declare(b)
		return
	}
	table, name := m.table(b)
	if table == nil {
		return
	}
	if base := table[name]; base != nil {
		table[name] = merged(base, b)
		return
	}
	m.coverage = append(m.coverage, m.broken(b.TypeRange.Filename, b.TypeRange.Start.Line,
		b.Type+" "+name+" overrides nothing: no other file declares it"))
}

// merged is base with the attributes of over, and with over's nested blocks in
// place of those of the same type.
func merged(base, over *hclsyntax.Block) *hclsyntax.Block {
	replaced := map[string]bool{}
	for _, b := range over.Body.Blocks {
		replaced[nestedType(b)] = true
	}
	body := *base.Body
	body.Attributes = hclsyntax.Attributes{}
	for _, from := range []*hclsyntax.Body{base.Body, over.Body} {
		maps.Copy(body.Attributes, from.Attributes)
	}
	body.Blocks = nil
	for _, b := range base.Body.Blocks {
		if !replaced[nestedType(b)] {
			body.Blocks = append(body.Blocks, b)
		}
	}
	body.Blocks = append(body.Blocks, over.Body.Blocks...)
	result := *base
	result.Body = &body
	return &result
}

// nestedType is the type of the blocks that a nested block yields.
func nestedType(b *hclsyntax.Block) string {
	if b.Type == "dynamic" && len(b.Labels) == 1 {
		return b.Labels[0]
	}
	return b.Type
}

// seal fixes the order of everything, once all files are read.
func (m *module) seal() {
	m.resourceOrder = inOrder(m.resources)
	m.dataOrder = inOrder(m.data)
	m.callOrder = inOrder(m.calls)
}

func inOrder(blocks map[string]*hclsyntax.Block) []*hclsyntax.Block {
	order := make([]*hclsyntax.Block, 0, len(blocks))
	for _, name := range sortedKeys(blocks) {
		order = append(order, blocks[name])
	}
	slices.SortStableFunc(order, func(a, b *hclsyntax.Block) int {
		return cmp.Or(cmp.Compare(a.TypeRange.Filename, b.TypeRange.Filename),
			cmp.Compare(a.TypeRange.Start.Byte, b.TypeRange.Start.Byte))
	})
	return order
}

// literal is the text of an attribute that must be a literal string, such as a
// module's source; "" where it is not.
func literal(b *hclsyntax.Block, name string) string {
	attr := b.Body.Attributes[name]
	if attr == nil {
		return ""
	}
	text, _ := literalString(attr.Expr)
	return text
}

func literalString(e hclsyntax.Expression) (string, bool) {
	if t, ok := e.(*hclsyntax.TemplateExpr); ok {
		switch {
		case len(t.Parts) == 0:
			return "", true
		case !t.IsStringLiteral():
			return "", false
		}
		e = t.Parts[0]
	}
	lit, ok := e.(*hclsyntax.LiteralValueExpr)
	if !ok || lit.Val.IsNull() || lit.Val.Type() != cty.String {
		return "", false
	}
	return lit.Val.AsString(), true
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
