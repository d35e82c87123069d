// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"fmt"
	"strings"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/aws/policy"
	"github.com/plumb-cspm/plumb/internal/mototest"
	"github.com/plumb-cspm/plumb/internal/source/cloud/aws"
	"github.com/plumb-cspm/plumb/providers/all/roomtest"
	"github.com/plumb-cspm/plumb/providers/aws/iam"
	"github.com/plumb-cspm/plumb/providers/aws/iam/live"
)

const readOnly = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}]}`

func TestRoom(t *testing.T) {
	roomtest.Room{
		Collectors: live.Collectors(),
		Seed:       seed,
		Build: map[string]func(*testing.T, awssdk.Config, *asset.Asset) string{
			iam.UserType:    buildUser,
			iam.GroupType:   buildGroup,
			iam.RoleType:    buildRole,
			iam.PolicyType:  buildPolicy,
			iam.AccountType: buildAccount,
		},
	}.Test(t)
}

func seed(t *testing.T, cfg awssdk.Config) {
	c, ctx := sdk.NewFromConfig(cfg), t.Context()
	mototest.Must(c.CreateUser(ctx, &sdk.CreateUserInput{UserName: awssdk.String("ada")}))(t)
	mototest.Must(c.CreateLoginProfile(ctx, &sdk.CreateLoginProfileInput{UserName: awssdk.String("ada"), Password: awssdk.String("correct horse")}))(t)
	mototest.Must(c.CreateAccessKey(ctx, &sdk.CreateAccessKeyInput{UserName: awssdk.String("ada")}))(t)
	mototest.Must(c.PutUserPolicy(ctx, &sdk.PutUserPolicyInput{UserName: awssdk.String("ada"), PolicyName: awssdk.String("own"), PolicyDocument: awssdk.String(readOnly)}))(t)
	mototest.Must(c.CreateGroup(ctx, &sdk.CreateGroupInput{GroupName: awssdk.String("admins")}))(t)
	mototest.Must(c.AttachGroupPolicy(ctx, &sdk.AttachGroupPolicyInput{GroupName: awssdk.String("admins"), PolicyArn: awssdk.String("arn:aws:iam::aws:policy/AdministratorAccess")}))(t)
	mototest.Must(c.AddUserToGroup(ctx, &sdk.AddUserToGroupInput{GroupName: awssdk.String("admins"), UserName: awssdk.String("ada")}))(t)
	role(t, cfg, "app", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"config.amazonaws.com"},"Action":"sts:AssumeRole"}]}`)
	mototest.Must(c.CreatePolicy(ctx, &sdk.CreatePolicyInput{PolicyName: awssdk.String("reader"), PolicyDocument: awssdk.String(readOnly)}))(t)
	mototest.Must(c.UpdateAccountPasswordPolicy(ctx, &sdk.UpdateAccountPasswordPolicyInput{MinimumPasswordLength: awssdk.Int32(14)}))(t)
	mototest.Must(c.UploadServerCertificate(ctx, &sdk.UploadServerCertificateInput{
		ServerCertificateName: awssdk.String("old"), CertificateBody: awssdk.String("body"), PrivateKey: awssdk.String("key"),
	}))(t)
}

func role(t *testing.T, cfg awssdk.Config, name, trust string) {
	t.Helper()
	mototest.Must(sdk.NewFromConfig(cfg).CreateRole(t.Context(), &sdk.CreateRoleInput{RoleName: &name, AssumeRolePolicyDocument: &trust}))(t)
}

// document is a policy as text, with a role in the place of what code computes.
func document(d *policy.Document) string {
	text, _ := d.AsText().Get()
	var b strings.Builder
	for _, p := range text.Parts() {
		if p.Hole != nil {
			b.WriteString("arn:aws:iam::111122223333:role/computed")
		}
		b.WriteString(p.Literal)
	}
	return b.String()
}

func buildUser(t *testing.T, cfg awssdk.Config, a *asset.Asset) string {
	c, ctx, user := sdk.NewFromConfig(cfg), t.Context(), a.Config.(*iam.User)
	name := a.Name
	mototest.Must(c.CreateUser(ctx, &sdk.CreateUserInput{UserName: &name}))(t)
	if user.ConsoleAccess.Or(false) {
		mototest.Must(c.CreateLoginProfile(ctx, &sdk.CreateLoginProfileInput{UserName: &name, Password: awssdk.String("correct horse")}))(t)
	}
	for _, key := range user.AccessKeys.Elems() {
		made := mototest.Must(c.CreateAccessKey(ctx, &sdk.CreateAccessKeyInput{UserName: &name}))(t)
		if !key.Active.Or(true) {
			mototest.Must(c.UpdateAccessKey(ctx, &sdk.UpdateAccessKeyInput{
				UserName: &name, AccessKeyId: made.AccessKey.AccessKeyId, Status: "Inactive",
			}))(t)
		}
	}
	for _, p := range user.AttachedPolicies.Elems() {
		mototest.Must(c.AttachUserPolicy(ctx, &sdk.AttachUserPolicyInput{UserName: &name, PolicyArn: attachable(t, c, p)}))(t)
	}
	for i, p := range user.InlinePolicies.Elems() {
		mototest.Must(c.PutUserPolicy(ctx, &sdk.PutUserPolicyInput{
			UserName: &name, PolicyName: awssdk.String(fmt.Sprint("own", i)), PolicyDocument: awssdk.String(document(&p.Document)),
		}))(t)
	}
	return name
}

