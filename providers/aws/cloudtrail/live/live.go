// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package live reads AWS CloudTrail from its API.
package live

import (
	"context"
	"maps"
	"slices"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/cloud"
	"github.com/plumb-cspm/plumb/internal/source/cloud/aws"
	"github.com/plumb-cspm/plumb/providers/aws/cloudtrail"
)

// Collectors reads the trails of all regions once an account: what records the
// account may be at home in any of them.
func Collectors() []aws.Collector {
	return []aws.Collector{{Service: "cloudtrail", Global: true, Operations: operations(), Collect: collect}}
}

func operations() []cloud.Operation {
	fields := func(names ...string) []string {
		for i, name := range names {
			names[i] = cloudtrail.TrailType + "." + name
		}
		return names
	}
	return []cloud.Operation{
		{Name: "cloudtrail:ListTrails", Fills: []string{cloudtrail.TrailType, cloudtrail.AccountType}},
		{
			Name:  "cloudtrail:DescribeTrails",
			Fills: fields("bucket", "multi_region", "organization", "log_validation", "kms_encrypted", "cloudwatch_logs"),
		},
		{Name: "cloudtrail:GetTrailStatus", Fills: fields("logging")},
		{Name: "cloudtrail:GetEventSelectors", Fills: fields("events")},
		{Name: "cloudtrail:GetInsightSelectors", Fills: fields("insights")},
		{Name: "cloudtrail:ListTags", Fills: fields("tags")},
	}
}

func collect(ctx context.Context, r *aws.Reader) error {
	account := "arn:" + r.Partition() + ":cloudtrail::" + r.Account() + ":account"
	if r.Needs("cloudtrail:ListTrails") {
		a := r.Asset(cloudtrail.AccountType, account, r.Account())
		a.Config = &cloudtrail.Account{}
		r.Emit(a)
	}
	pager := sdk.NewListTrailsPaginator(sdk.NewFromConfig(r.Config()), &sdk.ListTrailsInput{})
	trails, at, _ := aws.Pages(ctx, r, "cloudtrail:ListTrails", pager, func(page *sdk.ListTrailsOutput) []types.TrailInfo { return page.Trails })
	homes := map[string][]types.TrailInfo{}
	for _, t := range trails {
		home := awssdk.ToString(t.HomeRegion)
		homes[home] = append(homes[home], t)
	}
	aws.Each(ctx, r, slices.Sorted(maps.Keys(homes)), func(ctx context.Context, region string) {
		h := home{Reader: r.In(region), account: asset.RefTo(account, at), listed: at}
		h.client = sdk.NewFromConfig(h.Config())
		h.collect(ctx, homes[region])
	})
	return nil
}

// home reads the trails that were made in one region.
type home struct {
	*aws.Reader
	client  *sdk.Client
	account asset.Ref
	listed  *asset.Source
}

func (h home) collect(ctx context.Context, trails []types.TrailInfo) {
	arns := make([]string, len(trails))
	for i, t := range trails {
		arns[i] = awssdk.ToString(t.TrailARN)
	}
	described, at := aws.Call(ctx, h.Reader, "cloudtrail:DescribeTrails", func(ctx context.Context) (*sdk.DescribeTrailsOutput, error) {
		return h.client.DescribeTrails(ctx, &sdk.DescribeTrailsInput{TrailNameList: arns})
	})
	details := map[string]types.Trail{}
	if described != nil {
		for _, t := range described.TrailList {
			details[awssdk.ToString(t.TrailARN)] = t
		}
	}
	tags := h.readTags(ctx, slices.DeleteFunc(slices.Clone(arns), h.isForeign))
	aws.Each(ctx, h.Reader, trails, func(ctx context.Context, t types.TrailInfo) {
		arn, from := awssdk.ToString(t.TrailARN), at
		detail, known := details[arn]
		if !known && at.State() != asset.Unread {
			from = at.Missing("the trail was deleted meanwhile")
		}
		// A trail of one region says nothing of the others.
		if known && !awssdk.ToBool(detail.IsMultiRegionTrail) && !h.Reads(h.Region()) {
			return
		}
		a := h.Asset(cloudtrail.TrailType, arn, awssdk.ToString(t.Name))
		a.Config = h.trail(ctx, arn, detail, from)
		a.Tags = tags(arn)
		h.Emit(a)
	})
}

