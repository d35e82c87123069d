// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package vpc

import "github.com/plumb-cspm/plumb/internal/asset"

// VPC is a network.
type VPC struct {
	// CIDR is the first IPv4 range of the network.
	CIDR asset.Value[string] `plumb:"cidr"`
	// Default says that it is the network which AWS made in the region.
	Default asset.Value[bool] `plumb:"is_default"`
	// FlowLogs are the logs of the whole network, not of parts of it.
	FlowLogs asset.List[asset.Ref] `plumb:"flow_logs" target:"aws.vpc.flow_log" reverse:"aws.vpc.flow_log.vpc"`
}

// Subnet is a part of a network.
type Subnet struct {
	VPC  asset.Ref           `plumb:"vpc" target:"aws.vpc.vpc"`
	CIDR asset.Value[string] `plumb:"cidr"`
	// AssignsPublicIPs says that what starts in the subnet gets a public IPv4
	// address unless it declines.
	AssignsPublicIPs asset.Value[bool] `plumb:"assigns_public_ips"`
}

// FlowLog records the connections of a network or of a part of it.
type FlowLog struct {
	// VPC is the network that is logged as a whole; none for a log of a subnet,
	// an interface or a transit gateway.
	VPC asset.Ref `plumb:"vpc" target:"aws.vpc.vpc"`
	// TrafficType is ACCEPT, REJECT or ALL.
	TrafficType asset.Value[string] `plumb:"traffic_type"`
}

// TransitGateway joins networks.
type TransitGateway struct {
	// AutoAccepts says that accounts with which the gateway is shared attach
	// their networks without asking.
	AutoAccepts asset.Value[bool] `plumb:"auto_accepts_attachments"`
}

// NetworkACL is a stateless filter around subnets.
type NetworkACL struct {
	VPC asset.Ref `plumb:"vpc" target:"aws.vpc.vpc"`
	// Default says that it is the one which its VPC came with.
	Default asset.Value[bool] `plumb:"is_default"`
	Ingress asset.List[Entry] `plumb:"ingress"`
	Egress  asset.List[Entry] `plumb:"egress"`
}

// Entry is a rule of a network ACL. The one with the lowest number that matches
// decides; what none matches is denied.
type Entry struct {
	Number asset.Value[int64] `plumb:"number"`
	// Allow lets traffic through; otherwise the entry denies it.
	Allow asset.Value[bool] `plumb:"allow"`
	// Protocol is tcp, udp, icmp, icmpv6, another protocol's number, or all.
	Protocol asset.Value[string] `plumb:"protocol"`
	// FromPort and ToPort bound the ports, both included; 0 and 65535 for all
	// protocols.
	FromPort asset.Value[int64] `plumb:"from_port"`
	ToPort   asset.Value[int64] `plumb:"to_port"`
	// CIDR is the address range at the other end, IPv4 or IPv6.
	CIDR asset.Value[string] `plumb:"cidr"`
}

const (
	allProtocols = "all"
	lastPort     = 65535
)

// ProtocolOf names a protocol that AWS gives by name or number.
func ProtocolOf(s string) string {
	switch s {
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

// Normalize writes an entry for all protocols as one for all ports too: AWS
// ignores its ports.
func (e Entry) Normalize() Entry {
	ports := func(bound int64, port asset.Value[int64]) asset.Value[int64] {
		return asset.Then(e.Protocol, func(protocol string, at *asset.Source) asset.Value[int64] {
			if protocol == allProtocols {
				return asset.At(at, func() int64 { return bound })
			}
			return port
		})
	}
	e.FromPort, e.ToPort = ports(0, e.FromPort), ports(lastPort, e.ToPort)
	return e
}

// RouteTable says where the traffic of subnets goes.
type RouteTable struct {
	VPC    asset.Ref         `plumb:"vpc" target:"aws.vpc.vpc"`
	Routes asset.List[Route] `plumb:"routes"`
}

// Route is a line of a route table.
type Route struct {
	// Destination is the address range, IPv4 or IPv6, or the id of a prefix list.
	Destination asset.Value[string] `plumb:"destination"`
	// Target is what kind of thing gets the traffic: vpc_peering,
	// internet_gateway, nat_gateway, transit_gateway or other.
	Target asset.Value[string] `plumb:"target"`
}

// The kinds of targets.
const (
	VPCPeering      = "vpc_peering"
	InternetGateway = "internet_gateway"
	NATGateway      = "nat_gateway"
	ToTransit       = "transit_gateway"
	OtherTarget     = "other"
)
