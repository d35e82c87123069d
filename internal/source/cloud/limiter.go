// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cloud

import (
	"context"
	"sync"
)

// Limiter bounds the requests in flight: all together, and those to each place
// (a service in a region) by a limit that shrinks when the place throttles and
// grows again while it does not. It may be used by several goroutines.
type Limiter struct {
	total    chan struct{}
	perPlace int

	mu     sync.Mutex
	places map[string]*gate
}

// NewLimiter allows total requests in flight, and at most perPlace of them to
// one place.
func NewLimiter(total, perPlace int) *Limiter {
	return &Limiter{
		total:    make(chan struct{}, max(total, 1)),
		perPlace: max(perPlace, 1),
		places:   map[string]*gate{},
	}
}

// Acquire waits until a request to the place may be sent. The caller calls done
// exactly once, when it has been answered, and says whether the place throttled
// it. The error is ctx's.
func (l *Limiter) Acquire(ctx context.Context, place string) (done func(throttled bool), err error) {
	g := l.gate(place)
	// The place comes first: whoever waits for a slow place must not hold one of
	// the slots that the others could use.
	began, err := g.enter(ctx)
	if err != nil {
		return nil, err
	}
	select {
	case l.total <- struct{}{}:
	case <-ctx.Done():
		g.leave()
		return nil, ctx.Err()
	}
	return func(throttled bool) {
		<-l.total
		if throttled {
			g.shrink(began)
		} else {
			g.grow()
		}
		g.leave()
	}, nil
}

func (l *Limiter) gate(place string) *gate {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.places[place] == nil {
		l.places[place] = &gate{most: float64(l.perPlace), limit: float64(l.perPlace)}
	}
	return l.places[place]
}

// gate lets a number of requests through at a time. The number is halved by a
// throttled request and grows by about one for every full round of others.
type gate struct {
	mu      sync.Mutex
	most    float64
	limit   float64
	inside  int
	cuts    int // how often the limit was halved
	waiting []chan struct{}
}

// enter waits for a place and returns the number of cuts that came before.
func (g *gate) enter(ctx context.Context) (cuts int, err error) {
	g.mu.Lock()
	if err := ctx.Err(); err != nil {
		g.mu.Unlock()
		return 0, err
	}
	if g.inside < int(g.limit) && len(g.waiting) == 0 {
		g.inside++
		defer g.mu.Unlock()
		return g.cuts, nil
	}
	turn := make(chan struct{})
	g.waiting = append(g.waiting, turn)
	g.mu.Unlock()

	select {
	case <-turn:
		g.mu.Lock()
		defer g.mu.Unlock()
		return g.cuts, nil
	case <-ctx.Done():
		g.giveUp(turn)
		return 0, ctx.Err()
	}
}

// giveUp leaves the queue, or passes the turn on if it came at the same moment.
func (g *gate) giveUp(turn chan struct{}) {
	g.mu.Lock()
	for i, w := range g.waiting {
		if w == turn {
			g.waiting = append(g.waiting[:i], g.waiting[i+1:]...)
			g.mu.Unlock()
			return
		}
	}
	g.mu.Unlock()
	g.leave()
}

func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.inside--
	for g.inside < int(g.limit) && len(g.waiting) > 0 {
		close(g.waiting[0])
		g.waiting = g.waiting[1:]
		g.inside++
	}
}

// shrink halves the limit, once for all requests that were under way together.
func (g *gate) shrink(began int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if began == g.cuts {
		g.cuts++
		g.limit = max(g.limit/2, 1)
	}
}

func (g *gate) grow() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.limit = min(g.limit+1/g.limit, g.most)
}
