// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package vpc

import (
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/cloudformation"
)

// CloudFormation reads the room's assets from CloudFormation.
func CloudFormation() []cloudformation.Decoder {
	return []cloudformation.Decoder{
		{
			Resources: []string{vpcResource, "AWS::EC2::Subnet", "AWS::EC2::FlowLog", "AWS::EC2::TransitGateway"},
			Decode:    networksInStack,
		},
		{Resources: []string{aclResource, entryResource}, Decode: aclsInStack},
		{Resources: []string{tableResource, routeResource}, Decode: tablesInStack},
	}
}

const (
	vpcResource   = "AWS::EC2::VPC"
	aclResource   = "AWS::EC2::NetworkAcl"
	entryResource = "AWS::EC2::NetworkAclEntry"
	tableResource = "AWS::EC2::RouteTable"
	routeResource = "AWS::EC2::Route"
)

func networksInStack(s *cloudformation.Stack, emit func(*asset.Asset)) {
	one := func(r *cloudformation.Resource, typ string, config any) {
		a := r.Asset(typ, "")
		a.Config = config
		emit(a)
	}
	for _, r := range s.Resources(vpcResource) {
		cidr := r.String("CidrBlock")
		if !isStated(cidr) {
			cidr = asset.Unknown[string]("the address manager (IPAM) chooses the range", r.Source())
		}
		one(r, VPCType, &VPC{CIDR: cidr, Default: asset.Default(false, r.Source())})
	}
	for _, r := range s.Resources("AWS::EC2::Subnet") {
		one(r, SubnetType, &Subnet{
			VPC: r.Ref("VpcId", vpcResource), CIDR: r.String("CidrBlock"), AssignsPublicIPs: r.Bool("MapPublicIpOnLaunch"),
		})
	}
	for _, r := range s.Resources("AWS::EC2::FlowLog") {
		one(r, FlowLogType, &FlowLog{VPC: loggedInStack(r), TrafficType: r.String("TrafficType", "ALL")})
	}
	for _, r := range s.Resources("AWS::EC2::TransitGateway") {
		one(r, TransitGatewayType, &TransitGateway{
			AutoAccepts: asset.Convert(r.String("AutoAcceptSharedAttachments", "disable"), func(s string) bool { return s == "enable" }),
		})
	}
}

// loggedInStack is the network that a flow log records as a whole.
func loggedInStack(r *cloudformation.Resource) asset.Ref {
	kind := r.String("ResourceType")
	switch name, known := kind.Get(); {
	case !known:
		return asset.UnknownRef(kind.Reason(), kind.Source())
	case name != "VPC":
		return asset.NoRef(kind.Source())
	}
	return r.Ref("ResourceId", vpcResource)
}

// aclsInStack reads filters, whose entries are resources of their own. An entry of
// a filter from elsewhere stands for that filter.
func aclsInStack(s *cloudformation.Stack, emit func(*asset.Asset)) {
	claimed := map[*cloudformation.Resource]bool{}
	entries := s.Join(entryResource, "NetworkAclId", aclResource)
	emitACL := func(r *cloudformation.Resource, vpc asset.Ref, lines []*cloudformation.Resource, maybe string) {
		acl := &NetworkACL{VPC: vpc, Default: asset.Default(false, r.Source())}
		acl.Ingress = entriesInStack(r, lines, false, maybe)
		acl.Egress = entriesInStack(r, lines, true, maybe)
		a := r.Asset(NetworkACLType, "")
		a.Config = acl
		emit(a)
	}
	for _, r := range s.Resources(aclResource) {
		lines, maybe := entries.Of(r)
		for _, line := range lines {
			claimed[line] = true
		}
		emitACL(r, r.Ref("VpcId", vpcResource), lines, maybe)
	}
	for _, r := range s.Resources(entryResource) {
		if !claimed[r] {
			emitACL(r, asset.UnknownRef("the network ACL is not in this code", r.Source()), []*cloudformation.Resource{r}, "")
		}
	}
}

// entriesInStack are the entries of one direction.
func entriesInStack(acl *cloudformation.Resource, lines []*cloudformation.Resource, egress bool, maybe string) asset.List[Entry] {
	var all []Entry
	for _, line := range lines {
		switch is := line.Bool("Egress"); {
		case !is.IsKnown():
			maybe = is.Reason()
		case is.Or(false) == egress:
			all = append(all, entryInStack(line))
		}
	}
	return linesOf(acl, all, maybe)
}

func entryInStack(r *cloudformation.Resource) Entry {
	cidr := r.String("CidrBlock")
	if v6 := r.String("Ipv6CidrBlock"); isStated(v6) && v6.Or("?") != "" {
		cidr = v6
	}
	return Entry{
		Number:   r.Int("RuleNumber"),
		Allow:    asset.Convert(r.String("RuleAction"), func(s string) bool { return strings.EqualFold(s, "allow") }),
		Protocol: asset.Convert(r.String("Protocol"), func(s string) string { return ProtocolOf(strings.ToLower(s)) }),
		FromPort: r.Int("PortRange.From"),
		ToPort:   r.Int("PortRange.To", lastPort),
		CIDR:     cidr,
	}.Normalize()
}

// linesOf is the lines of a filter or table: open where maybe says that a further
// one may belong to it.
func linesOf[T any](r *cloudformation.Resource, all []T, maybe string) asset.List[T] {
	switch {
	case maybe != "":
		return asset.OpenList(all, maybe, r.Source())
	case len(all) == 0:
		return asset.DefaultList[T](nil, r.Source())
	}
	return asset.ListOf(all, r.Source())
}

// tablesInStack reads route tables, whose routes are resources of their own. A
// route of a table from elsewhere stands for that table.
func tablesInStack(s *cloudformation.Stack, emit func(*asset.Asset)) {
	claimed := map[*cloudformation.Resource]bool{}
	routes := s.Join(routeResource, "RouteTableId", tableResource)
	for _, r := range s.Resources(tableResource) {
		var all []Route
		found, maybe := routes.Of(r)
		for _, line := range found {
			claimed[line] = true
			all = append(all, routeInStack(line))
		}
		a := r.Asset(RouteTableType, "")
		a.Config = &RouteTable{VPC: r.Ref("VpcId", vpcResource), Routes: linesOf(r, all, maybe)}
		emit(a)
	}
	for _, r := range s.Resources(routeResource) {
		if claimed[r] {
			continue
		}
		a := r.Asset(RouteTableType, "")
		a.Config = &RouteTable{
			VPC:    asset.UnknownRef("the route table is not in this code", r.Source()),
			Routes: asset.ListOf([]Route{routeInStack(r)}, r.Source()),
		}
		emit(a)
	}
}

func routeInStack(r *cloudformation.Resource) Route {
	route := Route{Destination: asset.Default("", r.Source()), Target: asset.Default(OtherTarget, r.Source())}
	for _, property := range []string{"DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId"} {
		if destination := r.String(property); isStated(destination) && destination.Or("?") != "" {
			route.Destination = destination
		}
	}
	for _, t := range []struct{ property, kind string }{
		{"GatewayId", InternetGateway}, {"NatGatewayId", NATGateway},
		{"TransitGatewayId", ToTransit}, {"VpcPeeringConnectionId", VPCPeering},
	} {
		if id := r.String(t.property); isStated(id) && id.Or("?") != "" {
			route.Target = asset.Default(t.kind, id.Source())
		}
	}
	return route
}
