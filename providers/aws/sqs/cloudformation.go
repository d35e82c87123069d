// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package sqs

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/aws/policy"
	"github.com/plumb-cspm/plumb/internal/source/code/cloudformation"
)

// CloudFormation reads the room's assets from CloudFormation.
func CloudFormation() []cloudformation.Decoder {
	return []cloudformation.Decoder{{
		Resources: []string{queueResource, "AWS::SQS::QueuePolicy", "AWS::SQS::QueueInlinePolicy"}, Decode: queuesInStack,
	}}
}

const queueResource = "AWS::SQS::Queue"

func queuesInStack(s *cloudformation.Stack, emit func(*asset.Asset)) {
	policies := s.Join("AWS::SQS::QueuePolicy", "Queues", queueResource)
	inline := s.Join("AWS::SQS::QueueInlinePolicy", "Queue", queueResource)
	for _, r := range s.Resources(queueResource) {
		kms := r.Given("KmsMasterKeyId")
		text := inline.Text(r, "PolicyDocument")
		if found, _ := inline.Of(r); len(found) == 0 && text.IsKnown() {
			text = policies.Text(r, "PolicyDocument")
		}
		a := r.Asset(QueueType, r.String("QueueName").Or(""))
		a.Config = &Queue{
			Policy: policy.Parse(text),
			// SQS encrypts a new queue with its own keys unless it is told not to.
			Encryption: Encryption{Enabled: either(kms, r.Bool("SqsManagedSseEnabled", true)), KMS: kms},
		}
		emit(a)
	}
}
