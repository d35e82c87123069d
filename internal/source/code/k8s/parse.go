// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package k8s

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// document is one document of a file: its content, or why it cannot be read.
type document struct {
	top *node
	err *mistake
}

// begin finds the key that every object has at the top of a YAML document.
var begin = regexp.MustCompile("(?m)^(\xEF\xBB\xBF)?[\"']?apiVersion[\"']?[ \t]*:")

// mayHold reports whether a file may hold a manifest at all: most YAML and JSON
// in a tree is something else and not worth parsing.
func mayHold(name string, src []byte) bool {
	if isFlow(name, src) {
		return bytes.Contains(src, []byte("\"apiVersion\"")) && bytes.Contains(src, []byte("\"kind\""))
	}
	return begin.Match(src)
}

func isFlow(name string, src []byte) bool {
	return strings.EqualFold(path.Ext(name), ".json") || bytes.HasPrefix(bytes.TrimSpace(src), []byte("{"))
}

// parse reads the documents of a file. A mistake in one leaves the others.
func parse(name string, src []byte) []document {
	src = bytes.TrimPrefix(src, []byte("\xEF\xBB\xBF"))
	if isFlow(name, src) {
		src = bytes.ReplaceAll(src, []byte("\t"), []byte(" ")) // JSON has tabs between values only, where YAML takes spaces
	}
	var docs []document
	for _, part := range split(src) {
		top, err := parseOne(part)
		switch {
		case err != nil:
			docs = append(docs, document{err: err})
		case top != nil:
			docs = append(docs, document{top: top})
		}
	}
	return docs
}

// part is the text of one document, and the number of lines before it.
type part struct {
	text   []byte
	offset int
}

// split cuts a file where documents begin: a line that begins with --- does so
// wherever it stands in YAML.
func split(src []byte) []part {
	parts := []part{{}}
	line := 0
	for text := range bytes.Lines(src) {
		bare := bytes.TrimRight(text, "\r\n")
		last := &parts[len(parts)-1]
		switch {
		case bytes.Equal(bare, []byte("---")), bytes.HasPrefix(bare, []byte("--- ")):
			content := append([]byte("   "), text[3:]...)
			parts = append(parts, part{content, line})
		case bytes.Equal(bare, []byte("...")), len(bytes.TrimSpace(last.text)) == 0 && bytes.HasPrefix(bare, []byte("%")):
			last.text = append(last.text, '\n')
		default:
			last.text = append(last.text, text...)
		}
		line++
	}
	return parts
}

var yamlLine = regexp.MustCompile(`^yaml: line (\d+): `)

// parseOne reads one document; nil for one without content.
func parseOne(p part) (top *node, m *mistake) {
	defer func() {
		if r := recover(); r != nil { // the library's, on text that it does not foresee
			top, m = nil, &mistake{p.offset + 1, fmt.Sprintf("cannot be parsed: %v", r)}
		}
	}()
	var doc yaml.Node
	if err := yaml.NewDecoder(bytes.NewReader(p.text)).Decode(&doc); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		return nil, p.mistake(err)
	}
	if len(doc.Content) == 0 {
		return nil, nil
	}
	c := converter{offset: p.offset, done: map[*yaml.Node]*node{}}
	n, err := c.convert(doc.Content[0], 0)
	if err != nil {
		if !errors.As(err, &m) {
			m = &mistake{p.offset + 1, err.Error()}
		}
		return nil, m
	}
	return n, nil
}

func (p part) mistake(err error) *mistake {
	text := err.Error()
	if found := yamlLine.FindStringSubmatch(text); found != nil {
		line, _ := strconv.Atoi(found[1])
		return &mistake{p.offset + line, strings.TrimPrefix(text, found[0])}
	}
	return &mistake{p.offset + 1, strings.TrimPrefix(text, "yaml: ")}
}
