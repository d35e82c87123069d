// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/scan"
	"github.com/plumb-cspm/plumb/internal/source/code"
	decoders "github.com/plumb-cspm/plumb/providers/all/code"
)

const suppressionsSchema = "plumb.suppressions/v1"

// suppression is a comment as the command lists it.
type suppression struct {
	Tool     string         `json:"tool"`
	IDs      []string       `json:"ids"`
	Reason   string         `json:"reason"`
	Until    string         `json:"until,omitempty"`
	Location asset.Location `json:"location"`
	// Status is active, over, unmatched (no fail that it is for) or broken.
	Status  string `json:"status"`
	Matched int    `json:"matched"`
}

func (a *app) suppressionsCommand() *cobra.Command {
	var opts decoders.Options
	var now moment
	format := oneOf("table", "table", "json")
	cmd := &cobra.Command{
		Use:   "suppressions [PATH...]",
		Short: "List what comments in code accept",
		Long: `Lists the comments in code by which somebody accepts what a control finds:

  # plumb:accept CONTROL[,CONTROL] [until=2027-01-31] reason="..."

in the block that it is for, right above it, or, ended by an empty line, at the head
of the file. The comments of checkov (checkov:skip=), trivy (trivy:ignore:), tfsec and
kics count too, for the controls that ask the same question.

A comment is active, over (its date has passed, and what it accepted counts again),
unmatched (nothing fails that it is for) or broken (it lacks its reason).

` + plainCodes,
		Example: `  plumb suppressions
  plumb suppressions infra --format json`,
		RunE: func(cmd *cobra.Command, paths []string) error {
			if len(paths) == 0 {
				paths = []string{"."}
			}
			opts.Environ = a.Environ
			at := now.Time
			if now.IsZero() {
				at = time.Now().UTC()
			}
			found, err := suppressionsIn(cmd.Context(), paths, opts, at)
			if err != nil {
				return err
			}
			if format.value == "json" {
				list := struct {
					Schema       string        `json:"schema"`
					Suppressions []suppression `json:"suppressions"`
				}{suppressionsSchema, found}
				return unwritable(writeJSON(a.Stdout, list))
			}
			return unwritable(suppressionsTable(a.Stdout, found))
		},
	}
	flags := cmd.Flags()
	choose(cmd, flags, format, "format", "how the list is written")
	flags.Var(&now, "now", "the time by which comments are over; default: now")
	return cmd
}

// suppressionsIn scans the code with all controls, to see which comments are for
// something.
func suppressionsIn(ctx context.Context, paths []string, opts decoders.Options, now time.Time) ([]suppression, error) {
	if err := readable(paths...); err != nil {
		return nil, err
	}
	k, err := know()
	if err != nil {
		return nil, err
	}
	tree, err := code.Open(paths)
	if err != nil {
		return nil, err
	}
	comments := scan.NewComments(tree, k.controls, now)
	cfg := scan.Config{Catalog: k.catalog, Env: k.env, Controls: k.controls, Now: now, Accept: comments.Accept}
	if _, err := scan.Run(ctx, cfg, decoders.Source(tree, paths, opts)); err != nil {
		return nil, unreadable(ctx, err)
	}
	files, _, err := tree.Walk(ctx, code.Filter{Match: mayHoldComments})
	if err != nil {
		return nil, unreadable(ctx, err)
	}
	list := []suppression{}
	for _, f := range files {
		for _, c := range comments.Of(f.Name) {
			list = append(list, described(c, now))
		}
	}
	for _, b := range comments.Coverage() {
		list = append(list, suppression{Tool: "plumb", IDs: []string{}, Reason: b.Reason, Location: b.Location, Status: "broken"})
	}
	return list, nil
}

// mayHoldComments reports whether a file is of a kind that is scanned.
func mayHoldComments(name string) bool {
	lower := strings.ToLower(name)
	for _, end := range []string{".tf", ".tofu", ".yaml", ".yml", ".template", ".dockerfile"} {
		if strings.HasSuffix(lower, end) {
			return true
		}
	}
	return strings.HasPrefix(lower, "dockerfile") || strings.HasPrefix(lower, "containerfile")
}

func described(c scan.Comment, now time.Time) suppression {
	s := suppression{Tool: c.Tool, IDs: c.IDs, Reason: c.Reason, Location: c.At, Status: "active", Matched: c.Matched}
	if !c.Until.IsZero() {
		s.Until = c.Until.Format(time.DateOnly)
	}
	switch {
	case c.Over(now):
		s.Status = "over"
	case c.Matched == 0:
		s.Status = "unmatched"
	}
	return s
}

func suppressionsTable(to io.Writer, list []suppression) error {
	w := bufio.NewWriter(to)
	for _, s := range list {
		fmt.Fprintf(w, "%-9s  %s  %s %s", s.Status, s.Location, s.Tool, strings.Join(s.IDs, ","))
		if s.Until != "" {
			fmt.Fprintf(w, " until %s", s.Until)
		}
		if s.Reason != "" {
			fmt.Fprintf(w, ": %s", s.Reason)
		}
		fmt.Fprintln(w)
	}
	if len(list) == 0 {
		fmt.Fprintln(w, "No comment accepts anything here.")
	}
	return w.Flush()
}
