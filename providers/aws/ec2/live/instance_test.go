// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"strings"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/providers/aws/ec2"
)

// run starts one instance; what the input does not say is what every test needs.
func run(t *testing.T, c *sdk.Client, in *sdk.RunInstancesInput) (id string) {
	t.Helper()
	in.ImageId = awssdk.String("ami-0123456789abcdef0")
	in.MinCount, in.MaxCount = awssdk.Int32(1), awssdk.Int32(1)
	return *must[*sdk.RunInstancesOutput](t)(c.RunInstances(t.Context(), in)).Instances[0].InstanceId
}

func buildInstance(t *testing.T, cfg awssdk.Config, a *asset.Asset) string {
	c, config := sdk.NewFromConfig(cfg), a.Config.(*ec2.Instance)
	in := &sdk.RunInstancesInput{
		MetadataOptions: &types.InstanceMetadataOptionsRequest{
			HttpEndpoint: types.InstanceMetadataEndpointState(state(config.Metadata.Enabled, "enabled", "disabled")),
			HttpTokens:   types.HttpTokensState(state(config.Metadata.TokensRequired, "required", "optional")),
		},
		NetworkInterfaces: []types.InstanceNetworkInterfaceSpecification{{
			DeviceIndex: awssdk.Int32(0), AssociatePublicIpAddress: awssdk.Bool(config.HasPublicIP.Or(false)),
		}},
	}
	for i, d := range config.Devices.Elems() {
		in.BlockDeviceMappings = append(in.BlockDeviceMappings, types.BlockDeviceMapping{
			DeviceName: awssdk.String("/dev/sd" + string(rune('a'+i))),
			Ebs:        &types.EbsBlockDevice{VolumeSize: awssdk.Int32(8), Encrypted: awssdk.Bool(d.Encrypted.Or(false))},
		})
	}
	id := run(t, c, in)
	if config.Profile.Or("") != "" {
		attachProfile(t, cfg, id)
	}
	return id
}

// attachProfile gives an instance a profile: moto drops the one that an instance
// is started with.
func attachProfile(t *testing.T, cfg awssdk.Config, instance string) {
	t.Helper()
	made := must[*iam.CreateInstanceProfileOutput](t)(iam.NewFromConfig(cfg).CreateInstanceProfile(t.Context(),
		&iam.CreateInstanceProfileInput{InstanceProfileName: awssdk.String("app")}))
	must[*sdk.AssociateIamInstanceProfileOutput](t)(sdk.NewFromConfig(cfg).AssociateIamInstanceProfile(t.Context(),
		&sdk.AssociateIamInstanceProfileInput{
			InstanceId: &instance, IamInstanceProfile: &types.IamInstanceProfileSpecification{Arn: made.InstanceProfile.Arn},
		}))
}

func state(on asset.Value[bool], yes, no string) string {
	if on.Or(false) {
		return yes
	}
	return no
}

func buildLaunchTemplate(t *testing.T, cfg awssdk.Config, a *asset.Asset) string {
	version := a.Config.(*ec2.LaunchTemplate).Versions.Elems()[0]
	name := strings.Map(plain, a.Address)
	newTemplate(t, sdk.NewFromConfig(cfg), name, &types.RequestLaunchTemplateData{
		MetadataOptions: &types.LaunchTemplateInstanceMetadataOptionsRequest{
			HttpEndpoint: types.LaunchTemplateInstanceMetadataEndpointState(state(version.Metadata.Enabled, "enabled", "disabled")),
			HttpTokens:   types.LaunchTemplateHttpTokensState(state(version.Metadata.TokensRequired, "required", "optional")),
		},
		NetworkInterfaces: []types.LaunchTemplateInstanceNetworkInterfaceSpecificationRequest{{
			DeviceIndex: awssdk.Int32(0), AssociatePublicIpAddress: awssdk.Bool(version.AssignsPublicIP.Or(false)),
		}},
	})
	return name
}

func newTemplate(t *testing.T, c *sdk.Client, name string, data *types.RequestLaunchTemplateData) {
	t.Helper()
	if data == nil {
		data = &types.RequestLaunchTemplateData{InstanceType: types.InstanceTypeT3Micro}
	}
	must[*sdk.CreateLaunchTemplateOutput](t)(c.CreateLaunchTemplate(t.Context(), &sdk.CreateLaunchTemplateInput{
		LaunchTemplateName: &name, LaunchTemplateData: data,
	}))
}

// plain keeps of an address what names may have.
func plain(r rune) rune {
	if strings.ContainsRune(`."[]`, r) {
		return '-'
	}
	return r
}
