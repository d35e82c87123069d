// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package ec2_test

import (
	"testing"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/providers/aws/ec2"
)

func TestRuleForAllProtocolsIsOneForAllPorts(t *testing.T) {
	t.Parallel()
	at := asset.FromAPI("ec2:DescribeSecurityGroups")
	known := func(n int64) asset.Value[int64] { return asset.Known(n, at) }
	nobodyKnows := asset.Unknown[int64]("var.port has no value", at)
	for name, test := range map[string]struct {
		protocol         string
		from, to         asset.Value[int64]
		wantFrom, wantTo string
	}{
		"all protocols, written with ports":     {"-1", known(22), known(22), "0", "65535"},
		"all protocols, with unknown ports":     {"all", nobodyKnows, nobodyKnows, "0", "65535"},
		"one protocol keeps its ports":          {"6", known(22), known(80), "22", "80"},
		"every port, as some tools write it":    {"udp", known(-1), known(-1), "0", "65535"},
		"every kind of ICMP stays what it says": {"icmp", known(-1), known(-1), "-1", "-1"},
		"an unknown port stays unknown":         {"tcp", nobodyKnows, known(80), "unknown", "unknown"},
		"a port beside an unknown one stays":    {"tcp", known(22), nobodyKnows, "22", "unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := ec2.Rule{Protocol: asset.Known(ec2.ProtocolOf(test.protocol), at), FromPort: test.from, ToPort: test.to}.Normalize()
			if text(got.FromPort) != test.wantFrom || text(got.ToPort) != test.wantTo {
				t.Errorf("the ports are %s-%s, not %s-%s", text(got.FromPort), text(got.ToPort), test.wantFrom, test.wantTo)
			}
		})
	}
}

func TestProtocolsHaveOneName(t *testing.T) {
	t.Parallel()
	for written, want := range map[string]string{
		"-1": "all", "ALL": "all", "6": "tcp", "TCP": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "50": "50",
	} {
		if got := ec2.ProtocolOf(written); got != want {
			t.Errorf("%s is called %s, not %s", written, got, want)
		}
	}
}

func TestGroupsAreReadWithTheirRules(t *testing.T) {
	t.Parallel()
	assets := read(t, `
variable "self" { type = bool }
variable "other" { type = string }
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_security_group" "app" {
  name   = "app"
  vpc_id = aws_vpc.main.id
  ingress {
    protocol  = "tcp"
    from_port = 443
    to_port   = 443
    self      = var.self
  }
}
resource "aws_vpc_security_group_egress_rule" "out" {
  security_group_id = aws_security_group.app.id
  ip_protocol       = "-1"
  cidr_ipv6         = "::/0"
}
resource "aws_vpc_security_group_egress_rule" "default" {
  security_group_id = aws_vpc.main.default_security_group_id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
}
resource "aws_security_group_rule" "elsewhere" {
  security_group_id = "sg-0123456789abcdef0"
  type              = "ingress"
  protocol          = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_blocks       = ["10.0.0.0/8"]
}
`)
	app := config[ec2.SecurityGroup](t, assets, ec2.SecurityGroupType, "aws_security_group.app")
	if groups := app.Ingress.Elems()[0].Groups; groups.IsComplete() || len(groups.Elems()) != 0 {
		t.Errorf("with an unknown self the groups are complete: %v", groups.Elems())
	}
	if out := app.Egress.Elems(); len(out) != 1 || out[0].CIDRs.Elems()[0].Or("") != "::/0" {
		t.Errorf("the outgoing rules are %v", out)
	}
	if !app.Default.IsKnown() || app.Default.Or(true) {
		t.Error("a group of one's own counts as a default one")
	}

	untouched := config[ec2.SecurityGroup](t, assets, ec2.SecurityGroupType, "aws_vpc.main.default_security_group_id")
	if in, out := len(untouched.Ingress.Elems()), len(untouched.Egress.Elems()); in != 1 || out != 2 {
		t.Errorf("the default group has %d and %d rules, not 1 and 2", in, out)
	}
	if app.VPC.Key() != untouched.VPC.Key() {
		t.Errorf("the groups are in %q and %q", app.VPC.Key(), untouched.VPC.Key())
	}

	alone := config[ec2.SecurityGroup](t, assets, ec2.SecurityGroupType, "aws_security_group_rule.elsewhere")
	if len(alone.Ingress.Elems()) != 1 || len(alone.Egress.Elems()) != 0 {
		t.Errorf("the rule alone gives %v and %v", alone.Ingress.Elems(), alone.Egress.Elems())
	}
	if n := len(assets); n != 4 { // the fourth are the settings of the region, implied
		t.Errorf("there are %d assets", n)
	}
}

func text(v asset.Value[int64]) string {
	if n, known := v.Get(); known {
		return number(n)
	}
	return "unknown"
}
