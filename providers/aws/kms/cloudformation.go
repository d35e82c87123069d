// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package kms

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/aws/policy"
	"github.com/plumb-cspm/plumb/internal/source/code/cloudformation"
)

// CloudFormation reads the room's assets from CloudFormation.
func CloudFormation() []cloudformation.Decoder {
	return []cloudformation.Decoder{
		{Resources: []string{"AWS::KMS::Key"}, Decode: keysInStack},
		{Resources: []string{"AWS::KMS::ReplicaKey"}, Decode: replicasInStack},
	}
}

func keysInStack(s *cloudformation.Stack, emit func(*asset.Asset)) {
	for _, r := range s.Resources("AWS::KMS::Key") {
		a := r.Asset(KeyType, "")
		a.Config = &Key{
			Policy:   policyInStack(r),
			Rotation: r.Bool("EnableKeyRotation"),
			Manager:  asset.Known(CustomerManaged, r.Source()),
			State:    stateOf(r.Bool("Enabled", true)),
			Spec:     r.String("KeySpec", SymmetricSpec),
			Usage:    r.String("KeyUsage", encryptDecrypt),
			Origin:   r.String("Origin", KMSOrigin),
			Replica:  asset.Default(false, r.Source()),
		}
		emit(a)
	}
}

func replicasInStack(s *cloudformation.Stack, emit func(*asset.Asset)) {
	for _, r := range s.Resources("AWS::KMS::ReplicaKey") {
		inherited := r.Source().Missing(ofPrimary)
		a := r.Asset(KeyType, "")
		a.Config = &Key{
			Policy:   policyInStack(r),
			Rotation: asset.Missing[bool](inherited),
			Manager:  asset.Known(CustomerManaged, r.Source()),
			State:    stateOf(r.Bool("Enabled", true)),
			Spec:     asset.Missing[string](inherited),
			Usage:    asset.Missing[string](inherited),
			Origin:   asset.Missing[string](inherited),
			Replica:  asset.Known(true, r.Source()),
		}
		emit(a)
	}
}

// policyInStack reads the policy of a key, else it is the one that KMS gives to a
// key without.
func policyInStack(r *cloudformation.Resource) policy.Document {
	text := r.Text("KeyPolicy")
	if text.Source().State() == asset.Defaulted {
		text = asset.Default(defaultPolicy(), r.Source())
	}
	return policy.Parse(text)
}
