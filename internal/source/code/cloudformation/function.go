// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cloudformation

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code"
)

// call evaluates an intrinsic function.
func (f *frame) call(function string, n *node, at span) *value {
	switch function {
	case "Ref":
		return f.ref(f.name(n), at)
	case "Fn::GetAtt":
		return f.getAtt(n, at)
	case "Fn::Sub":
		return f.sub(n, at)
	case "Fn::If":
		return f.choice(n, at)
	case "Fn::FindInMap":
		return f.findInMap(n, at)
	case "Fn::ImportValue", "Fn::GetStackOutput":
		v := unknownValue("another stack exports the value", at)
		v.string, v.later = true, true
		return v
	case "Fn::GetAZs":
		return unknownValue("the availability zones are known at deployment", at)
	case "Fn::Transform":
		return f.macro(n)
	case "Fn::And", "Fn::Or", "Fn::Not", "Fn::Equals", "Condition":
		return boolean(f.truthOf(&node{kind: mapNode, at: at, entries: []entry{{function, at.start, n}}}), at)
	}
	pure, known := functions[function]
	if !known {
		why := "the function " + function + " is not known"
		f.stack.cover(function, at, asset.Unsupported, why)
		return unknownValue(why, at)
	}
	arg := f.eval(n)
	for _, part := range arg.elems {
		if f.stack.tire(8 * len(part.elems)) {
			return unknownValue(errOverwork, at)
		}
	}
	v := pure(arg, at)
	if t := v.text; v.kind == scalar && f.stack.tire(len(t.Marked())/8) {
		return unknownValue(errOverwork, at)
	}
	return v
}

// functions are those that depend on nothing but their argument.
var functions = map[string]func(arg *value, at span) *value{
	"Fn::Base64":       encode,
	"Fn::Cidr":         cidr,
	"Fn::Join":         join,
	"Fn::Length":       length,
	"Fn::Select":       pick,
	"Fn::Split":        split,
	"Fn::ToJsonString": toJSON,
}

func boolean(t truth, at span) *value {
	if !t.known {
		v := unknownValue(t.why, at)
		v.string = true
		return v
	}
	v := textValue(strconv.FormatBool(t.is), at)
	v.bare = true
	return v
}

// name is the name that a reference holds. A loop may supply it.
func (f *frame) name(n *node) string {
	if n != nil && n.kind == scalarNode && !f.inLoop() {
		return n.text
	}
	s, _ := f.eval(n).literal()
	return s
}

// arguments are the parts of a list that must have that many.
func arguments(arg *value, at span, least, most int) ([]*value, *value) {
	switch {
	case arg.kind == unknown:
		return nil, unknownValue(arg.reason(), at)
	case arg.kind != list || arg.more == "" && (len(arg.elems) < least || len(arg.elems) > most):
		return nil, unknownValue(fmt.Sprintf("the function needs a list of %d arguments", least), at)
	case arg.more != "":
		return nil, unknownValue(arg.more, at)
	}
	return arg.elems, nil
}

// join is Fn::Join: texts keep their holes.
func join(arg *value, at span) *value {
	args, wrong := arguments(arg, at, 2, 2)
	if wrong != nil {
		return wrong
	}
	delimiter, _ := args[0].asText()
	parts := args[1]
	switch {
	case parts.kind == unknown:
		v := unknownValue(parts.reason(), at)
		v.string = true
		return v
	case parts.kind != list:
		return unknownValue("Fn::Join needs a list of texts", at)
	case len(parts.elems) == 1 && parts.more == "":
		return parts.elems[0]
	}
	b := &code.TextBuilder{}
	for i, e := range parts.elems {
		t, ok := e.asText()
		if !ok {
			return unknownValue("Fn::Join needs a list of texts", at)
		}
		if i > 0 {
			b.Text(delimiter)
		}
		b.Text(t)
	}
	if parts.more != "" {
		b.Hole(asset.Hole{Reason: parts.more})
	}
	return &value{kind: scalar, text: b.Built(), at: at}
}

// split is Fn::Split. A hole may hold the delimiter unless a resource supplies it.
func split(arg *value, at span) *value {
	args, wrong := arguments(arg, at, 2, 2)
	if wrong != nil {
		return wrong
	}
	delimiter, ok := args[0].literal()
	if !ok || delimiter == "" {
		return unknownValue(cmp.Or(args[0].reason(), "Fn::Split needs a delimiter"), at)
	}
	if args[1].kind != scalar || !args[1].text.IsKnown() {
		v := unknownValue(cmp.Or(args[1].reason(), "Fn::Split needs a text"), at)
		v.later = args[1].later
		return v
	}
	v := &value{kind: list, at: at}
	for part := range strings.SplitSeq(args[1].text.Marked(), delimiter) {
		v.elems = append(v.elems, textValue(part, at))
	}
	return v
}

