// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package aws

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/cloud"
)

// The operations that reading any account needs, whatever the services.
var (
	opIdentity = cloud.Operation{Name: "sts:GetCallerIdentity"}
	opAssume   = cloud.Operation{Name: "sts:AssumeRole"}
	opRegions  = cloud.Operation{Name: "ec2:DescribeRegions"}
)

// Operations are the calls that reading an account makes besides those of its
// collectors. sts:AssumeRole is only made for a role, with the first
// credentials; sts:GetCallerIdentity needs no permission.
func Operations() []cloud.Operation { return []cloud.Operation{opIdentity, opRegions, opAssume} }

var regionForm = regexp.MustCompile(`^[a-z]{2,}(-[a-z]+)+-\d+$`)

// regions returns the regions to read: those asked for, else all that are
// enabled. It asks AWS only if something is read by region.
func (a *account) regions(ctx context.Context, collectors []Collector) ([]string, error) {
	if !slices.ContainsFunc(collectors, func(c Collector) bool { return !c.Global }) {
		return a.asked, nil
	}
	answer, err := ec2.NewFromConfig(a.config).DescribeRegions(withOperation(ctx, opRegions.Name),
		&ec2.DescribeRegionsInput{AllRegions: aws.Bool(true)})
	if err != nil {
		return a.guessRegions(Classify(err)), ctx.Err()
	}
	a.ledger.Add(a.scopeOf(""), opRegions.Name, asset.Covered, "")
	enabled := map[string]bool{}
	for _, r := range answer.Regions {
		enabled[aws.ToString(r.RegionName)] = aws.ToString(r.OptInStatus) != "not-opted-in"
	}
	return a.choose(enabled)
}

// guessRegions says which regions to read where AWS does not tell.
func (a *account) guessRegions(failure cloud.Failure) []string {
	regions := a.asked
	if len(regions) == 0 {
		regions = []string{a.home}
	}
	a.ledger.Add(a.scopeOf(""), opRegions.Name, failure.Status,
		failure.Reason(opRegions.Name)+"; only "+strings.Join(regions, ", ")+" is read")
	return regions
}

// choose picks from all regions of the partition, of which some are enabled.
func (a *account) choose(enabled map[string]bool) ([]string, error) {
	var chosen []string
	if len(a.asked) == 0 {
		for region, on := range enabled {
			if on {
				chosen = append(chosen, region)
			}
		}
	}
	for _, region := range a.asked {
		switch on, exists := enabled[region]; {
		case !exists:
			return nil, &cloud.UsageError{Problem: fmt.Sprintf("there is no region %s in this account's partition (%s)", region, a.partition)}
		case !on:
			a.ledger.Add(a.scopeOf(region), "region", asset.Skipped, "the region is not enabled in this account")
		default:
			chosen = append(chosen, region)
		}
	}
	slices.Sort(chosen)
	return slices.Compact(chosen), nil
}

func (a *account) scopeOf(region string) asset.Scope {
	return asset.Scope{Provider: "aws", Account: a.id, Region: region}
}
