// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package live reads Amazon VPC from its API, which is a part of that of EC2:
// one listing a type and nothing else.
package live

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/cloud"
	"github.com/plumb-cspm/plumb/internal/source/cloud/aws"
	"github.com/plumb-cspm/plumb/providers/aws/vpc"
)

// Collectors reads networks in each region.
func Collectors() []aws.Collector {
	return []aws.Collector{{Service: "vpc", Operations: operations(), Collect: collect}}
}

func operations() []cloud.Operation {
	return []cloud.Operation{
		{Name: "ec2:DescribeVpcs", Fills: []string{vpc.VPCType}},
		{Name: "ec2:DescribeSubnets", Fills: []string{vpc.SubnetType}},
		{Name: "ec2:DescribeNetworkAcls", Fills: []string{vpc.NetworkACLType}},
		{Name: "ec2:DescribeRouteTables", Fills: []string{vpc.RouteTableType}},
		{Name: "ec2:DescribeFlowLogs", Fills: []string{vpc.FlowLogType}},
		{Name: "ec2:DescribeTransitGateways", Fills: []string{vpc.TransitGatewayType}},
	}
}

func collect(ctx context.Context, r *aws.Reader) error {
	c := sdk.NewFromConfig(r.Config())
	collectVPCs(ctx, r, c)
	collectSubnets(ctx, r, c)
	collectACLs(ctx, r, c)
	collectRouteTables(ctx, r, c)
	collectFlowLogs(ctx, r, c)
	collectTransitGateways(ctx, r, c)
	return nil
}

