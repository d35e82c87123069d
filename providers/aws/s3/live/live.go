// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package live reads Amazon S3 from its API.
package live

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/aws/policy"
	"github.com/plumb-cspm/plumb/internal/source/cloud"
	"github.com/plumb-cspm/plumb/internal/source/cloud/aws"
	"github.com/plumb-cspm/plumb/providers/aws/s3"
)

// Collectors reads buckets and the account's public access block once, and
// access points in each region.
func Collectors() []aws.Collector {
	return []aws.Collector{
		{Service: "s3", Global: true, Operations: bucketOperations(), Collect: collectBuckets},
		{Service: "s3", Operations: accessPointOperations(), Collect: collectAccessPoints},
	}
}

func bucketOperations() []cloud.Operation {
	return []cloud.Operation{
		{Name: "s3:ListBuckets", Actions: []string{"s3:ListAllMyBuckets"}, Fills: []string{s3.BucketType}},
		// Only where the listing does not say the region, as S3's own does.
		{Name: "s3:GetBucketLocation", Fills: []string{s3.BucketType}},
		{Name: "s3:GetBucketPolicy", Fills: []string{s3.BucketType + ".policy"}},
		{Name: "s3:GetBucketAcl", Fills: []string{s3.BucketType + ".acl_grants"}},
		{Name: "s3:GetBucketOwnershipControls", Fills: []string{s3.BucketType + ".object_ownership"}},
		{
			Name: "s3:GetPublicAccessBlock", Actions: []string{"s3:GetBucketPublicAccessBlock"},
			Fills: []string{s3.BucketType + ".public_access_block"},
		},
		{Name: "s3:GetBucketVersioning", Fills: []string{s3.BucketType + ".versioning", s3.BucketType + ".mfa_delete"}},
		{Name: "s3:GetBucketEncryption", Actions: []string{"s3:GetEncryptionConfiguration"}, Fills: []string{s3.BucketType + ".encryption"}},
		{Name: "s3:GetBucketLogging", Fills: []string{s3.BucketType + ".logging"}},
		{Name: "s3:GetBucketTagging", Fills: []string{s3.BucketType + ".tags"}},
		{
			Name: "s3control:GetPublicAccessBlock", Actions: []string{"s3:GetAccountPublicAccessBlock"},
			Fills: []string{s3.AccountType, s3.AccountType + ".public_access_block"},
		},
	}
}

func collectBuckets(ctx context.Context, r *aws.Reader) error {
	collectAccount(ctx, r)
	if !r.Needs("s3:ListBuckets") {
		return nil
	}
	pager := sdk.NewListBucketsPaginator(client(r), &sdk.ListBucketsInput{MaxBuckets: awssdk.Int32(1000)})
	buckets, _, _ := aws.Pages(ctx, r, "s3:ListBuckets", pager, func(page *sdk.ListBucketsOutput) []types.Bucket { return page.Buckets })
	aws.Each(ctx, r, buckets, func(ctx context.Context, b types.Bucket) {
		if home := homeRegion(ctx, r, b); r.Reads(home) {
			collectBucket(ctx, r.In(home), awssdk.ToString(b.Name))
		}
	})
	return nil
}

// homeRegion is the region of a bucket. One whose region cannot be read is
// asked for where the scan is at home, which S3 answers with a redirect at worst.
func homeRegion(ctx context.Context, r *aws.Reader, b types.Bucket) string {
	if b.BucketRegion != nil {
		return *b.BucketRegion
	}
	out, src := aws.Call(ctx, r, "s3:GetBucketLocation", func(ctx context.Context) (*sdk.GetBucketLocationOutput, error) {
		return client(r).GetBucketLocation(ctx, &sdk.GetBucketLocationInput{Bucket: b.Name})
	})
	switch {
	case src.State() == asset.Unread:
		return r.Region()
	case out.LocationConstraint == "":
		return "us-east-1"
	case out.LocationConstraint == "EU":
		return "eu-west-1"
	}
	return string(out.LocationConstraint)
}

// client calls buckets by path where the endpoint is the user's own, which need
// not know them as parts of host names.
func client(r *aws.Reader) *sdk.Client {
	return sdk.NewFromConfig(r.Config(), func(o *sdk.Options) { o.UsePathStyle = r.CustomEndpoint(sdk.ServiceID) })
}

