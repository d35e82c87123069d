// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package account

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/terraform"
)

const (
	alternateBlock = "aws_account_alternate_contact"
	primaryBlock   = "aws_account_primary_contact"
)

var contactBlocks = []string{alternateBlock, primaryBlock}

// decodeAccounts reads contacts, account by account: an organisation's
// management account may set those of its members, by account_id.
func decodeAccounts(r *terraform.Root, emit func(*asset.Asset)) {
	var order []string
	byAccount := map[string][]*terraform.Block{}
	for _, b := range r.Resources(contactBlocks...) {
		key := accountOf(b)
		if byAccount[key] == nil {
			order = append(order, key)
		}
		byAccount[key] = append(byAccount[key], b)
	}
	for _, key := range order {
		blocks := byAccount[key]
		member := blocks[0].String("account_id").Or("")
		a := blocks[0].Asset(AccountType, member)
		if member != "" {
			a.Scope.Account = member
		}
		a.Config = decodeContacts(blocks)
		emit(a)
	}
	if len(byAccount[""]) == 0 {
		a := r.Implied(AccountType)
		a.Config = &Account{SecurityContact: asset.Default(false, nil), ContactDetails: asset.Default(true, nil)}
		emit(a)
	}
}

// accountOf tells the accounts of contacts apart; "" is the provider's own.
func accountOf(b *terraform.Block) string {
	id := b.String("account_id")
	if address, attribute, ok := b.Origin("account_id"); ok && !id.IsKnown() {
		return address + "." + attribute
	}
	if id.IsKnown() {
		return id.Or("")
	}
	return b.Address
}

// decodeContacts reads the contacts of one account. What the code does not
// mention is as in a new account, whose owner gave details and no more.
func decodeContacts(blocks []*terraform.Block) *Account {
	account := &Account{
		SecurityContact: asset.Default(false, blocks[0].Source()),
		ContactDetails:  asset.Default(true, blocks[0].Source()),
	}
	for _, b := range blocks {
		if b.Type == primaryBlock {
			account.ContactDetails = asset.Known(true, b.Source())
			continue
		}
		isSecurity := asset.Convert(b.String("alternate_contact_type"), func(kind string) bool { return kind == "SECURITY" })
		if isSecurity.Or(false) || !isSecurity.IsKnown() && !account.SecurityContact.Or(false) {
			account.SecurityContact = isSecurity
		}
	}
	return account
}
