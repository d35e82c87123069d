// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"slices"
	"strconv"
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/netrange"
)

// Public answers whether one of the statements is public, which is how AWS
// judges a whole policy. Statements that deny take nothing back.
func (d Document) Public() asset.Value[bool] {
	return anyOf(d.Statements, Statement.public).value(d.source())
}

// Public answers whether the statement grants access to the public by the
// definition of Amazon S3: it allows, not only a fixed principal, and no
// condition limits it to fixed values (without wildcard or policy variable) of
// who asks or from where. Users, roles, accounts and services are fixed
// principals; "*", all but some (NotPrincipal), and web identity providers such
// as graph.facebook.com are not. A condition that holds when the request lacks
// the key (ForAllValues, IfExists, negated operators) limits nothing.
//
// See "The meaning of public" in
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html.
func (s Statement) Public() asset.Value[bool] { return s.public().value(s.source()) }

func (s Statement) public() tri {
	if s.allows().isNo() {
		return no
	}
	anybody := s.names(func(p Principal) tri { return or(p.isEveryone(), p.isWebIdentity()) })
	return all(s.allows(), or(anybody, hasNotPrincipals(s)), not(s.narrowed()))
}

// narrowed answers whether a condition limits the statement to fixed values.
func (s Statement) narrowed() tri {
	return anyOf(s.Conditions, func(c Condition) tri { return c.meets(narrowing) })
}

// narrowing are the keys that S3 names, those by which AWS writes a principal
// (aws:PrincipalOrgID and its like), and those of other services that say the
// same: who asks, or from where.
var narrowing = slices.Concat(
	fixed("aws:SourceArn", "aws:SourceVpc", "aws:SourceVpce", "aws:SourceOwner", "aws:SourceAccount", "aws:SourceOrgID",
		"aws:VpceAccount", "aws:VpceOrgID", "aws:userid",
		"aws:PrincipalArn", "aws:PrincipalAccount", "aws:PrincipalOrgID", "aws:PrincipalServiceName",
		"s3:x-amz-server-side-encryption-aws-kms-key-id", "s3:DataAccessPointAccount", "kms:CallerAccount"),
	[]requirement{
		{"aws:SourceIp", ipOperators, isNarrowRange},
		{"aws:PrincipalOrgPaths", textOperators, isInOneOrganization},
		{"aws:SourceOrgPaths", textOperators, isInOneOrganization},
		{"aws:VpceOrgPaths", textOperators, isInOneOrganization},
		{"s3:DataAccessPointArn", textOperators, isInOneAccount},
		{"aws:PrincipalIsAWSService", boolOperators, isTrue},
		{"elasticfilesystem:AccessedViaMountTarget", boolOperators, isTrue},
	},
)

func fixed(keys ...string) []requirement {
	rs := make([]requirement, len(keys))
	for i, key := range keys {
		rs[i] = requirement{key, textOperators, isFixed}
	}
	return rs
}

func isFixed(t asset.Text) tri { return not(hasWildcard(t)) }

func isTrue(t asset.Text) tri  { return equalsFold(t, "true") }
func isFalse(t asset.Text) tri { return equalsFold(t, "false") }

// isNarrowRange answers whether an IP range is not the internet at large. Any
// range of a /32 or less is narrow, whatever its address.
func isNarrowRange(t asset.Text) tri {
	if !t.IsKnown() {
		parts := t.Parts()
		_, length, found := strings.Cut(parts[len(parts)-1].Literal, "/")
		if bits, err := strconv.Atoi(length); found && err == nil && bits >= 32 {
			return yes
		}
		return unknown(t.Reason())
	}
	if hasWildcard(t).isYes() {
		return no
	}
	wide, err := netrange.IsInternet(t.Marked())
	if err != nil {
		return unknown(err.Error())
	}
	return known(!wide)
}

// isInOneOrganization answers whether a path such as "o-a1b2/r-x/*" begins with
// one organization.
func isInOneOrganization(t asset.Text) tri {
	prefix, open := prefixOf(t)
	switch {
	case strings.Contains(prefix, "/"):
		return yes
	case strings.Contains(prefix, computedMark):
		open = unknown(t.Reason())
	}
	return or(isFixed(t), open)
}

// isInOneAccount answers whether a text is one fixed value or an ARN pattern of
// which the account is fixed.
func isInOneAccount(t asset.Text) tri { return or(isFixed(t), hasFixedAccount(t)) }

// hasFixedAccount answers whether the text is an ARN that names an account. One
// that begins with the whole ARN of another resource is about that resource.
func hasFixedAccount(t asset.Text) tri {
	if parts := t.Parts(); len(parts) > 0 && parts[0].Hole != nil && strings.HasSuffix(strings.ToLower(parts[0].Hole.Computed), "arn") {
		return yes
	}
	sections := strings.SplitN(t.Marked(), ":", 6)
	if len(sections) < 6 {
		return no.unless(t)
	}
	// An unknown part may hold a colon and shift what follows it.
	head := t.Cut(strings.Join(sections[:4], ":"))
	for _, part := range head.Parts() {
		if part.Hole != nil && part.Hole.Computed == "" {
			return unknown(part.Hole.Reason)
		}
	}
	account := t.Cut(sections[4])
	if account.Marked() == "" {
		return no
	}
	return isFixed(account)
}

// unless is the answer where the text is known, and unknown where it is not.
func (t tri) unless(text asset.Text) tri {
	if text.IsKnown() {
		return t
	}
	return unknown(text.Reason())
}

// LimitsSource answers whether a condition limits on whose behalf a service may
// use the grant, against confused deputies: aws:SourceAccount, aws:SourceArn of
// one account or of one resource, aws:SourceOrgID or aws:SourceOrgPaths.
func (s Statement) LimitsSource() asset.Value[bool] {
	return anyOf(s.Conditions, func(c Condition) tri { return c.meets(limitingSource) }).value(s.source())
}

var limitingSource = []requirement{
	{"aws:SourceAccount", textOperators, isOwnOrFixed},
	{"aws:SourceOwner", textOperators, isOwnOrFixed},
	{"aws:SourceOrgID", textOperators, isOwnOrFixed},
	{"aws:SourceOrgPaths", textOperators, isInOneOrganization},
	{"aws:SourceArn", textOperators, isInOneAccount},
}

// isOwnOrFixed answers whether a text is one fixed value or a policy variable
// for the account or organization of the resource itself.
func isOwnOrFixed(t asset.Text) tri {
	return or(isFixed(t), or(equalsFold(t, "${aws:ResourceAccount}"), equalsFold(t, "${aws:ResourceOrgID}")))
}
