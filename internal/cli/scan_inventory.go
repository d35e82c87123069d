// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/plumb-cspm/plumb/internal/source"
	"github.com/plumb-cspm/plumb/internal/source/inventory"
)

func (a *app) scanInventoryCommand(o *scanOptions) *cobra.Command {
	return &cobra.Command{
		Use:   "inventory FILE",
		Short: "Judge what an earlier scan has saved",
		Long: `Judges the assets that a scan has saved with --save-inventory. The verdicts are those
of that scan: controls see the time at which the inventory was read.

` + scanCodes,
		Example: `  plumb scan aws --save-inventory account.jsonl
  plumb scan inventory account.jsonl --controls-dir ./controls`,
		Args: oneArgument("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.scan(cmd.Context(), o, "inventory", func(_ context.Context, k *knowledge, _ chosen) (reading, error) {
				src, err := inventory.Open(args[0], k.catalog)
				if err != nil {
					return reading{}, err
				}
				return reading{sources: []source.Source{src}, now: src.ReadAt(), subject: o.subject()}, nil
			})
		},
	}
}
