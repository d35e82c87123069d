// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package ec2

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/terraform"
)

var securityGroupBlocks = []string{
	"aws_security_group", "aws_default_security_group", "aws_vpc",
	"aws_security_group_rule", "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule",
}

func decodeSecurityGroups(r *terraform.Root, emit func(*asset.Asset)) {
	own := separateRules(r, "aws_security_group")
	for _, b := range r.Resources("aws_security_group") {
		name := b.String("name")
		a := b.Asset(SecurityGroupType, name.Or(""))
		a.Config = &SecurityGroup{
			Ingress: concat(inlineRules(b, "ingress"), own.of(b, "ingress")),
			Egress:  concat(inlineRules(b, "egress"), own.of(b, "egress")),
			Default: asset.Default(false, b.Source()),
		}
		emit(a)
	}
	decodeDefaultGroups(r, emit)
}

// decodeDefaultGroups reads the groups that VPCs come with. A block that adopts
// one takes all its rules away and adds those that it names; without such a
// block the group keeps what AWS put into it.
func decodeDefaultGroups(r *terraform.Root, emit func(*asset.Asset)) {
	adoptions := r.Join("aws_default_security_group", "vpc_id", "aws_vpc", "id")
	byVPC := separateRules(r, "aws_vpc")
	vpcOf := map[*terraform.Block]*terraform.Block{}
	for _, vpc := range r.Resources("aws_vpc") {
		adopted, maybe := adoptions.Of(vpc)
		for _, b := range adopted {
			vpcOf[b] = vpc
		}
		if len(adopted) == 0 {
			emit(untouchedDefault(vpc, byVPC, maybe))
		}
	}
	own := separateRules(r, "aws_default_security_group")
	for _, b := range r.Resources("aws_default_security_group") {
		group := &SecurityGroup{
			Ingress: concat(inlineRules(b, "ingress"), own.of(b, "ingress")),
			Egress:  concat(inlineRules(b, "egress"), own.of(b, "egress")),
			Default: asset.Default(true, b.Source()),
		}
		if vpc := vpcOf[b]; vpc != nil {
			group.Ingress = concat(group.Ingress, byVPC.of(vpc, "ingress"))
			group.Egress = concat(group.Egress, byVPC.of(vpc, "egress"))
		}
		a := b.Asset(SecurityGroupType, defaultName)
		a.Config = group
		emit(a)
	}
}

// untouchedDefault is the default group of a VPC that no block adopts: its
// members reach each other, and everything outside. maybe is the reason why a
// block may adopt it after all.
func untouchedDefault(vpc *terraform.Block, rules separate, maybe string) *asset.Asset {
	at := vpc.Source()
	group := &SecurityGroup{Default: asset.Default(true, at)}
	if maybe != "" {
		group.Ingress = asset.UnknownList[Rule](maybe, at)
		group.Egress = asset.UnknownList[Rule](maybe, at)
	} else {
		among := everything(at)
		among.Groups = asset.DefaultList([]asset.Value[string]{asset.Default(itself, at)}, at)
		out := everything(at)
		out.CIDRs = asset.DefaultList([]asset.Value[string]{asset.Default("0.0.0.0/0", at)}, at)
		group.Ingress = concat(asset.DefaultList([]Rule{among}, at), rules.of(vpc, "ingress"))
		group.Egress = concat(asset.DefaultList([]Rule{out}, at), rules.of(vpc, "egress"))
	}
	a := vpc.Asset(SecurityGroupType, defaultName)
	a.Keys = []string{a.ID} // what a reference to an attribute of the VPC leads to
	a.ID += ".default_security_group_id"
	a.Address += ".default_security_group_id"
	a.Config = group
	return a
}

// everything is a rule for all traffic that does not say from where.
func everything(at *asset.Source) Rule {
	none := asset.DefaultList[asset.Value[string]](nil, at)
	return Rule{
		Protocol: asset.Default(allProtocols, at), FromPort: asset.Default(int64(0), at), ToPort: asset.Default(int64(lastPort), at),
		CIDRs: none, PrefixLists: none, Groups: none,
	}
}

