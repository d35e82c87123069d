// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package aws_test

import (
	"cmp"
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	s3controltypes "github.com/aws/aws-sdk-go-v2/service/s3control/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	gocmp "github.com/google/go-cmp/cmp"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/mototest"
	"github.com/plumb-cspm/plumb/internal/source/cloud"
	cloudaws "github.com/plumb-cspm/plumb/internal/source/cloud/aws"
)

// heap takes what a source reads.
type heap struct {
	mu       sync.Mutex
	assets   []*asset.Asset
	coverage []asset.Coverage
}

func (h *heap) Asset(a *asset.Asset) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.assets = append(h.assets, a)
}

func (h *heap) Coverage(c asset.Coverage) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.coverage = append(h.coverage, c)
}

// part returns the lines of coverage of that part.
func (h *heap) part(name string) []asset.Coverage {
	var lines []asset.Coverage
	for _, c := range h.coverage {
		if c.Part == name {
			lines = append(lines, c)
		}
	}
	return lines
}

// open opens the account for collectors that a Reading would object to.
func open(t *testing.T, s *mototest.Server, cfg cloudaws.Config, collectors ...cloudaws.Collector) *cloudaws.Source {
	t.Helper()
	cfg.Options = append(s.Options(), cfg.Options...)
	if len(cfg.Regions) == 0 {
		cfg.Regions = []string{mototest.Region}
	}
	src, err := cloudaws.New(t.Context(), cfg, collectors)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func read(t *testing.T, src *cloudaws.Source) *heap {
	t.Helper()
	var h heap
	if err := src.Read(t.Context(), &h); err != nil {
		t.Fatal(err)
	}
	return &h
}

// listing is a collector with one declared operation and a body of the test's.
func listing(collect func(ctx context.Context, r *cloudaws.Reader) error) cloudaws.Collector {
	return cloudaws.Collector{
		Service:    "sqs",
		Operations: []cloud.Operation{{Name: "sqs:ListQueues", Fills: []string{"aws.sqs.queue"}}},
		Collect:    collect,
	}
}

func TestMistakesOfACollectorAreRefusedAndReported(t *testing.T) {
	t.Parallel()
	list := func(ctx context.Context, r *cloudaws.Reader) (*sqs.ListQueuesOutput, error) {
		return sqs.NewFromConfig(r.Config()).ListQueues(ctx, nil)
	}
	tests := map[string]struct {
		collect func(ctx context.Context, r *cloudaws.Reader) error
		part    string
		reason  string
	}{
		"an operation that is not declared": {
			func(ctx context.Context, r *cloudaws.Reader) error {
				cloudaws.Call(ctx, r, "sqs:ListQueueTags", func(ctx context.Context) (*sqs.ListQueuesOutput, error) { return list(ctx, r) })
				return nil
			},
			"sqs:ListQueueTags", "sqs:ListQueueTags: " + cloud.Mistake + "sqs does not declare this operation",
		},
		"another operation than the one named": {
			func(ctx context.Context, r *cloudaws.Reader) error {
				cloudaws.Call(ctx, r, "sqs:ListQueues", func(ctx context.Context) (*sqs.GetQueueUrlOutput, error) {
					return sqs.NewFromConfig(r.Config()).GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: aws.String("q")})
				})
				return nil
			},
			"sqs:ListQueues", "sqs:ListQueues: " + cloud.Mistake + "sqs:GetQueueUrl was called as sqs:ListQueues",
		},
		"a call past Call": {
			func(ctx context.Context, r *cloudaws.Reader) error {
				_, err := list(ctx, r)
				return err
			},
			"sqs", "operation error SQS: ListQueues, " + cloud.Mistake + "sqs:ListQueues was called without Call or Pages",
		},
		"a panic": {
			func(context.Context, *cloudaws.Reader) error { panic("index out of range") },
			"sqs", cloud.Mistake + "index out of range",
		},
		"a panic in Each": {
			func(ctx context.Context, r *cloudaws.Reader) error {
				cloudaws.Each(ctx, r, []int{1}, func(context.Context, int) { panic("index out of range") })
				return nil
			},
			"sqs", cloud.Mistake + "index out of range",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := mototest.Start(t)
			got := read(t, open(t, s, cloudaws.Config{}, listing(tt.collect)))
			want := []asset.Coverage{{
				Scope: "aws/" + s.Account + "/us-east-1", Part: tt.part, Status: asset.Failed, Reason: tt.reason, Count: 1,
			}}
			if diff := gocmp.Diff(want, got.part(tt.part)); diff != "" {
				t.Errorf("coverage (-want +got):\n%s", diff)
			}
			for operation := range s.Wire().Calls() {
				if strings.HasPrefix(operation, "sqs:") {
					t.Errorf("%s was sent", operation)
				}
			}
		})
	}
}

