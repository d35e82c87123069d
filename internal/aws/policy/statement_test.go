// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"strings"
	"testing"

	"github.com/plumb-cspm/plumb/internal/asset"
)

var (
	free     = asset.Hole{Reason: "var.x has no value"}
	computed = asset.Hole{Reason: "known after apply", Computed: "aws_s3_bucket.b.arn"}
)

const (
	varX  = "var.x has no value"
	after = "known after apply"
)

// partition computes "aws" or the like: less than an ARN.
var partition = asset.Hole{Reason: after, Computed: "data.aws_partition.current.id"}

func TestAllows(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ elements, want string }{
		{`"Effect": "Allow", "Action": "s3:GetObject"`, "yes"},
		{`"Effect": "Allow", "Action": "S3:getobject"`, "yes"},
		{`"Effect": "Allow", "Action": ["ec2:*", "s3:Get*"]`, "yes"},
		{`"Effect": "Allow", "Action": "s3:GetObjec?"`, "yes"},
		{`"Effect": "Allow", "Action": "*"`, "yes"},
		{`"Effect": "Allow", "Action": "s3:PutObject"`, "no"},
		{`"Effect": "Allow", "Action": []`, "no"},
		{`"Effect": "Deny", "Action": "s3:GetObject"`, "no"},
		{`"Effect": "Allow", "NotAction": "ec2:*"`, "yes"},
		{`"Effect": "Allow", "NotAction": ["ec2:*", "s3:get*"]`, "no"},
		{`"Effect": "Allow", "NotAction": "*"`, "no"},
		{`"Effect": "Allow", "Action": "%0"`, varX},
		{`"Effect": "Allow", "Action": "%0:GetObject"`, varX},
		{`"Effect": "Allow", "Action": "%0:PutObject"`, "no"},
		{`"Effect": "Allow", "Action": "s3:%0"`, varX},
		{`"Effect": "Allow", "Action": "ec2:%0"`, "no"},
		{`"Effect": "Allow", "Action": ["s3:*", "%0"]`, "yes"},
		{`"Effect": "Allow", "Action": %0`, varX},
		{`"Effect": "Allow", "NotAction": "%0"`, varX},
		{`"Effect": "Allow", "NotAction": ["s3:*", "%0"]`, "no"},
		{`"Effect": "%0", "Action": "s3:*"`, varX},
		{`"Effect": "%0", "Action": "ec2:*"`, "no"},
		{`"Effect": "D%0", "Action": "s3:*"`, "no"},
		{`"Effect": "Allow", %0`, varX},
	} {
		if got := said(statement(t, tt.elements, free).Allows("s3:GetObject")); got != tt.want {
			t.Errorf("{%s} allows: %s, want %s", tt.elements, got, tt.want)
		}
	}
}

