// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package k8s

import (
	"fmt"
	"slices"
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// Object is one object of the Kubernetes API as a manifest declares it. Its Value
// is the whole of it.
type Object struct {
	Value
	// Group is the API group, "" for the core one; Kind is the kind within it.
	Group, Kind string
	// Namespace is "" for what does not live in one.
	Namespace, Name string
	// Address is Kind/namespace/name, which is unique within the file.
	Address string
	// File is the name of the file.
	File string
}

// Location is where the object is written.
func (o *Object) Location() asset.Location {
	return asset.Location{File: o.File, StartLine: o.node.line, EndLine: o.node.end}
}

// Is reports whether the object is of the kind in one of the API groups.
func (o *Object) Is(kind string, groups ...string) bool {
	return o.Kind == kind && slices.Contains(groups, o.Group)
}

// Asset is the object as an asset of the type.
func (o *Object) Asset(typ string, config any) *asset.Asset {
	return &asset.Asset{
		Type: typ, ID: o.File + "//" + o.Address, Name: o.Name, Address: o.Address, Root: o.File,
		Scope: asset.Scope{Provider: "k8s"}, Origin: asset.Code, Location: o.Location(),
		Tags: o.Get("metadata", "labels").Map(), Config: config,
	}
}

// clusterScoped are the built-in kinds that live in no namespace.
var clusterScoped = []string{
	"APIService", "CertificateSigningRequest", "ClusterRole", "ClusterRoleBinding", "ComponentStatus", "CSIDriver", "CSINode",
	"CustomResourceDefinition", "DeviceClass", "FlowSchema", "IngressClass", "KubeletConfiguration", "MutatingAdmissionPolicy",
	"MutatingWebhookConfiguration", "Namespace", "Node", "PersistentVolume", "PodSecurityPolicy", "PriorityClass",
	"PriorityLevelConfiguration", "RuntimeClass", "StorageClass", "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding",
	"ValidatingWebhookConfiguration", "VolumeAttachment",
}

// objects are the objects of a document: itself, or the items of a list.
func objects(file string, top *node) []*Object {
	v := Value{node: top, file: file, at: inCode(file, top.line)}
	return collect(v, "", "", 0)
}

// collect reads an object. The items of a typed list may leave out what they are.
func collect(v Value, version, kind string, depth int) []*Object {
	version, kind = v.Get("apiVersion").literal(version), v.Get("kind").literal(kind)
	if version == "" || kind == "" || v.node.kind != mapping || depth > 3 {
		return nil
	}
	if items := v.Get("items"); strings.HasSuffix(kind, "List") && items.IsSet() {
		var all []*Object
		for _, item := range items.Items() {
			itemKind := strings.TrimSuffix(kind, "List")
			all = append(all, collect(item, version, itemKind, depth+1)...)
		}
		return all
	}
	group, _, has := strings.Cut(version, "/")
	if !has {
		group = ""
	}
	meta := v.Get("metadata")
	o := &Object{
		Value: v, Group: group, Kind: kind, File: v.file, Name: meta.Get("name").literal(meta.Get("generateName").literal("")),
	}
	if !slices.Contains(clusterScoped, kind) {
		o.Namespace = meta.Get("namespace").literal("default")
	}
	o.Address = kind + "/" + o.Namespace + "/" + o.Name
	return []*Object{o}
}

// literal is a scalar as it is written.
func (v Value) literal(missing string) string {
	if v.node == nil || v.node.kind != scalar {
		return missing
	}
	return v.node.text
}

// Literal is a scalar as it is written, with the names of what a deployment fills
// in; "" for anything else.
func (v Value) Literal() string { return v.literal("") }

// number gives objects of one file that share an address different ones.
func number(all []*Object) {
	seen := map[string]int{}
	for _, o := range all {
		if seen[o.Address]++; seen[o.Address] > 1 {
			o.Address = fmt.Sprintf("%s#%d", o.Address, seen[o.Address])
		}
	}
}
