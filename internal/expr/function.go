// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
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

func functions() []function {
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
func method[T, R any](name, doc, receiver string, result *cel.Type, answer func(*T) asset.Value[R]) function {
	return function{name: name, doc: doc, receiver: receiver,
		overload: cel.MemberOverload(strings.ReplaceAll(receiver, ".", "_")+"_"+name, []*cel.Type{cel.ObjectType(receiver)}, result,
			cel.UnaryBinding(func(v ref.Val) ref.Val {
				o := v.(*object)
				got := answer(o.pointer().(*T))
				return o.frame.scalar(&got, o.path, name+"()")
			}))}
}
