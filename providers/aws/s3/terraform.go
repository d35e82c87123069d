// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package s3

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/aws/policy"
	"github.com/plumb-cspm/plumb/internal/source/code/terraform"
)

// bucketBlocks are the blocks that together describe buckets: since version 4
// of the provider most settings are resources of their own.
var bucketBlocks = []string{
	"aws_s3_bucket", "aws_s3_bucket_policy", "aws_s3_bucket_acl", "aws_s3_bucket_ownership_controls",
	"aws_s3_bucket_public_access_block", "aws_s3_bucket_versioning",
	"aws_s3_bucket_server_side_encryption_configuration", "aws_s3_bucket_logging",
}

// find gives the block of a type that belongs to a bucket: nil where there is
// none, or the source of values that cannot be known.
type find func(typ string) (*terraform.Block, *asset.Source)

func decodeBuckets(r *terraform.Root, emit func(*asset.Asset)) {
	joins := map[string]*terraform.Join{}
	var all []*terraform.Join
	for _, typ := range bucketBlocks[1:] {
		joins[typ] = r.Join(typ, "bucket", bucketBlocks[0], "id", "bucket", "arn")
		all = append(all, joins[typ])
	}
	for _, b := range r.Resources(bucketBlocks[0]) {
		a := b.Asset(BucketType, b.String("bucket").Or(""))
		a.Config = decodeBucket(b, func(typ string) (*terraform.Block, *asset.Source) { return one(b, joins[typ]) })
		emit(a)
	}
	// Settings of a bucket that other code declares are judged as far as they go.
	elsewhere := asset.Elsewhere("the bucket is declared elsewhere")
	for _, group := range terraform.Strays(all...) {
		a := group[0].Asset(BucketType, group[0].String("bucket").Or(""))
		a.Config = decodeBucket(group[0], func(typ string) (*terraform.Block, *asset.Source) {
			for _, b := range group {
				if b.Type == typ {
					return b, nil
				}
			}
			return nil, elsewhere
		})
		emit(a)
	}
}

func decodeBucket(b *terraform.Block, companion find) *Bucket {
	bucket := &Bucket{
		Policy:            decodePolicy(b, companion),
		Grants:            decodeACL(b, companion),
		ObjectOwnership:   decodeOwnership(b, companion),
		PublicAccessBlock: decodeBlock(b, companion),
		Encryption:        decodeEncryption(b, companion),
		Logging:           decodeLogging(b, companion),
	}
	bucket.Versioning, bucket.MFADelete = decodeVersioning(b, companion)
	return bucket
}

// one picks the companion of a bucket: the block, or nil where there is none, or
// the source of values that cannot be known because a companion may be there.
func one(b *terraform.Block, in *terraform.Join) (*terraform.Block, *asset.Source) {
	found, maybe := in.Of(b)
	switch {
	case len(found) > 0:
		return found[0], nil
	case maybe != "":
		return nil, b.Source().Missing(maybe)
	}
	return nil, nil
}

func decodePolicy(b *terraform.Block, in find) policy.Document {
	companion, missing := in("aws_s3_bucket_policy")
	switch {
	case companion != nil:
		return policy.Parse(companion.Text("policy"))
	case missing != nil:
		return policy.Parse(asset.Missing[asset.Text](missing))
	}
	return policy.Parse(b.Text("policy"))
}

// decodeBlock reads the public access block. Without one S3 turns all four
// switches on for a bucket made today; with one, a switch that it does not
// mention is off.
func decodeBlock(b *terraform.Block, in find) PublicAccessBlock {
	companion, missing := in("aws_s3_bucket_public_access_block")
	switch {
	case companion != nil:
		return blockOf(companion)
	case missing != nil:
		unknown := asset.Missing[bool](missing)
		return allOf(unknown, unknown)
	}
	return allOf(asset.Default(false, b.Source()), asset.Default(true, b.Source()))
}

func blockOf(b *terraform.Block) PublicAccessBlock {
	return PublicAccessBlock{
		Declared:              asset.Known(true, b.Source()),
		BlockPublicACLs:       b.Bool("block_public_acls"),
		IgnorePublicACLs:      b.Bool("ignore_public_acls"),
		BlockPublicPolicy:     b.Bool("block_public_policy"),
		RestrictPublicBuckets: b.Bool("restrict_public_buckets"),
	}
}

