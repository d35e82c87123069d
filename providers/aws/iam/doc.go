// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package iam is the room of AWS Identity and Access Management: users, groups,
// roles, policies, server certificates and the account's sign-in settings.
package iam

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/terraform"
)

// The asset types of the room.
const (
	AccountType           = "aws.iam.account"
	UserType              = "aws.iam.user"
	GroupType             = "aws.iam.group"
	RoleType              = "aws.iam.role"
	PolicyType            = "aws.iam.policy"
	ServerCertificateType = "aws.iam.server_certificate"
)

// Types describes the asset types of the room.
func Types() []asset.Type {
	return []asset.Type{
		{Name: AccountType, Title: "IAM account settings", New: func() any { return new(Account) }, Singleton: asset.PerAccount},
		{Name: UserType, Title: "IAM user", New: func() any { return new(User) }},
		{Name: GroupType, Title: "IAM group", New: func() any { return new(Group) }},
		{Name: RoleType, Title: "IAM role", New: func() any { return new(Role) }},
		{Name: PolicyType, Title: "IAM policy", New: func() any { return new(Policy) }},
		{Name: ServerCertificateType, Title: "IAM server certificate", New: func() any { return new(ServerCertificate) }},
	}
}

// Terraform reads the room's assets from Terraform.
func Terraform() []terraform.Decoder {
	return []terraform.Decoder{
		{Resources: principalBlocks, Decode: decodePrincipals},
		{Resources: policyBlocks, Decode: decodePolicies},
		{Resources: []string{"aws_iam_account_password_policy"}, Decode: decodeAccount},
	}
}
