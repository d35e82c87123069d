// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package kms

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/aws/policy"
	"github.com/plumb-cspm/plumb/internal/source/code/terraform"
)

var keyBlocks = []string{"aws_kms_key", "aws_kms_external_key", "aws_kms_replica_key", "aws_kms_replica_external_key"}

func decodeKeys(r *terraform.Root, emit func(*asset.Asset)) {
	for _, typ := range keyBlocks {
		policies := r.Join("aws_kms_key_policy", "key_id", typ, "id", "arn")
		for _, b := range r.Resources(typ) {
			key := decodeKey(b)
			key.Policy = decodePolicy(b, policies)
			a := b.Asset(KeyType, "")
			a.Config = key
			emit(a)
		}
	}
}

func decodeKey(b *terraform.Block) *Key {
	key := &Key{Manager: asset.Known(CustomerManaged, b.Source()), State: stateOf(b.Bool("enabled", true))}
	switch b.Type {
	case "aws_kms_key":
		key.State = stateOf(b.Bool("is_enabled", true))
		key.Rotation = b.Bool("enable_key_rotation")
		key.Spec = b.String("customer_master_key_spec", SymmetricSpec)
		key.Usage = b.String("key_usage", encryptDecrypt)
		key.Origin = originOf(b)
		key.Replica = asset.Default(false, b.Source())
	case "aws_kms_external_key":
		key.Rotation = asset.Default(false, b.Source())
		key.Spec = b.String("key_spec", SymmetricSpec)
		key.Usage = b.String("key_usage", encryptDecrypt)
		key.Origin = asset.Known("EXTERNAL", b.Source())
		key.Replica = asset.Default(false, b.Source())
	default:
		inherited := b.Source().Missing(ofPrimary)
		key.Rotation = asset.Missing[bool](inherited)
		key.Spec, key.Usage, key.Origin = asset.Missing[string](inherited), asset.Missing[string](inherited), asset.Missing[string](inherited)
		key.Replica = asset.Known(true, b.Source())
	}
	return key
}

func stateOf(enabled asset.Value[bool]) asset.Value[string] {
	return asset.Convert(enabled, func(on bool) string {
		if on {
			return "Enabled"
		}
		return "Disabled"
	})
}

// originOf reads where the key material is from: KMS itself unless the key lives
// in a custom key store, which is an external one where it names the key there.
func originOf(b *terraform.Block) asset.Value[string] {
	switch {
	case b.Declared("xks_key_id"):
		return asset.Known("EXTERNAL_KEY_STORE", b.Source())
	case computed(b, "custom_key_store_id"):
		return asset.Known("AWS_CLOUDHSM", b.Source())
	}
	return asset.Convert(b.String("custom_key_store_id"), func(store string) string {
		if store == "" {
			return KMSOrigin
		}
		return "AWS_CLOUDHSM"
	})
}

// computed reports whether another resource supplies the attribute, so that it
// is there although its value is not known yet.
func computed(b *terraform.Block, attr string) bool {
	_, _, ok := b.Origin(attr)
	return ok
}

// decodePolicy reads the policy from the block that attaches one, else from the
// key's own block, else it is the one that KMS gives to a key without.
func decodePolicy(b *terraform.Block, in *terraform.Join) policy.Document {
	companions, maybe := in.Of(b)
	switch {
	case len(companions) > 0:
		return policy.Parse(companions[0].Text("policy"))
	case maybe != "":
		return policy.Parse(asset.Unknown[asset.Text](maybe, b.Source()))
	case !b.Declared("policy"):
		return policy.Parse(asset.Default(defaultPolicy(), b.Source()))
	}
	return policy.Parse(b.Text("policy"))
}

// defaultPolicy leaves the key to the account's IAM policies (KMS Developer
// Guide, "Default key policy").
func defaultPolicy() asset.Text {
	return asset.NewText(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::`+
		asset.HoleMark(0)+`:root"},"Action":"kms:*","Resource":"*"}]}`,
		asset.Hole{Reason: "code does not say which account it is for", Computed: "data.aws_caller_identity.current.account_id"})
}
