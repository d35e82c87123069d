// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package secretsmanager

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/aws/policy"
	"github.com/plumb-cspm/plumb/internal/source/code/terraform"
)

const secretBlock = "aws_secretsmanager_secret"

func decodeSecrets(r *terraform.Root, emit func(*asset.Asset)) {
	policies := r.Join("aws_secretsmanager_secret_policy", "secret_arn", secretBlock, "arn", "id")
	rotations := r.Join("aws_secretsmanager_secret_rotation", "secret_id", secretBlock, "id", "arn", "name")
	for _, b := range r.Resources(secretBlock) {
		a := b.Asset(SecretType, b.String("name").Or(""))
		a.Config = &Secret{
			Policy:      decodePolicy(b, policies),
			CustomerKey: decodeKey(r, b),
			Rotation:    decodeRotation(b, rotations),
			ManagedBy:   asset.Default("", b.Source()),
			Replica:     asset.Default(false, b.Source()),
		}
		emit(a)
	}
}

// decodePolicy reads the policy in a block of its own, else that in the secret's.
func decodePolicy(b *terraform.Block, in *terraform.Join) policy.Document {
	found, maybe := in.Of(b)
	switch {
	case len(found) > 0:
		return policy.Parse(found[0].Text("policy"))
	case maybe != "" && !b.Declared("policy"):
		return policy.Parse(asset.Unknown[asset.Text](maybe, b.Source()))
	}
	return policy.Parse(b.Text("policy"))
}

// decodeKey tells a customer's key from the AWS managed one, which code may name
// by its alias or look up by it.
func decodeKey(r *terraform.Root, b *terraform.Block) asset.Value[bool] {
	const attribute = "kms_key_id"
	if address, _, ok := b.Origin(attribute); ok {
		for _, lookup := range r.Data("aws_kms_key", "aws_kms_alias") {
			if lookup.Address != address {
				continue
			}
			by := "name"
			if lookup.Type == "aws_kms_key" {
				by = "key_id"
			}
			return asset.Convert(lookup.String(by), IsCustomerKey)
		}
	}
	if key := b.String(attribute); key.IsKnown() {
		return asset.Convert(key, IsCustomerKey)
	}
	return b.Given(attribute)
}

// decodeRotation reads the rotation in a block of its own, else that in the
// secret's, where it stood before version 4 of the provider.
func decodeRotation(b *terraform.Block, in *terraform.Join) Rotation {
	holder, enabled := b, b.Given("rotation_lambda_arn")
	switch found, maybe := in.Of(b); {
	case len(found) > 0:
		holder, enabled = found[0], asset.Known(true, found[0].Source())
	case maybe != "" && !enabled.Or(false):
		enabled = asset.Unknown[bool](maybe, b.Source())
	}
	return Rotation{
		Enabled:      enabled,
		IntervalDays: asset.Then(enabled, func(on bool, at *asset.Source) asset.Value[int64] { return decodeInterval(holder, on, at) }),
		Planned:      asset.Default(true, b.Source()),
	}
}

func decodeInterval(b *terraform.Block, scheduled bool, at *asset.Source) asset.Value[int64] {
	rules := b.Block("rotation_rules")
	switch {
	case !scheduled:
		return asset.Default[int64](0, at)
	case rules.Declared("automatically_after_days"):
		return rules.Int("automatically_after_days")
	}
	return asset.Then(rules.String("schedule_expression"), func(expression string, at *asset.Source) asset.Value[int64] {
		days, err := IntervalDays(expression)
		if err != nil {
			return asset.Unknown[int64](err.Error(), at)
		}
		return asset.Convert(rules.String("schedule_expression"), func(string) int64 { return days })
	})
}
