// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package aws

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source"
	"github.com/plumb-cspm/plumb/internal/source/cloud"
)

// Collector reads one service. A service's live package declares it.
type Collector struct {
	// Service is the name of the room: "s3".
	Service string
	// Global collectors run once an account, others once in each region.
	Global bool
	// Operations are all calls that Collect may make.
	Operations []cloud.Operation
	// Collect emits the service's assets. What it could not read it leaves
	// unknown with the source that [Call] gave it; an error is for what should
	// not happen, and becomes coverage.
	Collect func(ctx context.Context, r *Reader) error
}

// Reader is what a collector sees of one account and region. It may be used by
// several goroutines.
type Reader struct {
	account   *account
	collector *Collector
	region    string
	scope     asset.Scope
	sink      source.Sink
}

// Account is the account's number.
func (r *Reader) Account() string { return r.account.id }

// Partition is the first part of the account's ARNs: "aws", "aws-cn".
func (r *Reader) Partition() string { return r.account.partition }

// Region is the region whose endpoints are called. Global collectors have one
// too: the account's home for this scan.
func (r *Reader) Region() string { return r.region }

// Scope is where assets emitted by this reader belong. Global collectors have
// no region in it.
func (r *Reader) Scope() asset.Scope { return r.scope }

// In returns the reader for another region of the account: that of a bucket.
// Where the region is not known ("") it stays where it is.
func (r *Reader) In(region string) *Reader {
	if region == "" {
		return r
	}
	other := *r
	other.region = region
	other.scope.Region = region
	return &other
}

// Reads reports whether the scan covers the region: a global collector that
// lists things of all regions leaves out those that were not asked for.
func (r *Reader) Reads(region string) bool {
	return len(r.account.asked) == 0 || slices.Contains(r.account.asked, region)
}

// Config is what the SDK's clients are made from. Clients cost little and share
// their connections, limits and retries; make them where they are needed.
func (r *Reader) Config() aws.Config {
	cfg := r.account.config.Copy()
	cfg.Region = r.region
	return cfg
}

// CustomEndpoint reports whether the service (by the SDK's ServiceID) is called
// at an endpoint that the user configured, which need not know buckets as parts
// of host names: S3 clients then use path-style requests.
func (r *Reader) CustomEndpoint(serviceID string) bool {
	return customEndpoint(r.account.config, serviceID)
}

// ARN builds a name where the API gives none.
func (r *Reader) ARN(service, resource string) string {
	return "arn:" + r.Partition() + ":" + service + ":" + r.scope.Region + ":" + r.Account() + ":" + resource
}

// Needs reports whether the selected controls need the operation. Call does not
// make the others anyway; Needs saves the work around them.
func (r *Reader) Needs(operation string) bool {
	op, declared := r.operation(operation)
	return declared && r.account.need.Of(op)
}

func (r *Reader) operation(name string) (cloud.Operation, bool) {
	i := slices.IndexFunc(r.collector.Operations, func(o cloud.Operation) bool { return o.Name == name })
	if i < 0 {
		return cloud.Operation{}, false
	}
	return r.collector.Operations[i], true
}

// Asset returns a live asset of this reader's scope, whose ID is its address.
// The caller sets Config, Tags and Keys and gives it to Emit.
func (r *Reader) Asset(typ, id, name string) *asset.Asset {
	return &asset.Asset{Type: typ, ID: id, Name: name, Address: id, Scope: r.scope, Origin: asset.Live}
}

// Emit hands an asset over. Fields that nobody has set get the reason that
// their live tag declares.
func (r *Reader) Emit(a *asset.Asset) {
	if a.Config != nil {
		asset.Complete(a.Config, asset.Live)
	}
	r.sink.Asset(a)
}

// From is the source of what a declared operation answered, for values that
// were read before a listing broke off.
func (r *Reader) From(operation string) *asset.Source { return r.account.sources.Read(operation) }

// Each calls fn for every item, as many at a time as the service's limit lets
// calls through, and returns when all have ended.
func Each[T any](ctx context.Context, r *Reader, items []T, fn func(context.Context, T)) {
	cloud.Each(ctx, r.account.perService, items, fn)
}
