// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cloudformation

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumb-cspm/plumb/internal/asset"
)

func TestNestedStacks(t *testing.T) {
	t.Parallel()
	stacks, coverage := load(t, map[string]string{
		"top.yaml": `
Parameters: {Stage: {Type: String, Default: prod}, Zones: {Type: CommaDelimitedList, Default: "a,b"}}
Resources:
  Key: {Type: AWS::KMS::Key}
  Data:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: ./nested/data.yaml
      Parameters: {Stage: !Ref Stage, KeyArn: !GetAtt Key.Arn, Zones: !Join [",", !Ref Zones]}
  Gone:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: "https://example.s3.amazonaws.com/x.yaml", Parameters: {Q: !Ref Queue}}
  Queue: {Type: AWS::SQS::Queue}
  Copy:
    Type: T::T
    Properties: {Name: !GetAtt Data.Outputs.Bucket, Literal: !GetAtt Data.Outputs.Literal, Lost: !GetAtt Gone.Outputs.X}
`,
		"nested/data.yaml": `
Parameters: {Stage: {Type: String}, KeyArn: {Type: String}, Zones: {Type: CommaDelimitedList}, More: {Type: String}}
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties: {BucketName: !Sub "data-${Stage}", Key: !Ref KeyArn, Zone: !Select [1, !Ref Zones], More: !Ref More}
Outputs:
  Bucket: {Value: !Ref Bucket}
  Literal: {Value: !Sub "x-${Stage}"}
`,
	}, Options{})
	if len(stacks) != 1 || stacks[0].File != "top.yaml" {
		t.Fatalf("got %d stacks: a template that another one nests is no stack of its own", len(stacks))
	}
	s := stacks[0]
	bucket := resource(t, s, "Data/Bucket")
	for name, want := range map[string]string{
		"BucketName": "data-prod", "Key": "«@Key.Arn»", "Zone": "b", "More": "«parameter More has no value»",
	} {
		if got := show(bucket.lookup(name).value); got != want {
			t.Errorf("%s is %s, not %s", name, got, want)
		}
	}
	duplicate := resource(t, s, "Copy")
	for name, want := range map[string]string{
		"Name": "«@Data/Bucket.Ref»", "Literal": "x-prod", "Lost": "«@Gone.Outputs.X»",
	} {
		if got := show(duplicate.lookup(name).value); got != want {
			t.Errorf("%s is %s, not %s", name, got, want)
		}
	}
	a := bucket.Asset("aws.s3.bucket", "data-prod")
	if a.ID != "top.yaml//Data/Bucket" || a.Location.File != "nested/data.yaml" || len(a.Via) != 1 || a.Via[0].File != "top.yaml" {
		t.Errorf("asset %s at %s via %v", a.ID, a.Location, a.Via)
	}
	missing := slices.ContainsFunc(coverage, func(c asset.Coverage) bool { return c.Part == "Gone" && c.Status == asset.Skipped })
	if !missing {
		t.Errorf("coverage does not name the missing template: %v", coverage)
	}
	if _, maybe := s.Join("AWS::SQS::QueuePolicy", "Queues", "AWS::SQS::Queue").Of(resource(t, s, "Queue")); !strings.HasPrefix(maybe, "Gone: ") {
		t.Errorf("a queue that is given to a missing template may have a policy there, but maybe is %q", maybe)
	}
}

func TestStacksThatNestThemselvesEnd(t *testing.T) {
	t.Parallel()
	nest := func(other string) string {
		return "Resources:\n  Next:\n    Type: AWS::CloudFormation::Stack\n    Properties: {TemplateURL: " + other +
			", Parameters: {P: !GetAtt Next.Outputs.O}}\nOutputs: {O: {Value: !GetAtt Next.Outputs.O}}\n"
	}
	stacks, coverage := load(t, map[string]string{"a.yaml": nest("b.yaml"), "b.yaml": nest("a.yaml"), "c.yaml": nest("c.yaml")}, Options{})
	if len(stacks) != 2 {
		t.Errorf("%d stacks, want one for the circle and one for the self-nesting template: %v", len(stacks), coverage)
	}
}

