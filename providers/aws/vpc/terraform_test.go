// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package vpc_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/terraform"
	"github.com/plumb-cspm/plumb/providers/aws/vpc"
)

// read decodes Terraform with the room's decoders; the assets are by address.
func read(t *testing.T, code string) map[string]*asset.Asset {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(code), 0o600); err != nil {
		t.Fatal(err)
	}
	got := sink{}
	if err := terraform.New([]string{dir}, terraform.Options{}, vpc.Terraform()).Read(t.Context(), got); err != nil {
		t.Fatal(err)
	}
	return got
}

type sink map[string]*asset.Asset

func (s sink) Asset(a *asset.Asset)  { s[a.Address] = a }
func (sink) Coverage(asset.Coverage) {}

// line is a route or an entry as a test writes it.
type line []any

func TestRoutesNameTheirTarget(t *testing.T) {
	t.Parallel()
	assets := read(t, `
resource "aws_internet_gateway" "out" {}
resource "aws_route_table" "app" {
  vpc_id = "vpc-0123456789abcdef0"
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.out.id
  }
  route {
    ipv6_cidr_block        = "::/0"
    egress_only_gateway_id = "eigw-0123456789abcdef0"
  }
}
resource "aws_route" "hub" {
  route_table_id         = aws_route_table.app.id
  destination_cidr_block = "10.0.0.0/8"
  transit_gateway_id     = "tgw-0123456789abcdef0"
}
resource "aws_route" "peer" {
  route_table_id             = aws_route_table.app.id
  destination_prefix_list_id = "pl-0123456789abcdef0"
  vpc_peering_connection_id  = "pcx-0123456789abcdef0"
}
`)
	var got []line
	for _, r := range assets["aws_route_table.app"].Config.(*vpc.RouteTable).Routes.Elems() {
		got = append(got, line{r.Destination.Or("?"), r.Target.Or("?")})
	}
	want := []line{
		{"0.0.0.0/0", vpc.InternetGateway}, {"::/0", vpc.OtherTarget},
		{"10.0.0.0/8", vpc.ToTransit}, {"pl-0123456789abcdef0", vpc.VPCPeering},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if n := len(assets); n != 1 {
		t.Errorf("there are %d assets: routes of a known table are no tables", n)
	}
}

func TestEntriesAreThoseOfTheirDirection(t *testing.T) {
	t.Parallel()
	assets := read(t, `
variable "egress" { type = bool }
resource "aws_network_acl" "app" {
  vpc_id = "vpc-0123456789abcdef0"
  egress {
    rule_no    = 100
    action     = "ALLOW"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "0.0.0.0/0"
  }
}
resource "aws_network_acl_rule" "deny" {
  network_acl_id  = aws_network_acl.app.id
  rule_number     = 10
  rule_action     = "deny"
  protocol        = 6
  from_port       = 22
  to_port         = 23
  ipv6_cidr_block = "::/0"
}
resource "aws_network_acl" "unsure" {
  vpc_id = "vpc-0123456789abcdef0"
}
resource "aws_network_acl_rule" "unsure" {
  network_acl_id = aws_network_acl.unsure.id
  egress         = var.egress
  rule_number    = 10
  rule_action    = "allow"
  protocol       = "tcp"
  from_port      = 22
  to_port        = 22
  cidr_block     = "0.0.0.0/0"
}
`)
	lines := func(list asset.List[vpc.Entry]) (all []line) {
		for _, e := range list.Elems() {
			all = append(all, line{e.Number.Or(0), e.Allow.Or(false), e.Protocol.Or(""), e.FromPort.Or(-1), e.ToPort.Or(-1), e.CIDR.Or("")})
		}
		return all
	}
	app := assets["aws_network_acl.app"].Config.(*vpc.NetworkACL)
	if diff := cmp.Diff([]line{{int64(10), false, "tcp", int64(22), int64(23), "::/0"}}, lines(app.Ingress)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]line{{int64(100), true, "all", int64(0), int64(65535), "0.0.0.0/0"}}, lines(app.Egress)); diff != "" {
		t.Error(diff)
	}
	unsure := assets["aws_network_acl.unsure"].Config.(*vpc.NetworkACL)
	if unsure.Ingress.IsComplete() || unsure.Egress.IsComplete() {
		t.Error("an entry of unknown direction may be in either")
	}
}

// Every field is set or says why it is not: what a room forgot would be "not read".
func TestSmallestBlocksLeaveNothingUnset(t *testing.T) {
	t.Parallel()
	assets := read(t, `
resource "aws_vpc" "a" {}
resource "aws_default_vpc" "a" {}
resource "aws_subnet" "a" {}
resource "aws_default_subnet" "a" {}
resource "aws_flow_log" "a" {}
resource "aws_ec2_transit_gateway" "a" {}
resource "aws_network_acl" "a" {}
resource "aws_default_network_acl" "a" {}
resource "aws_network_acl_rule" "a" {}
resource "aws_route_table" "a" {}
resource "aws_default_route_table" "a" {}
resource "aws_route" "a" {}
`)
	if len(assets) != 12 {
		t.Errorf("there are %d assets, not 12", len(assets))
	}
	for _, a := range assets {
		asset.Complete(a.Config, asset.Code)
		for _, path := range asset.Unset(a.Config) {
			t.Errorf("%s: nobody set %s", a.Address, path)
		}
	}
}
