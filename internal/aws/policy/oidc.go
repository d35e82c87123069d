// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// Issuers that all their customers share, so that who asks is in the subject.
const (
	gitHub    = "token.actions.githubusercontent.com"
	gitLab    = "gitlab.com"
	terraform = "app.terraform.io"
)

// TrustsOIDC answers whether the statement allows identities of an OpenID
// Connect provider, given by its issuer without scheme, such as
// "token.actions.githubusercontent.com": a federated principal names it, or
// there is a federated principal and a condition tests a claim of the provider.
func (s Statement) TrustsOIDC(provider string) asset.Value[bool] {
	return s.trustsOIDC(provider).value(s.source())
}

func (s Statement) trustsOIDC(provider string) tri {
	named := s.names(func(p Principal) tri {
		return and(equals(p.typ(), typeFederated), contains(fold(p.id()), strings.ToLower(provider)))
	})
	federated := s.names(func(p Principal) tri { return equals(p.typ(), typeFederated) })
	tested := anyOf(s.Conditions, func(c Condition) tri { return begins(fold(c.key()), strings.ToLower(provider)+":") })
	return and(s.allows(), or(named, and(federated, tested)))
}

// PinsOIDC answers whether a condition limits the provider's identities to
// known ones. A condition that holds without the claim (ForAllValues, IfExists)
// does not, nor does a value with a wildcard before the tenant's name is over.
//
// For GitHub the subject must name the organization ("repo:octo-org/*" does,
// "repo:octo-org*" and "repo:*" do not), which AWS and GitHub ask for at least;
// job_workflow_ref, repository and the ids of repository, owner and enterprise
// do as well. For GitLab.com it must name the group, for HCP Terraform the
// organization. Other providers are taken for private ones, where any subject
// that does not begin with a wildcard is a limit.
func (s Statement) PinsOIDC(provider string) asset.Value[bool] {
	return s.pinsOIDC(provider).value(s.source())
}

func (s Statement) pinsOIDC(provider string) tri {
	requirements := tenantClaims(strings.ToLower(provider))
	return anyOf(s.Conditions, func(c Condition) tri { return c.meets(requirements) })
}

// AdmitsAnyTenant answers whether the document, a trust policy, lets identities
// of the provider in that nothing limits to known ones: a statement trusts the
// provider without pinning its identities, and no other denies all but known
// ones, as a Deny under StringNotLike does.
func (d Document) AdmitsAnyTenant(provider string) asset.Value[bool] {
	open := anyOf(d.Statements, func(s Statement) tri { return and(s.trustsOIDC(provider), not(s.pinsOIDC(provider))) })
	closed := anyOf(d.Statements, func(s Statement) tri { return s.deniesOtherTenants(provider) })
	return and(open, not(closed)).value(d.source())
}

func (s Statement) deniesOtherTenants(provider string) tri {
	if len(s.Conditions.Elems()) != 1 {
		return no // a further condition may hold for fewer requests
	}
	action := strings.ToLower("sts:AssumeRoleWithWebIdentity")
	denied := either(s.actions(), s.notActions(), func(t asset.Text) tri { return matches(fold(t), action) })
	everybody := s.names(func(p Principal) tri { return or(p.isEveryone(), equals(p.typ(), typeFederated)) })
	others := tenantClaims(strings.ToLower(provider))
	for i := range others {
		others[i].operators = excludingOperators
	}
	return all(s.denies(), denied, everybody, not(moreOf(s.Conditions)), s.Conditions.Elems()[0].meets(others))
}

var (
	subjectOperators   = []string{"stringequals", "stringequalsignorecase", "stringlike"}
	excludingOperators = []string{"stringnotequals", "stringnotequalsignorecase", "stringnotlike"}
)

func tenantClaims(provider string) []requirement {
	claim := func(name string, such func(asset.Text) tri) requirement {
		return requirement{provider + ":" + name, subjectOperators, such}
	}
	switch provider {
	case gitHub:
		return []requirement{
			claim("sub", namesTenant("repo:", "repository:", "repository_owner:", "repository_id:", "repository_owner_id:",
				"job_workflow_ref:", "enterprise:", "enterprise_id:")),
			claim("job_workflow_ref", namesTenant("")),
			claim("repository", namesTenant("")),
			claim("repository_owner", isFixed),
			claim("repository_id", isFixed),
			claim("repository_owner_id", isFixed),
			claim("enterprise_id", isFixed),
		}
	case gitLab:
		return []requirement{claim("sub", namesTenant("project_path:"))}
	case terraform:
		return []requirement{claim("sub", namesTenant("organization:"))}
	}
	return []requirement{claim("sub", func(t asset.Text) tri {
		prefix, open := prefixOf(t)
		return or(known(prefix != ""), open)
	})}
}

// namesTenant answers whether a text begins with one of the claims and the
// whole name of a tenant: up to a slash, a colon, an @ (which GitHub puts before
// its ids), or the end of a text without wildcards.
func namesTenant(claims ...string) func(asset.Text) tri {
	return func(t asset.Text) tri {
		prefix, open := prefixOf(t)
		literal, _, computed := strings.Cut(prefix, computedMark)
		if computed {
			// What is computed may hold the end of the claim or of the name.
			open = unknown(t.Reason())
		}
		answer := no
		for _, claim := range claims {
			name, found := strings.CutPrefix(prefix, claim)
			end := strings.IndexAny(name, "/:@")
			switch {
			case found && (end > 0 || end < 0 && name != "" && isFixed(t).isYes()):
				return yes
			case found && end < 0, strings.HasPrefix(claim, literal):
				answer = open
			}
		}
		return answer
	}
}

// contains answers whether the text has the string in it.
func contains(t asset.Text, s string) tri {
	for _, part := range t.Parts() {
		if strings.Contains(part.Literal, s) {
			return yes
		}
	}
	return no.unless(t)
}
