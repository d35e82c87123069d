// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/control"
)

// scanOptions are the flags of every scan.
type scanOptions struct {
	selection
	format, failOn, progress  *choice
	output, inventory, config string
	include, exclude          []string
	requireCoverage           bool
	quiet, verbose, noColor   bool
	top, concurrency          count
	now                       moment
}

func (a *app) scanCommand() *cobra.Command {
	o := &scanOptions{}
	cmd := group("scan", "Read code, a cloud or a saved inventory, and judge it",
		`Reads assets, judges them with the controls, and reports what fails, what could not
be decided, and what could not be read.

`+settingsHelp+"\n\n"+scanCodes,
		a.scanCodeCommand(o), a.scanAWSCommand(o), a.scanInventoryCommand(o))
	o.flags(cmd)
	return cmd
}

const settingsHelp = `Every flag can also stand in plumb.yaml (fail-on: high) and in the environment
(PLUMB_FAIL_ON=high). A flag beats the environment, which beats the file.`

func (o *scanOptions) flags(cmd *cobra.Command) {
	flags := cmd.PersistentFlags()
	flags.SortFlags = false
	o.format = oneOf("table", formatNames()...)
	o.failOn = oneOf("", severityNames()...)
	o.progress = oneOf("auto", "auto", "plain", "none")
	choose(cmd, flags, o.format, "format", "how the result is written")
	flags.StringVarP(&o.output, "output", "o", "", "write the result to this `FILE` instead of standard output")
	o.selection.flags(cmd)
	flags.StringArrayVar(&o.include, "include", nil, "only what matches this `GLOB`: files of code; ids, addresses or names of other assets; can be repeated")
	flags.StringArrayVar(&o.exclude, "exclude", nil, "not what matches this `GLOB`; can be repeated")
	choose(cmd, flags, o.failOn, "fail-on", "exit with 1 if a control of at least this severity fails")
	flags.BoolVar(&o.requireCoverage, "require-coverage", false, "exit with 4 if not everything could be read")
	flags.Var(&o.top, "top", "show only the worst N controls in the table; 0 for all")
	flags.StringVar(&o.inventory, "save-inventory", "", "save what was read to this `FILE`, for scan inventory")
	flags.Var(&o.now, "now", "the time that controls see; default: when the scan began")
	flags.Var(&o.concurrency, "concurrency", "how many requests are under way, or assets judged, at once; 0 for a good number")
	generalFlags(cmd, &o.config, &o.quiet, &o.verbose)
	flags.BoolVar(&o.noColor, "no-color", false, "no colours, also on a terminal")
	choose(cmd, flags, o.progress, "progress", "how progress is shown; auto: on a terminal only")
}

// generalFlags are those of every command that can take long.
func generalFlags(cmd *cobra.Command, config *string, quiet, verbose *bool) {
	flags := cmd.PersistentFlags()
	configFlag(cmd, config)
	flags.BoolVarP(quiet, "quiet", "q", false, "nothing but errors on standard error")
	flags.BoolVarP(verbose, "verbose", "v", false, "log on standard error what is done")
}

func configFlag(cmd *cobra.Command, config *string) {
	cmd.PersistentFlags().StringVar(config, "config", defaultSettings, "the `FILE` of settings")
}

// subject says which assets are judged, by their ids, addresses and names.
func (o *scanOptions) subject() func(*asset.Asset) bool {
	if len(o.include) == 0 && len(o.exclude) == 0 {
		return nil
	}
	matches := func(patterns []string, a *asset.Asset) bool {
		return slices.ContainsFunc(patterns, func(p string) bool { return like(p, a.ID) || like(p, a.Address) || like(p, a.Name) })
	}
	return func(a *asset.Asset) bool {
		return (len(o.include) == 0 || matches(o.include, a)) && !matches(o.exclude, a)
	}
}

// breaks reports whether a fail of that severity breaks what --fail-on asks for.
func (o *scanOptions) breaks(severity control.Severity) bool {
	return o.failOn.value != "" && severity.Rank() <= control.Severity(o.failOn.value).Rank()
}

// readable reports a path that cannot be opened, before anything else is done.
func readable(paths ...string) error {
	for _, p := range paths {
		f, err := os.Open(p)
		if err != nil {
			return &exitError{exitNothing, fmt.Errorf("read what is to be scanned: %w", err)}
		}
		_ = f.Close() // nothing was written to it
	}
	return nil
}

// fromHere is a path as seen from the working directory, or as it is where that
// is not known.
func fromHere(path string) string {
	here, err := os.Getwd()
	if err != nil {
		return path
	}
	rel, err := filepath.Rel(here, path)
	if err != nil {
		return path
	}
	return rel
}
