// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cloud

import (
	"context"
	"sync"
)

// Limiter bounds the requests in flight: all together, and those to one place
// (a service in a region). It may be used by several goroutines.
type Limiter struct {
	total    chan struct{}
	perPlace int

	mu     sync.Mutex
	places map[string]chan struct{}
}

// NewLimiter allows total requests in flight, and at most perPlace of them to
// one place.
func NewLimiter(total, perPlace int) *Limiter {
	return &Limiter{
		total:    make(chan struct{}, max(total, 1)),
		perPlace: max(perPlace, 1),
		places:   map[string]chan struct{}{},
	}
}

// Acquire waits until a request to the place may be sent. The caller calls done
// exactly once, when it has been answered. The error is ctx's.
func (l *Limiter) Acquire(ctx context.Context, place string) (done func(), err error) {
	// The place comes first: whoever waits for a slow place must not hold one of
	// the slots that the others could use.
	here := l.place(place)
	if err := enter(ctx, here); err != nil {
		return nil, err
	}
	if err := enter(ctx, l.total); err != nil {
		<-here
		return nil, err
	}
	return func() { <-l.total; <-here }, nil
}

func enter(ctx context.Context, slots chan struct{}) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (l *Limiter) place(name string) chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.places[name] == nil {
		l.places[name] = make(chan struct{}, l.perPlace)
	}
	return l.places[name]
}
