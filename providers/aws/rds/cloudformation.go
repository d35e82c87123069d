// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package rds

import (
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/cloudformation"
)

// CloudFormation reads the room's assets from CloudFormation, which makes no
// snapshots to keep.
func CloudFormation() []cloudformation.Decoder {
	return []cloudformation.Decoder{{
		Resources: []string{instanceResource, clusterResource, parameterGroupResource}, Decode: databasesInStack,
	}}
}

const (
	instanceResource       = "AWS::RDS::DBInstance"
	clusterResource        = "AWS::RDS::DBCluster"
	parameterGroupResource = "AWS::RDS::DBParameterGroup"
)

// inStack is which resources of a stack are made from which.
type inStack struct {
	parents, groups map[*cloudformation.Resource]*cloudformation.Resource
}

func databasesInStack(s *cloudformation.Stack, emit func(*asset.Asset)) {
	in := inStack{map[*cloudformation.Resource]*cloudformation.Resource{}, map[*cloudformation.Resource]*cloudformation.Resource{}}
	linkInStack(s, in.parents, instanceResource, "SourceDBInstanceIdentifier", instanceResource, "DBInstanceIdentifier")
	linkInStack(s, in.parents, clusterResource, "SourceDBClusterIdentifier", clusterResource, "DBClusterIdentifier")
	linkInStack(s, in.groups, instanceResource, "DBParameterGroupName", parameterGroupResource, "DBParameterGroupName")
	for _, r := range s.Resources(instanceResource) {
		a := r.Asset(InstanceType, r.String("DBInstanceIdentifier").Or(""))
		a.Config = in.instance(r)
		emit(a)
	}
	for _, r := range s.Resources(clusterResource) {
		a := r.Asset(ClusterType, r.String("DBClusterIdentifier").Or(""))
		a.Config = &Cluster{
			Engine:              r.String("Engine"),
			Encrypted:           in.encrypted(r, 0),
			BackupRetentionDays: r.Int("BackupRetentionPeriod", 1),
			DeletionProtection:  r.Bool("DeletionProtection"),
			IAMAuthentication:   r.Bool("EnableIAMDatabaseAuthentication"),
		}
		emit(a)
	}
}

// linkInStack notes which resource the property of each child names.
func linkInStack(s *cloudformation.Stack, into map[*cloudformation.Resource]*cloudformation.Resource, child, property, parent, name string) {
	join := s.Join(child, property, parent, name)
	for _, p := range s.Resources(parent) {
		children, _ := join.Of(p)
		for _, c := range children {
			if c != p {
				into[c] = p
			}
		}
	}
}

func (in inStack) instance(r *cloudformation.Resource) *Instance {
	engine, version := in.inherited(r, "Engine"), in.inherited(r, "EngineVersion")
	i := &Instance{
		Engine:                  engine,
		EngineVersion:           version,
		InCluster:               asset.Default(false, r.Source()),
		Cluster:                 asset.NoRef(r.Source()),
		ReadReplica:             r.Given("SourceDBInstanceIdentifier"),
		PubliclyAccessible:      publicInStack(r),
		Encrypted:               in.encrypted(r, 0),
		BackupRetentionDays:     backupsInStack(r),
		DeletionProtection:      r.Bool("DeletionProtection"),
		MultiAZ:                 r.Bool("MultiAZ"),
		IAMAuthentication:       r.Bool("EnableIAMDatabaseAuthentication"),
		AutoMinorVersionUpgrade: r.Bool("AutoMinorVersionUpgrade", true),
		LogExports:              r.Strings("EnableCloudwatchLogsExports"),
		CACertificate:           r.String("CACertificateIdentifier", "rds-ca-rsa2048-g1"),
		RequiresTLS:             in.requiresTLS(r, engine, version),
	}
	member := r.Given("DBClusterIdentifier")
	if isMember, known := member.Get(); known && !isMember {
		return i
	}
	fromCluster := r.Source().Missing("a member of a cluster has this from the cluster")
	i.InCluster, i.Cluster = member, r.Ref("DBClusterIdentifier", clusterResource)
	i.Encrypted, i.DeletionProtection = asset.Missing[bool](fromCluster), asset.Missing[bool](fromCluster)
	i.MultiAZ, i.IAMAuthentication = asset.Missing[bool](fromCluster), asset.Missing[bool](fromCluster)
	i.RequiresTLS, i.BackupRetentionDays = asset.Missing[bool](fromCluster), asset.Missing[int64](fromCluster)
	i.LogExports = asset.MissingList[asset.Value[string]](fromCluster)
	return i
}

