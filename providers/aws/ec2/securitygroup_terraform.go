// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package ec2

import (
	"slices"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/terraform"
)

const (
	eitherRule  = "aws_security_group_rule"
	ingressRule = "aws_vpc_security_group_ingress_rule"
	egressRule  = "aws_vpc_security_group_egress_rule"
)

var (
	ruleBlocks          = []string{eitherRule, ingressRule, egressRule}
	securityGroupBlocks = append([]string{"aws_security_group", "aws_default_security_group", "aws_vpc"}, ruleBlocks...)
)

func decodeSecurityGroups(r *terraform.Root, emit func(*asset.Asset)) {
	claimed := map[*terraform.Block]bool{}
	own := separateRules(r, "aws_security_group", claimed)
	for _, b := range r.Resources("aws_security_group") {
		name := b.String("name")
		a := b.Asset(SecurityGroupType, name.Or(""))
		a.Config = &SecurityGroup{
			Ingress: concat(inlineRules(b, "ingress"), own.of(b, "ingress")),
			Egress:  concat(inlineRules(b, "egress"), own.of(b, "egress")),
			Default: asset.Default(false, b.Source()),
			VPC:     vpcOf(b),
		}
		emit(a)
	}
	decodeDefaultGroups(r, claimed, emit)
	for _, b := range r.Resources(ruleBlocks...) {
		if !claimed[b] {
			emit(ruleAlone(b))
		}
	}
}

// ruleAlone stands for a group that other code declares, as far as a rule here
// says what it lets through.
func ruleAlone(b *terraform.Block) *asset.Asset {
	group := &SecurityGroup{
		Ingress: asset.DefaultList[Rule](nil, b.Source()), Egress: asset.DefaultList[Rule](nil, b.Source()),
		Default: asset.Default(false, b.Source()), VPC: asset.UnknownRef("the group is not in this code", b.Source()),
	}
	var rules asset.List[Rule]
	direction := asset.Known("egress", b.Source())
	switch b.Type {
	case eitherRule:
		rules, direction = asset.ListOf([]Rule{inlineRule(b)}, b.Source()), b.String("type")
	case ingressRule:
		direction = asset.Known("ingress", b.Source())
		fallthrough
	default:
		rules = asset.ListOf([]Rule{singleRule(b)}, b.Source())
	}
	switch {
	case !direction.IsKnown():
		unknown := asset.UnknownList[Rule](direction.Reason(), direction.Source())
		group.Ingress, group.Egress = unknown, unknown
	case direction.Or("") == "ingress":
		group.Ingress = rules
	default:
		group.Egress = rules
	}
	a := b.Asset(SecurityGroupType, b.String("security_group_id").Or(""))
	a.Config = group
	return a
}

// decodeDefaultGroups reads the groups that VPCs come with. A block that adopts
// one takes all its rules away and adds those that it names; without such a
// block the group keeps what AWS put into it.
func decodeDefaultGroups(r *terraform.Root, claimed map[*terraform.Block]bool, emit func(*asset.Asset)) {
	adoptions := r.Join("aws_default_security_group", "vpc_id", "aws_vpc", "id")
	byVPC := separateRules(r, "aws_vpc", claimed)
	adopts := map[*terraform.Block]*terraform.Block{}
	for _, vpc := range r.Resources("aws_vpc") {
		adopted, maybe := adoptions.Of(vpc)
		for _, b := range adopted {
			adopts[b] = vpc
		}
		if len(adopted) == 0 {
			emit(untouchedDefault(vpc, byVPC, maybe))
		}
	}
	own := separateRules(r, "aws_default_security_group", claimed)
	for _, b := range r.Resources("aws_default_security_group") {
		group := &SecurityGroup{
			Ingress: concat(inlineRules(b, "ingress"), own.of(b, "ingress")),
			Egress:  concat(inlineRules(b, "egress"), own.of(b, "egress")),
			Default: asset.Default(true, b.Source()),
			VPC:     vpcOf(b),
		}
		if vpc := adopts[b]; vpc != nil {
			group.Ingress = concat(group.Ingress, byVPC.of(vpc, "ingress"))
			group.Egress = concat(group.Egress, byVPC.of(vpc, "egress"))
		}
		a := b.Asset(SecurityGroupType, defaultName)
		a.Config = group
		emit(a)
	}
}

// vpcOf is the VPC that a group names; without a name AWS takes the account's
// default one.
func vpcOf(b *terraform.Block) asset.Ref {
	if !b.Declared("vpc_id") && b.String("vpc_id").IsKnown() {
		return asset.UnknownRef("the account's default VPC is not in this code", b.Source())
	}
	return b.Ref("vpc_id")
}

// untouchedDefault is the default group of a VPC that no block adopts: its
// members reach each other, and everything outside. maybe is the reason why a
// block may adopt it after all.
func untouchedDefault(vpc *terraform.Block, rules separate, maybe string) *asset.Asset {
	at := vpc.Source()
	self := vpc.Asset(SecurityGroupType, defaultName)
	group := &SecurityGroup{Default: asset.Default(true, at), VPC: asset.RefTo(self.ID, at)}
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
	self.Keys = []string{self.ID} // what a reference to an attribute of the VPC leads to
	self.ID += ".default_security_group_id"
	self.Address += ".default_security_group_id"
	self.Config = group
	return self
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
	// claimed are the rules of which it is known which group they belong to.
	claimed map[*terraform.Block]bool
}

// separateRules joins rules with what their security_group_id names: a group,
// or a VPC, whose default group is meant.
func separateRules(r *terraform.Root, typ string, claimed map[*terraform.Block]bool) separate {
	named := func(rules string) *terraform.Join { return r.Join(rules, "security_group_id", typ, "id") }
	return separate{named(eitherRule), named(ingressRule), named(egressRule), claimed}
}

// of are the separate rules of a group in one direction.
func (s separate) of(b *terraform.Block, direction string) asset.List[Rule] {
	var rules []Rule
	blocks, maybe := s.either.Of(b)
	for _, r := range blocks {
		s.claimed[r] = true
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
		s.claimed[r] = true
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
		CIDRs:       concat(given(b, "cidr_ipv4"), given(b, "cidr_ipv6")),
		PrefixLists: given(b, "prefix_list_id"),
		Groups:      given(b, "referenced_security_group_id"),
	}.Normalize()
}

// given is a list of the attribute if it is there.
func given(b *terraform.Block, attr string) asset.List[asset.Value[string]] {
	value := b.String(attr)
	if value.IsKnown() && value.Or("") == "" {
		return asset.DefaultList[asset.Value[string]](nil, b.Source())
	}
	return asset.ListOf([]asset.Value[string]{value}, b.Source())
}

// concat is one list after another; open where one of them is.
func concat[T any](a, b asset.List[T]) asset.List[T] {
	elems := slices.Concat(a.Elems(), b.Elems())
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
