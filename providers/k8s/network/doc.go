// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package network is the room of what leads to Kubernetes pods, and of what keeps
// traffic from them: services, ingresses and network policies.
package network

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/k8s"
)

// The names of the room's asset types.
const (
	PolicyType  = "k8s.network.policy"
	ServiceType = "k8s.network.service"
	IngressType = "k8s.network.ingress"
)

// Types describes the asset types of the room.
func Types() []asset.Type {
	return []asset.Type{
		{Name: PolicyType, Title: "Kubernetes network policy", New: func() any { return new(Policy) }},
		{Name: ServiceType, Title: "Kubernetes service", New: func() any { return new(Service) }},
		{Name: IngressType, Title: "Kubernetes ingress", New: func() any { return new(Ingress) }},
	}
}

// Kubernetes reads the room's assets from manifests.
func Kubernetes() []k8s.Decoder {
	return []k8s.Decoder{{Decode: decode}}
}

func decode(m *k8s.Manifests, emit func(*asset.Asset)) {
	for _, o := range m.Objects {
		switch {
		case o.Is("NetworkPolicy", "networking.k8s.io", "extensions"):
			emit(o.Asset(PolicyType, decodePolicy(o)))
		case o.Is("Service", ""):
			emit(o.Asset(ServiceType, decodeService(o)))
		case o.Is("Ingress", "networking.k8s.io", "extensions"):
			emit(o.Asset(IngressType, decodeIngress(o)))
		}
	}
}

func namespace(o *k8s.Object) asset.Value[string] {
	return o.Get("metadata", "namespace").String("default")
}
