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
	"github.com/plumb-cspm/plumb/providers/aws/vpc"
)

func seed(t *testing.T, cfg awssdk.Config) {
	c := sdk.NewFromConfig(cfg)
	network := newVPC(t, c)
	newSubnet(t, c, network, "10.7.1.0/24", true)
	logTraffic(t, c, network, types.FlowLogsResourceTypeVpc)
	newGateway(t, c, true)
}

func newVPC(t *testing.T, c *sdk.Client) (id string) {
	t.Helper()
	return *must[*sdk.CreateVpcOutput](t)(c.CreateVpc(t.Context(), &sdk.CreateVpcInput{CidrBlock: awssdk.String("10.7.0.0/16")})).Vpc.VpcId
}

func logTraffic(t *testing.T, c *sdk.Client, resource string, kind types.FlowLogsResourceType) (id string) {
	t.Helper()
	out := must[*sdk.CreateFlowLogsOutput](t)(c.CreateFlowLogs(t.Context(), &sdk.CreateFlowLogsInput{
		ResourceIds: []string{resource}, ResourceType: kind, TrafficType: types.TrafficTypeAll,
		LogDestinationType: types.LogDestinationTypeCloudWatchLogs, LogGroupName: awssdk.String("flows-" + resource),
		DeliverLogsPermissionArn: awssdk.String("arn:aws:iam::111122223333:role/flow-logs"),
	}))
	if len(out.FlowLogIds) != 1 {
		t.Fatalf("no flow log was made: %v", out.Unsuccessful)
	}
	return out.FlowLogIds[0]
}

// buildVPC makes a network, with a log if the code's graph found one.
func buildVPC(t *testing.T, cfg awssdk.Config, a *asset.Asset) string {
	c := sdk.NewFromConfig(cfg)
	id := newVPC(t, c)
	if len(a.Config.(*vpc.VPC).FlowLogs.Elems()) > 0 {
		logTraffic(t, c, id, types.FlowLogsResourceTypeVpc)
	}
	return id
}

func newSubnet(t *testing.T, c *sdk.Client, network, cidr string, public bool) (id string) {
	t.Helper()
	id = *must[*sdk.CreateSubnetOutput](t)(c.CreateSubnet(t.Context(), &sdk.CreateSubnetInput{VpcId: &network, CidrBlock: &cidr})).Subnet.SubnetId
	must[*sdk.ModifySubnetAttributeOutput](t)(c.ModifySubnetAttribute(t.Context(), &sdk.ModifySubnetAttributeInput{
		SubnetId: &id, MapPublicIpOnLaunch: &types.AttributeBooleanValue{Value: &public},
	}))
	return id
}

func buildSubnet(t *testing.T, cfg awssdk.Config, a *asset.Asset) string {
	c := sdk.NewFromConfig(cfg)
	return newSubnet(t, c, newVPC(t, c), "10.7.1.0/24", a.Config.(*vpc.Subnet).AssignsPublicIPs.Or(false))
}

func newGateway(t *testing.T, c *sdk.Client, accepts bool) (id string) {
	t.Helper()
	value := types.AutoAcceptSharedAttachmentsValueDisable
	if accepts {
		value = types.AutoAcceptSharedAttachmentsValueEnable
	}
	return *must[*sdk.CreateTransitGatewayOutput](t)(c.CreateTransitGateway(t.Context(), &sdk.CreateTransitGatewayInput{
		Options: &types.TransitGatewayRequestOptions{AutoAcceptSharedAttachments: value},
	})).TransitGateway.TransitGatewayId
}

func buildTransitGateway(t *testing.T, cfg awssdk.Config, a *asset.Asset) string {
	return newGateway(t, sdk.NewFromConfig(cfg), a.Config.(*vpc.TransitGateway).AutoAccepts.Or(false))
}

var numbers = map[string]string{"all": "-1", "tcp": "6", "udp": "17", "icmp": "1"}

func buildACL(t *testing.T, cfg awssdk.Config, a *asset.Asset) string {
	c, config := sdk.NewFromConfig(cfg), a.Config.(*vpc.NetworkACL)
	network := newVPC(t, c)
	id := must[*sdk.CreateNetworkAclOutput](t)(c.CreateNetworkAcl(t.Context(), &sdk.CreateNetworkAclInput{VpcId: &network})).NetworkAcl.NetworkAclId
	for direction, entries := range map[bool]asset.List[vpc.Entry]{false: config.Ingress, true: config.Egress} {
		for _, e := range entries.Elems() {
			in := &sdk.CreateNetworkAclEntryInput{
				NetworkAclId: id, Egress: &direction, RuleAction: types.RuleActionDeny,
				RuleNumber: awssdk.Int32(int32(e.Number.Or(0))), Protocol: awssdk.String(numbers[e.Protocol.Or("")]),
				PortRange: &types.PortRange{From: awssdk.Int32(int32(e.FromPort.Or(0))), To: awssdk.Int32(int32(e.ToPort.Or(0)))},
			}
			if e.Allow.Or(false) {
				in.RuleAction = types.RuleActionAllow
			}
			if cidr := e.CIDR.Or(""); strings.Contains(cidr, ":") {
				in.Ipv6CidrBlock = &cidr
			} else {
				in.CidrBlock = &cidr
			}
			must[*sdk.CreateNetworkAclEntryOutput](t)(c.CreateNetworkAclEntry(t.Context(), in))
		}
	}
	return *id
}

func buildRouteTable(t *testing.T, cfg awssdk.Config, a *asset.Asset) string {
	c := sdk.NewFromConfig(cfg)
	network := newVPC(t, c)
	table := must[*sdk.CreateRouteTableOutput](t)(c.CreateRouteTable(t.Context(), &sdk.CreateRouteTableInput{VpcId: &network})).RouteTable.RouteTableId
	for _, r := range a.Config.(*vpc.RouteTable).Routes.Elems() {
		in := &sdk.CreateRouteInput{RouteTableId: table}
		if cidr, known := r.Destination.Get(); !known {
			continue
		} else if strings.Contains(cidr, ":") {
			in.DestinationIpv6CidrBlock = &cidr
		} else {
			in.DestinationCidrBlock = &cidr
		}
		if r.Target.Or("") == vpc.VPCPeering {
			in.VpcPeeringConnectionId = peer(t, c, network)
		} else {
			in.GatewayId = must[*sdk.CreateInternetGatewayOutput](t)(c.CreateInternetGateway(t.Context(), &sdk.CreateInternetGatewayInput{})).InternetGateway.InternetGatewayId
		}
		must[*sdk.CreateRouteOutput](t)(c.CreateRoute(t.Context(), in))
	}
	return *table
}

func peer(t *testing.T, c *sdk.Client, network string) *string {
	t.Helper()
	other := must[*sdk.CreateVpcOutput](t)(c.CreateVpc(t.Context(), &sdk.CreateVpcInput{CidrBlock: awssdk.String("10.8.0.0/16")})).Vpc.VpcId
	return must[*sdk.CreateVpcPeeringConnectionOutput](t)(c.CreateVpcPeeringConnection(t.Context(), &sdk.CreateVpcPeeringConnectionInput{
		VpcId: &network, PeerVpcId: other,
	})).VpcPeeringConnection.VpcPeeringConnectionId
}
