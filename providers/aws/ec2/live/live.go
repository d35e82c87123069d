// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package live reads Amazon EC2 from its API: one listing a type, joined in
// memory, and the settings of each region.
package live

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/cloud"
	"github.com/plumb-cspm/plumb/internal/source/cloud/aws"
	"github.com/plumb-cspm/plumb/providers/aws/ec2"
)

// Collectors reads EC2 in each region.
func Collectors() []aws.Collector {
	return []aws.Collector{{Service: "ec2", Operations: operations(), Collect: collect}}
}

func operations() []cloud.Operation {
	return []cloud.Operation{
		{Name: "ec2:DescribeSecurityGroups", Fills: []string{ec2.SecurityGroupType}},
		{Name: "ec2:DescribeInstances", Fills: []string{ec2.InstanceType}},
		{Name: "ec2:DescribeVolumes", Fills: []string{ec2.VolumeType, ec2.InstanceType + ".block_devices"}},
		{Name: "ec2:DescribeSnapshots", Fills: []string{ec2.SnapshotType}},
		{Name: "ec2:DescribeImages", Fills: []string{ec2.ImageType}},
		{Name: "ec2:DescribeLaunchTemplates", Fills: []string{ec2.LaunchTemplateType}},
		{Name: "ec2:DescribeLaunchTemplateVersions", Fills: []string{ec2.LaunchTemplateType + ".versions"}},
		{Name: "ec2:GetEbsEncryptionByDefault", Fills: []string{ec2.RegionSettingsType + ".ebs_encryption_by_default"}},
		{Name: "ec2:GetSnapshotBlockPublicAccessState", Fills: []string{ec2.RegionSettingsType + ".snapshot_block_public_access"}},
		{Name: "ec2:GetInstanceMetadataDefaults", Fills: []string{ec2.RegionSettingsType + ".imds_http_tokens"}},
	}
}

func collect(ctx context.Context, r *aws.Reader) error {
	c := sdk.NewFromConfig(r.Config())
	collectSecurityGroups(ctx, r, c)
	disks := collectVolumes(ctx, r, c)
	collectInstances(ctx, r, c, disks)
	collectSnapshots(ctx, r, c)
	collectImages(ctx, r, c)
	collectLaunchTemplates(ctx, r, c)
	collectRegion(ctx, r, c)
	return nil
}

// The most that listings give at a time.
const (
	page          = 1000
	templatesPage = 200
)

// emit names an asset by its id: what the API has besides is a tag.
func emit(r *aws.Reader, typ, kind string, id *string, from []types.Tag, at *asset.Source, config any) {
	name := awssdk.ToString(id)
	a := r.Asset(typ, r.ARN("ec2", kind+"/"+name), name)
	a.Config = config
	a.Tags = tags(from, at)
	r.Emit(a)
}

func tags(from []types.Tag, at *asset.Source) asset.Map[string] {
	entries := make(map[string]asset.Value[string], len(from))
	for _, t := range from {
		entries[awssdk.ToString(t.Key)] = asset.Known(awssdk.ToString(t.Value), at)
	}
	return asset.MapOf(entries, at)
}

func text(s *string, at *asset.Source) asset.Value[string] {
	return asset.Known(awssdk.ToString(s), at)
}
