// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package vpc is the room of Amazon VPC: networks, their subnets, filters and
// routes, flow logs and transit gateways. Security groups are in the ec2 room.
package vpc

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/terraform"
)

// The asset types of the room.
const (
	VPCType            = "aws.vpc.vpc"
	SubnetType         = "aws.vpc.subnet"
	NetworkACLType     = "aws.vpc.network_acl"
	RouteTableType     = "aws.vpc.route_table"
	FlowLogType        = "aws.vpc.flow_log"
	TransitGatewayType = "aws.vpc.transit_gateway"
)

// Types describes the asset types of the room.
func Types() []asset.Type {
	return []asset.Type{
		{Name: VPCType, Title: "VPC", New: func() any { return new(VPC) }},
		{Name: SubnetType, Title: "VPC subnet", New: func() any { return new(Subnet) }},
		{Name: NetworkACLType, Title: "network ACL", New: func() any { return new(NetworkACL) }},
		{Name: RouteTableType, Title: "VPC route table", New: func() any { return new(RouteTable) }},
		{Name: FlowLogType, Title: "VPC flow log", New: func() any { return new(FlowLog) }},
		{Name: TransitGatewayType, Title: "transit gateway", New: func() any { return new(TransitGateway) }},
	}
}

// Terraform reads the room's assets from Terraform.
func Terraform() []terraform.Decoder {
	return []terraform.Decoder{
		{Resources: []string{"aws_vpc", "aws_default_vpc"}, Decode: decodeVPCs},
		{Resources: []string{"aws_subnet", "aws_default_subnet"}, Decode: decodeSubnets},
		{Resources: []string{"aws_flow_log"}, Decode: decodeFlowLogs},
		{Resources: []string{"aws_ec2_transit_gateway"}, Decode: decodeTransitGateways},
		{Resources: aclBlocks, Decode: decodeACLs},
		{Resources: routeBlocks, Decode: decodeRouteTables},
	}
}
