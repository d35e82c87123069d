// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cloudformation

import (
	"cmp"
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code"
)

// value is what a node evaluates to. It is immutable once made.
type value struct {
	kind kind
	at   span

	text asset.Text // of a scalar
	bare bool       // a scalar without quotes: it may be a number or a bool

	elems   []*value // of a list
	members []member // of an object, in order
	more    string   // why a list or object may have more

	why    string   // of an unknown: the reason
	string bool     // of an unknown: it will be a string, not a list or object
	alts   []*value // of an unknown: what it can turn out to be, where that is known
	later  bool     // of an unknown: it is not anything that this stack makes

	from   origin // what supplies exactly this value
	secret bool   // never shown
}

type kind uint8

// The kinds of values. A scalar is a string, number or bool: CloudFormation
// converts between them as a property needs.
const (
	nothing kind = iota // not written, or AWS::NoValue
	scalar
	list
	object
	unknown
)

// member is a key of an object.
type member struct {
	key   string
	at    span
	value *value
}

// origin names an attribute of a resource; or, without attribute, a parameter.
type origin struct{ address, attribute string }

func (o origin) isResource() bool { return o.attribute != "" }

func (o origin) String() string { return o.address + "." + o.attribute }

const secretReason = "sensitive value"

func noValue(at span) *value { return &value{kind: nothing, at: at} }

func textValue(s string, at span) *value {
	return &value{kind: scalar, text: asset.NewText(s), at: at}
}

func unknownValue(why string, at span) *value { return &value{kind: unknown, why: why, at: at} }

// literal is the text of a value that is a wholly known scalar.
func (v *value) literal() (string, bool) {
	if v.kind != scalar || !v.text.IsKnown() || v.secret {
		return "", false
	}
	return v.text.Marked(), true
}

// reason says why a value, or a part of its text, is unknown.
func (v *value) reason() string {
	switch {
	case v.secret:
		return secretReason
	case v.kind == unknown:
		return v.why
	case v.kind == scalar:
		return v.text.Reason()
	}
	return v.more
}

// asText is the value as a text; one hole where it is unknown. ok is false for
// lists and objects.
func (v *value) asText() (t asset.Text, ok bool) {
	switch {
	case v.secret:
		return asset.NewText(asset.HoleMark(0), asset.Hole{Reason: secretReason}), true
	case v.kind == scalar:
		return v.text, true
	case v.kind == unknown:
		return asset.NewText(asset.HoleMark(0), v.hole()), true
	}
	return asset.Text{}, false
}

// hole is the unknown value as a part of a text.
func (v *value) hole() asset.Hole {
	h := asset.Hole{Reason: v.reason()}
	if o := v.from; o.isResource() {
		if strings.HasSuffix(o.attribute, "Arn") { // TopicArn, LoadBalancerArn: what !Ref may give too
			o.attribute = "Arn"
		}
		h.Computed = o.String()
	} else if strings.HasPrefix(v.from.address, "AWS::") {
		h.Computed = v.from.address
	} else if v.isOneOfNames() {
		h.Computed = "data.choice of " + v.reason() // not anything that the stack itself makes
	}
	return h
}

// isOneOfNames reports whether an unknown is one of several texts that are each a
// fixed name: none has a wildcard, or says more than one thing.
func (v *value) isOneOfNames() bool {
	for _, alt := range v.alts {
		if text, ok := alt.literal(); !ok || text == "" || strings.ContainsAny(text, "*?/:.${} ") {
			return false
		}
	}
	return len(v.alts) > 0
}

// get returns the member of that key; nil where there is none.
func (v *value) get(key string) *value {
	for i := range v.members {
		if v.members[i].key == key {
			return v.members[i].value
		}
	}
	return nil
}

// maxAlternatives bounds what an unknown remembers.
const maxAlternatives = 32

