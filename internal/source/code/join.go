// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package code

import (
	"context"
	"errors"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source"
)

// Join makes one source of those that read the same tree, each for its language.
// What all of them could not look into is said once.
func Join(target string, languages ...source.Source) source.Source {
	return &joined{target, languages}
}

type joined struct {
	target    string
	languages []source.Source
}

// Target implements [source.Source].
func (j *joined) Target() string { return j.target }

// Read implements [source.Source].
func (j *joined) Read(ctx context.Context, sink source.Sink) error {
	once := &onceSink{Sink: sink, said: map[asset.Coverage]bool{}}
	failures := make([]error, len(j.languages))
	var group errgroup.Group
	for i, language := range j.languages {
		group.Go(func() error {
			failures[i] = language.Read(ctx, once)
			return nil
		})
	}
	_ = group.Wait() // the errors are in failures: one language must not stop another
	return errors.Join(failures...)
}

// onceSink lets every line of coverage through once.
type onceSink struct {
	source.Sink
	mu   sync.Mutex
	said map[asset.Coverage]bool
}

// Coverage implements [source.Sink].
func (s *onceSink) Coverage(line asset.Coverage) {
	s.mu.Lock()
	again := s.said[line]
	s.said[line] = true
	s.mu.Unlock()
	if !again {
		s.Sink.Coverage(line)
	}
}
