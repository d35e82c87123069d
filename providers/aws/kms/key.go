// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package kms

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/aws/policy"
)

// Key is a key of KMS: the customer's own, or one that AWS keeps in the
// account for a service.
type Key struct {
	// Policy says who may use and administer the key. Every key has one.
	Policy policy.Document `plumb:"policy"`
	// Rotation says that KMS replaces the key material by itself, again and again.
	Rotation asset.Value[bool] `plumb:"rotation"`
	// Manager is CUSTOMER, or AWS for keys that nobody else can change.
	Manager asset.Value[string] `plumb:"manager"`
	// State is Enabled, Disabled, PendingDeletion, PendingReplicaDeletion,
	// PendingImport, Creating, Updating or Unavailable.
	State asset.Value[string] `plumb:"state"`
	// Spec is SYMMETRIC_DEFAULT, or names the kind of an asymmetric or HMAC key.
	Spec asset.Value[string] `plumb:"spec"`
	// Usage is ENCRYPT_DECRYPT, SIGN_VERIFY, GENERATE_VERIFY_MAC or KEY_AGREEMENT.
	Usage asset.Value[string] `plumb:"usage"`
	// Origin of the key material is AWS_KMS, EXTERNAL (imported), AWS_CLOUDHSM or
	// EXTERNAL_KEY_STORE.
	Origin asset.Value[string] `plumb:"origin"`
	// Replica says that the key is a copy of a multi-Region key: its primary
	// decides over key material and rotation.
	Replica asset.Value[bool] `plumb:"replica"`
}

// The words of KMS that the room itself looks at.
const (
	CustomerManaged = "CUSTOMER"
	SymmetricSpec   = "SYMMETRIC_DEFAULT"
	KMSOrigin       = "AWS_KMS"
	encryptDecrypt  = "ENCRYPT_DECRYPT"
)

// ofPrimary is why a replica does not say what a key says.
const ofPrimary = "a replica has this from its primary key"
