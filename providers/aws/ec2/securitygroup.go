// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package ec2

import (
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// SecurityGroup is a stateful filter around network interfaces.
type SecurityGroup struct {
	Ingress asset.List[Rule] `plumb:"ingress"`
	Egress  asset.List[Rule] `plumb:"egress"`
	// Default says that the group is the one which its VPC came with.
	Default asset.Value[bool] `plumb:"is_default"`
	VPC     asset.Ref         `plumb:"vpc" target:"aws.vpc.vpc"`
}

// Rule lets traffic through. What it does not name it does not let through.
type Rule struct {
	// Protocol is tcp, udp, icmp, icmpv6, another protocol's number, or all.
	Protocol asset.Value[string] `plumb:"protocol"`
	// FromPort and ToPort bound the ports, both included; 0 and 65535 for all
	// protocols. For icmp they are type and code.
	FromPort asset.Value[int64] `plumb:"from_port"`
	ToPort   asset.Value[int64] `plumb:"to_port"`
	// CIDRs are the address ranges at the other end, IPv4 and IPv6.
	CIDRs asset.List[asset.Value[string]] `plumb:"cidrs"`
	// PrefixLists and Groups are other ways to name the other end. A rule of a
	// group for itself names the group, or says self.
	PrefixLists asset.List[asset.Value[string]] `plumb:"prefix_lists"`
	Groups      asset.List[asset.Value[string]] `plumb:"groups"`
}

const (
	allProtocols = "all" // how a [Rule] writes the protocol that AWS writes as -1
	itself       = "self"
	lastPort     = 65535
	defaultName  = "default" // AWS keeps this name for the group that a VPC comes with
)

// ProtocolOf names a protocol that AWS gives by name or number.
func ProtocolOf(s string) string {
	switch s = strings.ToLower(s); s {
	case "-1", "all":
		return allProtocols
	case "6":
		return "tcp"
	case "17":
		return "udp"
	case "1":
		return "icmp"
	case "58":
		return "icmpv6"
	}
	return s
}

// Normalize writes a rule for all protocols as one for all ports too: AWS
// ignores its ports. The same goes for tcp and udp rules from -1 to -1.
func (r Rule) Normalize() Rule {
	all := asset.Then(r.Protocol, func(p string, at *asset.Source) asset.Value[bool] {
		if p != "tcp" && p != "udp" {
			return asset.At(at, func() bool { return p == allProtocols })
		}
		return asset.Convert(r.FromPort, func(from int64) bool { return from == -1 })
	})
	r.FromPort = orAllPorts(all, 0, r.FromPort)
	r.ToPort = orAllPorts(all, lastPort, r.ToPort)
	return r
}

func orAllPorts(all asset.Value[bool], bound int64, port asset.Value[int64]) asset.Value[int64] {
	return asset.Then(all, func(yes bool, at *asset.Source) asset.Value[int64] {
		if yes {
			return asset.At(at, func() int64 { return bound })
		}
		return port
	})
}