func TestBreadth(t *testing.T) {
	t.Parallel()
	const allow = `"Effect": "Allow", `
	for _, tt := range []struct {
		name     string
		question func(Statement) asset.Value[bool]
		elements map[string]string
	}{
		{"every action", Statement.AllowsEveryAction, map[string]string{
			allow + `"Action": "*"`:                 "yes",
			allow + `"Action": "*:*"`:               "yes",
			allow + `"Action": "**"`:                "yes",
			allow + `"Action": ["a:b", "*"]`:        "yes",
			allow + `"Action": "s3:*"`:              "no",
			allow + `"Action": "*:Get*"`:            "no",
			allow + `"NotAction": "iam:*"`:          "no",
			`"Effect": "Deny", "Action": "*"`:       "no",
			allow + `"Action": "%0"`:                varX,
			allow + `"Action": "*%0"`:               varX,
			allow + `"Action": "s3:%0"`:             "no",
			allow + `"Action": ["s3:Get*", "*:%0"]`: varX,
		}},
		{"every resource", Statement.CoversEveryResource, map[string]string{
			allow + `"Action": "*", "Resource": "*"`:                 "yes",
			allow + `"Action": "*", "Resource": "arn:*"`:             "yes",
			allow + `"Action": "*", "Resource": "arn:aws:*"`:         "yes",
			allow + `"Action": "*", "Resource": "arn:aws-cn:*:*"`:    "yes",
			allow + `"Action": "*", "Resource": "arn:aws:*:*:*:*"`:   "yes",
			allow + `"Action": "*", "Resource": "arn:aws:s3:::*"`:    "no",
			allow + `"Action": "*", "Resource": "arn:*:iam::*"`:      "no",
			allow + `"Action": "*"`:                                  "no",
			allow + `"Action": "*", "NotResource": "arn:aws:s3:::b"`: "yes",
			allow + `"Action": "*", "NotResource": "*"`:              "no",
			allow + `"Action": "*", "Resource": "%0"`:                varX,
			allow + `"Action": "*", "Resource": "%0*"`:               varX,
			allow + `"Action": "*", "Resource": "%0/*"`:              "no",
			allow + `"Action": "*", "Resource": "%1"`:                "no",
			allow + `"Action": "*", "Resource": "%1*"`:               "no",
			allow + `"Action": "*", "Resource": "arn:%1:*"`:          "no",
			allow + `"Action": "*", "Resource": "arn:%2:*"`:          after,
			allow + `"Action": "*", "Resource": ["%1", "%0"]`:        varX,
			allow + `"Action": "*", "Resource": ["%0", "*"]`:         "yes",
		}},
		{"unconditional", Statement.IsUnconditional, map[string]string{
			allow + `"Action": "*"`:                                           "yes",
			allow + `"Action": "*", "Condition": {}`:                          "yes",
			allow + `"Action": "*", "Condition": {"Bool": {}}`:                "yes",
			allow + `"Action": "*", "Condition": {"Bool": {"k": "true"}}`:     "no",
			allow + `"Action": "*", "Condition": {"%0": {"k": "true"}}`:       "no",
			allow + `"Action": "*", "Condition": {"Bool": %0}`:                varX,
			allow + `"Action": "*", "Condition": %0`:                          varX,
			allow + `"Action": "*", "Condition": {"Bool": {"k": "true"}, %0}`: "no",
		}},
	} {
		for elements, want := range tt.elements {
			if got := said(tt.question(statement(t, elements, free, computed, partition))); got != want {
				t.Errorf("%s of {%s}: %s, want %s", tt.name, elements, got, want)
			}
		}
	}
}

func TestGrantsFullAdmin(t *testing.T) {
	t.Parallel()
	const all = `{"Effect": "Allow", "Action": "*", "Resource": "*"}`
	for _, tt := range []struct {
		name string
		docs []string
		want string
	}{
		{"all on all", []string{all}, "yes"},
		{"beside others", []string{`{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}`, all}, "yes"},
		{"denies something", []string{all, `{"Effect": "Deny", "Action": "iam:*", "Resource": "*"}`}, "yes"},
		{"denies everything", []string{all, `{"Effect": "Deny", "Action": "*", "Resource": "*"}`}, "no"},
		{"denies everything without MFA", []string{all, `{"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}}`}, "yes"},
		{"with a condition", []string{`{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}`}, "no"},
		{"all on some", []string{`{"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::b"}`}, "no"},
		{"all but a few actions", []string{`{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}`}, "no"},
		{"all but a few resources", []string{`{"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::b"}`}, "no"},
		{"unknown action", []string{`{"Effect": "Allow", "Action": "%0", "Resource": "*"}`}, varX},
		{"unknown action on a bucket", []string{`{"Effect": "Allow", "Action": "%0", "Resource": "arn:aws:s3:::%0"}`}, "no"},
		{"unknown action on what is computed", []string{`{"Effect": "Allow", "Action": "%0", "Resource": "%1"}`}, "no"},
		{"perhaps denied", []string{all, `{"Effect": "Deny", "Action": "*", "Resource": "%0"}`}, varX},
		{"perhaps more statements", []string{`%0`}, varX},
		{"certain whatever more there is, except a denial", []string{all, `%0`}, varX},
		{"two reasons", []string{`{"Effect": "Allow", "Action": "%0", "Resource": "arn:%2:*"}`}, varX + "; " + after},
	} {
		d := with(`{"Statement": [`+strings.Join(tt.docs, ", ")+`]}`, free, computed, partition)
		v := d.GrantsFullAdmin()
		if got := said(v); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
		if v.Source().Location != inCode.Location {
			t.Errorf("%s: the answer is from %v", tt.name, v.Source().Location)
		}
	}
}

