// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package control

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"sync"
)

// indexed is one control in an index: its rule, and where its file stands in
// the joined files.
type indexed struct {
	Rule
	File          string
	Start, Length int
}

// EncodeIndex makes the form in which controls are embedded: the rules, compact
// and quick to read, and beside them the files themselves, of which most scans
// show few. (Reading strict YAML at every start would cost more than a small
// scan.) files holds the bytes of each control's file. The result depends only
// on the controls.
func EncodeIndex(controls []*Control, files map[string][]byte) (rules, texts []byte, err error) {
	var entries []indexed
	for _, c := range controls {
		data := files[c.Source]
		entries = append(entries, indexed{c.Rule, c.Source, len(texts), len(data)})
		texts = append(texts, data...)
	}
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(entries); err != nil {
		return nil, nil, fmt.Errorf("encode the control index: %w", err)
	}
	return b.Bytes(), texts, nil
}

// DecodeIndex reads what EncodeIndex wrote. The controls were checked when the
// index was made and are trusted.
func DecodeIndex(rules, texts []byte) ([]*Control, error) {
	var entries []indexed
	if err := gob.NewDecoder(bytes.NewReader(rules)).Decode(&entries); err != nil {
		return nil, fmt.Errorf("decode the control index: %w", err)
	}
	controls := make([]*Control, len(entries))
	for i, e := range entries {
		if e.Start < 0 || e.Length < 0 || e.Start+e.Length > len(texts) {
			return nil, fmt.Errorf("decode the control index: %s lies outside the texts", e.ID)
		}
		controls[i] = &Control{Rule: e.Rule, text: sync.OnceValue(func() Text {
			c, err := Parse(e.File, texts[e.Start:e.Start+e.Length])
			if err != nil { // the index was made from this very text
				return Text{Why: err.Error()}
			}
			return c.Text()
		})}
	}
	return controls, nil
}
