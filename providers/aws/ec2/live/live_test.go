// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/providers/all/roomtest"
	"github.com/plumb-cspm/plumb/providers/aws/ec2"
	"github.com/plumb-cspm/plumb/providers/aws/ec2/live"
)

func TestRoom(t *testing.T) {
	roomtest.Room{
		Collectors: live.Collectors(),
		Seed:       seed,
		Build: map[string]func(*testing.T, awssdk.Config, *asset.Asset) string{
			ec2.SecurityGroupType: buildSecurityGroup,
		},
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

func seed(t *testing.T, cfg awssdk.Config) {
	seedSecurityGroup(t, sdk.NewFromConfig(cfg))
}
