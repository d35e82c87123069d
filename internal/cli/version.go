// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"runtime"

	"github.com/spf13/cobra"
)

func (a *app) versionCommand() *cobra.Command {
	format := oneOf("table", "table", "json")
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Say which Plumb this is",
		Long:  "Prints the version of this binary and what it was built with and for.\n\n" + plainCodes,
		Args:  noArguments,
		RunE: func(*cobra.Command, []string) error {
			platform := runtime.GOOS + "/" + runtime.GOARCH
			if format.value == "json" {
				return unwritable(writeJSON(a.Stdout, struct {
					Version  string `json:"version"`
					Go       string `json:"go"`
					Platform string `json:"platform"`
				}{a.Version, runtime.Version(), platform}))
			}
			_, err := fmt.Fprintf(a.Stdout, "plumb %s (%s, %s)\n", a.Version, runtime.Version(), platform)
			return unwritable(err)
		},
	}
	choose(cmd, cmd.Flags(), format, "format", "how it is written")
	return cmd
}

// writeJSON writes a value for programs, in a form that people can read too.
func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