func decodeOwnership(b *terraform.Block, in find) asset.Value[string] {
	companion, missing := in("aws_s3_bucket_ownership_controls")
	switch {
	case companion != nil:
		return companion.Block("rule").String("object_ownership")
	case missing != nil:
		return asset.Missing[string](missing)
	}
	return asset.Default("BucketOwnerEnforced", b.Source())
}

func decodeVersioning(b *terraform.Block, in find) (status asset.Value[string], mfaDelete asset.Value[bool]) {
	companion, missing := in("aws_s3_bucket_versioning")
	switch {
	case companion != nil:
		c := companion.Block("versioning_configuration")
		return c.String("status"), asset.Convert(c.String("mfa_delete", "Disabled"), isEnabled)
	case missing != nil:
		return asset.Missing[string](missing), asset.Missing[bool](missing)
	}
	inline := b.Block("versioning")
	return asset.Convert(inline.Bool("enabled"), func(on bool) string {
		if on {
			return "Enabled"
		}
		return "Disabled"
	}), inline.Bool("mfa_delete")
}

func isEnabled(status string) bool { return status == "Enabled" }

func decodeEncryption(b *terraform.Block, in find) Encryption {
	rules := b.Block("server_side_encryption_configuration")
	companion, missing := in("aws_s3_bucket_server_side_encryption_configuration")
	switch {
	case companion != nil:
		rules = companion
	case missing != nil:
		return Encryption{
			Declared: asset.Missing[bool](missing), Algorithm: asset.Missing[string](missing),
			KMSKeyID: asset.Missing[string](missing), BucketKey: asset.Missing[bool](missing),
		}
	}
	rule := rules.Block("rule")
	byDefault := rule.Block("apply_server_side_encryption_by_default")
	e := Encryption{
		Declared:  asset.Known(true, rules.Source()),
		Algorithm: byDefault.String("sse_algorithm", "AES256"),
		KMSKeyID:  byDefault.String("kms_master_key_id"),
		BucketKey: rule.Bool("bucket_key_enabled"),
	}
	if rules.IsAbsent() {
		e.Declared = asset.Default(false, b.Source())
	}
	return e
}

func decodeLogging(b *terraform.Block, in find) Logging {
	target := b.Block("logging")
	companion, missing := in("aws_s3_bucket_logging")
	switch {
	case companion != nil:
		target = companion
	case missing != nil:
		return Logging{asset.Missing[bool](missing), asset.Missing[string](missing), asset.Missing[bool](missing)}
	}
	if target.IsAbsent() {
		off := asset.Default(false, b.Source())
		return Logging{off, asset.Default("", b.Source()), off}
	}
	return Logging{asset.Known(true, target.Source()), target.String("target_bucket"), logsIntoItself(b, target)}
}

// logsIntoItself compares the target with the bucket: by reference, which tells
// two buckets apart although neither has a name yet, else by name.
func logsIntoItself(b, target *terraform.Block) asset.Value[bool] {
	if address, _, ok := target.Origin("target_bucket"); ok {
		return asset.Known(address == b.Address, target.Source())
	}
	return asset.Then(b.String("bucket"), func(own string, _ *asset.Source) asset.Value[bool] {
		return asset.Convert(target.String("target_bucket"), func(name string) bool { return name == own })
	})
}

// cannedGrants is what the canned ACLs give to others than the owner (S3 User
// Guide, "Canned ACL").
var cannedGrants = map[string][][2]string{
	"private":                   {},
	"public-read":               {{allUsers, "READ"}},
	"public-read-write":         {{allUsers, "READ"}, {allUsers, "WRITE"}},
	"authenticated-read":        {{authenticatedUsers, "READ"}},
	"log-delivery-write":        {{logDelivery, "WRITE"}, {logDelivery, "READ_ACP"}},
	"aws-exec-read":             {{"ec2", "READ"}},
	"bucket-owner-read":         {},
	"bucket-owner-full-control": {},
}

