// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"cmp"
	"slices"
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/aws/arn"
)

// TrustsEveryone answers whether the statement allows any AWS principal: it
// names "*", or all but a few with NotPrincipal, and no condition narrows that
// (see [Statement.Public] for which do).
func (s Statement) TrustsEveryone() asset.Value[bool] {
	return all(s.allows(), or(s.names(Principal.isEveryone), hasNotPrincipals(s)), not(s.narrowed())).value(s.source())
}

// ServicePrincipals are the AWS services that the statement names, such as
// "lambda.amazonaws.com", whatever its effect.
func (s Statement) ServicePrincipals() asset.List[asset.Value[string]] {
	return s.collect(func(p Principal) ([]asset.Value[string], tri) {
		service := equals(p.typ(), typeService)
		if !service.isYes() {
			return nil, service
		}
		return []asset.Value[string]{p.ID}, no
	})
}

// ExternalAccounts are the accounts other than own that the statement names as
// principals, whatever its effect, each once. A principal or account that a
// resource of the same configuration computes is not external. Own is an account id.
func (s Statement) ExternalAccounts(own asset.Value[string]) asset.List[asset.Value[string]] {
	seen := map[string]bool{}
	return s.collect(func(p Principal) ([]asset.Value[string], tri) {
		account, named := p.account()
		switch {
		case !named.isYes():
			return nil, named
		case seen[account]:
			return nil, no
		}
		seen[account] = true
		ownID, isKnown := own.Get()
		switch {
		case !isKnown:
			return nil, unknown(own.Reason())
		case ownID == account:
			return nil, no
		}
		return []asset.Value[string]{value(account, s.source())}, no
	})
}

// collect makes a list of what is found in each principal, open where something
// may be found that was not read.
func (s Statement) collect(find func(Principal) ([]asset.Value[string], tri)) asset.List[asset.Value[string]] {
	var elems []asset.Value[string]
	more := moreOf(s.Principals)
	for _, p := range s.Principals.Elems() {
		found, maybe := find(p)
		elems = append(elems, found...)
		more = or(more, maybe)
	}
	reason := ""
	if !more.isNo() {
		reason = cmp.Or(strings.Join(more.why, "; "), "not read")
	}
	return list(builder{s.source()}, elems, reason)
}

func (p Principal) typ() asset.Text { return textOf(p.Type, p.rawType) }
func (p Principal) id() asset.Text  { return textOf(p.ID, p.rawID) }

// isEveryone answers whether the principal is "*". AWS has no other wildcards
// in principals.
func (p Principal) isEveryone() tri { return equals(p.id(), "*") }

// isWebIdentity answers whether the principal is a web identity provider that
// everybody can sign in to, as opposed to a provider of an account's own, which
// is an ARN.
func (p Principal) isWebIdentity() tri {
	return and(equals(p.typ(), typeFederated), not(begins(p.id(), "arn:")))
}

// account answers which account an AWS principal is of; no where it is of none.
func (p Principal) account() (string, tri) {
	if aws := equals(p.typ(), typeAWS); !aws.isYes() {
		return "", aws
	}
	t := p.id()
	if t.IsKnown() {
		account, ok := arn.AccountOf(t.Marked())
		return account, known(ok)
	}
	if isComputedHere(t) {
		return "", no
	}
	sections := strings.SplitN(t.Marked(), ":", 6)
	if len(sections) < 6 || sections[0] != "arn" || asset.HasHole(strings.Join(sections[:4], ":")) {
		return "", unknown(t.Reason())
	}
	account := t.Cut(sections[4])
	if account.IsKnown() {
		return sections[4], known(arn.IsAccountID(sections[4]))
	}
	if isComputedHere(account) {
		return "", no
	}
	return "", unknown(account.Reason())
}

// isComputedHere reports whether the text is what a resource of the same
// configuration computes, or the account that it is applied in.
func isComputedHere(t asset.Text) bool {
	parts := t.Parts()
	if len(parts) != 1 || parts[0].Hole == nil || parts[0].Hole.Computed == "" {
		return false
	}
	from := parts[0].Hole.Computed
	return !slices.Contains(strings.Split(from, "."), "data") || strings.Contains(from, "data.aws_caller_identity.")
}

// begins answers whether the text begins with the string. What a resource
// computes is its ARN, so that begins with "arn:".
func begins(t asset.Text, s string) tri {
	for _, part := range t.Parts() {
		switch {
		case part.Hole != nil && part.Hole.Computed != "" && strings.HasPrefix(s, "arn:"):
			return yes
		case part.Hole != nil:
			return unknown(part.Hole.Reason)
		case len(part.Literal) >= len(s):
			return known(strings.HasPrefix(part.Literal, s))
		case !strings.HasPrefix(s, part.Literal):
			return no
		}
		s = s[len(part.Literal):]
	}
	return known(s == "")
}

// names answers whether one of the statement's principals is such.
func (s Statement) names(such func(Principal) tri) tri {
	if len(s.NotPrincipals.Elems()) > 0 {
		return no
	}
	return anyOf(s.Principals, such)
}

func hasNotPrincipals(s Statement) tri {
	if len(s.Principals.Elems()) > 0 {
		return no
	}
	return hasAny(s.NotPrincipals)
}