func collectBucket(ctx context.Context, r *aws.Reader, name string) {
	c := client(r)
	bucket := &s3.Bucket{
		Policy:            readPolicy(ctx, r, c, name),
		Grants:            readGrants(ctx, r, c, name),
		ObjectOwnership:   readOwnership(ctx, r, c, name),
		PublicAccessBlock: readBlock(ctx, r, c, name),
		Encryption:        readEncryption(ctx, r, c, name),
		Logging:           readLogging(ctx, r, c, name),
	}
	bucket.Versioning, bucket.MFADelete = readVersioning(ctx, r, c, name)
	a := r.Asset(s3.BucketType, "arn:"+r.Partition()+":s3:::"+name, name)
	a.Config = bucket
	a.Tags = readTags(ctx, r, c, name)
	r.Emit(a)
}

func readPolicy(ctx context.Context, r *aws.Reader, c *sdk.Client, name string) policy.Document {
	out, src := aws.Call(ctx, r, "s3:GetBucketPolicy", func(ctx context.Context) (*sdk.GetBucketPolicyOutput, error) {
		return c.GetBucketPolicy(ctx, &sdk.GetBucketPolicyInput{Bucket: &name})
	}, "NoSuchBucketPolicy")
	return policy.ParseString(asset.At(src, func() string {
		if out == nil {
			return ""
		}
		return awssdk.ToString(out.Policy)
	}))
}

func readGrants(ctx context.Context, r *aws.Reader, c *sdk.Client, name string) asset.List[s3.Grant] {
	out, src := aws.Call(ctx, r, "s3:GetBucketAcl", func(ctx context.Context) (*sdk.GetBucketAclOutput, error) {
		return c.GetBucketAcl(ctx, &sdk.GetBucketAclInput{Bucket: &name})
	})
	return asset.ListAt(src, func() []s3.Grant {
		var owner string
		if out.Owner != nil {
			owner = awssdk.ToString(out.Owner.ID)
		}
		var grants []s3.Grant
		for _, g := range out.Grants {
			if g.Grantee == nil || (g.Grantee.URI == nil && awssdk.ToString(g.Grantee.ID) == owner) {
				continue
			}
			grantee := awssdk.ToString(g.Grantee.ID)
			if g.Grantee.URI != nil {
				grantee = s3.GroupOf(*g.Grantee.URI)
			}
			grants = append(grants, s3.Grant{Grantee: asset.Known(grantee, src), Permission: asset.Known(string(g.Permission), src)})
		}
		return grants
	})
}

// readOwnership reads who owns objects. A bucket without the setting was made
// before it existed and lets the writer own what it writes.
func readOwnership(ctx context.Context, r *aws.Reader, c *sdk.Client, name string) asset.Value[string] {
	out, src := aws.Call(ctx, r, "s3:GetBucketOwnershipControls", func(ctx context.Context) (*sdk.GetBucketOwnershipControlsOutput, error) {
		return c.GetBucketOwnershipControls(ctx, &sdk.GetBucketOwnershipControlsInput{Bucket: &name})
	}, "OwnershipControlsNotFoundError")
	return asset.At(src, func() string {
		if out == nil || out.OwnershipControls == nil || len(out.OwnershipControls.Rules) == 0 {
			return string(types.ObjectOwnershipObjectWriter)
		}
		return string(out.OwnershipControls.Rules[0].ObjectOwnership)
	})
}

func readBlock(ctx context.Context, r *aws.Reader, c *sdk.Client, name string) s3.PublicAccessBlock {
	out, src := aws.Call(ctx, r, "s3:GetPublicAccessBlock", func(ctx context.Context) (*sdk.GetPublicAccessBlockOutput, error) {
		return c.GetPublicAccessBlock(ctx, &sdk.GetPublicAccessBlockInput{Bucket: &name})
	}, "NoSuchPublicAccessBlockConfiguration")
	var on types.PublicAccessBlockConfiguration
	if out != nil && out.PublicAccessBlockConfiguration != nil {
		on = *out.PublicAccessBlockConfiguration
	}
	return s3.PublicAccessBlock{
		Declared:              asset.At(src, func() bool { return out != nil }),
		BlockPublicACLs:       asset.At(src, func() bool { return awssdk.ToBool(on.BlockPublicAcls) }),
		IgnorePublicACLs:      asset.At(src, func() bool { return awssdk.ToBool(on.IgnorePublicAcls) }),
		BlockPublicPolicy:     asset.At(src, func() bool { return awssdk.ToBool(on.BlockPublicPolicy) }),
		RestrictPublicBuckets: asset.At(src, func() bool { return awssdk.ToBool(on.RestrictPublicBuckets) }),
	}
}

