// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package ec2

import "github.com/plumb-cspm/plumb/internal/asset"

// Volume is a disk in Amazon EBS.
type Volume struct {
	Encrypted asset.Value[bool] `plumb:"encrypted"`
}

// Snapshot is a copy of a volume at one moment.
type Snapshot struct {
	Encrypted asset.Value[bool] `plumb:"encrypted"`
	// Public says that every AWS customer can make a volume of it.
	Public asset.Value[bool] `plumb:"public"`
}

// Image is a machine image (AMI) of the account's own. In code also one of
// another place that the code shares.
type Image struct {
	// Public says that every AWS customer can launch it.
	Public asset.Value[bool] `plumb:"public"`
}

// RegionSettings are the settings of EC2 for an account in a region. An asset
// from code is judged on the setting that its block is about.
type RegionSettings struct {
	// Stated are the names of the fields that are to be judged: all where the
	// API answers, the one of the block in code.
	Stated asset.List[asset.Value[string]] `plumb:"stated"`
	// EBSEncryption encrypts all new volumes and copies of snapshots.
	EBSEncryption asset.Value[bool] `plumb:"ebs_encryption_by_default"`
	// SnapshotBlock is block-all-sharing, block-new-sharing or unblocked.
	SnapshotBlock asset.Value[string] `plumb:"snapshot_block_public_access"`
	// IMDSTokens is what new instances get that do not say themselves: required
	// (version 2 of the metadata service only), optional or no-preference.
	IMDSTokens asset.Value[string] `plumb:"imds_http_tokens"`
}

// The names of the settings.
const (
	ebsEncryption = "ebs_encryption_by_default"
	snapshotBlock = "snapshot_block_public_access"
	imdsTokens    = "imds_http_tokens"
)

// Settings lists the names that Stated can have.
func Settings() []string { return []string{ebsEncryption, snapshotBlock, imdsTokens} }

// NoPreference is the account's default for tokens where it sets none.
const NoPreference = "no-preference"

const unblocked = "unblocked"
