// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cloudformation

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

const head = `
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::LanguageExtensions
Parameters:
  Env: {Type: String, Default: prod}
  Unset: {Type: String}
  Either: {Type: String, AllowedValues: [a, b]}
  OneOnly: {Type: String, AllowedValues: ["true"]}
  Names: {Type: CommaDelimitedList, Default: "a, b,c"}
  UnsetList: {Type: CommaDelimitedList}
  Image: {Type: "AWS::SSM::Parameter::Value<String>", Default: /path}
  Password: {Type: String, NoEcho: true, Default: hunter2}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsTest: !Not [!Condition IsProd]
  Open: !Equals [!Ref Unset, x]
  AlsoOpen: !And [!Condition Open, !Condition IsProd]
  Never: !And [!Condition Open, !Condition IsTest]
  Impossible: !Equals [!Ref Either, c]
  Circle: !Not [!Condition Circle]
Mappings:
  Sizes:
    prod: {Disk: 10, Flag: "true", List: [x, y]}
    test: {Disk: 1, Flag: "true", List: [x]}
Resources:
  Topic: {Type: AWS::SNS::Topic}
  Bucket: {Type: AWS::S3::Bucket}
`

// Each case is an expression and what it evaluates to.
func TestFunctions(t *testing.T) {
	t.Parallel()
	for _, tt := range [][2]string{
		{`plain`, "plain"},
		{`!Ref Env`, "prod"},
		{`!Ref Unset`, "«parameter Unset has no value»"},
		{`!Ref Either`, "«parameter Either has no value»"},
		{`!Ref OneOnly`, "true"},
		{`!Ref Names`, "[a, b, c]"},
		{`!Ref UnsetList`, "«parameter UnsetList has no value»"},
		{`!Ref Image`, "«parameter Image is read from the Parameter Store»"},
		{`!Ref Password`, "secret"},
		{`!Ref Nowhere`, "«Nowhere is not declared»"},
		{`!Ref Bucket`, "«@Bucket.Ref»"},
		{`!Ref Topic`, "«@Topic.Arn»"},
		{`!GetAtt Bucket.Arn`, "«@Bucket.Arn»"},
		{`!GetAtt [Topic, TopicArn]`, "«@Topic.Arn»"},
		{`{"Fn::GetAtt": "Bucket.Website.Host"}`, "«@Bucket.Website.Host»"},
		{`!Ref AWS::NoValue`, "nothing"},
		{`!Ref AWS::Partition`, "aws"},
		{`!Ref AWS::Region`, "«@AWS::Region»"},
		{`!Ref AWS::AccountId`, "111122223333"},
		{`!Sub "${Env}-${AWS::AccountId}-${!Literal}-x"`, "prod-111122223333-${Literal}-x"},
		{`!Sub ["${A}-${Env}", {A: !Ref Unset}]`, "«parameter Unset has no value»-prod"},
		{`!Sub "${Bucket.Arn}/*"`, "«@Bucket.Arn»/*"},
		{`!Sub "${Bucket}"`, "«@Bucket.Ref»"},
		{`!Sub "${Password}!"`, "secret"},
		{`!Sub "${open"`, "${open"},
		{`!Join ["-", [a, !Ref Unset, b]]`, "a-«parameter Unset has no value»-b"},
		{`!Join [",", !Ref Names]`, "a,b,c"},
		{`!Join ["", [!GetAtt Bucket.Arn, "/*"]]`, "«@Bucket.Arn»/*"},
		{`!Select [1, !Ref Names]`, "b"},
		{`!Select [9, !Ref Names]`, "«Fn::Select: the list has no element 9»"},
		{`!Split ["-", "a-b-c"]`, "[a, b, c]"},
		{`!Select [1, !Split [":", "x:y"]]`, "y"},
		{`!Split ["-", !Ref Unset]`, "«parameter Unset has no value»"},
		{`!FindInMap [Sizes, !Ref Env, Disk]`, "10"},
		{`!FindInMap [Sizes, !Ref Unset, Disk]`, "«parameter Unset has no value»"},
		{`!FindInMap [Sizes, !Ref Unset, Flag]`, "true"},
		{`!FindInMap [Sizes, nope, Disk]`, "«the map Sizes has no such keys»"},
		{`!FindInMap [Sizes, nope, Disk, {DefaultValue: 3}]`, "3"},
		{`!FindInMap [Sizes, prod, List]`, "[x, y]"},
		{`!If [IsProd, yes, no]`, "yes"},
		{`!If [IsTest, yes, no]`, "no"},
		{`!If [Open, a, b]`, "«condition Open: parameter Unset has no value»"},
		{`!If [Open, a, a]`, "a"},
		{`!If [Never, a, b]`, "b"},
		{`!If [Impossible, a, b]`, "b"},
		{`!If [Circle, a, b]`, "«condition Circle: the condition Circle depends on itself»"},
		{`!If [Missing, a, b]`, "«there is no condition Missing»"},
		{`{A: !If [IsTest, 1, !Ref AWS::NoValue], B: 2}`, "{B: 2}"},
		{`[a, !If [Open, b, !Ref AWS::NoValue]]`, "[a, ... condition Open: parameter Unset has no value]"},
		{`!Base64 abc`, "YWJj"},
		{`!Cidr [10.0.0.0/16, 2, 8]`, "[10.0.0.0/24, 10.0.1.0/24]"},
		{`!Cidr ["2001:db8::/56", 2, 64]`, "[2001:db8::/64, 2001:db8:0:1::/64]"},
		{`!Cidr [10.0.0.0/24, 3, 8]`, "«Fn::Cidr needs a range, a count and a number of bits that fit»"},
		{`!GetAZs ""`, "«the availability zones are known at deployment»"},
		{`!ImportValue x`, "«another stack exports the value»"},
		{`{"Fn::Length": !Ref Names}`, "3"},
		{`{"Fn::ToJsonString": {a: 1, b: [true, "1"], c: !Ref Bucket}}`, `{"a":1,"b":[true,"1"],"c":"«@Bucket.Ref»"}`},
		{`"{{resolve:secretsmanager:db:SecretString:password}}"`, "«a reference to secretsmanager is resolved at deployment»"},
		{`!Nonsense x`, "«the function Fn::Nonsense is not known»"},
		{`{"Fn::ForEach::L": [N, [x, y], {"Key${N}": {v: !Ref N, t: "in-${N}"}}]}`, "{Keyx: {v: x, t: in-x}, Keyy: {v: y, t: in-y}}"},
		{`{"Fn::Transform": {Name: Mine}, A: 1}`, "{A: 1, ... only a deployment can run the macro Mine}"},
	} {
		t.Run(tt[0], func(t *testing.T) {
			t.Parallel()
			s := stack(t, head+"  It:\n    Type: T::T\n    Properties:\n      V: "+tt[0]+"\n", Options{Account: "111122223333"})
			got := show(resource(t, s, "It").lookup("V").value)
			if diff := cmp.Diff(tt[1], got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestServerlessResourcesAreThoseOfTheirServices(t *testing.T) {
	t.Parallel()
	s := stack(t, `
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: {Runtime: python3.13, Environment: {Variables: {A: a, B: b}}, Layers: [one]}
Resources:
  Shop:
    Type: AWS::Serverless::Function
    Properties:
      Environment: {Variables: {B: own}}
      Layers: [two]
      Tracing: Active
      Policies: [AWSLambdaBasicExecutionRole, {Version: "2012-10-17", Statement: []}, {S3ReadPolicy: {BucketName: b}}]
      FunctionUrlConfig: {AuthType: NONE}
  Old:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python2.7, Role: !GetAtt ShopRole.Arn}
  Table: {Type: AWS::Serverless::SimpleTable, Properties: {TableName: !Ref Shop}}
`, Options{})
	for _, tt := range [][3]string{
		{"Shop", "Runtime", "python3.13"},
		{"Shop", "Environment", "{Variables: {B: own, A: a}}"},
		{"Shop", "Layers", "[one, two]"},
		{"Shop", "TracingConfig.Mode", "Active"},
		{"ShopUrl", "AuthType", "NONE"},
		{"ShopUrl", "TargetFunctionArn", "«@Shop.Ref»"},
		{"ShopUrlPublicPermissions", "Principal", "*"},
		{"ShopRole", "ManagedPolicyArns", "[arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole]"},
		{"Old", "Runtime", "python2.7"},
		{"Old", "Role", "«@ShopRole.Arn»"},
		{"Table", "TableName", "«@Shop.Ref»"},
	} {
		if got := show(resource(t, s, tt[0]).lookup(tt[1]).value); got != tt[2] {
			t.Errorf("%s.%s is %s, not %s", tt[0], tt[1], got, tt[2])
		}
	}
	if typ := resource(t, s, "Shop").Type; typ != "AWS::Lambda::Function" {
		t.Errorf("Shop is a %s", typ)
	}
	if len(s.Resources("AWS::IAM::Role")) != 1 {
		t.Error("a function that names its role gets none of its own")
	}
}
