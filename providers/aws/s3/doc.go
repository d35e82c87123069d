// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package s3 is the room of Amazon S3: buckets, access points and the account's
// public access block. It reads no API itself: its live package does.
package s3

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/terraform"
)

// The asset types of the room.
const (
	BucketType      = "aws.s3.bucket"
	AccessPointType = "aws.s3.access_point"
	AccountType     = "aws.s3.account"
)

// Types describes the asset types of the room.
func Types() []asset.Type {
	return []asset.Type{
		{Name: BucketType, Title: "S3 bucket", New: func() any { return new(Bucket) }},
		{Name: AccessPointType, Title: "S3 access point", New: func() any { return new(AccessPoint) }},
		{Name: AccountType, Title: "S3 account settings", New: func() any { return new(Account) }, Singleton: asset.PerAccount},
	}
}

// Terraform reads the room's assets from Terraform.
func Terraform() []terraform.Decoder {
	return []terraform.Decoder{
		{Resources: bucketBlocks, Decode: decodeBuckets},
		{Resources: []string{"aws_s3_access_point"}, Decode: decodeAccessPoints},
		{Resources: []string{"aws_s3_account_public_access_block"}, Decode: decodeAccount},
	}
}
