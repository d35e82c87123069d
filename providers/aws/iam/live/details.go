// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package live

import (
	"context"
	"slices"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/aws/policy"
	"github.com/plumb-cspm/plumb/internal/source/cloud/aws"
	"github.com/plumb-cspm/plumb/providers/aws/iam"
)

// details is the answer of GetAccountAuthorizationDetails, joined over its
// pages. more says why there may be further principals; nil if all are here.
type details struct {
	users    []types.UserDetail
	groups   []types.GroupDetail
	roles    []types.RoleDetail
	policies []types.ManagedPolicyDetail
	at, more *asset.Source
}

const detailsPage = 1000 // the most that the API gives at a time

func readDetails(ctx context.Context, r *aws.Reader) details {
	var d details
	client := sdk.NewFromConfig(r.Config())
	pager := sdk.NewGetAccountAuthorizationDetailsPaginator(client, &sdk.GetAccountAuthorizationDetailsInput{
		// What AWS wrote is known by name; its documents would be most of the answer.
		Filter: []types.EntityType{
			types.EntityTypeUser, types.EntityTypeGroup, types.EntityTypeRole, types.EntityTypeLocalManagedPolicy,
		},
		MaxItems: awssdk.Int32(detailsPage),
	})
	pages, at, more := aws.Pages(ctx, r, "iam:GetAccountAuthorizationDetails", pager,
		func(page *sdk.GetAccountAuthorizationDetailsOutput) []*sdk.GetAccountAuthorizationDetailsOutput {
			return []*sdk.GetAccountAuthorizationDetailsOutput{page}
		})
	d.at, d.more = at, more
	for _, p := range pages {
		d.users = append(d.users, p.UserDetailList...)
		d.groups = append(d.groups, p.GroupDetailList...)
		d.roles = append(d.roles, p.RoleDetailList...)
		d.policies = append(d.policies, p.Policies...)
	}
	return d
}

func emitUsers(r *aws.Reader, d details, report report) {
	for _, u := range d.users {
		arn := awssdk.ToString(u.Arn)
		user := &iam.User{
			AttachedPolicies: attached(u.AttachedManagedPolicies, d.at),
			InlinePolicies:   inline(u.UserPolicyList, d.at),
			Groups:           groupRefs(u.GroupList, d.at),
			CreatedAt:        asset.Known(awssdk.ToTime(u.CreateDate), d.at),
			Path:             asset.Known(awssdk.ToString(u.Path), d.at),
		}
		report.fill(user, arn)
		emit(r, iam.UserType, arn, awssdk.ToString(u.UserName), u.Tags, d.at, user)
		emitInline(r, arn, u.UserPolicyList, d.at)
	}
}

func emitGroups(r *aws.Reader, d details) {
	for _, g := range d.groups {
		arn := awssdk.ToString(g.Arn)
		emit(r, iam.GroupType, arn, awssdk.ToString(g.GroupName), nil, d.at, &iam.Group{
			AttachedPolicies: attached(g.AttachedManagedPolicies, d.at),
			InlinePolicies:   inline(g.GroupPolicyList, d.at),
		})
		emitInline(r, arn, g.GroupPolicyList, d.at)
	}
}

func emitRoles(r *aws.Reader, d details) {
	for _, role := range d.roles {
		arn := awssdk.ToString(role.Arn)
		boundary := ""
		if role.PermissionsBoundary != nil {
			boundary = awssdk.ToString(role.PermissionsBoundary.PermissionsBoundaryArn)
		}
		emit(r, iam.RoleType, arn, awssdk.ToString(role.RoleName), role.Tags, d.at, &iam.Role{
			TrustPolicy:         policy.ParseEncoded(asset.Known(awssdk.ToString(role.AssumeRolePolicyDocument), d.at)),
			AttachedPolicies:    attached(role.AttachedManagedPolicies, d.at),
			InlinePolicies:      inline(role.RolePolicyList, d.at),
			ServiceLinked:       asset.Known(strings.HasPrefix(awssdk.ToString(role.Path), "/aws-service-role/"), d.at),
			Path:                asset.Known(awssdk.ToString(role.Path), d.at),
			PermissionsBoundary: asset.Known(boundary, d.at),
		})
		emitInline(r, arn, role.RolePolicyList, d.at)
	}
}