// publicInStack reads whether an instance has a public address. Where nothing is
// said, RDS decides by the VPC (CloudFormation reference, "PubliclyAccessible").
func publicInStack(r *cloudformation.Resource) asset.Value[bool] {
	public := r.Bool("PubliclyAccessible")
	if public.Source().State() == asset.Defaulted {
		return asset.Unknown[bool]("RDS gives a public address if the VPC has an internet gateway", r.Source())
	}
	return public
}

// backupsInStack is the day of backups that RDS keeps where nothing is said,
// except that a restored instance starts with what its origin had.
func backupsInStack(r *cloudformation.Resource) asset.Value[int64] {
	if !r.Declared("BackupRetentionPeriod") && r.Declared("DBSnapshotIdentifier") {
		return asset.Unknown[int64]("a restored instance keeps backups as its origin did", r.Source())
	}
	return r.Int("BackupRetentionPeriod", 1)
}

// copied lists the properties that make a database from one that exists.
var copied = []string{
	"SourceDBInstanceIdentifier", "SourceDBClusterIdentifier", "SourceDbiResourceId", "DBSnapshotIdentifier",
	"DBClusterSnapshotIdentifier", "SnapshotIdentifier",
}

// isCopyInStack reports whether a database may be made from one that exists.
func isCopyInStack(r *cloudformation.Resource) bool {
	for _, property := range copied {
		if given, known := r.Given(property).Get(); given || !known {
			return true
		}
	}
	return false
}

func (in inStack) encrypted(r *cloudformation.Resource, depth int) asset.Value[bool] {
	parent := in.parents[r]
	switch {
	case r.Declared("StorageEncrypted"):
		return r.Bool("StorageEncrypted")
	case isCopyInStack(r) && r.Given("KmsKeyId").Or(false):
		return asset.Known(true, r.Source())
	case parent != nil && depth < longestLine:
		return in.encrypted(parent, depth+1)
	case isCopyInStack(r):
		return asset.Unknown[bool]("it is encrypted if what it is made from is, which this code does not show", r.Source())
	case r.Type == clusterResource:
		return asset.Convert(r.String("EngineMode", "provisioned"), func(mode string) bool { return mode == "serverless" })
	}
	return r.Bool("StorageEncrypted")
}

// inherited is a property that a copy has from its origin where it does not say.
func (in inStack) inherited(r *cloudformation.Resource, property string) asset.Value[string] {
	for range len(in.parents) + 1 {
		parent := in.parents[r]
		switch {
		case r.Declared(property), !isCopyInStack(r):
			return r.String(property)
		case parent == nil:
			return asset.Unknown[string]("the "+property+" is that of what the instance is made from", r.Source())
		}
		r = parent
	}
	return asset.Unknown[string]("the instance is made from itself", r.Source())
}

// requiresTLS is what the parameter group of an instance says of TLS, else what
// its engine does by default.
func (in inStack) requiresTLS(r *cloudformation.Resource, engine, version asset.Value[string]) asset.Value[bool] {
	return asset.Then(engine, func(engine string, _ *asset.Source) asset.Value[bool] {
		parameter := TLSParameter(engine)
		if parameter == "" {
			return asset.Default(false, r.Source())
		}
		byVersion := asset.Then(version, func(v string, _ *asset.Source) asset.Value[bool] { return TLSByDefault(engine, v, r.Source()) })
		if group := in.groups[r]; group != nil {
			parameters := group.StringMap("Parameters")
			if set, written := parameters.Entries()[parameter]; written {
				return asset.Convert(set, IsOn)
			}
			if reason, open := parameters.More(); open {
				return asset.Unknown[bool](reason, group.Source())
			}
			return asset.Then(group.String("Family"), func(family string, _ *asset.Source) asset.Value[bool] {
				if v := familyVersion(engine, family); v != "" {
					return TLSByDefault(engine, v, group.Source())
				}
				return byVersion
			})
		}
		return asset.Then(r.String("DBParameterGroupName"), func(name string, at *asset.Source) asset.Value[bool] {
			family, isDefault := strings.CutPrefix(name, "default.")
			switch {
			case name == "":
				return byVersion
			case isDefault:
				return TLSByDefault(engine, familyVersion(engine, family), at)
			}
			return asset.Unknown[bool]("the parameter group "+name+" is not in this code", at)
		})
	})
}
