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

func collectSecurityGroups(ctx context.Context, r *aws.Reader, c *sdk.Client) {
	pager := sdk.NewDescribeSecurityGroupsPaginator(c, &sdk.DescribeSecurityGroupsInput{MaxResults: awssdk.Int32(page)})
	groups, at, _ := aws.Pages(ctx, r, "ec2:DescribeSecurityGroups", pager, func(p *sdk.DescribeSecurityGroupsOutput) []types.SecurityGroup {
		return p.SecurityGroups
	})
	for _, g := range groups {
		id, name := awssdk.ToString(g.GroupId), awssdk.ToString(g.GroupName)
		a := r.Asset(ec2.SecurityGroupType, r.ARN("ec2", "security-group/"+id), name)
		a.Keys = []string{id}
		a.Tags = tags(g.Tags, at)
		a.Config = &ec2.SecurityGroup{
			Ingress: rules(g.IpPermissions, at),
			Egress:  rules(g.IpPermissionsEgress, at),
			Default: asset.Known(name == "default", at),
			VPC:     asset.RefOf(text(g.VpcId, at)),
		}
		r.Emit(a)
	}
}

func rules(permissions []types.IpPermission, at *asset.Source) asset.List[ec2.Rule] {
	list := make([]ec2.Rule, len(permissions))
	for i, p := range permissions {
		list[i] = rule(p, at)
	}
	return asset.ListOf(list, at)
}

func rule(p types.IpPermission, at *asset.Source) ec2.Rule {
	var cidrs, lists, groups []string
	for _, r := range p.IpRanges {
		cidrs = append(cidrs, awssdk.ToString(r.CidrIp))
	}
	for _, r := range p.Ipv6Ranges {
		cidrs = append(cidrs, awssdk.ToString(r.CidrIpv6))
	}
	for _, l := range p.PrefixListIds {
		lists = append(lists, awssdk.ToString(l.PrefixListId))
	}
	for _, g := range p.UserIdGroupPairs {
		groups = append(groups, awssdk.ToString(g.GroupId))
	}
	port := func(n *int32) asset.Value[int64] { return asset.Known(int64(awssdk.ToInt32(n)), at) }
	return ec2.Rule{
		Protocol:    asset.Known(ec2.ProtocolOf(awssdk.ToString(p.IpProtocol)), at),
		FromPort:    port(p.FromPort),
		ToPort:      port(p.ToPort),
		CIDRs:       asset.ListOf(asset.Strings(cidrs, at), at),
		PrefixLists: asset.ListOf(asset.Strings(lists, at), at),
		Groups:      asset.ListOf(asset.Strings(groups, at), at),
	}.Normalize()
}
