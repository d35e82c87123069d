// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/scan"
	"github.com/plumb-cspm/plumb/internal/source/cloud"
)

// blindness is what a check of permissions found.
type blindness struct {
	Schema  string `json:"schema"`
	Target  string `json:"target"`
	Partial bool   `json:"partial"`
	// Blind are the controls that would not see all they need.
	Blind []blindControl `json:"blind"`
	// Untried are the needed operations that the account gave no reason to call.
	Untried []string `json:"untried"`

	controls int // how many were checked
}

type blindControl struct {
	Control string        `json:"control"`
	Missing []missingCall `json:"missing"`
}

type missingCall struct {
	Operation string       `json:"operation"`
	Actions   []string     `json:"actions"` // the permissions that it takes
	Status    asset.Status `json:"status"`
	Reason    string       `json:"reason"`
}

// checkPermissions scans without controls: only what could not be called counts.
func (a *app) checkPermissions(ctx context.Context, o *permissionsOptions, account *awsOptions, k *knowledge, selected chosen,
	need cloud.Need, operations []cloud.Operation, asJSON bool,
) error {
	src, err := account.open(ctx, need, o.concurrency.n, a.logger(o.verbose))
	if err != nil {
		return unreadable(ctx, err)
	}
	result, err := scan.Run(ctx, scan.Config{Catalog: k.catalog, Env: k.env, Listing: k.listing()}, src)
	if err != nil {
		return unreadable(ctx, err)
	}
	found := blindness{
		Schema: "plumb.permissions-check/v1", Target: src.Target(), Partial: result.Partial,
		Blind: []blindControl{}, Untried: []string{}, controls: len(selected.controls),
	}
	missing, tried := missingCalls(result.Coverage, operations)
	for _, op := range operations {
		if !tried[op.Name] && op.Name != "sts:GetCallerIdentity" { // it has told whose account this is
			found.Untried = append(found.Untried, op.Name)
		}
	}
	slices.Sort(found.Untried)
	found.Untried = slices.Compact(found.Untried)
	for _, c := range selected.controls {
		fields, err := fieldsOf(k, c)
		if err != nil {
			return err
		}
		blind := blindControl{Control: c.ID}
		needs := cloud.NeedFor(fields...)
		for _, op := range operations {
			if call, denied := missing[op.Name]; denied && needs.Of(op) {
				blind.Missing = append(blind.Missing, call)
			}
		}
		if len(blind.Missing) > 0 {
			found.Blind = append(found.Blind, blind)
		}
	}
	if asJSON {
		err = writeJSON(a.Stdout, found)
	} else {
		err = found.table(a.Stdout, missing)
	}
	switch {
	case unwritable(err) != nil:
		return unwritable(err)
	case result.Partial:
		return exitWith(exitInterrupted)
	case o.requireCoverage && len(missing) > 0:
		return exitWith(exitPartial)
	}
	return nil
}

// missingCalls are the operations of which some call failed, and those that were
// called at all.
func missingCalls(lines []asset.Coverage, operations []cloud.Operation) (missing map[string]missingCall, tried map[string]bool) {
	missing, tried = map[string]missingCall{}, map[string]bool{}
	for _, line := range lines {
		tried[line.Part] = true
		i := slices.IndexFunc(operations, func(op cloud.Operation) bool { return op.Name == line.Part })
		if i < 0 || line.Status == asset.Covered {
			continue
		}
		// A denial says more of permissions than a region that does not answer.
		if before, twice := missing[line.Part]; !twice || before.Status != asset.Denied {
			missing[line.Part] = missingCall{line.Part, operations[i].Permissions(), line.Status, line.Reason}
		}
	}
	return missing, tried
}

func (b blindness) table(to io.Writer, missing map[string]missingCall) error {
	w := bufio.NewWriter(to)
	if b.Partial {
		fmt.Fprint(w, "Interrupted: there may be more than what follows.\n\n")
	}
	for _, c := range b.Blind {
		fmt.Fprintf(w, "blind  %s\n", c.Control)
		for _, m := range c.Missing {
			fmt.Fprintf(w, "       %-11s  %s\n", m.Status, m.Reason)
		}
	}
	if len(b.Blind) > 0 {
		fmt.Fprintln(w)
	}
	var actions []string
	for _, operation := range slices.Sorted(maps.Keys(missing)) {
		actions = append(actions, missing[operation].Actions...)
	}
	slices.Sort(actions)
	fmt.Fprintf(w, "%s of %s would be blind in %s.\n", counted(len(b.Blind), "control"), counted(b.controls, "control"), b.Target)
	if len(actions) > 0 {
		fmt.Fprintf(w, "Missing: %s\n", strings.Join(slices.Compact(actions), ", "))
	}
	if len(b.Untried) > 0 {
		fmt.Fprintf(w, "Not tried, because nothing here needed it: %s\n", strings.Join(b.Untried, ", "))
	}
	return w.Flush()
}
