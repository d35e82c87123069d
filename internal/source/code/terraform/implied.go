// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// Implied describes the singleton of a type that the root does not declare:
// what an account has where nobody says otherwise. The caller sets its Config.
func (r *Root) Implied(typ string) *asset.Asset {
	provider, _, _ := strings.Cut(typ, ".")
	return &asset.Asset{
		Type: typ, ID: r.id(typ), Address: typ, Origin: asset.Code, Root: r.Dir, Implied: true,
		Scope: asset.Scope{Provider: provider, Account: r.account},
	}
}
