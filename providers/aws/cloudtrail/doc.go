// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package cloudtrail is the room of AWS CloudTrail: trails, and which trails
// record an account. It reads no API itself: its live package does.
package cloudtrail

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/terraform"
)

// The asset types of the room.
const (
	TrailType   = "aws.cloudtrail.trail"
	AccountType = "aws.cloudtrail.account"
)

// Types describes the asset types of the room.
func Types() []asset.Type {
	return []asset.Type{
		{Name: TrailType, Title: "CloudTrail trail", New: func() any { return new(Trail) }},
		{Name: AccountType, Title: "CloudTrail of an account", New: func() any { return new(Account) }, Singleton: asset.PerAccount},
	}
}

// Terraform reads the room's assets from Terraform.
func Terraform() []terraform.Decoder {
	return []terraform.Decoder{{Resources: []string{"aws_cloudtrail"}, Decode: decodeTrails}}
}
