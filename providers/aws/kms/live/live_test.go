// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"strings"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/providers/all/roomtest"
	"github.com/plumb-cspm/plumb/providers/aws/kms"
	"github.com/plumb-cspm/plumb/providers/aws/kms/live"
)

func TestRoom(t *testing.T) {
	roomtest.Room{
		Collectors: live.Collectors(),
		Seed:       seed,
		Build:      map[string]func(*testing.T, awssdk.Config, *asset.Asset) string{kms.KeyType: build},
	}.Test(t)
}

// must ends the test on an error of a call that prepares it.
func must[T any](t *testing.T) func(T, error) T {
	return func(out T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
}

// seed makes a key that rotates, one that cannot and one that will be deleted.
func seed(t *testing.T, cfg awssdk.Config) {
	c, ctx := sdk.NewFromConfig(cfg), t.Context()
	create := func(in *sdk.CreateKeyInput) *string {
		return must[*sdk.CreateKeyOutput](t)(c.CreateKey(ctx, in)).KeyMetadata.KeyId
	}
	rotating := create(&sdk.CreateKeyInput{Tags: []types.Tag{{TagKey: awssdk.String("owner"), TagValue: awssdk.String("ledger")}}})
	must[*sdk.EnableKeyRotationOutput](t)(c.EnableKeyRotation(ctx, &sdk.EnableKeyRotationInput{KeyId: rotating}))
	create(&sdk.CreateKeyInput{KeySpec: types.KeySpecEccNistP256, KeyUsage: types.KeyUsageTypeSignVerify})
	deleted := create(&sdk.CreateKeyInput{})
	must[*sdk.ScheduleKeyDeletionOutput](t)(c.ScheduleKeyDeletion(ctx, &sdk.ScheduleKeyDeletionInput{KeyId: deleted, PendingWindowInDays: awssdk.Int32(7)}))
}

func build(t *testing.T, cfg awssdk.Config, a *asset.Asset) string {
	c, ctx, key := sdk.NewFromConfig(cfg), t.Context(), a.Config.(*kms.Key)
	in := &sdk.CreateKeyInput{
		KeySpec: types.KeySpec(key.Spec.Or("")), KeyUsage: types.KeyUsageType(key.Usage.Or("")), Origin: types.OriginType(key.Origin.Or("")),
	}
	if key.Replica.Or(false) {
		return replica(t, c, cfg)
	}
	if text, ok := key.Policy.AsText().Get(); ok {
		in.Policy = awssdk.String(known(text))
	}
	id := must[*sdk.CreateKeyOutput](t)(c.CreateKey(ctx, in)).KeyMetadata.KeyId
	if key.Rotation.Or(false) {
		must[*sdk.EnableKeyRotationOutput](t)(c.EnableKeyRotation(ctx, &sdk.EnableKeyRotationInput{KeyId: id}))
	}
	if key.State.Or("") == "Disabled" {
		must[*sdk.DisableKeyOutput](t)(c.DisableKey(ctx, &sdk.DisableKeyInput{KeyId: id}))
	}
	return *id
}

// replica makes a primary key in another region and copies it to this one.
func replica(t *testing.T, here *sdk.Client, cfg awssdk.Config) string {
	elsewhere := cfg.Copy()
	elsewhere.Region = "eu-west-1"
	c := sdk.NewFromConfig(elsewhere)
	primary := must[*sdk.CreateKeyOutput](t)(c.CreateKey(t.Context(), &sdk.CreateKeyInput{MultiRegion: awssdk.Bool(true)})).KeyMetadata.KeyId
	copied := must[*sdk.ReplicateKeyOutput](t)(c.ReplicateKey(t.Context(), &sdk.ReplicateKeyInput{KeyId: primary, ReplicaRegion: &cfg.Region}))
	must[*sdk.DescribeKeyOutput](t)(here.DescribeKey(t.Context(), &sdk.DescribeKeyInput{KeyId: copied.ReplicaKeyMetadata.KeyId}))
	return *copied.ReplicaKeyMetadata.KeyId
}

// known fills the holes of a policy with an account.
func known(text asset.Text) string {
	var b strings.Builder
	for _, p := range text.Parts() {
		if p.Hole != nil {
			b.WriteString("111122223333")
		}
		b.WriteString(p.Literal)
	}
	return b.String()
}
