// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package mototest_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"github.com/plumb-cspm/plumb/internal/mototest"
)

// through returns the configuration of code under test, without retries.
func through(t *testing.T, s *mototest.Server) aws.Config {
	t.Helper()
	cfg, err := awsconfig.LoadDefaultConfig(t.Context(), append(s.Options(), awsconfig.WithRetryMaxAttempts(1))...)
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// calls are one call of a service in each way of writing errors.
var calls = map[string]func(t *testing.T, cfg aws.Config) error{
	"sqs:ListQueues": func(t *testing.T, cfg aws.Config) error {
		_, err := sqs.NewFromConfig(cfg).ListQueues(t.Context(), nil)
		return err
	},
	"sts:GetCallerIdentity": func(t *testing.T, cfg aws.Config) error {
		_, err := sts.NewFromConfig(cfg).GetCallerIdentity(t.Context(), nil)
		return err
	},
	"iam:ListUsers": func(t *testing.T, cfg aws.Config) error {
		_, err := iam.NewFromConfig(cfg).ListUsers(t.Context(), nil)
		return err
	},
	"ec2:DescribeVpcs": func(t *testing.T, cfg aws.Config) error {
		_, err := ec2.NewFromConfig(cfg).DescribeVpcs(t.Context(), nil)
		return err
	},
	"lambda:ListFunctions": func(t *testing.T, cfg aws.Config) error {
		_, err := lambda.NewFromConfig(cfg).ListFunctions(t.Context(), nil)
		return err
	},
	"s3:ListBuckets": func(t *testing.T, cfg aws.Config) error {
		_, err := s3.NewFromConfig(cfg).ListBuckets(t.Context(), nil)
		return err
	},
}

func TestWireWritesErrorsAsTheServicesDo(t *testing.T) {
	t.Parallel()
	codes := map[string]struct{ denied, throttled string }{
		"sqs:ListQueues":        {"AccessDeniedException", "ThrottlingException"},
		"sts:GetCallerIdentity": {"AccessDenied", "Throttling"},
		"iam:ListUsers":         {"AccessDenied", "Throttling"},
		"ec2:DescribeVpcs":      {"UnauthorizedOperation", "RequestLimitExceeded"},
		"lambda:ListFunctions":  {"AccessDeniedException", "ThrottlingException"},
		"s3:ListBuckets":        {"AccessDenied", "SlowDown"},
	}
	for operation, call := range calls {
		t.Run(operation, func(t *testing.T) {
			t.Parallel()
			s := mototest.Start(t)
			cfg := through(t, s)
			if err := call(t, cfg); err != nil {
				t.Errorf("untouched: %v", err)
			}
			s.Wire().Deny(operation)
			if got := code(call(t, cfg)); got != codes[operation].denied {
				t.Errorf("denied: code %q, want %q", got, codes[operation].denied)
			}
			s.Wire().Throttle(operation, 1)
			if got := code(call(t, cfg)); got != codes[operation].throttled {
				t.Errorf("throttled: code %q, want %q", got, codes[operation].throttled)
			}
			if got := code(call(t, cfg)); got != codes[operation].denied {
				t.Errorf("throttled once, then denied as before: code %q", got)
			}
			s.Wire().Fail("*", http.StatusNotImplemented, "NotImplemented")
			if got := code(call(t, cfg)); got != "NotImplemented" {
				t.Errorf("failed: code %q", got)
			}
			s.Wire().Cut("*")
			if err := call(t, cfg); err == nil || code(err) != "" {
				t.Errorf("cut: %v", err)
			}
			s.Wire().Heal()
			if err := call(t, cfg); err != nil {
				t.Errorf("healed: %v", err)
			}
			if diff := cmp.Diff(map[string]int{operation: 7}, s.Wire().Calls()); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEveryTestHasAnAccountOfItsOwn(t *testing.T) {
	t.Parallel()
	one, two := mototest.Start(t), mototest.Start(t)
	name := aws.String("orders")
	if _, err := sqs.NewFromConfig(one.Config(t)).CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: name}); err != nil {
		t.Fatal(err)
	}
	for s, want := range map[*mototest.Server]int{one: 1, two: 0} {
		queues, err := sqs.NewFromConfig(through(t, s)).ListQueues(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(queues.QueueUrls) != want {
			t.Errorf("account %s has queues %v, want %d", s.Account, queues.QueueUrls, want)
		}
		caller, err := sts.NewFromConfig(through(t, s)).GetCallerIdentity(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if *caller.Account != s.Account {
			t.Errorf("the caller is of account %s, want %s", *caller.Account, s.Account)
		}
	}
}

func TestSeedingGoesPastTheWire(t *testing.T) {
	t.Parallel()
	s := mototest.Start(t)
	s.Wire().Deny("*")
	if err := calls["sqs:ListQueues"](t, s.Config(t)); err != nil {
		t.Error(err)
	}
	if n := s.Wire().Calls(); len(n) != 0 {
		t.Errorf("the wire saw %v", n)
	}
}

func TestHoldKeepsRequestsUntilReleased(t *testing.T) {
	t.Parallel()
	s := mototest.Start(t)
	arrived, release := s.Wire().Hold("sqs:*")
	answered := make(chan error, 1)
	cfg := through(t, s)
	go func() { answered <- calls["sqs:ListQueues"](t, cfg) }()
	<-arrived
	select {
	case err := <-answered:
		t.Fatalf("answered while held: %v", err)
	default:
	}
	release()
	if err := <-answered; err != nil {
		t.Error(err)
	}
}

func code(err error) string {
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		return api.ErrorCode()
	}
	return ""
}
