// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package sqs is the room of Amazon Simple Queue Service: queues with their
// policies. It reads no API itself: its live package does.
package sqs

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/terraform"
)

// QueueType is the name of the room's asset type.
const QueueType = "aws.sqs.queue"

// Types describes the asset types of the room.
func Types() []asset.Type {
	return []asset.Type{{Name: QueueType, Title: "SQS queue", New: func() any { return new(Queue) }}}
}

// Terraform reads the room's assets from Terraform.
func Terraform() []terraform.Decoder {
	return []terraform.Decoder{{Resources: []string{"aws_sqs_queue", "aws_sqs_queue_policy"}, Decode: decodeQueues}}
}
