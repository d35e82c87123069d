// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package kms is the room of AWS Key Management Service: keys, their policies
// and their rotation. It reads no API itself: its live package does.
package kms

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/terraform"
)

// KeyType is the asset type of the room.
const KeyType = "aws.kms.key"

// Types describes the asset types of the room.
func Types() []asset.Type {
	return []asset.Type{
		{Name: KeyType, Title: "KMS key", New: func() any { return new(Key) }},
	}
}

// Terraform reads the room's assets from Terraform.
func Terraform() []terraform.Decoder {
	return []terraform.Decoder{
		{Resources: append([]string{"aws_kms_key_policy"}, keyBlocks...), Decode: decodeKeys},
	}
}