func buildGroup(t *testing.T, cfg awssdk.Config, a *asset.Asset) string {
	c, ctx, name := sdk.NewFromConfig(cfg), t.Context(), a.Name
	mototest.Must(c.CreateGroup(ctx, &sdk.CreateGroupInput{GroupName: &name}))(t)
	for _, p := range a.Config.(*iam.Group).AttachedPolicies.Elems() {
		mototest.Must(c.AttachGroupPolicy(ctx, &sdk.AttachGroupPolicyInput{GroupName: &name, PolicyArn: attachable(t, c, p)}))(t)
	}
	return name
}

func buildRole(t *testing.T, cfg awssdk.Config, a *asset.Asset) string {
	c, ctx, from := sdk.NewFromConfig(cfg), t.Context(), a.Config.(*iam.Role)
	name := "built"
	role(t, cfg, name, document(&from.TrustPolicy))
	for _, p := range from.AttachedPolicies.Elems() {
		mototest.Must(c.AttachRolePolicy(ctx, &sdk.AttachRolePolicyInput{RoleName: &name, PolicyArn: attachable(t, c, p)}))(t)
	}
	return name
}

// attachable is the ARN of a policy that moto has: one of the same code is made
// first.
func attachable(t *testing.T, c *sdk.Client, p iam.Attached) *string {
	arn := p.ARN.Or("")
	if p.AWSManaged.Or(false) {
		return &arn
	}
	made := mototest.Must(c.CreatePolicy(t.Context(), &sdk.CreatePolicyInput{PolicyName: awssdk.String("made"), PolicyDocument: awssdk.String(readOnly)}))(t)
	return made.Policy.Arn
}

func buildPolicy(t *testing.T, cfg awssdk.Config, a *asset.Asset) string {
	c, ctx, from := sdk.NewFromConfig(cfg), t.Context(), a.Config.(*iam.Policy)
	name, text := "built", document(&from.Document)
	if from.Kind.Or("") == "inline" {
		role(t, cfg, "holder", `{}`)
		mototest.Must(c.PutRolePolicy(ctx, &sdk.PutRolePolicyInput{RoleName: awssdk.String("holder"), PolicyName: &name, PolicyDocument: &text}))(t)
		return name
	}
	made := mototest.Must(c.CreatePolicy(ctx, &sdk.CreatePolicyInput{PolicyName: &name, PolicyDocument: &text}))(t)
	role(t, cfg, "holder", `{}`)
	mototest.Must(c.AttachRolePolicy(ctx, &sdk.AttachRolePolicyInput{RoleName: awssdk.String("holder"), PolicyArn: made.Policy.Arn}))(t)
	return name
}

func buildAccount(t *testing.T, cfg awssdk.Config, a *asset.Asset) string {
	p := a.Config.(*iam.Account).PasswordPolicy
	in := &sdk.UpdateAccountPasswordPolicyInput{
		MinimumPasswordLength: awssdk.Int32(int32(p.MinimumLength.Or(0))),
		RequireNumbers:        p.RequireNumbers.Or(false),
	}
	if kept := p.ReusePrevention.Or(0); kept > 0 {
		in.PasswordReusePrevention = awssdk.Int32(int32(kept))
	}
	mototest.Must(sdk.NewFromConfig(cfg).UpdateAccountPasswordPolicy(t.Context(), in))(t)
	return *mototest.Must(sts.NewFromConfig(cfg).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{}))(t).Account
}

// An account of 200 users and 100 roles is read in a handful of calls: the
// number must not grow with them.
func TestCallsDoNotGrowWithTheAccount(t *testing.T) {
	t.Parallel()
	server := mototest.Start(t)
	cfg := server.Config(t)
	c, ctx := sdk.NewFromConfig(cfg), t.Context()
	for i := range 200 {
		mototest.Must(c.CreateUser(ctx, &sdk.CreateUserInput{UserName: awssdk.String(fmt.Sprint("user", i))}))(t)
	}
	for i := range 100 {
		role(t, cfg, fmt.Sprint("role", i), `{}`)
	}
	reading := server.Read(t, aws.Config{}, live.Collectors()...)
	total := 0
	for operation, n := range reading.Calls {
		if strings.HasPrefix(operation, "iam:") {
			total += n
		}
	}
	if total > 20 {
		t.Errorf("%d calls to IAM, at most 20 are allowed: %v", total, reading.Calls)
	}
	users := 0
	for _, a := range reading.Assets {
		if a.Type == iam.UserType {
			users++
		}
	}
	if users != 200 {
		t.Errorf("%d users were read", users)
	}
}
