// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package main_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The benchmarks of the binary as people start it: time from start to exit, and
// the most memory that it held.

func build(b *testing.B) string {
	b.Helper()
	binary := filepath.Join(b.TempDir(), "plumb")
	if out, err := exec.Command("go", "build", "-trimpath", "-o", binary, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	return binary
}

func run(b *testing.B, binary string, args ...string) {
	b.Helper()
	var peak int64
	var fastest time.Duration
	for b.Loop() {
		began := time.Now()
		cmd := exec.Command(binary, args...)
		if out, err := cmd.CombinedOutput(); err != nil {
			b.Fatalf("%v\n%s", err, out)
		}
		if took := time.Since(began); fastest == 0 || took < fastest {
			fastest = took
		}
		if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
			peak = max(peak, usage.Maxrss)
		}
	}
	b.ReportMetric(float64(fastest.Microseconds())/1000, "fastest-ms")
	b.ReportMetric(float64(peak)/1024, "peak-MB")
}

func BenchmarkVersion(b *testing.B) { run(b, build(b), "version") }

func BenchmarkScanOneFile(b *testing.B) {
	dir := b.TempDir()
	write(b, filepath.Join(dir, "main.tf"), "resource \"aws_s3_bucket\" \"a\" {\n  bucket = \"acme-a\"\n}\n")
	run(b, build(b), "scan", "code", dir)
}

// BenchmarkScanEstate scans 10,000 resources in 200 modules.
func BenchmarkScanEstate(b *testing.B) {
	dir := b.TempDir()
	var root strings.Builder
	root.WriteString("variable \"env\" { default = \"prod\" }\nlocals { tags = { env = var.env } }\n")
	for m := range 200 {
		fmt.Fprintf(&root, "module \"m%d\" {\n  source = \"./modules/m%d\"\n  prefix = \"${var.env}-%d\"\n  tags   = local.tags\n}\n", m, m, m)
		write(b, filepath.Join(dir, "modules", fmt.Sprintf("m%d", m), "main.tf"), module())
	}
	write(b, filepath.Join(dir, "main.tf"), root.String())
	run(b, build(b), "scan", "code", dir)
}

// module is fifty resources of five kinds that refer to one another.
func module() string {
	var text strings.Builder
	text.WriteString("variable \"prefix\" { type = string }\nvariable \"tags\" { type = map(string) }\n")
	for i := range 10 {
		fmt.Fprintf(&text, `resource "aws_s3_bucket" "b%[1]d" {
  bucket = "${var.prefix}-%[1]d"
  tags   = merge(var.tags, { index = "%[1]d" })
}
resource "aws_s3_bucket_versioning" "b%[1]d" {
  bucket = aws_s3_bucket.b%[1]d.id
  versioning_configuration {
    status = %[1]d %% 2 == 0 ? "Enabled" : "Suspended"
  }
}
resource "aws_security_group" "g%[1]d" {
  name = "${var.prefix}-%[1]d"
  dynamic "ingress" {
    for_each = [22, 443]
    content {
      protocol    = "tcp"
      from_port   = ingress.value
      to_port     = ingress.value
      cidr_blocks = ["10.%[1]d.0.0/16"]
    }
  }
}
resource "aws_iam_role" "r%[1]d" {
  name = "${var.prefix}-%[1]d"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "ec2.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}
resource "aws_iam_role_policy" "r%[1]d" {
  role   = aws_iam_role.r%[1]d.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["s3:GetObject"], Resource = "${aws_s3_bucket.b%[1]d.arn}/*" }]
  })
}
`, i)
	}
	return text.String()
}

func write(b *testing.B, path, text string) {
	b.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
}
