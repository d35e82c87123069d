// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package secretsmanager is the room of AWS Secrets Manager: what is known
// about secrets, never what is in them. It reads no API itself: its live
// package does.
package secretsmanager

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/terraform"
)

// SecretType is the name of the room's asset type.
const SecretType = "aws.secretsmanager.secret"

// Types describes the asset types of the room.
func Types() []asset.Type {
	return []asset.Type{{Name: SecretType, Title: "Secrets Manager secret", New: func() any { return new(Secret) }}}
}

// Terraform reads the room's assets from Terraform.
func Terraform() []terraform.Decoder {
	return []terraform.Decoder{{
		Resources: []string{secretBlock, "aws_secretsmanager_secret_policy", "aws_secretsmanager_secret_rotation"},
		Decode:    decodeSecrets,
	}}
}
