// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package controls embeds the controls of all rooms, as the index that make gen
// writes from their files.
package controls

import (
	_ "embed"

	"github.com/plumb-cspm/plumb/internal/control"
)

//go:embed zz_rules.gob
var rules []byte

//go:embed zz_texts.txt
var texts []byte

// All returns the embedded controls, sorted by id.
func All() ([]*control.Control, error) { return control.DecodeIndex(rules, texts) }
