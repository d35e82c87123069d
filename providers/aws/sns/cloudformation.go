// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package sns

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/aws/policy"
	"github.com/plumb-cspm/plumb/internal/source/code/cloudformation"
)

// CloudFormation reads the room's assets from CloudFormation.
func CloudFormation() []cloudformation.Decoder {
	return []cloudformation.Decoder{
		{Resources: []string{topicResource, "AWS::SNS::TopicPolicy", "AWS::SNS::TopicInlinePolicy"}, Decode: topicsInStack},
		{Resources: []string{topicResource, "AWS::SNS::Subscription"}, Decode: subscriptionsInStack},
	}
}

const topicResource = "AWS::SNS::Topic"

func topicsInStack(s *cloudformation.Stack, emit func(*asset.Asset)) {
	policies := s.Join("AWS::SNS::TopicPolicy", "Topics", topicResource)
	inline := s.Join("AWS::SNS::TopicInlinePolicy", "TopicArn", topicResource)
	for _, r := range s.Resources(topicResource) {
		text := inline.Text(r, "PolicyDocument")
		if found, _ := inline.Of(r); len(found) == 0 && text.IsKnown() {
			text = policies.Text(r, "PolicyDocument")
		}
		a := r.Asset(TopicType, r.String("TopicName").Or(""))
		a.Config = &Topic{Policy: policy.Parse(text), Encrypted: r.Given("KmsMasterKeyId")}
		emit(a)
	}
}

// subscriptionsInStack reads subscriptions, also those written in their topic.
func subscriptionsInStack(s *cloudformation.Stack, emit func(*asset.Asset)) {
	for _, r := range s.Resources("AWS::SNS::Subscription") {
		a := r.Asset(SubscriptionType, "")
		a.Config = &Subscription{Topic: r.Ref("TopicArn", topicResource), Protocol: r.String("Protocol")}
		emit(a)
	}
	for _, r := range s.Resources(topicResource) {
		for i, b := range r.Blocks("Subscription").Elems() {
			a := r.Part(b, i).Asset(SubscriptionType, "")
			a.Config = &Subscription{Topic: r.Self(), Protocol: b.String("Protocol")}
			emit(a)
		}
	}
}
