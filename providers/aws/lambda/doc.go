// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package lambda is the room of AWS Lambda: functions, who may invoke them, and
// their URLs. It reads no API itself: its live package does.
package lambda

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/terraform"
)

// The asset types of the room.
const (
	FunctionType    = "aws.lambda.function"
	FunctionURLType = "aws.lambda.function_url"
)

// Types describes the asset types of the room.
func Types() []asset.Type {
	return []asset.Type{
		{Name: FunctionType, Title: "Lambda function", New: func() any { return new(Function) }},
		{Name: FunctionURLType, Title: "Lambda function URL", New: func() any { return new(FunctionURL) }},
	}
}

// Terraform reads the room's assets from Terraform.
func Terraform() []terraform.Decoder {
	return []terraform.Decoder{
		{Resources: []string{"aws_lambda_function", "aws_lambda_permission"}, Decode: decodeFunctions},
		{Resources: []string{"aws_lambda_function_url"}, Decode: decodeURLs},
	}
}
