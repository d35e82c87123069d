// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package code

import "github.com/plumb-cspm/plumb/internal/asset"

// Ledger gathers the coverage lines of one root. The zero Ledger is empty.
type Ledger struct {
	// Lines are what was noted, in order.
	Lines []asset.Coverage
	index map[ledgerKey]int
}

type ledgerKey struct {
	part, reason string
	at           asset.Location
}

// Note adds a line. The same thing said again counts up.
func (l *Ledger) Note(root, part string, at asset.Location, status asset.Status, reason string) {
	key := ledgerKey{part, reason, at}
	if i, ok := l.index[key]; ok {
		l.Lines[i].Count++
		return
	}
	if l.index == nil {
		l.index = map[ledgerKey]int{}
	}
	l.index[key] = len(l.Lines)
	l.Lines = append(l.Lines, asset.Coverage{
		Scope: "code:" + root, Part: part, Location: at, Status: status, Reason: reason, Count: 1,
	})
}
