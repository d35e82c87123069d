// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// The versions of the policy language; the first is the default.
const (
	version2008 = "2008-10-17"
	version2012 = "2012-10-17"
)

// Parse reads a policy from a text that may have unknown parts. An unknown part
// in a leaf makes that leaf unknown, one that stands for structure makes the
// list that it is in open. An empty text is a document without statements. A
// text that AWS would reject is an unknown document whose reason says what is
// wrong.
func Parse(text asset.Value[asset.Text]) Document {
	t, isKnown := text.Get()
	at := text.Source()
	if !isKnown {
		return unread(asset.Missing[bool](at), at, text)
	}
	if strings.TrimSpace(t.Marked()) == "" {
		return Document{
			Present: asset.Default(false, at), Version: asset.Default(version2008, at), ID: asset.Default("", at),
			Statements: asset.DefaultList[Statement](nil, at), text: text,
		}
	}
	b := builder{at}
	root, err := readJSON(t)
	if err == nil && root.kind == aHole {
		missing := at.Missing(root.text.Reason())
		return unread(asset.Missing[bool](missing), missing, text)
	}
	var d Document
	if err == nil {
		d, err = b.document(root)
	}
	if err != nil {
		reason := "invalid policy: " + err.Error()
		if !t.IsKnown() {
			reason += "; " + t.Reason()
		}
		return unread(value(true, at), at.Missing(reason), text)
	}
	d.Present, d.text = value(true, at), text
	return d
}

// ParseString reads a policy whose text is known or unknown as a whole.
func ParseString(text asset.Value[string]) Document {
	return Parse(asset.Convert(text, func(s string) asset.Text { return asset.NewText(s) }))
}

// ParseEncoded reads a policy that an API answers URL-encoded, as IAM does. A
// text that is plain JSON is read as it is.
func ParseEncoded(text asset.Value[string]) Document {
	return ParseString(asset.Then(text, func(s string, at *asset.Source) asset.Value[string] {
		if strings.HasPrefix(strings.TrimSpace(s), "{") {
			return value(s, at)
		}
		decoded, err := url.PathUnescape(s)
		if err != nil {
			return asset.Unknown[string]("invalid policy: not URL-encoded as it should be", at)
		}
		return value(decoded, at)
	}))
}

func unread(present asset.Value[bool], why *asset.Source, text asset.Value[asset.Text]) Document {
	return Document{
		Present: present, Version: asset.Missing[string](why), ID: asset.Missing[string](why),
		Statements: asset.MissingList[Statement](why), text: text,
	}
}

// value is known where the source was read and a default where it was not
// stated.
func value[T any](v T, at *asset.Source) asset.Value[T] {
	if at.State() == asset.Read {
		return asset.Known(v, at)
	}
	return asset.Default(v, at)
}

// builder turns JSON into a document, all of it read at one place.
type builder struct{ at *asset.Source }

// list is complete where more is "", else open for that reason.
func list[T any](b builder, elems []T, more string) asset.List[T] {
	switch {
	case more != "":
		return asset.OpenList(elems, more, b.at)
	case b.at.State() == asset.Read:
		return asset.ListOf(elems, b.at)
	}
	return asset.DefaultList(elems, b.at)
}

// absent is a list that the document does not have, or perhaps has in a part
// that is unknown.
func absent[T any](b builder, more string) asset.List[T] {
	if more != "" {
		return asset.UnknownList[T](more, b.at)
	}
	return asset.DefaultList[T](nil, b.at)
}

func (b builder) document(n node) (Document, error) {
	fields, more, err := members(n, "the policy", "Version", "Id", "Statement")
	if err != nil {
		return Document{}, err
	}
	d := Document{Version: b.silent(version2008, more), ID: b.silent("", more), Statements: absent[Statement](b, more)}
	if f, ok := fields["Version"]; ok {
		t, err := leaf(f, "Version")
		if err != nil {
			return Document{}, err
		}
		if equals(t, version2008).isNo() && equals(t, version2012).isNo() {
			return Document{}, fmt.Errorf("there is no version %s of the policy language", quote(t))
		}
		d.Version = t.Value(b.at)
	}
	if f, ok := fields["Id"]; ok {
		t, err := leaf(f, "Id")
		if err != nil {
			return Document{}, err
		}
		d.ID = t.Value(b.at)
	}
	f, ok := fields["Statement"]
	if !ok && more == "" {
		return Document{}, errors.New("there is no Statement")
	}
	if ok {
		d.Statements, err = b.statements(f)
	}
	return d, err
}

// silent is the value of what the document does not have.
func (b builder) silent(standard, more string) asset.Value[string] {
	if more != "" {
		return asset.Unknown[string](more, b.at)
	}
	return asset.Default(standard, b.at)
}

func (b builder) statements(n node) (asset.List[Statement], error) {
	switch n.kind {
	case aHole:
		return asset.UnknownList[Statement](n.text.Reason(), b.at), nil
	case anObject:
		n = node{kind: anArray, elems: []node{n}}
	case anArray:
	default:
		return asset.List[Statement]{}, errors.New("Statement is not an object or a list")
	}
	var statements []Statement
	for i, e := range n.elems {
		if e.kind == aHole {
			n.more = e.text.Reason()
			continue
		}
		s, err := b.statement(e)
		if err != nil {
			return asset.List[Statement]{}, fmt.Errorf("statement %d: %w", i, err)
		}
		statements = append(statements, s)
	}
	return list(b, statements, n.more), nil
}

