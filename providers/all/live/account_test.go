// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/plumb-cspm/plumb/internal/mototest"
	"github.com/plumb-cspm/plumb/internal/source/cloud/aws"
	"github.com/plumb-cspm/plumb/providers/all/live"
)

// The calls that an account of 200 users, 100 roles and 100 buckets costs: a
// fixed number for IAM, and what only a bucket itself can answer for S3.
func TestCallsOfAnAccount(t *testing.T) {
	t.Parallel()
	const users, roles, buckets = 200, 100, 100
	server := mototest.Start(t)
	cfg := server.Config(t)
	people, store := iam.NewFromConfig(cfg), s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
	name := func(kind string, i int) *string {
		s := fmt.Sprintf("%s-%s-%d", kind, server.Account, i)
		return &s
	}
	trust := `{"Version":"2012-10-17","Statement":[]}`
	for i := range users {
		mototest.Must(people.CreateUser(t.Context(), &iam.CreateUserInput{UserName: name("user", i)}))(t)
	}
	for i := range roles {
		mototest.Must(people.CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: name("role", i), AssumeRolePolicyDocument: &trust}))(t)
	}
	for i := range buckets {
		mototest.Must(store.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: name("bucket", i)}))(t)
	}

	reading := server.Read(t, aws.Config{}, live.AWS()...)

	services := map[string]int{}
	for _, operation := range slices.Sorted(maps.Keys(reading.Calls)) {
		service, _, _ := strings.Cut(operation, ":")
		services[service] += reading.Calls[operation]
		t.Logf("%4d %s", reading.Calls[operation], operation)
	}
	if services["iam"] > 20 {
		t.Errorf("%d calls to IAM, at most 20 are allowed", services["iam"])
	}
	// moto's listing does not say the region of a bucket: one more call each.
	const perBucket = 10
	if services["s3"] > perBucket*buckets+10 {
		t.Errorf("%d calls to S3 for %d buckets", services["s3"], buckets)
	}
	read := map[string]int{}
	for _, a := range reading.Assets {
		read[a.Type]++
	}
	if read["aws.iam.user"] != users || read["aws.iam.role"] != roles || read["aws.s3.bucket"] != buckets {
		t.Errorf("read were %v", read)
	}
}
