// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package lambda

import (
	"testing"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/aws/policy"
)

func TestPrincipalKind(t *testing.T) {
	t.Parallel()
	unset := asset.Hole{Reason: "var.x has no value"}
	role := asset.Hole{Reason: "aws_iam_role.r.arn is known after apply", Computed: "aws_iam_role.r.arn"}
	hole := asset.HoleMark(0)
	for _, tt := range []struct {
		name string
		text asset.Text
		want string
	}{
		{"everyone", asset.NewText("*"), "*"},
		{"an account", asset.NewText("111122223333"), "AWS"},
		{"a role", asset.NewText("arn:aws:iam::111122223333:role/r"), "AWS"},
		{"a role of the same code", asset.NewText(hole, role), "AWS"},
		{"a role of an unknown account", asset.NewText("arn:aws:iam::"+hole+":role/r", unset), "AWS"},
		{"a service", asset.NewText("events.amazonaws.com"), "Service"},
		{"a service of an unknown region", asset.NewText("logs."+hole+".amazonaws.com", unset), "Service"},
		{"a service of China", asset.NewText("events.amazonaws.com.cn"), "Service"},
		{"Alexa", asset.NewText("alexa-appkit.amazon.com"), "Service"},
		{"anything", asset.NewText(hole, unset), ""},
	} {
		if got := principalKind(tt.text); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// What is written must be read back as it was, whatever is in it.
func TestDocumentTextSurvivesParsing(t *testing.T) {
	t.Parallel()
	for _, action := range []string{`lambda:InvokeFunction`, `a"b\`, "tab\tand <&>", "é"} {
		d := &document{}
		d.Literal(`{"Statement":{"Effect":"Allow","Principal":"*","Resource":"*","Action":`)
		d.Quoted(asset.NewText(action))
		d.Literal(`}}`)
		doc := policy.Parse(asset.Known(d.Built(), asset.FromAPI("test")))
		statements := doc.Statements.Elems()
		if len(statements) != 1 || len(statements[0].Actions.Elems()) != 1 {
			t.Fatalf("%q: read as %s", action, d.Built().Marked())
		}
		if got, _ := statements[0].Actions.Elems()[0].Get(); got != action {
			t.Errorf("%q: read back as %q", action, got)
		}
	}
}
