// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cloudformation

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/plumb-cspm/plumb/internal/source/code"
)

// Options say how to read templates.
type Options struct {
	// Parameters are files of values for parameters, in the order in which later
	// ones win: JSON or YAML, a list of ParameterKey and ParameterValue, a list of
	// NAME=VALUE, or a map.
	Parameters []string
	// Account and Region are where the templates are deployed, where that is known.
	Account, Region string
	// Include and Exclude are patterns over file names as reports show them.
	Include, Exclude []string
}

// Validate checks what can be checked without reading a template.
func (o Options) Validate() error {
	if _, err := o.prepare(); err != nil {
		return err
	}
	return code.Filter{Include: o.Include, Exclude: o.Exclude}.Validate()
}

// prepare reads the files of parameters.
func (o Options) prepare() (map[string]*node, error) {
	given := map[string]*node{}
	for _, name := range o.Parameters {
		src, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read parameters: %w", err)
		}
		root, err := parseAny(name, src)
		if err == nil {
			err = giveAll(given, root)
		}
		if err != nil {
			return nil, fmt.Errorf("read parameters from %s: %w", name, err)
		}
	}
	return given, nil
}

var errParameters = errors.New("holds no list or map of parameters")

// giveAll notes the values that a file gives. Its messages never quote them.
func giveAll(given map[string]*node, root *node) error {
	if inner := root.get("Parameters"); inner != nil && inner.kind != scalarNode {
		root = inner
	}
	switch root.kind {
	case mapNode:
		for _, e := range root.entries {
			given[e.key] = e.value
		}
		return nil
	case listNode:
		for _, e := range root.elems {
			key, value, assigned := strings.Cut(e.scalar(), "=")
			switch {
			case e.kind == mapNode && e.get("ParameterKey") != nil:
				if v := e.get("ParameterValue"); v != nil { // else the previous value is kept
					given[e.get("ParameterKey").scalar()] = v
				}
			case assigned:
				given[key] = &node{text: value, quoted: true, at: e.at}
			default:
				return errParameters
			}
		}
		return nil
	case scalarNode:
	}
	return errParameters
}

// parameter is the value of a parameter; nil where none is declared.
func (f *frame) parameter(name string) *value {
	s := f.scope
	if v := s.parameters[name]; v != nil {
		return v
	}
	declared := s.declaredParameters[name]
	if declared == nil {
		return nil
	}
	v := s.valueOf(name, declared)
	if v.from == (origin{}) {
		v.from = origin{address: s.prefix + name}
	}
	if isTrue(declared.get("NoEcho")) {
		v.secret = true
	}
	s.parameters[name] = v
	return v
}

// valueOf is a fresh value for a parameter.
func (s *scope) valueOf(name string, declared *node) *value {
	typ := declared.get("Type").scalar()
	isList := typ == "CommaDelimitedList" || strings.HasPrefix(typ, "List<") || strings.HasPrefix(typ, "AWS::SSM::Parameter::Value<List<")
	given, ok := s.given[name]
	switch {
	case ok && given.kind != nothing:
	case s.openGiven != "":
		given = unknownValue(s.openGiven, declared.at)
	case declared.get("Default") != nil:
		given = s.base.eval(declared.get("Default"))
	default:
		v := unknownValue(fmt.Sprintf("parameter %s has no value", name), declared.at)
		if allowed := declared.get("AllowedValues"); allowed != nil && !isList {
			v = choose(v.why, declared.at, s.base.eval(allowed).elems...)
		}
		given = v
	}
	if strings.HasPrefix(typ, "AWS::SSM::Parameter::") && given.kind != unknown {
		given = unknownValue(fmt.Sprintf("parameter %s is read from the Parameter Store", name), declared.at)
	}
	fresh := *given
	if fresh.kind == unknown {
		fresh.string = !isList
	}
	if isList {
		return asList(&fresh)
	}
	return &fresh
}

// asList splits the text of a list at its commas.
func asList(v *value) *value {
	text, ok := v.literal()
	if !ok {
		if v.kind == scalar {
			return unknownValue(v.reason(), v.at)
		}
		return v
	}
	l := &value{kind: list, at: v.at, from: v.from}
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			l.elems = append(l.elems, textValue(part, v.at))
		}
	}
	return l
}

func isTrue(n *node) bool {
	is, _ := asBool(n.scalar())
	return is
}

// asBool reads a bool as CloudFormation and YAML 1.1 write it.
func asBool(s string) (is, ok bool) {
	switch strings.ToLower(s) {
	case "true", "yes", "on":
		return true, true
	case "false", "no", "off":
		return false, true
	}
	return false, false
}

// isBareJSON reports whether an unquoted scalar has the same form in JSON.
func isBareJSON(s string) bool { return s != "null" && json.Valid([]byte(s)) }

// plain is a given value as it is: no function in it is called. A list is the
// text of its elements with commas between them.
func (f *frame) plain(n *node) *value {
	if n.kind != listNode {
		return textValue(n.text, n.at)
	}
	texts := make([]string, len(n.elems))
	for i, e := range n.elems {
		texts[i] = e.text
	}
	return textValue(strings.Join(texts, ","), n.at)
}
