// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package ec2

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/terraform"
)

var securityGroupBlocks = []string{
	"aws_security_group", "aws_default_security_group",
	"aws_security_group_rule", "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule",
}

// decodeSecurityGroups reads groups with the rules in their own blocks and the
// rules that are resources of their own, in both generations.
func decodeSecurityGroups(r *terraform.Root, emit func(*asset.Asset)) {
	for _, typ := range []string{"aws_security_group", "aws_default_security_group"} {
		var (
			rules   = r.Join("aws_security_group_rule", "security_group_id", typ, "id")
			ingress = r.Join("aws_vpc_security_group_ingress_rule", "security_group_id", typ, "id")
			egress  = r.Join("aws_vpc_security_group_egress_rule", "security_group_id", typ, "id")
		)
		for _, b := range r.Resources(typ) {
			name := b.String("name").Or("")
			isDefault := typ == "aws_default_security_group"
			if isDefault {
				name = "default"
			}
			group := &SecurityGroup{
				Ingress: rulesOf(b, "ingress", rules, ingress),
				Egress:  rulesOf(b, "egress", rules, egress),
				Default: asset.Default(isDefault || name == "default", b.Source()),
			}
			a := b.Asset(SecurityGroupType, name)
			a.Config = group
			emit(a)
		}
	}
}

// rulesOf gathers the rules of one direction: those in the group's own block,
// and the separate ones that name the group.
func rulesOf(b *terraform.Block, direction string, old, current *terraform.Join) asset.List[Rule] {
	own := b.Blocks(direction)
	var rules []Rule
	var open string
	if reason, more := own.More(); more {
		open = reason
	}
	for _, r := range own.Elems() {
		rules = append(rules, inlineRule(r))
	}
	separate, maybe := old.Of(b)
	for _, r := range separate {
		switch kind, known := r.String("type").Get(); {
		case !known:
			maybe = r.String("type").Reason()
		case kind == direction:
			rules = append(rules, inlineRule(r))
		}
	}
	single, maybeSingle := current.Of(b)
	for _, r := range single {
		rules = append(rules, singleRule(r))
	}
	for _, reason := range []string{maybe, maybeSingle} {
		if open == "" {
			open = reason
		}
	}
	if open != "" {
		return asset.OpenList(rules, open, b.Source())
	}
	return asset.ListOf(rules, b.Source())
}

// inlineRule reads a rule in a group's block, or an aws_security_group_rule,
// which names its sources the same way.
func inlineRule(b *terraform.Block) Rule {
	groups := b.Strings("security_groups")
	for _, one := range []string{"source_security_group_id"} {
		if b.Declared(one) {
			groups = groups.Append(b.String(one))
		}
	}
	if self, known := b.Bool("self").Get(); known && self {
		groups = groups.Append(asset.Known("self", b.Source()))
	}
	return Rule{
		Protocol:    asset.Convert(b.String("protocol"), ProtocolOf),
		FromPort:    b.Int("from_port"),
		ToPort:      b.Int("to_port"),
		CIDRs:       both(b.Strings("cidr_blocks"), b.Strings("ipv6_cidr_blocks")),
		PrefixLists: b.Strings("prefix_list_ids"),
		Groups:      groups,
	}.Normalize()
}

// singleRule reads a rule of the current generation: one source each.
func singleRule(b *terraform.Block) Rule {
	return Rule{
		Protocol:    asset.Convert(b.String("ip_protocol"), ProtocolOf),
		FromPort:    b.Int("from_port"),
		ToPort:      b.Int("to_port"),
		CIDRs:       both(optional(b, "cidr_ipv4"), optional(b, "cidr_ipv6")),
		PrefixLists: optional(b, "prefix_list_id"),
		Groups:      optional(b, "referenced_security_group_id"),
	}.Normalize()
}

// optional is a list of the attribute if it is there.
func optional(b *terraform.Block, attr string) asset.List[asset.Value[string]] {
	if !b.Declared(attr) {
		return asset.DefaultList[asset.Value[string]](nil, b.Source())
	}
	return asset.ListOf([]asset.Value[string]{b.String(attr)}, b.Source())
}

// both is one list after another; open where one of them is.
func both[T any](a, b asset.List[T]) asset.List[T] {
	elems := append(a.Elems()[:len(a.Elems()):len(a.Elems())], b.Elems()...)
	for _, l := range []asset.List[T]{a, b} {
		if reason, open := l.More(); open {
			return asset.OpenList(elems, reason, l.Source())
		}
	}
	from := a
	if len(a.Elems()) == 0 {
		from = b
	}
	return asset.ListAt(from.Source(), func() []T { return elems })
}
