// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	controltypes "github.com/aws/aws-sdk-go-v2/service/s3control/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/mototest"
	"github.com/plumb-cspm/plumb/providers/all/roomtest"
	"github.com/plumb-cspm/plumb/providers/aws/s3"
	"github.com/plumb-cspm/plumb/providers/aws/s3/live"
)

func TestRoom(t *testing.T) {
	roomtest.Room{
		Collectors: live.Collectors(),
		Seed:       seed,
		Build: map[string]func(*testing.T, awssdk.Config, *asset.Asset) string{
			s3.BucketType:      buildBucket,
			s3.AccountType:     buildAccount,
			s3.AccessPointType: buildAccessPoint,
		},
		NoParity: map[string]string{
			"aws-s3-bucket-mfa-delete":         "moto does not keep MFADelete",
			"aws-cloudtrail-bucket-logging":    "another room reads trails",
			"aws-cloudtrail-bucket-mfa-delete": "another room reads trails",
			"aws-cloudtrail-bucket-public":     "another room reads trails",
		},
	}.Test(t)
}

func client(cfg awssdk.Config) *sdk.Client {
	return sdk.NewFromConfig(cfg, func(o *sdk.Options) { o.UsePathStyle = true })
}

// bucketName is unique to the test: moto shares bucket names between accounts.
func bucketName(t *testing.T) string {
	sum := sha256.Sum256([]byte(t.Name()))
	return "plumb-" + hex.EncodeToString(sum[:8])
}

func create(t *testing.T, cfg awssdk.Config, name string) {
	t.Helper()
	mototest.Must(client(cfg).CreateBucket(t.Context(), &sdk.CreateBucketInput{Bucket: &name}))(t)
}

