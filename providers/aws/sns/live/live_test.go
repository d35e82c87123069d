// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"strings"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/mototest"
	"github.com/plumb-cspm/plumb/internal/source/cloud/aws"
	"github.com/plumb-cspm/plumb/providers/all/roomtest"
	"github.com/plumb-cspm/plumb/providers/aws/sns"
	"github.com/plumb-cspm/plumb/providers/aws/sns/live"
)

func TestRoom(t *testing.T) {
	roomtest.Room{
		Collectors: live.Collectors(),
		Seed:       seed,
		Build: map[string]func(*testing.T, awssdk.Config, *asset.Asset) string{
			sns.TopicType:        buildTopic,
			sns.SubscriptionType: buildSubscription,
		},
	}.Test(t)
}

func create(t *testing.T, cfg awssdk.Config, name string, attributes map[string]string) (arn string) {
	t.Helper()
	return *mototest.Must(sdk.NewFromConfig(cfg).CreateTopic(t.Context(), &sdk.CreateTopicInput{
		Name: &name, Attributes: attributes, Tags: []types.Tag{{Key: awssdk.String("owner"), Value: awssdk.String("web")}},
	}))(t).TopicArn
}

// subscribe returns the subscription's name: the last part of its ARN.
func subscribe(t *testing.T, cfg awssdk.Config, topic, protocol, endpoint string) string {
	t.Helper()
	arn := *mototest.Must(sdk.NewFromConfig(cfg).Subscribe(t.Context(), &sdk.SubscribeInput{
		TopicArn: &topic, Protocol: &protocol, Endpoint: &endpoint, ReturnSubscriptionArn: true,
	}))(t).SubscriptionArn
	return arn[strings.LastIndex(arn, ":")+1:]
}

func seed(t *testing.T, cfg awssdk.Config) {
	topic := create(t, cfg, "sales", map[string]string{
		"Policy":         `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"sns:Publish","Resource":"*"}]}`,
		"KmsMasterKeyId": "alias/aws/sns",
	})
	subscribe(t, cfg, topic, "https", "https://hooks.example.com/sales")
	create(t, cfg, "plain", nil)
}

func buildTopic(t *testing.T, cfg awssdk.Config, a *asset.Asset) string {
	topic, attributes := a.Config.(*sns.Topic), map[string]string{}
	if topic.Encrypted.Or(false) {
		attributes["KmsMasterKeyId"] = "alias/aws/sns"
	}
	if text, _ := topic.Policy.AsText().Get(); text.Marked() != "" {
		attributes["Policy"] = roomtest.Filled(text)
	}
	create(t, cfg, "built", attributes)
	return "built"
}

func buildSubscription(t *testing.T, cfg awssdk.Config, a *asset.Asset) string {
	protocol := a.Config.(*sns.Subscription).Protocol.Or("")
	endpoint := map[string]string{
		"http": "http://hooks.example.com/", "https": "https://hooks.example.com/", "sqs": "arn:aws:sqs:us-east-1:111122223333:orders",
	}[protocol]
	return subscribe(t, cfg, create(t, cfg, "built", nil), protocol, endpoint)
}

func TestThePolicyOfANewTopicIsNotPublic(t *testing.T) {
	t.Parallel()
	server := mototest.Start(t)
	create(t, server.Config(t), "plain", nil)
	topic := mototest.Of[sns.Topic](t, server.Read(t, aws.Config{}, live.Collectors()...), sns.TopicType, "plain")
	if public, known := topic.Policy.Public().Get(); !known || public || len(topic.Policy.Statements.Elems()) == 0 {
		t.Errorf("public is %v (known: %v), with %d statements", public, known, len(topic.Policy.Statements.Elems()))
	}
}
