// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package s3

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/aws/policy"
	"github.com/plumb-cspm/plumb/internal/source/code"
	"github.com/plumb-cspm/plumb/internal/source/code/cloudformation"
)

// CloudFormation reads the room's assets from CloudFormation. No resource sets
// the account's public access block.
func CloudFormation() []cloudformation.Decoder {
	return []cloudformation.Decoder{
		{Resources: []string{bucketResource, "AWS::S3::BucketPolicy"}, Decode: bucketsInStack},
		{Resources: []string{"AWS::S3::AccessPoint"}, Decode: accessPointsInStack},
		{Decode: accountOfStack},
	}
}

const bucketResource = "AWS::S3::Bucket"

func bucketsInStack(s *cloudformation.Stack, emit func(*asset.Asset)) {
	policies := s.Join("AWS::S3::BucketPolicy", "Bucket", bucketResource, "BucketName")
	for _, r := range s.Resources(bucketResource) {
		a := r.Asset(BucketType, r.String("BucketName").Or(""))
		a.Config = &Bucket{
			Policy:            policy.Parse(asset.Convert(policies.Text(r, "PolicyDocument"), func(t asset.Text) asset.Text { return withName(t, r) })),
			Grants:            grantsInStack(r),
			ObjectOwnership:   ownershipInStack(r),
			PublicAccessBlock: blockInStack(r.Block("PublicAccessBlockConfiguration"), false),
			Versioning:        r.String("VersioningConfiguration.Status", "Disabled"),
			MFADelete:         asset.Default(false, r.Source()), // CloudFormation cannot turn it on
			Encryption:        encryptionInStack(r),
			Logging:           loggingInStack(r),
		}
		emit(a)
	}
}

// withName is a policy in which the parts that the bucket's own name is made of
// count as parts of a name: whatever value they get, it has no slash and no star.
func withName(t asset.Text, r *cloudformation.Resource) asset.Text {
	own := map[string]bool{}
	for _, part := range r.Fragment("BucketName").Parts() {
		if part.Hole != nil {
			own[part.Hole.Reason] = true
		}
	}
	var named code.TextBuilder
	for _, part := range t.Parts() {
		switch {
		case part.Hole == nil:
			named.Literal(part.Literal)
		case part.Hole.Computed == "" && own[part.Hole.Reason]:
			named.Hole(asset.Hole{Reason: part.Hole.Reason, Computed: "data.name of " + r.Address})
		default:
			named.Hole(*part.Hole)
		}
	}
	return named.Built()
}

// blockInStack reads a public access block. Without one S3 turns all four
// switches on for what is made today; with one, a switch that it does not mention
// is silent.
func blockInStack(b *cloudformation.Block, silent bool) PublicAccessBlock {
	if b.IsAbsent() {
		return allOf(asset.Default(false, b.Source()), asset.Default(true, b.Source()))
	}
	return PublicAccessBlock{
		Declared:              b.IsWritten(),
		BlockPublicACLs:       b.Bool("BlockPublicAcls", silent),
		IgnorePublicACLs:      b.Bool("IgnorePublicAcls", silent),
		BlockPublicPolicy:     b.Bool("BlockPublicPolicy", silent),
		RestrictPublicBuckets: b.Bool("RestrictPublicBuckets", silent),
	}
}

// ownershipInStack reads the one rule that a bucket can have.
func ownershipInStack(r *cloudformation.Resource) asset.Value[string] {
	rules := r.Blocks("OwnershipControls.Rules")
	for _, rule := range rules.Elems() {
		return rule.String("ObjectOwnership", enforced)
	}
	if reason, open := rules.More(); open {
		return asset.Unknown[string](reason, rules.Source())
	}
	return asset.Default(enforced, r.Source())
}

const enforced = "BucketOwnerEnforced"

