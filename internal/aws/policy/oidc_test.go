// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"testing"

	"github.com/plumb-cspm/plumb/internal/asset"
)

const webIdentity = `"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity", `

func TestTrustsOIDC(t *testing.T) {
	t.Parallel()
	provider := asset.Hole{Reason: after, Computed: "aws_iam_openid_connect_provider.p.arn"}
	for elements, want := range map[string]string{
		webIdentity + `"Principal": {"Federated": "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com"}`:                    "yes",
		webIdentity + `"Principal": {"Federated": "arn:aws:iam::%0:oidc-provider/token.actions.githubusercontent.com"}`:                              "yes",
		webIdentity + `"Principal": {"Federated": "arn:aws:iam::111111111111:oidc-provider/gitlab.com"}`:                                             "no",
		webIdentity + `"Principal": {"Federated": "%0"}`:                                                                                             varX,
		webIdentity + `"Principal": {"Federated": "%1"}`:                                                                                             after,
		webIdentity + `"Principal": {"Federated": "%1"}, "Condition": {"StringEquals": {"token.actions.githubusercontent.com:aud": "x"}}`:            "yes",
		webIdentity + `"Principal": {"AWS": "token.actions.githubusercontent.com"}`:                                                                  "no",
		webIdentity + `"Principal": {"Service": "ec2.amazonaws.com"}`:                                                                                "no",
		`"Effect": "Deny", "Action": "*", "Principal": {"Federated": "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com"}`: "no",
	} {
		if got := said(statement(t, elements, free, provider).TrustsOIDC(gitHub)); got != want {
			t.Errorf("{%s}: %s, want %s", elements, got, want)
		}
	}
}

func TestPinsOIDC(t *testing.T) {
	t.Parallel()
	sub := func(operator, value string) string {
		return `"` + operator + `": {"token.actions.githubusercontent.com:sub": ` + value + `}`
	}
	repo := asset.Hole{Reason: after, Computed: "github_repository.r.full_name"}
	for _, tt := range []struct{ provider, condition, want string }{
		{gitHub, sub("StringEquals", `"repo:octo-org/octo-repo:ref:refs/heads/main"`), "yes"},
		{gitHub, sub("StringLike", `"repo:octo-org/octo-repo:*"`), "yes"},
		{gitHub, sub("StringLike", `"repo:octo-org/*"`), "yes"},
		{gitHub, sub("ForAnyValue:StringLike", `["repo:octo-org/a:*", "repo:octo-org/b:*"]`), "yes"},
		{gitHub, sub("StringLike", `"repo:octo-org@123/octo-repo@456:*"`), "yes"},
		{gitHub, sub("StringLike", `"repo:octo-org@*/octo-repo@*:*"`), "yes"},
		{gitHub, sub("StringEquals", `"repository_owner:octo-org"`), "yes"},
		{gitHub, sub("StringLike", `"job_workflow_ref:octo-org/ci/.github/workflows/x.yml@*"`), "yes"},
		{gitHub, sub("StringLike", `"*"`), "no"},
		{gitHub, sub("StringLike", `"repo:*"`), "no"},
		{gitHub, sub("StringLike", `"repo:octo-org*"`), "no"},
		{gitHub, sub("StringLike", `"repo:octo-or?/x:*"`), "no"},
		{gitHub, sub("StringLike", `"repo:*/octo-repo:*"`), "no"},
		{gitHub, sub("StringLike", `"*octo-org/octo-repo:*"`), "no"},
		{gitHub, sub("StringLike", `"repo:/x"`), "no"},
		{gitHub, sub("StringEquals", `"environment:production"`), "no"},
		{gitHub, sub("StringLike", `["repo:octo-org/a:*", "repo:*"]`), "no"},
		{gitHub, sub("ForAllValues:StringLike", `"repo:octo-org/a:*"`), "no"},
		{gitHub, sub("StringLikeIfExists", `"repo:octo-org/a:*"`), "no"},
		{gitHub, sub("StringNotLike", `"repo:octo-org/a:*"`), "no"},
		{gitHub, `"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}`, "no"},
		{gitHub, `"StringEquals": {"token.actions.githubusercontent.com:ref": "refs/heads/main"}`, "no"},
		{gitHub, `"StringEquals": {"token.actions.githubusercontent.com:repository": "octo-org/octo-repo"}`, "yes"},
		{gitHub, `"StringLike": {"token.actions.githubusercontent.com:repository": "octo*"}`, "no"},
		{gitHub, `"StringEquals": {"token.actions.githubusercontent.com:repository_id": "12345"}`, "yes"},
		{gitHub, `"StringLike": {"token.actions.githubusercontent.com:job_workflow_ref": "octo-org/ci/*"}`, "yes"},
		{gitHub, `"StringEquals": {"Token.Actions.GithubUserContent.com:SUB": "repo:octo-org/a:*"}`, "yes"},
		{gitHub, ``, "no"},
		{gitHub, sub("StringLike", `"%0"`), varX},
		{gitHub, sub("StringLike", `"repo:%0:*"`), varX},
		{gitHub, sub("StringLike", `"repo:octo-org/%0:*"`), "yes"},
		{gitHub, sub("StringLike", `"repo:octo%0/a:*"`), varX},
		{gitHub, sub("StringLike", `"ref:%0"`), "no"},
		{gitHub, sub("StringLike", `["repo:%0:*", "repo:*"]`), "no"},
		{gitHub, sub("StringLike", `"repo:%1:ref:refs/heads/main"`), "yes"},
		{gitHub, sub("StringLike", `"repo:%1"`), "yes"},
		{gitHub, sub("StringLike", `"repo:%1*"`), after},
		{gitHub, sub("StringLike", `"%1:*"`), after},
		{gitHub, sub("%0", `"repo:octo-org/a:*"`), varX},
		{gitHub, `"StringLike": {"%0:sub": "repo:octo-org/a:*"}`, varX},
		{gitHub, `%0`, varX},
		{"idp.example.com", `"StringLike": {"idp.example.com:sub": "${aws:username}"}`, "no"},
		{"idp.example.com", `"StringLike": {"idp.example.com:sub": "$%0"}`, varX},
		{gitLab, `"StringLike": {"gitlab.com:sub": "project_path:group/project:*"}`, "yes"},
		{gitLab, `"StringLike": {"gitlab.com:sub": "project_path:*"}`, "no"},
		{gitLab, `"StringLike": {"gitlab.com:sub": "project_path:group*"}`, "no"},
		{terraform, `"StringLike": {"app.terraform.io:sub": "organization:acme:project:*"}`, "yes"},
		{terraform, `"StringLike": {"app.terraform.io:sub": "organization:*:project:x"}`, "no"},
		{"oidc.eks.eu-west-1.amazonaws.com/id/A1", `"StringEquals": {"oidc.eks.eu-west-1.amazonaws.com/id/A1:sub": "system:serviceaccount:ns:name"}`, "yes"},
		{"oidc.eks.eu-west-1.amazonaws.com/id/A1", `"StringLike": {"oidc.eks.eu-west-1.amazonaws.com/id/A1:sub": "*:name"}`, "no"},
		{"oidc.eks.eu-west-1.amazonaws.com/id/A1", `"StringLike": {"oidc.eks.eu-west-1.amazonaws.com/id/A1:sub": "%0"}`, varX},
	} {
		s := statement(t, webIdentity+`"Principal": {"Federated": "x"}, "Condition": {`+tt.condition+`}`, free, repo)
		if got := said(s.PinsOIDC(tt.provider)); got != tt.want {
			t.Errorf("%s under {%s}: %s, want %s", tt.provider, tt.condition, got, tt.want)
		}
	}
}

