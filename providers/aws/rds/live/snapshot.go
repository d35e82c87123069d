// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package live

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/cloud/aws"
	"github.com/plumb-cspm/plumb/providers/aws/rds"
)

const (
	// manual snapshots are the only ones that can be shared, so nobody else's
	// attributes are asked for. A listing by owner and sharing does not exist.
	manual = "manual"
	// restoreAttribute holds the accounts that a snapshot is shared with.
	restoreAttribute = "restore"
)

func collectSnapshots(ctx context.Context, r *aws.Reader, c *sdk.Client) {
	pager := sdk.NewDescribeDBSnapshotsPaginator(c, &sdk.DescribeDBSnapshotsInput{MaxRecords: awssdk.Int32(pageSize)})
	snapshots, at, _ := aws.Pages(ctx, r, "rds:DescribeDBSnapshots", pager, func(page *sdk.DescribeDBSnapshotsOutput) []types.DBSnapshot {
		return page.DBSnapshots
	})
	aws.Each(ctx, r, snapshots, func(ctx context.Context, s types.DBSnapshot) {
		a := r.Asset(rds.SnapshotType, awssdk.ToString(s.DBSnapshotArn), awssdk.ToString(s.DBSnapshotIdentifier))
		a.Tags = tags(s.TagList, at)
		a.Config = &rds.Snapshot{
			OfCluster:      asset.Known(false, at),
			Encrypted:      flag(s.Encrypted, at),
			SharedAccounts: sharing(ctx, r, c, s, at),
		}
		r.Emit(a)
	})
}

func sharing(ctx context.Context, r *aws.Reader, c *sdk.Client, s types.DBSnapshot, at *asset.Source) asset.List[asset.Value[string]] {
	if awssdk.ToString(s.SnapshotType) != manual {
		return asset.ListOf[asset.Value[string]](nil, at)
	}
	out, src := aws.Call(ctx, r, "rds:DescribeDBSnapshotAttributes", func(ctx context.Context) (*sdk.DescribeDBSnapshotAttributesOutput, error) {
		return c.DescribeDBSnapshotAttributes(ctx, &sdk.DescribeDBSnapshotAttributesInput{DBSnapshotIdentifier: s.DBSnapshotIdentifier})
	})
	return asset.ListAt(src, func() []asset.Value[string] {
		if out.DBSnapshotAttributesResult == nil {
			return nil
		}
		for _, a := range out.DBSnapshotAttributesResult.DBSnapshotAttributes {
			if awssdk.ToString(a.AttributeName) == restoreAttribute {
				return asset.Strings(a.AttributeValues, src)
			}
		}
		return nil
	})
}

func collectClusterSnapshots(ctx context.Context, r *aws.Reader, c *sdk.Client) {
	pager := sdk.NewDescribeDBClusterSnapshotsPaginator(c, &sdk.DescribeDBClusterSnapshotsInput{MaxRecords: awssdk.Int32(pageSize)})
	snapshots, at, _ := aws.Pages(ctx, r, "rds:DescribeDBClusterSnapshots", pager, func(page *sdk.DescribeDBClusterSnapshotsOutput) []types.DBClusterSnapshot {
		return page.DBClusterSnapshots
	})
	aws.Each(ctx, r, snapshots, func(ctx context.Context, s types.DBClusterSnapshot) {
		if isOthers(s.Engine) {
			return
		}
		a := r.Asset(rds.SnapshotType, awssdk.ToString(s.DBClusterSnapshotArn), awssdk.ToString(s.DBClusterSnapshotIdentifier))
		a.Tags = tags(s.TagList, at)
		a.Config = &rds.Snapshot{
			OfCluster:      asset.Known(true, at),
			Encrypted:      flag(s.StorageEncrypted, at),
			SharedAccounts: clusterSharing(ctx, r, c, s, at),
		}
		r.Emit(a)
	})
}

func clusterSharing(ctx context.Context, r *aws.Reader, c *sdk.Client, s types.DBClusterSnapshot, at *asset.Source) asset.List[asset.Value[string]] {
	if awssdk.ToString(s.SnapshotType) != manual {
		return asset.ListOf[asset.Value[string]](nil, at)
	}
	out, src := aws.Call(ctx, r, "rds:DescribeDBClusterSnapshotAttributes", func(ctx context.Context) (*sdk.DescribeDBClusterSnapshotAttributesOutput, error) {
		return c.DescribeDBClusterSnapshotAttributes(ctx, &sdk.DescribeDBClusterSnapshotAttributesInput{DBClusterSnapshotIdentifier: s.DBClusterSnapshotIdentifier})
	})
	return asset.ListAt(src, func() []asset.Value[string] {
		if out.DBClusterSnapshotAttributesResult == nil {
			return nil
		}
		for _, a := range out.DBClusterSnapshotAttributesResult.DBClusterSnapshotAttributes {
			if awssdk.ToString(a.AttributeName) == restoreAttribute {
				return asset.Strings(a.AttributeValues, src)
			}
		}
		return nil
	})
}
