// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"fmt"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	sdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/aws/arn"
	"github.com/plumb-cspm/plumb/internal/aws/policy"
	"github.com/plumb-cspm/plumb/providers/all/roomtest"
	"github.com/plumb-cspm/plumb/providers/aws/lambda"
	"github.com/plumb-cspm/plumb/providers/aws/lambda/live"
)

func TestRoom(t *testing.T) {
	const noURLs = "moto does not list the URLs of a function"
	roomtest.Room{
		Collectors:  live.Collectors(),
		Seed:        seed,
		Build:       map[string]func(*testing.T, awssdk.Config, *asset.Asset) string{lambda.FunctionType: build},
		Unsupported: map[string]string{"lambda:ListFunctionUrlConfigs": noURLs},
		NoParity:    map[string]string{"aws-lambda-url-auth": noURLs},
	}.Test(t)
}

// must ends the test on an error of a call that prepares it.
func must[T any](t *testing.T) func(T, error) T {
	return func(out T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
}

func seed(t *testing.T, cfg awssdk.Config) {
	c := sdk.NewFromConfig(cfg)
	create(t, cfg, &sdk.CreateFunctionInput{FunctionName: awssdk.String("resize"), Runtime: types.RuntimePython39, Tags: map[string]string{"owner": "web"}})
	must[*sdk.AddPermissionOutput](t)(c.AddPermission(t.Context(), &sdk.AddPermissionInput{
		FunctionName: awssdk.String("resize"), StatementId: awssdk.String("any"), Action: awssdk.String("lambda:InvokeFunction"), Principal: awssdk.String("*"),
	}))
	create(t, cfg, &sdk.CreateFunctionInput{FunctionName: awssdk.String("quiet"), Runtime: types.RuntimePython314})
}

// create makes a function with a role and code of no interest.
func create(t *testing.T, cfg awssdk.Config, in *sdk.CreateFunctionInput) {
	t.Helper()
	role := must[*iam.CreateRoleOutput](t)(iam.NewFromConfig(cfg).CreateRole(t.Context(), &iam.CreateRoleInput{
		RoleName: in.FunctionName, AssumeRolePolicyDocument: awssdk.String(`{"Version":"2012-10-17","Statement":[]}`),
	}))
	in.Role = role.Role.Arn
	if in.PackageType == types.PackageTypeImage {
		in.Code = &types.FunctionCode{ImageUri: awssdk.String("111122223333.dkr.ecr.us-east-1.amazonaws.com/resize:1")}
	} else {
		in.Code, in.Handler = &types.FunctionCode{ZipFile: []byte("PK\x05\x06" + string(make([]byte, 18)))}, awssdk.String("main.handler")
	}
	must[*sdk.CreateFunctionOutput](t)(sdk.NewFromConfig(cfg).CreateFunction(t.Context(), in))
}

// build makes a function. One that code does not declare has no runtime either.
func build(t *testing.T, cfg awssdk.Config, a *asset.Asset) string {
	f, name := a.Config.(*lambda.Function), fmt.Sprint("built-", a.Location.StartLine)
	in := &sdk.CreateFunctionInput{
		FunctionName: &name, Runtime: types.Runtime(f.Runtime.Or("")), PackageType: types.PackageType(f.PackageType.Or("Image")),
	}
	create(t, cfg, in)
	for i, s := range f.Policy.Statements.Elems() {
		permission := permissionOf(s)
		permission.FunctionName, permission.StatementId = &name, awssdk.String(fmt.Sprint("s", i))
		must[*sdk.AddPermissionOutput](t)(sdk.NewFromConfig(cfg).AddPermission(t.Context(), permission))
	}
	return name
}

// permissionOf is the permission of which Lambda makes such a statement.
func permissionOf(s policy.Statement) *sdk.AddPermissionInput {
	principal := s.Principals.Elems()[0].ID.Or("111122223333")
	if arn.IsAccountID(principal) {
		principal = "arn:aws:iam::" + principal + ":root" // moto does not do it
	}
	in := &sdk.AddPermissionInput{Action: awssdk.String(s.Actions.Elems()[0].Or("")), Principal: &principal}
	for _, c := range s.Conditions.Elems() {
		value := c.Values.Elems()[0]
		switch c.Key.Or("") {
		case "AWS:SourceArn":
			in.SourceArn = awssdk.String(value.Or("arn:aws:events:us-east-1:111122223333:rule/computed"))
		case "AWS:SourceAccount":
			in.SourceAccount = awssdk.String(value.Or("111122223333"))
		case "aws:PrincipalOrgID":
			in.PrincipalOrgID = awssdk.String(value.Or(""))
		}
	}
	return in
}
