// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package ec2

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/cloudformation"
)

const (
	groupResource   = "AWS::EC2::SecurityGroup"
	ingressResource = "AWS::EC2::SecurityGroupIngress"
	egressResource  = "AWS::EC2::SecurityGroupEgress"
	vpcResource     = "AWS::EC2::VPC"
)

func groupsInStack(s *cloudformation.Stack, emit func(*asset.Asset)) {
	claimed := map[*cloudformation.Resource]bool{}
	own := inStack{
		ingress: []*cloudformation.Join{
			s.Join(ingressResource, "GroupId", groupResource), s.Join(ingressResource, "GroupName", groupResource, "GroupName"),
		},
		egress:  []*cloudformation.Join{s.Join(egressResource, "GroupId", groupResource)},
		claimed: claimed,
	}
	for _, r := range s.Resources(groupResource) {
		a := r.Asset(SecurityGroupType, r.String("GroupName").Or(""))
		a.Config = &SecurityGroup{
			Ingress: concat(rulesInStack(r, "SecurityGroupIngress"), own.of(own.ingress, r)),
			Egress:  egressInStack(r, own.of(own.egress, r)),
			Default: asset.Default(false, r.Source()),
			VPC:     vpcInStack(r),
		}
		emit(a)
	}
	const group = "DefaultSecurityGroup"
	byVPC := inStack{
		ingress: []*cloudformation.Join{s.JoinBy(group, ingressResource, "GroupId", vpcResource)},
		egress:  []*cloudformation.Join{s.JoinBy(group, egressResource, "GroupId", vpcResource)},
		claimed: claimed,
	}
	for _, vpc := range s.Resources(vpcResource) {
		emit(defaultInStack(vpc, byVPC))
	}
	for _, r := range s.Resources(ingressResource, egressResource) {
		if !claimed[r] {
			emit(ruleAloneInStack(r))
		}
	}
}

// vpcInStack is the VPC that a group names; without a name AWS takes the
// account's default one.
func vpcInStack(r *cloudformation.Resource) asset.Ref {
	if !r.Declared("VpcId") && r.String("VpcId").IsKnown() {
		return asset.UnknownRef("the account's default VPC is not in this code", r.Source())
	}
	return r.Ref("VpcId")
}

// egressInStack are the rules for outgoing traffic. Unless a group has some, EC2
// leaves it the rule for all outgoing traffic that a new group has.
func egressInStack(r *cloudformation.Resource, separate asset.List[Rule]) asset.List[Rule] {
	rules := rulesInStack(r, "SecurityGroupEgress")
	_, open := rules.More()
	if len(rules.Elems()) > 0 || open || len(separate.Elems()) > 0 {
		return concat(rules, separate)
	}
	out := everything(r.Source())
	out.CIDRs = asset.DefaultList([]asset.Value[string]{asset.Default("0.0.0.0/0", r.Source())}, r.Source())
	return concat(asset.DefaultList([]Rule{out}, r.Source()), separate)
}

func rulesInStack(r *cloudformation.Resource, direction string) asset.List[Rule] {
	blocks := r.Blocks(direction)
	rules := make([]Rule, 0, len(blocks.Elems()))
	for _, b := range blocks.Elems() {
		rules = append(rules, ruleInStack(b))
	}
	if reason, open := blocks.More(); open {
		return asset.OpenList(rules, reason, blocks.Source())
	}
	return asset.ListAt(blocks.Source(), func() []Rule { return rules })
}

// ruleInStack reads a rule, whose other end goes by different names for incoming
// and outgoing traffic. Ports that it does not name are all ports.
func ruleInStack(b *cloudformation.Block) Rule {
	return Rule{
		Protocol:    asset.Convert(b.String("IpProtocol"), ProtocolOf),
		FromPort:    b.Int("FromPort", -1),
		ToPort:      b.Int("ToPort", -1),
		CIDRs:       concat(ifGiven(b, "CidrIp"), ifGiven(b, "CidrIpv6")),
		PrefixLists: concat(ifGiven(b, "SourcePrefixListId"), ifGiven(b, "DestinationPrefixListId")),
		Groups: concat(ifGiven(b, "SourceSecurityGroupId"),
			concat(ifGiven(b, "SourceSecurityGroupName"), ifGiven(b, "DestinationSecurityGroupId"))),
	}.Normalize()
}

// ifGiven is a list of the property if it is there.
func ifGiven(b *cloudformation.Block, name string) asset.List[asset.Value[string]] {
	value := b.String(name)
	if value.IsKnown() && value.Or("") == "" {
		return asset.DefaultList[asset.Value[string]](nil, b.Source())
	}
	return asset.ListOf([]asset.Value[string]{value}, b.Source())
}

// defaultInStack is the default group of a VPC. No resource takes away what AWS
// puts into it: its members reach each other, and everything outside.
func defaultInStack(vpc *cloudformation.Resource, rules inStack) *asset.Asset {
	at := vpc.Source()
	a := vpc.Asset(SecurityGroupType, defaultName)
	among, out := everything(at), everything(at)
	among.Groups = asset.DefaultList([]asset.Value[string]{asset.Default(itself, at)}, at)
	out.CIDRs = asset.DefaultList([]asset.Value[string]{asset.Default("0.0.0.0/0", at)}, at)
	a.Config = &SecurityGroup{
		Ingress: concat(asset.DefaultList([]Rule{among}, at), rules.of(rules.ingress, vpc)),
		Egress:  concat(asset.DefaultList([]Rule{out}, at), rules.of(rules.egress, vpc)),
		Default: asset.Default(true, at), VPC: vpc.Self(),
	}
	a.Keys = []string{a.ID}
	a.ID += ".DefaultSecurityGroup"
	a.Address += ".DefaultSecurityGroup"
	return a
}

// inStack are the rules that are resources of their own.
type inStack struct {
	ingress, egress []*cloudformation.Join
	claimed         map[*cloudformation.Resource]bool
}

func (rs inStack) of(joins []*cloudformation.Join, target *cloudformation.Resource) asset.List[Rule] {
	var rules []Rule
	why := ""
	for _, j := range joins {
		found, maybe := j.Of(target)
		for _, r := range found {
			rs.claimed[r] = true
			rules = append(rules, ruleInStack(r.Properties()))
		}
		if why == "" {
			why = maybe
		}
	}
	switch {
	case why != "":
		return asset.OpenList(rules, why, target.Source())
	case len(rules) == 0:
		return asset.DefaultList[Rule](nil, target.Source())
	}
	return asset.ListOf(rules, target.Source())
}

// ruleAloneInStack stands for a group that other code declares, as far as a rule
// here says what it lets through.
func ruleAloneInStack(r *cloudformation.Resource) *asset.Asset {
	group := &SecurityGroup{
		Ingress: asset.DefaultList[Rule](nil, r.Source()), Egress: asset.DefaultList[Rule](nil, r.Source()),
		Default: asset.Default(false, r.Source()), VPC: asset.UnknownRef("the group is not in this code", r.Source()),
	}
	rules := asset.ListOf([]Rule{ruleInStack(r.Properties())}, r.Source())
	if r.Type == ingressResource {
		group.Ingress = rules
	} else {
		group.Egress = rules
	}
	a := r.Asset(SecurityGroupType, r.String("GroupId").Or(""))
	a.Config = group
	return a
}
