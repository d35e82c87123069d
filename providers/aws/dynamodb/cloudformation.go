// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package dynamodb

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/cloudformation"
)

// CloudFormation reads the room's assets from CloudFormation.
func CloudFormation() []cloudformation.Decoder {
	return []cloudformation.Decoder{
		{Resources: []string{"AWS::DynamoDB::Table"}, Decode: tablesInStack},
		{Resources: []string{"AWS::DynamoDB::GlobalTable"}, Decode: replicasInStack},
	}
}

func tablesInStack(s *cloudformation.Stack, emit func(*asset.Asset)) {
	for _, r := range s.Resources("AWS::DynamoDB::Table") {
		a := r.Asset(TableType, r.String("TableName").Or(""))
		a.Config = &Table{
			PointInTimeRecovery: recoveryInStack(r.Block("PointInTimeRecoverySpecification")),
			DeletionProtection:  r.Bool("DeletionProtectionEnabled"),
			Encryption: Encryption{
				KMS: r.Bool("SSESpecification.SSEEnabled"), KMSKeyID: r.String("SSESpecification.KMSMasterKeyId"),
			},
		}
		emit(a)
	}
}

func recoveryInStack(b *cloudformation.Block) asset.Value[bool] {
	return b.Bool("PointInTimeRecoveryEnabled")
}

// replicasInStack reads the replicas of a global table: each is a table of its
// own, encrypted alike but with its own key.
func replicasInStack(s *cloudformation.Stack, emit func(*asset.Asset)) {
	for _, r := range s.Resources("AWS::DynamoDB::GlobalTable") {
		for i, replica := range r.Blocks("Replicas").Elems() {
			a := r.Part(replica, i).Asset(TableType, r.String("TableName").Or(""))
			a.Scope.Region = replica.String("Region").Or(a.Scope.Region)
			a.Config = &Table{
				PointInTimeRecovery: recoveryInStack(replica.Block("PointInTimeRecoverySpecification")),
				DeletionProtection:  replica.Bool("DeletionProtectionEnabled"),
				Encryption: Encryption{
					KMS: r.Bool("SSESpecification.SSEEnabled"), KMSKeyID: replica.String("SSESpecification.KMSMasterKeyId"),
				},
			}
			emit(a)
		}
	}
}