func emitPolicies(r *aws.Reader, d details) {
	for _, p := range d.policies {
		arn := awssdk.ToString(p.Arn)
		emit(r, iam.PolicyType, arn, arn[strings.LastIndex(arn, "/")+1:], nil, d.at, &iam.Policy{
			Document: policy.ParseEncoded(asset.Known(defaultVersion(p), d.at)),
			Kind:     asset.Known("managed", d.at),
			Attached: asset.Known(awssdk.ToInt32(p.AttachmentCount) > 0, d.at),
		})
	}
}

func defaultVersion(p types.ManagedPolicyDetail) string {
	i := slices.IndexFunc(p.PolicyVersionList, func(v types.PolicyVersion) bool { return v.IsDefaultVersion })
	if i < 0 {
		return ""
	}
	return awssdk.ToString(p.PolicyVersionList[i].Document)
}

// emitInline makes the policies in a principal assets of their own. The API has
// no ARN for them: they are named below their principal's.
func emitInline(r *aws.Reader, principal string, policies []types.PolicyDetail, at *asset.Source) {
	for _, p := range policies {
		name := awssdk.ToString(p.PolicyName)
		emit(r, iam.PolicyType, principal+"/policy/"+name, name, nil, at, &iam.Policy{
			Document: policy.ParseEncoded(asset.Known(awssdk.ToString(p.PolicyDocument), at)),
			Kind:     asset.Known("inline", at),
			Attached: asset.Known(true, at),
		})
	}
}

func emit(r *aws.Reader, typ, arn, name string, tags []types.Tag, at *asset.Source, config any) {
	a := r.Asset(typ, arn, name)
	a.Config = config
	entries := make(map[string]asset.Value[string], len(tags))
	for _, t := range tags {
		entries[awssdk.ToString(t.Key)] = asset.Known(awssdk.ToString(t.Value), at)
	}
	a.Tags = asset.MapOf(entries, at)
	r.Emit(a)
}

func attached(policies []types.AttachedPolicy, at *asset.Source) asset.List[iam.Attached] {
	list := make([]iam.Attached, len(policies))
	for i, p := range policies {
		list[i] = iam.AttachedPolicy(asset.Known(awssdk.ToString(p.PolicyArn), at))
	}
	return asset.ListOf(list, at)
}

func inline(policies []types.PolicyDetail, at *asset.Source) asset.List[iam.Inline] {
	list := make([]iam.Inline, len(policies))
	for i, p := range policies {
		list[i] = iam.Inline{
			Name:     asset.Known(awssdk.ToString(p.PolicyName), at),
			Document: policy.ParseEncoded(asset.Known(awssdk.ToString(p.PolicyDocument), at)),
		}
	}
	return asset.ListOf(list, at)
}

func groupRefs(names []string, at *asset.Source) asset.List[asset.Ref] {
	refs := make([]asset.Ref, len(names))
	for i, name := range names {
		refs[i] = asset.RefTo(name, at)
	}
	return asset.ListOf(refs, at)
}

// holders lists the principals with a managed policy of that name.
func (d details) holders(policyName string) asset.List[asset.Value[string]] {
	var names []string
	note := func(arn *string, policies []types.AttachedPolicy) {
		if slices.ContainsFunc(policies, func(p types.AttachedPolicy) bool { return awssdk.ToString(p.PolicyName) == policyName }) {
			names = append(names, awssdk.ToString(arn))
		}
	}
	for _, u := range d.users {
		note(u.Arn, u.AttachedManagedPolicies)
	}
	for _, g := range d.groups {
		note(g.Arn, g.AttachedManagedPolicies)
	}
	for _, role := range d.roles {
		note(role.Arn, role.AttachedManagedPolicies)
	}
	return aws.ListOf(asset.Strings(names, d.at), d.at, d.more)
}
