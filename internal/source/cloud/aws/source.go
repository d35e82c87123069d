// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package aws

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source"
	"github.com/plumb-cspm/plumb/internal/source/cloud"
)

// Config says which account to read, as whom, and how much of it. The zero
// Config reads all of the account that the SDK's default credentials lead to.
type Config struct {
	// Profile is a profile of the shared configuration; "" for the default.
	Profile string
	// RoleARN is a role to assume with the credentials found, ExternalID what
	// its trust policy may ask for.
	RoleARN, ExternalID string
	// Regions to read; empty for all that are enabled.
	Regions []string
	// Services to read, by the names of their collectors; empty for all.
	Services []string
	// Need leaves out operations that the selected controls do not need.
	Need cloud.Need
	// Concurrency bounds the requests in flight; 0 for the default of 32.
	Concurrency int
	// Logger gets one debug line a request, without its contents; nil for none.
	Logger *slog.Logger
	// Options change how the SDK's configuration is loaded.
	Options []func(*awsconfig.LoadOptions) error
}

const (
	defaultConcurrency = 32
	// No service gets more than this many requests at a time in one region,
	// so that a slow one leaves room for the others.
	perServiceConcurrency = 16
)

// Source reads one AWS account.
type Source struct {
	account    *account
	collectors []Collector
	regions    []string
}

var (
	_ source.Source = (*Source)(nil)
	_ cloud.Counted = (*Source)(nil)
)

// account is what all readers of one account share.
type account struct {
	id        string
	partition string
	home      string   // the region whose endpoints global collectors call
	asked     []string // the regions that the user asked for; empty for all
	config    aws.Config

	need       cloud.Need
	perService int
	limiter    *cloud.Limiter
	reach      cloud.Reach
	ledger     cloud.Ledger
	sources    cloud.Sources
	counter    cloud.Counter
	log        *slog.Logger
}

// New finds credentials, the account they belong to, and its regions. A
// [cloud.UsageError] is a mistake in cfg; any other error means that nothing can
// be read, and says what to do about it.
func New(ctx context.Context, cfg Config, collectors []Collector) (*Source, error) {
	if err := validate(cfg, collectors); err != nil {
		return nil, err
	}
	a, err := open(ctx, cfg)
	if err != nil {
		return nil, err
	}
	s := &Source{account: a, collectors: selected(collectors, cfg)}
	if s.regions, err = a.regions(ctx, s.collectors); err != nil {
		return nil, err
	}
	return s, nil
}

// selected returns the collectors of the selected services that have something
// to do.
func selected(collectors []Collector, cfg Config) []Collector {
	var chosen []Collector
	for _, c := range collectors {
		wanted := len(cfg.Services) == 0 || slices.Contains(cfg.Services, c.Service)
		if wanted && slices.ContainsFunc(c.Operations, cfg.Need.Of) {
			chosen = append(chosen, c)
		}
	}
	return chosen
}

func validate(cfg Config, collectors []Collector) error {
	services := map[string]bool{}
	for _, c := range collectors {
		services[c.Service] = true
	}
	for _, s := range cfg.Services {
		if !services[s] {
			return &cloud.UsageError{Problem: fmt.Sprintf("there is no AWS service %q; known are %s",
				s, strings.Join(slices.Sorted(maps.Keys(services)), ", "))}
		}
	}
	for _, r := range cfg.Regions {
		if !regionForm.MatchString(r) {
			return &cloud.UsageError{Problem: fmt.Sprintf("%q is not an AWS region; one looks like eu-west-1", r)}
		}
	}
	if cfg.RoleARN != "" && !roleForm.MatchString(cfg.RoleARN) {
		return &cloud.UsageError{Problem: fmt.Sprintf("%q is not the ARN of a role; one looks like arn:aws:iam::123456789012:role/audit", cfg.RoleARN)}
	}
	if cfg.RoleARN == "" && cfg.ExternalID != "" {
		return &cloud.UsageError{Problem: "an external id is only used when a role is assumed"}
	}
	return nil
}

// Target implements [source.Source]: "aws:123456789012".
func (s *Source) Target() string { return "aws:" + s.account.id }

// Regions are the regions that regional collectors read, sorted.
func (s *Source) Regions() []string { return s.regions }

// Calls implements [cloud.Counted].
func (s *Source) Calls() map[string]int { return s.account.counter.Calls() }

// Read implements [source.Source]. All collectors run at once; what bounds them
// is the requests in flight. It returns no error: what could not be read is
// coverage.
func (s *Source) Read(ctx context.Context, sink source.Sink) error {
	var running sync.WaitGroup
	for i := range s.collectors {
		c := &s.collectors[i]
		for _, r := range s.readers(c, sink) {
			running.Go(func() { r.run(ctx) })
		}
	}
	running.Wait()
	s.account.ledger.Report(sink)
	return nil
}

// readers makes one reader for a global collector, one a region for others.
func (s *Source) readers(c *Collector, sink source.Sink) []*Reader {
	global := &Reader{
		account: s.account, collector: c, sink: sink, region: s.account.home,
		scope: asset.Scope{Provider: "aws", Account: s.account.id},
	}
	if c.Global {
		return []*Reader{global}
	}
	readers := make([]*Reader, len(s.regions))
	for i, region := range s.regions {
		readers[i] = global.In(region)
	}
	return readers
}

// run runs the collector. Its mistakes cost what it would have read, not the
// rest of the scan.
func (r *Reader) run(ctx context.Context) {
	defer func() {
		if p := recover(); p != nil {
			r.broke(fmt.Sprintf(cloud.Mistake+"%v", p))
		}
	}()
	if err := r.collector.Collect(ctx, r); err != nil {
		r.broke(redact(err.Error()))
	}
}

func (r *Reader) broke(reason string) {
	r.account.log.Error("collector broke off", "service", r.collector.Service, "region", r.scope.Region, "reason", reason)
	r.account.ledger.Add(r.scope, r.collector.Service, asset.Failed, cmp.Or(reason, "unknown error"))
}
