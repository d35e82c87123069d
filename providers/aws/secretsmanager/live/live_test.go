// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"testing"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/mototest"
	"github.com/plumb-cspm/plumb/internal/source/cloud/aws"
	"github.com/plumb-cspm/plumb/providers/all/roomtest"
	"github.com/plumb-cspm/plumb/providers/aws/secretsmanager"
	"github.com/plumb-cspm/plumb/providers/aws/secretsmanager/live"
)

func TestRoom(t *testing.T) {
	roomtest.Room{
		Collectors: live.Collectors(),
		Seed:       seed,
		Build:      map[string]func(*testing.T, awssdk.Config, *asset.Asset) string{secretsmanager.SecretType: build},
		NoParity: map[string]string{
			"aws-secretsmanager-rotation":         "moto rotates only with a Lambda function that it runs in a container",
			"aws-secretsmanager-rotated-recently": "moto rotates only with a Lambda function that it runs in a container",
		},
	}.Test(t)
}

func create(t *testing.T, cfg awssdk.Config, name, key, document string) {
	t.Helper()
	in := &sdk.CreateSecretInput{
		Name: &name, SecretString: awssdk.String("not read"),
		Tags: []types.Tag{{Key: awssdk.String("owner"), Value: awssdk.String("web")}},
	}
	if key != "" {
		in.KmsKeyId = &key
	}
	c := sdk.NewFromConfig(cfg)
	mototest.Must(c.CreateSecret(t.Context(), in))(t)
	if document != "" {
		mototest.Must(c.PutResourcePolicy(t.Context(), &sdk.PutResourcePolicyInput{SecretId: &name, ResourcePolicy: &document}))(t)
	}
}

func seed(t *testing.T, cfg awssdk.Config) {
	create(t, cfg, "shop/db", "arn:aws:kms:us-east-1:111122223333:key/0a0a0a0a-0000-4000-8000-000000000000",
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"secretsmanager:GetSecretValue","Resource":"*"}]}`)
	create(t, cfg, "shop/mail", "", "")
}

func build(t *testing.T, cfg awssdk.Config, a *asset.Asset) string {
	secret, key, document := a.Config.(*secretsmanager.Secret), "", ""
	if secret.CustomerKey.Or(false) {
		key = "alias/shop"
	}
	if text, _ := secret.Policy.AsText().Get(); text.Marked() != "" {
		document = roomtest.Filled(text)
	}
	create(t, cfg, "built", key, document)
	return "built"
}

func TestASecretThatNeverRotatedIsAsOldAsItself(t *testing.T) {
	t.Parallel()
	server := mototest.Start(t)
	create(t, server.Config(t), "shop/mail", "", "")
	s := mototest.Of[secretsmanager.Secret](t, server.Read(t, aws.Config{}, live.Collectors()...), secretsmanager.SecretType, "shop/mail")
	last, _ := s.Rotation.Last.Get()
	accessed, _ := s.LastAccessed.Get()
	if age := time.Since(last); age < -time.Minute || age > time.Hour || accessed.IsZero() {
		t.Errorf("last rotated %v, last accessed %v", last, accessed)
	}
	if days, known := s.Rotation.IntervalDays.Get(); !known || days != 0 || s.Rotation.Enabled.Or(true) {
		t.Errorf("rotates every %d days (known: %v)", days, known)
	}
}

func TestAReplicaIsToldFromItsOriginal(t *testing.T) {
	t.Parallel()
	server := mototest.Start(t)
	cfg := server.Config(t)
	create(t, cfg, "shop/db", "", "")
	mototest.Must(sdk.NewFromConfig(cfg).ReplicateSecretToRegions(t.Context(), &sdk.ReplicateSecretToRegionsInput{
		SecretId: awssdk.String("shop/db"), AddReplicaRegions: []types.ReplicaRegionType{{Region: awssdk.String("us-east-2")}},
	}))(t)
	for region, want := range map[string]bool{mototest.Region: false, "us-east-2": true} {
		reading := server.Read(t, aws.Config{Regions: []string{region}}, live.Collectors()...)
		s := mototest.Of[secretsmanager.Secret](t, reading, secretsmanager.SecretType, "shop/db")
		if replica, known := s.Replica.Get(); !known || replica != want {
			t.Errorf("%s: replica is %v (known: %v)", region, replica, known)
		}
	}
}
