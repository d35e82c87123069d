// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/plumb-cspm/plumb/internal/source"
	"github.com/plumb-cspm/plumb/internal/source/code"
	decoders "github.com/plumb-cspm/plumb/providers/all/code"
)

func (a *app) scanCodeCommand(o *scanOptions) *cobra.Command {
	var opts decoders.Options
	var baseline string
	cmd := &cobra.Command{
		Use:   "code [PATH...]",
		Short: "Judge what code is about to deploy: Terraform, CloudFormation, Docker, Kubernetes",
		Long: `Reads the code below the paths, the working directory without any. It needs no
terraform init, no plan, no change set, no credentials and no network: what only
these would know is unknown, and says so.

Values of variables come from their defaults, TF_VAR_ variables, terraform.tfvars,
*.auto.tfvars, --var-file and --var, in this order. Parameters of CloudFormation
templates come from their defaults and --parameters, those of Dockerfiles from their
defaults, and variables of Compose files from .env beside them.

` + scanCodes,
		Example: `  plumb scan code
  plumb scan code infra --format sarif --output plumb.sarif --fail-on high
  plumb scan code --exclude '**/examples/**' --var environment=prod`,
		RunE: func(cmd *cobra.Command, paths []string) error {
			opts.Environ, opts.Include, opts.Exclude = a.Environ, o.include, o.exclude
			if len(paths) == 0 {
				paths = []string{"."}
			}
			if err := opts.Validate(); err != nil {
				return usagef("%w", err)
			}
			return a.scan(cmd.Context(), o, "code", func(context.Context, *knowledge, chosen) (reading, error) {
				if err := readable(paths...); err != nil {
					return reading{}, err
				}
				tree, err := code.Open(paths)
				if err != nil {
					return reading{}, err
				}
				old, err := baselineFrom(baseline, tree)
				if err != nil {
					return reading{}, err
				}
				return reading{
					baseline: old,
					sources:  []source.Source{decoders.Source(tree, paths, opts)},
					tree:     tree,
					rebase:   func(file string) string { return fromHere(tree.Path(file)) },
				}, nil
			})
		},
	}
	flags := cmd.Flags()
	codeFlags(flags, &opts)
	flags.StringVar(&baseline, "baseline", "", "do not count what is in this `FILE`, which plumb baseline wrote")
	return cmd
}

// codeFlags are the flags that give code what it does not say itself.
func codeFlags(flags *pflag.FlagSet, opts *decoders.Options) {
	flags.StringArrayVar(&opts.Vars, "var", nil, "give a variable a value: `NAME=VALUE`; can be repeated")
	flags.StringArrayVar(&opts.VarFiles, "var-file", nil, "read values of variables from this `FILE`; can be repeated")
	flags.StringArrayVar(&opts.Parameters, "parameters", nil, "read values of CloudFormation parameters from this JSON or YAML `FILE`; can be repeated")
	flags.StringVar(&opts.Account, "account", "", "the `ID` of the AWS account that the code is for")
}
