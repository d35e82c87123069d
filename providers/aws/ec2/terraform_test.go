// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package ec2_test

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/terraform"
	"github.com/plumb-cspm/plumb/providers/aws/ec2"
)

func number(n int64) string { return strconv.FormatInt(n, 10) }

// read decodes Terraform with the room's decoders.
func read(t *testing.T, code string) []*asset.Asset {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(code), 0o600); err != nil {
		t.Fatal(err)
	}
	var got sink
	if err := terraform.New([]string{dir}, terraform.Options{}, ec2.Terraform()).Read(t.Context(), &got); err != nil {
		t.Fatal(err)
	}
	return got.assets
}

type sink struct{ assets []*asset.Asset }

func (s *sink) Asset(a *asset.Asset)  { s.assets = append(s.assets, a) }
func (*sink) Coverage(asset.Coverage) {}

func config[T any](t *testing.T, assets []*asset.Asset, typ, address string) *T {
	t.Helper()
	var addresses []string
	for _, a := range assets {
		if a.Type == typ && a.Address == address {
			return a.Config.(*T)
		}
		addresses = append(addresses, a.Address)
	}
	t.Fatalf("there is no %s %s among %v", typ, address, addresses)
	return nil
}

func TestSettingsOfARegionAreJudgedWhereTheyAreStated(t *testing.T) {
	t.Parallel()
	assets := read(t, `
provider "aws" {
  region = "eu-central-1"
}
provider "aws" {
  alias  = "us"
  region = "us-east-1"
}
resource "aws_ebs_encryption_by_default" "here" {}
resource "aws_ec2_instance_metadata_defaults" "here" {
  http_tokens = "required"
}
resource "aws_ebs_snapshot_block_public_access" "there" {
  provider = aws.us
  state    = "block-all-sharing"
}
resource "aws_ebs_volume" "there" {
  provider          = aws.us
  availability_zone = "us-east-1a"
  size              = 8
}
`)
	for address, want := range map[string]struct {
		stated     string
		encryption bool
		snapshots  string
		tokens     string
	}{
		"aws_ebs_encryption_by_default.here":         {"ebs_encryption_by_default", true, "unblocked", "required"},
		"aws_ec2_instance_metadata_defaults.here":    {"imds_http_tokens", true, "unblocked", "required"},
		"aws_ebs_snapshot_block_public_access.there": {"snapshot_block_public_access", false, "block-all-sharing", "no-preference"},
	} {
		got := config[ec2.RegionSettings](t, assets, ec2.RegionSettingsType, address)
		if len(got.Stated.Elems()) != 1 || got.Stated.Elems()[0].Or("") != want.stated {
			t.Errorf("%s states %v", address, got.Stated.Elems())
		}
		if got.EBSEncryption.Or(!want.encryption) != want.encryption || got.SnapshotBlock.Or("") != want.snapshots || got.IMDSTokens.Or("") != want.tokens {
			t.Errorf("%s: %v %v %v", address, got.EBSEncryption, got.SnapshotBlock, got.IMDSTokens)
		}
	}
	if v := config[ec2.Volume](t, assets, ec2.VolumeType, "aws_ebs_volume.there"); v.Encrypted.Or(true) {
		t.Error("a volume is encrypted by the default of another region")
	}
}

func TestRegionWithoutSettingsHasThoseOfANewAccount(t *testing.T) {
	t.Parallel()
	assets := read(t, `resource "aws_ebs_volume" "data" {
  availability_zone = "us-east-1a"
  size              = 8
}`)
	for _, a := range assets {
		if a.Type == ec2.RegionSettingsType && !a.Implied {
			t.Errorf("%s is judged although the code states nothing", a.ID)
		}
	}
	if settings := config[ec2.RegionSettings](t, assets, ec2.RegionSettingsType, ec2.RegionSettingsType); settings.EBSEncryption.Or(true) {
		t.Error("a new account encrypts volumes")
	}
}

// Every field is set or says why it is not: what a room forgot would be "not read".
func TestSmallestBlocksLeaveNothingUnset(t *testing.T) {
	t.Parallel()
	assets := read(t, `
resource "aws_instance" "a" {}
resource "aws_launch_configuration" "a" {}
resource "aws_launch_template" "a" {}
resource "aws_security_group" "a" {}
resource "aws_default_security_group" "a" {}
resource "aws_security_group_rule" "a" {}
resource "aws_vpc_security_group_ingress_rule" "a" {}
resource "aws_vpc_security_group_egress_rule" "a" {}
resource "aws_ebs_volume" "a" {}
resource "aws_ebs_snapshot" "a" {}
resource "aws_ebs_snapshot_copy" "a" {}
resource "aws_ami" "a" {}
resource "aws_ami_launch_permission" "a" {}
`)
	if len(assets) < 13 {
		t.Errorf("there are %d assets only", len(assets))
	}
	for _, a := range assets {
		asset.Complete(a.Config, asset.Code)
		for _, path := range asset.Unset(a.Config) {
			t.Errorf("%s: nobody set %s", a.Address, path)
		}
	}
}
