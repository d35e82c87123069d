// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"bytes"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code"
)

// maxNesting bounds how deeply brackets or operators nest in one file. The HCL
// parser is recursive, so a file of a million brackets would end the process.
const maxNesting = 1000

// parser reads module directories, each once, for all roots.
type parser struct {
	tree      *code.Tree
	functions map[string]builtin

	mu   sync.Mutex
	dirs map[string]*parsedDir // by absolute path
}

type parsedDir struct {
	once   sync.Once
	module *module
}

func newParser(tree *code.Tree) *parser {
	return &parser{tree: tree, functions: table(), dirs: map[string]*parsedDir{}}
}

// module returns the parsed directory. It is shared and immutable.
func (p *parser) module(dir string) *module {
	p.mu.Lock()
	d := p.dirs[dir]
	if d == nil {
		d = &parsedDir{}
		p.dirs[dir] = d
	}
	p.mu.Unlock()
	d.once.Do(func() { d.module = p.parse(dir) })
	return d.module
}

func (p *parser) parse(dir string) *module {
	m := newModule(dir, p.tree.Name(dir))
	entries, err := p.tree.List(dir)
	if err != nil {
		m.fail(p.tree.Unreadable(dir, err))
		return m
	}
	var primary, override []string
	has := map[string]bool{}
	for _, e := range entries {
		has[e.Name()] = true
	}
	for _, e := range entries {
		switch {
		case e.IsDir() || !isConfig(e.Name()) || has[openTofuTwin(e.Name())]:
		case isOverride(e.Name()):
			override = append(override, filepath.Join(dir, e.Name()))
		default:
			primary = append(primary, filepath.Join(dir, e.Name()))
		}
	}
	for _, path := range primary {
		for _, b := range p.file(m, path) {
			m.declare(b)
		}
	}
	for _, path := range override {
		for _, b := range p.file(m, path) {
			m.override(b)
		}
	}
	m.seal()
	return m
}

// isConfig reports whether a file of that name belongs to a module.
func isConfig(name string) bool {
	stem := strings.TrimSuffix(name, ".json")
	return (strings.HasSuffix(stem, ".tf") || strings.HasSuffix(stem, ".tofu")) &&
		!strings.HasPrefix(name, ".") && !strings.HasSuffix(name, "~") && !strings.HasPrefix(name, "#")
}

// openTofuTwin is the file that OpenTofu reads in the place of a .tf file.
func openTofuTwin(name string) string {
	if stem, ok := strings.CutSuffix(name, ".tf"); ok {
		return stem + ".tofu"
	}
	if stem, ok := strings.CutSuffix(name, ".tf.json"); ok {
		return stem + ".tofu.json"
	}
	return ""
}

func isOverride(name string) bool {
	stem := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(name, ".json"), ".tofu"), ".tf")
	return stem == "override" || strings.HasSuffix(stem, "_override")
}

// file returns the top-level blocks of one file. What cannot be read becomes
// coverage of the module.
func (p *parser) file(m *module, path string) []*hclsyntax.Block {
	m.files++
	src, err := p.tree.ReadText(path)
	if err != nil {
		m.fail(p.tree.Unreadable(path, err))
		return nil
	}
	name := p.tree.Name(path)
	if line, deep := nestsTooDeeply(src); deep {
		m.fail(m.broken(name, line, fmt.Sprintf("nested more than %d levels deep", maxNesting)))
		return nil
	}
	src = bytes.TrimPrefix(src, []byte("\xef\xbb\xbf"))
	m.text[name] = src
	if strings.HasSuffix(path, ".json") {
		blocks, diags := parseJSON(src, name)
		p.report(m, name, diags)
		return blocks
	}
	file, diags := hclsyntax.ParseConfig(src, name, hcl.InitialPos)
	if !diags.HasErrors() {
		return file.Body.(*hclsyntax.Body).Blocks
	}
	return p.pieces(m, name, src)
}

// topLevel finds where the blocks of a file begin, for files that do not parse
// as a whole.
var topLevel = regexp.MustCompile(`(?m)^[A-Za-z_][A-Za-z0-9_-]*[ \t]*("[^"\n]*"[ \t]*)*\{`)

// pieces parses a broken file block by block, so that one mistake does not hide
// the others' settings. A block with a mistake is left out as a whole: half of
// its settings would look like settings left at their defaults.
func (p *parser) pieces(m *module, name string, src []byte) []*hclsyntax.Block {
	var blocks []*hclsyntax.Block
	starts := topLevel.FindAllIndex(src, -1)
	if len(starts) == 0 || starts[0][0] != 0 {
		starts = slices.Insert(starts, 0, []int{0, 0})
	}
	line, at := 1, 0
	for i, start := range starts {
		line += bytes.Count(src[at:start[0]], []byte("\n"))
		at = start[0]
		end := len(src)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		file, diags := hclsyntax.ParseConfig(src[at:end], name, hcl.Pos{Line: line, Column: 1, Byte: at})
		if diags.HasErrors() {
			p.report(m, name, diags)
			continue
		}
		blocks = append(blocks, file.Body.(*hclsyntax.Body).Blocks...)
	}
	return blocks
}

// report keeps the first error of a file or piece; the others mostly follow
// from it.
func (p *parser) report(m *module, name string, diags hcl.Diagnostics) {
	for _, d := range diags {
		if d.Severity != hcl.DiagError {
			continue
		}
		line := 0
		if d.Subject != nil {
			line = d.Subject.Start.Line
		}
		m.fail(m.broken(name, line, strings.TrimSuffix(firstSentence(d), ".")))
		return
	}
}

func firstSentence(d *hcl.Diagnostic) string {
	detail, _, _ := strings.Cut(d.Detail, "\n")
	if detail == "" {
		return d.Summary
	}
	return d.Summary + ": " + detail
}

func (m *module) broken(file string, line int, reason string) asset.Coverage {
	return asset.Coverage{
		Scope: "code:" + m.name, Part: file, Status: asset.Failed, Reason: reason, Count: 1,
		Location: asset.Location{File: file, StartLine: line, EndLine: line},
	}
}

// nestsTooDeeply estimates how deep the parser would recurse. It counts marks
// in strings and comments too, which only matters for files that nobody writes.
func nestsTooDeeply(src []byte) (line int, deep bool) {
	line = 1
	depth, unary, questions := 0, 0, 0
	for _, c := range src {
		switch c {
		case '\n':
			line++
			continue
		case ' ', '\t', '\r':
			continue
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth = max(0, depth-1)
		case '?':
			questions++
		}
		if c == '!' || c == '-' {
			unary++
		} else {
			unary = 0
		}
		if depth > maxNesting || unary > maxNesting || questions > 100*maxNesting {
			return line, true
		}
	}
	return 0, false
}

func location(r hcl.Range) asset.Location {
	return asset.Location{File: r.Filename, StartLine: r.Start.Line, EndLine: r.End.Line}
}

// blockLocation is a block from its type to its closing brace.
func blockLocation(b *hclsyntax.Block) asset.Location {
	return asset.Location{File: b.TypeRange.Filename, StartLine: b.TypeRange.Start.Line, EndLine: b.CloseBraceRange.End.Line}
}
