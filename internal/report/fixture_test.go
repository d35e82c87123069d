// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/report"
)

// golden compares with a file of testdata, and writes it where UPDATE_GOLDEN is set.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; UPDATE_GOLDEN=1 go test writes it", err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func lines(file string, from, to int) asset.Location {
	return asset.Location{File: file, StartLine: from, EndLine: to}
}

// block is an asset that a block of code declares.
func block(kind, root, address string, at asset.Location, via ...asset.Location) *asset.Asset {
	return &asset.Asset{
		Type: kind, ID: root + "//" + address, Name: address, Address: address,
		Scope: asset.Scope{Provider: "aws"}, Origin: asset.Code, Root: root, Location: at, Via: via,
	}
}

// thing is an asset that a cloud has.
func thing(kind, arn, name, region string) *asset.Asset {
	return &asset.Asset{
		Type: kind, ID: arn, Address: arn, Name: name,
		Scope: asset.Scope{Provider: "aws", Account: "111122223333", Region: region}, Origin: asset.Live,
	}
}

func fail(control string, a *asset.Asset, message string, by ...asset.Evidence) asset.Verdict {
	return asset.Verdict{Control: control, Asset: a, Outcome: asset.Fail, Message: message, DecidedBy: by}
}

func unknown(control string, a *asset.Asset, gaps ...asset.Gap) asset.Verdict {
	return asset.Verdict{Control: control, Asset: a, Outcome: asset.Undecided, Message: "cannot say", Unknown: gaps}
}

var controls = map[string]report.Control{
	"aws-ec2-security-group-no-internet-ssh": {
		Title: "Security groups keep SSH away from the internet", Severity: "critical",
		Why:          "Anyone can try passwords, stolen keys and the next flaw of the daemon.",
		FixSteps:     []string{"Allow port 22 from the addresses that administer the hosts, or use Session Manager and close it.", "Apply."},
		FixCLI:       "aws ec2 revoke-security-group-ingress --group-id {{ asset.id }} --protocol tcp --port 22 --cidr 0.0.0.0/0",
		FixTerraform: "ingress {\n  from_port   = 22\n  to_port     = 22\n  protocol    = \"tcp\"\n  cidr_blocks = [\"10.8.0.0/24\"]\n}\n",
		References:   []string{"https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html"},
	},
	"aws-s3-bucket-versioning": {
		Title: "Buckets keep old versions", Severity: "medium",
		Why:          "Without versions an overwrite or a deletion is final.",
		FixSteps:     []string{"Turn versioning on."},
		FixCLI:       "aws s3api put-bucket-versioning --bucket {{ asset.name }} --versioning-configuration Status=Enabled",
		FixTerraform: "versioning_configuration { status = \"Enabled\" }",
	},
	"aws-rds-instance-encrypted": {Title: "Databases are encrypted at rest", Severity: "high", FixSteps: []string{"Restore a snapshot into an encrypted instance."}},
	"aws-kms-key-rotation":       {Title: "Keys are rotated every year", Severity: "low"},
	"aws-iam-role-no-admin":      {Title: "Roles are not administrators", Severity: "high"},
}

