// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cloudformation

import (
	"fmt"
	"strings"
	"testing"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code"
)

func TestBrokenFilesAreCoverage(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ file, text, want string }{
		"bad YAML":          {"a.yaml", "AWSTemplateFormatVersion: x\nResources:\n  A: [\n", "a.yaml:"},
		"bad JSON":          {"a.json", "{\"AWSTemplateFormatVersion\": \"x\",\n \"Resources\": {]}", "a.json:2:"},
		"ends too early":    {"a.json", "{\"AWSTemplateFormatVersion\": \"x\"", "ends too early"},
		"alias bomb":        {"a.yaml", "AWSTemplateFormatVersion: x\n" + bomb(40), "too large once its aliases"},
		"alias of itself":   {"a.yaml", "AWSTemplateFormatVersion: x\nA: &a [*a]\n", "inside what it stands for"},
		"nested too deeply": {"a.yaml", "AWSTemplateFormatVersion: x\nA: " + strings.Repeat("[", 5000) + strings.Repeat("]", 5000), ""},
		"deep JSON":         {"a.json", `{"AWSTemplateFormatVersion": ` + strings.Repeat("[", 100_000), "a.json:1:"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			good := "Resources: {B: {Type: AWS::S3::Bucket}}\n"
			stacks, coverage := load(t, map[string]string{tt.file: tt.text, "good.yaml": good}, Options{})
			if len(stacks) != 1 || stacks[0].File != "good.yaml" {
				t.Errorf("%d stacks; the good template must be judged", len(stacks))
			}
			said := false
			for _, c := range coverage {
				said = said || c.Status == asset.Failed && c.Location.File == tt.file && strings.Contains(c.Reason, tt.want)
			}
			if !said {
				t.Errorf("no coverage with %q: %v", tt.want, coverage)
			}
		})
	}
}

var emptyTree = new(code.Tree)

// bomb is a text whose aliases stand for 2^n nodes.
func bomb(n int) string {
	var b strings.Builder
	b.WriteString("A0: &a0 x\n")
	for i := 1; i <= n; i++ {
		fmt.Fprintf(&b, "A%d: &a%d [*a%d, *a%d]\n", i, i, i-1, i-1)
	}
	return b.String()
}

func TestOtherFilesAreNoTemplates(t *testing.T) {
	t.Parallel()
	stacks, coverage := load(t, map[string]string{
		"package.json": `{"name": "x", "Resources": {"Transform": 1}}`,
		"chart.yaml":   "Resources: AWS::{{ template }}\n",
		"k8s.yaml":     "kind: Pod\nspec: {x: 'Resources AWS::'}\n",
		"main.tf.json": `{"Resources": {"A": {"Type": "AWS::S3::Bucket"}}}`,
	}, Options{})
	if len(stacks) != 0 || len(coverage) != 0 {
		t.Errorf("%d stacks, coverage %v", len(stacks), coverage)
	}
}

func TestAliasesAndMerges(t *testing.T) {
	t.Parallel()
	s := stack(t, `
Shared:
  tags: &tags {A: a, B: b}
Resources:
  It: {Type: AWS::T::T, Properties: {Own: &o [x], Again: *o, Merged: {<<: *tags, B: own}}}
`, Options{})
	if got := show(resource(t, s, "It").Properties().value); got != "{Own: [x], Again: [x], Merged: {B: own, A: a}}" {
		t.Error(got)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(head + "  It: {Type: T, Properties: {V: !Sub '${Env}'}}\n")
	f.Add(companions)
	f.Add(`{"Resources": {"B": {"Type": "AWS::S3::Bucket", "Properties": {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "x"}}}}}}`)
	f.Add("Resources: {Fn::ForEach::A: [X, [a, *b], {'${X}': {Type: AWS::A::B}}]}")
	f.Add("Transform: AWS::Serverless-2016-10-31\nGlobals: {Function: {Runtime: x}}\nResources: {F: {Type: AWS::Serverless::Function, Properties: {Events: {A: {Type: Api}}}}}")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<16 {
			t.Skip()
		}
		root, err := parseText("t.yaml", []byte(text), true)
		if err != nil || root.kind != mapNode {
			t.Skip()
		}
		l := &loader{tree: nil, parser: &parser{done: map[string]*template{}}}
		l.parser.tree = emptyTree
		s := l.stack(t.Context(), &template{path: "/nowhere/t.yaml", name: "t.yaml", root: root, transforms: transformsOf(root.get("Transform"))})
		for _, line := range s.ledger.Lines {
			if strings.HasPrefix(line.Reason, "internal error") {
				t.Fatal(line.Reason)
			}
		}
		for typ, list := range s.byType {
			j := s.Join(typ, "V", typ, "Name", "V")
			for _, r := range list {
				_, _ = j.Of(r)
				r.Asset("aws.t.t", "")
				_ = r.Text("V")
				_ = r.Given("V")
				_ = r.Strings("V")
				_ = r.Refs("V")
				_ = r.Blocks("V")
				_ = r.Bool("V.W")
			}
		}
	})
}

// A large template of ordinary resources.
func largeTemplate(bytes int) string {
	var b strings.Builder
	b.WriteString("Parameters: {Stage: {Type: String}}\nConditions: {IsProd: !Equals [!Ref Stage, prod]}\nResources:\n")
	for i := 0; b.Len() < bytes; i++ {
		fmt.Fprintf(&b, `  Bucket%d:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !Sub "data-%d-${AWS::AccountId}"
      VersioningConfiguration: {Status: !If [IsProd, Enabled, Suspended]}
      Tags:
        - {Key: stage, Value: !Ref Stage}
  Policy%d:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Bucket%d
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:root"}
            Action: [s3:GetObject, s3:PutObject]
            Resource: !Sub "${Bucket%d.Arn}/*"
`, i, i, i, i, i)
	}
	return b.String()
}

func BenchmarkLoadFiveMegabytes(b *testing.B) {
	text := []byte(largeTemplate(5 << 20))
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		root, err := parseText("t.yaml", text, false)
		if err != nil {
			b.Fatal(err)
		}
		l := &loader{parser: &parser{tree: emptyTree, done: map[string]*template{}}}
		s := l.stack(b.Context(), &template{path: "/nowhere/t.yaml", name: "t.yaml", root: root})
		j := s.Join("AWS::S3::BucketPolicy", "Bucket", "AWS::S3::Bucket", "BucketName")
		for _, r := range s.Resources("AWS::S3::Bucket") {
			if !j.Text(r, "PolicyDocument").IsKnown() {
				b.Fatal("a bucket without its policy")
			}
		}
	}
}
