// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/mototest"
	cloudaws "github.com/plumb-cspm/plumb/internal/source/cloud/aws"
	"github.com/plumb-cspm/plumb/providers/all/roomtest"
	"github.com/plumb-cspm/plumb/providers/aws/vpc"
	"github.com/plumb-cspm/plumb/providers/aws/vpc/live"
)

func TestRoom(t *testing.T) {
	roomtest.Room{
		Collectors: live.Collectors(),
		Seed:       seed,
		Build: map[string]func(*testing.T, awssdk.Config, *asset.Asset) string{
			vpc.VPCType:            buildVPC,
			vpc.SubnetType:         buildSubnet,
			vpc.NetworkACLType:     buildACL,
			vpc.RouteTableType:     buildRouteTable,
			vpc.TransitGatewayType: buildTransitGateway,
		},
	}.Test(t)
}

// TestFlowLogOfASubnetIsNoneOfItsVPC reads what only the live API has: the id of
// what is logged.
func TestFlowLogOfASubnetIsNoneOfItsVPC(t *testing.T) {
	t.Parallel()
	server := mototest.Start(t)
	c := sdk.NewFromConfig(server.Config(t))
	network := newVPC(t, c)
	subnet := newSubnet(t, c, network, "10.7.1.0/24", false)
	whole := logTraffic(t, c, network, types.FlowLogsResourceTypeVpc)
	part := logTraffic(t, c, subnet, types.FlowLogsResourceTypeSubnet)

	reading := server.Read(t, cloudaws.Config{}, live.Collectors()...)
	if got := mototest.Of[vpc.FlowLog](t, reading, vpc.FlowLogType, whole).VPC.Key(); got != network {
		t.Errorf("the log of the VPC refers to %q, not %q", got, network)
	}
	if ref := mototest.Of[vpc.FlowLog](t, reading, vpc.FlowLogType, part).VPC; !ref.IsNone() {
		t.Errorf("the log of the subnet refers to the VPC %q", ref.Key())
	}
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
