// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package iam

import (
	"slices"
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/aws/policy"
	"github.com/plumb-cspm/plumb/internal/source/code/terraform"
)

var principalBlocks = []string{
	"aws_iam_user", "aws_iam_group", "aws_iam_role",
	"aws_iam_user_policy", "aws_iam_group_policy", "aws_iam_role_policy",
	"aws_iam_user_policy_attachment", "aws_iam_group_policy_attachment", "aws_iam_role_policy_attachment", "aws_iam_policy_attachment",
	"aws_iam_user_login_profile", "aws_iam_access_key", "aws_iam_user_group_membership", "aws_iam_group_membership",
}

var policyBlocks = []string{"aws_iam_policy", "aws_iam_user_policy", "aws_iam_group_policy", "aws_iam_role_policy", "aws_ssoadmin_permission_set_inline_policy"}

func decodePrincipals(r *terraform.Root, emit func(*asset.Asset)) {
	decodeUsers(r, emit)
	decodeGroups(r, emit)
	decodeRoles(r, emit)
}

func decodeUsers(r *terraform.Root, emit func(*asset.Asset)) {
	const typ = "aws_iam_user"
	grants := grantsOf(r, typ, "user", "users")
	logins := r.Join("aws_iam_user_login_profile", "user", typ, "name", "id")
	keys := r.Join("aws_iam_access_key", "user", typ, "name", "id")
	memberships := r.Join("aws_iam_user_group_membership", "user", typ, "name", "id")
	for _, b := range r.Resources(typ) {
		a := b.Asset(UserType, b.String("name").Or(""))
		a.Config = &User{
			ConsoleAccess:    hasCompanion(b, logins),
			AccessKeys:       collect(b, keys, accessKey),
			AttachedPolicies: grants.attached(b),
			InlinePolicies:   grants.inline(b),
			Groups: collectMany(b, memberships, func(m *terraform.Block) asset.List[asset.Ref] {
				return m.Refs("groups")
			}),
			Path: b.String("path", "/"),
		}
		emit(a)
	}
	grants.strays(UserType, "user", strayUser, emit)
}

func accessKey(b *terraform.Block) AccessKey {
	return AccessKey{Active: asset.Convert(b.String("status", "Active"), func(s string) bool { return s == "Active" })}
}

func decodeGroups(r *terraform.Root, emit func(*asset.Asset)) {
	const typ = "aws_iam_group"
	grants := grantsOf(r, typ, "group", "groups")
	for _, b := range r.Resources(typ) {
		a := b.Asset(GroupType, b.String("name").Or(""))
		a.Config = &Group{AttachedPolicies: grants.attached(b), InlinePolicies: grants.inline(b)}
		emit(a)
	}
	grants.strays(GroupType, "group", strayGroup, emit)
}

func decodeRoles(r *terraform.Root, emit func(*asset.Asset)) {
	const typ = "aws_iam_role"
	grants := grantsOf(r, typ, "role", "roles")
	for _, b := range r.Resources(typ) {
		path := b.String("path", "/")
		role := &Role{
			TrustPolicy:         policy.Parse(b.Text("assume_role_policy")),
			AttachedPolicies:    grants.attached(b),
			InlinePolicies:      grants.inline(b),
			ServiceLinked:       asset.Convert(path, isServiceLinked),
			Path:                path,
			PermissionsBoundary: b.String("permissions_boundary"),
		}
		// A role can also list its policies itself.
		for _, arn := range b.Strings("managed_policy_arns").Elems() {
			role.AttachedPolicies = role.AttachedPolicies.Append(AttachedPolicy(arn))
		}
		for _, p := range b.Blocks("inline_policy").Elems() {
			role.InlinePolicies = role.InlinePolicies.Append(inlinePolicy(p))
		}
		a := b.Asset(RoleType, b.String("name").Or(""))
		a.Config = role
		emit(a)
	}
	grants.strays(RoleType, "role", strayRole, emit)
}

// isServiceLinked tells roles of services by the path that AWS reserves for them.
func isServiceLinked(path string) bool { return strings.HasPrefix(path, "/aws-service-role/") }

// grants finds the policies of principals of one kind.
type grants struct {
	one, many, in *terraform.Join
}

// grantsOf joins principals of a type with the blocks that give them policies:
// attachments to one principal, attachments to many, and inline policies.
func grantsOf(r *terraform.Root, typ, attr, listAttr string) grants {
	return grants{
		one:  r.Join(typ+"_policy_attachment", attr, typ, "name", "id"),
		many: r.Join("aws_iam_policy_attachment", listAttr, typ, "name", "id"),
		in:   r.Join(typ+"_policy", attr, typ, "name", "id"),
	}
}

func (g grants) attached(b *terraform.Block) asset.List[Attached] {
	arn := func(a *terraform.Block) Attached { return AttachedPolicy(policyARN(a)) }
	return join(collect(b, g.one, arn), collect(b, g.many, arn))
}

func (g grants) inline(b *terraform.Block) asset.List[Inline] { return collect(b, g.in, inlinePolicy) }

