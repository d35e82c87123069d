// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code"
)

// Join says which companions belong to which targets: the blocks of one type
// that configure things of another.
type Join struct {
	root        *Root
	attr        string
	targetAttrs []string
	byKey       map[string][]*Block
	order       map[*Block]int
	// matched says which companions name some target; the others, with an
	// unknown attribute, may name any.
	unsure []unsure
	// literals are companions that name something known which no target is
	// known to be.
	literals []*Block
	// strays are companions of which no target is known to be named.
	strays []stray
}

// stray is a companion that stands alone, and what it names, to be compared.
type stray struct {
	*Block
	key string
}

// unsure is a companion with one unknown name.
type unsure struct {
	*Block
	name cty.Value
}

// Join pairs companions with their targets: companions whose attribute is an
// attribute of the target, or equals the known value of one of targetAttrs.
func (r *Root) Join(companionType, attr, targetType string, targetAttrs ...string) *Join {
	j := &Join{root: r, attr: attr, targetAttrs: targetAttrs, byKey: map[string][]*Block{}, order: map[*Block]int{}}
	named := map[string]bool{}
	for _, target := range r.Resources(targetType) {
		for _, key := range j.targetKeys(target) {
			named[key] = true
		}
	}
	for i, companion := range r.Resources(companionType) {
		j.order[companion] = i
		v, ok := companion.attr(attr)
		if !ok || isNull(v) {
			continue
		}
		names, matched := namesIn(v), false
		for _, name := range names {
			matched = j.index(companion, name, named) || matched
		}
		if !matched && len(names) > 0 {
			j.strays = append(j.strays, stray{companion, append(r.keys(v), companion.Address)[0]})
		}
	}
	r.findHanded()
	return j
}

// namesIn are a list's elements, or the value itself: some companions name
// several targets.
func namesIn(v cty.Value) []cty.Value {
	bare, marks := v.Unmark()
	ty := bare.Type()
	if !bare.IsKnown() || bare.IsNull() || !ty.IsTupleType() && !ty.IsListType() && !ty.IsSetType() {
		return []cty.Value{v}
	}
	var elems []cty.Value
	for it := bare.ElementIterator(); it.Next(); {
		_, elem := it.Element()
		elems = append(elems, inherit(elem, marks))
	}
	return elems
}

// index notes what a companion names, and reports whether that is a target.
func (j *Join) index(companion *Block, v cty.Value, named map[string]bool) (matches bool) {
	r := j.root
	for _, key := range r.keys(v) {
		j.byKey[key] = append(j.byKey[key], companion)
		matches = matches || named[key]
	}
	_, names := resourceOf(v)
	switch bare, _ := r.plain(v).Unmark(); {
	case matches || names || isNull(v):
	case bare.IsKnown():
		j.literals = append(j.literals, companion)
	default:
		j.unsure = append(j.unsure, unsure{companion, v})
	}
	return matches
}

// Strays groups the companions whose targets are not in this code by what they
// name: the policy and the access block of one bucket that is declared elsewhere.
func Strays(joins ...*Join) [][]*Block {
	groups := map[string][]*Block{}
	var order []string
	for _, j := range joins {
		for _, s := range j.strays {
			if groups[s.key] == nil {
				order = append(order, s.key)
			}
			groups[s.key] = append(groups[s.key], s.Block)
		}
	}
	all := make([][]*Block, len(order))
	for i, key := range order {
		all[i] = groups[key]
	}
	return all
}

// findHanded notes which resources are given to modules that are missing: what
// configures them may be in there.
func (r *Root) findHanded() {
	if r.handed != nil {
		return
	}
	r.handed = map[string]string{}
	for _, inst := range r.missing {
		for _, name := range sortedKeys(inst.call.Body.Attributes) {
			switch name {
			case "source", "version", "providers", "count", "for_each", "depends_on":
				continue
			}
			for _, address := range mentioned(r.settle(inst.call.Body.Attributes[name].Expr, inst.frame)) {
				if r.handed[address] == "" {
					r.handed[address] = inst.address + ": " + inst.missing
				}
			}
		}
	}
}

