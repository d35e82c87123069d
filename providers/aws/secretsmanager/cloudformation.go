// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package secretsmanager

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/aws/policy"
	"github.com/plumb-cspm/plumb/internal/source/code/cloudformation"
)

// CloudFormation reads the room's assets from CloudFormation.
func CloudFormation() []cloudformation.Decoder {
	return []cloudformation.Decoder{{
		Resources: []string{secretResource, "AWS::SecretsManager::ResourcePolicy", "AWS::SecretsManager::RotationSchedule"},
		Decode:    secretsInStack,
	}}
}

const secretResource = "AWS::SecretsManager::Secret"

func secretsInStack(s *cloudformation.Stack, emit func(*asset.Asset)) {
	policies := s.Join("AWS::SecretsManager::ResourcePolicy", "SecretId", secretResource, "Name")
	rotations := s.Join("AWS::SecretsManager::RotationSchedule", "SecretId", secretResource, "Name")
	attachments := s.Join("AWS::SecretsManager::SecretTargetAttachment", "SecretId", secretResource, "Name")
	for _, r := range s.Resources(secretResource) {
		a := r.Asset(SecretType, r.String("Name").Or(""))
		a.Config = &Secret{
			Policy:      policy.Parse(policies.Text(r, "ResourcePolicy")),
			CustomerKey: keyInStack(r),
			Rotation:    rotationInStack(r, rotations, attachments),
			ManagedBy:   asset.Default("", r.Source()),
			Replica:     asset.Default(false, r.Source()),
		}
		emit(a)
	}
}

// keyInStack answers whether the key is the customer's: whatever the template
// makes is.
func keyInStack(r *cloudformation.Resource) asset.Value[bool] {
	if key := r.String("KmsKeyId"); key.IsKnown() {
		return asset.Convert(key, IsCustomerKey)
	}
	return r.Given("KmsKeyId")
}

// rotationInStack reads the schedule of a secret. A schedule may name the secret
// by the attachment that links it to a database.
func rotationInStack(r *cloudformation.Resource, schedules, attachments *cloudformation.Join) Rotation {
	schedule, missing := schedules.One(r)
	attached, _ := attachments.Of(r)
	for _, a := range attached {
		if schedule != nil {
			break
		}
		var byAttachment *asset.Source
		if schedule, byAttachment = schedules.One(a); byAttachment != nil {
			missing = byAttachment
		}
	}
	planned := asset.Default(true, r.Source())
	switch {
	case schedule != nil:
		return Rotation{
			Enabled: asset.Known(true, schedule.Source()), IntervalDays: intervalInStack(schedule.Block("RotationRules")), Planned: planned,
		}
	case missing != nil:
		return Rotation{Enabled: asset.Missing[bool](missing), IntervalDays: asset.Missing[int64](missing), Planned: planned}
	}
	return Rotation{Enabled: asset.Default(false, r.Source()), IntervalDays: asset.Default[int64](0, r.Source()), Planned: planned}
}

func intervalInStack(rules *cloudformation.Block) asset.Value[int64] {
	if rules.Declared("AutomaticallyAfterDays") {
		return rules.Int("AutomaticallyAfterDays")
	}
	schedule := rules.String("ScheduleExpression")
	return asset.Then(schedule, func(expression string, at *asset.Source) asset.Value[int64] {
		days, err := IntervalDays(expression)
		if err != nil {
			return asset.Unknown[int64](err.Error(), at)
		}
		return asset.Convert(schedule, func(string) int64 { return days })
	})
}