// isForeign reports whether a trail belongs to another account: to the
// organisation's management account.
func (h home) isForeign(arn string) bool { return cloudtrail.Owner(arn) != h.Account() }

func (h home) trail(ctx context.Context, arn string, t types.Trail, at *asset.Source) *cloudtrail.Trail {
	return &cloudtrail.Trail{
		Records:        h.account,
		Bucket:         asset.RefOf(asset.At(at, func() string { return awssdk.ToString(t.S3BucketName) })),
		Logging:        h.readLogging(ctx, arn),
		MultiRegion:    asset.At(at, func() bool { return awssdk.ToBool(t.IsMultiRegionTrail) }),
		Organization:   asset.At(at, func() bool { return awssdk.ToBool(t.IsOrganizationTrail) }),
		Inherited:      asset.Known(h.isForeign(arn), h.listed),
		LogValidation:  asset.At(at, func() bool { return awssdk.ToBool(t.LogFileValidationEnabled) }),
		KMSEncrypted:   asset.At(at, func() bool { return awssdk.ToString(t.KmsKeyId) != "" }),
		CloudWatchLogs: asset.At(at, func() bool { return awssdk.ToString(t.CloudWatchLogsLogGroupArn) != "" }),
		Insights:       h.readInsights(ctx, arn),
		Events:         h.readEvents(ctx, arn),
	}
}

func (h home) readLogging(ctx context.Context, arn string) asset.Value[bool] {
	out, at := aws.Call(ctx, h.Reader, "cloudtrail:GetTrailStatus", func(ctx context.Context) (*sdk.GetTrailStatusOutput, error) {
		return h.client.GetTrailStatus(ctx, &sdk.GetTrailStatusInput{Name: &arn})
	})
	return asset.At(at, func() bool { return awssdk.ToBool(out.IsLogging) })
}

func (h home) readInsights(ctx context.Context, arn string) asset.Value[bool] {
	out, at := aws.Call(ctx, h.Reader, "cloudtrail:GetInsightSelectors", func(ctx context.Context) (*sdk.GetInsightSelectorsOutput, error) {
		return h.client.GetInsightSelectors(ctx, &sdk.GetInsightSelectorsInput{TrailName: &arn})
	}, "InsightNotEnabledException")
	return asset.At(at, func() bool { return out != nil && len(out.InsightSelectors) > 0 })
}

const tagsPage = 20 // the most trails that one call takes

// readTags reads the tags of the account's own trails. Those of another account
// are for that account to read.
func (h home) readTags(ctx context.Context, arns []string) func(arn string) asset.Map[string] {
	read := map[string]asset.Map[string]{}
	for part := range slices.Chunk(arns, tagsPage) {
		out, at := aws.Call(ctx, h.Reader, "cloudtrail:ListTags", func(ctx context.Context) (*sdk.ListTagsOutput, error) {
			return h.client.ListTags(ctx, &sdk.ListTagsInput{ResourceIdList: part})
		})
		for _, arn := range part {
			read[arn] = asset.MapAt(at, func() map[string]asset.Value[string] { return tagsOf(arn, out.ResourceTagList, at) })
		}
	}
	return func(arn string) asset.Map[string] {
		if tags, ok := read[arn]; ok {
			return tags
		}
		return asset.UnknownMap[string]("the trail belongs to another account", h.listed)
	}
}

func tagsOf(arn string, all []types.ResourceTag, at *asset.Source) map[string]asset.Value[string] {
	tags := map[string]asset.Value[string]{}
	for _, resource := range all {
		if awssdk.ToString(resource.ResourceId) != arn {
			continue
		}
		for _, tag := range resource.TagsList {
			tags[awssdk.ToString(tag.Key)] = asset.Known(awssdk.ToString(tag.Value), at)
		}
	}
	return tags
}
