// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package rds

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/terraform"
)

const (
	instanceBlock            = "aws_db_instance"
	memberBlock              = "aws_rds_cluster_instance"
	clusterBlock             = "aws_rds_cluster"
	snapshotBlock            = "aws_db_snapshot"
	clusterSnapshotBlock     = "aws_db_cluster_snapshot"
	snapshotCopyBlock        = "aws_db_snapshot_copy"
	clusterSnapshotCopyBlock = "aws_rds_cluster_snapshot_copy"
	parameterGroupBlock      = "aws_db_parameter_group"
	certificateBlock         = "aws_rds_certificate"
)

var blocks = []string{
	instanceBlock, memberBlock, clusterBlock, snapshotBlock, clusterSnapshotBlock, snapshotCopyBlock, clusterSnapshotCopyBlock,
	parameterGroupBlock, certificateBlock,
}

// root is what a root module says about databases, and which of its blocks are
// made from which.
type root struct {
	*terraform.Root
	// parents are what an instance, a cluster or a snapshot is a copy of.
	parents map[*terraform.Block]*terraform.Block
	groups  map[*terraform.Block]*terraform.Block // parameter groups of instances
	// certificate chooses the authority of instances that name none; nil where
	// nobody chose.
	certificate *terraform.Block
}

func decode(tf *terraform.Root, emit func(*asset.Asset)) {
	r := &root{Root: tf, parents: map[*terraform.Block]*terraform.Block{}, groups: map[*terraform.Block]*terraform.Block{}}
	for _, link := range []struct{ child, attr, parent, name string }{
		{instanceBlock, "replicate_source_db", instanceBlock, "identifier"},
		{instanceBlock, "snapshot_identifier", snapshotBlock, "db_snapshot_identifier"},
		{instanceBlock, "snapshot_identifier", snapshotCopyBlock, "target_db_snapshot_identifier"},
		{clusterBlock, "snapshot_identifier", clusterSnapshotBlock, "db_cluster_snapshot_identifier"},
		{clusterBlock, "replication_source_identifier", clusterBlock, "cluster_identifier"},
		{snapshotBlock, "db_instance_identifier", instanceBlock, "identifier"},
		{clusterSnapshotBlock, "db_cluster_identifier", clusterBlock, "cluster_identifier"},
		{snapshotCopyBlock, "source_db_snapshot_identifier", snapshotBlock, "db_snapshot_identifier"},
		{clusterSnapshotCopyBlock, "source_db_cluster_snapshot_identifier", clusterSnapshotBlock, "db_cluster_snapshot_identifier"},
	} {
		r.link(r.parents, link.child, link.attr, link.parent, link.name)
	}
	r.link(r.groups, instanceBlock, "parameter_group_name", parameterGroupBlock, "name")
	for _, b := range r.Resources(certificateBlock) {
		r.certificate = b
	}
	for _, b := range r.Resources(instanceBlock) {
		emit(config(b, InstanceType, b.String("identifier"), r.instance(b)))
	}
	for _, b := range r.Resources(memberBlock) {
		emit(config(b, InstanceType, b.String("identifier"), r.member(b)))
	}
	for _, b := range r.Resources(clusterBlock) {
		emit(config(b, ClusterType, b.String("cluster_identifier"), r.cluster(b)))
	}
	for _, b := range r.Resources(snapshotBlock) {
		emit(config(b, SnapshotType, b.String("db_snapshot_identifier"), r.snapshot(b, false)))
	}
	for _, b := range r.Resources(snapshotCopyBlock) {
		emit(config(b, SnapshotType, b.String("target_db_snapshot_identifier"), r.snapshot(b, false)))
	}
	for _, b := range r.Resources(clusterSnapshotBlock) {
		emit(config(b, SnapshotType, b.String("db_cluster_snapshot_identifier"), r.snapshot(b, true)))
	}
	for _, b := range r.Resources(clusterSnapshotCopyBlock) {
		emit(config(b, SnapshotType, b.String("target_db_cluster_snapshot_identifier"), r.snapshot(b, true)))
	}
}

// link notes which block the attribute of each child names.
func (r *root) link(into map[*terraform.Block]*terraform.Block, child, attr, parent, name string) {
	join := r.Join(child, attr, parent, name, "id", "arn")
	for _, p := range r.Resources(parent) {
		children, _ := join.Of(p)
		for _, c := range children {
			if c != p {
				into[c] = p
			}
		}
	}
}

func config(b *terraform.Block, typ string, name asset.Value[string], config any) *asset.Asset {
	a := b.Asset(typ, name.Or(""))
	a.Config = config
	return a
}

