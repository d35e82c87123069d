// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package live

import (
	"context"
	"slices"
	"sync"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/cloud/aws"
	"github.com/plumb-cspm/plumb/providers/aws/rds"
)

func collectInstances(ctx context.Context, r *aws.Reader, c *sdk.Client) {
	pager := sdk.NewDescribeDBInstancesPaginator(c, &sdk.DescribeDBInstancesInput{MaxRecords: awssdk.Int32(pageSize)})
	instances, at, _ := aws.Pages(ctx, r, "rds:DescribeDBInstances", pager, func(page *sdk.DescribeDBInstancesOutput) []types.DBInstance {
		return page.DBInstances
	})
	instances = slices.DeleteFunc(instances, func(d types.DBInstance) bool { return isOthers(d.Engine) })
	groups := readParameterGroups(ctx, r, c, instances)
	for _, d := range instances {
		a := r.Asset(rds.InstanceType, awssdk.ToString(d.DBInstanceArn), awssdk.ToString(d.DBInstanceIdentifier))
		a.Tags = tags(d.TagList, at)
		a.Config = instance(d, groups, at)
		r.Emit(a)
	}
}

func instance(d types.DBInstance, groups map[parameterGroup]asset.Value[string], at *asset.Source) *rds.Instance {
	return &rds.Instance{
		Engine:                  text(d.Engine, at),
		EngineVersion:           text(d.EngineVersion, at),
		InCluster:               asset.Known(inCluster(d), at),
		Cluster:                 asset.RefOf(text(d.DBClusterIdentifier, at)),
		ReadReplica:             asset.Known(awssdk.ToString(d.ReadReplicaSourceDBInstanceIdentifier)+awssdk.ToString(d.ReadReplicaSourceDBClusterIdentifier) != "", at),
		PubliclyAccessible:      flag(d.PubliclyAccessible, at),
		Encrypted:               flag(d.StorageEncrypted, at),
		BackupRetentionDays:     asset.Known(int64(awssdk.ToInt32(d.BackupRetentionPeriod)), at),
		DeletionProtection:      flag(d.DeletionProtection, at),
		MultiAZ:                 flag(d.MultiAZ, at),
		IAMAuthentication:       flag(d.IAMDatabaseAuthenticationEnabled, at),
		AutoMinorVersionUpgrade: flag(d.AutoMinorVersionUpgrade, at),
		LogExports:              asset.ListOf(asset.Strings(d.EnabledCloudwatchLogsExports, at), at),
		CACertificate:           text(d.CACertificateIdentifier, at),
		RequiresTLS:             requiresTLS(d, groups, at),
	}
}

func inCluster(d types.DBInstance) bool { return awssdk.ToString(d.DBClusterIdentifier) != "" }

// parameterGroup is one group and the parameter that is asked for in it.
type parameterGroup struct{ name, parameter string }

// groupOf is the parameter group that decides whether an instance requires TLS;
// false where none does.
func groupOf(d types.DBInstance) (parameterGroup, bool) {
	parameter := rds.TLSParameter(awssdk.ToString(d.Engine))
	if parameter == "" || inCluster(d) || len(d.DBParameterGroups) == 0 {
		return parameterGroup{}, false
	}
	return parameterGroup{awssdk.ToString(d.DBParameterGroups[0].DBParameterGroupName), parameter}, true
}

// readParameterGroups reads each parameter group once, however many instances
// have it, and of it only the parameter that matters.
func readParameterGroups(ctx context.Context, r *aws.Reader, c *sdk.Client, instances []types.DBInstance) map[parameterGroup]asset.Value[string] {
	var names []parameterGroup
	for _, d := range instances {
		if g, decides := groupOf(d); decides && !slices.Contains(names, g) {
			names = append(names, g)
		}
	}
	groups := make(map[parameterGroup]asset.Value[string], len(names))
	var mu sync.Mutex
	aws.Each(ctx, r, names, func(ctx context.Context, g parameterGroup) {
		value := readParameter(ctx, r, c, g)
		mu.Lock()
		defer mu.Unlock()
		groups[g] = value
	})
	return groups
}

// readParameter reads one parameter; "" where the group does not set it. A group
// that does not exist any more sets nothing.
func readParameter(ctx context.Context, r *aws.Reader, c *sdk.Client, g parameterGroup) asset.Value[string] {
	pager := sdk.NewDescribeDBParametersPaginator(c, &sdk.DescribeDBParametersInput{
		DBParameterGroupName: &g.name, Filters: []types.Filter{{Name: awssdk.String("parameter-name"), Values: []string{g.parameter}}},
	})
	parameters, at, more := aws.Pages(ctx, r, "rds:DescribeDBParameters", pager, func(page *sdk.DescribeDBParametersOutput) []types.Parameter {
		return page.Parameters
	}, "DBParameterGroupNotFound")
	for _, p := range parameters {
		if awssdk.ToString(p.ParameterName) == g.parameter {
			return text(p.ParameterValue, at)
		}
	}
	if more != nil {
		return asset.Missing[string](more)
	}
	return asset.Known("", at)
}

// requiresTLS is what the instance's parameter group says, else what its engine
// does by default. A member of a cluster has it from the cluster's parameters.
func requiresTLS(d types.DBInstance, groups map[parameterGroup]asset.Value[string], at *asset.Source) asset.Value[bool] {
	if inCluster(d) {
		return asset.Unknown[bool]("a member of a cluster has this from the cluster", at)
	}
	byDefault := rds.TLSByDefault(awssdk.ToString(d.Engine), awssdk.ToString(d.EngineVersion), at)
	g, decides := groupOf(d)
	if !decides {
		return byDefault
	}
	value, read := groups[g]
	if !read {
		return asset.Unknown[bool]("rds:DescribeDBParameters: interrupted", at)
	}
	return asset.Then(value, func(v string, at *asset.Source) asset.Value[bool] {
		if v == "" {
			return byDefault
		}
		return asset.At(at, func() bool { return rds.IsOn(v) })
	})
}
