// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package ec2 is the room of Amazon EC2: instances, volumes, snapshots, images,
// launch templates, security groups and the defaults of a region. Networks are
// in the vpc room.
package ec2

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/terraform"
)

// The asset types of the room.
const (
	SecurityGroupType  = "aws.ec2.security_group"
	InstanceType       = "aws.ec2.instance"
	LaunchTemplateType = "aws.ec2.launch_template"
	VolumeType         = "aws.ec2.volume"
	SnapshotType       = "aws.ec2.snapshot"
	ImageType          = "aws.ec2.image"
	RegionSettingsType = "aws.ec2.region_settings"
)

// Types describes the asset types of the room.
func Types() []asset.Type {
	return []asset.Type{
		{Name: SecurityGroupType, Title: "EC2 security group", New: func() any { return new(SecurityGroup) }},
		{Name: InstanceType, Title: "EC2 instance", New: func() any { return new(Instance) }},
		{Name: LaunchTemplateType, Title: "EC2 launch template", New: func() any { return new(LaunchTemplate) }},
		{Name: VolumeType, Title: "EBS volume", New: func() any { return new(Volume) }},
		{Name: SnapshotType, Title: "EBS snapshot", New: func() any { return new(Snapshot) }},
		{Name: ImageType, Title: "EC2 machine image", New: func() any { return new(Image) }},
		{Name: RegionSettingsType, Title: "EC2 settings of a region", New: func() any { return new(RegionSettings) }, Singleton: asset.PerRegion},
	}
}

// Terraform reads the room's assets from Terraform.
func Terraform() []terraform.Decoder {
	return []terraform.Decoder{
		{Resources: securityGroupBlocks, Decode: decodeSecurityGroups},
		{Resources: instanceBlocks, Decode: decodeInstances},
		{Resources: []string{"aws_launch_template"}, Decode: decodeLaunchTemplates},
		{Resources: storageBlocks, Decode: decodeStorage},
		{Resources: imageBlocks, Decode: decodeImages},
		{Resources: regionBlocks, Decode: decodeRegion},
	}
}
