// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cloud

import (
	"maps"
	"sync"
)

// Counted is a source that knows which calls it made.
type Counted interface {
	// Calls returns how many requests were sent for each operation, repeated
	// attempts included.
	Calls() map[string]int
}

// Counter counts requests by operation. It may be used by several goroutines.
// The zero Counter has counted nothing.
type Counter struct {
	mu sync.Mutex
	n  map[string]int
}

// Add counts one request.
func (c *Counter) Add(operation string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.n == nil {
		c.n = map[string]int{}
	}
	c.n[operation]++
}

// Calls implements [Counted].
func (c *Counter) Calls() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.n)
}
