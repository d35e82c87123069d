// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package roomtest

import (
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// Filled writes a text from code with something in the place of what only the
// apply would tell: an ARN, since that is what policies ask for.
func Filled(text asset.Text) string {
	var b strings.Builder
	for _, part := range text.Parts() {
		if part.Hole == nil {
			b.WriteString(part.Literal)
		} else {
			b.WriteString("arn:aws:iam::111122223333:role/computed")
		}
	}
	return b.String()
}
