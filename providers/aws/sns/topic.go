// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package sns

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/aws/policy"
)

// Topic is a standard or FIFO topic.
type Topic struct {
	// Policy says who else may use the topic. The one that SNS gives to a new
	// topic admits its own account only.
	Policy policy.Document `plumb:"policy"`
	// Encrypted says that messages are encrypted at rest with a KMS key, the AWS
	// managed one included. SNS does so only where it is told to.
	Encrypted asset.Value[bool] `plumb:"encrypted"`
}

// Subscription sends what is published to a topic on to an endpoint.
type Subscription struct {
	Topic asset.Ref `plumb:"topic" target:"aws.sns.topic"`
	// Protocol is http, https, email, email-json, sms, sqs, lambda, firehose or
	// application.
	Protocol asset.Value[string] `plumb:"protocol"`
}
