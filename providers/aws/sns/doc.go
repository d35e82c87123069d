// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package sns is the room of Amazon Simple Notification Service: topics with
// their policies, and subscriptions. It reads no API itself: its live package
// does.
package sns

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/terraform"
)

// The asset types of the room.
const (
	TopicType        = "aws.sns.topic"
	SubscriptionType = "aws.sns.subscription"
)

// Types describes the asset types of the room.
func Types() []asset.Type {
	return []asset.Type{
		{Name: TopicType, Title: "SNS topic", New: func() any { return new(Topic) }},
		{Name: SubscriptionType, Title: "SNS subscription", New: func() any { return new(Subscription) }},
	}
}

// Terraform reads the room's assets from Terraform.
func Terraform() []terraform.Decoder {
	return []terraform.Decoder{
		{Resources: []string{"aws_sns_topic", "aws_sns_topic_policy"}, Decode: decodeTopics},
		{Resources: []string{"aws_sns_topic_subscription"}, Decode: decodeSubscriptions},
	}
}
