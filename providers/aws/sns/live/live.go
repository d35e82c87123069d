// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package live reads Amazon SNS from its API.
package live

import (
	"context"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/aws/policy"
	"github.com/plumb-cspm/plumb/internal/source/cloud"
	"github.com/plumb-cspm/plumb/internal/source/cloud/aws"
	"github.com/plumb-cspm/plumb/providers/aws/sns"
)

// Collectors reads the topics and subscriptions of each region.
func Collectors() []aws.Collector {
	return []aws.Collector{{Service: "sns", Operations: operations(), Collect: collect}}
}

func operations() []cloud.Operation {
	return []cloud.Operation{
		{Name: "sns:ListTopics", Fills: []string{sns.TopicType}},
		{Name: "sns:GetTopicAttributes", Fills: []string{sns.TopicType + ".policy", sns.TopicType + ".encrypted"}},
		{Name: "sns:ListTagsForResource", Fills: []string{sns.TopicType + ".tags"}},
		{Name: "sns:ListSubscriptions", Fills: []string{sns.SubscriptionType}},
	}
}

func collect(ctx context.Context, r *aws.Reader) error {
	client := sdk.NewFromConfig(r.Config())
	emitSubscriptions(ctx, r, client)
	pager := sdk.NewListTopicsPaginator(client, &sdk.ListTopicsInput{})
	topics, _, _ := aws.Pages(ctx, r, "sns:ListTopics", pager, func(page *sdk.ListTopicsOutput) []types.Topic { return page.Topics })
	aws.Each(ctx, r, topics, func(ctx context.Context, topic types.Topic) {
		arn := awssdk.ToString(topic.TopicArn)
		a := r.Asset(sns.TopicType, arn, lastPart(arn))
		a.Config = readTopic(ctx, r, client, arn)
		a.Tags = readTags(ctx, r, client, arn)
		r.Emit(a)
	})
	return nil
}

// lastPart is the name at the end of an ARN.
func lastPart(arn string) string { return arn[strings.LastIndex(arn, ":")+1:] }

func readTopic(ctx context.Context, r *aws.Reader, client *sdk.Client, arn string) *sns.Topic {
	out, at := aws.Call(ctx, r, "sns:GetTopicAttributes", func(ctx context.Context) (*sdk.GetTopicAttributesOutput, error) {
		return client.GetTopicAttributes(ctx, &sdk.GetTopicAttributesInput{TopicArn: &arn})
	})
	return &sns.Topic{
		Policy:    policy.ParseString(asset.At(at, func() string { return out.Attributes["Policy"] })),
		Encrypted: asset.At(at, func() bool { return out.Attributes["KmsMasterKeyId"] != "" }),
	}
}

func readTags(ctx context.Context, r *aws.Reader, client *sdk.Client, arn string) asset.Map[string] {
	out, at := aws.Call(ctx, r, "sns:ListTagsForResource", func(ctx context.Context) (*sdk.ListTagsForResourceOutput, error) {
		return client.ListTagsForResource(ctx, &sdk.ListTagsForResourceInput{ResourceArn: &arn})
	})
	return asset.MapAt(at, func() map[string]asset.Value[string] {
		tags := make(map[string]asset.Value[string], len(out.Tags))
		for _, tag := range out.Tags {
			tags[awssdk.ToString(tag.Key)] = asset.Known(awssdk.ToString(tag.Value), at)
		}
		return tags
	})
}

// noARN are what the API writes for a subscription in the place of an ARN where
// nobody has confirmed it yet, or where it is being deleted.
var noARN = map[string]bool{"PendingConfirmation": true, "Deleted": true}

// emitSubscriptions makes subscriptions that deliver assets: the endpoint, an
// address of a person or a program, is left out.
func emitSubscriptions(ctx context.Context, r *aws.Reader, client *sdk.Client) {
	pager := sdk.NewListSubscriptionsPaginator(client, &sdk.ListSubscriptionsInput{})
	subscriptions, at, _ := aws.Pages(ctx, r, "sns:ListSubscriptions", pager, func(page *sdk.ListSubscriptionsOutput) []types.Subscription {
		return page.Subscriptions
	})
	for _, s := range subscriptions {
		arn := awssdk.ToString(s.SubscriptionArn)
		if noARN[arn] {
			continue
		}
		a := r.Asset(sns.SubscriptionType, arn, lastPart(arn))
		a.Config = &sns.Subscription{
			Topic:    asset.RefTo(awssdk.ToString(s.TopicArn), at),
			Protocol: asset.Known(awssdk.ToString(s.Protocol), at),
		}
		a.Tags = asset.MapOf[string](nil, at) // subscriptions have none
		r.Emit(a)
	}
}
