// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cloud

import (
	"context"
	"sync"
)

// Each calls fn for every item, at most n at a time, and returns when all calls
// have. When ctx ends it starts no further ones. A panic of fn is passed on to
// the caller of Each.
func Each[T any](ctx context.Context, n int, items []T, fn func(context.Context, T)) {
	next := make(chan T)
	var workers sync.WaitGroup
	var panicked any
	var once sync.Once
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	for range min(max(n, 1), len(items)) {
		workers.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					once.Do(func() { panicked = p })
					stop()
				}
			}()
			for item := range next {
				fn(ctx, item)
			}
		})
	}
hand:
	for _, item := range items {
		select {
		case next <- item:
		case <-ctx.Done():
			break hand
		}
	}
	close(next)
	workers.Wait()
	if panicked != nil {
		panic(panicked)
	}
}
