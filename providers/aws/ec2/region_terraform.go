// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package ec2

import (
	"slices"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/terraform"
)

const (
	ebsEncryptionBlock = "aws_ebs_encryption_by_default"
	snapshotBlockBlock = "aws_ebs_snapshot_block_public_access"
	imdsTokensBlock    = "aws_ec2_instance_metadata_defaults"
)

var settingOf = map[string]string{
	ebsEncryptionBlock: ebsEncryption, snapshotBlockBlock: snapshotBlock, imdsTokensBlock: imdsTokens,
}

var regionBlocks = []string{ebsEncryptionBlock, snapshotBlockBlock, imdsTokensBlock}

// decodeRegion makes an asset of each block: all settings of its region, judged
// on the one that it states. A region for which the code states nothing has what
// a new account has.
func decodeRegion(r *terraform.Root, emit func(*asset.Asset)) {
	blocks := r.Resources(regionBlocks...)
	for _, b := range blocks {
		a := b.Asset(RegionSettingsType, "")
		settings := regionOf(r, b)
		settings.Stated = asset.ListOf([]asset.Value[string]{asset.Known(settingOf[b.Type], b.Source())}, b.Source())
		a.Config = settings
		emit(a)
	}
	if len(blocks) == 0 {
		a := r.Implied(RegionSettingsType)
		a.Config = newRegion()
		emit(a)
	}
}

// newRegion is what a new account has.
func newRegion() *RegionSettings {
	return &RegionSettings{
		Stated:        asset.DefaultList[asset.Value[string]](nil, nil),
		EBSEncryption: asset.Default(false, nil),
		SnapshotBlock: asset.Default(unblocked, nil),
		IMDSTokens:    asset.Default(NoPreference, nil),
	}
}

// regionOf are the settings of the region that a block's thing is in.
func regionOf(r *terraform.Root, of *terraform.Block) *RegionSettings {
	settings := newRegion()
	region := of.Region()
	here := func(b *terraform.Block) bool {
		return b.Region().Or("") == region.Or("") && b.Region().IsKnown() == region.IsKnown()
	}
	for _, b := range slices.DeleteFunc(slices.Clone(r.Resources(regionBlocks...)), func(b *terraform.Block) bool { return !here(b) }) {
		switch b.Type {
		case ebsEncryptionBlock:
			settings.EBSEncryption = b.Bool("enabled", true)
		case snapshotBlockBlock:
			settings.SnapshotBlock = b.String("state")
		case imdsTokensBlock:
			settings.IMDSTokens = b.String("http_tokens", NoPreference)
		}
	}
	return settings
}
