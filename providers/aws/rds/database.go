// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package rds

import "github.com/plumb-cspm/plumb/internal/asset"

// Instance is a database server. One that belongs to a cluster has its storage,
// backups, deletion protection, sign-in and standbys from the cluster.
type Instance struct {
	// Engine is mysql, mariadb, postgres, oracle-ee, sqlserver-se, aurora-mysql and so on.
	Engine asset.Value[string] `plumb:"engine"`
	// EngineVersion is the version, or its beginning: "16.4", "16"; "" where code
	// leaves the choice to AWS.
	EngineVersion asset.Value[string] `plumb:"engine_version"`
	// InCluster says that the instance is a member of a cluster.
	InCluster asset.Value[bool] `plumb:"in_cluster"`
	Cluster   asset.Ref         `plumb:"cluster" target:"aws.rds.cluster"`
	// ReadReplica says that the instance follows another one.
	ReadReplica asset.Value[bool] `plumb:"read_replica"`
	// PubliclyAccessible says that the instance has a public address. Whether
	// anybody reaches it is up to subnets and security groups.
	PubliclyAccessible asset.Value[bool] `plumb:"publicly_accessible"`
	// Encrypted says that storage, backups and snapshots are encrypted with a key
	// in KMS.
	Encrypted asset.Value[bool] `plumb:"encrypted"`
	// BackupRetentionDays is how long automated backups are kept; 0 for none.
	BackupRetentionDays     asset.Value[int64] `plumb:"backup_retention_days"`
	DeletionProtection      asset.Value[bool]  `plumb:"deletion_protection"`
	MultiAZ                 asset.Value[bool]  `plumb:"multi_az"`
	IAMAuthentication       asset.Value[bool]  `plumb:"iam_authentication"`
	AutoMinorVersionUpgrade asset.Value[bool]  `plumb:"auto_minor_version_upgrade"`
	// LogExports are the logs that go to CloudWatch.
	LogExports asset.List[asset.Value[string]] `plumb:"log_exports"`
	// CACertificate is the authority that signed the server certificate:
	// "rds-ca-rsa2048-g1".
	CACertificate asset.Value[string] `plumb:"ca_certificate"`
	// RequiresTLS says that the parameter group refuses connections without TLS.
	RequiresTLS asset.Value[bool] `plumb:"requires_tls"`
}

// Cluster is a cluster of Aurora, or one of MySQL or PostgreSQL in several zones.
type Cluster struct {
	Engine asset.Value[string] `plumb:"engine"`
	// Encrypted says that the storage is encrypted with a key in KMS. A cluster of
	// Aurora's without one is encrypted with a key that AWS owns, if it was made
	// since February 2026.
	Encrypted           asset.Value[bool]  `plumb:"encrypted"`
	BackupRetentionDays asset.Value[int64] `plumb:"backup_retention_days"`
	DeletionProtection  asset.Value[bool]  `plumb:"deletion_protection"`
	IAMAuthentication   asset.Value[bool]  `plumb:"iam_authentication"`
}

// Snapshot is a backup of an instance or a cluster at one moment.
type Snapshot struct {
	// OfCluster says that it is a cluster's.
	OfCluster asset.Value[bool] `plumb:"of_cluster"`
	// Encrypted says that the snapshot is encrypted with a key in KMS.
	Encrypted asset.Value[bool] `plumb:"encrypted"`
	// SharedAccounts are the accounts that may copy or restore the snapshot; "all"
	// stands for every account there is.
	SharedAccounts asset.List[asset.Value[string]] `plumb:"shared_accounts"`
}
