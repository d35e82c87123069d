// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// Beside a value the evaluator carries marks. All are comparable, so that equal
// marks merge.
type (
	// why says why a value, or a part of it, is unknown.
	why struct{ text string }

	// origin says that a value is exactly what this thing supplies: an attribute
	// of a resource or, with an empty attribute, a variable, local or output. A
	// value that one resource takes from another has an origin in both; hop
	// counts from the nearest.
	origin struct {
		address, attribute string
		hop                int
	}

	// spread says that a list of unknown length repeats one origin.
	spread struct{ origin }

	// object marks the value of a resource as a whole. Its attributes are
	// evaluated when somebody asks for them.
	object struct{ block *Block }

	// outputs marks the value of a module instance as a whole.
	outputs struct{ of *instance }

	// instances marks the value of a resource or module of which the number is
	// not known; block or of stands for all of them.
	instances struct {
		block *Block
		of    *instance
	}

	// secret marks a sensitive value.
	secret struct{}
)

const secretReason = "sensitive value"

// unknown is an unknown value with its reasons.
func unknown(ty cty.Type, reasons ...string) cty.Value {
	v := cty.UnknownVal(ty)
	for _, text := range reasons {
		v = v.Mark(why{text})
	}
	return v
}

// explained adds the reasons to a value of which a part is unknown.
func (r *Root) explained(v cty.Value, about *traits) cty.Value {
	if !about.open() || v.IsWhollyKnown() {
		return v
	}
	after := r.inspect(v)
	if !after.unknown {
		return v
	}
	for text := range about.reasons {
		if !after.reasons[text] {
			v = v.Mark(why{text})
		}
	}
	return v
}

// shallow returns the mark of type T that is on the value itself.
func shallow[T any](v cty.Value) (T, bool) {
	if v.IsMarked() {
		_, marks := v.Unmark()
		for m := range marks {
			if m, ok := m.(T); ok {
				return m, true
			}
		}
	}
	var none T
	return none, false
}

// originOf returns the nearest thing that supplies exactly this value.
func originOf(v cty.Value) (origin, bool) {
	var nearest origin
	found := false
	for _, o := range origins(v) {
		if !found || o.hop < nearest.hop {
			nearest, found = o, true
		}
	}
	return nearest, found
}

// origins returns all things that supply exactly this value, in no order.
func origins(v cty.Value) []origin {
	if !v.IsMarked() {
		return nil
	}
	var all []origin
	_, marks := v.Unmark()
	for m := range marks {
		if o, ok := m.(origin); ok {
			all = append(all, o)
		}
	}
	return all
}

// supplied marks a value as what the thing supplies. Further origins move one
// hop away.
func supplied(v cty.Value, by origin) cty.Value {
	bare, marks := v.Unmark()
	for m := range marks {
		if o, ok := m.(origin); ok {
			o.hop++
			m = o
			if o.attribute == "" {
				continue
			}
		}
		bare = bare.Mark(m)
	}
	return bare.Mark(by)
}

// stripIdentity takes those marks off the value itself that say what it is.
// What an operation makes of a value is no longer that.
func stripIdentity(v cty.Value) cty.Value {
	if !v.IsMarked() {
		return v
	}
	bare, marks := v.Unmark()
	for m := range marks {
		switch m := m.(type) {
		case why, secret:
			bare = bare.Mark(m)
		case object:
			bare = bare.Mark(why{m.block.Address + " is known after apply"})
		case outputs:
			bare = bare.Mark(why{m.of.address + " is known after apply"})
		case instances:
			bare = bare.Mark(why{m.reason()})
		}
	}
	return bare
}

func (i instances) reason() string {
	if i.block != nil {
		return i.block.Symbolic
	}
	return i.of.symbolic
}

func (i instances) doubt() string {
	if i.block != nil {
		return i.block.doubt
	}
	return i.of.doubt
}

// traits is what there is to know of a value beside the value.
type traits struct {
	reasons map[string]bool // why parts of it are unknown
	unknown bool            // a part of it is unknown
	holed   bool            // a string in it has an unknown part
	secret  bool
	size    int
}

