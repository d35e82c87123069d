// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package controlplane is the room of the programs that make a Kubernetes cluster:
// the API server and its like, as manifests start them, and kubelets.
package controlplane

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/k8s"
)

// The names of the room's asset types.
const (
	ComponentType = "k8s.controlplane.component"
	KubeletType   = "k8s.controlplane.kubelet"
)

// Types describes the asset types of the room.
func Types() []asset.Type {
	return []asset.Type{
		{Name: ComponentType, Title: "Kubernetes control plane component", New: func() any { return new(Component) }},
		{Name: KubeletType, Title: "Kubelet", New: func() any { return new(Kubelet) }},
	}
}

// Kubernetes reads the room's assets from manifests.
func Kubernetes() []k8s.Decoder {
	return []k8s.Decoder{{Decode: decode}}
}

// Component is a program of the control plane.
type Component struct {
	// Program is kube-apiserver, kube-controller-manager, kube-scheduler or etcd.
	Program asset.Value[string] `plumb:"program"`
	// Flags are those that the program is started with, without the dashes. One
	// without a value is "true".
	Flags asset.Map[string] `plumb:"flags"`
}

// Kubelet is what runs pods on a node, with the defaults of the place where it is
// configured: those of flags are older and weaker than those of a file.
type Kubelet struct {
	// Anonymous says that requests without credentials are let in.
	Anonymous asset.Value[bool] `plumb:"anonymous"`
	// AuthorizationMode is Webhook or AlwaysAllow.
	AuthorizationMode asset.Value[string] `plumb:"authorization_mode"`
	// ReadOnlyPort answers without credentials; 0 for none.
	ReadOnlyPort asset.Value[string] `plumb:"read_only_port"`
	ClientCA     asset.Value[string] `plumb:"client_ca"`
	// RotateCertificates says that the client certificate is renewed in time.
	RotateCertificates asset.Value[bool] `plumb:"rotate_certificates"`
	IPTables           asset.Value[bool] `plumb:"iptables"`
	// StreamingTimeout ends idle connections; "0" for never.
	StreamingTimeout asset.Value[string] `plumb:"streaming_timeout"`
	// Certificate and Key are the files of the serving certificate; "" where the
	// kubelet signs its own.
	Certificate asset.Value[string] `plumb:"certificate"`
	Key         asset.Value[string] `plumb:"key"`
	// ServerBootstrap says that the cluster signs the serving certificate.
	ServerBootstrap asset.Value[bool] `plumb:"server_bootstrap"`
}
