// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// estate writes a root module that calls modules, each with resources.
func estate(tb testing.TB, modules, resources int) string {
	tb.Helper()
	dir := tb.TempDir()
	var main strings.Builder
	main.WriteString("variable \"env\" { default = \"prod\" }\nlocals { tags = { env = var.env, team = \"core\" } }\n")
	for m := range modules {
		fmt.Fprintf(&main, "module \"m%d\" {\n  source = \"./modules/m%d\"\n  prefix = \"${var.env}-%d\"\n  tags   = local.tags\n", m, m, m)
		if m > 0 {
			fmt.Fprintf(&main, "  parent = module.m%d.arn\n", m-1)
		}
		main.WriteString("}\n")
		var body strings.Builder
		body.WriteString("variable \"prefix\" { type = string }\nvariable \"tags\" { type = map(string) }\nvariable \"parent\" { default = null }\n")
		body.WriteString("output \"arn\" { value = aws_s3_bucket.b0.arn }\n")
		for i := 0; i < resources; i += 2 {
			fmt.Fprintf(&body, `resource "aws_s3_bucket" "b%d" {
  bucket        = "${var.prefix}-%d"
  force_destroy = %d > 3 ? true : false
  tags          = merge(var.tags, { index = "%d" })
}
resource "aws_s3_bucket_policy" "p%d" {
  bucket = aws_s3_bucket.b%d.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Resource = "${aws_s3_bucket.b%d.arn}/*" }] })
}
`, i, i, i, i, i, i, i)
		}
		at := filepath.Join(dir, "modules", fmt.Sprintf("m%d", m))
		if err := os.MkdirAll(at, 0o755); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(at, "main.tf"), []byte(body.String()), 0o644); err != nil {
			tb.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(main.String()), 0o644); err != nil {
		tb.Fatal(err)
	}
	return dir
}

// bucketDecoder reads buckets and joins their policies, as a room does.
func bucketDecoder() Decoder {
	return Decoder{
		Resources: []string{"aws_s3_bucket", "aws_s3_bucket_policy"},
		Decode: func(r *Root, emit func(*asset.Asset)) {
			policies := r.Join("aws_s3_bucket_policy", "bucket", "aws_s3_bucket", "bucket")
			for _, b := range r.Resources("aws_s3_bucket") {
				a := b.Asset("aws.s3.bucket", b.String("bucket").Or(b.Name))
				config := []any{b.String("bucket"), b.Bool("force_destroy")}
				companions, _ := policies.Of(b)
				for _, p := range companions {
					config = append(config, p.Text("policy"))
				}
				a.Config = config
				emit(a)
			}
		},
	}
}

type sink struct {
	mu       sync.Mutex
	assets   []*asset.Asset
	coverage []asset.Coverage
}

func (s *sink) Asset(a *asset.Asset) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.assets = append(s.assets, a)
}

func (s *sink) Coverage(c asset.Coverage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.coverage = append(s.coverage, c)
}

func TestSource(t *testing.T) {
	t.Parallel()
	dir := estate(t, 5, 10)
	var runs [2]string
	for i := range runs {
		var s sink
		if err := New([]string{dir}, Options{}, []Decoder{bucketDecoder()}).Read(t.Context(), &s); err != nil {
			t.Fatal(err)
		}
		if len(s.assets) != 25 {
			t.Fatalf("%d assets", len(s.assets))
		}
		for _, a := range s.assets {
			runs[i] += fmt.Sprintln(a.ID, a.Location, a.Via, len(a.Config.([]any)))
		}
		runs[i] += fmt.Sprint(s.coverage)
		if len(a3(s.assets)) != 3 {
			t.Error("a bucket has no policy")
		}
	}
	if diff := cmp.Diff(runs[0], runs[1]); diff != "" {
		t.Error(diff)
	}
}

func a3(assets []*asset.Asset) []any { return assets[3].Config.([]any) }

func TestReadStopsAtCancel(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := New([]string{estate(t, 2, 4)}, Options{}, nil).Read(ctx, &sink{}); err == nil {
		t.Error("a cancelled read succeeded")
	}
}

