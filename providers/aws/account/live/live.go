// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package live reads AWS Account Management from its API. It keeps whether a
// contact is there and drops the rest of the answer.
package live

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/account/types"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/cloud"
	"github.com/plumb-cspm/plumb/internal/source/cloud/aws"
	"github.com/plumb-cspm/plumb/providers/aws/account"
)

// Collectors reads the account's contacts once.
func Collectors() []aws.Collector {
	return []aws.Collector{{Service: "account", Global: true, Operations: operations(), Collect: collect}}
}

func operations() []cloud.Operation {
	return []cloud.Operation{
		{Name: "account:GetAlternateContact", Fills: []string{account.AccountType + ".security_contact"}},
		{Name: "account:GetContactInformation", Fills: []string{account.AccountType + ".contact_details"}},
	}
}

// notThere is the error code for a contact that nobody has registered.
const notThere = "ResourceNotFoundException"

func collect(ctx context.Context, r *aws.Reader) error {
	client := sdk.NewFromConfig(r.Config())
	contact, atContact := aws.Call(ctx, r, "account:GetAlternateContact", func(ctx context.Context) (*sdk.GetAlternateContactOutput, error) {
		return client.GetAlternateContact(ctx, &sdk.GetAlternateContactInput{AlternateContactType: types.AlternateContactTypeSecurity})
	}, notThere)
	details, atDetails := aws.Call(ctx, r, "account:GetContactInformation", func(ctx context.Context) (*sdk.GetContactInformationOutput, error) {
		return client.GetContactInformation(ctx, &sdk.GetContactInformationInput{})
	}, notThere)
	a := r.Asset(account.AccountType, "arn:"+r.Partition()+":account::"+r.Account()+":account", r.Account())
	a.Config = &account.Account{
		SecurityContact: asset.At(atContact, func() bool { return contact != nil && contact.AlternateContact != nil }),
		ContactDetails:  asset.At(atDetails, func() bool { return details != nil && isFilledIn(details.ContactInformation) }),
	}
	r.Emit(a)
	return nil
}

func isFilledIn(c *types.ContactInformation) bool {
	if c == nil {
		return false
	}
	for _, part := range []*string{c.FullName, c.AddressLine1, c.City, c.PostalCode, c.CountryCode, c.PhoneNumber} {
		if awssdk.ToString(part) == "" {
			return false
		}
	}
	return true
}
