// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cloudformation

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code"
)

// Join says which companions belong to which targets: the resources of one type
// that configure things of another.
type Join struct {
	stack       *Stack
	property    string
	attribute   string // by which a companion must refer to its target; "" for any
	targetNames []string
	byKey       map[string][]*Resource
	order       map[*Resource]int
	// unsure are companions that name something unknown, which may be any target.
	unsure []unsure
	// literals are companions that name something known which no target is known
	// to be.
	literals []*Resource
}

// unsure is a companion with one unknown name.
type unsure struct {
	*Resource
	name *value
}

// Join pairs companions with their targets: companions whose property is a
// reference to the target, or equals the known value of one of targetNames.
func (s *Stack) Join(companionType, property, targetType string, targetNames ...string) *Join {
	return s.join("", companionType, property, targetType, targetNames)
}

// JoinBy is [Stack.Join] for companions of what an attribute of the target stands
// for, such as the security group that a VPC comes with.
func (s *Stack) JoinBy(attribute, companionType, property, targetType string) *Join {
	return s.join(attribute, companionType, property, targetType, nil)
}

func (s *Stack) join(attribute, companionType, property, targetType string, targetNames []string) *Join {
	j := &Join{stack: s, property: property, attribute: attribute, targetNames: targetNames, byKey: map[string][]*Resource{}, order: map[*Resource]int{}}
	named := map[string]bool{}
	for _, target := range s.Resources(targetType) {
		for _, key := range j.targetKeys(target) {
			named[key] = true
		}
	}
	for i, companion := range s.Resources(companionType) {
		j.order[companion] = i
		rd := companion.read(property)
		names, more := rd.members()
		for _, name := range names {
			j.index(companion, name, named)
		}
		if more != "" {
			j.index(companion, rd.value, named)
		}
	}
	s.findHanded()
	return j
}

// index notes what a companion names.
func (j *Join) index(companion *Resource, v *value, named map[string]bool) {
	matches := false
	if v.from.isResource() && j.attribute != "" && v.from.attribute != j.attribute {
		return
	}
	for _, key := range keys(v) {
		j.byKey[key] = append(j.byKey[key], companion)
		matches = matches || named[key]
	}
	_, isLiteral := v.literal()
	switch {
	case matches, v.from.isResource(), v.later, v.kind == nothing:
	case isLiteral:
		j.literals = append(j.literals, companion)
	default:
		j.unsure = append(j.unsure, unsure{companion, v})
	}
}

// keys are what a value can be recognised by.
func keys(v *value) []string {
	var all []string
	switch {
	case v.from.isResource():
		all = append(all, "@"+v.from.address)
	case v.from.address != "" && v.kind == unknown:
		all = append(all, "~"+v.from.address)
	}
	if text, ok := v.literal(); ok && text != "" {
		all = append(all, "="+text)
	} else if v.kind == scalar && !v.secret { // "logs-${AWS::AccountId}" in both
		all = append(all, "?"+shape(v))
	}
	return all
}

// shape is a text with what its holes are computed from; "" where a hole could be
// anything.
func shape(v *value) string {
	var s strings.Builder
	for _, part := range v.text.Parts() {
		if part.Hole == nil {
			s.WriteString(part.Literal)
			continue
		}
		s.WriteString("\x00" + cmp.Or(part.Hole.Computed, part.Hole.Reason) + "\x00")
	}
	return s.String()
}

func (j *Join) targetKeys(target *Resource) []string {
	all := []string{"@" + target.Address}
	for _, name := range j.targetNames {
		for _, key := range keys(target.lookup(name).value) {
			if key[0] != '@' {
				all = append(all, key)
			}
		}
	}
	return all
}

