// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/plumb-cspm/plumb/internal/scan"
	"github.com/plumb-cspm/plumb/internal/source/code"
	decoders "github.com/plumb-cspm/plumb/providers/all/code"
)

func (a *app) baselineCommand() *cobra.Command {
	var opts decoders.Options
	var path string
	cmd := &cobra.Command{
		Use:   "baseline [PATH...]",
		Short: "Write down what fails today, so that only what is new counts",
		Long: `Scans the code with all controls and writes what fails to a file. A later
'plumb scan code --baseline FILE' shows these fails as suppressed and counts the others.

A fail is known again after edits around it, and, where a folder was moved, by its
control, its address and the text of its block. What comments accept is left out.

` + plainCodes,
		Example: `  plumb baseline infra --output plumb.baseline.json
  plumb scan code infra --baseline plumb.baseline.json --fail-on high`,
		RunE: func(cmd *cobra.Command, paths []string) error {
			if len(paths) == 0 {
				paths = []string{"."}
			}
			opts.Environ = a.Environ
			if err := opts.Validate(); err != nil {
				return usagef("%w", err)
			}
			out, err := a.openOutput(path, 0o644)
			if err != nil {
				return err
			}
			defer out.discard()
			result, tree, err := scanForBaseline(cmd.Context(), paths, opts)
			if err != nil {
				return err
			}
			if err := out.write(func(w io.Writer) error { return scan.WriteBaseline(w, result, tree) }); err != nil {
				return err
			}
			if path != "" {
				a.notice(false, "%d fails written to %s", result.Failed(), path)
			}
			return nil
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&path, "output", "o", "", "write the baseline to this `FILE` instead of standard output")
	flags.StringArrayVar(&opts.Include, "include", nil, "only files that match this `GLOB`; can be repeated")
	flags.StringArrayVar(&opts.Exclude, "exclude", nil, "not files that match this `GLOB`; can be repeated")
	codeFlags(flags, &opts)
	return cmd
}

func scanForBaseline(ctx context.Context, paths []string, opts decoders.Options) (*scan.Result, *code.Tree, error) {
	if err := readable(paths...); err != nil {
		return nil, nil, err
	}
	k, err := know()
	if err != nil {
		return nil, nil, err
	}
	tree, err := code.Open(paths)
	if err != nil {
		return nil, nil, err
	}
	now := time.Now().UTC()
	comments := scan.NewComments(tree, k.controls, now)
	cfg := scan.Config{Catalog: k.catalog, Env: k.env, Controls: k.controls, Now: now, Accept: comments.Accept}
	result, err := scan.Run(ctx, cfg, decoders.Source(tree, paths, opts))
	switch {
	case err != nil:
		return nil, nil, unreadable(ctx, err)
	case result.Partial:
		return nil, nil, exitWith(exitInterrupted) // half a baseline would hide nothing and be taken for whole
	}
	return result, tree, nil
}

// baselineFrom reads the baseline of a scan; nil where none was asked for.
func baselineFrom(path string, tree *code.Tree) (*scan.Baseline, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, usagef("read the baseline: %w", err)
	}
	defer f.Close()
	b, err := scan.ReadBaseline(f, tree)
	if err != nil {
		return nil, usagef("%s: %w", path, err)
	}
	return b, nil
}
