// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package dockerfile is the room of Dockerfiles: their build stages. It says what
// the commands of a stage mean for its safety and keeps no more of them than
// that: scripts hold passwords too often to be saved in an inventory.
package dockerfile

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/dockerfile"
)

// StageType is the name of the room's asset type.
const StageType = "docker.dockerfile.stage"

// Types describes the asset types of the room.
func Types() []asset.Type {
	return []asset.Type{{Name: StageType, Title: "Dockerfile stage", New: func() any { return new(Stage) }}}
}

// Dockerfile reads the room's assets from Dockerfiles.
func Dockerfile() []dockerfile.Decoder {
	return []dockerfile.Decoder{{Decode: decode}}
}
