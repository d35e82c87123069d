// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package s3

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/aws/policy"
)

// Bucket is a general purpose bucket.
type Bucket struct {
	// Policy is the bucket policy.
	Policy policy.Document `plumb:"policy"`
	// Grants are what the bucket ACL gives to others than the owner.
	Grants asset.List[Grant] `plumb:"acl_grants"`
	// ObjectOwnership is BucketOwnerEnforced (ACLs are off), BucketOwnerPreferred
	// or ObjectWriter.
	ObjectOwnership   asset.Value[string] `plumb:"object_ownership"`
	PublicAccessBlock PublicAccessBlock   `plumb:"public_access_block"`
	// Versioning is Enabled, Suspended or Disabled.
	Versioning asset.Value[string] `plumb:"versioning"`
	// MFADelete asks for a second factor before a version is deleted for good.
	MFADelete  asset.Value[bool] `plumb:"mfa_delete"`
	Encryption Encryption        `plumb:"encryption"`
	Logging    Logging           `plumb:"logging"`
	// Trails are the CloudTrail trails that deliver to the bucket.
	Trails asset.List[asset.Ref] `plumb:"trails" target:"aws.cloudtrail.trail" reverse:"aws.cloudtrail.trail.bucket"`
}

// Grant is one line of an ACL.
type Grant struct {
	// Grantee is AllUsers (everyone), AuthenticatedUsers (every AWS customer),
	// LogDelivery, or the id of an account.
	Grantee asset.Value[string] `plumb:"grantee"`
	// Permission is READ, WRITE, READ_ACP, WRITE_ACP or FULL_CONTROL.
	Permission asset.Value[string] `plumb:"permission"`
}

// The groups that an ACL can grant to.
const (
	allUsers           = "AllUsers"
	authenticatedUsers = "AuthenticatedUsers"
	logDelivery        = "LogDelivery"
)

// PublicAccessBlock are the four switches of S3 Block Public Access.
type PublicAccessBlock struct {
	// Declared says that the switches are written down for this very thing, not
	// only what S3 sets on everything made since April 2023.
	Declared              asset.Value[bool] `plumb:"declared"`
	BlockPublicACLs       asset.Value[bool] `plumb:"block_public_acls"`
	IgnorePublicACLs      asset.Value[bool] `plumb:"ignore_public_acls"`
	BlockPublicPolicy     asset.Value[bool] `plumb:"block_public_policy"`
	RestrictPublicBuckets asset.Value[bool] `plumb:"restrict_public_buckets"`
}

// allOf is a block whose four switches have the same value.
func allOf(declared, on asset.Value[bool]) PublicAccessBlock {
	return PublicAccessBlock{declared, on, on, on, on}
}

// Encryption is how new objects are encrypted when a request does not say.
type Encryption struct {
	// Declared says that a rule is written down; S3 encrypts with AES256 since
	// January 2023 in any case.
	Declared asset.Value[bool] `plumb:"declared" live:"the API does not tell a default from a choice"`
	// Algorithm is AES256, aws:kms or aws:kms:dsse.
	Algorithm asset.Value[string] `plumb:"algorithm"`
	// KMSKeyID is the key for aws:kms; "" for the AWS managed one.
	KMSKeyID asset.Value[string] `plumb:"kms_key_id"`
	// BucketKey saves calls to KMS.
	BucketKey asset.Value[bool] `plumb:"bucket_key"`
}

// Logging is where server access logs go.
type Logging struct {
	Enabled      asset.Value[bool]   `plumb:"enabled"`
	TargetBucket asset.Value[string] `plumb:"target_bucket"`
	// IntoItself says that the bucket is its own target.
	IntoItself asset.Value[bool] `plumb:"into_itself"`
}

// AccessPoint is a named way into a bucket with a policy of its own.
type AccessPoint struct {
	// Bucket is the bucket's name.
	Bucket            asset.Value[string] `plumb:"bucket"`
	PublicAccessBlock PublicAccessBlock   `plumb:"public_access_block"`
	// NetworkOrigin is Internet or VPC.
	NetworkOrigin asset.Value[string] `plumb:"network_origin"`
}

// Account are the settings of S3 for an account.
type Account struct {
	PublicAccessBlock PublicAccessBlock `plumb:"public_access_block"`
}
