// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package sns

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/aws/policy"
	"github.com/plumb-cspm/plumb/internal/source/code/terraform"
)

const topicBlock = "aws_sns_topic"

func decodeTopics(r *terraform.Root, emit func(*asset.Asset)) {
	policies := r.Join("aws_sns_topic_policy", "arn", topicBlock, "arn", "id")
	for _, b := range r.Resources(topicBlock) {
		a := b.Asset(TopicType, b.String("name").Or(""))
		a.Config = &Topic{Policy: decodePolicy(b, policies), Encrypted: b.Given("kms_master_key_id")}
		emit(a)
	}
	// The policy of a topic that other code declares is judged by itself.
	elsewhere := asset.Missing[bool](asset.Elsewhere("the topic is declared elsewhere"))
	for _, group := range terraform.Strays(policies) {
		a := group[0].Asset(TopicType, group[0].String("arn").Or(""))
		a.Config = &Topic{Policy: policy.Parse(group[0].Text("policy")), Encrypted: elsewhere}
		emit(a)
	}
}

// decodePolicy reads the policy in a block of its own, else that in the topic's.
func decodePolicy(b *terraform.Block, in *terraform.Join) policy.Document {
	found, maybe := in.Of(b)
	switch {
	case len(found) > 0:
		return policy.Parse(found[0].Text("policy"))
	case maybe != "" && !b.Declared("policy"):
		return policy.Parse(asset.Unknown[asset.Text](maybe, b.Source()))
	}
	return policy.Parse(b.Text("policy"))
}

func decodeSubscriptions(r *terraform.Root, emit func(*asset.Asset)) {
	for _, b := range r.Resources("aws_sns_topic_subscription") {
		a := b.Asset(SubscriptionType, "")
		a.Config = &Subscription{Topic: b.Ref("topic_arn", topicBlock), Protocol: b.String("protocol")}
		emit(a)
	}
}