// choose is the value that is one of several, for the reason that it is not
// known which.
func choose(why string, at span, alts ...*value) *value {
	var distinct []*value
	for _, a := range alts {
		options := []*value{a}
		if a.kind == unknown && len(a.alts) > 0 {
			options = a.alts
		}
		for _, o := range options {
			if len(distinct) <= maxAlternatives && !contains(distinct, o) {
				distinct = append(distinct, o)
			}
		}
	}
	if len(distinct) == 1 {
		return distinct[0]
	}
	v := unknownValue(why, at)
	v.string = true
	for _, d := range distinct {
		v.string = v.string && (d.kind == scalar || d.kind == unknown && d.string)
		v.secret = v.secret || d.secret
	}
	if len(distinct) <= maxAlternatives {
		v.alts = distinct
	}
	return v
}

func contains(values []*value, v *value) bool {
	for _, o := range values {
		if o == v || equal(o, v).isYes() {
			return true
		}
	}
	return false
}

// truth is a condition in three values: yes, no, or unknown with a reason.
type truth struct {
	known, is bool
	why       string
}

var (
	yes = truth{known: true, is: true}
	no  = truth{known: true}
)

func maybe(why string) truth { return truth{why: cmp.Or(why, "not known before deployment")} }

func known(is bool) truth { return truth{known: true, is: is} }

func (t truth) isYes() bool { return t.known && t.is }
func (t truth) isNo() bool  { return t.known && !t.is }

func (t truth) not() truth {
	t.is = !t.is
	return t
}

// and is no where one is no, whatever the other.
func (t truth) and(o truth) truth {
	switch {
	case t.isNo() || o.isYes():
		return t
	case o.isNo() || t.isYes():
		return o
	case t.why != o.why && len(t.why) < maxReason:
		return maybe(t.why + "; " + o.why)
	}
	return t
}

func (t truth) or(o truth) truth { return t.not().and(o.not()).not() }

// maxReason bounds how long a joined reason gets.
const maxReason = 400

// equal compares two values.
func equal(a, b *value) truth { return equalTo(a, b, maxNesting) }

func equalTo(a, b *value, depth int) truth {
	switch {
	case a == b || a.from != (origin{}) && a.from == b.from:
		return yes
	case depth == 0:
		return maybe("the values are nested too deeply")
	case a.kind == unknown || b.kind == unknown:
		return equalUnknown(a, b, depth)
	case a.kind != b.kind:
		return no
	}
	switch a.kind {
	case scalar:
		return equalText(a, b)
	case list:
		return equalList(a, b, depth)
	case object:
		return equalObject(a, b, depth)
	case nothing, unknown:
	}
	return yes
}

// equalUnknown is no where none of the alternatives is equal.
func equalUnknown(a, b *value, depth int) truth {
	if a.kind != unknown {
		a, b = b, a
	}
	result := maybe(a.reason())
	if len(a.alts) == 0 || len(b.alts) > 0 {
		return result
	}
	for _, alt := range a.alts {
		if !equalTo(alt, b, depth-1).isNo() {
			return result
		}
	}
	return no
}

func equalText(a, b *value) truth {
	if a.text.IsKnown() && b.text.IsKnown() {
		return known(a.text.Marked() == b.text.Marked())
	}
	if a.text.IsKnown() {
		a, b = b, a
	}
	if b.text.IsKnown() && !code.Fits(a.text, b.text.Marked()) {
		return no
	}
	return maybe(a.reason())
}

func equalList(a, b *value, depth int) truth {
	if why := cmp.Or(a.more, b.more); why != "" {
		return maybe(why)
	}
	if len(a.elems) != len(b.elems) {
		return no
	}
	result := yes
	for i := range a.elems {
		if result = result.and(equalTo(a.elems[i], b.elems[i], depth-1)); result.isNo() {
			return no
		}
	}
	return result
}

func equalObject(a, b *value, depth int) truth {
	if why := cmp.Or(a.more, b.more); why != "" {
		return maybe(why)
	}
	if len(a.members) != len(b.members) {
		return no
	}
	result := yes
	for _, m := range a.members {
		other := b.get(m.key)
		if other == nil {
			return no
		}
		if result = result.and(equalTo(m.value, other, depth-1)); result.isNo() {
			return no
		}
	}
	return result
}
