// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package compose

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// Mistake is what makes a file no Compose file, or a part of it unreadable, and
// where.
type Mistake struct {
	At      asset.Location
	Message string
}

func (m *Mistake) Error() string { return m.At.String() + ": " + m.Message }

// maxNodes bounds a document with all its aliases followed.
const maxNodes = 200_000

// marker is the key under which a mapping in a list keeps its place: LINE:FILE.
// Merging lets everything pass that begins with x-.
const marker = "x-plumb-line"

// document is one YAML document of a file.
type document struct {
	file   string // as reports name it
	value  map[string]any
	lines  map[string]int // by path: services.web.ports
	items  map[string]int // by path and text of an item of a list
	resets []string       // paths that replace what is below them: !reset and !override
	left   int
	expand func(text string) (string, error)
}

// parse reads the documents of a file.
func parse(file string, src []byte, expand func(string) (string, error)) ([]*document, error) {
	var docs []*document
	dec := yaml.NewDecoder(strings.NewReader(string(src)))
	for {
		var node yaml.Node
		err := dec.Decode(&node)
		if err != nil {
			if err.Error() == "EOF" {
				return docs, nil
			}
			return nil, yamlMistake(file, err)
		}
		if len(node.Content) == 0 || node.Content[0].Tag == "!!null" {
			continue
		}
		d := &document{file: file, lines: map[string]int{}, items: map[string]int{}, left: maxNodes, expand: expand}
		v, err := d.convert(node.Content[0], "", 0)
		if err != nil {
			return nil, err
		}
		top, ok := v.(map[string]any)
		if !ok {
			return nil, d.mistake(node.Content[0], "is not a mapping at its top")
		}
		d.value = top
		docs = append(docs, d)
	}
}

func (d *document) mistake(n *yaml.Node, message string) error {
	return &Mistake{asset.Location{File: d.file, StartLine: n.Line}, message}
}

// yamlMistake finds the line in an error of the parser: "yaml: line 3: ...".
func yamlMistake(file string, err error) error {
	m := &Mistake{asset.Location{File: file}, strings.TrimPrefix(err.Error(), "yaml: ")}
	if rest, ok := strings.CutPrefix(m.Message, "line "); ok {
		number, message, _ := strings.Cut(rest, ": ")
		if line, err := strconv.Atoi(number); err == nil {
			m.At.StartLine, m.Message = line, message
		}
	}
	return m
}

var errTooLarge = errors.New("is too large with all its aliases")

// maxDepth is far deeper than Compose files nest, and bounds recursion.
const maxDepth = 100

// convert makes plain values of a node and notes where they stand.
func (d *document) convert(n *yaml.Node, path string, depth int) (any, error) {
	if d.left--; d.left < 0 || depth > maxDepth {
		return nil, d.mistake(n, errTooLarge.Error())
	}
	if n.Tag == "!reset" || n.Tag == "!override" {
		d.resets = append(d.resets, path)
		if n.Tag == "!reset" {
			return nil, nil
		}
	}
	switch n.Kind {
	case yaml.AliasNode:
		return d.convert(n.Alias, path, depth+1)
	case yaml.ScalarNode:
		return d.scalar(n)
	case yaml.SequenceNode:
		list := make([]any, 0, len(n.Content))
		for _, item := range n.Content {
			v, err := d.convert(item, path+"[]", depth+1)
			if err != nil {
				return nil, err
			}
			switch v := v.(type) {
			case map[string]any:
				v[marker] = strconv.Itoa(item.Line) + ":" + d.file
			case nil:
				continue
			default:
				d.items[path+"\x00"+fmt.Sprint(v)] = item.Line
			}
			list = append(list, v)
		}
		return list, nil
	case yaml.MappingNode:
		return d.mapping(n, path, depth)
	default:
		return nil, d.mistake(n, "holds something that is no YAML value")
	}
}

func (d *document) mapping(n *yaml.Node, path string, depth int) (any, error) {
	out := map[string]any{}
	// What is merged in (<<) comes first: a key of the mapping's own beats it.
	for _, merged := range []bool{true, false} {
		for i := 0; i+1 < len(n.Content); i += 2 {
			key, value := n.Content[i], n.Content[i+1]
			if isMerge := key.Tag == "!!merge"; isMerge != merged {
				continue
			}
			if merged {
				if err := d.merge(out, value, path, depth); err != nil {
					return nil, err
				}
				continue
			}
			if key.Kind == yaml.AliasNode {
				key = key.Alias
			}
			if key.Kind != yaml.ScalarNode {
				return nil, d.mistake(key, "has a key that is no text")
			}
			at := join(path, key.Value)
			d.lines[at] = key.Line
			v, err := d.convert(value, at, depth+1)
			if err != nil {
				return nil, err
			}
			out[key.Value] = v
		}
	}
	return out, nil
}

// merge adds what << names: a mapping, or a list of which the first beats the
// others.
func (d *document) merge(out map[string]any, n *yaml.Node, path string, depth int) error {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Kind == yaml.SequenceNode {
		for _, v := range slices.Backward(n.Content) {
			if err := d.merge(out, v, path, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	v, err := d.convert(n, path, depth+1)
	if err != nil {
		return err
	}
	from, ok := v.(map[string]any)
	if !ok {
		return d.mistake(n, "merges something that is no mapping")
	}
	maps.Copy(out, from)
	return nil
}

func (d *document) scalar(n *yaml.Node) (any, error) {
	var v any
	if err := n.Decode(&v); err != nil || n.Tag == "!override" {
		v = n.Value
	}
	switch v := v.(type) {
	case string:
		text, err := d.expand(v)
		if err != nil {
			return nil, d.mistake(n, err.Error())
		}
		return text, nil
	case bool, int, int64, uint64, float64, nil:
		return v, nil
	}
	return n.Value, nil // a date, which Compose has no use for
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