// policyARN is the policy that an attachment names. A policy of the same code
// has no ARN yet; its address stands in for the name.
func policyARN(a *terraform.Block) asset.Value[string] {
	arn := a.String("policy_arn")
	if address, attribute, ok := a.Origin("policy_arn"); ok && !arn.IsKnown() && attribute == "arn" {
		return asset.Known(address, a.Source())
	}
	return arn
}

// AttachedPolicy describes the managed policy with that ARN.
func AttachedPolicy(arn asset.Value[string]) Attached {
	return Attached{
		ARN:        arn,
		Name:       asset.Convert(arn, func(s string) string { return s[strings.LastIndex(s, "/")+1:] }),
		AWSManaged: asset.Convert(arn, isAWSManaged),
	}
}

// isAWSManaged tells the policies that AWS wrote by the account in their ARN.
func isAWSManaged(arn string) bool { return strings.Contains(arn, ":iam::aws:policy/") }

func inlinePolicy(b *terraform.Block) Inline {
	return Inline{Name: b.String("name"), Document: policy.Parse(b.Text("policy"))}
}

func hasCompanion(b *terraform.Block, in *terraform.Join) asset.Value[bool] {
	found, maybe := in.Of(b)
	switch {
	case len(found) > 0:
		return asset.Known(true, found[0].Source())
	case maybe != "":
		return asset.Unknown[bool](maybe, b.Source())
	}
	return asset.Default(false, b.Source())
}

// collect makes one element of each companion of a block; the list is open
// where there may be further companions.
func collect[T any](b *terraform.Block, in *terraform.Join, of func(*terraform.Block) T) asset.List[T] {
	return collectMany(b, in, func(c *terraform.Block) asset.List[T] { return asset.ListOf([]T{of(c)}, c.Source()) })
}

// collectMany is [collect] for companions that make several elements.
func collectMany[T any](b *terraform.Block, in *terraform.Join, of func(*terraform.Block) asset.List[T]) asset.List[T] {
	found, maybe := in.Of(b)
	all := asset.DefaultList[T](nil, b.Source())
	if maybe != "" {
		all = asset.OpenList[T](nil, maybe, b.Source())
	}
	for _, c := range found {
		all = join(all, of(c))
	}
	return all
}

// join appends a list to another; the result is open where one of them is.
func join[T any](a, b asset.List[T]) asset.List[T] {
	elems := slices.Concat(a.Elems(), b.Elems())
	for _, l := range []asset.List[T]{a, b} {
		if reason, open := l.More(); open {
			return asset.OpenList(elems, reason, l.Source())
		}
	}
	if len(b.Elems()) > 0 && a.Source().State() == asset.Defaulted {
		return asset.ListAt(b.Source(), func() []T { return elems })
	}
	return asset.ListAt(a.Source(), func() []T { return elems })
}

func decodePolicies(r *terraform.Root, emit func(*asset.Asset)) {
	for _, b := range r.Resources(policyBlocks...) {
		kind, attr := "inline", "policy"
		switch b.Type {
		case "aws_iam_policy":
			kind = "managed"
		case "aws_ssoadmin_permission_set_inline_policy":
			attr = "inline_policy"
		}
		a := b.Asset(PolicyType, b.String("name").Or(""))
		a.Config = &Policy{
			Document: policy.Parse(b.Text(attr)),
			Kind:     asset.Known(kind, b.Source()),
			Attached: asset.Default(true, b.Source()),
		}
		emit(a)
	}
}

// decodeAccount reads the password policy; an account without one has AWS's.
func decodeAccount(r *terraform.Root, emit func(*asset.Asset)) {
	blocks := r.Resources("aws_iam_account_password_policy")
	for _, b := range blocks {
		a := b.Asset(AccountType, "")
		a.Config = &Account{PasswordPolicy: PasswordPolicy{
			Declared:         asset.Known(true, b.Source()),
			MinimumLength:    b.Int("minimum_password_length", 6),
			RequireLowercase: b.Bool("require_lowercase_characters"),
			RequireUppercase: b.Bool("require_uppercase_characters"),
			RequireNumbers:   b.Bool("require_numbers"),
			RequireSymbols:   b.Bool("require_symbols"),
			MaxAge:           b.Int("max_password_age"),
			ReusePrevention:  b.Int("password_reuse_prevention"),
		}}
		emit(a)
	}
	if len(blocks) == 0 {
		a := r.Implied(AccountType)
		a.Config = &Account{PasswordPolicy: NoPasswordPolicy(nil)}
		emit(a)
	}
}

// NoPasswordPolicy is what AWS asks of passwords where an account has no policy
// of its own (IAM User Guide, "Setting an account password policy"): 8
// characters, of three kinds out of four, so that no single kind is required.
func NoPasswordPolicy(at *asset.Source) PasswordPolicy {
	no, none := asset.Default(false, at), asset.Default(int64(0), at)
	return PasswordPolicy{
		Declared: no, MinimumLength: asset.Default(int64(8), at),
		RequireLowercase: no, RequireUppercase: no, RequireNumbers: no, RequireSymbols: no,
		MaxAge: none, ReusePrevention: none,
	}
}
