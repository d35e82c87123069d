// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package secretsmanager

import (
	"strings"
	"time"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/aws/policy"
)

// Secret is a secret in its own region, or a replica of it in another.
type Secret struct {
	// Policy says who else may use the secret; one without is its account's alone.
	Policy policy.Document `plumb:"policy"`
	// CustomerKey says that the secret is encrypted with a KMS key of the
	// customer's, not with the one that AWS manages for all secrets.
	CustomerKey asset.Value[bool] `plumb:"customer_key"`
	Rotation    Rotation          `plumb:"rotation"`
	// LastAccessed is the day on which somebody last read the secret; when it was
	// made where nobody ever did.
	LastAccessed asset.Value[time.Time] `plumb:"last_accessed" code:"only a live account knows when a secret was read"`
	// ManagedBy is the AWS service that made the secret and rotates it as it sees
	// fit, such as rds; "" for a secret of the customer's.
	ManagedBy asset.Value[string] `plumb:"managed_by"`
	// Replica says that the secret is a copy: rotation is its original's.
	Replica asset.Value[bool] `plumb:"replica"`
}

// Rotation is how the secret's value is replaced.
type Rotation struct {
	// Enabled says that Secrets Manager replaces the value by itself.
	Enabled asset.Value[bool] `plumb:"enabled"`
	// IntervalDays is the longest time between two rotations on schedule; 0 where
	// nothing is scheduled.
	IntervalDays asset.Value[int64] `plumb:"interval_days"`
	// Last is when the value was last rotated; when the secret was made where it
	// never was.
	Last asset.Value[time.Time] `plumb:"last" code:"only a live account knows when a secret was rotated"`
	// Planned says that the secret is still to be made: the first rotation is that
	// of its first day, and there is no last one yet.
	Planned asset.Value[bool] `plumb:"planned"`
}

// IsCustomerKey reports whether the key that a secret names is a customer's. No
// name stands for the AWS managed key, and so does its alias.
func IsCustomerKey(key string) bool {
	return key != "" && !strings.HasSuffix(key, "alias/aws/secretsmanager")
}
