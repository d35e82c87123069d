// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// policyDocument renders an aws_iam_policy_document as the JSON that the
// provider makes of it. What is unknown leaves holes: an unknown list or
// statement is a string that is one hole.
func (r *Root) policyDocument(b *Block) cty.Value {
	d := document{r: r, version: "2012-10-17"}
	d.merge(b, "source_json", false)
	d.merge(b, "source_policy_documents", false)
	statements := b.Blocks("statement")
	for _, s := range statements.Elems() {
		d.add(r.statement(s), false)
	}
	if reason, open := statements.More(); open {
		d.unknown(reason)
	}
	d.merge(b, "override_json", true)
	d.merge(b, "override_policy_documents", true)
	if v, ok := b.attr("version"); ok && !isNull(v) {
		if text, err := r.textOf(v); err == nil {
			d.version = text
		}
	}
	if v, ok := b.attr("policy_id"); ok && !isNull(v) {
		if text, err := r.textOf(v); err == nil {
			d.id = text
		}
	}
	return cty.StringVal(d.json())
}

// document is a policy being put together.
type document struct {
	r           *Root
	version, id string
	statements  []json.RawMessage
}

// add appends a statement. An overriding one replaces the one of the same Sid.
func (d *document) add(statement json.RawMessage, override bool) {
	if sid := sidOf(statement); override && sid != "" {
		for i, old := range d.statements {
			if sidOf(old) == sid {
				d.statements[i] = statement
				return
			}
		}
	}
	d.statements = append(d.statements, statement)
}

func sidOf(statement json.RawMessage) string {
	var s struct{ Sid string }
	if json.Unmarshal(statement, &s) != nil {
		return ""
	}
	return s.Sid
}

// unknown stands for statements of which nothing is known.
func (d *document) unknown(reason string) {
	d.statements = append(d.statements, quote(d.r.hole(unknown(cty.DynamicPseudoType, reason))))
}

// merge adds the statements of other documents.
func (d *document) merge(b *Block, name string, override bool) {
	v, ok := b.attr(name)
	if !ok || isNull(v) {
		return
	}
	docs := []cty.Value{v}
	bare, marks := v.Unmark()
	if bare.IsKnown() && bare.CanIterateElements() && bare.Type() != cty.String {
		docs = docs[:0]
		for it := bare.ElementIterator(); it.Next(); {
			_, elem := it.Element()
			docs = append(docs, inherit(elem, marks))
		}
	}
	for _, doc := range docs {
		if isNull(doc) {
			continue
		}
		d.mergeOne(doc, override)
	}
}

func (d *document) mergeOne(v cty.Value, override bool) {
	about := d.r.inspect(v)
	bare, _ := v.Unmark()
	if !bare.IsKnown() || about.secret || bare.Type() != cty.String {
		d.unknown(about.reason())
		return
	}
	if strings.TrimSpace(bare.AsString()) == "" {
		return
	}
	var doc struct {
		Version   string
		ID        string `json:"Id"`
		Statement json.RawMessage
	}
	if json.Unmarshal([]byte(bare.AsString()), &doc) != nil {
		reason := "policy document is not JSON"
		if about.holed {
			reason = about.reason()
		}
		d.unknown(reason)
		return
	}
	if doc.Version != "" {
		d.version = doc.Version
	}
	if doc.ID != "" {
		d.id = doc.ID
	}
	var list []json.RawMessage
	if json.Unmarshal(doc.Statement, &list) != nil && len(doc.Statement) > 0 {
		list = []json.RawMessage{doc.Statement}
	}
	for _, s := range list {
		d.add(s, override)
	}
}

func (d *document) json() string {
	var out bytes.Buffer
	out.WriteString(`{"Version":`)
	out.Write(quote(d.version))
	if d.id != "" {
		out.WriteString(`,"Id":`)
		out.Write(quote(d.id))
	}
	out.WriteString(`,"Statement":[`)
	for i, s := range d.statements {
		if i > 0 {
			out.WriteByte(',')
		}
		out.Write(s)
	}
	out.WriteString("]}")
	return out.String()
}

// statement renders one statement block.
func (r *Root) statement(s *Block) json.RawMessage {
	if s.missing != "" {
		return quote(r.hole(unknown(cty.DynamicPseudoType, s.missing)))
	}
	var members []member
	add := func(name string, value json.RawMessage) {
		if value != nil {
			members = append(members, member{name, value})
		}
	}
	if v, ok := s.attr("sid"); ok && !isNull(v) {
		if sid := r.jsonText(v); string(sid) != `""` {
			add("Sid", sid)
		}
	}
	effect := json.RawMessage(`"Allow"`)
	if v, ok := s.attr("effect"); ok && !isNull(v) {
		effect = r.jsonText(v)
	}
	add("Effect", effect)
	add("Action", r.oneOrMany(s, "actions"))
	add("NotAction", r.oneOrMany(s, "not_actions"))
	add("Resource", r.oneOrMany(s, "resources"))
	add("NotResource", r.oneOrMany(s, "not_resources"))
	add("Principal", r.principals(s, "principals"))
	add("NotPrincipal", r.principals(s, "not_principals"))
	add("Condition", r.conditions(s))
	return objectOf(members)
}

