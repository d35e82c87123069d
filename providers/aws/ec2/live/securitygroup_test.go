// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"strings"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/providers/aws/ec2"
)

func seedSecurityGroup(t *testing.T, c *sdk.Client) {
	group := newGroup(t, c, "web")
	must[*sdk.AuthorizeSecurityGroupIngressOutput](t)(c.AuthorizeSecurityGroupIngress(t.Context(), &sdk.AuthorizeSecurityGroupIngressInput{
		GroupId: &group, IpPermissions: []types.IpPermission{{
			IpProtocol: awssdk.String("tcp"), FromPort: awssdk.Int32(22), ToPort: awssdk.Int32(22),
			IpRanges: []types.IpRange{{CidrIp: awssdk.String("0.0.0.0/0")}},
		}},
	}))
}

func newGroup(t *testing.T, c *sdk.Client, name string) (id string) {
	t.Helper()
	return *must[*sdk.CreateSecurityGroupOutput](t)(c.CreateSecurityGroup(t.Context(), &sdk.CreateSecurityGroupInput{
		GroupName: &name, Description: awssdk.String("made by a test"), VpcId: defaultVPC(t, c),
	})).GroupId
}

func defaultVPC(t *testing.T, c *sdk.Client) *string {
	t.Helper()
	out := must[*sdk.DescribeVpcsOutput](t)(c.DescribeVpcs(t.Context(), &sdk.DescribeVpcsInput{}))
	return out.Vpcs[0].VpcId
}

// buildSecurityGroup makes a group, or for a default one empties that of the
// account's only VPC, and gives it the rules.
func buildSecurityGroup(t *testing.T, cfg awssdk.Config, a *asset.Asset) string {
	c, config := sdk.NewFromConfig(cfg), a.Config.(*ec2.SecurityGroup)
	name := a.Name
	var id string
	if config.Default.Or(false) {
		id = emptyDefault(t, c)
	} else {
		name += strings.Map(plain, a.Address)
		id = newGroup(t, c, name)
	}
	if rules := permissions(config.Ingress, id); len(rules) > 0 {
		must[*sdk.AuthorizeSecurityGroupIngressOutput](t)(c.AuthorizeSecurityGroupIngress(t.Context(),
			&sdk.AuthorizeSecurityGroupIngressInput{GroupId: &id, IpPermissions: rules}))
	}
	if rules := permissions(config.Egress, id); len(rules) > 0 && config.Default.Or(false) {
		must[*sdk.AuthorizeSecurityGroupEgressOutput](t)(c.AuthorizeSecurityGroupEgress(t.Context(),
			&sdk.AuthorizeSecurityGroupEgressInput{GroupId: &id, IpPermissions: rules}))
	}
	return name
}

func emptyDefault(t *testing.T, c *sdk.Client) (id string) {
	t.Helper()
	out := must[*sdk.DescribeSecurityGroupsOutput](t)(c.DescribeSecurityGroups(t.Context(), &sdk.DescribeSecurityGroupsInput{GroupNames: []string{"default"}}))
	group := out.SecurityGroups[0]
	if len(group.IpPermissions) > 0 {
		must[*sdk.RevokeSecurityGroupIngressOutput](t)(c.RevokeSecurityGroupIngress(t.Context(),
			&sdk.RevokeSecurityGroupIngressInput{GroupId: group.GroupId, IpPermissions: group.IpPermissions}))
	}
	if len(group.IpPermissionsEgress) > 0 {
		must[*sdk.RevokeSecurityGroupEgressOutput](t)(c.RevokeSecurityGroupEgress(t.Context(),
			&sdk.RevokeSecurityGroupEgressInput{GroupId: group.GroupId, IpPermissions: group.IpPermissionsEgress}))
	}
	return *group.GroupId
}

// permissions are the rules of an asset as the API takes them.
func permissions(rules asset.List[ec2.Rule], self string) []types.IpPermission {
	var list []types.IpPermission
	for _, r := range rules.Elems() {
		p := types.IpPermission{IpProtocol: awssdk.String(r.Protocol.Or(""))}
		if *p.IpProtocol == "all" {
			*p.IpProtocol = "-1"
		} else {
			p.FromPort, p.ToPort = awssdk.Int32(int32(r.FromPort.Or(0))), awssdk.Int32(int32(r.ToPort.Or(0)))
		}
		for _, cidr := range r.CIDRs.Elems() {
			switch text, known := cidr.Get(); {
			case !known:
			case strings.Contains(text, ":"):
				p.Ipv6Ranges = append(p.Ipv6Ranges, types.Ipv6Range{CidrIpv6: &text})
			default:
				p.IpRanges = append(p.IpRanges, types.IpRange{CidrIp: &text})
			}
		}
		for range r.Groups.Elems() {
			p.UserIdGroupPairs = append(p.UserIdGroupPairs, types.UserIdGroupPair{GroupId: &self})
		}
		list = append(list, p)
	}
	return list
}
