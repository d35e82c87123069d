// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"slices"
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
)

func (c Condition) operator() asset.Text { return textOf(c.Operator, c.rawOperator) }
func (c Condition) key() asset.Text      { return textOf(c.Key, c.rawKey) }
func (c Condition) values() patterns     { return patternsOf(c.Values, c.rawValues) }

// under answers whether the condition's operator is one of those, given in
// lower case, and holds only if the request has the key: ForAllValues and
// IfExists hold without it.
func (c Condition) under(operators ...string) tri {
	t := c.operator()
	if !t.IsKnown() {
		return unknown(t.Reason())
	}
	name := strings.ToLower(t.Marked())
	return known(slices.Contains(operators, strings.TrimPrefix(name, "foranyvalue:")))
}

// on answers whether the condition tests that key.
func (c Condition) on(key string) tri { return equalsFold(c.key(), key) }

// every answers whether all values of the condition are such.
func (c Condition) every(such func(asset.Text) tri) tri {
	return not(c.values().any(func(t asset.Text) tri { return not(such(t)) }))
}

// requirement is what a condition must say to count: that a key has, under one
// of the operators, only such values.
type requirement struct {
	key       string
	operators []string
	such      func(asset.Text) tri
}

// meets answers whether the condition meets one of the requirements.
func (c Condition) meets(requirements []requirement) tri {
	answer := no
	for _, r := range requirements {
		key := c.on(r.key)
		if key.isNo() {
			continue
		}
		met := and(c.under(r.operators...), c.every(r.such))
		if !key.isYes() && !met.isNo() {
			met = key // what else is unknown matters only for a known key
		}
		answer = or(answer, met)
	}
	return answer
}

// The operators under which a condition names what it admits, by kind of key.
var (
	textOperators = []string{"stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike"}
	ipOperators   = []string{"ipaddress", "stringequals", "stringequalsignorecase", "stringlike"}
	boolOperators = []string{"bool", "stringequals", "stringequalsignorecase"}
)
