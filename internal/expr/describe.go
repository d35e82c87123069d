// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"fmt"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
)

// FunctionDoc describes one function of the language beyond CEL's own.
type FunctionDoc struct {
	Name string
	// On is the type that it is called on, "" for a plain function.
	On  string
	Doc string
}

// Functions describes the functions that the language adds to CEL's, in the
// order of their subjects.
func Functions() []FunctionDoc {
	var docs []FunctionDoc
	for _, f := range functions() {
		docs = append(docs, FunctionDoc{Name: f.name, On: f.receiver, Doc: f.doc})
	}
	return docs
}

// FieldDoc describes one field that expressions may ask of a type.
type FieldDoc struct {
	Name string
	Type string // CEL's name: string, list(ec2.Rule), aws.s3.bucket
}

// Fields describes the fields of an asset type or of a struct below one, sorted
// by name; false where there is no such type.
func (e *Env) Fields(typ string) ([]FieldDoc, bool) {
	sc, ok := e.schemas.byName[typ]
	if !ok {
		return nil, false
	}
	docs := make([]FieldDoc, 0, len(sc.fields))
	for _, name := range sc.names() {
		docs = append(docs, FieldDoc{Name: name, Type: typeName(sc.fields[name].cel)})
	}
	return docs, true
}

// Structs lists the struct types below asset types, sorted.
func (e *Env) Structs() []string {
	var names []string
	for name := range e.schemas.byName {
		if _, isAsset := e.schemas.assets[name]; !isAsset && name != accountSchema {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, strings.Compare)
	return names
}

func typeName(t *cel.Type) string {
	switch t.Kind() {
	case cel.ListKind:
		return fmt.Sprintf("list(%s)", typeName(t.Parameters()[0]))
	case cel.MapKind:
		return fmt.Sprintf("map(%s)", typeName(t.Parameters()[1]))
	case cel.TimestampKind:
		return "timestamp"
	default:
		return t.TypeName()
	}
}
