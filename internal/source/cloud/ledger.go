// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cloud

import (
	"cmp"
	"maps"
	"slices"
	"sync"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source"
)

// Ledger sums up calls into lines of coverage: one for every scope, operation
// and status, with a count. It may be used by several goroutines. The zero
// Ledger is empty.
type Ledger struct {
	mu    sync.Mutex
	lines map[line]map[string]int // calls by reason
}

type line struct {
	scope, part string
	status      asset.Status
}

// Add counts one call.
func (l *Ledger) Add(scope asset.Scope, part string, status asset.Status, reason string) {
	key := line{scope.String(), part, status}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lines == nil {
		l.lines = map[line]map[string]int{}
	}
	if l.lines[key] == nil {
		l.lines[key] = map[string]int{}
	}
	l.lines[key][reason]++
}

// Report gives the lines to the sink, in a stable order, and empties the ledger.
// Where calls of one line had several reasons it names the most frequent one.
func (l *Ledger) Report(sink source.Sink) {
	l.mu.Lock()
	lines := l.lines
	l.lines = nil
	l.mu.Unlock()

	keys := slices.SortedFunc(maps.Keys(lines), func(a, b line) int {
		return cmp.Or(cmp.Compare(a.scope, b.scope), cmp.Compare(a.part, b.part), cmp.Compare(a.status, b.status))
	})
	for _, k := range keys {
		reason, count := sumUp(lines[k])
		sink.Coverage(asset.Coverage{Scope: k.scope, Part: k.part, Status: k.status, Reason: reason, Count: count})
	}
}

func sumUp(reasons map[string]int) (reason string, total int) {
	for _, r := range slices.Sorted(maps.Keys(reasons)) {
		total += reasons[r]
		if reason == "" || reasons[r] > reasons[reason] {
			reason = r
		}
	}
	if len(reasons) > 1 {
		reason += " (and other reasons)"
	}
	return reason, total
}
