// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package dynamodb

import "github.com/plumb-cspm/plumb/internal/asset"

// Table is a table, or the replica of a global table in one region: each has
// settings of its own.
type Table struct {
	// PointInTimeRecovery says that the table can be restored to any second of
	// the last days.
	PointInTimeRecovery asset.Value[bool] `plumb:"point_in_time_recovery"`
	DeletionProtection  asset.Value[bool] `plumb:"deletion_protection"`
	Encryption          Encryption        `plumb:"encryption"`
}

// Encryption is by which key the table is encrypted. DynamoDB encrypts all
// tables.
type Encryption struct {
	// KMS says that the key is in KMS, so that its use shows in CloudTrail; the
	// key is DynamoDB's own otherwise.
	KMS asset.Value[bool] `plumb:"kms"`
	// KMSKeyID is the key in KMS; "" where there is none or where code leaves the
	// choice to DynamoDB, which takes the AWS managed one.
	KMSKeyID asset.Value[string] `plumb:"kms_key_id"`
}
