// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/plumb-cspm/plumb/internal/source/cloud"
	"github.com/plumb-cspm/plumb/internal/source/cloud/aws"
	"github.com/plumb-cspm/plumb/providers/all/live"
)

// permissionsOptions are the flags of plumb permissions.
type permissionsOptions struct {
	selection
	format          *choice
	config          string
	check           bool
	requireCoverage bool
	quiet, verbose  bool
	concurrency     count
}

func (a *app) permissionsCommand() *cobra.Command {
	o := &permissionsOptions{format: oneOf("json", "json", "cloudformation", "terraform")}
	cmd := group("permissions", "Print the least privilege that controls need",
		"Prints exactly the permissions that the selected controls need, all of them to read.\n\n"+permissionsCodes,
		a.permissionsAWSCommand(o))
	flags := cmd.PersistentFlags()
	flags.SortFlags = false
	choose(cmd, flags, o.format, "format", "an IAM policy, or a template that makes a role with it; with --check only json")
	o.selection.flags(cmd)
	flags.BoolVar(&o.check, "check", false, "try with the credentials at hand which controls would be blind")
	flags.BoolVar(&o.requireCoverage, "require-coverage", false, "with --check, exit with 4 if something is denied")
	flags.Var(&o.concurrency, "concurrency", "with --check, how many requests are under way at once; 0 for a good number")
	generalFlags(cmd, &o.config, &o.quiet, &o.verbose)
	return cmd
}

func (a *app) permissionsAWSCommand(o *permissionsOptions) *cobra.Command {
	var account awsOptions
	cmd := &cobra.Command{
		Use:   "aws",
		Short: "Print the IAM policy that controls need",
		Long: `Prints the IAM policy that a scan with the selected controls needs and nothing more.
The templates make a role with it that another account can assume with an external id.

With --check it prints instead which controls would be blind, and which denied call
makes them so. It finds out by a scan of the account whose verdicts it throws away, so
it takes as long as one, and it can only tell of calls that the account gave a reason
to make: without a bucket, nobody learns whether a bucket's policy may be read.

` + permissionsCodes,
		Example: `  plumb permissions aws > policy.json
  plumb permissions aws --control 'aws-s3-*' --format terraform
  plumb permissions aws --check --profile audit`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			k, err := know()
			if err != nil {
				return err
			}
			selected, err := o.choose(k)
			if err != nil {
				return err
			}
			for _, broken := range selected.broken {
				a.notice(o.quiet, "%v", broken)
			}
			need, err := o.need(k, selected.controls)
			if err != nil {
				return err
			}
			operations := operationsFor(need, account.services)
			if o.check {
				asJSON := cmd.Flags().Changed("format") && o.format.value == "json"
				return a.checkPermissions(cmd.Context(), o, &account, k, selected, need, operations, asJSON)
			}
			return unwritable(writePolicy(a.Stdout, o.format.value, actionsOf(operations)))
		},
	}
	account.flags(cmd)
	return cmd
}

// operationsFor are the calls of a scan, those of the session included.
func operationsFor(need cloud.Need, services []string) []cloud.Operation {
	// Whoever may assume a role is no business of the role itself.
	operations := slices.DeleteFunc(aws.Operations(), func(op cloud.Operation) bool { return op.Name == "sts:AssumeRole" })
	for _, c := range live.AWS() {
		if len(services) > 0 && !slices.Contains(services, c.Service) {
			continue
		}
		for _, op := range c.Operations {
			if need.Of(op) {
				operations = append(operations, op)
			}
		}
	}
	return operations
}

func actionsOf(operations []cloud.Operation) []string {
	var actions []string
	for _, op := range operations {
		actions = append(actions, op.Permissions()...)
	}
	slices.Sort(actions)
	return slices.Compact(actions)
}