// pick is Fn::Select.
func pick(arg *value, at span) *value {
	args, wrong := arguments(arg, at, 2, 2)
	if wrong != nil {
		return wrong
	}
	text, ok := args[0].literal()
	i, err := strconv.Atoi(text)
	from := args[1]
	switch {
	case !ok:
		return unknownValue(args[0].reason(), at)
	case from.kind == unknown:
		v := unknownValue(from.reason(), at)
		v.later = from.later
		return v
	case from.kind != list || err != nil || i < 0:
		return unknownValue("Fn::Select needs an index and a list", at)
	case i < len(from.elems) && from.more == "":
		return from.elems[i]
	}
	return unknownValue(cmp.Or(from.more, fmt.Sprintf("Fn::Select: the list has no element %d", i)), at)
}

func length(arg *value, at span) *value {
	if arg.kind != list || arg.more != "" {
		return unknownValue(cmp.Or(arg.reason(), "Fn::Length needs a list"), at)
	}
	v := textValue(strconv.Itoa(len(arg.elems)), at)
	v.bare = true
	return v
}

func encode(arg *value, at span) *value {
	text, ok := arg.literal()
	if !ok {
		v := unknownValue(cmp.Or(arg.reason(), "Fn::Base64 needs a text"), at)
		v.string, v.secret = true, arg.secret
		return v
	}
	return textValue(base64.StdEncoding.EncodeToString([]byte(text)), at)
}

func toJSON(arg *value, at span) *value {
	return &value{kind: scalar, text: asJSON(arg), at: at}
}

// findInMap looks a value up. Where a key is not known, what it finds is one of
// what is there.
func (f *frame) findInMap(n *node, at span) *value {
	if n.kind != listNode || len(n.elems) < 3 || len(n.elems) > 4 {
		return unknownValue("Fn::FindInMap needs a map and two keys", at)
	}
	name := f.eval(n.elems[0])
	mapName, ok := name.literal()
	if !ok {
		return unknownValue(cmp.Or(name.reason(), "Fn::FindInMap needs the name of a map"), at)
	}
	fallback := f.eval(nil)
	if len(n.elems) == 4 {
		fallback = f.eval(n.elems[3].get("DefaultValue"))
	}
	found := f.lookUp([]*value{f.mapping(mapName)}, f.eval(n.elems[1]), fallback)
	found = f.lookUp(found, f.eval(n.elems[2]), fallback)
	why := ""
	for _, key := range n.elems[1:3] {
		why = cmp.Or(why, f.eval(key).reason())
	}
	if len(found) == 0 {
		return unknownValue(cmp.Or(why, fmt.Sprintf("the map %s has no such keys", mapName)), at)
	}
	if len(found) == 1 && why == "" {
		return found[0]
	}
	return choose(why, at, found...)
}

// lookUp is what stands under the key in each of the values: under any, where the
// key is unknown.
func (f *frame) lookUp(in []*value, key, fallback *value) []*value {
	var found []*value
	text, known := key.literal()
	for _, v := range in {
		if v != nil && f.stack.tire(len(v.members)) {
			return nil
		}
		if v == nil || v.kind != object {
			if fallback.kind != nothing && (v == nil || v == fallback) {
				found = append(found, fallback)
			}
			continue
		}
		hit := false
		for _, m := range v.members {
			if known && m.key == text || !known && f.couldBe(key, m.key) {
				found = append(found, m.value)
				hit = true
			}
		}
		if fallback.kind != nothing && (!hit || !known) {
			found = append(found, fallback)
		}
	}
	return found
}

func (f *frame) couldBe(key *value, s string) bool {
	return !equal(key, textValue(s, span{})).isNo()
}

// choice is Fn::If.
func (f *frame) choice(n *node, at span) *value {
	if n.kind != listNode || len(n.elems) != 3 {
		return unknownValue("Fn::If needs a condition and two values", at)
	}
	is := f.condition(n.elems[0])
	switch {
	case is.isYes():
		return f.eval(n.elems[1])
	case is.isNo():
		return f.eval(n.elems[2])
	}
	return choose(is.why, at, f.eval(n.elems[1]), f.eval(n.elems[2]))
}