// cannedACLs are the canned ACLs under the names that CloudFormation has for them.
var cannedACLs = map[string]string{
	"Private":                "private",
	"PublicRead":             "public-read",
	"PublicReadWrite":        "public-read-write",
	"AuthenticatedRead":      "authenticated-read",
	"LogDeliveryWrite":       "log-delivery-write",
	"AwsExecRead":            "aws-exec-read",
	"BucketOwnerRead":        "bucket-owner-read",
	"BucketOwnerFullControl": "bucket-owner-full-control",
}

func grantsInStack(r *cloudformation.Resource) asset.List[Grant] {
	acl := r.String("AccessControl", "Private")
	return cannedACL(asset.Convert(acl, func(name string) string {
		if canned, ok := cannedACLs[name]; ok {
			return canned
		}
		return name
	}))
}

// encryptionInStack reads the first rule; S3 takes one.
func encryptionInStack(r *cloudformation.Resource) Encryption {
	rules := r.Blocks("BucketEncryption.ServerSideEncryptionConfiguration")
	for _, rule := range rules.Elems() {
		byDefault := rule.Block("ServerSideEncryptionByDefault")
		return Encryption{
			Declared:  asset.Known(true, rule.Source()),
			Algorithm: byDefault.String("SSEAlgorithm", "AES256"),
			KMSKeyID:  byDefault.String("KMSMasterKeyID"),
			BucketKey: rule.Bool("BucketKeyEnabled"),
		}
	}
	if reason, open := rules.More(); open {
		missing := rules.Source().Missing(reason)
		return Encryption{
			Declared: asset.Missing[bool](missing), Algorithm: asset.Missing[string](missing),
			KMSKeyID: asset.Missing[string](missing), BucketKey: asset.Missing[bool](missing),
		}
	}
	at := r.Source()
	return Encryption{
		Declared: asset.Default(false, at), Algorithm: asset.Default("AES256", at),
		KMSKeyID: asset.Default("", at), BucketKey: asset.Default(false, at),
	}
}

// loggingInStack reads where the logs go: into the bucket itself where the
// configuration names no other.
func loggingInStack(r *cloudformation.Resource) Logging {
	b := r.Block("LoggingConfiguration")
	if b.IsAbsent() {
		off := asset.Default(false, r.Source())
		return Logging{off, asset.Default("", r.Source()), off}
	}
	l := Logging{Enabled: b.IsWritten(), TargetBucket: b.String("DestinationBucketName")}
	switch address, _, ok := b.Origin("DestinationBucketName"); {
	case ok:
		l.IntoItself = asset.Known(address == r.Address, b.Source())
	case !b.Declared("DestinationBucketName"):
		l.IntoItself = asset.Convert(l.TargetBucket, func(name string) bool { return name == "" })
	case !r.Declared("BucketName"):
		l.IntoItself = asset.Known(false, b.Source()) // its own name is made up at deployment
	default:
		l.IntoItself = asset.Then(r.String("BucketName"), func(own string, _ *asset.Source) asset.Value[bool] {
			return asset.Convert(l.TargetBucket, func(name string) bool { return name == own })
		})
	}
	return l
}

func accessPointsInStack(s *cloudformation.Stack, emit func(*asset.Asset)) {
	for _, r := range s.Resources("AWS::S3::AccessPoint") {
		origin := asset.Default("Internet", r.Source())
		if vpc := r.Block("VpcConfiguration"); !vpc.IsAbsent() {
			origin = asset.Convert(vpc.IsWritten(), func(bool) string { return "VPC" })
		}
		a := r.Asset(AccessPointType, r.String("Name").Or(""))
		a.Config = &AccessPoint{
			Bucket: r.String("Bucket"), NetworkOrigin: origin,
			PublicAccessBlock: blockInStack(r.Block("PublicAccessBlockConfiguration"), true),
		}
		emit(a)
	}
}

func accountOfStack(s *cloudformation.Stack, emit func(*asset.Asset)) {
	off := asset.Default(false, nil)
	a := s.Implied(AccountType)
	a.Config = &Account{PublicAccessBlock: allOf(off, off)}
	emit(a)
}
