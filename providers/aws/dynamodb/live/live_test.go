// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"fmt"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/mototest"
	"github.com/plumb-cspm/plumb/internal/source/cloud/aws"
	"github.com/plumb-cspm/plumb/providers/all/roomtest"
	"github.com/plumb-cspm/plumb/providers/aws/dynamodb"
	"github.com/plumb-cspm/plumb/providers/aws/dynamodb/live"
)

func TestRoom(t *testing.T) {
	roomtest.Room{
		Collectors: live.Collectors(),
		Seed:       func(t *testing.T, cfg awssdk.Config) { table(t, cfg, "orders", protected) },
		Build: map[string]func(*testing.T, awssdk.Config, *asset.Asset) string{
			dynamodb.TableType: func(t *testing.T, cfg awssdk.Config, a *asset.Asset) string {
				return table(t, cfg, fmt.Sprint("built-", a.Location.StartLine), a.Config.(*dynamodb.Table))
			},
		},
	}.Test(t)
}

var here = asset.FromAPI("test")

var protected = &dynamodb.Table{
	PointInTimeRecovery: asset.Known(true, here), DeletionProtection: asset.Known(true, here),
	Encryption: dynamodb.Encryption{KMS: asset.Known(true, here), KMSKeyID: asset.Known("", here)},
}

func table(t *testing.T, cfg awssdk.Config, name string, like *dynamodb.Table) string {
	t.Helper()
	c, ctx := sdk.NewFromConfig(cfg), t.Context()
	in := &sdk.CreateTableInput{
		TableName: &name, BillingMode: types.BillingModePayPerRequest,
		KeySchema:                 []types.KeySchemaElement{{AttributeName: awssdk.String("id"), KeyType: types.KeyTypeHash}},
		AttributeDefinitions:      []types.AttributeDefinition{{AttributeName: awssdk.String("id"), AttributeType: types.ScalarAttributeTypeS}},
		DeletionProtectionEnabled: awssdk.Bool(like.DeletionProtection.Or(false)),
		Tags:                      []types.Tag{{Key: awssdk.String("owner"), Value: awssdk.String("shop")}},
	}
	if like.Encryption.KMS.Or(false) {
		in.SSESpecification = &types.SSESpecification{Enabled: awssdk.Bool(true), SSEType: types.SSETypeKms}
	}
	if _, err := c.CreateTable(ctx, in); err != nil {
		t.Fatal(err)
	}
	if like.PointInTimeRecovery.Or(false) {
		if _, err := c.UpdateContinuousBackups(ctx, &sdk.UpdateContinuousBackupsInput{
			TableName: &name, PointInTimeRecoverySpecification: &types.PointInTimeRecoverySpecification{PointInTimeRecoveryEnabled: awssdk.Bool(true)},
		}); err != nil {
			t.Fatal(err)
		}
	}
	return name
}

func TestEncryptionTellsAKeyInKMSFromDynamoDBsOwn(t *testing.T) {
	t.Parallel()
	server := mototest.Start(t)
	table(t, server.Config(t), "orders", protected)
	table(t, server.Config(t), "sessions", &dynamodb.Table{})
	reading := server.Read(t, aws.Config{}, live.Collectors()...)
	for name, want := range map[string]bool{"orders": true, "sessions": false} {
		e := mototest.Of[dynamodb.Table](t, reading, dynamodb.TableType, name).Encryption
		if got, known := e.KMS.Get(); !known || got != want {
			t.Errorf("%s: KMS is %v, known %v", name, got, known)
		}
		if key, known := e.KMSKeyID.Get(); !known || (key != "") != want {
			t.Errorf("%s: the key is %q, known %v", name, key, known)
		}
	}
}
