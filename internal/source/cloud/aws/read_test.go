// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package aws_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/google/go-cmp/cmp"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/mototest"
	"github.com/plumb-cspm/plumb/internal/source/cloud"
	cloudaws "github.com/plumb-cspm/plumb/internal/source/cloud/aws"
)

// queue is a small asset type, as a service's room declares one.
type queue struct {
	Delay  asset.Value[string]             `plumb:"delay"`
	Labels asset.Map[string]               `plumb:"labels"`
	Owner  asset.Value[string]             `plumb:"owner" live:"no API says it"`
	Dead   asset.List[asset.Value[string]] `plumb:"dead"`
}

// queues is a collector for it: a listing, and two calls for each queue.
func queues() cloudaws.Collector {
	return cloudaws.Collector{
		Service: "sqs",
		Operations: []cloud.Operation{
			{Name: "sqs:ListQueues", Fills: []string{"aws.sqs.queue"}},
			{Name: "sqs:GetQueueAttributes", Fills: []string{"aws.sqs.queue.delay"}},
			{Name: "sqs:ListQueueTags", Fills: []string{"aws.sqs.queue.labels"}},
			{Name: "sqs:ListDeadLetterSourceQueues", Fills: []string{"aws.sqs.queue.dead"}},
		},
		Collect: func(ctx context.Context, r *cloudaws.Reader) error {
			client := sqs.NewFromConfig(r.Config())
			urls, _, _ := cloudaws.Pages(ctx, r, "sqs:ListQueues",
				sqs.NewListQueuesPaginator(client, &sqs.ListQueuesInput{MaxResults: aws.Int32(2)}),
				func(p *sqs.ListQueuesOutput) []string { return p.QueueUrls })
			cloudaws.Each(ctx, r, urls, func(ctx context.Context, url string) { readQueue(ctx, r, client, url) })
			return nil
		},
	}
}

func readQueue(ctx context.Context, r *cloudaws.Reader, client *sqs.Client, url string) {
	name := url[len(url)-len("queue-0"):]
	a := r.Asset("aws.sqs.queue", r.ARN("sqs", name), name)
	attributes, at := cloudaws.Call(ctx, r, "sqs:GetQueueAttributes", func(ctx context.Context) (*sqs.GetQueueAttributesOutput, error) {
		return client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: &url, AttributeNames: []types.QueueAttributeName{"DelaySeconds"}})
	})
	tags, tagsAt := cloudaws.Call(ctx, r, "sqs:ListQueueTags", func(ctx context.Context) (*sqs.ListQueueTagsOutput, error) {
		return client.ListQueueTags(ctx, &sqs.ListQueueTagsInput{QueueUrl: &url})
	})
	dead, deadAt, more := cloudaws.Pages(ctx, r, "sqs:ListDeadLetterSourceQueues",
		sqs.NewListDeadLetterSourceQueuesPaginator(client, &sqs.ListDeadLetterSourceQueuesInput{QueueUrl: &url}),
		func(p *sqs.ListDeadLetterSourceQueuesOutput) []string { return p.QueueUrls }, "NotThere")
	a.Config = &queue{
		Delay: asset.At(at, func() string { return attributes.Attributes["DelaySeconds"] }),
		Labels: asset.MapAt(tagsAt, func() map[string]asset.Value[string] {
			labels := map[string]asset.Value[string]{}
			for k, v := range tags.Tags {
				labels[k] = asset.Known(v, tagsAt)
			}
			return labels
		}),
		Dead: cloudaws.ListOf(asset.Strings(dead, deadAt), deadAt, more),
	}
	r.Emit(a)
}

// withQueues returns an account with that many queues in each region.
func withQueues(t *testing.T, n int, regions ...string) *mototest.Server {
	t.Helper()
	s := mototest.Start(t)
	for _, region := range regions {
		cfg := s.Config(t)
		cfg.Region = region
		for i := range n {
			if _, err := sqs.NewFromConfig(cfg).CreateQueue(t.Context(), &sqs.CreateQueueInput{
				QueueName:  aws.String(fmt.Sprintf("queue-%d", i)),
				Attributes: map[string]string{"DelaySeconds": fmt.Sprint(i)},
				Tags:       map[string]string{"team": "red"},
			}); err != nil {
				t.Fatal(err)
			}
		}
	}
	return s
}