// The most that the listings give at a time.
const (
	page      = 1000
	smallPage = 100
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

func flag(b *bool, at *asset.Source) asset.Value[bool] { return asset.Known(awssdk.ToBool(b), at) }

// network is the relation to a VPC.
func network(id *string, at *asset.Source) asset.Ref { return asset.RefOf(text(id, at)) }

func collectVPCs(ctx context.Context, r *aws.Reader, c *sdk.Client) {
	pager := sdk.NewDescribeVpcsPaginator(c, &sdk.DescribeVpcsInput{MaxResults: awssdk.Int32(page)})
	list, at, _ := aws.Pages(ctx, r, "ec2:DescribeVpcs", pager, func(p *sdk.DescribeVpcsOutput) []types.Vpc { return p.Vpcs })
	for _, v := range list {
		emit(r, vpc.VPCType, "vpc", v.VpcId, v.Tags, at, &vpc.VPC{CIDR: text(v.CidrBlock, at), Default: flag(v.IsDefault, at)})
	}
}

func collectSubnets(ctx context.Context, r *aws.Reader, c *sdk.Client) {
	pager := sdk.NewDescribeSubnetsPaginator(c, &sdk.DescribeSubnetsInput{MaxResults: awssdk.Int32(page)})
	list, at, _ := aws.Pages(ctx, r, "ec2:DescribeSubnets", pager, func(p *sdk.DescribeSubnetsOutput) []types.Subnet { return p.Subnets })
	for _, s := range list {
		emit(r, vpc.SubnetType, "subnet", s.SubnetId, s.Tags, at, &vpc.Subnet{
			VPC: network(s.VpcId, at), CIDR: text(s.CidrBlock, at), AssignsPublicIPs: flag(s.MapPublicIpOnLaunch, at),
		})
	}
}

func collectACLs(ctx context.Context, r *aws.Reader, c *sdk.Client) {
	pager := sdk.NewDescribeNetworkAclsPaginator(c, &sdk.DescribeNetworkAclsInput{MaxResults: awssdk.Int32(page)})
	list, at, _ := aws.Pages(ctx, r, "ec2:DescribeNetworkAcls", pager, func(p *sdk.DescribeNetworkAclsOutput) []types.NetworkAcl { return p.NetworkAcls })
	for _, acl := range list {
		var ingress, egress []vpc.Entry
		for _, e := range acl.Entries {
			if awssdk.ToBool(e.Egress) {
				egress = append(egress, entry(e, at))
			} else {
				ingress = append(ingress, entry(e, at))
			}
		}
		emit(r, vpc.NetworkACLType, "network-acl", acl.NetworkAclId, acl.Tags, at, &vpc.NetworkACL{
			VPC: network(acl.VpcId, at), Default: flag(acl.IsDefault, at),
			Ingress: asset.ListOf(ingress, at), Egress: asset.ListOf(egress, at),
		})
	}
}

func entry(e types.NetworkAclEntry, at *asset.Source) vpc.Entry {
	ports := types.PortRange{}
	if e.PortRange != nil {
		ports = *e.PortRange
	}
	cidr := e.CidrBlock
	if cidr == nil {
		cidr = e.Ipv6CidrBlock
	}
	number := func(n *int32) asset.Value[int64] { return asset.Known(int64(awssdk.ToInt32(n)), at) }
	return vpc.Entry{
		Number:   number(e.RuleNumber),
		Allow:    asset.Known(e.RuleAction == types.RuleActionAllow, at),
		Protocol: asset.Known(vpc.ProtocolOf(awssdk.ToString(e.Protocol)), at),
		FromPort: number(ports.From),
		ToPort:   number(ports.To),
		CIDR:     text(cidr, at),
	}.Normalize()
}

func collectRouteTables(ctx context.Context, r *aws.Reader, c *sdk.Client) {
	pager := sdk.NewDescribeRouteTablesPaginator(c, &sdk.DescribeRouteTablesInput{MaxResults: awssdk.Int32(smallPage)})
	list, at, _ := aws.Pages(ctx, r, "ec2:DescribeRouteTables", pager, func(p *sdk.DescribeRouteTablesOutput) []types.RouteTable { return p.RouteTables })
	for _, t := range list {
		routes := make([]vpc.Route, len(t.Routes))
		for i, line := range t.Routes {
			routes[i] = vpc.Route{Destination: text(destination(line), at), Target: asset.Known(target(line), at)}
		}
		emit(r, vpc.RouteTableType, "route-table", t.RouteTableId, t.Tags, at, &vpc.RouteTable{
			VPC: network(t.VpcId, at), Routes: asset.ListOf(routes, at),
		})
	}
}

func destination(r types.Route) *string {
	for _, d := range []*string{r.DestinationCidrBlock, r.DestinationIpv6CidrBlock, r.DestinationPrefixListId} {
		if awssdk.ToString(d) != "" {
			return d
		}
	}
	return nil
}

func target(r types.Route) string {
	switch {
	case awssdk.ToString(r.VpcPeeringConnectionId) != "":
		return vpc.VPCPeering
	case awssdk.ToString(r.NatGatewayId) != "":
		return vpc.NATGateway
	case awssdk.ToString(r.TransitGatewayId) != "":
		return vpc.ToTransit
	case len(awssdk.ToString(r.GatewayId)) > 3 && (*r.GatewayId)[:3] == "igw":
		return vpc.InternetGateway
	}
	return vpc.OtherTarget
}

func collectFlowLogs(ctx context.Context, r *aws.Reader, c *sdk.Client) {
	pager := sdk.NewDescribeFlowLogsPaginator(c, &sdk.DescribeFlowLogsInput{MaxResults: awssdk.Int32(page)})
	list, at, _ := aws.Pages(ctx, r, "ec2:DescribeFlowLogs", pager, func(p *sdk.DescribeFlowLogsOutput) []types.FlowLog { return p.FlowLogs })
	for _, l := range list {
		log := &vpc.FlowLog{VPC: asset.NoRef(at), TrafficType: asset.Known(string(l.TrafficType), at)}
		if id := awssdk.ToString(l.ResourceId); len(id) > 4 && id[:4] == "vpc-" {
			log.VPC = asset.RefTo(id, at)
		}
		emit(r, vpc.FlowLogType, "vpc-flow-log", l.FlowLogId, l.Tags, at, log)
	}
}

func collectTransitGateways(ctx context.Context, r *aws.Reader, c *sdk.Client) {
	pager := sdk.NewDescribeTransitGatewaysPaginator(c, &sdk.DescribeTransitGatewaysInput{MaxResults: awssdk.Int32(page)})
	list, at, _ := aws.Pages(ctx, r, "ec2:DescribeTransitGateways", pager, func(p *sdk.DescribeTransitGatewaysOutput) []types.TransitGateway { return p.TransitGateways })
	for _, g := range list {
		if awssdk.ToString(g.OwnerId) != r.Account() || g.State == types.TransitGatewayStateDeleted || g.State == types.TransitGatewayStateDeleting {
			continue // somebody else's, or gone
		}
		config := &vpc.TransitGateway{AutoAccepts: asset.Known(false, at)}
		if g.Options != nil {
			config.AutoAccepts = asset.Known(g.Options.AutoAcceptSharedAttachments == types.AutoAcceptSharedAttachmentsValueEnable, at)
		}
		emit(r, vpc.TransitGatewayType, "transit-gateway", g.TransitGatewayId, g.Tags, at, config)
	}
}
