// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package rds is the room of Amazon RDS and Aurora: instances, clusters and
// snapshots. Neptune and DocumentDB, which answer at the same API, are not in
// it. It reads no API itself: its live package does.
package rds

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/terraform"
)

// The asset types of the room.
const (
	InstanceType = "aws.rds.instance"
	ClusterType  = "aws.rds.cluster"
	SnapshotType = "aws.rds.snapshot"
)

// Types describes the asset types of the room.
func Types() []asset.Type {
	return []asset.Type{
		{Name: InstanceType, Title: "RDS instance", New: func() any { return new(Instance) }},
		{Name: ClusterType, Title: "RDS cluster", New: func() any { return new(Cluster) }},
		{Name: SnapshotType, Title: "RDS snapshot", New: func() any { return new(Snapshot) }},
	}
}

// Terraform reads the room's assets from Terraform.
func Terraform() []terraform.Decoder {
	return []terraform.Decoder{{Resources: blocks, Decode: decode}}
}
