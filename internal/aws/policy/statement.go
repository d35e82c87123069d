// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
)

var (
	everyAction   = globOf("*:*")
	everyS3Action = globOf("s3:*")
	// A pattern that matches every ARN of one partition covers all that an
	// account can have.
	everyARN = []glob{globOf("arn:aws:*:*:*:*"), globOf("arn:aws-cn:*:*:*:*"), globOf("arn:aws-us-gov:*:*:*:*")}
)

// Allows answers whether the statement grants the action, such as
// "s3:GetObject", on some resource and under some conditions: its effect is
// Allow and its Action matches or its NotAction does not.
func (s Statement) Allows(action string) asset.Value[bool] {
	action = strings.ToLower(action)
	matching := func(t asset.Text) tri { return matches(fold(t), action) }
	granted := either(s.actions(), s.notActions(), matching)
	return and(s.allows(), granted).value(s.source())
}

// AllowsEveryAction answers whether the effect is Allow and one of its actions
// is a pattern for all: "*" or "*:*". A NotAction never is, whatever it leaves.
func (s Statement) AllowsEveryAction() asset.Value[bool] {
	return and(s.allows(), s.everyAction()).value(s.source())
}

// CoversEveryResource answers whether one of the resources is a pattern for all
// resources of an account, such as "*", or the statement excepts some with
// NotResource.
func (s Statement) CoversEveryResource() asset.Value[bool] {
	return either(s.resources(), s.notResources(), coversEveryARN).value(s.source())
}

// IsUnconditional answers whether the statement has no condition.
func (s Statement) IsUnconditional() asset.Value[bool] {
	return s.unconditional().value(s.source())
}

// GrantsFullAdmin answers whether a statement allows every action on every
// resource without condition, and no other denies everything again.
func (d Document) GrantsFullAdmin() asset.Value[bool] {
	everything := func(s Statement) tri {
		if len(s.Conditions.Elems()) > 0 {
			return no
		}
		resources := and(not(s.notResources().present()), s.resources().any(coversEveryARN))
		return all(s.everyAction(), resources, s.unconditional())
	}
	granted := anyOf(d.Statements, func(s Statement) tri { return and(s.allows(), everything(s)) })
	denied := anyOf(d.Statements, func(s Statement) tri { return and(s.denies(), everything(s)) })
	return and(granted, not(denied)).value(d.source())
}

func (s Statement) allows() tri { return equals(textOf(s.Effect, s.raw.effect), "Allow") }
func (s Statement) denies() tri { return equals(textOf(s.Effect, s.raw.effect), "Deny") }

func (s Statement) unconditional() tri { return not(hasAny(s.Conditions)) }

func (s Statement) everyAction() tri {
	return and(not(s.notActions().present()),
		s.actions().any(func(t asset.Text) tri { return covers(t, everyAction) }))
}

func coversEveryARN(t asset.Text) tri {
	answer := no
	for _, g := range everyARN {
		answer = or(answer, covers(t, g))
	}
	return answer
}

// Of Action and NotAction a statement has one. A list of which nothing is known
// is therefore absent where the other is there.

func (s Statement) actions() patterns {
	return one(patternsOf(s.Actions, s.raw.actions), s.NotActions)
}

func (s Statement) notActions() patterns {
	return one(patternsOf(s.NotActions, s.raw.notActions), s.Actions)
}

func (s Statement) resources() patterns {
	return one(patternsOf(s.Resources, s.raw.resources), s.NotResources)
}

func (s Statement) notResources() patterns {
	return one(patternsOf(s.NotResources, s.raw.notResources), s.Resources)
}

func one(p patterns, other asset.List[asset.Value[string]]) patterns {
	if len(other.Elems()) > 0 {
		return patterns{more: no}
	}
	return p
}

// either asks whether the list says yes or, where the statement has the
// complement instead, whether that says no.
func either(list, complement patterns, question func(asset.Text) tri) tri {
	return or(list.any(question), and(complement.present(), not(complement.any(question))))
}
