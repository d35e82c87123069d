// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package vpc

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/terraform"
)

func decodeVPCs(r *terraform.Root, emit func(*asset.Asset)) {
	for _, b := range r.Resources("aws_vpc", "aws_default_vpc") {
		cidr := b.String("cidr_block")
		isDefault := b.Type == "aws_default_vpc"
		switch {
		case isDefault:
			cidr = asset.Default("172.31.0.0/16", b.Source())
		case !b.Declared("cidr_block"):
			cidr = asset.Unknown[string]("the address manager (IPAM) chooses the range", b.Source())
		}
		a := b.Asset(VPCType, "")
		a.Config = &VPC{CIDR: cidr, Default: asset.Default(isDefault, b.Source())}
		emit(a)
	}
}

func decodeSubnets(r *terraform.Root, emit func(*asset.Asset)) {
	for _, b := range r.Resources("aws_subnet", "aws_default_subnet") {
		subnet := &Subnet{
			VPC: b.Ref("vpc_id"), CIDR: b.String("cidr_block"),
			AssignsPublicIPs: b.Bool("map_public_ip_on_launch"),
		}
		if b.Type == "aws_default_subnet" {
			// AWS made it, in the default VPC and with public addresses.
			subnet.VPC = asset.UnknownRef("the account's default VPC is not in this code", b.Source())
			subnet.CIDR = asset.Unknown[string]("AWS chose the range", b.Source())
			subnet.AssignsPublicIPs = b.Bool("map_public_ip_on_launch", true)
		}
		a := b.Asset(SubnetType, "")
		a.Config = subnet
		emit(a)
	}
}

func decodeFlowLogs(r *terraform.Root, emit func(*asset.Asset)) {
	for _, b := range r.Resources("aws_flow_log") {
		a := b.Asset(FlowLogType, "")
		a.Config = &FlowLog{VPC: b.Ref("vpc_id"), TrafficType: b.String("traffic_type", "ALL")}
		emit(a)
	}
}

func decodeTransitGateways(r *terraform.Root, emit func(*asset.Asset)) {
	for _, b := range r.Resources("aws_ec2_transit_gateway") {
		a := b.Asset(TransitGatewayType, "")
		a.Config = &TransitGateway{
			AutoAccepts: asset.Convert(b.String("auto_accept_shared_attachments", "disable"), func(s string) bool { return s == "enable" }),
		}
		emit(a)
	}
}

var routeBlocks = []string{"aws_route_table", "aws_default_route_table", "aws_route"}

// decodeRouteTables reads tables with the routes in their own blocks and those
// that are resources of their own. A route of a table from elsewhere stands for
// that table.
func decodeRouteTables(r *terraform.Root, emit func(*asset.Asset)) {
	claimed := map[*terraform.Block]bool{}
	for _, typ := range routeBlocks[:2] {
		separate := r.Join("aws_route", "route_table_id", typ, "id")
		for _, b := range r.Resources(typ) {
			own := b.Blocks("route")
			routes := make([]Route, 0, len(own.Elems()))
			for _, line := range own.Elems() {
				routes = append(routes, routeOf(line, "cidr_block", "ipv6_cidr_block", "destination_prefix_list_id"))
			}
			further, maybe := separate.Of(b)
			for _, line := range further {
				claimed[line] = true
				routes = append(routes, separateRoute(line))
			}
			table := &RouteTable{VPC: b.Ref("vpc_id"), Routes: listOf(b, routes, own, maybe)}
			if typ == "aws_default_route_table" {
				table.VPC = asset.UnknownRef("a default route table is named by its own id", b.Source())
			}
			a := b.Asset(RouteTableType, "")
			a.Config = table
			emit(a)
		}
	}
	for _, b := range r.Resources("aws_route") {
		if claimed[b] {
			continue
		}
		a := b.Asset(RouteTableType, b.String("route_table_id").Or(""))
		a.Config = &RouteTable{
			VPC:    asset.UnknownRef("the route table is not in this code", b.Source()),
			Routes: asset.ListOf([]Route{separateRoute(b)}, b.Source()),
		}
		emit(a)
	}
}

func separateRoute(b *terraform.Block) Route {
	return routeOf(b, "destination_cidr_block", "destination_ipv6_cidr_block", "destination_prefix_list_id")
}

// routeOf reads a route whose destination is under one of the names.
func routeOf(b *terraform.Block, destinations ...string) Route {
	route := Route{Destination: asset.Default("", b.Source()), Target: asset.Default(OtherTarget, b.Source())}
	for _, attr := range destinations {
		if destination := b.String(attr); isStated(destination) && destination.Or("?") != "" {
			route.Destination = destination
		}
	}
	for _, t := range []struct{ attr, kind string }{
		{"gateway_id", InternetGateway}, {"nat_gateway_id", NATGateway},
		{"transit_gateway_id", ToTransit}, {"vpc_peering_connection_id", VPCPeering},
	} {
		if id := b.String(t.attr); isStated(id) && id.Or("?") != "" {
			route.Target = asset.Default(t.kind, id.Source())
		}
	}
	return route
}

// isStated reports whether code says something about a value, also where that
// is not known.
func isStated[T any](v asset.Value[T]) bool { return v.Source().State() != asset.Defaulted }

// listOf is the lines of a block: open where its own lines are, or where maybe
// says that a separate line may belong to it.
func listOf[T any](b *terraform.Block, all []T, own asset.List[*terraform.Block], maybe string) asset.List[T] {
	if reason, open := own.More(); open {
		maybe = reason
	}
	switch {
	case maybe != "":
		return asset.OpenList(all, maybe, b.Source())
	case len(all) == 0:
		return asset.DefaultList[T](nil, b.Source())
	}
	return asset.ListOf(all, b.Source())
}
