// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package scan

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code"
)

const baselineSchema = "plumb.baseline/v1"

// Baseline is what failed on some day: fails that are in it are old, and do not
// count. A fail is known again by its fingerprint, or, where its root was moved
// or renamed, by its control, its address and the text of its block.
type Baseline struct {
	known map[string]bool
	texts map[string]bool
	tree  *code.Tree
}

// baselineEntry is one fail. What is not needed to know it again is there for
// people who review the file.
type baselineEntry struct {
	Fingerprint string `json:"fingerprint"`
	Control     string `json:"control"`
	Asset       string `json:"asset"`
	Address     string `json:"address"`
	Text        string `json:"text,omitempty"` // hash of the block
}

type baselineFile struct {
	Schema string          `json:"schema"`
	Fails  []baselineEntry `json:"fails"`
}

// WriteBaseline writes the fails of a result, sorted, those that comments accept
// left out: the same code gives the same bytes.
func WriteBaseline(w io.Writer, r *Result, tree *code.Tree) error {
	file := baselineFile{Schema: baselineSchema, Fails: []baselineEntry{}}
	for _, v := range r.Verdicts {
		if v.Outcome == asset.Fail {
			file.Fails = append(file.Fails, entryOf(&v, tree))
		}
	}
	slices.SortFunc(file.Fails, func(a, b baselineEntry) int {
		return strings.Compare(a.Control+"\x00"+a.Asset, b.Control+"\x00"+b.Asset)
	})
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	return out.Encode(file)
}

// ReadBaseline reads what WriteBaseline wrote. tree is the code that is scanned
// now; nil for other scans.
func ReadBaseline(r io.Reader, tree *code.Tree) (*Baseline, error) {
	var file baselineFile
	if err := json.NewDecoder(r).Decode(&file); err != nil {
		return nil, fmt.Errorf("not a baseline: %w", err)
	}
	if file.Schema != baselineSchema {
		return nil, fmt.Errorf("not a baseline: its schema is %q, not %q", file.Schema, baselineSchema)
	}
	b := &Baseline{known: map[string]bool{}, texts: map[string]bool{}, tree: tree}
	for _, e := range file.Fails {
		b.known[e.Fingerprint] = true
		if e.Text != "" {
			b.texts[e.textKey()] = true
		}
	}
	return b, nil
}

// Accept says whether a fail is in the baseline.
func (b *Baseline) Accept(v *asset.Verdict) (Acceptance, bool) {
	old := Acceptance{By: "baseline", Reason: "it was there when the baseline was made"}
	if b.known[asset.Fingerprint(v.Control, v.Asset.ID)] {
		return old, true
	}
	e := entryOf(v, b.tree)
	return old, e.Text != "" && b.texts[e.textKey()]
}

func (e baselineEntry) textKey() string { return e.Control + "\x00" + e.Address + "\x00" + e.Text }

func entryOf(v *asset.Verdict, tree *code.Tree) baselineEntry {
	return baselineEntry{
		Fingerprint: asset.Fingerprint(v.Control, v.Asset.ID), Control: v.Control,
		Asset: v.Asset.ID, Address: v.Asset.Address, Text: blockHash(v.Asset, tree),
	}
}

// blockHash is a hash of an asset's block that does not change with its
// indentation; "" where there is no text.
func blockHash(a *asset.Asset, tree *code.Tree) string {
	at := a.Location
	if tree == nil || at.IsZero() || at.StartLine == 0 {
		return ""
	}
	src, err := tree.ReadText(tree.Path(at.File))
	if err != nil {
		return ""
	}
	lines := strings.Split(string(src), "\n")
	if at.StartLine > len(lines) {
		return ""
	}
	block := lines[at.StartLine-1 : min(max(at.EndLine, at.StartLine), len(lines))]
	sum := sha256.Sum256([]byte(strings.Join(strings.Fields(strings.Join(block, "\n")), " ")))
	return hex.EncodeToString(sum[:16])
}

// AcceptFirst asks several in turn; nil ones are left out.
func AcceptFirst(by ...func(*asset.Verdict) (Acceptance, bool)) func(*asset.Verdict) (Acceptance, bool) {
	return func(v *asset.Verdict) (Acceptance, bool) {
		for _, ask := range by {
			if ask == nil {
				continue
			}
			if a, accepted := ask(v); accepted {
				return a, true
			}
		}
		return Acceptance{}, false
	}
}
