// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package compose is the room of Compose files: their services.
package compose

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/compose"
)

// ServiceType is the name of the room's asset type.
const ServiceType = "docker.compose.service"

// Types describes the asset types of the room.
func Types() []asset.Type {
	return []asset.Type{{Name: ServiceType, Title: "Compose service", New: func() any { return new(Service) }}}
}

// Compose reads the room's assets from Compose files.
func Compose() []compose.Decoder {
	return []compose.Decoder{{Decode: decode}}
}