func (b builder) statement(n node) (Statement, error) {
	fields, more, err := members(n, "it", "Sid", "Effect", "Principal", "NotPrincipal",
		"Action", "NotAction", "Resource", "NotResource", "Condition")
	if err != nil {
		return Statement{}, err
	}
	s := Statement{Sid: b.silent("", more), Effect: asset.Unknown[string](more, b.at), at: b.at}
	for _, pair := range [][2]string{{"Action", "NotAction"}, {"Resource", "NotResource"}, {"Principal", "NotPrincipal"}} {
		if _, both := fields[pair[1]]; both && hasKey(fields, pair[0]) {
			return Statement{}, fmt.Errorf("it has both %s and %s", pair[0], pair[1])
		}
	}
	switch {
	case more == "" && !hasKey(fields, "Effect"):
		return Statement{}, errors.New("it has no Effect")
	case more == "" && !hasKey(fields, "Action") && !hasKey(fields, "NotAction"):
		return Statement{}, errors.New("it has no Action")
	}
	if f, ok := fields["Sid"]; ok {
		t, err := leaf(f, "Sid")
		if err != nil {
			return Statement{}, err
		}
		s.Sid = t.Value(b.at)
	}
	if f, ok := fields["Effect"]; ok {
		t, err := leaf(f, "Effect")
		if err != nil {
			return Statement{}, err
		}
		if equals(t, "Allow").isNo() && equals(t, "Deny").isNo() {
			return Statement{}, fmt.Errorf("its Effect is %s, not Allow or Deny", quote(t))
		}
		s.Effect, s.raw.effect = t.Value(b.at), t
	}
	for _, l := range []struct {
		name string
		to   *asset.List[asset.Value[string]]
		raw  *texts
	}{
		{"Action", &s.Actions, &s.raw.actions}, {"NotAction", &s.NotActions, &s.raw.notActions},
		{"Resource", &s.Resources, &s.raw.resources}, {"NotResource", &s.NotResources, &s.raw.notResources},
	} {
		if *l.to, *l.raw, err = b.strings(fields, l.name, more); err != nil {
			return Statement{}, err
		}
	}
	if s.Principals, err = b.principals(fields, "Principal", more); err != nil {
		return Statement{}, err
	}
	if s.NotPrincipals, err = b.principals(fields, "NotPrincipal", more); err != nil {
		return Statement{}, err
	}
	s.Conditions, err = b.conditions(fields, more)
	return s, err
}

func hasKey(fields map[string]node, key string) bool {
	_, ok := fields[key]
	return ok
}

// members are the members of an object by the names they are allowed to have.
// Names are compared without case, so that no document that AWS took is
// rejected here. A name with an unknown part leaves the object open.
func members(n node, what string, names ...string) (fields map[string]node, more string, err error) {
	if n.kind != anObject {
		return nil, "", fmt.Errorf("%s is not a JSON object", what)
	}
	more = n.more
	fields = make(map[string]node, len(n.members))
	for _, m := range n.members {
		if !m.key.IsKnown() {
			more = m.key.Reason()
			continue
		}
		i := slices.IndexFunc(names, func(name string) bool { return strings.EqualFold(name, m.key.Marked()) })
		if i < 0 {
			return nil, "", fmt.Errorf("%s has an unknown element %s", what, quote(m.key))
		}
		if hasKey(fields, names[i]) {
			return nil, "", fmt.Errorf("%s has %s twice", what, names[i])
		}
		fields[names[i]] = m.value
	}
	return fields, more, nil
}

// leaf is the text of a single string.
func leaf(n node, name string) (asset.Text, error) {
	if n.kind != aString && n.kind != aHole {
		return asset.Text{}, fmt.Errorf("its %s is not a string", name)
	}
	return n.text, nil
}

// strings reads a string or a list of strings.
func (b builder) strings(fields map[string]node, name, more string) (asset.List[asset.Value[string]], texts, error) {
	n, ok := fields[name]
	if !ok {
		return absent[asset.Value[string]](b, more), nil, nil
	}
	found, more, err := leaves(n, name, false)
	if err == nil && len(found) == 0 && more == "" && strings.HasPrefix(name, "Not") {
		err = fmt.Errorf("its %s is empty", name)
	}
	if err != nil {
		return asset.List[asset.Value[string]]{}, nil, err
	}
	elems, raw := b.values(found)
	return list(b, elems, more), raw, nil
}

// values are the texts as values, and the texts themselves where one of them
// has an unknown part.
func (b builder) values(found []asset.Text) ([]asset.Value[string], texts) {
	var raw texts
	elems := make([]asset.Value[string], len(found))
	for i, t := range found {
		elems[i] = t.Value(b.at)
		if !t.IsKnown() {
			raw = found
		}
	}
	return elems, raw
}

// leaves are the strings of a string or a list, and why there may be more. In
// conditions numbers and booleans are strings too.
func leaves(n node, name string, scalars bool) (found []asset.Text, more string, err error) {
	elems := []node{n}
	if n.kind == anArray {
		elems, more = n.elems, n.more
	}
	for _, e := range elems {
		switch {
		case e.kind == aHole:
			more = e.text.Reason()
		case e.kind == aString, e.kind == aScalar && scalars:
			found = append(found, e.text)
		default:
			return nil, "", fmt.Errorf("its %s is not a string or a list of strings", name)
		}
	}
	return found, more, nil
}
