// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"context"
	"runtime"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source"
)

// Decoder is what a room declares: how to make assets of Terraform blocks.
type Decoder struct {
	// Resources are the block types that it reads.
	Resources []string
	// Decode emits the assets of one root. It is called once for each root, from
	// one goroutine a root.
	Decode func(r *Root, emit func(*asset.Asset))
}

// New returns the source that reads the Terraform code below the paths and
// makes assets of it with the decoders.
func New(paths []string, opts Options, decoders []Decoder) source.Source {
	return &terraformSource{paths: paths, opts: opts, decoders: decoders}
}

type terraformSource struct {
	paths    []string
	opts     Options
	decoders []Decoder
}

// Target implements [source.Source].
func (s *terraformSource) Target() string { return "code:" + strings.Join(s.paths, ",") }

// Read implements [source.Source]. Roots are evaluated and decoded in parallel
// and given to the sink in order, so that two runs say the same.
func (s *terraformSource) Read(ctx context.Context, sink source.Sink) error {
	l, err := newLoader(s.paths, s.opts)
	if err != nil {
		return err
	}
	dirs, coverage, err := l.find(ctx)
	if err != nil {
		return err
	}
	roots := make([]*Root, len(dirs))
	assets := make([][]*asset.Asset, len(dirs))
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, dir := range dirs {
		group.Go(func() error {
			r := l.root(ctx, dir)
			var decoded []*asset.Asset
			for _, d := range s.decoders {
				r.guard(func() {
					d.Decode(r, func(a *asset.Asset) { decoded = append(decoded, a) })
				})
			}
			if err := ctx.Err(); err != nil {
				return err // half a root would be judged as if it were all of it
			}
			roots[i], assets[i] = r, decoded
			return groupCtx.Err()
		})
	}
	waitErr := group.Wait()
	for _, line := range coverage {
		sink.Coverage(line)
	}
	var read []*Root
	for i, r := range roots {
		if r == nil {
			sink.Coverage(asset.Coverage{
				Scope: "code:" + l.tree.Name(dirs[i]), Part: "terraform", Status: asset.Skipped, Reason: "interrupted", Count: 1,
			})
			continue
		}
		read = append(read, r)
		for _, a := range assets[i] {
			sink.Asset(a)
		}
	}
	for _, line := range l.outcome(read) {
		sink.Coverage(line)
	}
	return waitErr
}
