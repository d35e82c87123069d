// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package live

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	"github.com/aws/aws-sdk-go-v2/service/s3control/types"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/cloud"
	"github.com/plumb-cspm/plumb/internal/source/cloud/aws"
	"github.com/plumb-cspm/plumb/providers/aws/s3"
)

func accessPointOperations() []cloud.Operation {
	return []cloud.Operation{
		{Name: "s3control:ListAccessPoints", Actions: []string{"s3:ListAccessPoints"}, Fills: []string{s3.AccessPointType}},
		{
			Name: "s3control:GetAccessPoint", Actions: []string{"s3:GetAccessPoint"},
			Fills: []string{s3.AccessPointType + ".public_access_block"},
		},
	}
}

func collectAccessPoints(ctx context.Context, r *aws.Reader) error {
	if !r.Needs("s3control:ListAccessPoints") {
		return nil
	}
	account := r.Account()
	client := s3control.NewFromConfig(r.Config())
	pager := s3control.NewListAccessPointsPaginator(client, &s3control.ListAccessPointsInput{AccountId: &account})
	points, at, _ := aws.Pages(ctx, r, "s3control:ListAccessPoints", pager, func(page *s3control.ListAccessPointsOutput) []types.AccessPoint {
		return page.AccessPointList
	})
	aws.Each(ctx, r, points, func(ctx context.Context, p types.AccessPoint) {
		name := awssdk.ToString(p.Name)
		out, src := aws.Call(ctx, r, "s3control:GetAccessPoint", func(ctx context.Context) (*s3control.GetAccessPointOutput, error) {
			return client.GetAccessPoint(ctx, &s3control.GetAccessPointInput{AccountId: &account, Name: &name})
		})
		var on types.PublicAccessBlockConfiguration
		if out != nil && out.PublicAccessBlockConfiguration != nil {
			on = *out.PublicAccessBlockConfiguration
		}
		a := r.Asset(s3.AccessPointType, r.ARN("s3", "accesspoint/"+name), name)
		a.Config = &s3.AccessPoint{
			Bucket:            asset.Known(awssdk.ToString(p.Bucket), at),
			NetworkOrigin:     asset.Known(string(p.NetworkOrigin), at),
			PublicAccessBlock: block(&on, src),
		}
		r.Emit(a)
	})
	return nil
}

// block is an answer's public access block; a switch that it lacks is off.
func block(on *types.PublicAccessBlockConfiguration, src *asset.Source) s3.PublicAccessBlock {
	flag := func(v *bool) asset.Value[bool] { return asset.At(src, func() bool { return awssdk.ToBool(v) }) }
	return s3.PublicAccessBlock{
		Declared:              asset.At(src, func() bool { return true }),
		BlockPublicACLs:       flag(on.BlockPublicAcls),
		IgnorePublicACLs:      flag(on.IgnorePublicAcls),
		BlockPublicPolicy:     flag(on.BlockPublicPolicy),
		RestrictPublicBuckets: flag(on.RestrictPublicBuckets),
	}
}

// collectAccount reads the account's block; one that was never set is off.
func collectAccount(ctx context.Context, r *aws.Reader) {
	if !r.Needs("s3control:GetPublicAccessBlock") {
		return
	}
	account := r.Account()
	out, src := aws.Call(ctx, r, "s3control:GetPublicAccessBlock", func(ctx context.Context) (*s3control.GetPublicAccessBlockOutput, error) {
		return s3control.NewFromConfig(r.Config()).GetPublicAccessBlock(ctx, &s3control.GetPublicAccessBlockInput{AccountId: &account})
	}, "NoSuchPublicAccessBlockConfiguration")
	var on types.PublicAccessBlockConfiguration
	if out != nil && out.PublicAccessBlockConfiguration != nil {
		on = *out.PublicAccessBlockConfiguration
	}
	settings := &s3.Account{PublicAccessBlock: block(&on, src)}
	settings.PublicAccessBlock.Declared = asset.At(src, func() bool { return out != nil })
	a := r.Asset(s3.AccountType, "arn:"+r.Partition()+":s3::"+account+":account", account)
	a.Config = settings
	r.Emit(a)
}
