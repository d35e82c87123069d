// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package live reads AWS KMS from its API.
package live

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/aws/policy"
	"github.com/plumb-cspm/plumb/internal/source/cloud"
	"github.com/plumb-cspm/plumb/internal/source/cloud/aws"
	"github.com/plumb-cspm/plumb/providers/aws/kms"
)

// Collectors reads the keys in each region.
func Collectors() []aws.Collector {
	return []aws.Collector{{Service: "kms", Operations: operations(), Collect: collect}}
}

func operations() []cloud.Operation {
	field := func(name string) string { return kms.KeyType + "." + name }
	return []cloud.Operation{
		{Name: "kms:ListKeys", Fills: []string{kms.KeyType}},
		{Name: "kms:DescribeKey", Fills: []string{field("manager"), field("state"), field("spec"), field("usage"), field("origin"), field("replica")}},
		{Name: "kms:GetKeyRotationStatus", Fills: []string{field("rotation")}},
		{Name: "kms:GetKeyPolicy", Fills: []string{field("policy")}},
		{Name: "kms:ListResourceTags", Fills: []string{field("tags")}},
	}
}

func collect(ctx context.Context, r *aws.Reader) error {
	if !r.Needs("kms:ListKeys") {
		return nil
	}
	client := sdk.NewFromConfig(r.Config())
	pager := sdk.NewListKeysPaginator(client, &sdk.ListKeysInput{Limit: awssdk.Int32(1000)})
	keys, _, _ := aws.Pages(ctx, r, "kms:ListKeys", pager, func(page *sdk.ListKeysOutput) []types.KeyListEntry { return page.Keys })
	aws.Each(ctx, r, keys, func(ctx context.Context, k types.KeyListEntry) {
		id := awssdk.ToString(k.KeyId)
		a := r.Asset(kms.KeyType, awssdk.ToString(k.KeyArn), id)
		a.Keys = []string{id}
		a.Config, a.Tags = readKey(ctx, r, client, id)
		r.Emit(a)
	})
	return nil
}

// readKey asks what a key is first, because that decides what else there is to
// ask: AWS answers for its own keys, and not every kind of key can rotate. Where
// DescribeKey was denied everything is asked.
func readKey(ctx context.Context, r *aws.Reader, c *sdk.Client, id string) (*kms.Key, asset.Map[string]) {
	out, src := aws.Call(ctx, r, "kms:DescribeKey", func(ctx context.Context) (*sdk.DescribeKeyOutput, error) {
		return c.DescribeKey(ctx, &sdk.DescribeKeyInput{KeyId: &id})
	})
	var meta types.KeyMetadata
	if out != nil && out.KeyMetadata != nil {
		meta = *out.KeyMetadata
	}
	key := &kms.Key{
		Manager: asset.At(src, func() string { return string(meta.KeyManager) }),
		State:   asset.At(src, func() string { return string(meta.KeyState) }),
		Spec:    asset.At(src, func() string { return string(meta.KeySpec) }),
		Usage:   asset.At(src, func() string { return string(meta.KeyUsage) }),
		Origin:  asset.At(src, func() string { return string(meta.Origin) }),
		Replica: asset.At(src, func() bool { return isReplica(meta) }),
	}
	if out != nil && meta.KeyManager == types.KeyManagerTypeAws {
		whose := src.Missing("AWS writes the policy and the tags of its own keys")
		key.Policy = policy.Parse(asset.Missing[asset.Text](whose))
		key.Rotation = asset.Known(true, src) // every year
		return key, asset.MissingMap[string](whose)
	}
	key.Policy = readPolicy(ctx, r, c, id)
	if out != nil && !canRotate(meta) {
		key.Rotation = asset.Known(false, src)
	} else {
		key.Rotation = readRotation(ctx, r, c, id)
	}
	return key, readTags(ctx, r, c, id)
}

func isReplica(k types.KeyMetadata) bool {
	return k.MultiRegionConfiguration != nil && k.MultiRegionConfiguration.MultiRegionKeyType == types.MultiRegionKeyTypeReplica
}

// canRotate reports whether KMS can rotate such a key by itself: only symmetric
// keys whose material it made.
func canRotate(k types.KeyMetadata) bool {
	return k.KeySpec == types.KeySpecSymmetricDefault && k.Origin == types.OriginTypeAwsKms
}

func readRotation(ctx context.Context, r *aws.Reader, c *sdk.Client, id string) asset.Value[bool] {
	out, src := aws.Call(ctx, r, "kms:GetKeyRotationStatus", func(ctx context.Context) (*sdk.GetKeyRotationStatusOutput, error) {
		return c.GetKeyRotationStatus(ctx, &sdk.GetKeyRotationStatusInput{KeyId: &id})
	})
	return asset.At(src, func() bool { return out.KeyRotationEnabled })
}

// readPolicy reads the only policy that a key can have.
func readPolicy(ctx context.Context, r *aws.Reader, c *sdk.Client, id string) policy.Document {
	out, src := aws.Call(ctx, r, "kms:GetKeyPolicy", func(ctx context.Context) (*sdk.GetKeyPolicyOutput, error) {
		return c.GetKeyPolicy(ctx, &sdk.GetKeyPolicyInput{KeyId: &id, PolicyName: awssdk.String("default")})
	})
	return policy.ParseString(asset.At(src, func() string { return awssdk.ToString(out.Policy) }))
}

func readTags(ctx context.Context, r *aws.Reader, c *sdk.Client, id string) asset.Map[string] {
	out, src := aws.Call(ctx, r, "kms:ListResourceTags", func(ctx context.Context) (*sdk.ListResourceTagsOutput, error) {
		return c.ListResourceTags(ctx, &sdk.ListResourceTagsInput{KeyId: &id, Limit: awssdk.Int32(50)})
	})
	return asset.MapAt(src, func() map[string]asset.Value[string] {
		tags := map[string]asset.Value[string]{}
		for _, t := range out.Tags {
			tags[awssdk.ToString(t.TagKey)] = asset.Known(awssdk.ToString(t.TagValue), src)
		}
		return tags
	})
}
