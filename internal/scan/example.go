// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package scan

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/control"
	"github.com/plumb-cspm/plumb/internal/source"
)

// Example runs the examples of controls.
type Example struct {
	Config
	// Code makes a source of one file of code in a language.
	Code func(language, text string) (source.Source, error)
}

// Run judges the assets of an example and returns an error that says how the
// verdict differs from what the example expects; nil if it does not.
func (x Example) Run(ctx context.Context, c *control.Control, e control.Example) error {
	verdict, err := x.Verdict(ctx, c, e)
	if err != nil {
		return err
	}
	if verdict.Outcome != e.Verdict {
		return fmt.Errorf("the verdict is %s, not %s: %s", verdict.Outcome, e.Verdict, verdict.Message)
	}
	if e.Message != "" && verdict.Message != e.Message {
		return fmt.Errorf("the message is %q, not %q", verdict.Message, e.Message)
	}
	return nil
}

// Verdict judges the example's asset with its control. Its outcome is
// [control.NotApplicable] where the control does not apply.
func (x Example) Verdict(ctx context.Context, c *control.Control, e control.Example) (asset.Verdict, error) {
	src, err := x.Source(c, e)
	if err != nil {
		return asset.Verdict{}, err
	}
	cfg := x.Config
	cfg.Controls = []*control.Control{c}
	cfg.Workers = 1
	verdict := asset.Verdict{Outcome: control.NotApplicable}
	matches := func(v asset.Verdict) bool { return e.Address == "" || v.Asset.Address == e.Address }
	cfg.Pass = func(v asset.Verdict) {
		if matches(v) {
			verdict = v
		}
	}
	result, err := Run(ctx, cfg, src)
	if err != nil {
		return asset.Verdict{}, err
	}
	subjects := 0
	for _, a := range result.Assets {
		if a.Type == c.Asset && !a.Implied && (e.Address == "" || a.Address == e.Address) {
			subjects++
		}
	}
	if subjects != 1 {
		return asset.Verdict{}, fmt.Errorf("the example has %d assets of type %s; it needs one, or an address that picks one%s",
			subjects, c.Asset, problems(result.Coverage))
	}
	for _, v := range result.Verdicts {
		if matches(v) {
			verdict = v
		}
	}
	return verdict, nil
}

func problems(lines []asset.Coverage) string {
	var b strings.Builder
	for _, c := range lines {
		if c.Status != asset.Covered {
			fmt.Fprintf(&b, "\n%s %s: %s %s", c.Part, c.Location, c.Status, c.Reason)
		}
	}
	return b.String()
}

// Assets returns the assets of an example, unjudged.
func (x Example) Assets(ctx context.Context, c *control.Control, e control.Example) ([]*asset.Asset, error) {
	src, err := x.Source(c, e)
	if err != nil {
		return nil, err
	}
	cfg := x.Config
	cfg.Controls = nil
	result, err := Run(ctx, cfg, src)
	if err != nil {
		return nil, err
	}
	return result.Assets, nil
}

// Source makes the assets of an example readable.
func (x Example) Source(c *control.Control, e control.Example) (source.Source, error) {
	if language, text := e.Code(); text != "" {
		return x.Code(language, text)
	}
	subject, err := x.asset(c.Asset, e.Asset)
	if err != nil {
		return nil, err
	}
	assets := given{subject}
	for _, fields := range e.With {
		typ, _ := fields["type"].(string)
		fields = maps.Clone(fields)
		delete(fields, "type")
		other, err := x.asset(typ, fields)
		if err != nil {
			return nil, fmt.Errorf("with: %w", err)
		}
		assets = append(assets, other)
	}
	return assets, nil
}

// given is the source of assets that an example states.
type given []*asset.Asset

func (given) Target() string { return "example" }

func (g given) Read(_ context.Context, sink source.Sink) error {
	for _, a := range g {
		sink.Asset(a)
	}
	return nil
}

// exampleAccount is the account of the assets in examples.
const exampleAccount = "111122223333"

// asset makes a live asset of the fields in an example. The keys id, name,
// region, account and tags describe the asset itself unless its type has such a
// field.
func (x Example) asset(typ string, fields map[string]any) (*asset.Asset, error) {
	t, ok := x.Catalog.Type(typ)
	if !ok {
		return nil, fmt.Errorf("unknown asset type %q", typ)
	}
	a := &asset.Asset{
		Type: typ, ID: "example-" + t.Service(), Name: "example", Origin: asset.Live, Config: t.New(),
		Scope: asset.Scope{Provider: t.Provider(), Account: exampleAccount, Region: "us-east-1"},
	}
	fields = maps.Clone(fields)
	own := asset.MembersOf(a.Config)
	for key, set := range map[string]*string{"id": &a.ID, "name": &a.Name, "region": &a.Scope.Region, "account": &a.Scope.Account} {
		if slices.ContainsFunc(own, func(m asset.Member) bool { return m.Name == key }) {
			continue
		}
		if s, ok := fields[key].(string); ok {
			*set = s
			delete(fields, key)
		}
	}
	a.Address = a.ID
	raw, err := json.Marshal(fields)
	if err != nil {
		return nil, err
	}
	if err := asset.Decode(a.Config, asset.Encoded{Config: raw}); err != nil {
		return nil, fmt.Errorf("asset %s: %w", typ, err)
	}
	return a, nil
}
