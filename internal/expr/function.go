// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/decls"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// function is one function of the language, with its documentation.
type function struct {
	name     string
	doc      string
	receiver string // type of the receiver in [schemas]; "" for plain functions
	overload cel.FunctionOpt
}

func (f function) option() cel.EnvOption {
	// The checker has checked the arguments. CEL's guards would look into every
	// element of a list again, and trip over those that are unknown.
	return cel.Function(f.name, cel.FunctionDocs(f.doc), decls.DisableTypeGuards(true), f.overload)
}

// explain words CEL's messages for people who write controls.
func explain(message string) string {
	message, _, _ = strings.Cut(message, " (in container '')")
	for _, macro := range []string{"filter", "map", "exists_one", "has"} {
		if strings.Contains(message, "undeclared reference to '"+macro+"'") {
			return macro + " is not in the language: use exists, all, size or get"
		}
	}
	return message
}

// functions are all functions that the language adds to CEL's.
func functions() []function {
	return slices.Concat(generalFunctions(), networkFunctions(), policyFunctions())
}

func generalFunctions() []function {
	return []function{
		{
			name: "get", doc: "The value of a key, or the default where a map that is known in full has no such key.",
			overload: cel.MemberOverload("map_get_default",
				[]*cel.Type{cel.MapType(cel.StringType, cel.TypeParamType("V")), cel.StringType, cel.TypeParamType("V")}, cel.TypeParamType("V"),
				cel.FunctionBinding(func(args ...ref.Val) ref.Val {
					m, ok := args[0].(*mapping)
					if !ok {
						return types.NewErr("get reads maps of assets only")
					}
					if v := m.find(args[1]); v != nil {
						return v
					}
					return args[2]
				})),
		},
		{
			name: "lower", doc: "The string in lower case.",
			overload: cel.MemberOverload("string_lower", []*cel.Type{cel.StringType}, cel.StringType,
				cel.UnaryBinding(func(v ref.Val) ref.Val { return types.String(strings.ToLower(string(v.(types.String)))) })),
		},
	}
}

// method makes a function of a Go method that answers in three values, such as
// policy.Statement.Public.
func method[T, R any](name, doc, receiver string, result *cel.Type, ask func(*T) asset.Value[R]) function {
	return function{name: name, doc: doc, receiver: receiver,
		overload: cel.MemberOverload(overloadID(receiver, name), []*cel.Type{cel.ObjectType(receiver)}, result,
			onObject(func(v *T, _ string, _ *object) any { got := ask(v); return &got }))}
}

// methodOfText is [method] for methods with one string argument.
func methodOfText[T, R any](name, doc, receiver string, result *cel.Type, ask func(*T, string) asset.Value[R]) function {
	return function{name: name, doc: doc, receiver: receiver,
		overload: cel.MemberOverload(overloadID(receiver, name), []*cel.Type{cel.ObjectType(receiver), cel.StringType}, result,
			onObject(func(v *T, arg string, _ *object) any { got := ask(v, arg); return &got }))}
}

// listMethod is [method] for methods that answer with a list of strings.
func listMethod[T any](name, doc, receiver string, ask func(*T) asset.List[asset.Value[string]]) function {
	return function{name: name, doc: doc, receiver: receiver,
		overload: cel.MemberOverload(overloadID(receiver, name), []*cel.Type{cel.ObjectType(receiver)}, cel.ListType(cel.StringType),
			onObject(func(v *T, _ string, _ *object) any { got := ask(v); return &got }))}
}

func overloadID(receiver, name string) string {
	return strings.ReplaceAll(receiver, ".", "_") + "_" + name
}

// onObject binds a function of a Go struct, with a string argument if the
// overload has one, that answers with a pointer to a Value or a List.
func onObject[T any](ask func(v *T, arg string, at *object) any) decls.OverloadOpt {
	return cel.FunctionBinding(func(args ...ref.Val) ref.Val {
		o, ok := args[0].(*object)
		if !ok {
			return types.NewErr("want an object, not a %s", args[0].Type().TypeName())
		}
		v, ok := o.pointer().(*T)
		if !ok {
			return types.NewErr("want a %T, not a %T", v, o.pointer())
		}
		arg := ""
		if len(args) > 1 {
			arg = string(args[1].(types.String))
		}
		switch got := ask(v, arg, o).(type) {
		case asset.Scalar:
			return o.frame.scalar(got, o.path, "")
		case asset.Sequence:
			return o.frame.list(got, o.path)
		default:
			return types.NewErr("no answer")
		}
	})
}
