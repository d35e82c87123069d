// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/providers/all/roomtest"
	"github.com/plumb-cspm/plumb/providers/aws/ec2"
	"github.com/plumb-cspm/plumb/providers/aws/ec2/live"
)

// sameQuestion is why one control's examples stand for several: the expression
// differs in the port alone.
const sameQuestion = "the question of aws-ec2-sg-open-ssh, with another port"

func TestRoom(t *testing.T) {
	roomtest.Room{
		Collectors: live.Collectors(),
		Seed:       seed,
		Build: map[string]func(*testing.T, awssdk.Config, *asset.Asset) string{
			ec2.SecurityGroupType:  buildSecurityGroup,
			ec2.InstanceType:       buildInstance,
			ec2.LaunchTemplateType: buildLaunchTemplate,
			ec2.VolumeType:         buildVolume,
			ec2.SnapshotType:       buildSnapshot,
			ec2.ImageType:          buildImage,
			ec2.RegionSettingsType: buildRegion,
		},
		Unsupported: map[string]string{
			"ec2:GetSnapshotBlockPublicAccessState": "moto does not know the operation",
			"ec2:GetInstanceMetadataDefaults":       "moto does not know the operation",
		},
		NoParity: map[string]string{
			"aws-ec2-ebs-snapshot-block-public": "moto does not know the setting",
			"aws-ec2-account-imdsv2-default":    "moto does not know the setting",
			"aws-ec2-ebs-snapshot-public":       "moto lists all snapshots as those that everyone can restore",
			"aws-ec2-sg-open-elasticsearch":     sameQuestion,
			"aws-ec2-sg-open-ftp":               sameQuestion,
			"aws-ec2-sg-open-mongodb":           sameQuestion,
			"aws-ec2-sg-open-mysql":             sameQuestion,
			"aws-ec2-sg-open-oracle":            sameQuestion,
			"aws-ec2-sg-open-postgres":          sameQuestion,
			"aws-ec2-sg-open-redis":             sameQuestion,
			"aws-ec2-sg-open-sqlserver":         sameQuestion,
			"aws-ec2-sg-open-telnet":            sameQuestion,
		},
	}.Test(t)
}

// must ends the test on an error of a call that prepares it.
func must[T any](t *testing.T) func(T, error) T {
	return func(out T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
}

func seed(t *testing.T, cfg awssdk.Config) {
	c := sdk.NewFromConfig(cfg)
	seedSecurityGroup(t, c)
	instance := run(t, c, &sdk.RunInstancesInput{})
	newSnapshot(t, c, newVolume(t, c, true))
	newImage(t, c, instance)
	newTemplate(t, c, "web", nil)
}
