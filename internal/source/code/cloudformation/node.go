// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cloudformation

import (
	"errors"
	"strings"
)

// node is a part of a template as it is written, the same for YAML and JSON.
// Short tags are written out: !Ref x is {Ref: x}. Nodes are immutable, and what
// an alias stands for is shared, so that they form a graph without cycles.
type node struct {
	kind    nodeKind
	quoted  bool // a scalar in quotes, which is never a number, bool or null
	shared  bool // an alias stands for it
	size    int  // of the tree below it, with everything that aliases repeat
	text    string
	elems   []*node
	entries []entry
	at      span
}

type nodeKind uint8

const (
	scalarNode nodeKind = iota
	listNode
	mapNode
)

// entry is a key of a mapping with its value.
type entry struct {
	key   string
	at    int // the key's line
	value *node
}

// span is where something is written. Lines count from 1.
type span struct {
	file       string
	start, end int
}

// maxNesting is far beyond what CloudFormation accepts.
const maxNesting = 200

// maxSize bounds how many nodes a file may stand for: aliases of aliases can
// make billions of a few lines.
const maxSize = 4 << 20

var (
	errTooLarge = errors.New("is too large once its aliases are written out")
	errTooDeep  = errors.New("is nested too deeply")
	errAlias    = errors.New("an alias stands inside what it stands for")
)

// get returns the value of a key; nil where the node has none.
func (n *node) get(key string) *node {
	if n == nil {
		return nil
	}
	for i := range n.entries {
		if n.entries[i].key == key {
			return n.entries[i].value
		}
	}
	return nil
}

// scalar is the text of a scalar; "" for anything else.
func (n *node) scalar() string {
	if n == nil || n.kind != scalarNode {
		return ""
	}
	return n.text
}

// isNull reports whether the node is a plain null.
func (n *node) isNull() bool {
	if n.kind != scalarNode || n.quoted {
		return false
	}
	switch n.text {
	case "", "~", "null", "Null", "NULL":
		return true
	}
	return false
}

// call returns the intrinsic function that the node calls, and its argument.
func (n *node) call() (function string, argument *node) {
	if n.kind != mapNode || len(n.entries) != 1 {
		return "", nil
	}
	switch key := n.entries[0].key; {
	case key == "Ref", strings.HasPrefix(key, "Fn::") && !strings.HasPrefix(key, forEach):
		return key, n.entries[0].value
	}
	return "", nil
}

// forEach begins the keys of loops: Fn::ForEach::Topics.
const forEach = "Fn::ForEach::"
