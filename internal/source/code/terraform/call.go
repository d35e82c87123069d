// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// builtin is one function of the language. Exactly one of its members is set,
// or unknown says why its result never is known.
type builtin struct {
	// pure sees values without marks and without holes.
	pure function.Function
	// through hands parts of its arguments on. It sees marks and holes.
	through function.Function
	// own is a function that handles unknown parts itself.
	own func(r *Root, f *frame, args []cty.Value) (cty.Value, error)
	// lazy evaluates its arguments itself.
	lazy    func(r *Root, f *frame, args []hclsyntax.Expression) (cty.Value, error)
	unknown string
	// keeps says that a pure function leaves the unknown parts of its first
	// argument where they are.
	keeps bool
	// decodes says that the result is data of any kind, with numbers to check.
	decodes bool
	// check bounds the result, before it is made.
	check func(args []cty.Value) error
}

var errNoFunction = errors.New("no such function")

// call evaluates a function call.
func (r *Root) call(e *hclsyntax.FunctionCallExpr, f *frame) (cty.Value, error) {
	name := strings.TrimPrefix(e.Name, "core::")
	fn, ok := r.parser.functions[name]
	if !ok {
		return r.unknownFunction(e, f)
	}
	if fn.lazy != nil && !e.ExpandFinal {
		return fn.lazy(r, f, e.Args)
	}
	args, unexpanded, err := r.arguments(e, f)
	if err != nil {
		return cty.NilVal, err
	}
	if unexpanded {
		about := r.inspect(args...)
		return sameSecrecy(unknown(cty.DynamicPseudoType, about.list()...), about), nil
	}
	v, err := r.apply(fn, f, args)
	if err != nil {
		if r.inspect(args...).secret {
			err = errors.New("does not accept its sensitive argument")
		}
		return cty.NilVal, fmt.Errorf("%s: %w", name, err)
	}
	return v, nil
}

// arguments evaluates the arguments of a call. unexpanded says that how many
// there are is not known.
func (r *Root) arguments(e *hclsyntax.FunctionCallExpr, f *frame) (args []cty.Value, unexpanded bool, err error) {
	for i, expr := range e.Args {
		v, err := r.eval(expr, f)
		if err != nil {
			return nil, false, err
		}
		if !e.ExpandFinal || i < len(e.Args)-1 {
			args = append(args, v)
			continue
		}
		bare, marks := v.Unmark()
		switch {
		case !bare.IsKnown():
			return append(args, v), true, nil
		case bare.IsNull() || !bare.CanIterateElements():
			return nil, false, fmt.Errorf("%s: the last argument is not a list", e.Name)
		}
		for it := bare.ElementIterator(); it.Next(); {
			_, elem := it.Element()
			args = append(args, inherit(elem, marks))
		}
	}
	return args, false, nil
}

// unknownFunction is a function that the package does not have: a provider's,
// or a newer one than it knows.
func (r *Root) unknownFunction(e *hclsyntax.FunctionCallExpr, f *frame) (cty.Value, error) {
	reasons := map[string]bool{}
	hidden := false
	for _, expr := range e.Args {
		v, err := r.eval(expr, f)
		if err != nil {
			continue
		}
		about := r.inspect(v)
		hidden = hidden || about.secret
		for text := range about.reasons {
			reasons[text] = true
		}
	}
	reason := e.Name + "() is not supported"
	if strings.HasPrefix(e.Name, "provider::") {
		reason = e.Name + "() is a function of a provider"
	}
	r.cover(e.Name+"()", location(e.NameRange), asset.Unsupported, reason)
	v := unknown(cty.DynamicPseudoType, append(sortedKeys(reasons), reason)...)
	return sameSecrecy(v, &traits{secret: hidden}), nil
}

// apply calls a function with evaluated arguments. Whatever is unknown in the
// result has the reasons of all arguments.
func (r *Root) apply(fn builtin, f *frame, args []cty.Value) (cty.Value, error) {
	if fn.unknown != "" {
		about := r.inspect(args...)
		about.because(fn.unknown)
		return sameSecrecy(unknown(cty.DynamicPseudoType, about.list()...), about), nil
	}
	if fn.own != nil {
		return fn.own(r, f, args)
	}
	if fn.lazy != nil {
		return cty.NilVal, errors.New("does not accept an expanded list")
	}
	about := r.inspect(args...)
	if about.size > maxSize {
		return cty.NilVal, errTooLarge
	}
	call := fn.through
	ready := make([]cty.Value, len(args))
	for i, v := range args {
		if call != (function.Function{}) {
			ready[i] = stripIdentity(v)
			continue
		}
		if !fn.keeps || i > 0 {
			v = r.plainDeep(v)
		}
		ready[i], _ = v.UnmarkDeep()
	}
	if call == (function.Function{}) {
		call = fn.pure
	}
	v, err := r.protected(fn, call, ready)
	if err != nil {
		return cty.NilVal, err
	}
	return sameSecrecy(r.explained(v, about), about), nil
}

// protected converts the arguments to the function's parameters, checks bounds
// and calls.
func (r *Root) protected(fn builtin, call function.Function, args []cty.Value) (cty.Value, error) {
	params := call.Params()
	for i := range args {
		want := call.VarParam()
		if i < len(params) {
			want = &params[i]
		}
		if want == nil {
			return cty.NilVal, errors.New("too many arguments")
		}
		v, err := r.convert(args[i], want.Type)
		if err != nil {
			return cty.NilVal, err
		}
		args[i] = v
	}
	if fn.check != nil {
		if err := fn.check(args); err != nil {
			return cty.NilVal, err
		}
	}
	v, err := call.Call(args)
	if err != nil {
		return cty.NilVal, err
	}
	if fn.decodes {
		v = r.checkedNumbers(v)
	}
	return checkNumber(v)
}