func TestARegionThatDoesNotAnswerIsGivenUp(t *testing.T) {
	t.Parallel()
	s := withQueues(t, 1, "us-east-1", "eu-west-1")
	nobody := closedPort(t)
	src := open(t, s, cloudaws.Config{Regions: []string{"us-east-1", "eu-west-1"}}, listing(func(ctx context.Context, r *cloudaws.Reader) error {
		client := sqs.NewFromConfig(r.Config(), func(o *sqs.Options) {
			if r.Region() == "eu-west-1" {
				o.BaseEndpoint = aws.String("http://" + nobody)
			}
		})
		for range 20 {
			cloudaws.Call(ctx, r, "sqs:ListQueues", func(ctx context.Context) (*sqs.ListQueuesOutput, error) { return client.ListQueues(ctx, nil) })
		}
		return nil
	}))
	got := read(t, src)

	want := []asset.Coverage{
		{Scope: "aws/" + s.Account + "/eu-west-1", Part: "sqs:ListQueues", Status: asset.Unreachable, Count: 20,
			Reason: "sqs:ListQueues: region eu-west-1 does not answer: connection refused (and other reasons)"},
		{Scope: "aws/" + s.Account + "/us-east-1", Part: "sqs:ListQueues", Status: asset.Covered, Count: 20},
	}
	if diff := gocmp.Diff(want, got.part("sqs:ListQueues")); diff != "" {
		t.Errorf("coverage (-want +got):\n%s", diff)
	}
	// 20 in the region that answers, and the attempts of one call in the other.
	if n := src.Calls()["sqs:ListQueues"]; n != 23 {
		t.Errorf("%d requests were sent, want 23", n)
	}
}

// closedPort returns an address that refuses connections.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func TestAnInterruptedReadEndsAtOnceAndKeepsWhatItHas(t *testing.T) {
	t.Parallel()
	s := withQueues(t, 2, mototest.Region)
	arrived, release := s.Wire().Hold("sqs:ListQueueTags")
	defer release()
	emitted := make(chan struct{})
	first := listing(func(_ context.Context, r *cloudaws.Reader) error {
		r.Emit(r.Asset("aws.sqs.queue", "arn:first", "first"))
		close(emitted)
		return nil
	})
	src := open(t, s, cloudaws.Config{}, first, queues())
	ctx, cancel := context.WithCancel(t.Context())
	var h heap
	ended := make(chan error, 1)
	go func() { ended <- src.Read(ctx, &h) }()
	<-emitted
	<-arrived
	cancel()
	began := time.Now()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("it took %v to end", took)
	}
	if !strings.Contains(names(h.assets), "first") {
		t.Errorf("assets are %s", names(h.assets))
	}
	for _, c := range h.part("sqs:ListQueueTags") {
		if c.Status != asset.Skipped || c.Reason != "sqs:ListQueueTags: interrupted" {
			t.Errorf("coverage says %+v", c)
		}
	}
	if len(h.part("sqs:ListQueueTags")) != 1 {
		t.Errorf("coverage is %+v", h.coverage)
	}
}

func names(assets []*asset.Asset) string {
	var all []string
	for _, a := range assets {
		all = append(all, a.Name)
	}
	return strings.Join(all, " ")
}

