// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package sqs

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/aws/policy"
)

// Queue is a standard or FIFO queue.
type Queue struct {
	// Policy says who else may use the queue; a queue without one is its
	// account's alone.
	Policy     policy.Document `plumb:"policy"`
	Encryption Encryption      `plumb:"encryption"`
}

// Encryption is how messages are kept at rest.
type Encryption struct {
	// Enabled says that messages are encrypted, by whatever key. SQS does so for
	// a new queue unless it is told not to.
	Enabled asset.Value[bool] `plumb:"enabled"`
	// KMS says that the key is one of KMS, the AWS managed one included.
	KMS asset.Value[bool] `plumb:"kms"`
}
