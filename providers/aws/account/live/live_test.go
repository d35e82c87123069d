// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"encoding/json"
	"strings"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/account/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/mototest"
	"github.com/plumb-cspm/plumb/internal/source/cloud/aws"
	"github.com/plumb-cspm/plumb/providers/all/roomtest"
	"github.com/plumb-cspm/plumb/providers/aws/account"
	"github.com/plumb-cspm/plumb/providers/aws/account/live"
)

const contactInformation = "account:GetContactInformation"

func TestRoom(t *testing.T) {
	roomtest.Room{
		Collectors:  live.Collectors(),
		Seed:        func(t *testing.T, cfg awssdk.Config) { register(t, cfg, nil) },
		Build:       map[string]func(*testing.T, awssdk.Config, *asset.Asset) string{account.AccountType: build},
		Unsupported: map[string]string{contactInformation: "moto keeps alternate contacts only"},
		NoParity:    map[string]string{"aws-account-contact-details": "moto keeps alternate contacts only"},
	}.Test(t)
}

// register enters a security contact; of a member account where one is given.
func register(t *testing.T, cfg awssdk.Config, member *string) {
	mototest.Must(sdk.NewFromConfig(cfg).PutAlternateContact(t.Context(), &sdk.PutAlternateContactInput{
		AccountId: member, AlternateContactType: types.AlternateContactTypeSecurity, Name: awssdk.String("Ada Example"), Title: awssdk.String("Security"),
		EmailAddress: awssdk.String("ada@example.com"), PhoneNumber: awssdk.String("+49 30 5550100"),
	}))(t)
}

func build(t *testing.T, cfg awssdk.Config, a *asset.Asset) string {
	if a.Config.(*account.Account).SecurityContact.Or(false) {
		var member *string
		if a.Name != "" {
			member = &a.Name
		}
		register(t, cfg, member)
	}
	return *mototest.Must(sts.NewFromConfig(cfg).GetCallerIdentity(t.Context(), nil))(t).Account
}

func TestNothingOfAContactIsKept(t *testing.T) {
	t.Parallel()
	server := mototest.Start(t)
	register(t, server.Config(t), nil)
	reading := server.Read(t, aws.Config{}, live.Collectors()...)
	a := reading.Asset(t, account.AccountType, server.Account)
	encoded, err := asset.Encode(a.Config)
	if err != nil {
		t.Fatal(err)
	}
	if !a.Config.(*account.Account).SecurityContact.Or(false) {
		t.Error("the contact is not seen")
	}
	text, err := json.Marshal(encoded)
	if err != nil {
		t.Fatal(err)
	}
	for _, personal := range []string{"Ada", "ada@", "5550100"} {
		if strings.Contains(string(text), personal) {
			t.Errorf("%q is kept in %s", personal, text)
		}
	}
}

func TestNobodyRegistered(t *testing.T) {
	t.Parallel()
	server := mototest.Start(t)
	a := mototest.Of[account.Account](t, server.Read(t, aws.Config{}, live.Collectors()...), account.AccountType, server.Account)
	if on, known := a.SecurityContact.Get(); !known || on {
		t.Errorf("security contact is %v (known: %v)", on, known)
	}
}
