// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package dynamodb

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/terraform"
)

func decodeTables(r *terraform.Root, emit func(*asset.Asset)) {
	for _, b := range r.Resources("aws_dynamodb_table") {
		encryption := b.Block("server_side_encryption")
		a := b.Asset(TableType, b.String("name").Or(""))
		a.Config = &Table{
			PointInTimeRecovery: b.Block("point_in_time_recovery").Bool("enabled"),
			DeletionProtection:  b.Bool("deletion_protection_enabled"),
			Encryption:          Encryption{KMS: encryption.Bool("enabled"), KMSKeyID: encryption.String("kms_key_arn")},
		}
		emit(a)
	}
	for _, b := range r.Resources("aws_dynamodb_table_replica") {
		key := b.String("kms_key_arn")
		a := b.Asset(TableType, "")
		a.Config = &Table{
			PointInTimeRecovery: b.Bool("point_in_time_recovery"),
			DeletionProtection:  b.Bool("deletion_protection_enabled"),
			Encryption:          Encryption{KMS: ofReplica(key), KMSKeyID: key},
		}
		emit(a)
	}
}

// ofReplica reads whether a replica's key is in KMS: one that it names is.
// Without, it is encrypted as its main table is.
func ofReplica(key asset.Value[string]) asset.Value[bool] {
	return asset.Then(key, func(arn string, at *asset.Source) asset.Value[bool] {
		if arn == "" {
			return asset.Unknown[bool]("a replica has this from its main table", at)
		}
		return asset.At(at, func() bool { return true })
	})
}