func TestReadMakesTheDeclaredCallsAndNoOthers(t *testing.T) {
	t.Parallel()
	s := withQueues(t, 3, mototest.Region)
	got := s.Read(t, cloudaws.Config{}, queues())

	got.CalledAll(t, queues())
	want := map[string]int{
		"sts:GetCallerIdentity": 1, "ec2:DescribeRegions": 1,
		"sqs:ListQueues": 2, "sqs:GetQueueAttributes": 3, "sqs:ListQueueTags": 3, "sqs:ListDeadLetterSourceQueues": 3,
	}
	if diff := cmp.Diff(want, s.Wire().Calls()); diff != "" {
		t.Errorf("requests on the wire (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, got.Calls); diff != "" {
		t.Errorf("requests counted (-want +got):\n%s", diff)
	}
	if lines := got.Incomplete(); len(lines) > 0 {
		t.Errorf("incomplete coverage: %v", lines)
	}

	a := got.Asset(t, "aws.sqs.queue", "queue-2")
	if want := "arn:aws:sqs:us-east-1:" + s.Account + ":queue-2"; a.ID != want || a.Address != want {
		t.Errorf("id %s, address %s, want %s", a.ID, a.Address, want)
	}
	if want := (asset.Scope{Provider: "aws", Account: s.Account, Region: "us-east-1"}); a.Scope != want || a.Origin != asset.Live {
		t.Errorf("scope %v, origin %v", a.Scope, a.Origin)
	}
	q := mototest.Of[queue](t, got, "aws.sqs.queue", "queue-2")
	if delay, _ := q.Delay.Get(); delay != "2" || q.Delay.Source().Operation != "sqs:GetQueueAttributes" {
		t.Errorf("delay %q from %v", delay, q.Delay.Source())
	}
	if label := q.Labels.Entries()["team"]; label.Or("") != "red" || !q.Dead.IsComplete() {
		t.Errorf("labels %v, dead %v", q.Labels, q.Dead)
	}
	if q.Owner.Reason() != "no API says it" {
		t.Errorf("owner's reason is %q", q.Owner.Reason())
	}
	if other := mototest.Of[queue](t, got, "aws.sqs.queue", "queue-1"); other.Delay.Source() != q.Delay.Source() {
		t.Error("two values of one operation have different sources")
	}
}

func TestOperationsThatAreNotNeededAreNotCalled(t *testing.T) {
	t.Parallel()
	s := withQueues(t, 1, mototest.Region)
	got := s.Read(t, cloudaws.Config{Need: cloud.NeedFor("aws.sqs.queue.delay")}, queues())

	called := slices.DeleteFunc(slices.Sorted(maps.Keys(s.Wire().Calls())), func(o string) bool { return o[:4] != "sqs:" })
	if diff := cmp.Diff([]string{"sqs:GetQueueAttributes", "sqs:ListQueues"}, called); diff != "" {
		t.Errorf("called (-want +got):\n%s", diff)
	}
	q := mototest.Of[queue](t, got, "aws.sqs.queue", "queue-0")
	const reason = "not asked for by the selected controls"
	if why, _ := q.Dead.More(); why != reason || q.Labels.Source().Reason() != reason || !q.Delay.IsKnown() {
		t.Errorf("queue is %+v", q)
	}
	if lines := got.Incomplete(); len(lines) > 0 {
		t.Errorf("what nobody asked for is in the coverage: %v", lines)
	}
}

func TestACollectorWithNothingToDoDoesNotRun(t *testing.T) {
	t.Parallel()
	s := mototest.Start(t)
	got := s.Read(t, cloudaws.Config{Need: cloud.NeedFor("aws.s3.bucket.policy")}, queues())
	if diff := cmp.Diff(map[string]int{"sts:GetCallerIdentity": 1}, got.Calls); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func TestDeniedCallsLeaveReasonsAndCoverage(t *testing.T) {
	t.Parallel()
	s := withQueues(t, 2, mototest.Region)
	s.Wire().Deny("sqs:ListQueueTags")
	got := s.Read(t, cloudaws.Config{}, queues())

	const reason = "AccessDeniedException on sqs:ListQueueTags: no identity-based policy allows"
	one := mototest.Of[queue](t, got, "aws.sqs.queue", "queue-0").Labels.Source()
	two := mototest.Of[queue](t, got, "aws.sqs.queue", "queue-1").Labels.Source()
	if one.Reason() != reason || one.Operation != "sqs:ListQueueTags" || one != two {
		t.Errorf("reasons are %+v and %+v", one, two)
	}
	want := []asset.Coverage{{
		Scope: "aws/" + s.Account + "/us-east-1", Part: "sqs:ListQueueTags", Status: asset.Denied, Reason: reason, Count: 2,
	}}
	if diff := cmp.Diff(want, got.Incomplete()); diff != "" {
		t.Errorf("coverage (-want +got):\n%s", diff)
	}
}

func TestAnErrorThatIsAnAnswerIsRead(t *testing.T) {
	t.Parallel()
	s := withQueues(t, 1, mototest.Region)
	s.Wire().Fail("sqs:ListDeadLetterSourceQueues", 400, "NotThere")
	got := s.Read(t, cloudaws.Config{}, queues())
	if q := mototest.Of[queue](t, got, "aws.sqs.queue", "queue-0"); !q.Dead.IsComplete() || len(q.Dead.Elems()) > 0 {
		t.Errorf("dead letter sources are %+v", q.Dead)
	}
	if lines := got.Incomplete(); len(lines) > 0 {
		t.Errorf("incomplete coverage: %v", lines)
	}
}

func TestThrottledCallsAreRepeated(t *testing.T) {
	t.Parallel()
	s := withQueues(t, 1, mototest.Region)
	s.Wire().Throttle("sqs:GetQueueAttributes", 2)
	got := s.Read(t, cloudaws.Config{}, queues())
	if q := mototest.Of[queue](t, got, "aws.sqs.queue", "queue-0"); !q.Delay.IsKnown() {
		t.Errorf("delay is unknown: %s", q.Delay.Reason())
	}
	if n := got.Calls["sqs:GetQueueAttributes"]; n != 3 {
		t.Errorf("%d attempts, want 3", n)
	}
}

func TestBrokenCallsAreRepeatedAFewTimes(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		fault func(w *mototest.Wire)
		want  asset.Coverage
	}{
		"server error": {
			func(w *mototest.Wire) { w.Fail("sqs:ListQueueTags", 500, "InternalFailure") },
			asset.Coverage{Status: asset.Failed, Reason: "InternalFailure on sqs:ListQueueTags: made by the test"},
		},
		"connection cut": {
			func(w *mototest.Wire) { w.Cut("sqs:ListQueueTags") },
			asset.Coverage{Status: asset.Unreachable, Reason: "sqs:ListQueueTags: the connection was closed before the answer was complete"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := withQueues(t, 1, mototest.Region)
			tt.fault(s.Wire())
			got := s.Read(t, cloudaws.Config{}, queues())
			tt.want.Scope, tt.want.Part, tt.want.Count = "aws/"+s.Account+"/us-east-1", "sqs:ListQueueTags", 1
			if diff := cmp.Diff([]asset.Coverage{tt.want}, got.Incomplete()); diff != "" {
				t.Errorf("coverage (-want +got):\n%s", diff)
			}
			if n := s.Wire().Calls()["sqs:ListQueueTags"]; n != 3 {
				t.Errorf("%d attempts, want 3", n)
			}
		})
	}
}

func TestAListingThatBreaksOffIsPartial(t *testing.T) {
	t.Parallel()
	s := withQueues(t, 3, mototest.Region) // two pages
	s.Wire().FailAfter("sqs:ListQueues", 1, 400, "InvalidNextToken")
	got := s.Read(t, cloudaws.Config{}, queues())
	if len(got.Assets) != 2 {
		t.Errorf("%d assets of the first page, want 2", len(got.Assets))
	}
	want := []asset.Coverage{{
		Scope: "aws/" + s.Account + "/us-east-1", Part: "sqs:ListQueues", Status: asset.Partial, Count: 1,
		Reason: "InvalidNextToken on sqs:ListQueues: the listing broke off after page 1",
	}}
	if diff := cmp.Diff(want, got.Incomplete()); diff != "" {
		t.Errorf("coverage (-want +got):\n%s", diff)
	}
}
