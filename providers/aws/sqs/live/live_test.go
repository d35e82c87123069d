// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/mototest"
	"github.com/plumb-cspm/plumb/providers/all/roomtest"
	"github.com/plumb-cspm/plumb/providers/aws/sqs"
	"github.com/plumb-cspm/plumb/providers/aws/sqs/live"
)

func TestRoom(t *testing.T) {
	roomtest.Room{
		Collectors: live.Collectors(),
		Seed:       seed,
		Build:      map[string]func(*testing.T, awssdk.Config, *asset.Asset) string{sqs.QueueType: buildQueue},
	}.Test(t)
}

func create(t *testing.T, cfg awssdk.Config, name string, attributes map[string]string) {
	t.Helper()
	mototest.Must(sdk.NewFromConfig(cfg).CreateQueue(t.Context(), &sdk.CreateQueueInput{
		QueueName: &name, Attributes: attributes, Tags: map[string]string{"owner": "web"},
	}))(t)
}

func seed(t *testing.T, cfg awssdk.Config) {
	create(t, cfg, "orders", map[string]string{
		"Policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"*"}]}`,
	})
	create(t, cfg, "plain", map[string]string{"SqsManagedSseEnabled": "false"})
}

func buildQueue(t *testing.T, cfg awssdk.Config, a *asset.Asset) string {
	q := a.Config.(*sqs.Queue)
	attributes := map[string]string{}
	switch {
	case q.Encryption.KMS.Or(false):
		attributes["KmsMasterKeyId"] = "alias/aws/sqs"
	case !q.Encryption.Enabled.Or(false):
		attributes["SqsManagedSseEnabled"] = "false"
	}
	if text, _ := q.Policy.AsText().Get(); text.Marked() != "" {
		attributes["Policy"] = roomtest.Filled(text)
	}
	create(t, cfg, "built", attributes)
	return "built"
}
