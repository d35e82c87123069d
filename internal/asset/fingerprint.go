// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package asset

import (
	"crypto/sha256"
	"encoding/hex"
)

// Fingerprint names what a control says of an asset, for as long as both keep
// their ids: through edits above the block, new messages and other machines. It
// is the first 128 bits of a SHA-256, in hex.
func Fingerprint(control, id string) string {
	sum := sha256.Sum256([]byte("plumb/v1\x00" + control + "\x00" + id))
	return hex.EncodeToString(sum[:16])
}