// code is what a scan of a directory finds.
func code() *report.Report {
	group := block("aws.ec2.security_group", "infra", "aws_security_group.bastion", lines("infra/network.tf", 42, 60))
	logs := block("aws.s3.bucket", "infra", "module.logs.aws_s3_bucket.this", lines("infra/modules/bucket/main.tf", 3, 9), lines("infra/main.tf", 10, 14))
	media := block("aws.s3.bucket", "infra", "module.media.aws_s3_bucket.this", lines("infra/modules/bucket/main.tf", 3, 9), lines("infra/main.tf", 16, 20))
	site := block("aws.s3.bucket", "infra", `aws_s3_bucket.site["de"]`, lines("infra/site.tf", 1, 6))
	site.Tags = asset.MapOf(map[string]asset.Value[string]{
		"team":  asset.Known("shop", asset.InCode(lines("infra/site.tf", 4, 4))),
		"owner": asset.Unknown[string]("var.owner has no value", nil),
	}, asset.InCode(lines("infra/site.tf", 3, 5)))
	db := block("aws.rds.instance", "infra", "aws_db_instance.orders", lines("infra/db.tf", 5, 30))
	db.Symbolic = "var.replicas has no value"
	key := block("aws.kms.key", "infra", "aws_kms_key.orders", lines("infra/kms.tf", 1, 4))
	suspended := asset.Evidence{Path: "asset.versioning", Value: "Suspended", Source: asset.InCode(lines("infra/modules/bucket/main.tf", 14, 14))}
	silent := asset.Default("Disabled", asset.InCode(lines("infra/site.tf", 1, 6)))
	return &report.Report{
		Scan: report.Scan{
			ID: "scan-1", Version: "1.2.3", Targets: []string{"code:infra"},
			Started: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC), Ended: time.Date(2026, 3, 1, 9, 0, 1, 250e6, time.UTC),
		},
		Assets:   6,
		Controls: controls,
		Verdicts: []asset.Verdict{
			fail("aws-s3-bucket-versioning", media, "versioning is Suspended", suspended),
			fail("aws-s3-bucket-versioning", logs, "versioning is Suspended", suspended),
			fail("aws-s3-bucket-versioning", site, "versioning is Disabled", asset.Evidence{Path: "asset.versioning", Value: "Disabled", Source: silent.Source()}),
			fail("aws-ec2-security-group-no-internet-ssh", group, "port 22 is open to 0.0.0.0/0 and ::/0, by the rule for contractors that was meant to be temporary",
				asset.Evidence{Path: "asset.ingress[1].cidr", Value: "0.0.0.0/0", Source: asset.InCode(lines("infra/network.tf", 51, 51))},
				asset.Evidence{Path: "asset.ingress[1].from_port", Value: int64(22), Source: asset.InCode(lines("infra/network.tf", 48, 48))}),
			unknown("aws-rds-instance-encrypted", db, asset.Gap{Path: "asset.storage_encrypted", Reason: "var.encrypt has no value"}),
			unknown("aws-kms-key-rotation", key, asset.Gap{Path: "asset.enable_key_rotation", Reason: "var.encrypt has no value"}, asset.Gap{Path: "asset.spec", Reason: "known after apply"}),
		},
		Suppressed: []report.Suppressed{{
			Verdict:     fail("aws-rds-instance-encrypted", block("aws.rds.instance", "infra", "aws_db_instance.scratch", lines("infra/db.tf", 33, 50)), "storage is not encrypted"),
			Suppression: report.Suppression{By: "inline", Tool: "checkov", Reason: "holds generated rows for load tests", Until: "2026-12-31"},
		}},
		Passes: []report.Pass{{Control: "aws-kms-key-rotation", Asset: block("aws.kms.key", "infra", "aws_kms_key.logs", lines("infra/kms.tf", 6, 9))}},
		Counts: report.Counts{Pass: 1, Fail: 4, Unknown: 2, Suppressed: 1},
		Coverage: []asset.Coverage{
			{Scope: "code:infra", Part: "module.vpc", Location: lines("infra/network.tf", 1, 5), Status: asset.Unsupported, Reason: "module source registry.example.com/vpc/aws is not in .terraform/modules", Count: 1},
			{Scope: "code:infra", Part: "files", Status: asset.Covered, Count: 9},
		},
	}
}

// live is what a scan of an account finds, with names that mean harm.
func live() *report.Report {
	hostile := thing("aws.s3.bucket", "arn:aws:s3:::x\x1b[2J\x1b[1;1Hall-good\a", "x\x1b[2J\x1b[1;1Hall-good\a", "eu-central-1")
	long := thing("aws.s3.bucket", "arn:aws:s3:::the-very-long-name-of-a-bucket-that-somebody-chose-in-2014", "the-very-long-name-of-a-bucket-that-somebody-chose-in-2014", "eu-west-1")
	role := thing("aws.iam.role", "arn:aws:iam::111122223333:role/service-role/deploy", "deploy", "")
	r := &report.Report{
		Scan: report.Scan{
			ID: "scan-2", Version: "1.2.3", Targets: []string{"aws:111122223333"}, Partial: true,
			Started: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC), Ended: time.Date(2026, 3, 1, 9, 2, 3, 0, time.UTC),
		},
		Assets:   412,
		Controls: controls,
		Verdicts: []asset.Verdict{
			fail("aws-s3-bucket-versioning", hostile, "versioning is \u202edelbasiD\u2066\r\nPASS"),
			fail("aws-s3-bucket-versioning", long, "versioning is Disabled", asset.Evidence{Path: "asset.versioning", Value: "Disabled", Source: asset.FromAPI("s3:GetBucketVersioning")}),
			fail("aws-iam-role-no-admin", role, "AdministratorAccess is attached; see [the policy](https://example.com) and {0}"),
		},
		Counts: report.Counts{Pass: 1203, Fail: 3, Unknown: 31},
		Coverage: []asset.Coverage{
			{Scope: "aws/111122223333", Part: "iam:ListRoles", Status: asset.Covered, Count: 1},
			{Scope: "aws/111122223333/us-east-1", Part: "rds:DescribeDBInstances", Status: asset.Skipped, Reason: "interrupted"},
		},
	}
	for i := range 30 {
		db := thing("aws.rds.instance", "arn:aws:rds:eu-central-1:111122223333:db:orders-"+string(rune('a'+i%26))+string(rune('a'+i/26)), "orders", "eu-central-1")
		r.Verdicts = append(r.Verdicts, unknown("aws-rds-instance-encrypted", db, asset.Gap{Path: "asset.kms_key", Reason: "AccessDenied on kms:DescribeKey"}))
	}
	r.Verdicts = append(r.Verdicts, unknown("aws-s3-bucket-versioning", long, asset.Gap{Path: "asset.versioning", Reason: "AccessDenied on s3:GetBucketVersioning: explicit deny in a resource-based policy"}))
	for _, region := range []string{"eu-central-1", "eu-west-1", "us-east-1"} {
		r.Coverage = append(r.Coverage, asset.Coverage{
			Scope: "aws/111122223333/" + region, Part: "kms:DescribeKey", Status: asset.Denied, Reason: "AccessDenied: not authorized to perform kms:DescribeKey", Count: 10,
		})
	}
	return r
}