func TestPrincipals(t *testing.T) {
	t.Parallel()
	caller := asset.Hole{Reason: after, Computed: "data.aws_caller_identity.current.account_id"}
	lookup := asset.Hole{Reason: "data source not read", Computed: "data.aws_iam_role.r.arn"}
	const rest = `"Effect": "Allow", "Action": "sts:AssumeRole", `
	for _, tt := range []struct {
		principal                    string
		accounts, services, everyone string
	}{
		{`"*"`, "", "", "yes"},
		{`{"AWS": "*"}`, "", "", "yes"},
		{`{"AWS": ["222222222222", "111111111111", "arn:aws:iam::222222222222:root"]}`, "222222222222", "", "no"},
		{`{"AWS": "arn:aws:sts::333333333333:assumed-role/r/s"}`, "333333333333", "", "no"},
		{`{"AWS": "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1"}`, "", "", "no"},
		{`{"AWS": "AIDAEXAMPLE"}`, "", "", "no"},
		{`{"AWS": "arn:aws:iam::*:root"}`, "", "", "no"},
		{`{"CanonicalUser": "79a5"}`, "", "", "no"},
		{`{"Service": ["sns.amazonaws.com", "%0.amazonaws.com"]}`, "", "sns.amazonaws.com <" + varX + ">", "no"},
		{`{"Federated": "arn:aws:iam::222222222222:saml-provider/x"}`, "", "", "no"},
		{`{"AWS": "%0"}`, "<more: " + varX + ">", "", varX},
		{`{"AWS": "arn:aws:iam::%0:root"}`, "<more: " + varX + ">", "", "no"},
		{`{"AWS": "arn:aws:iam::222222222222:role/%0"}`, "222222222222", "", "no"},
		{`{"AWS": "arn:%0:iam::222222222222:root"}`, "<more: " + varX + ">", "", "no"},
		{`{"AWS": "%1"}`, "", "", "no"},
		{`{"AWS": "arn:aws:iam::%2:root"}`, "", "", "no"},
		{`{"AWS": "%2"}`, "", "", "no"},
		{`{"AWS": "%3"}`, "<more: data source not read>", "", "no"},
		{`{"AWS": %0}`, "<more: " + varX + ">", "<more: " + varX + ">", varX},
		{`{"%0": "222222222222"}`, "<more: " + varX + ">", "<more: " + varX + ">", "no"},
	} {
		s := statement(t, rest+`"Principal": `+tt.principal, free, computed, caller, lookup)
		for name, got := range map[string][2]string{
			"ExternalAccounts":  {listed(s.ExternalAccounts(asset.Known("111111111111", inCode))), tt.accounts},
			"ServicePrincipals": {listed(s.ServicePrincipals()), tt.services},
			"TrustsEveryone":    {said(s.TrustsEveryone()), tt.everyone},
		} {
			if got[0] != got[1] {
				t.Errorf("%s of %s: %s, want %s", name, tt.principal, got[0], got[1])
			}
		}
	}
	others := statement(t, rest+`"NotPrincipal": {"AWS": "111111111111"}`)
	if said(others.TrustsEveryone()) != "yes" {
		t.Error("all but one principal is not everyone")
	}
	narrowed := statement(t, rest+`"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}`)
	if said(narrowed.TrustsEveryone()) != "no" {
		t.Error("an organization is everyone")
	}
	two := statement(t, rest+`"Principal": {"AWS": ["222222222222", "111111111111"]}`)
	if got := listed(two.ExternalAccounts(asset.Unknown[string]("no account", nil))); got != "<more: no account>" {
		t.Errorf("external to an unknown account: %s", got)
	}
}

// listed is a list of strings as text.
func listed(l asset.List[asset.Value[string]]) string {
	var all []string
	for _, v := range l.Elems() {
		if s, ok := v.Get(); ok {
			all = append(all, s)
		} else {
			all = append(all, "<"+v.Reason()+">")
		}
	}
	if reason, open := l.More(); open {
		all = append(all, "<more: "+reason+">")
	}
	return strings.Join(all, " ")
}