func seed(t *testing.T, cfg awssdk.Config) {
	name := bucketName(t)
	create(t, cfg, name)
	c, ctx := client(cfg), t.Context()
	mototest.Must(c.PutBucketPolicy(ctx, &sdk.PutBucketPolicyInput{Bucket: &name, Policy: awssdk.String(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::` + name + `/*"}]}`)}))(t)
	mototest.Must(c.PutBucketVersioning(ctx, &sdk.PutBucketVersioningInput{
		Bucket: &name, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
	}))(t)
	mototest.Must(c.PutBucketTagging(ctx, &sdk.PutBucketTaggingInput{
		Bucket: &name, Tagging: &types.Tagging{TagSet: []types.Tag{{Key: awssdk.String("owner"), Value: awssdk.String("web")}}},
	}))(t)
	accessPoint(t, cfg, name, "reader", s3.PublicAccessBlock{})
}

func buildBucket(t *testing.T, cfg awssdk.Config, a *asset.Asset) string {
	name := bucketName(t) + a.Location.String()[len(a.Location.File)+1:]
	create(t, cfg, name)
	b, c, ctx := a.Config.(*s3.Bucket), client(cfg), t.Context()
	if text, ok := b.Policy.AsText().Get(); ok && text.Marked() != "" {
		document := knownText(text, a, name)
		mototest.Must(c.PutBucketPolicy(ctx, &sdk.PutBucketPolicyInput{Bucket: &name, Policy: &document}))(t)
	}
	acl := &types.AccessControlPolicy{Owner: &types.Owner{ID: awssdk.String("owner")}}
	for _, g := range b.Grants.Elems() {
		grantee := &types.Grantee{Type: types.TypeGroup, URI: awssdk.String("http://acs.amazonaws.com/groups/global/" + g.Grantee.Or(""))}
		acl.Grants = append(acl.Grants, types.Grant{Grantee: grantee, Permission: types.Permission(g.Permission.Or(""))})
	}
	if len(acl.Grants) > 0 {
		mototest.Must(c.PutBucketAcl(ctx, &sdk.PutBucketAclInput{Bucket: &name, AccessControlPolicy: acl}))(t)
	}
	if ownership, known := b.ObjectOwnership.Get(); known {
		mototest.Must(c.PutBucketOwnershipControls(ctx, &sdk.PutBucketOwnershipControlsInput{
			Bucket: &name, OwnershipControls: &types.OwnershipControls{Rules: []types.OwnershipControlsRule{
				{ObjectOwnership: types.ObjectOwnership(ownership)},
			}},
		}))(t)
	}
	mototest.Must(c.PutPublicAccessBlock(ctx, &sdk.PutPublicAccessBlockInput{
		Bucket: &name, PublicAccessBlockConfiguration: &types.PublicAccessBlockConfiguration{
			BlockPublicAcls: awssdk.Bool(b.PublicAccessBlock.BlockPublicACLs.Or(false)), IgnorePublicAcls: awssdk.Bool(b.PublicAccessBlock.IgnorePublicACLs.Or(false)),
			BlockPublicPolicy: awssdk.Bool(b.PublicAccessBlock.BlockPublicPolicy.Or(false)), RestrictPublicBuckets: awssdk.Bool(b.PublicAccessBlock.RestrictPublicBuckets.Or(false)),
		},
	}))(t)
	if status := b.Versioning.Or("Disabled"); status != "Disabled" {
		v := &types.VersioningConfiguration{Status: types.BucketVersioningStatus(status), MFADelete: types.MFADeleteDisabled}
		if b.MFADelete.Or(false) {
			v.MFADelete = types.MFADeleteEnabled
		}
		mototest.Must(c.PutBucketVersioning(ctx, &sdk.PutBucketVersioningInput{Bucket: &name, VersioningConfiguration: v}))(t)
	}
	mototest.Must(c.PutBucketEncryption(ctx, &sdk.PutBucketEncryptionInput{
		Bucket: &name, ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{Rules: []types.ServerSideEncryptionRule{{
			ApplyServerSideEncryptionByDefault: &types.ServerSideEncryptionByDefault{SSEAlgorithm: types.ServerSideEncryption(b.Encryption.Algorithm.Or("AES256"))},
		}}},
	}))(t)
	if b.Logging.Enabled.Or(false) {
		target := name
		if !b.Logging.IntoItself.Or(false) {
			target += "-logs"
			create(t, cfg, target)
		}
		grantLogDelivery(t, cfg, target)
		mototest.Must(c.PutBucketLogging(ctx, &sdk.PutBucketLoggingInput{
			Bucket: &name, BucketLoggingStatus: &types.BucketLoggingStatus{LoggingEnabled: &types.LoggingEnabled{
				TargetBucket: &target, TargetPrefix: awssdk.String("s3/"),
			}},
		}))(t)
	}
	return name
}

// grantLogDelivery lets the log service write: moto checks it.
func grantLogDelivery(t *testing.T, cfg awssdk.Config, bucket string) {
	mototest.Must(client(cfg).PutBucketAcl(t.Context(), &sdk.PutBucketAclInput{Bucket: &bucket, ACL: types.BucketCannedACL("log-delivery-write")}))(t)
}

// knownText writes a policy with the live bucket in the place of what the code
// would compute of it: its ARN as a whole, or a part of its name.
func knownText(text asset.Text, bucket *asset.Asset, name string) string {
	const partOfName = "\x00"
	var document strings.Builder
	for _, p := range text.Parts() {
		switch {
		case p.Hole == nil:
			document.WriteString(p.Literal)
		case strings.HasPrefix(p.Hole.Computed, bucket.Address+"."):
			document.WriteString("arn:aws:s3:::" + name)
		case strings.HasPrefix(p.Hole.Computed, "data.name"), strings.HasPrefix(p.Hole.Computed, "AWS::"):
			document.WriteString(partOfName)
		default:
			document.WriteString("arn:aws:iam::111122223333:role/computed")
		}
	}
	return regexp.MustCompile(`arn:aws:s3:::[^"/]*`+partOfName+`[^"/]*`).ReplaceAllString(document.String(), "arn:aws:s3:::"+name)
}

func account(t *testing.T, cfg awssdk.Config) *string {
	return mototest.Must(sts.NewFromConfig(cfg).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{}))(t).Account
}

func blockOf(b s3.PublicAccessBlock) *controltypes.PublicAccessBlockConfiguration {
	return &controltypes.PublicAccessBlockConfiguration{
		BlockPublicAcls: awssdk.Bool(b.BlockPublicACLs.Or(false)), IgnorePublicAcls: awssdk.Bool(b.IgnorePublicACLs.Or(false)),
		BlockPublicPolicy: awssdk.Bool(b.BlockPublicPolicy.Or(false)), RestrictPublicBuckets: awssdk.Bool(b.RestrictPublicBuckets.Or(false)),
	}
}

func buildAccount(t *testing.T, cfg awssdk.Config, a *asset.Asset) string {
	id := account(t, cfg)
	mototest.Must(s3control.NewFromConfig(cfg).PutPublicAccessBlock(t.Context(), &s3control.PutPublicAccessBlockInput{
		AccountId: id, PublicAccessBlockConfiguration: blockOf(a.Config.(*s3.Account).PublicAccessBlock),
	}))(t)
	return *id
}

func buildAccessPoint(t *testing.T, cfg awssdk.Config, a *asset.Asset) string {
	bucket := bucketName(t)
	create(t, cfg, bucket)
	accessPoint(t, cfg, bucket, "reader", a.Config.(*s3.AccessPoint).PublicAccessBlock)
	return "reader"
}

func accessPoint(t *testing.T, cfg awssdk.Config, bucket, name string, block s3.PublicAccessBlock) {
	mototest.Must(s3control.NewFromConfig(cfg).CreateAccessPoint(t.Context(), &s3control.CreateAccessPointInput{
		AccountId: account(t, cfg), Bucket: &bucket, Name: &name, PublicAccessBlockConfiguration: blockOf(block),
	}))(t)
}
