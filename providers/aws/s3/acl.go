// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package s3

import "strings"

// GroupOf is the group that a grantee's URI names: AllUsers,
// AuthenticatedUsers or LogDelivery; the URI itself where it names none.
func GroupOf(uri string) string {
	for _, group := range []string{allUsers, authenticatedUsers, logDelivery} {
		if strings.HasSuffix(uri, "/"+group) {
			return group
		}
	}
	return uri
}