func TestDecoderPanicIsCoverage(t *testing.T) {
	t.Parallel()
	var s sink
	bad := Decoder{Decode: func(*Root, func(*asset.Asset)) { panic("mistake") }}
	if err := New([]string{estate(t, 1, 2)}, Options{}, []Decoder{bad, bucketDecoder()}).Read(t.Context(), &s); err != nil {
		t.Fatal(err)
	}
	if g := gaps(s.coverage); len(s.assets) != 1 || len(s.coverage) == 0 || s.coverage[0].Reason != "internal error: mistake" {
		t.Errorf("%d assets, %v", len(s.assets), g)
	}
}

func TestFilters(t *testing.T) {
	t.Parallel()
	const archive = `
-- a/main.tf --
-- b/main.tf --
-- b/c/main.tf --
`
	for _, tt := range []struct {
		include, exclude []string
		want             []string
	}{
		{nil, nil, []string{"a", "b", "b/c"}},
		{[]string{"b/**"}, nil, []string{"b", "b/c"}},
		{nil, []string{"**/c/**"}, []string{"a", "b"}},
		{nil, []string{"b"}, []string{"a"}},
		{[]string{"b/**"}, []string{"b/c/**"}, []string{"b"}},
	} {
		roots, _ := load(t, archive, Options{Include: tt.include, Exclude: tt.exclude})
		if diff := cmp.Diff(tt.want, dirs(roots)); diff != "" {
			t.Errorf("include %v exclude %v: %s", tt.include, tt.exclude, diff)
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add("resource \"a_b\" \"c\" {\n  for_each = toset([\"x\"])\n  v = \"${each.key}-${a_b.d[0].id}\"\n}\n")
	f.Add("locals {\n  a = [for x in local.b : x]\n  b = try(jsondecode(local.c), {})\n  c = jsonencode(local.a)\n}\nresource \"a_b\" \"c\" { v = local.a }\n")
	f.Add("variable \"v\" { type = object({ a = optional(list(string), []) }) }\nmodule \"m\" {\n  source = \"./\"\n}\nresource \"a_b\" \"c\" { v = format(\"%s%d\", var.v.a, 1) }")
	f.Add("data \"aws_iam_policy_document\" \"d\" {\n  statement {\n    actions = [\"*\"]\n  }\n}\nresource \"a_b\" \"c\" { v = data.aws_iam_policy_document.d.json\n dynamic \"x\" {\n for_each = [1]\n content { y = x.value }\n }\n}")
	f.Add("resource \"a_b\" \"c\" { v = cidrsubnets(\"10.0.0.0/8\", 4, 4)\n w = yamldecode(\"a: [1, 2]\")\n x = setproduct([1],[2]) \n}")
	f.Fuzz(func(t *testing.T, text string) {
		dir := t.TempDir()
		for _, name := range []string{"main.tf", "other.tf.json", "terraform.tfvars"} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		roots, coverage, err := Load(ctx, []string{dir}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range roots {
			for _, blocks := range r.managed {
				for _, b := range blocks {
					b.Asset("t.t.t", b.Name)
					for name := range b.body.Attributes {
						b.String(name)
						b.Strings(name)
						b.StringMap(name)
						b.Text(name)
						b.Ref(name)
						b.Block(name).String("x")
					}
					for _, nested := range b.body.Blocks {
						b.Blocks(nestedType(nested))
					}
				}
			}
		}
		for _, line := range coverage {
			if strings.HasPrefix(line.Reason, "internal error") {
				t.Error(line.Reason)
			}
		}
	})
}

func BenchmarkLoadEstate(b *testing.B) {
	dir := estate(b, 200, 50)
	decoders := []Decoder{bucketDecoder()}
	b.ReportAllocs()
	for b.Loop() {
		var s sink
		if err := New([]string{dir}, Options{}, decoders).Read(b.Context(), &s); err != nil {
			b.Fatal(err)
		}
		if len(s.assets) != 5000 {
			b.Fatalf("%d assets", len(s.assets))
		}
	}
}