func (r *root) instance(b *terraform.Block) *Instance {
	engine := r.inherited(b, "engine")
	version := r.inherited(b, "engine_version")
	return &Instance{
		Engine:                  engine,
		EngineVersion:           version,
		InCluster:               asset.Default(false, b.Source()),
		Cluster:                 asset.NoRef(b.Source()),
		ReadReplica:             declares(b, "replicate_source_db"),
		PubliclyAccessible:      b.Bool("publicly_accessible"),
		Encrypted:               r.encrypted(b, 0),
		BackupRetentionDays:     backupRetention(b),
		DeletionProtection:      b.Bool("deletion_protection"),
		MultiAZ:                 b.Bool("multi_az"),
		IAMAuthentication:       b.Bool("iam_database_authentication_enabled"),
		AutoMinorVersionUpgrade: b.Bool("auto_minor_version_upgrade", true),
		LogExports:              b.Strings("enabled_cloudwatch_logs_exports"),
		CACertificate:           r.authority(b),
		RequiresTLS:             r.requiresTLS(b, engine, version),
	}
}

// declares is whether an attribute names something.
func declares(b *terraform.Block, attr string) asset.Value[bool] {
	if _, _, named := b.Origin(attr); named {
		return asset.Known(true, b.Source())
	}
	return asset.Convert(b.String(attr), func(s string) bool { return s != "" })
}

// backupRetention is the provider's 0 where nothing is said, except that a
// restored instance starts with what its origin had.
func backupRetention(b *terraform.Block) asset.Value[int64] {
	if !b.Declared("backup_retention_period") && restored(b) {
		return asset.Unknown[int64]("a restored instance keeps backups as its origin did", b.Source())
	}
	return b.Int("backup_retention_period")
}

func restored(b *terraform.Block) bool {
	return names(b, "snapshot_identifier") || b.Declared("restore_to_point_in_time")
}

// names reports whether an argument may name something: the provider takes the
// empty string for nothing.
func names(b *terraform.Block, attr string) bool {
	name, known := b.String(attr).Get()
	return b.Declared(attr) && (!known || name != "")
}

// inherited is an argument of an instance that a replica or a restored instance
// has from its origin where its own block does not say.
func (r *root) inherited(b *terraform.Block, attr string) asset.Value[string] {
	for range len(r.parents) + 1 {
		parent := r.parents[b]
		switch {
		case b.Declared(attr), !restored(b) && !names(b, "replicate_source_db"):
			return b.String(attr)
		case parent == nil || parent.Type != instanceBlock:
			return asset.Unknown[string]("the "+attr+" is that of what the instance is made from", b.Source())
		}
		b = parent
	}
	return asset.Unknown[string]("the instance is made from itself", b.Source())
}

func (r *root) authority(b *terraform.Block) asset.Value[string] {
	if r.certificate != nil && !b.Declared("ca_cert_identifier") {
		return r.certificate.String("certificate_identifier")
	}
	return b.String("ca_cert_identifier", "rds-ca-rsa2048-g1")
}

// member is an instance of a cluster.
func (r *root) member(b *terraform.Block) *Instance {
	fromCluster := b.Source().Missing("a member of a cluster has this from the cluster")
	return &Instance{
		Engine:                  b.String("engine"),
		EngineVersion:           b.String("engine_version"),
		InCluster:               asset.Known(true, b.Source()),
		Cluster:                 b.Ref("cluster_identifier"),
		ReadReplica:             asset.Default(false, b.Source()),
		PubliclyAccessible:      b.Bool("publicly_accessible"),
		Encrypted:               asset.Missing[bool](fromCluster),
		BackupRetentionDays:     asset.Missing[int64](fromCluster),
		DeletionProtection:      asset.Missing[bool](fromCluster),
		MultiAZ:                 asset.Missing[bool](fromCluster),
		IAMAuthentication:       asset.Missing[bool](fromCluster),
		AutoMinorVersionUpgrade: b.Bool("auto_minor_version_upgrade", true),
		LogExports:              asset.MissingList[asset.Value[string]](fromCluster),
		CACertificate:           r.authority(b),
		RequiresTLS:             asset.Missing[bool](fromCluster),
	}
}

func (r *root) cluster(b *terraform.Block) *Cluster {
	return &Cluster{
		Engine:              b.String("engine"),
		Encrypted:           r.encrypted(b, 0),
		BackupRetentionDays: b.Int("backup_retention_period", 1),
		DeletionProtection:  b.Bool("deletion_protection"),
		IAMAuthentication:   b.Bool("iam_database_authentication_enabled"),
	}
}

func (r *root) snapshot(b *terraform.Block, ofCluster bool) *Snapshot {
	return &Snapshot{
		OfCluster:      asset.Known(ofCluster, b.Source()),
		Encrypted:      r.encrypted(b, 0),
		SharedAccounts: b.Strings("shared_accounts"),
	}
}