// list returns the reasons in a fixed order.
func (t *traits) list() []string {
	reasons := make([]string, 0, len(t.reasons))
	for text := range t.reasons {
		reasons = append(reasons, text)
	}
	slices.Sort(reasons)
	return reasons
}

// maxReasons bounds how many reasons one message names.
const maxReasons = 6

// reason is what people read.
func (t *traits) reason() string {
	list := t.list()
	switch {
	case t.secret:
		return secretReason
	case len(list) == 0:
		return "not known before apply"
	case len(list) > maxReasons:
		list = append(list[:maxReasons:maxReasons], "and more")
	}
	return strings.Join(list, "; ")
}

// open reports whether not everything is known.
func (t *traits) open() bool { return t.unknown || t.holed }

// inspect looks at all parts of the values.
func (r *Root) inspect(values ...cty.Value) *traits {
	t := &traits{}
	for _, v := range values {
		r.look(v, t)
	}
	return t
}

func (t *traits) because(text string) {
	if t.reasons == nil {
		t.reasons = map[string]bool{}
	}
	t.reasons[text] = true
}

func (r *Root) look(v cty.Value, t *traits) {
	if v == cty.NilVal {
		return
	}
	if t.size++; t.size > maxSize {
		return
	}
	if v.IsMarked() {
		var marks cty.ValueMarks
		v, marks = v.Unmark()
		for m := range marks {
			switch m := m.(type) {
			case why:
				t.because(m.text)
			case secret:
				t.secret = true
			case object:
				t.because(m.block.Address + " is known after apply")
			case outputs:
				t.because(m.of.address + " is known after apply")
			case instances:
				t.because(m.reason())
			}
		}
	}
	switch ty := v.Type(); {
	case !v.IsKnown():
		t.unknown = true
	case v.IsNull():
	case ty == cty.String:
		if s := v.AsString(); asset.HasHole(s) {
			t.holed = true
			for _, part := range asset.NewText(s, r.holes...).Parts() {
				if part.Hole != nil {
					t.because(part.Hole.Reason)
				}
			}
		}
	case v.CanIterateElements():
		for it := v.ElementIterator(); it.Next(); {
			key, elem := it.Element()
			if ty.IsMapType() || ty.IsObjectType() {
				r.look(key, t)
			}
			if ty.IsSetType() && t.size > maxSize {
				return
			}
			r.look(elem, t)
		}
	}
}

// plain is the value as every operation but the shape-keeping ones sees it: a
// string with an unknown part is an unknown string.
func (r *Root) plain(v cty.Value) cty.Value {
	bare, marks := v.Unmark()
	if !bare.IsKnown() || bare.IsNull() || bare.Type() != cty.String || !asset.HasHole(bare.AsString()) {
		return v
	}
	t := r.inspect(bare)
	return unknown(cty.String, t.list()...).RefineNotNull().WithMarks(marks)
}

// plainDeep is plain for all strings in the value.
func (r *Root) plainDeep(v cty.Value) cty.Value {
	if !r.inspect(v).holed {
		return v
	}
	result, err := cty.Transform(v, func(_ cty.Path, v cty.Value) (cty.Value, error) { return r.plain(v), nil })
	if err != nil {
		return unknown(v.Type(), r.inspect(v).list()...)
	}
	return result
}

// hole returns the mark for an unknown value inside a text. Values that are the
// same thing get the same mark, so that equal texts are equal strings.
func (r *Root) hole(v cty.Value) string {
	h := asset.Hole{Reason: r.inspect(v).reason()}
	o, same := originOf(v)
	if same && o.attribute != "" {
		h.Computed = o.address + "." + o.attribute
	}
	if same {
		if i, ok := r.holeOf[o]; ok {
			return asset.HoleMark(i)
		}
		r.holeOf[o] = len(r.holes)
	}
	r.holes = append(r.holes, h)
	return asset.HoleMark(len(r.holes) - 1)
}
