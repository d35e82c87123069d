// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/providers/aws/ec2"
)

func newVolume(t *testing.T, c *sdk.Client, encrypted bool) (id string) {
	t.Helper()
	return *must[*sdk.CreateVolumeOutput](t)(c.CreateVolume(t.Context(), &sdk.CreateVolumeInput{
		AvailabilityZone: awssdk.String("us-east-1a"), Size: awssdk.Int32(8), Encrypted: &encrypted,
	})).VolumeId
}

func newSnapshot(t *testing.T, c *sdk.Client, volume string) (id string) {
	t.Helper()
	return *must[*sdk.CreateSnapshotOutput](t)(c.CreateSnapshot(t.Context(), &sdk.CreateSnapshotInput{VolumeId: &volume})).SnapshotId
}

func newImage(t *testing.T, c *sdk.Client, instance string) (id string) {
	t.Helper()
	return *must[*sdk.CreateImageOutput](t)(c.CreateImage(t.Context(), &sdk.CreateImageInput{
		InstanceId: &instance, Name: awssdk.String("golden"),
	})).ImageId
}

func buildVolume(t *testing.T, cfg awssdk.Config, a *asset.Asset) string {
	return newVolume(t, sdk.NewFromConfig(cfg), a.Config.(*ec2.Volume).Encrypted.Or(false))
}

func buildSnapshot(t *testing.T, cfg awssdk.Config, a *asset.Asset) string {
	c := sdk.NewFromConfig(cfg)
	return newSnapshot(t, c, newVolume(t, c, a.Config.(*ec2.Snapshot).Encrypted.Or(false)))
}

func buildImage(t *testing.T, cfg awssdk.Config, a *asset.Asset) string {
	c := sdk.NewFromConfig(cfg)
	id := newImage(t, c, run(t, c, &sdk.RunInstancesInput{}))
	if a.Config.(*ec2.Image).Public.Or(false) {
		must[*sdk.ModifyImageAttributeOutput](t)(c.ModifyImageAttribute(t.Context(), &sdk.ModifyImageAttributeInput{
			ImageId: &id, LaunchPermission: &types.LaunchPermissionModifications{Add: []types.LaunchPermission{{Group: types.PermissionGroupAll}}},
		}))
	}
	return id
}

// buildRegion sets what moto knows of a region. Code that states nothing else is
// judged on it alone, a live region on everything.
func buildRegion(t *testing.T, cfg awssdk.Config, a *asset.Asset) string {
	if a.Config.(*ec2.RegionSettings).EBSEncryption.Or(false) {
		must[*sdk.EnableEbsEncryptionByDefaultOutput](t)(sdk.NewFromConfig(cfg).EnableEbsEncryptionByDefault(t.Context(),
			&sdk.EnableEbsEncryptionByDefaultInput{}))
	}
	return cfg.Region
}
