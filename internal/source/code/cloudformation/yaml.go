// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cloudformation

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// parseYAML reads the first document of a YAML text.
func parseYAML(file string, src []byte) (n *node, err error) {
	defer func() {
		if p := recover(); p != nil { // the library's, on text that it does not foresee
			n, err = nil, &mistake{1, 1, fmt.Sprintf("cannot be parsed: %v", p)}
		}
	}()
	var doc yaml.Node
	if err := yaml.Unmarshal(src, &doc); err != nil {
		return nil, yamlMistake(err)
	}
	if len(doc.Content) == 0 {
		return nil, &mistake{1, 1, "is empty"}
	}
	c := converter{file: file, done: map[*yaml.Node]*node{}, src: src}
	return c.convert(doc.Content[0], 0)
}

// mistake is what is wrong with a text, and where.
type mistake struct {
	line, column int
	message      string
}

func (m *mistake) Error() string { return m.message }

var yamlLine = regexp.MustCompile(`^yaml: line (\d+): `)

func yamlMistake(err error) error {
	text := err.Error()
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		line, _ := strconv.Atoi(m[1])
		return &mistake{line, 1, strings.TrimPrefix(text, m[0])}
	}
	return &mistake{1, 1, strings.TrimPrefix(text, "yaml: ")}
}

// converter makes our nodes of the library's.
type converter struct {
	file string
	src  []byte
	done map[*yaml.Node]*node // nil while the node is being converted
}

func (c *converter) convert(y *yaml.Node, depth int) (*node, error) {
	if depth > maxNesting {
		return nil, &mistake{y.Line, y.Column, errTooDeep.Error()}
	}
	if y.Kind == yaml.AliasNode {
		n, begun := c.done[y.Alias]
		if begun && n == nil {
			return nil, &mistake{y.Line, y.Column, errAlias.Error()}
		}
		if n == nil {
			return nil, &mistake{y.Line, y.Column, "an alias stands for nothing"}
		}
		n.shared = true
		return n, nil
	}
	if y.Anchor != "" {
		c.done[y] = nil
	}
	n := &node{at: span{c.file, y.Line, y.Line}}
	var err error
	switch y.Kind {
	case yaml.ScalarNode:
		n.text, n.quoted = y.Value, y.Style&^yaml.TaggedStyle != 0 || y.Tag == "!!str" && y.Style&yaml.TaggedStyle != 0
		if y.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
			n.at.end += max(strings.Count(y.Value, "\n"), 1)
		}
	case yaml.SequenceNode:
		n.kind = listNode
		n.elems = make([]*node, 0, len(y.Content))
		for _, e := range y.Content {
			elem, err := c.convert(e, depth+1)
			if err != nil {
				return nil, err
			}
			n.elems = append(n.elems, elem)
			if e.Kind != yaml.AliasNode {
				n.at.end = max(n.at.end, elem.at.end)
			}
		}
	case yaml.MappingNode:
		n.kind = mapNode
		err = c.mapping(n, y, depth)
	default:
		err = &mistake{y.Line, y.Column, "cannot be parsed"}
	}
	if err != nil {
		return nil, err
	}
	if n.weigh(); n.size > maxSize {
		return nil, &mistake{y.Line, y.Column, errTooLarge.Error()}
	}
	n = tagged(n, y.Tag)
	if y.Anchor != "" {
		c.done[y] = n
	}
	return n, nil
}

func (c *converter) mapping(n *node, y *yaml.Node, depth int) error {
	n.entries = make([]entry, 0, len(y.Content)/2)
	seen := make(map[string]int, len(y.Content)/2)
	var merges []*node
	for i := 0; i+1 < len(y.Content); i += 2 {
		key, val := y.Content[i], y.Content[i+1]
		if key.Kind == yaml.AliasNode {
			key = key.Alias
		}
		if key.Kind != yaml.ScalarNode {
			return &mistake{key.Line, key.Column, "a key is not a string"}
		}
		v, err := c.convert(val, depth+1)
		if err != nil {
			return err
		}
		if val.Kind != yaml.AliasNode {
			n.at.end = max(n.at.end, v.at.end)
		}
		if key.Tag == "!!merge" {
			merges = append(merges, v)
			continue
		}
		n.set(entry{key.Value, key.Line, v}, seen)
	}
	for _, m := range merges {
		n.merge(m, seen)
	}
	return nil
}

// weigh counts what the node stands for.
func (n *node) weigh() {
	n.size = 1
	for _, e := range n.elems {
		n.size += e.size
	}
	for _, e := range n.entries {
		n.size += e.value.size
	}
	n.size = min(n.size, maxSize+1)
}

// set adds an entry. Of a key that stands there twice the last counts, as for
// CloudFormation.
func (n *node) set(e entry, at map[string]int) {
	if i, twice := at[e.key]; twice {
		n.entries[i] = e
		return
	}
	at[e.key] = len(n.entries)
	n.entries = append(n.entries, e)
}

// merge adds the entries of "<<: *defaults" that the mapping does not have itself.
func (n *node) merge(from *node, at map[string]int) {
	for _, elem := range from.elems {
		if elem.kind == mapNode {
			n.merge(elem, at)
		}
	}
	for _, e := range from.entries {
		if _, own := at[e.key]; !own {
			n.set(e, at)
		}
	}
}

// tagged writes a short tag out.
func tagged(n *node, tag string) *node {
	if !strings.HasPrefix(tag, "!") || strings.HasPrefix(tag, "!!") || tag == "!" {
		return n
	}
	name := tag[1:]
	switch name {
	case "Ref", "Condition":
	default:
		name = "Fn::" + name
	}
	return &node{kind: mapNode, at: n.at, size: n.size + 1, entries: []entry{{name, n.at.start, n}}}
}