const companions = `
Parameters: {Unset: {Type: String}, Fixed: {Type: String, Default: named}}
Conditions:
  C: !Equals [!Ref Unset, x]
  NotC: !Not [!Condition C]
Resources:
  Plain: {Type: B}
  Named: {Type: B, Properties: {Name: named}}
  ByParameter: {Type: B, Properties: {Name: !Ref Unset}}
  Shaped: {Type: B, Properties: {Name: !Sub "logs-${AWS::AccountId}"}}
  Under: {Type: B, Condition: C, Properties: {Name: under}}
  ToPlain: {Type: P, Properties: {Of: !Ref Plain}}
  ToNamed: {Type: P, Properties: {Of: !Ref Fixed}}
  ToParameter: {Type: P, Properties: {Of: !Ref Unset}}
  ToShaped: {Type: P, Properties: {Of: !Sub "logs-${AWS::AccountId}"}}
  ToUnder: {Type: P, Condition: C, Properties: {Of: !Ref Under}}
  Never: {Type: P, Condition: NotC, Properties: {Of: !Ref Under}}
  Imported: {Type: P, Properties: {Of: !ImportValue x}}
  Perhaps: {Type: Q, Condition: C, Properties: {Of: !Ref Plain}}
  Choice: {Type: R, Properties: {Of: [!If [C, !Ref Plain, !Ref Unset]]}}
`

func TestJoin(t *testing.T) {
	t.Parallel()
	s := stack(t, companions+"  Aws: {Type: AWS::S3::Bucket}\n", Options{})
	for _, tt := range []struct{ kind, target, found, maybe string }{
		{"P", "Plain", "ToPlain", ""},
		{"P", "Named", "ToNamed", ""},
		{"P", "ByParameter", "ToParameter", ""},
		{"P", "Shaped", "ToShaped", ""},
		{"P", "Under", "ToUnder", ""},
		{"Q", "Plain", "", "Perhaps: condition C: parameter Unset has no value"},
		{"Q", "Named", "", ""},
		{"R", "Plain", "", "Choice.Of: condition C: parameter Unset has no value"},
		{"R", "Shaped", "", "Choice.Of: condition C: parameter Unset has no value"},
	} {
		found, maybe := s.Join(tt.kind, "Of", "B", "Name").Of(resource(t, s, tt.target))
		var names []string
		for _, r := range found {
			names = append(names, r.LogicalID)
		}
		if diff := cmp.Diff(tt.found, strings.Join(names, ",")); diff != "" {
			t.Errorf("%s of %s (-want +got):\n%s", tt.kind, tt.target, diff)
		}
		if !strings.HasPrefix(maybe, tt.maybe) || tt.maybe == "" && maybe != "" {
			t.Errorf("%s of %s: maybe is %q, want %q", tt.kind, tt.target, maybe, tt.maybe)
		}
	}
}

func TestConditionsOfResources(t *testing.T) {
	t.Parallel()
	s := stack(t, head+`
  Prod: {Type: T, Condition: IsProd}
  Test: {Type: T, Condition: IsTest}
  Doubt: {Type: T, Condition: Open, Properties: {V: !If [Open, inside, outside], W: !If [AlsoOpen, a, b]}}
  Both: {Type: T, Condition: AlsoOpen, Properties: {V: !If [Open, inside, outside]}}
  Fn::ForEach::Each:
    - Name
    - !Ref Names
    - "Loop${Name}": {Type: T, Properties: {V: !Ref Name}}
  Fn::ForEach::Unknown:
    - Name
    - !Ref UnsetList
    - "Any${Name}": {Type: T, Properties: {V: !Ref Name}}
`, Options{})
	var got []string
	for _, r := range s.Resources("T") {
		got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s %s", r.Address, show(r.lookup("V").value), r.Symbolic)))
	}
	want := []string{
		"Prod nothing",
		"Doubt inside condition Open: parameter Unset has no value",
		"Both inside condition AlsoOpen: condition Open: parameter Unset has no value",
		"Loopa a", "Loopb b", "Loopc c",
		"Any* «parameter UnsetList has no value» parameter UnsetList has no value",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestParametersFile(t *testing.T) {
	t.Parallel()
	const template = "Parameters: {A: {Type: String}, L: {Type: CommaDelimitedList}, S: {Type: String, NoEcho: true}}\n" +
		"Resources: {R: {Type: AWS::T::T, Properties: {V: [!Ref A, !Ref L, !Ref S]}}}\n"
	for name, text := range map[string]string{
		"list.json": `[{"ParameterKey": "A", "ParameterValue": "x"}, {"ParameterKey": "L", "ParameterValue": "a,b"}, {"ParameterKey": "S", "ParameterValue": "p"}]`,
		"map.json":  `{"Parameters": {"A": "x", "L": ["a", "b"], "S": "p"}}`,
		"map.yaml":  "A: x\nL: a,b\nS: p\n",
		"pair.json": `["A=x", "L=a,b", "S=p"]`,
	} {
		stacks, _ := load(t, map[string]string{"t.yaml": template, name: text}, Options{Parameters: []string{name}})
		if got := show(resource(t, stacks[0], "R").lookup("V").value); got != "[x, [a, b], secret]" {
			t.Errorf("%s: got %s", name, got)
		}
	}
	if err := (Options{Parameters: []string{"/nowhere.json"}}).Validate(); err == nil {
		t.Error("a file that is not there is no error")
	}
}
