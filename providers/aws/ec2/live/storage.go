// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package live

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/cloud/aws"
	"github.com/plumb-cspm/plumb/providers/aws/ec2"
)

// disks are the volumes of a region: instances say only which they have.
type disks struct {
	byID     map[string]bool // whether it is encrypted
	at, more *asset.Source
}

func collectVolumes(ctx context.Context, r *aws.Reader, c *sdk.Client) disks {
	pager := sdk.NewDescribeVolumesPaginator(c, &sdk.DescribeVolumesInput{MaxResults: awssdk.Int32(page)})
	list, at, more := aws.Pages(ctx, r, "ec2:DescribeVolumes", pager, func(p *sdk.DescribeVolumesOutput) []types.Volume { return p.Volumes })
	all := disks{byID: make(map[string]bool, len(list)), at: at, more: more}
	for _, v := range list {
		all.byID[awssdk.ToString(v.VolumeId)] = awssdk.ToBool(v.Encrypted)
		emit(r, ec2.VolumeType, "volume", v.VolumeId, v.Tags, at, &ec2.Volume{Encrypted: asset.Known(awssdk.ToBool(v.Encrypted), at)})
	}
	return all
}

func (d disks) encrypted(id *string) asset.Value[bool] {
	yes, listed := d.byID[awssdk.ToString(id)]
	switch {
	case listed:
		return asset.Known(yes, d.at)
	case d.more != nil:
		return asset.Missing[bool](d.more)
	}
	return asset.Unknown[bool]("the volume was attached while the region was read", d.at)
}

// collectSnapshots lists the account's snapshots twice: all, and those that
// everyone can restore. One call for all is what asking each would cost many.
func collectSnapshots(ctx context.Context, r *aws.Reader, c *sdk.Client) {
	list := func(restorableBy ...string) (snapshots []types.Snapshot, at, more *asset.Source) {
		pager := sdk.NewDescribeSnapshotsPaginator(c, &sdk.DescribeSnapshotsInput{
			OwnerIds: []string{"self"}, RestorableByUserIds: restorableBy, MaxResults: awssdk.Int32(page),
		})
		return aws.Pages(ctx, r, "ec2:DescribeSnapshots", pager, func(p *sdk.DescribeSnapshotsOutput) []types.Snapshot { return p.Snapshots })
	}
	all, at, _ := list()
	if len(all) == 0 {
		return
	}
	shared, _, more := list("all")
	public := map[string]bool{}
	for _, s := range shared {
		public[awssdk.ToString(s.SnapshotId)] = true
	}
	for _, s := range all {
		config := &ec2.Snapshot{
			Encrypted: asset.Known(awssdk.ToBool(s.Encrypted), at),
			Public:    asset.Known(public[awssdk.ToString(s.SnapshotId)], at),
		}
		if more != nil && !public[awssdk.ToString(s.SnapshotId)] {
			config.Public = asset.Missing[bool](more)
		}
		emit(r, ec2.SnapshotType, "snapshot", s.SnapshotId, s.Tags, at, config)
	}
}

func collectImages(ctx context.Context, r *aws.Reader, c *sdk.Client) {
	pager := sdk.NewDescribeImagesPaginator(c, &sdk.DescribeImagesInput{Owners: []string{"self"}, MaxResults: awssdk.Int32(page)})
	list, at, _ := aws.Pages(ctx, r, "ec2:DescribeImages", pager, func(p *sdk.DescribeImagesOutput) []types.Image { return p.Images })
	for _, i := range list {
		emit(r, ec2.ImageType, "image", i.ImageId, i.Tags, at, &ec2.Image{Public: asset.Known(awssdk.ToBool(i.Public), at)})
	}
}

func collectRegion(ctx context.Context, r *aws.Reader, c *sdk.Client) {
	const (
		ebs       = "ec2:GetEbsEncryptionByDefault"
		snapshots = "ec2:GetSnapshotBlockPublicAccessState"
		metadata  = "ec2:GetInstanceMetadataDefaults"
	)
	if !r.Needs(ebs) && !r.Needs(snapshots) && !r.Needs(metadata) {
		return
	}
	encryption, encryptionAt := aws.Call(ctx, r, ebs, func(ctx context.Context) (*sdk.GetEbsEncryptionByDefaultOutput, error) {
		return c.GetEbsEncryptionByDefault(ctx, &sdk.GetEbsEncryptionByDefaultInput{})
	})
	block, blockAt := aws.Call(ctx, r, snapshots, func(ctx context.Context) (*sdk.GetSnapshotBlockPublicAccessStateOutput, error) {
		return c.GetSnapshotBlockPublicAccessState(ctx, &sdk.GetSnapshotBlockPublicAccessStateInput{})
	})
	defaults, defaultsAt := aws.Call(ctx, r, metadata, func(ctx context.Context) (*sdk.GetInstanceMetadataDefaultsOutput, error) {
		return c.GetInstanceMetadataDefaults(ctx, &sdk.GetInstanceMetadataDefaultsInput{})
	})
	stated := make([]asset.Value[string], 0, len(ec2.Settings()))
	for _, name := range ec2.Settings() {
		stated = append(stated, asset.Default(name, nil))
	}
	a := r.Asset(ec2.RegionSettingsType, "arn:"+r.Partition()+":ec2:"+r.Region()+":"+r.Account()+":settings", r.Region())
	a.Config = &ec2.RegionSettings{
		Stated:        asset.DefaultList(stated, nil),
		EBSEncryption: asset.At(encryptionAt, func() bool { return awssdk.ToBool(encryption.EbsEncryptionByDefault) }),
		SnapshotBlock: asset.At(blockAt, func() string { return string(block.State) }),
		IMDSTokens: asset.At(defaultsAt, func() string {
			if defaults.AccountLevel == nil || defaults.AccountLevel.HttpTokens == "" {
				return ec2.NoPreference
			}
			return string(defaults.AccountLevel.HttpTokens)
		}),
	}
	r.Emit(a)
}
