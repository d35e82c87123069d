// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package sqs

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/aws/policy"
	"github.com/plumb-cspm/plumb/internal/source/code/terraform"
)

func decodeQueues(r *terraform.Root, emit func(*asset.Asset)) {
	policies := r.Join("aws_sqs_queue_policy", "queue_url", "aws_sqs_queue", "id", "url")
	for _, b := range r.Resources("aws_sqs_queue") {
		a := b.Asset(QueueType, b.String("name").Or(""))
		a.Config = &Queue{Policy: decodePolicy(b, policies), Encryption: decodeEncryption(b)}
		emit(a)
	}
	// The policy of a queue that other code declares is judged by itself.
	elsewhere := asset.Missing[bool](asset.Elsewhere("the queue is declared elsewhere"))
	for _, group := range terraform.Strays(policies) {
		a := group[0].Asset(QueueType, group[0].String("queue_url").Or(""))
		a.Config = &Queue{Policy: policy.Parse(group[0].Text("policy")), Encryption: Encryption{Enabled: elsewhere, KMS: elsewhere}}
		emit(a)
	}
}

// decodePolicy reads the policy in a block of its own, else that in the queue's.
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

// decodeEncryption reads the two ways to encrypt. A queue that mentions neither
// gets the keys of SQS itself; one with a KMS key uses that.
func decodeEncryption(b *terraform.Block) Encryption {
	kms := b.Given("kms_master_key_id")
	return Encryption{Enabled: either(kms, b.Bool("sqs_managed_sse_enabled", true)), KMS: kms}
}

// either is true where one of the two is, whatever the other.
func either(a, b asset.Value[bool]) asset.Value[bool] {
	if a.Or(false) || !a.IsKnown() && !b.Or(false) {
		return a
	}
	return b
}
