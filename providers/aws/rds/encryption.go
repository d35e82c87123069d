// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package rds

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/terraform"
)

// longestLine bounds how far encryption is followed from copy to original.
const longestLine = 16

// encrypted is whether a database or a snapshot is encrypted with a key in KMS:
// as it says itself, else as what it is made from.
func (r *root) encrypted(b *terraform.Block, depth int) asset.Value[bool] {
	parent := r.parents[b]
	switch {
	case b.Declared("storage_encrypted"):
		return b.Bool("storage_encrypted")
	case isCopy(b) && names(b, "kms_key_id"):
		return asset.Known(true, b.Source())
	case parent != nil && depth < longestLine:
		return r.encrypted(parent, depth+1)
	case isCopy(b):
		return asset.Unknown[bool]("it is encrypted if what it is made from is, which this code does not show", b.Source())
	case b.Type == clusterBlock:
		return asset.Convert(b.String("engine_mode", "provisioned"), func(mode string) bool { return mode == "serverless" })
	}
	return asset.Default(false, b.Source())
}

// isCopy reports whether a block makes something from a thing that exists, whose
// data is encrypted or not already.
func isCopy(b *terraform.Block) bool {
	switch b.Type {
	case instanceBlock:
		return restored(b) || names(b, "replicate_source_db")
	case clusterBlock:
		return restored(b) || names(b, "replication_source_identifier")
	}
	return true
}
