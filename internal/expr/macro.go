// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// The macros exists and all, over lists that may have more elements than are
// known. The iterator of such a list ends with an unknown that stands for the
// rest ("beyond"), and knownToExist keeps it from deciding: elements beyond the
// known ones may not exist at all.
//
//	exists: fold with  accu || (p && knownToExist(x))
//	all:    fold with  accu && (p || !knownToExist(x))
const knownToExist = "@known_to_exist"

func macros() []cel.Macro {
	return []cel.Macro{
		cel.ReceiverMacro("exists", 2, quantifier(func(eh cel.MacroExprFactory, x string, p ast.Expr) (init, step, condition ast.Expr) {
			found := eh.NewCall(operators.LogicalAnd, p, eh.NewCall(knownToExist, eh.NewIdent(x)))
			return eh.NewLiteral(types.False),
				eh.NewCall(operators.LogicalOr, eh.NewAccuIdent(), found),
				eh.NewCall(operators.NotStrictlyFalse, eh.NewCall(operators.LogicalNot, eh.NewAccuIdent()))
		})),
		cel.ReceiverMacro("all", 2, quantifier(func(eh cel.MacroExprFactory, x string, p ast.Expr) (init, step, condition ast.Expr) {
			absent := eh.NewCall(operators.LogicalNot, eh.NewCall(knownToExist, eh.NewIdent(x)))
			return eh.NewLiteral(types.True),
				eh.NewCall(operators.LogicalAnd, eh.NewAccuIdent(), eh.NewCall(operators.LogicalOr, p, absent)),
				eh.NewCall(operators.NotStrictlyFalse, eh.NewAccuIdent())
		})),
	}
}

func quantifier(parts func(eh cel.MacroExprFactory, x string, p ast.Expr) (init, step, condition ast.Expr)) cel.MacroFactory {
	return func(eh cel.MacroExprFactory, target ast.Expr, args []ast.Expr) (ast.Expr, *cel.Error) {
		if args[0].Kind() != ast.IdentKind {
			return nil, eh.NewError(args[0].ID(), "the first argument must be a name for the element")
		}
		x := args[0].AsIdent()
		if x == eh.AccuIdentName() {
			return nil, eh.NewError(args[0].ID(), "this name is reserved")
		}
		init, step, condition := parts(eh, x, args[1])
		return eh.NewComprehension(target, x, eh.AccuIdentName(), init, condition, step, eh.NewAccuIdent()), nil
	}
}

// predicate is p in the step that a macro made.
func predicate(step ast.Expr) ast.Expr { return step.AsCall().Args()[1].AsCall().Args()[0] }

// isExists tells the two macros apart in a comprehension.
func isExists(step ast.Expr) bool { return step.AsCall().FunctionName() == operators.LogicalOr }

func knownToExistFunction() cel.EnvOption {
	return cel.Function(knownToExist, cel.Overload("known_to_exist", []*cel.Type{cel.DynType}, cel.BoolType,
		cel.OverloadIsNonStrict(),
		cel.UnaryBinding(func(x ref.Val) ref.Val {
			if isBeyond(x) {
				return x
			}
			return types.True
		})))
}
