// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package k8s

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

type kind uint8

const (
	scalar kind = iota
	list
	mapping
)

// node is a part of a document. Nodes are immutable once they are made; an alias
// shares the node that it stands for.
type node struct {
	kind    kind
	text    string // of a scalar
	quoted  bool   // a scalar that is text whatever it looks like
	line    int
	end     int // the last line of all that is below it
	elems   []*node
	keys    []string // in the order of the text
	entries map[string]entry
	size    int // how many nodes it stands for, with all aliases followed
}

// entry is the value of a key, and the line of the key.
type entry struct {
	line  int
	value *node
}

// isNull reports whether the API server drops the value.
func (n *node) isNull() bool {
	return n.kind == scalar && !n.quoted && (n.text == "" || n.text == "~" || strings.EqualFold(n.text, "null"))
}

const (
	// maxSize bounds a document with all its aliases followed.
	maxSize = 2_000_000
	// maxDepth is far deeper than manifests nest, and bounds recursion.
	maxDepth = 200
)

// mistake is what makes a document unreadable, and on which line.
type mistake struct {
	line    int
	message string
}

func (m *mistake) Error() string { return m.message }

// converter makes nodes of the library's.
type converter struct {
	offset int // the lines of the file before the document
	done   map[*yaml.Node]*node
}

func (c *converter) fail(y *yaml.Node, message string) error {
	return &mistake{c.offset + y.Line, message}
}

func (c *converter) convert(y *yaml.Node, depth int) (*node, error) {
	if depth > maxDepth {
		return nil, c.fail(y, "is nested too deeply")
	}
	if y.Kind == yaml.AliasNode {
		n := c.done[y.Alias]
		if n == nil {
			return nil, c.fail(y, "an alias stands for something that holds it")
		}
		return n, nil
	}
	n := &node{line: c.offset + y.Line, end: c.offset + y.Line, size: 1}
	var err error
	switch y.Kind {
	case yaml.ScalarNode:
		n.text, n.quoted = y.Value, y.Style&^yaml.TaggedStyle != 0 || y.Tag == "!!str" && y.Style&yaml.TaggedStyle != 0
		if y.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
			n.end += strings.Count(y.Value, "\n")
		}
	case yaml.SequenceNode:
		err = c.sequence(n, y, depth)
	case yaml.MappingNode:
		err = c.mapping(n, y, depth)
	default:
		err = c.fail(y, "holds something that is no YAML value")
	}
	if err != nil {
		return nil, err
	}
	if n.size > maxSize {
		return nil, c.fail(y, "is too large with all its aliases")
	}
	if y.Anchor != "" {
		c.done[y] = n
	}
	return n, nil
}

func (c *converter) sequence(n *node, y *yaml.Node, depth int) error {
	n.kind = list
	for _, item := range y.Content {
		elem, err := c.convert(item, depth+1)
		if err != nil {
			return err
		}
		n.elems = append(n.elems, elem)
		n.hold(item, elem)
	}
	return nil
}

func (c *converter) mapping(n *node, y *yaml.Node, depth int) error {
	n.kind, n.entries = mapping, make(map[string]entry, len(y.Content)/2)
	var merged []*node
	for i := 0; i+1 < len(y.Content); i += 2 {
		key, value := y.Content[i], y.Content[i+1]
		if key.Kind == yaml.AliasNode {
			key = key.Alias
		}
		if key.Kind != yaml.ScalarNode {
			return c.fail(key, "has a key that is no text")
		}
		v, err := c.convert(value, depth+1)
		if err != nil {
			return err
		}
		n.hold(value, v)
		if key.Tag == "!!merge" {
			merged = append(merged, v)
			continue
		}
		n.set(key.Value, entry{c.offset + key.Line, v}, true)
	}
	for _, m := range merged {
		n.merge(m, 0)
	}
	return nil
}

// hold counts what a part adds to the node.
func (n *node) hold(y *yaml.Node, part *node) {
	n.size = min(n.size+part.size, maxSize+1)
	if y.Kind != yaml.AliasNode {
		n.end = max(n.end, part.end)
	}
}

// set adds an entry. Of a key that stands there twice the last counts.
func (n *node) set(key string, e entry, replace bool) {
	_, twice := n.entries[key]
	if !twice {
		n.keys = append(n.keys, key)
	}
	if !twice || replace {
		n.entries[key] = e
	}
}

// merge adds the entries of "<<: *defaults" that the mapping does not have itself.
func (n *node) merge(from *node, depth int) {
	if from.kind == list && depth == 0 {
		for _, elem := range from.elems {
			n.merge(elem, depth+1)
		}
	}
	for _, key := range from.keys {
		n.set(key, from.entries[key], false)
	}
}
