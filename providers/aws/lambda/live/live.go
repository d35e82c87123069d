// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package live reads AWS Lambda from its API.
package live

import (
	"context"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/aws/policy"
	"github.com/plumb-cspm/plumb/internal/source/cloud"
	"github.com/plumb-cspm/plumb/internal/source/cloud/aws"
	"github.com/plumb-cspm/plumb/providers/aws/lambda"
)

// Collectors reads the functions and their URLs in each region.
func Collectors() []aws.Collector {
	return []aws.Collector{{Service: "lambda", Operations: operations(), Collect: collect}}
}

func operations() []cloud.Operation {
	return []cloud.Operation{
		{Name: "lambda:ListFunctions", Fills: []string{lambda.FunctionType, lambda.FunctionURLType}},
		{Name: "lambda:GetPolicy", Fills: []string{lambda.FunctionType + ".policy"}},
		{Name: "lambda:ListTags", Fills: []string{lambda.FunctionType + ".tags"}},
		{Name: "lambda:ListFunctionUrlConfigs", Fills: []string{lambda.FunctionURLType}},
	}
}

func collect(ctx context.Context, r *aws.Reader) error {
	if !r.Needs("lambda:ListFunctions") {
		return nil
	}
	client := sdk.NewFromConfig(r.Config())
	pager := sdk.NewListFunctionsPaginator(client, &sdk.ListFunctionsInput{})
	functions, at, _ := aws.Pages(ctx, r, "lambda:ListFunctions", pager, func(page *sdk.ListFunctionsOutput) []types.FunctionConfiguration {
		return page.Functions
	})
	aws.Each(ctx, r, functions, func(ctx context.Context, f types.FunctionConfiguration) {
		arn, name := awssdk.ToString(f.FunctionArn), awssdk.ToString(f.FunctionName)
		runtime := asset.Known(string(f.Runtime), at)
		a := r.Asset(lambda.FunctionType, arn, name)
		a.Config = &lambda.Function{
			Declared:            asset.Known(true, at),
			PackageType:         asset.Known(string(f.PackageType), at),
			Runtime:             runtime,
			RuntimeDeprecatedAt: lambda.DeprecatedAt(runtime),
			Policy:              readPolicy(ctx, r, client, name),
		}
		a.Tags = readTags(ctx, r, client, arn)
		r.Emit(a)
		emitURLs(ctx, r, client, name)
	})
	return nil
}

func readPolicy(ctx context.Context, r *aws.Reader, c *sdk.Client, name string) policy.Document {
	out, src := aws.Call(ctx, r, "lambda:GetPolicy", func(ctx context.Context) (*sdk.GetPolicyOutput, error) {
		return c.GetPolicy(ctx, &sdk.GetPolicyInput{FunctionName: &name})
	}, "ResourceNotFoundException")
	return policy.ParseString(asset.At(src, func() string {
		if out == nil {
			return ""
		}
		return awssdk.ToString(out.Policy)
	}))
}

func readTags(ctx context.Context, r *aws.Reader, c *sdk.Client, arn string) asset.Map[string] {
	out, src := aws.Call(ctx, r, "lambda:ListTags", func(ctx context.Context) (*sdk.ListTagsOutput, error) {
		return c.ListTags(ctx, &sdk.ListTagsInput{Resource: &arn})
	})
	return asset.MapAt(src, func() map[string]asset.Value[string] {
		tags := map[string]asset.Value[string]{}
		for k, v := range out.Tags {
			tags[k] = asset.Known(v, src)
		}
		return tags
	})
}

// emitURLs reads the URLs of a function and of its aliases.
func emitURLs(ctx context.Context, r *aws.Reader, c *sdk.Client, function string) {
	if !r.Needs("lambda:ListFunctionUrlConfigs") {
		return
	}
	pager := sdk.NewListFunctionUrlConfigsPaginator(c, &sdk.ListFunctionUrlConfigsInput{FunctionName: &function})
	urls, at, _ := aws.Pages(ctx, r, "lambda:ListFunctionUrlConfigs", pager, func(page *sdk.ListFunctionUrlConfigsOutput) []types.FunctionUrlConfig {
		return page.FunctionUrlConfigs
	})
	for _, u := range urls {
		a := r.Asset(lambda.FunctionURLType, awssdk.ToString(u.FunctionArn)+"/url", function)
		a.Config = urlOf(u, at)
		a.Tags = asset.MapOf(map[string]asset.Value[string]{}, at) // a URL has none of its own
		r.Emit(a)
	}
}

func urlOf(u types.FunctionUrlConfig, at *asset.Source) *lambda.FunctionURL {
	return &lambda.FunctionURL{
		Function: asset.RefTo(unqualified(awssdk.ToString(u.FunctionArn)), at),
		AuthType: asset.Known(string(u.AuthType), at),
	}
}

// unqualified is the ARN of a function without the alias or version that may
// follow its name.
func unqualified(arn string) string {
	sections := strings.Split(arn, ":")
	return strings.Join(sections[:min(len(sections), 7)], ":")
}
