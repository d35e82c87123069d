// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package control

import (
	"errors"
	"fmt"
	"slices"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/expr"
)

// Program is a control ready to judge assets. It is safe to share.
type Program struct {
	*Control
	applies *expr.Expr // nil: applies to every asset of the type
	pass    *expr.Expr
	message *expr.Expr
}

// Compile type-checks the expressions of a control. An error is a *[Mistake].
func (c *Control) Compile(env *expr.Env) (*Program, error) {
	p := &Program{Control: c}
	var err error
	if c.Applies != "" {
		if p.applies, err = env.Bool(c.Asset, c.Applies); err != nil {
			return nil, c.mistakeIn("applies", err)
		}
	}
	if p.pass, err = env.Bool(c.Asset, c.Pass); err != nil {
		return nil, c.mistakeIn("pass", err)
	}
	if p.message, err = env.Text(c.Asset, c.Message); err != nil {
		return nil, c.mistakeIn("message", err)
	}
	return p, nil
}

// mistakeIn moves an error of an expression to its place in the file.
func (c *Control) mistakeIn(key string, err error) error {
	var in *expr.Error
	if !errors.As(err, &in) {
		return c.Mistake("asset", err.Error())
	}
	pos, ok := c.at[key]
	if !ok {
		return &Mistake{File: c.ID, Line: in.Line, Column: in.Column, Message: key + ": " + in.Message}
	}
	m := &Mistake{File: c.Source, Line: pos.line + in.Line - 1, Column: in.Column, Message: in.Message}
	switch {
	case pos.block:
		m.Line++
		m.Column += 2 // the usual indentation of a block
	case in.Line == 1:
		m.Column += pos.column - 1
	}
	return m
}

// Fields are the field paths that the control's expressions read, its asset
// type included. They decide which operations a scan needs.
func (p *Program) Fields() []string {
	fields := []string{p.Asset}
	for _, x := range []*expr.Expr{p.applies, p.pass, p.message} {
		if x != nil {
			fields = append(fields, x.Fields()...)
		}
	}
	slices.Sort(fields)
	return slices.Compact(fields)
}

// Judge evaluates the control on an asset of its type. It answers false where
// the control does not apply, or asks only for what no source of the asset's
// origin ever says: that is no question to code, or to an API. An error is a mistake in the control that only
// shows on this asset; the verdict is then unknown and says so.
func (p *Program) Judge(ev *expr.Evaluator, a *asset.Asset) (asset.Verdict, bool, error) {
	v := asset.Verdict{Control: p.ID, Asset: a}
	if p.applies != nil {
		switch r := ev.Bool(p.applies, a); {
		case r.Truth == expr.False:
			return v, false, nil
		case r.Truth == expr.Unknown:
			// If it applies it passes: there is nothing to say either way.
			if r.Err == nil && ev.Bool(p.pass, a).Truth == expr.True {
				return v, false, nil
			}
			return p.undecided(ev, v, p.applies, r)
		}
	}
	switch r := ev.Bool(p.pass, a); r.Truth {
	case expr.True:
		v.Outcome = asset.Pass
		return v, true, nil
	case expr.Unknown:
		return p.undecided(ev, v, p.pass, r)
	case expr.False:
	}
	v.Outcome = asset.Fail
	v.DecidedBy = ev.Explain(p.pass, a)
	message, known := ev.Text(p.message, a)
	if !known {
		message = p.Title + ": it does not, though not every value behind it is known"
	}
	v.Message = withInstances(message, a)
	return v, true, nil
}

func (p *Program) undecided(ev *expr.Evaluator, v asset.Verdict, x *expr.Expr, r expr.Result) (asset.Verdict, bool, error) {
	v.Outcome = asset.Undecided
	if r.BeyondOrigin && r.Err == nil {
		return v, false, nil
	}
	if r.Err != nil {
		reason := "control error: " + r.Err.Error()
		v.Unknown = []asset.Gap{{Path: "asset", Reason: reason}}
		v.Message = reason
		return v, true, fmt.Errorf("evaluate %s on %s: %w", p.ID, v.Asset.ID, r.Err)
	}
	v.DecidedBy = ev.Explain(x, v.Asset)
	v.Unknown = r.Gaps
	first := r.Gaps[0]
	v.Message = withInstances(fmt.Sprintf("%s is not known: %s", first.Path, first.Reason), v.Asset)
	return v, true, nil
}

// withInstances says so where one verdict stands for an unknown number of
// instances.
func withInstances(message string, a *asset.Asset) string {
	if a.Symbolic == "" {
		return message
	}
	return message + " (for every instance; how many is not known: " + a.Symbolic + ")"
}
