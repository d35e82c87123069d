// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cloudformation

import (
	"fmt"
	"strings"
	"testing"

	"github.com/plumb-cspm/plumb/internal/asset"
)

const readCode = `
Parameters: {Unset: {Type: String}, Secret: {Type: String, NoEcho: true, Default: hunter2}, UnsetList: {Type: CommaDelimitedList}}
Conditions:
  Open: !Equals [!Ref Unset, x]
Resources:
  Bucket: {Type: AWS::S3::Bucket}
  It:
    Type: AWS::T::T
    Metadata: {aws:cdk:path: App/It/Resource}
    Properties:
      Text: text
      Flag: "True"
      YAML11: yes
      Count: "7"
      Empty: ""
      Unset: !Ref Unset
      Secret: !Ref Secret
      Hidden: !Sub "x${Secret}"
      Arn: !GetAtt Bucket.Arn
      Half: !Sub "a-${Unset}"
      Same: !If [Open, {A: 1, B: x}, {A: 1, B: y}]
      Maybe: !If [Open, on, !Ref AWS::NoValue]
      List: [a, !Ref Unset, !Sub "${Bucket.Arn}/*"]
      Rules: !If [Open, [{P: 1}, {P: 2}], [{P: 1}]]
      UnsetList: !Ref UnsetList
      One: single
      Object: {K: v, U: !Ref Unset}
      Policy:
        Statement:
          - {Effect: Allow, Condition: {Bool: {x: true}, N: {y: 012}}, Resource: !GetAtt Bucket.Arn}
          - !If [Open, {Effect: Deny}, !Ref AWS::NoValue]
      Tags: [{Key: a, Value: b}, {Key: !Ref Unset, Value: c}]
`

// said is a value, or «why it is unknown», with a ? where it is a default.
func said[T any](v asset.Value[T]) string {
	got, known := v.Get()
	switch {
	case !known:
		return "«" + v.Reason() + "»"
	case v.Source().State() == asset.Defaulted:
		return fmt.Sprintf("%v?", got)
	}
	return fmt.Sprint(got)
}

func listed[T any](l asset.List[T], show func(T) string) string {
	var parts []string
	for _, e := range l.Elems() {
		parts = append(parts, show(e))
	}
	if reason, open := l.More(); open {
		parts = append(parts, "... "+reason)
	}
	return strings.Join(parts, ", ")
}

