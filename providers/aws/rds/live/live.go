// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package live reads Amazon RDS and Aurora from their API.
package live

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/cloud"
	"github.com/plumb-cspm/plumb/internal/source/cloud/aws"
	"github.com/plumb-cspm/plumb/providers/aws/rds"
)

// Collectors reads instances, clusters and snapshots in each region.
func Collectors() []aws.Collector {
	return []aws.Collector{{Service: "rds", Operations: operations(), Collect: collect}}
}

func operations() []cloud.Operation {
	shared := []string{rds.SnapshotType + ".shared_accounts"}
	return []cloud.Operation{
		{Name: "rds:DescribeDBInstances", Fills: []string{rds.InstanceType}},
		{Name: "rds:DescribeDBParameters", Fills: []string{rds.InstanceType + ".requires_tls"}},
		{Name: "rds:DescribeDBClusters", Fills: []string{rds.ClusterType}},
		{Name: "rds:DescribeDBSnapshots", Fills: []string{rds.SnapshotType}},
		{Name: "rds:DescribeDBSnapshotAttributes", Fills: shared},
		{Name: "rds:DescribeDBClusterSnapshots", Fills: []string{rds.SnapshotType}},
		{Name: "rds:DescribeDBClusterSnapshotAttributes", Fills: shared},
	}
}

func collect(ctx context.Context, r *aws.Reader) error {
	c := sdk.NewFromConfig(r.Config())
	collectInstances(ctx, r, c)
	collectClusters(ctx, r, c)
	collectSnapshots(ctx, r, c)
	collectClusterSnapshots(ctx, r, c)
	return nil
}

// pageSize is the most that a page of this API holds.
const pageSize = 100

// isOthers reports whether an engine is of another service, which answers at
// the same API.
func isOthers(engine *string) bool {
	e := awssdk.ToString(engine)
	return e == "neptune" || e == "docdb"
}

func collectClusters(ctx context.Context, r *aws.Reader, c *sdk.Client) {
	pager := sdk.NewDescribeDBClustersPaginator(c, &sdk.DescribeDBClustersInput{MaxRecords: awssdk.Int32(pageSize)})
	clusters, at, _ := aws.Pages(ctx, r, "rds:DescribeDBClusters", pager, func(page *sdk.DescribeDBClustersOutput) []types.DBCluster {
		return page.DBClusters
	})
	for _, d := range clusters {
		if isOthers(d.Engine) {
			continue
		}
		a := r.Asset(rds.ClusterType, awssdk.ToString(d.DBClusterArn), awssdk.ToString(d.DBClusterIdentifier))
		a.Tags = tags(d.TagList, at)
		a.Config = &rds.Cluster{
			Engine:              text(d.Engine, at),
			Encrypted:           flag(d.StorageEncrypted, at),
			BackupRetentionDays: asset.Known(int64(awssdk.ToInt32(d.BackupRetentionPeriod)), at),
			DeletionProtection:  flag(d.DeletionProtection, at),
			IAMAuthentication:   flag(d.IAMDatabaseAuthenticationEnabled, at),
		}
		r.Emit(a)
	}
}

func text(s *string, at *asset.Source) asset.Value[string] {
	return asset.Known(awssdk.ToString(s), at)
}
func flag(b *bool, at *asset.Source) asset.Value[bool] { return asset.Known(awssdk.ToBool(b), at) }

func tags(from []types.Tag, at *asset.Source) asset.Map[string] {
	entries := make(map[string]asset.Value[string], len(from))
	for _, t := range from {
		entries[awssdk.ToString(t.Key)] = text(t.Value, at)
	}
	return asset.MapOf(entries, at)
}
