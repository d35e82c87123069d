// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package live reads AWS Secrets Manager from its API. It never asks for the
// value of a secret.
package live

import (
	"context"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/aws/policy"
	"github.com/plumb-cspm/plumb/internal/source/cloud"
	"github.com/plumb-cspm/plumb/internal/source/cloud/aws"
	"github.com/plumb-cspm/plumb/providers/aws/secretsmanager"
)

// Collectors reads the secrets of each region.
func Collectors() []aws.Collector {
	return []aws.Collector{{Service: "secretsmanager", Operations: operations(), Collect: collect}}
}

func operations() []cloud.Operation {
	return []cloud.Operation{
		{Name: "secretsmanager:ListSecrets", Fills: []string{secretsmanager.SecretType}},
		{Name: "secretsmanager:GetResourcePolicy", Fills: []string{secretsmanager.SecretType + ".policy"}},
	}
}

const page = 100 // the most that the API gives at a time

func collect(ctx context.Context, r *aws.Reader) error {
	client := sdk.NewFromConfig(r.Config())
	pager := sdk.NewListSecretsPaginator(client, &sdk.ListSecretsInput{MaxResults: awssdk.Int32(page)})
	secrets, at, _ := aws.Pages(ctx, r, "secretsmanager:ListSecrets", pager, func(page *sdk.ListSecretsOutput) []types.SecretListEntry {
		return page.SecretList
	})
	aws.Each(ctx, r, secrets, func(ctx context.Context, s types.SecretListEntry) {
		a := r.Asset(secretsmanager.SecretType, awssdk.ToString(s.ARN), awssdk.ToString(s.Name))
		a.Config = secretOf(r, s, at, readPolicy(ctx, r, client, s.ARN))
		tags := make(map[string]asset.Value[string], len(s.Tags))
		for _, tag := range s.Tags {
			tags[awssdk.ToString(tag.Key)] = asset.Known(awssdk.ToString(tag.Value), at)
		}
		a.Tags = asset.MapOf(tags, at)
		r.Emit(a)
	})
	return nil
}

func secretOf(r *aws.Reader, s types.SecretListEntry, at *asset.Source, document policy.Document) *secretsmanager.Secret {
	home := awssdk.ToString(s.PrimaryRegion)
	return &secretsmanager.Secret{
		Policy:      document,
		CustomerKey: asset.Known(secretsmanager.IsCustomerKey(awssdk.ToString(s.KmsKeyId)), at),
		Rotation: secretsmanager.Rotation{
			Enabled:      asset.Known(awssdk.ToBool(s.RotationEnabled), at),
			IntervalDays: interval(s, at),
			Last:         asset.Known(firstOf(s.LastRotatedDate, s.CreatedDate), at),
			Planned:      asset.Known(false, at),
		},
		LastAccessed: asset.Known(firstOf(s.LastAccessedDate, s.CreatedDate), at),
		ManagedBy:    asset.Known(awssdk.ToString(s.OwningService), at),
		Replica:      asset.Known(home != "" && home != r.Region(), at),
	}
}

// interval is the schedule in days. The API computes it after the first
// rotation; before that, the expression says it.
func interval(s types.SecretListEntry, at *asset.Source) asset.Value[int64] {
	switch {
	case !awssdk.ToBool(s.RotationEnabled):
		return asset.Known[int64](0, at)
	case s.RotationRules == nil:
		return asset.Unknown[int64]("the rotation has no schedule", at)
	case s.RotationRules.AutomaticallyAfterDays != nil:
		return asset.Known(*s.RotationRules.AutomaticallyAfterDays, at)
	}
	days, err := secretsmanager.IntervalDays(awssdk.ToString(s.RotationRules.ScheduleExpression))
	if err != nil {
		return asset.Unknown[int64](err.Error(), at)
	}
	return asset.Known(days, at)
}

// firstOf is the first of the moments that ever was.
func firstOf(moments ...*time.Time) time.Time {
	for _, m := range moments {
		if m != nil && m.Unix() > 0 {
			return m.UTC()
		}
	}
	return time.Unix(0, 0).UTC()
}

func readPolicy(ctx context.Context, r *aws.Reader, client *sdk.Client, arn *string) policy.Document {
	out, at := aws.Call(ctx, r, "secretsmanager:GetResourcePolicy", func(ctx context.Context) (*sdk.GetResourcePolicyOutput, error) {
		return client.GetResourcePolicy(ctx, &sdk.GetResourcePolicyInput{SecretId: arn})
	})
	return policy.ParseString(asset.At(at, func() string { return awssdk.ToString(out.ResourcePolicy) }))
}
