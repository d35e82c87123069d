// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source"
)

// How often progress is shown: a line that is redrawn, or a line after another.
// What takes less than that needs none.
const (
	redrawEvery = 250 * time.Millisecond
	repeatEvery = 10 * time.Second
)

// progress tells on standard error how many assets were read, and where the scan
// is. A nil progress shows nothing.
type progress struct {
	w      io.Writer
	redraw bool

	mu      sync.Mutex
	assets  int
	service string
	shown   bool

	done    chan struct{}
	stopped sync.WaitGroup
}

// startProgress shows progress until stop is called.
func (a *app) startProgress(o *scanOptions) *progress {
	_, screen := a.terminal(a.Stderr)
	redraw := o.progress.value == "auto" && screen && !o.verbose && a.environ["TERM"] != "dumb"
	if o.quiet || !redraw && o.progress.value != "plain" {
		return nil
	}
	p := &progress{w: a.Stderr, redraw: redraw, done: make(chan struct{})}
	every := repeatEvery
	if redraw {
		every = redrawEvery
	}
	p.stopped.Go(func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				p.show()
			case <-p.done:
				return
			}
		}
	})
	return p
}

// stop ends the showing and takes the line away that was redrawn.
func (p *progress) stop() {
	if p == nil {
		return
	}
	close(p.done)
	p.stopped.Wait()
	switch {
	case !p.redraw:
		p.show()
	case p.shown:
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}

func (p *progress) show() {
	p.mu.Lock()
	defer p.mu.Unlock()
	text := fmt.Sprintf("%d assets read", p.assets)
	if p.service != "" {
		text += ", now " + p.service
	}
	if p.redraw {
		p.shown = true
		fmt.Fprint(p.w, "\r\x1b[K"+text)
		return
	}
	fmt.Fprintln(p.w, "plumb: "+text)
}

// over makes the sources tell what they read.
func (p *progress) over(sources []source.Source) []source.Source {
	if p == nil {
		return sources
	}
	watched := make([]source.Source, len(sources))
	for i, s := range sources {
		watched[i] = watchedSource{s, p}
	}
	return watched
}

type watchedSource struct {
	source.Source
	p *progress
}

func (s watchedSource) Read(ctx context.Context, sink source.Sink) error {
	return s.Source.Read(ctx, watchedSink{sink, s.p})
}

type watchedSink struct {
	source.Sink
	p *progress
}

func (s watchedSink) Asset(a *asset.Asset) {
	where := asset.Type{Name: a.Type}.Service()
	if a.Scope.Region != "" {
		where += " in " + a.Scope.Region
	}
	s.p.mu.Lock()
	s.p.assets++
	s.p.service = where
	s.p.mu.Unlock()
	s.Sink.Asset(a)
}