func TestReading(t *testing.T) {
	t.Parallel()
	r := resource(t, stack(t, readCode, Options{}), "It")
	texts := func(v asset.Value[asset.Text]) string {
		text, known := v.Get()
		if !known {
			return "«" + v.Reason() + "»"
		}
		return showText(text)
	}
	const unset, open = "parameter Unset has no value", "condition Open: parameter Unset has no value"
	for _, tt := range []struct{ name, got, want string }{
		{"String", said(r.String("Text")), "text"},
		{"String absent", said(r.String("Nothing", "def")), "def?"},
		{"String of a list", said(r.String("List")), "«List is not a single value»"},
		{"String secret", said(r.String("Secret")), "«sensitive value»"},
		{"String with a secret in it", said(r.String("Hidden")), "«sensitive value»"},
		{"Text secret", texts(r.Text("Hidden")), "«sensitive value»"},
		{"Bool", said(r.Bool("Flag")), "true"},
		{"Bool of YAML 1.1", said(r.Bool("YAML11")), "true"},
		{"Bool of a text", said(r.Bool("Text")), "«Text: is neither true nor false»"},
		{"Bool absent", said(r.Bool("Nothing", true)), "true?"},
		{"Bool that may be absent", said(r.Bool("Maybe")), "«" + open + "»"},
		{"Bool that may be absent with the same default", said(r.Bool("Maybe", true)), "true?"},
		{"Int", said(r.Int("Count")), "7"},
		{"Int of a text", said(r.Int("Text")), "«Text: is not a whole number»"},
		{"path into a choice that agrees", said(r.Int("Same.A")), "1"},
		{"path into a choice that does not", said(r.String("Same.B")), "«" + open + "»"},
		{"path into a text", said(r.String("Text.A")), "«A is looked up in something that is not an object»"},
		{"path into nothing", said(r.String("No.Such.Path")), "?"},
		{"Strings", listed(r.Strings("List"), said), "a, «" + unset + "», «Bucket.Arn is known after deployment»"},
		{"Strings of one", listed(r.Strings("One"), said), "single"},
		{"Strings unknown", listed(r.Strings("UnsetList"), said), "... parameter UnsetList has no value"},
		{"Texts", listed(r.Texts("List"), texts), "a, «" + unset + "», «@Bucket.Arn»/*"},
		{"Blocks in all alternatives", listed(r.Blocks("Rules"), func(b *Block) string { return said(b.Int("P")) }), "1, ... " + open},
		{"Given text", said(r.Given("Text")), "true"},
		{"Given empty", said(r.Given("Empty")), "false"},
		{"Given absent", said(r.Given("Nothing")), "false?"},
		{"Given a resource's", said(r.Given("Arn")), "true"},
		{"Given unset", said(r.Given("Unset")), "«" + unset + "»"},
		{"Given half", said(r.Given("Half")), "true"},
		{"Given perhaps", said(r.Given("Maybe")), "«" + open + "»"},
		{"map", said(r.StringMap("Object").Entries()["K"]) + said(r.StringMap("Object").Entries()["U"]), "v«" + unset + "»"},
		{"policy", texts(r.Text("Policy")), `{"Statement":[{"Effect":"Allow","Condition":{"Bool":{"x":true},"N":{"y":"012"}},` +
			`"Resource":"«@Bucket.Arn»"},«` + open + `»]}`},
		{"tag", said(r.Tags().Entries()["a"]), "b"},
		{"written", said(r.Block("Object").IsWritten()) + said(r.Block("Maybe").IsWritten()) + said(r.Block("No").IsWritten()), "true«" + open + "»false?"},
		{"ref", r.Ref("Arn").Key(), "template.yaml//Bucket"},
		{"ref of another type", r.Ref("Arn", "AWS::SQS::Queue").Key(), ""},
		{"ref literal", r.Ref("Text").Key(), "text"},
		{"name of the CDK", r.Asset("aws.t.t", "").Name, "App/It"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, tt.got, tt.want)
		}
	}
	if reason, open := r.Tags().More(); !open || reason != unset {
		t.Errorf("tags with an unknown key are open: %v %q", open, reason)
	}
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	s := stack(t, `Resources:
  It:
    Type: AWS::T::T
    Properties:
      Outer:
        Inner:
          value
      List:
        - P: 1
        - P: 2
`, Options{})
	r := resource(t, s, "It")
	for _, tt := range []struct {
		name string
		at   *asset.Source
		want string
	}{
		{"resource", r.Source(), "2-10"},
		{"property", r.String("Outer.Inner").Source(), "6-7"},
		{"absent property of a block", r.String("Outer.Other").Source(), "5-7"},
		{"absent property", r.String("Other").Source(), "2-10"},
		{"block of a list", r.Blocks("List").Elems()[1].Source(), "10-10"},
	} {
		if got := fmt.Sprintf("%d-%d", tt.at.Location.StartLine, tt.at.Location.EndLine); got != tt.want {
			t.Errorf("%s: lines %s, want %s", tt.name, got, tt.want)
		}
	}
}

// Much work from a small file must end in a reason, not in a long wait.
func TestOverworkEnds(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("Parameters: {L: {Type: CommaDelimitedList, Default: \"" + strings.Repeat("a,", 200_000) + "\"}}\nResources:\n")
	for i := range 2000 {
		fmt.Fprintf(&b, "  R%d: {Type: AWS::T::T, Properties: {V: !Join [\",\", !Ref L]}}\n", i)
	}
	s := stack(t, b.String(), Options{})
	found := false
	for _, c := range s.outcome() {
		found = found || c.Reason == errOverwork
	}
	if !found {
		t.Error("coverage does not say that evaluation stopped")
	}
}
