// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package aws_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/mototest"
	"github.com/plumb-cspm/plumb/internal/source/cloud"
	cloudaws "github.com/plumb-cspm/plumb/internal/source/cloud/aws"
)

// idle reads nothing, in every region.
func idle() cloudaws.Collector {
	return listing(func(context.Context, *cloudaws.Reader) error { return nil })
}

func TestMistakesOfTheUserAreFoundBeforeAnythingIsRead(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		cfg  cloudaws.Config
		want string
	}{
		"unknown service":           {cloudaws.Config{Services: []string{"sqs", "s4"}}, `there is no AWS service "s4"; known are sqs`},
		"region of no form":         {cloudaws.Config{Regions: []string{"Frankfurt"}}, `"Frankfurt" is not an AWS region; one looks like eu-west-1`},
		"region of no partition":    {cloudaws.Config{Regions: []string{"eu-west-77"}}, "there is no region eu-west-77 in this account's partition (aws)"},
		"role that is a name":       {cloudaws.Config{RoleARN: "audit"}, `"audit" is not the ARN of a role; one looks like arn:aws:iam::123456789012:role/audit`},
		"external id without role":  {cloudaws.Config{ExternalID: "x"}, "an external id is only used when a role is assumed"},
		"profile that is not there": {cloudaws.Config{Profile: "nobody"}, "there is no AWS profile nobody in the shared configuration"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := mototest.Start(t)
			tt.cfg.Options = s.Options()
			if tt.cfg.Profile != "" {
				tt.cfg.Options = append(tt.cfg.Options, awsconfig.WithSharedConfigProfile(tt.cfg.Profile))
			}
			_, err := cloudaws.New(t.Context(), tt.cfg, []cloudaws.Collector{idle()})
			var usage *cloud.UsageError
			if !errors.As(err, &usage) || err.Error() != tt.want {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
}

// noCredentials stands for a chain that found nothing.
type noCredentials struct{}

func (noCredentials) Retrieve(context.Context) (aws.Credentials, error) {
	return aws.Credentials{}, errors.New("no EC2 IMDS role found")
}

// expired stands for a session of single sign-on that has ended.
type expired struct{}

func (expired) Retrieve(context.Context) (aws.Credentials, error) {
	return aws.Credentials{}, &smithy.GenericAPIError{Code: "InvalidGrantException"}
}

func TestErrorsOfCredentialsSayWhatToDo(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		fault func(w *mototest.Wire)
		cfg   cloudaws.Config
		want  []string
	}{
		"none": {
			cfg:  cloudaws.Config{Options: []func(*awsconfig.LoadOptions) error{awsconfig.WithCredentialsProvider(noCredentials{})}},
			want: []string{"no AWS credentials were found", "aws sso login", "--profile", "no EC2 IMDS role found"},
		},
		"not accepted": {
			fault: func(w *mototest.Wire) { w.Fail("sts:GetCallerIdentity", 403, "ExpiredToken") },
			want:  []string{"AWS does not accept the credentials: ExpiredToken on sts:GetCallerIdentity", "sign in again"},
		},
		"no connection": {
			fault: func(w *mototest.Wire) { w.Cut("sts:*") },
			want:  []string{"ask AWS whose credentials these are", "the connection was closed"},
		},
		"session at an end": {
			cfg:  cloudaws.Config{Options: []func(*awsconfig.LoadOptions) error{awsconfig.WithCredentialsProvider(expired{})}},
			want: []string{"get AWS credentials: InvalidGrantException", "aws sso login"},
		},
		"none to assume a role with": {
			cfg: cloudaws.Config{RoleARN: "arn:aws:iam::444455556666:role/audit",
				Options: []func(*awsconfig.LoadOptions) error{awsconfig.WithCredentialsProvider(noCredentials{})}},
			want: []string{"no AWS credentials were found"},
		},
		"role that may not be assumed": {
			fault: func(w *mototest.Wire) { w.Deny("sts:AssumeRole") },
			cfg:   cloudaws.Config{RoleARN: "arn:aws:iam::444455556666:role/audit"},
			want:  []string{"assume the role arn:aws:iam::444455556666:role/audit: AccessDenied on sts:AssumeRole", "trust policy"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := mototest.Start(t)
			if tt.fault != nil {
				tt.fault(s.Wire())
			}
			tt.cfg.Options = append(s.Options(), tt.cfg.Options...)
			_, err := cloudaws.New(t.Context(), tt.cfg, []cloudaws.Collector{idle()})
			if err == nil {
				t.Fatal("no error")
			}
			for _, part := range tt.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q does not say %q", err, part)
				}
			}
		})
	}
}

