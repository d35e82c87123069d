// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package network

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/k8s"
)

// Service is a name and an address for some pods.
type Service struct {
	Namespace asset.Value[string] `plumb:"namespace"`
	// Kind is ClusterIP, NodePort, LoadBalancer or ExternalName.
	Kind asset.Value[string] `plumb:"kind"`
	// ExternalIPs are addresses outside of the cluster that its nodes take for the
	// service's.
	ExternalIPs asset.List[asset.Value[string]] `plumb:"external_ips"`
	// SourceRanges are those from which a load balancer takes traffic; none for all.
	SourceRanges asset.List[asset.Value[string]] `plumb:"source_ranges"`
}

func decodeService(o *k8s.Object) *Service {
	spec := o.Get("spec")
	return &Service{
		Namespace: namespace(o), Kind: spec.Get("type").String("ClusterIP"),
		ExternalIPs: spec.Get("externalIPs").Strings(), SourceRanges: spec.Get("loadBalancerSourceRanges").Strings(),
	}
}
