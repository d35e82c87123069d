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
	SecurityGroupType = "aws.ec2.security_group"
)

// Types describes the asset types of the room.
func Types() []asset.Type {
	return []asset.Type{
		{Name: SecurityGroupType, Title: "EC2 security group", New: func() any { return new(SecurityGroup) }},
	}
}

// Terraform reads the room's assets from Terraform.
func Terraform() []terraform.Decoder {
	return []terraform.Decoder{
		{Resources: securityGroupBlocks, Decode: decodeSecurityGroups},
	}
}
