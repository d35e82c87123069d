// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package account

import "github.com/plumb-cspm/plumb/internal/asset"

// Account are the contacts of an account: whether they are there, never who
// they are.
type Account struct {
	// SecurityContact says that AWS has somebody to write to about security.
	SecurityContact asset.Value[bool] `plumb:"security_contact"`
	// ContactDetails says that the account's owner has a name, an address and a
	// telephone number. Whether they are still right, no API tells.
	ContactDetails asset.Value[bool] `plumb:"contact_details"`
}
