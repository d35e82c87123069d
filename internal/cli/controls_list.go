// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/plumb-cspm/plumb/internal/control"
)

const controlsSchema = "plumb.controls/v1"

func (a *app) controlsListCommand(o *controlsOptions) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List controls",
		Long:  "Lists the controls, or those that the flags select, by id.\n\n" + plainCodes,
		Example: `  plumb controls list --severity high
  plumb controls list --control 'aws-s3-*' --format markdown`,
		Args: noArguments,
		RunE: func(*cobra.Command, []string) error {
			k, err := know()
			if err != nil {
				return err
			}
			all, _, err := o.candidates(k)
			if err != nil {
				return err
			}
			selected, err := o.choose(k)
			if err != nil {
				return err
			}
			for _, broken := range selected.broken {
				a.notice(false, "%v", broken)
			}
			switch o.format.value {
			case "json":
				list := struct {
					Schema   string             `json:"schema"`
					Controls []describedControl `json:"controls"`
				}{controlsSchema, []describedControl{}}
				origins := k.origins(all)
				for _, c := range selected.controls {
					list.Controls = append(list.Controls, k.describe(c, origins))
				}
				return unwritable(writeJSON(a.Stdout, list))
			case "markdown":
				return unwritable(listMarkdown(a.Stdout, selected.controls))
			}
			return unwritable(listTable(a.Stdout, selected.controls))
		},
	}
}

func listTable(to io.Writer, controls []*control.Control) error {
	w := bufio.NewWriter(to)
	longest := 0
	for _, c := range controls {
		longest = max(longest, len(c.ID))
	}
	for _, c := range controls {
		fmt.Fprintf(w, "%-8s  %-*s  %s\n", c.Severity, longest, c.ID, c.Title)
	}
	return w.Flush()
}

func listMarkdown(to io.Writer, controls []*control.Control) error {
	w := bufio.NewWriter(to)
	fmt.Fprint(w, "| control | severity | asset | title |\n|---|---|---|---|\n")
	for _, c := range controls {
		fmt.Fprintf(w, "| `%s` | %s | `%s` | %s |\n", c.ID, c.Severity, c.Asset, strings.ReplaceAll(c.Title, "|", `\|`))
	}
	return w.Flush()
}