func decodeACL(b *terraform.Block, in find) asset.List[Grant] {
	holder := b
	companion, missing := in("aws_s3_bucket_acl")
	switch {
	case companion != nil:
		holder = companion
	case missing != nil:
		return asset.MissingList[Grant](missing)
	}
	if holder.Declared("access_control_policy") {
		return grantsOf(holder.Block("access_control_policy").Blocks("grant"), func(g *terraform.Block) []Grant {
			grantee := g.Block("grantee")
			return []Grant{{granteeOf(grantee.String("uri"), grantee.String("id")), g.String("permission")}}
		})
	}
	if holder.Declared("grant") { // in the bucket's own block, before version 4
		return grantsOf(holder.Blocks("grant"), func(g *terraform.Block) []Grant {
			var grants []Grant
			for _, p := range g.Strings("permissions").Elems() {
				grants = append(grants, Grant{granteeOf(g.String("uri"), g.String("id")), p})
			}
			return grants
		})
	}
	return cannedACL(holder.String("acl", "private"))
}

// cannedACL are the grants of the canned ACL of that name.
func cannedACL(acl asset.Value[string]) asset.List[Grant] {
	name, known := acl.Get()
	if !known {
		return asset.UnknownList[Grant](acl.Reason(), acl.Source())
	}
	canned, ok := cannedGrants[name]
	if !ok {
		return asset.UnknownList[Grant]("no canned ACL is called "+name, acl.Source())
	}
	grants := make([]Grant, len(canned))
	for i, g := range canned {
		grants[i] = Grant{at(g[0], acl), at(g[1], acl)}
	}
	return asset.ListAt(acl.Source(), func() []Grant { return grants })
}

// at is a string that follows from another value.
func at(s string, from asset.Value[string]) asset.Value[string] {
	return asset.Convert(from, func(string) string { return s })
}

func grantsOf(blocks asset.List[*terraform.Block], of func(*terraform.Block) []Grant) asset.List[Grant] {
	var grants []Grant
	for _, g := range blocks.Elems() {
		grants = append(grants, of(g)...)
	}
	if reason, open := blocks.More(); open {
		return asset.OpenList(grants, reason, blocks.Source())
	}
	return asset.ListAt(blocks.Source(), func() []Grant { return grants })
}

// granteeOf names a grantee: the group that a URI stands for, or an id.
func granteeOf(uri, id asset.Value[string]) asset.Value[string] {
	return asset.Then(uri, func(u string, _ *asset.Source) asset.Value[string] {
		if u == "" {
			return id
		}
		return asset.Convert(uri, GroupOf)
	})
}

func decodeAccessPoints(r *terraform.Root, emit func(*asset.Asset)) {
	for _, b := range r.Resources("aws_s3_access_point") {
		origin := asset.Default("Internet", b.Source())
		if vpc := b.Block("vpc_configuration"); !vpc.IsAbsent() {
			origin = asset.Convert(vpc.String("vpc_id"), func(string) string { return "VPC" })
		}
		point := &AccessPoint{
			Bucket:            b.String("bucket"),
			NetworkOrigin:     origin,
			PublicAccessBlock: allOf(asset.Default(false, b.Source()), asset.Default(true, b.Source())),
		}
		if block := b.Block("public_access_block_configuration"); !block.IsAbsent() {
			point.PublicAccessBlock = PublicAccessBlock{
				Declared:              asset.Known(true, block.Source()),
				BlockPublicACLs:       block.Bool("block_public_acls", true),
				IgnorePublicACLs:      block.Bool("ignore_public_acls", true),
				BlockPublicPolicy:     block.Bool("block_public_policy", true),
				RestrictPublicBuckets: block.Bool("restrict_public_buckets", true),
			}
		}
		a := b.Asset(AccessPointType, b.String("name").Or(""))
		a.Config = point
		emit(a)
	}
}

// decodeAccount reads the account's block; an account without one has all
// switches off.
func decodeAccount(r *terraform.Root, emit func(*asset.Asset)) {
	blocks := r.Resources("aws_s3_account_public_access_block")
	for _, b := range blocks {
		a := b.Asset(AccountType, "")
		a.Config = &Account{PublicAccessBlock: blockOf(b)}
		emit(a)
	}
	if len(blocks) == 0 {
		off := asset.Default(false, nil)
		a := r.Implied(AccountType)
		a.Config = &Account{PublicAccessBlock: allOf(off, off)}
		emit(a)
	}
}