// buckets reads a bucket in each region, and the account's own setting, from an
// endpoint that knows neither buckets nor accounts as parts of host names.
func buckets(seen func(r *cloudaws.Reader, bucket string, region string, blocked bool)) cloudaws.Collector {
	return cloudaws.Collector{
		Service: "s3",
		Global:  true,
		Operations: []cloud.Operation{
			{Name: "s3:ListBuckets", Actions: []string{"s3:ListAllMyBuckets"}, Fills: []string{"aws.s3.bucket"}},
			{Name: "s3:GetBucketLocation"},
			{Name: "s3:GetBucketVersioning", Fills: []string{"aws.s3.bucket.versioning"}},
			{Name: "s3control:GetPublicAccessBlock", Fills: []string{"aws.s3.account.public_access_block"}},
		},
		Collect: func(ctx context.Context, r *cloudaws.Reader) error {
			block, at := cloudaws.Call(ctx, r, "s3control:GetPublicAccessBlock", func(ctx context.Context) (*s3control.GetPublicAccessBlockOutput, error) {
				return s3control.NewFromConfig(r.Config()).GetPublicAccessBlock(ctx, &s3control.GetPublicAccessBlockInput{AccountId: aws.String(r.Account())})
			})
			if at.State() == asset.Unread {
				return errors.New(at.Reason())
			}
			list, at := cloudaws.Call(ctx, r, "s3:ListBuckets", func(ctx context.Context) (*s3.ListBucketsOutput, error) {
				return bucketClient(r).ListBuckets(ctx, nil)
			})
			if at.State() == asset.Unread {
				return errors.New(at.Reason())
			}
			for _, b := range list.Buckets {
				location, at := cloudaws.Call(ctx, r, "s3:GetBucketLocation", func(ctx context.Context) (*s3.GetBucketLocationOutput, error) {
					return bucketClient(r).GetBucketLocation(ctx, &s3.GetBucketLocationInput{Bucket: b.Name})
				})
				if at.State() == asset.Unread {
					return errors.New(at.Reason())
				}
				there := r.In(cmp.Or(string(location.LocationConstraint), "us-east-1"))
				_, at = cloudaws.Call(ctx, there, "s3:GetBucketVersioning", func(ctx context.Context) (*s3.GetBucketVersioningOutput, error) {
					return bucketClient(there).GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: b.Name})
				})
				if at.State() == asset.Unread {
					return errors.New(at.Reason())
				}
				seen(there, *b.Name, there.Region(), *block.PublicAccessBlockConfiguration.BlockPublicAcls)
			}
			return nil
		},
	}
}

func bucketClient(r *cloudaws.Reader) *s3.Client {
	return s3.NewFromConfig(r.Config(), func(o *s3.Options) { o.UsePathStyle = r.CustomEndpoint(s3.ServiceID) })
}

func TestS3AtAnEndpointWithoutNamesBelowIt(t *testing.T) {
	t.Parallel()
	s := mototest.Start(t)
	client := s3.NewFromConfig(s.Config(t), func(o *s3.Options) { o.UsePathStyle = true })
	for bucket, region := range map[string]s3types.BucketLocationConstraint{"here": "", "there": "eu-west-1"} {
		in := &s3.CreateBucketInput{Bucket: aws.String(bucket + "-" + s.Account)}
		if region != "" {
			in.CreateBucketConfiguration = &s3types.CreateBucketConfiguration{LocationConstraint: region}
		}
		if _, err := client.CreateBucket(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
	// Seeded through the product's own configuration, which puts the host right.
	put := cloudaws.Collector{
		Service: "s3", Global: true,
		Operations: []cloud.Operation{{Name: "s3control:PutPublicAccessBlock"}},
		Collect: func(ctx context.Context, r *cloudaws.Reader) error {
			_, at := cloudaws.Call(ctx, r, "s3control:PutPublicAccessBlock", func(ctx context.Context) (*s3control.PutPublicAccessBlockOutput, error) {
				return s3control.NewFromConfig(r.Config()).PutPublicAccessBlock(ctx, &s3control.PutPublicAccessBlockInput{
					AccountId:                      aws.String(r.Account()),
					PublicAccessBlockConfiguration: &s3controltypes.PublicAccessBlockConfiguration{BlockPublicAcls: aws.Bool(true)},
				})
			})
			if at.State() == asset.Unread {
				return errors.New(at.Reason())
			}
			return nil
		},
	}
	read(t, open(t, s, cloudaws.Config{}, put))

	got := map[string]string{}
	h := read(t, open(t, s, cloudaws.Config{}, buckets(func(r *cloudaws.Reader, bucket, region string, blocked bool) {
		if !blocked || r.Scope().Region != region || r.Reads(region) != (region == mototest.Region) {
			t.Errorf("%s: blocked %v, scope %v, read %v", bucket, blocked, r.Scope(), r.Reads(region))
		}
		got[strings.TrimSuffix(bucket, "-"+s.Account)] = region
	})))
	if diff := gocmp.Diff(map[string]string{"here": "us-east-1", "there": "eu-west-1"}, got); diff != "" {
		t.Errorf("buckets (-want +got):\n%s\ncoverage: %+v", diff, h.coverage)
	}
	want := []asset.Coverage{
		{Scope: "aws/" + s.Account + "/eu-west-1", Part: "s3:GetBucketVersioning", Status: asset.Covered, Count: 1},
		{Scope: "aws/" + s.Account + "/us-east-1", Part: "s3:GetBucketVersioning", Status: asset.Covered, Count: 1},
	}
	if diff := gocmp.Diff(want, h.part("s3:GetBucketVersioning")); diff != "" {
		t.Errorf("coverage (-want +got):\n%s", diff)
	}
	if diff := gocmp.Diff("aws/"+s.Account, h.part("s3:ListBuckets")[0].Scope); diff != "" {
		t.Errorf("scope of a global collector (-want +got):\n%s", diff)
	}
}
