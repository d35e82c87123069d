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

func collectInstances(ctx context.Context, r *aws.Reader, c *sdk.Client, disks disks) {
	pager := sdk.NewDescribeInstancesPaginator(c, &sdk.DescribeInstancesInput{MaxResults: awssdk.Int32(page)})
	list, at, _ := aws.Pages(ctx, r, "ec2:DescribeInstances", pager, func(p *sdk.DescribeInstancesOutput) []types.Instance {
		var all []types.Instance
		for _, reservation := range p.Reservations {
			all = append(all, reservation.Instances...)
		}
		return all
	})
	for _, i := range list {
		if i.State != nil && (i.State.Name == types.InstanceStateNameTerminated || i.State.Name == types.InstanceStateNameShuttingDown) {
			continue
		}
		emit(r, ec2.InstanceType, "instance", i.InstanceId, i.Tags, at, instance(i, at, disks))
	}
}

func instance(i types.Instance, at *asset.Source, disks disks) *ec2.Instance {
	config := &ec2.Instance{
		State:       asset.Known("", at),
		Metadata:    ec2.MetadataOf(asset.Known("", at), asset.Known("", at)),
		HasPublicIP: asset.Known(awssdk.ToString(i.PublicIpAddress) != "", at),
		Profile:     asset.Known("", at),
		Subnet:      asset.RefOf(text(i.SubnetId, at)),
	}
	if i.State != nil {
		config.State = asset.Known(string(i.State.Name), at)
	}
	if m := i.MetadataOptions; m != nil {
		config.Metadata = ec2.MetadataOf(asset.Known(string(m.HttpEndpoint), at), asset.Known(string(m.HttpTokens), at))
	}
	if i.IamInstanceProfile != nil {
		config.Profile = text(i.IamInstanceProfile.Arn, at)
	}
	devices := make([]ec2.BlockDevice, 0, len(i.BlockDeviceMappings))
	for _, m := range i.BlockDeviceMappings {
		if m.Ebs != nil {
			devices = append(devices, ec2.BlockDevice{Name: text(m.DeviceName, at), Encrypted: disks.encrypted(m.Ebs.VolumeId)})
		}
	}
	config.Devices = asset.ListOf(devices, at)
	groups := make([]asset.Ref, len(i.SecurityGroups))
	for n, g := range i.SecurityGroups {
		groups[n] = asset.RefOf(text(g.GroupId, at))
	}
	config.SecurityGroups = asset.ListOf(groups, at)
	return config
}

func collectLaunchTemplates(ctx context.Context, r *aws.Reader, c *sdk.Client) {
	pager := sdk.NewDescribeLaunchTemplatesPaginator(c, &sdk.DescribeLaunchTemplatesInput{MaxResults: awssdk.Int32(templatesPage)})
	list, at, _ := aws.Pages(ctx, r, "ec2:DescribeLaunchTemplates", pager, func(p *sdk.DescribeLaunchTemplatesOutput) []types.LaunchTemplate {
		return p.LaunchTemplates
	})
	if len(list) == 0 {
		return
	}
	versions := readVersions(ctx, r, c)
	for _, t := range list {
		id, name := awssdk.ToString(t.LaunchTemplateId), awssdk.ToString(t.LaunchTemplateName)
		a := r.Asset(ec2.LaunchTemplateType, r.ARN("ec2", "launch-template/"+id), name)
		a.Keys = []string{id}
		a.Tags = tags(t.Tags, at)
		a.Config = &ec2.LaunchTemplate{Versions: versions(id)}
		r.Emit(a)
	}
}

// readVersions reads the latest and the default version of all templates with
// one listing, and returns them by the template's id.
func readVersions(ctx context.Context, r *aws.Reader, c *sdk.Client) func(id string) asset.List[ec2.Version] {
	const operation = "ec2:DescribeLaunchTemplateVersions"
	pager := sdk.NewDescribeLaunchTemplateVersionsPaginator(c, &sdk.DescribeLaunchTemplateVersionsInput{
		Versions: []string{"$Latest", "$Default"}, MaxResults: awssdk.Int32(templatesPage),
	})
	list, at, more := aws.Pages(ctx, r, operation, pager, func(p *sdk.DescribeLaunchTemplateVersionsOutput) []types.LaunchTemplateVersion {
		return p.LaunchTemplateVersions
	})
	type key struct {
		id     string
		number int64
	}
	seen, byID := map[key]bool{}, map[string][]ec2.Version{}
	for _, v := range list {
		id := awssdk.ToString(v.LaunchTemplateId)
		if k := (key{id, awssdk.ToInt64(v.VersionNumber)}); !seen[k] {
			seen[k] = true
			byID[id] = append(byID[id], version(v, at))
		}
	}
	return func(id string) asset.List[ec2.Version] {
		if more == nil && len(byID[id]) == 0 {
			return asset.UnknownList[ec2.Version]("the template was made while "+operation+" was read", at)
		}
		return aws.ListOf(byID[id], at, more)
	}
}

func version(v types.LaunchTemplateVersion, at *asset.Source) ec2.Version {
	var endpoint, tokens string
	public := false
	if data := v.LaunchTemplateData; data != nil {
		if m := data.MetadataOptions; m != nil {
			endpoint, tokens = string(m.HttpEndpoint), string(m.HttpTokens)
		}
		for _, i := range data.NetworkInterfaces {
			public = public || awssdk.ToBool(i.AssociatePublicIpAddress)
		}
	}
	return ec2.Version{
		Number:          asset.Known(awssdk.ToInt64(v.VersionNumber), at),
		Metadata:        ec2.MetadataOf(asset.Known(endpoint, at), asset.Known(tokens, at)),
		AssignsPublicIP: asset.Known(public, at),
	}
}
