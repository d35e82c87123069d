// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package workload is the room of Kubernetes workloads: pods, and everything that
// makes pods from a template.
package workload

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/k8s"
)

// PodType is the name of the room's asset type.
const PodType = "k8s.workload.pod"

// Types describes the asset types of the room.
func Types() []asset.Type {
	return []asset.Type{{Name: PodType, Title: "Kubernetes pod", New: func() any { return new(Pod) }}}
}

// Kubernetes reads the room's assets from manifests.
func Kubernetes() []k8s.Decoder {
	return []k8s.Decoder{{Decode: decode}}
}
