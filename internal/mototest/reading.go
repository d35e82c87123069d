// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package mototest

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/cloud"
	cloudaws "github.com/plumb-cspm/plumb/internal/source/cloud/aws"
)

// Reading is what a scan of the account gave.
type Reading struct {
	Assets   []*asset.Asset
	Coverage []asset.Coverage
	// Calls are the requests that the scan says it made, by operation.
	Calls map[string]int
}

// Read scans the account with the collectors, in [Region] only unless cfg names
// others. It fails the test for mistakes of a collector: a call that is not
// declared, a field that nobody set, a panic.
func (s *Server) Read(t testing.TB, cfg cloudaws.Config, collectors ...cloudaws.Collector) *Reading {
	t.Helper()
	if len(cfg.Regions) == 0 {
		cfg.Regions = []string{Region}
	}
	cfg.Options = append(s.Options(), cfg.Options...)
	src, err := cloudaws.New(t.Context(), cfg, collectors)
	if err != nil {
		t.Fatalf("open the account: %v", err)
	}
	var reading Reading
	if err := src.Read(t.Context(), &sink{reading: &reading}); err != nil {
		t.Fatalf("read the account: %v", err)
	}
	reading.Calls = src.Calls()
	reading.sort()
	reading.check(t, s, collectors)
	return &reading
}

// Asset returns the asset of that type and name; it ends the test if there is
// not exactly one.
func (r *Reading) Asset(t testing.TB, typ, name string) *asset.Asset {
	t.Helper()
	var found []*asset.Asset
	for _, a := range r.Assets {
		if a.Type == typ && a.Name == name {
			found = append(found, a)
		}
	}
	if len(found) != 1 {
		t.Fatalf("there are %d assets %s %q; read were %s", len(found), typ, name, r.names())
	}
	return found[0]
}

// Of returns the config of the only asset of that type and name.
func Of[T any](t testing.TB, r *Reading, typ, name string) *T {
	t.Helper()
	config, ok := r.Asset(t, typ, name).Config.(*T)
	if !ok {
		t.Fatalf("%s %q holds a %T", typ, name, r.Asset(t, typ, name).Config)
	}
	return config
}

// CalledAll fails the test unless every operation of the collector was called:
// what a test of the richest account asks, so that nothing is declared in vain.
func (r *Reading) CalledAll(t testing.TB, collector cloudaws.Collector) {
	t.Helper()
	for _, o := range collector.Operations {
		if r.Calls[o.Name] == 0 {
			t.Errorf("%s is declared by the %s collector and was not called", o.Name, collector.Service)
		}
	}
}

// Incomplete returns the lines of coverage that are not complete.
func (r *Reading) Incomplete() []asset.Coverage {
	return slices.DeleteFunc(slices.Clone(r.Coverage), func(c asset.Coverage) bool { return c.Status == asset.Covered })
}

func (r *Reading) names() string {
	var names []string
	for _, a := range r.Assets {
		names = append(names, a.Type+" "+a.Name)
	}
	return strings.Join(names, ", ")
}

func (r *Reading) sort() {
	slices.SortFunc(r.Assets, func(a, b *asset.Asset) int {
		return strings.Compare(a.Type+" "+a.ID, b.Type+" "+b.ID)
	})
}

// check looks for mistakes of the collectors. What was sent is what the wire
// saw, whatever the scan says of itself.
func (r *Reading) check(t testing.TB, s *Server, collectors []cloudaws.Collector) {
	t.Helper()
	declared := map[string]bool{}
	for _, o := range cloudaws.Operations() {
		declared[o.Name] = true
	}
	for _, c := range collectors {
		for _, o := range c.Operations {
			declared[o.Name] = true
		}
	}
	for operation := range s.wire.Calls() {
		if !declared[operation] {
			t.Errorf("%s was called and is not declared", operation)
		}
	}
	for _, c := range r.Coverage {
		if strings.Contains(c.Reason, cloud.Mistake) {
			t.Errorf("%s in %s: %s", c.Part, c.Scope, c.Reason)
		}
	}
	for _, a := range r.Assets {
		if a.Config == nil {
			t.Errorf("%s %s has no config", a.Type, a.ID)
			continue
		}
		for _, path := range asset.Unset(a.Config) {
			t.Errorf("%s %s: nobody set %s", a.Type, a.ID, path)
		}
	}
}

type sink struct {
	mu      sync.Mutex
	reading *Reading
}

func (s *sink) Asset(a *asset.Asset) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reading.Assets = append(s.reading.Assets, a)
}

func (s *sink) Coverage(c asset.Coverage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reading.Coverage = append(s.reading.Coverage, c)
}