// mentioned lists the resources that a value or a part of it comes from.
func mentioned(v cty.Value) []string {
	var addresses []string
	_ = cty.Walk(v, func(_ cty.Path, v cty.Value) (bool, error) {
		if o, ok := shallow[object](v); ok {
			addresses = append(addresses, o.block.top().Address)
		}
		for _, o := range origins(v) {
			if o.attribute != "" {
				addresses = append(addresses, o.address)
			}
		}
		return true, nil
	})
	return addresses
}

// keys are what a value can be recognised by.
func (r *Root) keys(v cty.Value) []string {
	var keys []string
	if o, ok := shallow[object](v); ok {
		keys = append(keys, "@"+o.block.top().Address)
	}
	for _, o := range origins(v) {
		if o.attribute != "" {
			keys = append(keys, "@"+o.address)
		}
		keys = append(keys, "~"+o.address+"."+o.attribute)
	}
	bare, _ := v.Unmark()
	if bare.IsKnown() && !bare.IsNull() && bare.Type() == cty.String && bare.AsString() != "" && !r.isSecret(v) {
		keys = append(keys, "="+bare.AsString())
	}
	return keys
}

func (j *Join) targetKeys(target *Block) []string {
	keys := []string{"@" + target.Address}
	for _, name := range j.targetAttrs {
		if v, ok := target.attr(name); ok && !isNull(v) {
			for _, key := range j.root.keys(v) {
				if key[0] != '@' {
					keys = append(keys, key)
				}
			}
		}
	}
	return keys
}

// Of returns the companions of a target, in order. maybe is the reason why a
// further one may belong to it: one that may not exist, one that names
// something unknown, or one in a part of the code that could not be read. It is
// "" if that cannot be.
func (j *Join) Of(target *Block) (companions []*Block, maybe string) {
	seen := map[*Block]bool{}
	for _, key := range j.targetKeys(target) {
		for _, c := range j.byKey[key] {
			if seen[c] {
				continue
			}
			seen[c] = true
			if c.Symbolic != "" && (target.Symbolic == "" || c.doubt != target.doubt) {
				maybe = cmp.Or(maybe, fmt.Sprintf("%s: %s", c.Address, c.Symbolic))
				continue
			}
			companions = append(companions, c)
		}
	}
	sortByOrder(companions, j.order)
	for _, c := range j.unsure {
		if seen[c.Block] {
			continue
		}
		if j.canBe(c.name, target) {
			maybe = cmp.Or(maybe, fmt.Sprintf("%s.%s: %s", c.Address, j.attr, j.root.inspect(c.name).reason()))
			break
		}
	}
	if maybe == "" {
		for _, c := range j.literals {
			if reason, may := j.mayBeNamed(target); may && !seen[c] {
				maybe = fmt.Sprintf("%s may belong to it: %s", c.Address, reason)
				break
			}
		}
	}
	if len(companions) == 0 {
		maybe = cmp.Or(maybe, j.root.handed[target.Address])
		if len(j.root.gaps) > 0 {
			maybe = cmp.Or(maybe, j.root.gaps[0])
		}
	}
	return companions, maybe
}

// canBe reports whether an unknown name may turn out to be the target's: its
// known parts must fit the target's known name.
func (j *Join) canBe(v cty.Value, target *Block) bool {
	bare, _ := v.Unmark()
	if !bare.IsKnown() || bare.Type() != cty.String {
		return true
	}
	text := asset.NewText(bare.AsString(), j.root.holes...)
	named := false
	for _, name := range j.targetAttrs {
		v, ok := target.attr(name)
		if !ok || isNull(v) {
			continue
		}
		known, _ := j.root.plain(v).Unmark()
		if !known.IsKnown() || known.Type() != cty.String || code.Fits(text, known.AsString()) {
			return true
		}
		named = true
	}
	return !named
}

// mayBeNamed reports whether the target's name is written but not known, so
// that a literal may turn out to be it.
func (j *Join) mayBeNamed(target *Block) (reason string, may bool) {
	for _, name := range j.targetAttrs {
		v, ok := target.attr(name)
		if !ok {
			continue
		}
		if _, computed := resourceOf(v); computed {
			continue
		}
		if bare, _ := j.root.plain(v).Unmark(); !bare.IsKnown() {
			return fmt.Sprintf("%s.%s: %s", target.Address, name, j.root.inspect(v).reason()), true
		}
	}
	return "", false
}

func sortByOrder(blocks []*Block, order map[*Block]int) {
	slices.SortFunc(blocks, func(a, b *Block) int { return order[a] - order[b] })
}