type member struct {
	name  string
	value json.RawMessage
}

func objectOf(members []member) json.RawMessage {
	var out bytes.Buffer
	out.WriteByte('{')
	for i, m := range members {
		if i > 0 {
			out.WriteByte(',')
		}
		out.Write(quote(m.name))
		out.WriteByte(':')
		out.Write(m.value)
	}
	out.WriteByte('}')
	return out.Bytes()
}

// quote is a JSON string.
func quote(s string) json.RawMessage {
	raw, err := json.Marshal(s)
	if err != nil {
		return json.RawMessage(`""`)
	}
	return raw
}

// jsonText is a string for a policy, in which &{...} is a policy variable.
func (r *Root) jsonText(v cty.Value) json.RawMessage {
	s, err := r.textOf(v)
	if err != nil {
		s = r.hole(unknown(cty.String, err.Error()))
	}
	return quote(strings.ReplaceAll(s, "&{", "${"))
}

// oneOrMany renders a list as policies do: one element stands alone. nil is for
// a list that is absent or empty.
func (r *Root) oneOrMany(b *Block, name string) json.RawMessage {
	list := r.jsonTexts(b, name)
	switch len(list) {
	case 0:
		return nil
	case 1:
		return list[0]
	}
	return arrayOf(list)
}

func arrayOf(list []json.RawMessage) json.RawMessage {
	return slices.Concat(json.RawMessage("["), bytes.Join(rawBytes(list), []byte(",")), json.RawMessage("]"))
}

func rawBytes(list []json.RawMessage) [][]byte {
	raw := make([][]byte, len(list))
	for i := range list {
		raw[i] = list[i]
	}
	return raw
}

func (r *Root) jsonTexts(b *Block, name string) []json.RawMessage {
	elems, why, rd := b.elements(name)
	if rd.why != "" {
		v := rd.raw
		if v == cty.NilVal {
			v = unknown(cty.DynamicPseudoType, rd.why)
		}
		return []json.RawMessage{quote(r.hole(v))}
	}
	var list []json.RawMessage
	for _, v := range elems {
		if !isNull(v) {
			list = append(list, r.jsonText(v))
		}
	}
	if why != "" {
		list = append(list, quote(r.hole(unknown(cty.DynamicPseudoType, why))))
	}
	return list
}

// principals renders the principals blocks of a statement.
func (r *Root) principals(s *Block, name string) json.RawMessage {
	blocks := s.Blocks(name)
	if reason, open := blocks.More(); open {
		return quote(r.hole(unknown(cty.DynamicPseudoType, reason)))
	}
	byType := map[string][]json.RawMessage{}
	var order []string
	for _, p := range blocks.Elems() {
		kind := p.String("type")
		typ, known := kind.Get()
		if !known {
			return quote(r.hole(unknown(cty.DynamicPseudoType, kind.Reason())))
		}
		ids := r.jsonTexts(p, "identifiers")
		if typ == "*" && len(ids) == 1 && string(ids[0]) == `"*"` {
			return json.RawMessage(`"*"`)
		}
		if _, ok := byType[typ]; !ok {
			order = append(order, typ)
		}
		byType[typ] = append(byType[typ], ids...)
	}
	if len(order) == 0 {
		return nil
	}
	var members []member
	for _, typ := range order {
		members = append(members, member{typ, alone(byType[typ])})
	}
	return objectOf(members)
}

func alone(list []json.RawMessage) json.RawMessage {
	if len(list) == 1 {
		return list[0]
	}
	return arrayOf(list)
}

// conditions renders the condition blocks of a statement.
func (r *Root) conditions(s *Block) json.RawMessage {
	blocks := s.Blocks("condition")
	if reason, open := blocks.More(); open {
		return quote(r.hole(unknown(cty.DynamicPseudoType, reason)))
	}
	type key struct{ test, variable string }
	values := map[key][]json.RawMessage{}
	var order []key
	for _, c := range blocks.Elems() {
		test, variable := c.String("test"), c.String("variable")
		for _, v := range []asset.Value[string]{test, variable} {
			if !v.IsKnown() {
				return quote(r.hole(unknown(cty.DynamicPseudoType, v.Reason())))
			}
		}
		k := key{test.Or(""), variable.Or("")}
		if _, ok := values[k]; !ok {
			order = append(order, k)
		}
		values[k] = append(values[k], r.jsonTexts(c, "values")...)
	}
	if len(order) == 0 {
		return nil
	}
	byTest := map[string][]member{}
	var tests []string
	for _, k := range order {
		if _, ok := byTest[k.test]; !ok {
			tests = append(tests, k.test)
		}
		byTest[k.test] = append(byTest[k.test], member{k.variable, alone(values[k])})
	}
	var members []member
	for _, test := range tests {
		members = append(members, member{test, objectOf(byTest[test])})
	}
	return objectOf(members)
}
