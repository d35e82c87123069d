// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package iam

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/aws/policy"
	"github.com/plumb-cspm/plumb/internal/source/code/cloudformation"
)

// CloudFormation reads the room's assets from CloudFormation. No resource sets
// the account's password policy.
func CloudFormation() []cloudformation.Decoder {
	return []cloudformation.Decoder{
		{
			Resources: []string{
				userResource, groupResource, roleResource, "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::UserPolicy",
				"AWS::IAM::GroupPolicy", "AWS::IAM::RolePolicy", "AWS::IAM::AccessKey", "AWS::IAM::UserToGroupAddition",
			},
			Decode: principalsInStack,
		},
		{Resources: policyResources, Decode: policiesInStack},
		{Decode: accountOfStack},
	}
}

const (
	userResource  = "AWS::IAM::User"
	groupResource = "AWS::IAM::Group"
	roleResource  = "AWS::IAM::Role"
)

// policyResources are those that hold policies of principals elsewhere.
var policyResources = []string{
	"AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::UserPolicy", "AWS::IAM::GroupPolicy", "AWS::IAM::RolePolicy",
}

func principalsInStack(s *cloudformation.Stack, emit func(*asset.Asset)) {
	users := grantsInStack(s, userResource, "Users", "AWS::IAM::UserPolicy", "UserName")
	keys := s.Join("AWS::IAM::AccessKey", "UserName", userResource, "UserName")
	additions := s.Join("AWS::IAM::UserToGroupAddition", "Users", userResource, "UserName")
	for _, r := range s.Resources(userResource) {
		a := r.Asset(UserType, r.String("UserName").Or(""))
		a.Config = &User{
			ConsoleAccess:    r.Block("LoginProfile").IsWritten(),
			AccessKeys:       companions(r, keys, keyInStack),
			AttachedPolicies: users.attached(r),
			InlinePolicies:   users.inline(r),
			Groups: join(r.Refs("Groups", groupResource), companions(r, additions, func(c *cloudformation.Resource) asset.Ref {
				return c.Ref("GroupName", groupResource)
			})),
			Path: r.String("Path", "/"),
		}
		emit(a)
	}
	groups := grantsInStack(s, groupResource, "Groups", "AWS::IAM::GroupPolicy", "GroupName")
	for _, r := range s.Resources(groupResource) {
		a := r.Asset(GroupType, r.String("GroupName").Or(""))
		a.Config = &Group{AttachedPolicies: groups.attached(r), InlinePolicies: groups.inline(r)}
		emit(a)
	}
	roles := grantsInStack(s, roleResource, "Roles", "AWS::IAM::RolePolicy", "RoleName")
	for _, r := range s.Resources(roleResource) {
		path := r.String("Path", "/")
		a := r.Asset(RoleType, r.String("RoleName").Or(""))
		a.Config = &Role{
			TrustPolicy:         policy.Parse(r.Text("AssumeRolePolicyDocument")),
			AttachedPolicies:    roles.attached(r),
			InlinePolicies:      roles.inline(r),
			ServiceLinked:       asset.Convert(path, isServiceLinked),
			Path:                path,
			PermissionsBoundary: r.String("PermissionsBoundary"),
		}
		emit(a)
	}
}

func keyInStack(r *cloudformation.Resource) AccessKey {
	return AccessKey{Active: asset.Convert(r.String("Status", "Active"), func(s string) bool { return s == "Active" })}
}

// stackGrants finds the policies of principals of one kind.
type stackGrants struct{ managed, shared, own *cloudformation.Join }

// grantsInStack joins principals of a type with what gives them policies: managed
// policies and inline ones that list principals, and inline policies of one.
func grantsInStack(s *cloudformation.Stack, typ, list, own, name string) stackGrants {
	return stackGrants{
		managed: s.Join("AWS::IAM::ManagedPolicy", list, typ, name),
		shared:  s.Join("AWS::IAM::Policy", list, typ, name),
		own:     s.Join(own, name, typ, name),
	}
}

