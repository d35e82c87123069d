// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cloudformation

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// parseJSON reads a JSON text and keeps where everything stands.
func parseJSON(file string, src []byte) (*node, error) {
	r := &jsonReader{file: file, src: src, line: 1, dec: json.NewDecoder(bytes.NewReader(src))}
	r.dec.UseNumber()
	n, err := r.value(0)
	if err == nil {
		if _, more := r.dec.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("text after the end of the document")
		}
	}
	if err != nil {
		at, message := r.dec.InputOffset(), err.Error()
		if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
			at = syntax.Offset
		} else if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			at, message = int64(len(src)), "ends too early"
		}
		line, column := position(src, at)
		return nil, &mistake{line, column, message}
	}
	return n, nil
}

// position is the line and column of an offset.
func position(src []byte, offset int64) (line, column int) {
	before := src[:min(max(offset-1, 0), int64(len(src)))]
	return 1 + bytes.Count(before, []byte("\n")), len(before) - bytes.LastIndexByte(before, '\n')
}

type jsonReader struct {
	file    string
	src     []byte
	dec     *json.Decoder
	counted int64 // up to where lines were counted
	line    int
}

// here is the line of the token that was read last.
func (r *jsonReader) here() int {
	offset := r.dec.InputOffset()
	r.line += bytes.Count(r.src[r.counted:offset], []byte("\n"))
	r.counted = offset
	return r.line
}

func (r *jsonReader) value(depth int) (*node, error) {
	token, err := r.dec.Token()
	if err != nil {
		return nil, err
	}
	return r.from(token, depth)
}

func (r *jsonReader) from(token json.Token, depth int) (*node, error) {
	if depth > maxNesting {
		return nil, errTooDeep
	}
	line := r.here()
	n := &node{at: span{r.file, line, line}}
	switch token := token.(type) {
	case string:
		n.text, n.quoted = token, true
	case json.Number:
		n.text = token.String()
	case bool:
		n.text = fmt.Sprint(token)
	case nil:
		n.text = "null"
	case json.Delim:
		if token == '[' {
			return n, r.list(n, depth)
		}
		return n, r.object(n, depth)
	}
	return n, nil
}

func (r *jsonReader) list(n *node, depth int) error {
	n.kind = listNode
	for r.dec.More() {
		elem, err := r.value(depth + 1)
		if err != nil {
			return err
		}
		n.elems = append(n.elems, elem)
	}
	return r.end(n)
}

func (r *jsonReader) object(n *node, depth int) error {
	n.kind = mapNode
	seen := map[string]int{}
	for r.dec.More() {
		key, err := r.dec.Token()
		if err != nil {
			return err
		}
		name, _ := key.(string)
		line := r.here()
		v, err := r.value(depth + 1)
		if err != nil {
			return err
		}
		n.set(entry{name, line, v}, seen)
	}
	return r.end(n)
}

func (r *jsonReader) end(n *node) error {
	if _, err := r.dec.Token(); err != nil {
		return err
	}
	n.at.end = r.here()
	return nil
}
