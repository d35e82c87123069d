// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"fmt"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/env"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// Limits of a single expression. They bound what a control of a user's can cost
// and are far above what any of ours needs.
const (
	maxSource    = 8 << 10 // bytes
	maxRecursion = 64
	maxNesting   = 3 // macros within macros: the cost of one is the product of its lists
)

// Env knows the asset types and compiles expressions about them. It is safe to
// share.
type Env struct {
	schemas *schemas
	base    *cel.Env

	mu     sync.Mutex
	byType map[string]*cel.Env
}

// NewEnv makes an environment for the types of a catalog. An error is a mistake
// in a room: a field of a type that expressions cannot read, or a relation to a
// type that does not exist.
func NewEnv(catalog *asset.Catalog) (*Env, error) {
	s, err := newSchemas(catalog)
	if err != nil {
		return nil, err
	}
	options := []cel.EnvOption{
		cel.CustomTypeProvider(s),
		cel.StdLib(cel.StdLibSubset(standardSubset())),
		cel.Macros(macros()...),
		cel.ParserExpressionSizeLimit(maxSource),
		cel.ParserRecursionLimit(maxRecursion),
		cel.ASTValidators(cel.ValidateComprehensionNestingLimit(maxNesting), cel.ValidateRegexLiterals()),
		cel.Variable("account", cel.ObjectType(accountSchema)),
		cel.Variable("now", cel.TimestampType),
		knownToExistFunction(),
	}
	// A function about a type that this catalog lacks has nothing to be about.
	for _, f := range functions() {
		if _, known := s.byName[f.receiver]; known || f.receiver == "" {
			options = append(options, f.option())
		}
	}
	base, err := cel.NewCustomEnv(options...)
	if err != nil {
		return nil, err
	}
	return &Env{schemas: s, base: base, byType: map[string]*cel.Env{}}, nil
}

// standardSubset is what of CEL's standard library is in the language. Left out
// is what loses unknowns over lists known in part (every standard macro), and
// what would escape the type check (dyn, type).
func standardSubset() *env.LibrarySubset {
	return env.NewLibrarySubset().SetDisableMacros(true).AddExcludedFunctions(
		env.NewFunction("dyn"), env.NewFunction("type"), env.NewFunction("bytes"), env.NewFunction("uint"),
	)
}

// Error is a mistake in an expression, at a line and column of its source (both
// from 1).
type Error struct {
	Line, Column int
	Message      string
}

func (e *Error) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Message) }

// Expr is a compiled expression about one asset type. It is safe to share.
type Expr struct {
	env    *Env
	ast    *ast.AST
	prog   cel.Program
	traced func() (cel.Program, error)
	fields []string
}

// Bool compiles a condition on assets of a type. A mistake in the source is an
// *[Error].
func (e *Env) Bool(assetType, source string) (*Expr, error) {
	return e.compile(assetType, source, cel.BoolType)
}

// Text compiles an expression that makes a sentence about assets of a type. A
// mistake in the source is an *[Error].
func (e *Env) Text(assetType, source string) (*Expr, error) {
	return e.compile(assetType, source, cel.StringType)
}

func (e *Env) compile(assetType, source string, want *cel.Type) (*Expr, error) {
	celEnv, err := e.forType(assetType)
	if err != nil {
		return nil, err
	}
	checked, issues := celEnv.Compile(source)
	if issues.Err() != nil {
		first := issues.Errors()[0]
		return nil, &Error{Line: first.Location.Line(), Column: first.Location.Column() + 1, Message: explain(first.Message)}
	}
	if got := checked.OutputType(); !got.IsExactType(want) {
		return nil, &Error{Line: 1, Column: 1, Message: fmt.Sprintf("the expression gives a %s, not a %s", got, want)}
	}
	native := checked.NativeRep()
	if err := checkLanguage(native); err != nil {
		return nil, err
	}
	prog, err := celEnv.Program(checked, cel.EvalOptions(cel.OptOptimize))
	if err != nil {
		return nil, &Error{Line: 1, Column: 1, Message: err.Error()}
	}
	return &Expr{
		env: e, ast: native, prog: prog,
		traced: sync.OnceValues(func() (cel.Program, error) {
			return celEnv.Program(checked, cel.EvalOptions(cel.OptTrackState))
		}),
		fields: fieldsRead(e.schemas, assetType, native),
	}, nil
}

func (e *Env) forType(name string) (*cel.Env, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if env, ok := e.byType[name]; ok {
		return env, nil
	}
	sc, ok := e.schemas.byName[name]
	if !ok {
		return nil, fmt.Errorf("unknown asset type %q", name)
	}
	env, err := e.base.Extend(cel.Variable("asset", sc.cel))
	if err != nil {
		return nil, err
	}
	e.byType[name] = env
	return env, nil
}

// Fields are the field paths that the expression reads, from the asset type and
// through relations: "aws.s3.bucket.policy". Sorted, without duplicates.
func (x *Expr) Fields() []string { return x.fields }

// checkLanguage refuses what CEL accepts and three-valued lists, maps and
// objects cannot answer.
func checkLanguage(checked *ast.AST) error {
	var mistake *Error
	complain := func(e ast.Expr, message string) {
		if mistake == nil {
			start := checked.SourceInfo().GetStartLocation(e.ID())
			mistake = &Error{Line: start.Line(), Column: start.Column() + 1, Message: message}
		}
	}
	aggregate := func(e ast.Expr) bool {
		switch checked.GetType(e.ID()).Kind() {
		case types.ListKind, types.MapKind, types.StructKind:
			return true
		}
		return false
	}
	ast.PreOrderVisit(checked.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		switch e.Kind() {
		case ast.CallKind:
			call := e.AsCall()
			switch call.FunctionName() {
			case operators.Equals, operators.NotEquals, operators.Add:
				for _, arg := range call.Args() {
					if aggregate(arg) {
						complain(e, "lists, maps and objects cannot be compared or added: use exists, all, in, size or get")
					}
				}
			}
		case ast.ListKind:
			for _, elem := range e.AsList().Elements() {
				if aggregate(elem) {
					complain(e, "a list in an expression holds plain values only")
				}
			}
		case ast.MapKind, ast.StructKind:
			complain(e, "expressions do not make maps or objects")
		case ast.SelectKind:
			if e.AsSelect().IsTestOnly() {
				complain(e, "has() is not in the language: an unreadable field is unknown by itself")
			}
		case ast.ComprehensionKind:
			if checked.GetType(e.AsComprehension().IterRange().ID()).Kind() != types.ListKind {
				complain(e, "exists and all range over lists")
			}
		}
	}))
	if mistake != nil {
		return mistake
	}
	return nil
}
