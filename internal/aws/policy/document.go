// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package policy

import "github.com/plumb-cspm/plumb/internal/asset"

// Document is a policy. The zero Document is unknown in every part.
type Document struct {
	// Present says whether there is a policy at all.
	Present asset.Value[bool] `plumb:"present"`
	// Version is the version of the policy language; 2008-10-17 where the
	// document is silent.
	Version asset.Value[string] `plumb:"version"`
	// ID is the document's own name, "" where it has none.
	ID asset.Value[string] `plumb:"id"`
	// Statements are its statements; a single one is a list of one.
	Statements asset.List[Statement] `plumb:"statements"`

	text asset.Value[asset.Text]
}

// Statement is one rule of a policy. Of each pair, such as Actions and
// NotActions, at most one has elements.
type Statement struct {
	Sid asset.Value[string] `plumb:"sid"`
	// Effect is Allow or Deny.
	Effect        asset.Value[string]             `plumb:"effect"`
	Principals    asset.List[Principal]           `plumb:"principals"`
	NotPrincipals asset.List[Principal]           `plumb:"not_principals"`
	Actions       asset.List[asset.Value[string]] `plumb:"actions"`
	NotActions    asset.List[asset.Value[string]] `plumb:"not_actions"`
	Resources     asset.List[asset.Value[string]] `plumb:"resources"`
	NotResources  asset.List[asset.Value[string]] `plumb:"not_resources"`
	Conditions    asset.List[Condition]           `plumb:"conditions"`

	at  *asset.Source
	raw struct {
		effect                                       asset.Text
		actions, notActions, resources, notResources texts
	}
}

// Principal is one principal that a statement names.
type Principal struct {
	// Type is AWS, Service, Federated or CanonicalUser. "Principal": "*" is
	// type AWS and id "*", which AWS treats alike.
	Type asset.Value[string] `plumb:"type"`
	// ID is an account id, an ARN, a service, a provider, or "*".
	ID asset.Value[string] `plumb:"id"`

	rawType, rawID asset.Text
}

// Condition is one key of a statement's condition block with the operator it
// stands under. All conditions of a statement must hold; of the values of one
// condition one is enough.
type Condition struct {
	// Operator is written as in the document: "ForAnyValue:StringLike".
	Operator asset.Value[string] `plumb:"operator"`
	// Key is written as in the document; AWS compares keys without case.
	Key    asset.Value[string]             `plumb:"key"`
	Values asset.List[asset.Value[string]] `plumb:"values"`

	rawOperator, rawKey asset.Text
	rawValues           texts
}

// AsText is the document as it was read. Its unknown parts are what the tagged
// fields cannot carry: parsing it again gives the same document.
func (d *Document) AsText() asset.Value[asset.Text] { return d.text }

// SetText makes d the document that the text holds.
func (d *Document) SetText(text asset.Value[asset.Text]) { *d = Parse(text) }

var _ asset.Textual = (*Document)(nil)

// texts are the texts of a list's elements; nil where every element is known
// and says all by itself.
type texts []asset.Text

// textOf is the text behind a value: the value itself where it is known, else
// what the parser read, else one unknown part.
func textOf(v asset.Value[string], raw asset.Text) asset.Text {
	if s, known := v.Get(); known {
		return asset.NewText(s)
	}
	if raw.Marked() != "" {
		return raw
	}
	return asset.NewText(asset.HoleMark(0), asset.Hole{Reason: v.Reason()})
}

// patterns are the texts of a list and the reason why there may be more.
type patterns struct {
	texts []asset.Text
	more  tri
}

func patternsOf(list asset.List[asset.Value[string]], raw texts) patterns {
	p := patterns{texts: make([]asset.Text, len(list.Elems())), more: moreOf(list)}
	for i, v := range list.Elems() {
		var r asset.Text
		if i < len(raw) {
			r = raw[i]
		}
		p.texts[i] = textOf(v, r)
	}
	return p
}

// moreOf answers "is there something in the list beyond its elements".
func moreOf[T any](list asset.List[T]) tri {
	if reason, open := list.More(); open {
		return unknown(reason)
	}
	return no
}

// any asks the question of every pattern, those that were not read included.
func (p patterns) any(question func(asset.Text) tri) tri {
	answer := no
	for _, t := range p.texts {
		if answer = or(answer, question(t)); answer.isYes() {
			return yes
		}
	}
	return or(answer, p.more)
}

// present answers whether the list is there at all.
func (p patterns) present() tri {
	if len(p.texts) > 0 {
		return yes
	}
	return p.more
}

// anyOf asks the question of every element of a list, those that were not read
// included.
func anyOf[T any](list asset.List[T], question func(T) tri) tri {
	answer := no
	for _, e := range list.Elems() {
		if answer = or(answer, question(e)); answer.isYes() {
			return yes
		}
	}
	return or(answer, moreOf(list))
}

// hasAny answers "does the list have an element", which is how an element of
// the policy language that must not be empty shows that it is there.
func hasAny[T any](list asset.List[T]) tri {
	if len(list.Elems()) > 0 {
		return yes
	}
	return moreOf(list)
}

// source is where the statement was read, for the answers about it.
func (s Statement) source() *asset.Source {
	if s.at != nil {
		return s.at
	}
	return s.Effect.Source()
}

func (d Document) source() *asset.Source {
	if d.Present.IsKnown() {
		return d.Present.Source()
	}
	return d.Statements.Source()
}