// separate are the rules that are resources of their own, in both generations.
type separate struct {
	either, ingress, egress *terraform.Join
}

// separateRules joins rules with what their security_group_id names: a group,
// or a VPC, whose default group is meant.
func separateRules(r *terraform.Root, typ string) separate {
	named := func(rules string) *terraform.Join { return r.Join(rules, "security_group_id", typ, "id") }
	return separate{
		either:  named("aws_security_group_rule"),
		ingress: named("aws_vpc_security_group_ingress_rule"),
		egress:  named("aws_vpc_security_group_egress_rule"),
	}
}

// of are the separate rules of a group in one direction.
func (s separate) of(b *terraform.Block, direction string) asset.List[Rule] {
	var rules []Rule
	blocks, maybe := s.either.Of(b)
	for _, r := range blocks {
		switch kind := r.String("type"); {
		case !kind.IsKnown():
			maybe = kind.Reason()
		case kind.Or("") == direction:
			rules = append(rules, inlineRule(r))
		}
	}
	current := s.ingress
	if direction == "egress" {
		current = s.egress
	}
	blocks, maybeSingle := current.Of(b)
	for _, r := range blocks {
		rules = append(rules, singleRule(r))
	}
	if maybe == "" {
		maybe = maybeSingle
	}
	switch {
	case maybe != "":
		return asset.OpenList(rules, maybe, b.Source())
	case len(rules) == 0:
		return asset.DefaultList[Rule](nil, b.Source())
	}
	return asset.ListOf(rules, b.Source())
}

// inlineRules are the rules in a group's own block. Terraform takes away the
// rule for all outgoing traffic that a new group has.
func inlineRules(b *terraform.Block, direction string) asset.List[Rule] {
	blocks := b.Blocks(direction)
	rules := make([]Rule, 0, len(blocks.Elems()))
	for _, r := range blocks.Elems() {
		rules = append(rules, inlineRule(r))
	}
	if reason, open := blocks.More(); open {
		return asset.OpenList(rules, reason, blocks.Source())
	}
	return asset.ListAt(blocks.Source(), func() []Rule { return rules })
}

// inlineRule reads a rule in a group's block, or an aws_security_group_rule,
// which names its sources the same way.
func inlineRule(b *terraform.Block) Rule {
	groups := b.Strings("security_groups")
	if b.Declared("source_security_group_id") {
		groups = groups.Append(b.String("source_security_group_id"))
	}
	switch self := b.Bool("self"); {
	case !self.IsKnown():
		groups = concat(groups, asset.OpenList[asset.Value[string]](nil, self.Reason(), self.Source()))
	case self.Or(false):
		groups = groups.Append(asset.Known(itself, self.Source()))
	}
	return Rule{
		Protocol:    asset.Convert(b.String("protocol"), ProtocolOf),
		FromPort:    b.Int("from_port"),
		ToPort:      b.Int("to_port"),
		CIDRs:       concat(b.Strings("cidr_blocks"), b.Strings("ipv6_cidr_blocks")),
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
		CIDRs:       concat(optional(b, "cidr_ipv4"), optional(b, "cidr_ipv6")),
		PrefixLists: optional(b, "prefix_list_id"),
		Groups:      optional(b, "referenced_security_group_id"),
	}.Normalize()
}

// optional is a list of the attribute if it is there.
func optional(b *terraform.Block, attr string) asset.List[asset.Value[string]] {
	value := b.String(attr)
	if value.IsKnown() && value.Or("") == "" {
		return asset.DefaultList[asset.Value[string]](nil, b.Source())
	}
	return asset.ListOf([]asset.Value[string]{value}, b.Source())
}

// concat is one list after another; open where one of them is.
func concat[T any](a, b asset.List[T]) asset.List[T] {
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
