// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package live reads Amazon SQS from its API.
package live

import (
	"context"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/aws/policy"
	"github.com/plumb-cspm/plumb/internal/source/cloud"
	"github.com/plumb-cspm/plumb/internal/source/cloud/aws"
	"github.com/plumb-cspm/plumb/providers/aws/sqs"
)

// Collectors reads the queues of each region.
func Collectors() []aws.Collector {
	return []aws.Collector{{Service: "sqs", Operations: operations(), Collect: collect}}
}

func operations() []cloud.Operation {
	return []cloud.Operation{
		{Name: "sqs:ListQueues", Fills: []string{sqs.QueueType}},
		{Name: "sqs:GetQueueAttributes", Fills: []string{sqs.QueueType + ".policy", sqs.QueueType + ".encryption"}},
		{Name: "sqs:ListQueueTags", Fills: []string{sqs.QueueType + ".tags"}},
	}
}

// page is the most that a listing gives; without a size it gives no token for
// the next page either.
const page = 1000

func collect(ctx context.Context, r *aws.Reader) error {
	client := sdk.NewFromConfig(r.Config())
	pager := sdk.NewListQueuesPaginator(client, &sdk.ListQueuesInput{MaxResults: awssdk.Int32(page)})
	urls, _, _ := aws.Pages(ctx, r, "sqs:ListQueues", pager, func(page *sdk.ListQueuesOutput) []string { return page.QueueUrls })
	aws.Each(ctx, r, urls, func(ctx context.Context, url string) {
		name := url[strings.LastIndex(url, "/")+1:]
		a := r.Asset(sqs.QueueType, r.ARN("sqs", name), name)
		a.Keys = []string{url}
		a.Config = readQueue(ctx, r, client, url)
		a.Tags = readTags(ctx, r, client, url)
		r.Emit(a)
	})
	return nil
}

func readQueue(ctx context.Context, r *aws.Reader, client *sdk.Client, url string) *sqs.Queue {
	out, at := aws.Call(ctx, r, "sqs:GetQueueAttributes", func(ctx context.Context) (*sdk.GetQueueAttributesOutput, error) {
		return client.GetQueueAttributes(ctx, &sdk.GetQueueAttributesInput{
			QueueUrl: &url, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameAll},
		})
	})
	attribute := func(name types.QueueAttributeName) string { return out.Attributes[string(name)] }
	kms := func() bool { return attribute(types.QueueAttributeNameKmsMasterKeyId) != "" }
	return &sqs.Queue{
		Policy: policy.ParseString(asset.At(at, func() string { return attribute(types.QueueAttributeNamePolicy) })),
		Encryption: sqs.Encryption{
			Enabled: asset.At(at, func() bool { return kms() || attribute(types.QueueAttributeNameSqsManagedSseEnabled) == "true" }),
			KMS:     asset.At(at, kms),
		},
	}
}

func readTags(ctx context.Context, r *aws.Reader, client *sdk.Client, url string) asset.Map[string] {
	out, at := aws.Call(ctx, r, "sqs:ListQueueTags", func(ctx context.Context) (*sdk.ListQueueTagsOutput, error) {
		return client.ListQueueTags(ctx, &sdk.ListQueueTagsInput{QueueUrl: &url})
	})
	return asset.MapAt(at, func() map[string]asset.Value[string] {
		tags := make(map[string]asset.Value[string], len(out.Tags))
		for key, value := range out.Tags {
			tags[key] = asset.Known(value, at)
		}
		return tags
	})
}
