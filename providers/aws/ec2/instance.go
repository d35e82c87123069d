// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package ec2

import "github.com/plumb-cspm/plumb/internal/asset"

// Instance is a virtual machine; in code also what a launch configuration makes
// each of its machines. An instance that was terminated is none.
type Instance struct {
	// State is pending, running, stopping or stopped; running for code.
	State    asset.Value[string] `plumb:"state"`
	Metadata Metadata            `plumb:"metadata"`
	// HasPublicIP says that the instance has a public IPv4 address: one of its
	// subnet's, or an Elastic IP.
	HasPublicIP asset.Value[bool] `plumb:"has_public_ip"`
	// Profile is the ARN or name of the instance profile; "" for none. For a
	// profile of the same code its address stands in for the name.
	Profile asset.Value[string] `plumb:"instance_profile"`
	// Devices are the disks in Amazon EBS, the root device among them.
	Devices        asset.List[BlockDevice] `plumb:"block_devices"`
	Subnet         asset.Ref               `plumb:"subnet" target:"aws.vpc.subnet"`
	SecurityGroups asset.List[asset.Ref]   `plumb:"security_groups" target:"aws.ec2.security_group"`
}

// Metadata are the options of the instance metadata service.
type Metadata struct {
	// Enabled says that the service answers at all.
	Enabled asset.Value[bool] `plumb:"enabled"`
	// TokensRequired says that it answers only requests with a session token:
	// version 2 of the service, and not version 1.
	TokensRequired asset.Value[bool] `plumb:"tokens_required"`
}

// BlockDevice is a disk of an instance.
type BlockDevice struct {
	// Name is the device's name, /dev/xvda; "root" for a root device of which
	// code says nothing.
	Name      asset.Value[string] `plumb:"name"`
	Encrypted asset.Value[bool]   `plumb:"encrypted"`
}

const rootDevice = "root"

// LaunchTemplate says how instances are made.
type LaunchTemplate struct {
	// Versions are the default version and the latest one, once where they are
	// the same. Code has the version that it describes.
	Versions asset.List[Version] `plumb:"versions"`
}

// Version is a version of a launch template.
type Version struct {
	Number   asset.Value[int64] `plumb:"number" code:"AWS counts the versions"`
	Metadata Metadata           `plumb:"metadata"`
	// AssignsPublicIP says that a network interface asks for a public address.
	AssignsPublicIP asset.Value[bool] `plumb:"assigns_public_ip"`
}

const (
	required = "required" // the state of tokens in which version 1 of the metadata service is off
	optional = "optional"
	disabled = "disabled"
)

// MetadataOf reads the options as the API and Terraform write them; absent ones
// are "".
func MetadataOf(endpoint, tokens asset.Value[string]) Metadata {
	return Metadata{
		Enabled:        asset.Convert(endpoint, func(s string) bool { return s != disabled }),
		TokensRequired: asset.Convert(tokens, func(s string) bool { return s == required }),
	}
}
