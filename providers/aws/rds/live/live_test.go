// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"fmt"
	"hash/crc32"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/mototest"
	"github.com/plumb-cspm/plumb/internal/source/cloud/aws"
	"github.com/plumb-cspm/plumb/providers/all/roomtest"
	"github.com/plumb-cspm/plumb/providers/aws/rds"
	"github.com/plumb-cspm/plumb/providers/aws/rds/live"
)

func TestRoom(t *testing.T) {
	roomtest.Room{
		Collectors: live.Collectors(),
		Seed:       seed,
		Build: map[string]func(*testing.T, awssdk.Config, *asset.Asset) string{
			rds.InstanceType: buildInstance,
			rds.ClusterType:  buildCluster,
			rds.SnapshotType: buildSnapshot,
		},
	}.Test(t)
}

// must ends the test on an error of a call that prepares it.
func must[T any](t *testing.T) func(T, error) T {
	return func(out T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
}

// seed makes an instance with a parameter group of its own, a cluster with a
// member, and a shared snapshot of each.
func seed(t *testing.T, cfg awssdk.Config) {
	c, ctx := sdk.NewFromConfig(cfg), t.Context()
	group(t, c, "tls-only", "postgres14", "rds.force_ssl", "1")
	instance(t, c, &sdk.CreateDBInstanceInput{
		DBInstanceIdentifier: awssdk.String("orders"), Engine: awssdk.String("postgres"), EngineVersion: awssdk.String("14.12"),
		DBParameterGroupName: awssdk.String("tls-only"), Tags: []types.Tag{{Key: awssdk.String("owner"), Value: awssdk.String("shop")}},
	})
	cluster(t, c, &sdk.CreateDBClusterInput{DBClusterIdentifier: awssdk.String("ledger"), Engine: awssdk.String("aurora-postgresql")})
	member(t, c, "ledger-1", "ledger", "aurora-postgresql")
	must[*sdk.CreateDBSnapshotOutput](t)(c.CreateDBSnapshot(ctx, &sdk.CreateDBSnapshotInput{
		DBInstanceIdentifier: awssdk.String("orders"), DBSnapshotIdentifier: awssdk.String("orders-1"),
	}))
	must[*sdk.ModifyDBSnapshotAttributeOutput](t)(c.ModifyDBSnapshotAttribute(ctx, &sdk.ModifyDBSnapshotAttributeInput{
		DBSnapshotIdentifier: awssdk.String("orders-1"), AttributeName: awssdk.String("restore"), ValuesToAdd: []string{"all"},
	}))
	must[*sdk.CreateDBClusterSnapshotOutput](t)(c.CreateDBClusterSnapshot(ctx, &sdk.CreateDBClusterSnapshotInput{
		DBClusterIdentifier: awssdk.String("ledger"), DBClusterSnapshotIdentifier: awssdk.String("ledger-1"),
	}))
	must[*sdk.ModifyDBClusterSnapshotAttributeOutput](t)(c.ModifyDBClusterSnapshotAttribute(ctx, &sdk.ModifyDBClusterSnapshotAttributeInput{
		DBClusterSnapshotIdentifier: awssdk.String("ledger-1"), AttributeName: awssdk.String("restore"), ValuesToAdd: []string{"444455556666"},
	}))
}

func instance(t *testing.T, c *sdk.Client, in *sdk.CreateDBInstanceInput) {
	t.Helper()
	in.DBInstanceClass, in.AllocatedStorage = awssdk.String("db.m5.large"), awssdk.Int32(20)
	in.MasterUsername, in.MasterUserPassword = awssdk.String("app"), awssdk.String("correct-horse")
	must[*sdk.CreateDBInstanceOutput](t)(c.CreateDBInstance(t.Context(), in))
}

func cluster(t *testing.T, c *sdk.Client, in *sdk.CreateDBClusterInput) {
	t.Helper()
	in.MasterUsername, in.MasterUserPassword = awssdk.String("app"), awssdk.String("correct-horse")
	must[*sdk.CreateDBClusterOutput](t)(c.CreateDBCluster(t.Context(), in))
}

func member(t *testing.T, c *sdk.Client, name, of, engine string) {
	t.Helper()
	must[*sdk.CreateDBInstanceOutput](t)(c.CreateDBInstance(t.Context(), &sdk.CreateDBInstanceInput{
		DBInstanceIdentifier: &name, DBClusterIdentifier: &of, Engine: &engine, DBInstanceClass: awssdk.String("db.r6g.large"),
	}))
}

func group(t *testing.T, c *sdk.Client, name, family, parameter, value string) {
	t.Helper()
	must[*sdk.CreateDBParameterGroupOutput](t)(c.CreateDBParameterGroup(t.Context(), &sdk.CreateDBParameterGroupInput{
		DBParameterGroupName: &name, DBParameterGroupFamily: &family, Description: awssdk.String("for a test"),
	}))
	must[*sdk.ModifyDBParameterGroupOutput](t)(c.ModifyDBParameterGroup(t.Context(), &sdk.ModifyDBParameterGroupInput{
		DBParameterGroupName: &name, Parameters: []types.Parameter{{
			ParameterName: &parameter, ParameterValue: &value, ApplyMethod: types.ApplyMethodPendingReboot,
		}},
	}))
}

// named is a name that is unique in the account.
func named(a *asset.Asset) string {
	return fmt.Sprintf("built-%x", crc32.ChecksumIEEE([]byte(a.Address)))
}

// defaultVersions are those that AWS would choose, where moto chooses very old
// ones or none.
var defaultVersions = map[string]string{"postgres": "17.2", "mariadb": "11.4.3"}

func buildInstance(t *testing.T, cfg awssdk.Config, a *asset.Asset) string {
	c, i, name := sdk.NewFromConfig(cfg), a.Config.(*rds.Instance), named(a)
	engine := i.Engine.Or("postgres")
	in := &sdk.CreateDBInstanceInput{
		DBInstanceIdentifier: &name, Engine: &engine, PubliclyAccessible: awssdk.Bool(i.PubliclyAccessible.Or(false)),
		AutoMinorVersionUpgrade: awssdk.Bool(i.AutoMinorVersionUpgrade.Or(false)), CACertificateIdentifier: awssdk.String(i.CACertificate.Or("")),
	}
	if i.InCluster.Or(false) {
		of := name + "-cluster"
		if engine == "" {
			engine = "aurora-mysql"
		}
		cluster(t, c, &sdk.CreateDBClusterInput{DBClusterIdentifier: &of, Engine: &engine})
		in.DBClusterIdentifier, in.DBInstanceClass = &of, awssdk.String("db.r6g.large")
		must[*sdk.CreateDBInstanceOutput](t)(c.CreateDBInstance(t.Context(), in))
		return name
	}
	in.StorageEncrypted, in.DeletionProtection = awssdk.Bool(i.Encrypted.Or(false)), awssdk.Bool(i.DeletionProtection.Or(false))
	in.MultiAZ, in.EnableIAMDatabaseAuthentication = awssdk.Bool(i.MultiAZ.Or(false)), awssdk.Bool(i.IAMAuthentication.Or(false))
	in.BackupRetentionPeriod = awssdk.Int32(int32(i.BackupRetentionDays.Or(0)))
	if v := i.EngineVersion.Or(""); v != "" {
		in.EngineVersion = &v
	} else if v, ok := defaultVersions[engine]; ok {
		in.EngineVersion = &v
	}
	for _, l := range i.LogExports.Elems() {
		in.EnableCloudwatchLogsExports = append(in.EnableCloudwatchLogsExports, l.Or("error"))
	}
	if on, known := i.RequiresTLS.Get(); known && i.RequiresTLS.Source().State() == asset.Read {
		group(t, c, name, engine, rds.TLSParameter(engine), map[bool]string{true: "1", false: "0"}[on])
		in.DBParameterGroupName = &name
	}
	if i.ReadReplica.Or(false) {
		return replica(t, c, in)
	}
	instance(t, c, in)
	return name
}

// replica makes an instance like the one asked for and has it followed.
func replica(t *testing.T, c *sdk.Client, in *sdk.CreateDBInstanceInput) string {
	name := *in.DBInstanceIdentifier
	in.DBInstanceIdentifier, in.BackupRetentionPeriod = awssdk.String(name+"-source"), awssdk.Int32(1)
	instance(t, c, in)
	must[*sdk.CreateDBInstanceReadReplicaOutput](t)(c.CreateDBInstanceReadReplica(t.Context(), &sdk.CreateDBInstanceReadReplicaInput{
		DBInstanceIdentifier: &name, SourceDBInstanceIdentifier: in.DBInstanceIdentifier,
	}))
	return name
}

func buildCluster(t *testing.T, cfg awssdk.Config, a *asset.Asset) string {
	d, name := a.Config.(*rds.Cluster), named(a)
	cluster(t, sdk.NewFromConfig(cfg), &sdk.CreateDBClusterInput{
		DBClusterIdentifier: &name, Engine: awssdk.String(d.Engine.Or("")), StorageEncrypted: awssdk.Bool(d.Encrypted.Or(false)),
		DeletionProtection: awssdk.Bool(d.DeletionProtection.Or(false)), EnableIAMDatabaseAuthentication: awssdk.Bool(d.IAMAuthentication.Or(false)),
	})
	return name
}

func buildSnapshot(t *testing.T, cfg awssdk.Config, a *asset.Asset) string {
	c, ctx, s, name := sdk.NewFromConfig(cfg), t.Context(), a.Config.(*rds.Snapshot), named(a)
	encrypted := awssdk.Bool(s.Encrypted.Or(false))
	var accounts []string
	for _, account := range s.SharedAccounts.Elems() {
		accounts = append(accounts, account.Or("444455556666"))
	}
	if s.OfCluster.Or(false) {
		cluster(t, c, &sdk.CreateDBClusterInput{DBClusterIdentifier: &name, Engine: awssdk.String("aurora-mysql"), StorageEncrypted: encrypted})
		must[*sdk.CreateDBClusterSnapshotOutput](t)(c.CreateDBClusterSnapshot(ctx, &sdk.CreateDBClusterSnapshotInput{
			DBClusterIdentifier: &name, DBClusterSnapshotIdentifier: &name,
		}))
		if len(accounts) > 0 {
			must[*sdk.ModifyDBClusterSnapshotAttributeOutput](t)(c.ModifyDBClusterSnapshotAttribute(ctx, &sdk.ModifyDBClusterSnapshotAttributeInput{
				DBClusterSnapshotIdentifier: &name, AttributeName: awssdk.String("restore"), ValuesToAdd: accounts,
			}))
		}
		return name
	}
	instance(t, c, &sdk.CreateDBInstanceInput{DBInstanceIdentifier: &name, Engine: awssdk.String("postgres"), StorageEncrypted: encrypted})
	must[*sdk.CreateDBSnapshotOutput](t)(c.CreateDBSnapshot(ctx, &sdk.CreateDBSnapshotInput{DBInstanceIdentifier: &name, DBSnapshotIdentifier: &name}))
	if len(accounts) > 0 {
		must[*sdk.ModifyDBSnapshotAttributeOutput](t)(c.ModifyDBSnapshotAttribute(ctx, &sdk.ModifyDBSnapshotAttributeInput{
			DBSnapshotIdentifier: &name, AttributeName: awssdk.String("restore"), ValuesToAdd: accounts,
		}))
	}
	return name
}

func TestAParameterGroupIsReadOnceHoweverManyInstancesHaveIt(t *testing.T) {
	t.Parallel()
	server := mototest.Start(t)
	c := sdk.NewFromConfig(server.Config(t))
	group(t, c, "shared", "mysql8.0", "require_secure_transport", "ON")
	for i := range 3 {
		instance(t, c, &sdk.CreateDBInstanceInput{
			DBInstanceIdentifier: awssdk.String(fmt.Sprint("db-", i)), Engine: awssdk.String("mysql"), DBParameterGroupName: awssdk.String("shared"),
		})
	}
	reading := server.Read(t, aws.Config{}, live.Collectors()...)
	if calls := reading.Calls["rds:DescribeDBParameters"]; calls != 1 {
		t.Errorf("the group was read %d times", calls)
	}
	if tls := mototest.Of[rds.Instance](t, reading, rds.InstanceType, "db-2").RequiresTLS; !tls.Or(false) {
		t.Errorf("TLS is %v: %s", tls.Or(false), tls.Reason())
	}
}

func TestOtherServicesAtTheSameAPIAreLeftOut(t *testing.T) {
	t.Parallel()
	server := mototest.Start(t)
	c := sdk.NewFromConfig(server.Config(t))
	cluster(t, c, &sdk.CreateDBClusterInput{DBClusterIdentifier: awssdk.String("graph"), Engine: awssdk.String("neptune")})
	reading := server.Read(t, aws.Config{}, live.Collectors()...)
	if len(reading.Assets) > 0 {
		t.Errorf("read %s", reading.Assets[0].ID)
	}
}
