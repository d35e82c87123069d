// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"github.com/plumb-cspm/plumb/internal/netrange"
)

// networkFunctions ask about address ranges and ports. A text that is no range
// is an evaluation error, which makes the verdict unknown.
func networkFunctions() []function {
	return []function{
		{
			name: "is_internet", doc: "Whether the range is the internet at large: 0.0.0.0/0, ::/0, or a public range shorter than /8 or /32.",
			overload: cel.Overload("is_internet_string", []*cel.Type{cel.StringType}, cel.BoolType,
				cel.UnaryBinding(func(v ref.Val) ref.Val { return answer(netrange.IsInternet(string(v.(types.String)))) })),
		},
		{
			name: "is_public_range", doc: "Whether the range has an address that is reachable on the internet.",
			overload: cel.Overload("is_public_range_string", []*cel.Type{cel.StringType}, cel.BoolType,
				cel.UnaryBinding(func(v ref.Val) ref.Val { return answer(netrange.IsPublic(string(v.(types.String)))) })),
		},
		{
			name: "cidr_contains", doc: "Whether every address of the second range is in the first.",
			overload: cel.Overload("cidr_contains_string_string", []*cel.Type{cel.StringType, cel.StringType}, cel.BoolType,
				cel.BinaryBinding(func(a, b ref.Val) ref.Val {
					return answer(netrange.Contains(string(a.(types.String)), string(b.(types.String))))
				})),
		},
		{
			name: "admits_internet", doc: "Whether the ranges, alone or together, admit everyone on the internet (IPv4 or IPv6).",
			overload: cel.Overload("admits_internet_list", []*cel.Type{stringList}, cel.BoolType, cel.UnaryBinding(admitsInternet)),
		},
		{
			name: "ports_overlap", doc: "Whether the port range (first and second argument) has a port of the range given by the third and fourth.",
			overload: cel.Overload("ports_overlap_int_int_int_int", []*cel.Type{cel.IntType, cel.IntType, cel.IntType, cel.IntType}, cel.BoolType,
				cel.FunctionBinding(func(args ...ref.Val) ref.Val {
					n := func(i int) int64 { return int64(args[i].(types.Int)) }
					return types.Bool(netrange.PortRangesOverlap(n(0), n(1), n(2), n(3)))
				})),
		},
	}
}

// admitsInternet asks the known ranges first: if they admit everyone, further
// ones do not matter.
func admitsInternet(v ref.Val) ref.Val {
	ranges, ok := v.(traits.Iterable)
	if !ok {
		return types.NewErr("admits_internet wants a list of address ranges")
	}
	var known []string
	var missing *types.Unknown
	for it := ranges.Iterator(); it.HasNext() == types.True; {
		switch e := it.Next().(type) {
		case types.String:
			known = append(known, string(e))
		case *types.Unknown:
			missing = types.MergeUnknowns(missing, e)
		}
	}
	result := answer(netrange.CoversInternet(known))
	if result != types.True && missing != nil {
		return missing
	}
	return result
}

func answer(yes bool, err error) ref.Val {
	if err != nil {
		return types.NewErrFromString(err.Error())
	}
	return types.Bool(yes)
}