func (g stackGrants) attached(r *cloudformation.Resource) asset.List[Attached] {
	arns := r.Names("ManagedPolicyArns")
	listed := make([]Attached, len(arns.Elems()))
	for i, arn := range arns.Elems() {
		listed[i] = AttachedPolicy(arn)
	}
	own := asset.DefaultList(listed, arns.Source())
	if reason, open := arns.More(); open {
		own = asset.OpenList(listed, reason, arns.Source())
	} else if arns.Source().State() == asset.Read {
		own = asset.ListOf(listed, arns.Source())
	}
	return join(own, companions(r, g.managed, func(c *cloudformation.Resource) Attached {
		return AttachedPolicy(asset.Known(c.Address, c.Source()))
	}))
}

func (g stackGrants) inline(r *cloudformation.Resource) asset.List[Inline] {
	blocks := r.Blocks("Policies")
	listed := make([]Inline, len(blocks.Elems()))
	for i, b := range blocks.Elems() {
		listed[i] = inlineInStack(b)
	}
	own := asset.DefaultList(listed, blocks.Source())
	if reason, open := blocks.More(); open {
		own = asset.OpenList(listed, reason, blocks.Source())
	} else if blocks.Source().State() == asset.Read {
		own = asset.ListOf(listed, blocks.Source())
	}
	of := func(c *cloudformation.Resource) Inline { return inlineInStack(c.Properties()) }
	return join(own, join(companions(r, g.shared, of), companions(r, g.own, of)))
}

func inlineInStack(b *cloudformation.Block) Inline {
	return Inline{Name: b.String("PolicyName"), Document: policy.Parse(b.Text("PolicyDocument"))}
}

// companions makes one element of each companion of a resource; the list is open
// where there may be further ones.
func companions[T any](r *cloudformation.Resource, in *cloudformation.Join, of func(*cloudformation.Resource) T) asset.List[T] {
	found, maybe := in.Of(r)
	elems := make([]T, len(found))
	for i, c := range found {
		elems[i] = of(c)
	}
	switch {
	case maybe != "":
		return asset.OpenList(elems, maybe, r.Source())
	case len(found) > 0:
		return asset.ListOf(elems, found[0].Source())
	}
	return asset.DefaultList(elems, r.Source())
}

// policiesInStack emits the customer's policies, also those written in their
// principal.
func policiesInStack(s *cloudformation.Stack, emit func(*asset.Asset)) {
	for _, r := range s.Resources(policyResources...) {
		kind, name := "inline", "PolicyName"
		if r.Type == "AWS::IAM::ManagedPolicy" {
			kind, name = "managed", "ManagedPolicyName"
		}
		emit(policyInStack(r, kind, name, "PolicyDocument"))
	}
	for _, r := range s.Resources(userResource, groupResource, roleResource) {
		for i, b := range r.Blocks("Policies").Elems() {
			emit(policyInStack(r.Part(b, i), "inline", "PolicyName", "PolicyDocument"))
		}
	}
	for _, r := range s.Resources("AWS::SSO::PermissionSet") {
		if r.Declared("InlinePolicy") {
			emit(policyInStack(r, "inline", "Name", "InlinePolicy"))
		}
	}
}

func policyInStack(r *cloudformation.Resource, kind, name, document string) *asset.Asset {
	a := r.Asset(PolicyType, r.String(name).Or(""))
	a.Config = &Policy{
		Document: policy.Parse(r.Text(document)), Kind: asset.Known(kind, r.Source()), Attached: asset.Default(true, r.Source()),
	}
	return a
}

func accountOfStack(s *cloudformation.Stack, emit func(*asset.Asset)) {
	a := s.Implied(AccountType)
	a.Config = &Account{PasswordPolicy: NoPasswordPolicy(nil)}
	emit(a)
}