func TestAdmitsAnyTenant(t *testing.T) {
	t.Parallel()
	const (
		audience = `{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
			"Principal": {"Federated": "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com"},
			"Condition": {"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}}}`
		service = `{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}`
	)
	deny := func(principal, action, condition string) string {
		return `{"Effect": "Deny", "Principal": ` + principal + `, "Action": "` + action + `", "Condition": {` + condition + `}}`
	}
	others := `"StringNotLike": {"token.actions.githubusercontent.com:sub": "repo:octo-org/octo-repo:*"}`
	for _, tt := range []struct{ name, statements, want string }{
		{"the audience alone is anybody's", audience, "yes"},
		{"another service", service, "no"},
		{"all others are denied", audience + "," + deny(`"*"`, "sts:*", others), "no"},
		{"all others of the provider are denied", audience + "," + deny(`{"Federated": "%0"}`, "sts:AssumeRoleWithWebIdentity", others), "no"},
		{"another action is denied", audience + "," + deny(`"*"`, "sts:TagSession", others), "yes"},
		{"another principal is denied", audience + "," + deny(`{"AWS": "111111111111"}`, "*", others), "yes"},
		{"denied under a further condition", audience + "," + deny(`"*"`, "*", others+`, "Bool": {"aws:SecureTransport": "false"}`), "yes"},
		{"the known ones are denied", audience + "," + deny(`"*"`, "*", `"StringLike": {"token.actions.githubusercontent.com:sub": "repo:octo-org/x:*"}`), "yes"},
		{"all but a pattern for all", audience + "," + deny(`"*"`, "*", `"StringNotLike": {"token.actions.githubusercontent.com:sub": "repo:*"}`), "yes"},
		{"all but an unknown subject", audience + "," + deny(`"*"`, "*", `"StringNotEquals": {"token.actions.githubusercontent.com:sub": "%0"}`), varX},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := said(with(`{"Statement": [`+tt.statements+`]}`, free).AdmitsAnyTenant(gitHub)); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}
