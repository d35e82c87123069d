// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"cmp"
	"context"
	"log/slog"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/plumb-cspm/plumb/internal/control"
	"github.com/plumb-cspm/plumb/internal/source"
	"github.com/plumb-cspm/plumb/internal/source/cloud"
	"github.com/plumb-cspm/plumb/internal/source/cloud/aws"
	"github.com/plumb-cspm/plumb/providers/all/live"
)

// awsOptions say which account is read, and as whom.
type awsOptions struct {
	profile, role, externalID string
	regions, services         []string
}

func (o *awsOptions) flags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&o.profile, "profile", "", "the `NAME` of a profile of the AWS configuration")
	flags.StringSliceVar(&o.regions, "region", nil, "only these `REGION[,REGION]`s; default: all that are enabled")
	flags.StringVar(&o.role, "role-arn", "", "assume the role with this `ARN`")
	flags.StringVar(&o.externalID, "external-id", "", "the `ID` that the role's trust policy asks for")
	flags.StringSliceVar(&o.services, "service", nil, "only these `SERVICE[,SERVICE]`s, such as s3")
}

// open finds the account. need leaves out calls; nil makes all of them.
func (o *awsOptions) open(ctx context.Context, need cloud.Need, concurrency int, log *slog.Logger) (*aws.Source, error) {
	collectors := live.AWS()
	names := serviceNames(collectors)
	for _, s := range o.services {
		if !slices.Contains(names, s) {
			return nil, usagef("--service: there is no AWS service %q%s", s, cmp.Or(suggest(s, names), "; known are "+strings.Join(names, ", ")))
		}
	}
	return aws.New(ctx, aws.Config{
		Profile: o.profile, RoleARN: o.role, ExternalID: o.externalID, Regions: o.regions, Services: o.services,
		Need: need, Concurrency: concurrency, Logger: log,
	}, collectors)
}

func serviceNames(collectors []aws.Collector) []string {
	names := map[string]bool{}
	for _, c := range collectors {
		names[c.Service] = true
	}
	return slices.Sorted(maps.Keys(names))
}

func (a *app) scanAWSCommand(o *scanOptions) *cobra.Command {
	var account awsOptions
	cmd := &cobra.Command{
		Use:   "aws",
		Short: "Judge what is deployed in an AWS account",
		Long: `Reads one AWS account. Credentials come from the SDK's own chain: environment,
profile, SSO, instance role. Only calls that read are made, and of them only those
that the selected controls need, or all with --save-inventory. What may not be read
is reported as unread, with the call that was denied.

plumb permissions aws prints the least privilege that a selection of controls needs.

` + scanCodes,
		Example: `  AWS_PROFILE=audit plumb scan aws --region eu-west-1,eu-central-1
  plumb scan aws --role-arn arn:aws:iam::111122223333:role/audit --control 'aws-s3-*'`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.scan(cmd.Context(), o, "aws", func(ctx context.Context, k *knowledge, c chosen) (reading, error) {
				need, err := o.needed(k, c)
				if err != nil {
					return reading{}, err
				}
				src, err := account.open(ctx, need, o.concurrency.n, a.logger(o.verbose))
				if err != nil {
					return reading{}, err
				}
				return reading{sources: []source.Source{src}, subject: o.subject()}, nil
			})
		},
	}
	account.flags(cmd)
	return cmd
}

// needed are the calls that a scan has to make: all where the inventory is saved,
// because it may be judged with other controls.
func (o *scanOptions) needed(k *knowledge, c chosen) (cloud.Need, error) {
	if o.inventory != "" {
		return nil, nil
	}
	return o.need(k, c.controls)
}

// need is what the controls read, of AWS. Tags decide nothing, but people sort
// findings by them: they are read unless the user asked for certain controls.
func (s *selection) need(k *knowledge, controls []*control.Control) (cloud.Need, error) {
	var fields []string
	for _, c := range controls {
		read, err := fieldsOf(k, c)
		if err != nil {
			return nil, err
		}
		fields = append(fields, read...)
		if len(s.control) == 0 {
			fields = append(fields, c.Asset+".tags")
		}
	}
	slices.Sort(fields)
	return cloud.NeedFor(slices.Compact(fields)...), nil
}

// fieldsOf are the field paths that a control reads; none for other providers.
func fieldsOf(k *knowledge, c *control.Control) ([]string, error) {
	if t, ok := k.catalog.Type(c.Asset); !ok || t.Provider() != "aws" {
		return nil, nil
	}
	p, err := c.Compile(k.env)
	if err != nil {
		return nil, err
	}
	return p.Fields(), nil
}

// listing names, for each asset type, the operations that list all its assets.
func (k *knowledge) listing() map[string][]string {
	lists := map[string][]string{}
	for _, c := range live.AWS() {
		for _, op := range c.Operations {
			for _, path := range op.Fills {
				if _, whole := k.catalog.Type(path); whole && !slices.Contains(lists[path], op.Name) {
					lists[path] = append(lists[path], op.Name)
				}
			}
		}
	}
	return lists
}