// Of returns the companions of a target, in order. maybe is the reason why a
// further one may belong to it: one that may not exist, one that names something
// unknown, or one in a part of the code that could not be read. It is "" if that
// cannot be.
func (j *Join) Of(target *Resource) (companions []*Resource, maybe string) {
	seen := map[*Resource]bool{}
	for _, key := range j.targetKeys(target) {
		for _, c := range j.byKey[key] {
			if seen[c] {
				continue
			}
			seen[c] = true
			switch exists := j.existsWith(c, target); {
			case exists.isYes():
				companions = append(companions, c)
			case !exists.known:
				maybe = cmp.Or(maybe, fmt.Sprintf("%s: %s", c.Address, exists.why))
			}
		}
	}
	slices.SortFunc(companions, func(a, b *Resource) int { return j.order[a] - j.order[b] })
	if j.stack.tire(len(j.unsure) + len(j.literals)) {
		return companions, cmp.Or(maybe, errOverwork)
	}
	for _, c := range j.unsure {
		if !seen[c.Resource] && canBe(c.name, target, j.targetNames) && !j.existsWith(c.Resource, target).isNo() {
			maybe = cmp.Or(maybe, fmt.Sprintf("%s.%s: %s", c.Address, j.property, c.name.reason()))
		}
	}
	for _, c := range j.literals {
		if reason, may := j.mayBeNamed(target, c); may && !seen[c] {
			maybe = cmp.Or(maybe, fmt.Sprintf("%s may belong to it: %s", c.Address, reason))
		}
	}
	if len(companions) == 0 {
		maybe = cmp.Or(maybe, j.stack.handed[origin{target.Address, j.attribute}])
		if len(j.stack.gaps) > 0 {
			maybe = cmp.Or(maybe, j.stack.gaps[0])
		}
	}
	return companions, maybe
}

// existsWith answers whether a companion exists wherever its target does.
func (j *Join) existsWith(c, target *Resource) truth {
	switch {
	case c.scope != target.scope:
		if c.Symbolic == "" || target.Symbolic == c.Symbolic {
			return yes
		}
		return maybe(c.Symbolic)
	case c.doubt != "" && c.doubt != target.doubt:
		return maybe(c.doubt)
	case c.condition == "":
		return yes
	}
	return target.frame.named(c.condition)
}

// canBe reports whether an unknown name may turn out to be the target's. What a
// person gives before the deployment is no name that the deployment makes up, but
// a choice may be a reference to the target.
func canBe(v *value, target *Resource, names []string) bool {
	for _, alt := range v.alts {
		if alt.from.isResource() && alt.from.address == target.Address || canBe(alt, target, names) {
			return true
		}
	}
	if v.kind == list {
		for _, e := range v.elems {
			if canBe(e, target, names) {
				return true
			}
		}
		return false
	}
	if v.from.isResource() || v.later || v.kind == nothing || len(v.alts) > 0 {
		return false
	}
	t, ok := v.asText()
	if !ok {
		return false
	}
	for _, part := range t.Parts() {
		if part.Hole != nil && refersTo(part.Hole, target) {
			return true
		}
	}
	for _, name := range names {
		own := target.lookup(name).value
		if own.kind == nothing {
			continue
		}
		if known, isKnown := own.literal(); !isKnown || code.Fits(t, known) {
			return true
		}
	}
	return false
}

// refersTo reports whether a hole is an attribute of the resource.
func refersTo(h *asset.Hole, r *Resource) bool {
	rest := len(h.Computed) > len(r.Address) && h.Computed[:len(r.Address)] == r.Address
	return rest && h.Computed[len(r.Address)] == '.'
}

// mayBeNamed reports whether the target's name is written but not known, so
// that the literal that the companion names may turn out to be it.
func (j *Join) mayBeNamed(target, companion *Resource) (reason string, may bool) {
	for _, name := range j.targetNames {
		v := target.lookup(name).value
		if v.kind == nothing || v.from.isResource() {
			continue
		}
		if _, known := v.literal(); known {
			continue
		}
		elems, _ := companion.read(j.property).members()
		for _, e := range elems {
			if !equal(v, e).isNo() {
				return fmt.Sprintf("%s.%s: %s", target.Address, name, v.reason()), true
			}
		}
	}
	return "", false
}

// One picks the companion of a target that can have only one: the resource, or
// nil where there is none, or the source of values that cannot be known because a
// companion may be there.
func (j *Join) One(target *Resource) (*Resource, *asset.Source) {
	found, maybe := j.Of(target)
	switch {
	case len(found) > 0:
		return found[0], nil
	case maybe != "":
		return nil, target.Source().Missing(maybe)
	}
	return nil, nil
}

// Text is a text in the companion of a target, such as its policy: the empty text
// where there is no companion.
func (j *Join) Text(target *Resource, path string) asset.Value[asset.Text] {
	companion, missing := j.One(target)
	switch {
	case companion != nil:
		return companion.Text(path)
	case missing != nil:
		return asset.Missing[asset.Text](missing)
	}
	return asset.Default(asset.Text{}, target.Source())
}
