// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package account is the room of AWS Account Management: whom AWS reaches when
// something is wrong with an account. It reads no API itself: its live package
// does. Nothing in it holds a name, address or number of a person.
package account

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/terraform"
)

// AccountType is the name of the room's asset type.
const AccountType = "aws.account.account"

// Types describes the asset types of the room.
func Types() []asset.Type {
	return []asset.Type{{Name: AccountType, Title: "AWS account contacts", New: func() any { return new(Account) }, Singleton: asset.PerAccount}}
}

// Terraform reads the room's assets from Terraform.
func Terraform() []terraform.Decoder {
	return []terraform.Decoder{{Resources: contactBlocks, Decode: decodeAccounts}}
}
