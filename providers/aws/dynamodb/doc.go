// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package dynamodb is the room of Amazon DynamoDB: tables and what protects
// their data. It reads no API itself: its live package does.
package dynamodb

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/terraform"
)

// TableType is the asset type of the room.
const TableType = "aws.dynamodb.table"

// Types describes the asset types of the room.
func Types() []asset.Type {
	return []asset.Type{
		{Name: TableType, Title: "DynamoDB table", New: func() any { return new(Table) }},
	}
}

// Terraform reads the room's assets from Terraform.
func Terraform() []terraform.Decoder {
	return []terraform.Decoder{
		{Resources: []string{"aws_dynamodb_table", "aws_dynamodb_table_replica"}, Decode: decodeTables},
	}
}
