// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"errors"
	"slices"
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// Facts finds the singleton of a type in the account (and, where the type is
// regional, the region) of an asset; nil where it was not read.
type Facts func(subject *asset.Asset, typ string) *asset.Asset

// Truth is a three-valued answer.
type Truth uint8

// The answers. The zero Truth is Unknown.
const (
	Unknown Truth = iota
	True
	False
)

// Result is what an expression says of an asset.
type Result struct {
	Truth Truth
	Gaps  []asset.Gap // why the answer is unknown, by path; nil otherwise
	// BeyondOrigin says that every gap is a value which no source of the asset's
	// origin ever says.
	BeyondOrigin bool
	// Err is the evaluation error behind an Unknown: a mistake in the
	// expression, such as an index out of range.
	Err error
}

// Evaluator evaluates expressions, one at a time. Each worker has its own.
type Evaluator struct {
	frame frame
	vars  activation
}

// NewEvaluator returns an evaluator whose clock stands still at now.
func (e *Env) NewEvaluator(now time.Time, facts Facts) *Evaluator {
	ev := &Evaluator{frame: frame{schemas: e.schemas, now: now, facts: facts}}
	ev.vars.frame = &ev.frame
	return ev
}

// activation gives the three variables of an expression to CEL.
type activation struct {
	frame *frame
	asset ref.Val
}

var rootPath = &path{name: "asset"}
var accountPath = &path{name: "account"}

func (a *activation) ResolveName(name string) (any, bool) {
	switch name {
	case "asset":
		return a.asset, true
	case "account":
		return &object{
			frame: a.frame, path: accountPath, schema: a.frame.schemas.byName[accountSchema], asset: a.frame.subject,
		}, true
	case "now":
		return types.Timestamp{Time: a.frame.now}, true
	}
	return nil, false
}

func (a *activation) Parent() cel.Activation { return nil }

func (ev *Evaluator) reset(subject *asset.Asset) {
	f := &ev.frame
	f.gaps, f.subject, f.tracing = f.gaps[:0], subject, false
	ev.vars.asset = f.asset(subject, rootPath)
}

// Bool evaluates a condition.
func (ev *Evaluator) Bool(x *Expr, subject *asset.Asset) Result {
	ev.reset(subject)
	out, _, err := x.prog.Eval(&ev.vars)
	return ev.result(out, err)
}

func (ev *Evaluator) result(out ref.Val, err error) Result {
	switch v := out.(type) {
	case types.Bool:
		if v {
			return Result{Truth: True}
		}
		return Result{Truth: False}
	case *types.Unknown:
		return Result{Gaps: ev.gapsOf(v), BeyondOrigin: ev.beyondOrigin(v)}
	}
	if err == nil {
		err = errors.New("the expression has no value")
	}
	return Result{Err: err}
}

// Text evaluates a sentence; false where a part of it is unknown.
func (ev *Evaluator) Text(x *Expr, subject *asset.Asset) (string, bool) {
	ev.reset(subject)
	out, _, err := x.prog.Eval(&ev.vars)
	s, ok := out.(types.String)
	return string(s), ok && err == nil
}

func (ev *Evaluator) beyondOrigin(u *types.Unknown) bool {
	return !slices.ContainsFunc(u.IDs(), func(id int64) bool { return !ev.frame.gap(id).src.BeyondOrigin() })
}

// gapsOf lists the reasons behind an unknown: one a path, sorted by path.
func (ev *Evaluator) gapsOf(u *types.Unknown) []asset.Gap {
	var gaps []asset.Gap
	for _, id := range u.IDs() {
		g := ev.frame.gap(id)
		gaps = append(gaps, asset.Gap{Path: g.path(), Reason: g.src.Reason()})
	}
	slices.SortFunc(gaps, func(a, b asset.Gap) int {
		if c := strings.Compare(a.Path, b.Path); c != 0 {
			return c
		}
		return strings.Compare(a.Reason, b.Reason)
	})
	return slices.Compact(gaps)
}
