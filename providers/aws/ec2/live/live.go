// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package live reads Amazon EC2 from its API.
package live

import (
	"context"

	"github.com/plumb-cspm/plumb/internal/source/cloud"
	"github.com/plumb-cspm/plumb/internal/source/cloud/aws"
	"github.com/plumb-cspm/plumb/providers/aws/ec2"
)

// Collectors reads EC2 in each region.
func Collectors() []aws.Collector {
	return []aws.Collector{{Service: "ec2", Operations: operations(), Collect: collect}}
}

func operations() []cloud.Operation {
	return []cloud.Operation{
		{Name: "ec2:DescribeSecurityGroups", Fills: []string{ec2.SecurityGroupType}},
	}
}

func collect(ctx context.Context, r *aws.Reader) error {
	collectSecurityGroups(ctx, r)
	return nil
}
