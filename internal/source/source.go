// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package source says what yields assets: a cloud account, a directory of
// code, a saved inventory.
package source

import (
	"context"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// Source yields assets and says what it could not look at.
type Source interface {
	// Target names the source in reports: "code:./infra", "aws:123456789012".
	Target() string
	// Read gives every asset and coverage line to the sink. It returns an error
	// only where nothing could be read at all (no credentials, unreadable path);
	// what fails in part is coverage. When ctx ends it stops soon, and what it
	// has emitted until then stays valid.
	Read(ctx context.Context, sink Sink) error
}

// Sink takes what a source reads. It may be used by several goroutines at once.
type Sink interface {
	// Asset takes over an asset; the source no longer changes it.
	Asset(*asset.Asset)
	Coverage(asset.Coverage)
}