func TestAnAssumedRoleLeadsToItsAccount(t *testing.T) {
	t.Parallel()
	s := mototest.Start(t)
	role, err := iam.NewFromConfig(s.Config(t)).CreateRole(t.Context(), &iam.CreateRoleInput{
		RoleName: aws.String("audit"), AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[]}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	other := mototest.Start(t)
	src, err := cloudaws.New(t.Context(), cloudaws.Config{
		RoleARN: *role.Role.Arn, ExternalID: "plumb", Options: other.Options(), Regions: []string{mototest.Region},
	}, []cloudaws.Collector{idle()})
	if err != nil {
		t.Fatal(err)
	}
	if want := "aws:" + s.Account; src.Target() != want {
		t.Errorf("target is %s, want %s", src.Target(), want)
	}
}

func TestRegions(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		asked  []string
		denied bool
		want   []string // nil: many, and only enabled ones
		lines  func(account string) []asset.Coverage
	}{
		"all that are enabled": {},
		"those asked for, once each": {
			asked: []string{"eu-west-1", "us-east-1", "eu-west-1"},
			want:  []string{"eu-west-1", "us-east-1"},
		},
		"one that is not enabled": {
			asked: []string{"me-south-1", "eu-west-1"},
			want:  []string{"eu-west-1"},
			lines: func(account string) []asset.Coverage {
				return []asset.Coverage{{Scope: "aws/" + account + "/me-south-1", Part: "region", Status: asset.Skipped,
					Reason: "the region is not enabled in this account", Count: 1}}
			},
		},
		"those asked for where AWS does not tell": {
			asked:  []string{"eu-west-1", "eu-west-2"},
			denied: true,
			want:   []string{"eu-west-1", "eu-west-2"},
			lines: func(account string) []asset.Coverage {
				return []asset.Coverage{{Scope: "aws/" + account, Part: "ec2:DescribeRegions", Status: asset.Denied, Count: 1,
					Reason: "UnauthorizedOperation on ec2:DescribeRegions: no identity-based policy allows; only eu-west-1, eu-west-2 is read"}}
			},
		},
		"the default where AWS does not tell": {
			denied: true,
			want:   []string{"us-east-1"},
			lines: func(account string) []asset.Coverage {
				return []asset.Coverage{{Scope: "aws/" + account, Part: "ec2:DescribeRegions", Status: asset.Denied, Count: 1,
					Reason: "UnauthorizedOperation on ec2:DescribeRegions: no identity-based policy allows; only us-east-1 is read"}}
			},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := mototest.Start(t)
			if tt.denied {
				s.Wire().Deny("ec2:DescribeRegions")
			}
			src, err := cloudaws.New(t.Context(), cloudaws.Config{Regions: tt.asked, Options: s.Options()}, []cloudaws.Collector{idle()})
			if err != nil {
				t.Fatal(err)
			}
			got := src.Regions()
			if tt.want != nil {
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("regions (-want +got):\n%s", diff)
				}
			} else if all := strings.Join(got, " "); len(got) < 10 || !strings.Contains(all, "eu-west-1") || strings.Contains(all, "me-south-1") {
				t.Errorf("regions are %s", all)
			}
			var lines []asset.Coverage
			for _, c := range read(t, src).coverage {
				if c.Status != asset.Covered {
					lines = append(lines, c)
				}
			}
			var want []asset.Coverage
			if tt.lines != nil {
				want = tt.lines(s.Account)
			}
			if diff := cmp.Diff(want, lines); diff != "" {
				t.Errorf("coverage (-want +got):\n%s", diff)
			}
		})
	}
}

// The settings of the environment are all that the command line has; a test of
// them cannot run beside others.
func TestTheEnvironmentLeadsToTheAccount(t *testing.T) {
	s := mototest.Start(t)
	t.Setenv("AWS_ENDPOINT_URL", s.Endpoint())
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIAFROMENVIRONMENT0")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	t.Setenv("AWS_SESSION_TOKEN", "")
	t.Setenv("AWS_PROFILE", "")
	t.Setenv("AWS_REGION", "")
	t.Setenv("AWS_DEFAULT_REGION", "eu-west-1")
	t.Setenv("AWS_CONFIG_FILE", t.TempDir()+"/none")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", t.TempDir()+"/none")

	src, err := cloudaws.New(t.Context(), cloudaws.Config{}, []cloudaws.Collector{{
		Service: "sqs", Global: true,
		Operations: []cloud.Operation{{Name: "sqs:ListQueues"}},
		Collect: func(_ context.Context, r *cloudaws.Reader) error {
			if r.Region() != "eu-west-1" || !r.CustomEndpoint("SQS") {
				t.Errorf("region %s, custom endpoint %v", r.Region(), r.CustomEndpoint("SQS"))
			}
			return nil
		},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if want := "aws:123456789012"; src.Target() != want { // moto's, for keys it does not know
		t.Errorf("target is %s, want %s", src.Target(), want)
	}
	read(t, src)
}

func TestAnEndpointOfOneServiceIsNotThatOfAll(t *testing.T) {
	s := mototest.Start(t)
	t.Setenv("AWS_ENDPOINT_URL", "")
	t.Setenv("AWS_ENDPOINT_URL_STS", s.Endpoint())
	t.Setenv("AWS_ENDPOINT_URL_S3", s.Endpoint())
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIAFROMENVIRONMENT0")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	t.Setenv("AWS_PROFILE", "")
	t.Setenv("AWS_CONFIG_FILE", t.TempDir()+"/none")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", t.TempDir()+"/none")

	var custom, other bool
	src, err := cloudaws.New(t.Context(), cloudaws.Config{}, []cloudaws.Collector{{
		Service: "s3", Global: true,
		Operations: []cloud.Operation{{Name: "s3:ListBuckets"}},
		Collect: func(_ context.Context, r *cloudaws.Reader) error {
			custom, other = r.CustomEndpoint("S3"), r.CustomEndpoint("SQS")
			return nil
		},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if read(t, src); !custom || other {
		t.Errorf("custom endpoint of S3: %v, of SQS: %v", custom, other)
	}
}
