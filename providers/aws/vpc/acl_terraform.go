// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package vpc

import (
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/terraform"
)

var aclBlocks = []string{"aws_network_acl", "aws_default_network_acl", "aws_network_acl_rule"}

// decodeACLs reads filters with the entries in their own blocks and those that
// are resources of their own. An entry of a filter from elsewhere stands for
// that filter.
func decodeACLs(r *terraform.Root, emit func(*asset.Asset)) {
	claimed := map[*terraform.Block]bool{}
	for _, typ := range aclBlocks[:2] {
		separate := r.Join("aws_network_acl_rule", "network_acl_id", typ, "id")
		for _, b := range r.Resources(typ) {
			rules, maybe := separate.Of(b)
			acl := &NetworkACL{VPC: b.Ref("vpc_id"), Default: asset.Default(typ == "aws_default_network_acl", b.Source())}
			if typ == "aws_default_network_acl" {
				acl.VPC = asset.UnknownRef("a default network ACL is named by its own id", b.Source())
			}
			acl.Ingress = entriesOf(b, "ingress", rules, maybe)
			acl.Egress = entriesOf(b, "egress", rules, maybe)
			for _, rule := range rules {
				claimed[rule] = true
			}
			a := b.Asset(NetworkACLType, "")
			a.Config = acl
			emit(a)
		}
	}
	for _, b := range r.Resources("aws_network_acl_rule") {
		if claimed[b] {
			continue
		}
		rule := []*terraform.Block{b}
		a := b.Asset(NetworkACLType, b.String("network_acl_id").Or(""))
		a.Config = &NetworkACL{
			VPC:     asset.UnknownRef("the network ACL is not in this code", b.Source()),
			Default: asset.Default(false, b.Source()),
			Ingress: entriesOf(b, "ingress", rule, ""), Egress: entriesOf(b, "egress", rule, ""),
		}
		emit(a)
	}
}

// entriesOf are the entries of one direction: those in the filter's own block,
// and the separate ones.
func entriesOf(b *terraform.Block, direction string, separate []*terraform.Block, maybe string) asset.List[Entry] {
	own := b.Blocks(direction)
	if b.Type == "aws_network_acl_rule" { // has an attribute called egress
		own = asset.DefaultList[*terraform.Block](nil, b.Source())
	}
	var all []Entry
	for _, e := range own.Elems() {
		all = append(all, entry(e, "rule_no", "action"))
	}
	for _, rule := range separate {
		switch egress := rule.Bool("egress"); {
		case !egress.IsKnown():
			maybe = egress.Reason()
		case egress.Or(false) == (direction == "egress"):
			all = append(all, entry(rule, "rule_number", "rule_action"))
		}
	}
	return listOf(b, all, own, maybe)
}

func entry(b *terraform.Block, number, action string) Entry {
	cidr := b.String("cidr_block")
	if v6 := b.String("ipv6_cidr_block"); isStated(v6) && v6.Or("?") != "" {
		cidr = v6
	}
	return Entry{
		Number:   b.Int(number),
		Allow:    asset.Convert(b.String(action), func(s string) bool { return strings.EqualFold(s, "allow") }),
		Protocol: asset.Convert(b.String("protocol"), func(s string) string { return ProtocolOf(strings.ToLower(s)) }),
		FromPort: b.Int("from_port"),
		ToPort:   b.Int("to_port"),
		CIDR:     cidr,
	}.Normalize()
}
