// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package live reads Amazon DynamoDB from its API.
package live

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/cloud"
	"github.com/plumb-cspm/plumb/internal/source/cloud/aws"
	"github.com/plumb-cspm/plumb/providers/aws/dynamodb"
)

// Collectors reads the tables in each region.
func Collectors() []aws.Collector {
	return []aws.Collector{{Service: "dynamodb", Operations: operations(), Collect: collect}}
}

func operations() []cloud.Operation {
	field := func(name string) string { return dynamodb.TableType + "." + name }
	return []cloud.Operation{
		{Name: "dynamodb:ListTables", Fills: []string{dynamodb.TableType}},
		{Name: "dynamodb:DescribeTable", Fills: []string{field("deletion_protection"), field("encryption")}},
		{Name: "dynamodb:DescribeContinuousBackups", Fills: []string{field("point_in_time_recovery")}},
		{Name: "dynamodb:ListTagsOfResource", Fills: []string{field("tags")}},
	}
}

func collect(ctx context.Context, r *aws.Reader) error {
	if !r.Needs("dynamodb:ListTables") {
		return nil
	}
	client := sdk.NewFromConfig(r.Config())
	pager := sdk.NewListTablesPaginator(client, &sdk.ListTablesInput{Limit: awssdk.Int32(100)})
	names, _, _ := aws.Pages(ctx, r, "dynamodb:ListTables", pager, func(page *sdk.ListTablesOutput) []string { return page.TableNames })
	aws.Each(ctx, r, names, func(ctx context.Context, name string) {
		arn := r.ARN("dynamodb", "table/"+name)
		table := &dynamodb.Table{PointInTimeRecovery: readRecovery(ctx, r, client, name)}
		table.DeletionProtection, table.Encryption = readTable(ctx, r, client, name)
		a := r.Asset(dynamodb.TableType, arn, name)
		a.Config = table
		a.Tags = readTags(ctx, r, client, arn)
		r.Emit(a)
	})
	return nil
}

func readTable(ctx context.Context, r *aws.Reader, c *sdk.Client, name string) (asset.Value[bool], dynamodb.Encryption) {
	out, src := aws.Call(ctx, r, "dynamodb:DescribeTable", func(ctx context.Context) (*sdk.DescribeTableOutput, error) {
		return c.DescribeTable(ctx, &sdk.DescribeTableInput{TableName: &name})
	})
	var table types.TableDescription
	if out != nil && out.Table != nil {
		table = *out.Table
	}
	// A table without the description has DynamoDB's own key.
	var sse types.SSEDescription
	if table.SSEDescription != nil {
		sse = *table.SSEDescription
	}
	return asset.At(src, func() bool { return awssdk.ToBool(table.DeletionProtectionEnabled) }), dynamodb.Encryption{
		KMS:      asset.At(src, func() bool { return sse.SSEType == types.SSETypeKms && sse.Status != types.SSEStatusDisabled }),
		KMSKeyID: asset.At(src, func() string { return awssdk.ToString(sse.KMSMasterKeyArn) }),
	}
}

func readRecovery(ctx context.Context, r *aws.Reader, c *sdk.Client, name string) asset.Value[bool] {
	out, src := aws.Call(ctx, r, "dynamodb:DescribeContinuousBackups", func(ctx context.Context) (*sdk.DescribeContinuousBackupsOutput, error) {
		return c.DescribeContinuousBackups(ctx, &sdk.DescribeContinuousBackupsInput{TableName: &name})
	})
	return asset.At(src, func() bool {
		d := out.ContinuousBackupsDescription
		return d != nil && d.PointInTimeRecoveryDescription != nil &&
			d.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus == types.PointInTimeRecoveryStatusEnabled
	})
}

func readTags(ctx context.Context, r *aws.Reader, c *sdk.Client, arn string) asset.Map[string] {
	out, src := aws.Call(ctx, r, "dynamodb:ListTagsOfResource", func(ctx context.Context) (*sdk.ListTagsOfResourceOutput, error) {
		return c.ListTagsOfResource(ctx, &sdk.ListTagsOfResourceInput{ResourceArn: &arn})
	})
	return asset.MapAt(src, func() map[string]asset.Value[string] {
		tags := map[string]asset.Value[string]{}
		for _, t := range out.Tags {
			tags[awssdk.ToString(t.Key)] = asset.Known(awssdk.ToString(t.Value), src)
		}
		return tags
	})
}