func readVersioning(ctx context.Context, r *aws.Reader, c *sdk.Client, name string) (status asset.Value[string], mfaDelete asset.Value[bool]) {
	out, src := aws.Call(ctx, r, "s3:GetBucketVersioning", func(ctx context.Context) (*sdk.GetBucketVersioningOutput, error) {
		return c.GetBucketVersioning(ctx, &sdk.GetBucketVersioningInput{Bucket: &name})
	})
	status = asset.At(src, func() string {
		if out.Status == "" {
			return "Disabled"
		}
		return string(out.Status)
	})
	return status, asset.At(src, func() bool { return out.MFADelete == types.MFADeleteStatusEnabled })
}

func readEncryption(ctx context.Context, r *aws.Reader, c *sdk.Client, name string) s3.Encryption {
	out, src := aws.Call(ctx, r, "s3:GetBucketEncryption", func(ctx context.Context) (*sdk.GetBucketEncryptionOutput, error) {
		return c.GetBucketEncryption(ctx, &sdk.GetBucketEncryptionInput{Bucket: &name})
	}, "ServerSideEncryptionConfigurationNotFoundError")
	rule := types.ServerSideEncryptionRule{}
	if out != nil && out.ServerSideEncryptionConfiguration != nil && len(out.ServerSideEncryptionConfiguration.Rules) > 0 {
		rule = out.ServerSideEncryptionConfiguration.Rules[0]
	}
	byDefault := types.ServerSideEncryptionByDefault{SSEAlgorithm: types.ServerSideEncryptionAes256}
	if rule.ApplyServerSideEncryptionByDefault != nil {
		byDefault = *rule.ApplyServerSideEncryptionByDefault
	}
	return s3.Encryption{
		Algorithm: asset.At(src, func() string { return string(byDefault.SSEAlgorithm) }),
		KMSKeyID:  asset.At(src, func() string { return awssdk.ToString(byDefault.KMSMasterKeyID) }),
		BucketKey: asset.At(src, func() bool { return awssdk.ToBool(rule.BucketKeyEnabled) }),
	}
}

func readLogging(ctx context.Context, r *aws.Reader, c *sdk.Client, name string) s3.Logging {
	out, src := aws.Call(ctx, r, "s3:GetBucketLogging", func(ctx context.Context) (*sdk.GetBucketLoggingOutput, error) {
		return c.GetBucketLogging(ctx, &sdk.GetBucketLoggingInput{Bucket: &name})
	})
	target := asset.At(src, func() string {
		if out.LoggingEnabled == nil {
			return ""
		}
		return awssdk.ToString(out.LoggingEnabled.TargetBucket)
	})
	return s3.Logging{
		Enabled:      asset.At(src, func() bool { return out.LoggingEnabled != nil }),
		TargetBucket: target,
		IntoItself:   asset.Convert(target, func(bucket string) bool { return bucket == name }),
	}
}

func readTags(ctx context.Context, r *aws.Reader, c *sdk.Client, name string) asset.Map[string] {
	out, src := aws.Call(ctx, r, "s3:GetBucketTagging", func(ctx context.Context) (*sdk.GetBucketTaggingOutput, error) {
		return c.GetBucketTagging(ctx, &sdk.GetBucketTaggingInput{Bucket: &name})
	}, "NoSuchTagSet")
	return asset.MapAt(src, func() map[string]asset.Value[string] {
		tags := map[string]asset.Value[string]{}
		if out != nil {
			for _, t := range out.TagSet {
				tags[awssdk.ToString(t.Key)] = asset.Known(awssdk.ToString(t.Value), src)
			}
		}
		return tags
	})
}
