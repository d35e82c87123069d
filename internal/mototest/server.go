// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package mototest

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// Region is where clients made from Server.Config are at home.
const Region = "us-east-1"

// Server is an AWS account of one test.
type Server struct {
	// Account is the account's number.
	Account string

	moto    *moto
	wire    *Wire
	profile string // a shared configuration that says nothing
}

// Wire is the proxy that the code under test calls.
func (s *Server) Wire() *Wire { return s.wire }

// Endpoint is the wire's address.
func (s *Server) Endpoint() string { return s.wire.url }

// Config makes the clients with which a test fills its account. Their calls go
// past the wire: they are not counted and do not fail.
func (s *Server) Config(t testing.TB) aws.Config {
	t.Helper()
	cfg, err := awsconfig.LoadDefaultConfig(t.Context(), append(s.alone(),
		awsconfig.WithBaseEndpoint("http://"+s.moto.address),
		awsconfig.WithAPIOptions([]func(*middleware.Stack) error{
			header(accountHeader, func(context.Context) string { return s.Account }), plainHost(s.moto.address),
		}),
	)...)
	if err != nil {
		t.Fatalf("load the configuration for moto: %v", err)
	}
	return cfg
}

// Options make a scan read this account, through the wire, whatever credentials
// and settings the machine has.
func (s *Server) Options() []func(*awsconfig.LoadOptions) error {
	return append(s.alone(),
		awsconfig.WithBaseEndpoint(s.wire.url),
		awsconfig.WithAPIOptions([]func(*middleware.Stack) error{header(operationHeader, operationName)}),
	)
}

// alone keeps the machine's own configuration out.
func (s *Server) alone() []func(*awsconfig.LoadOptions) error {
	return []func(*awsconfig.LoadOptions) error{
		awsconfig.WithSharedConfigFiles([]string{s.profile}),
		awsconfig.WithSharedCredentialsFiles([]string{}),
		awsconfig.WithSharedConfigProfile("default"), // whatever AWS_PROFILE says
		awsconfig.WithCredentialsProvider(credentials.NewStaticCredentialsProvider(accessKey, "secret", "")),
		awsconfig.WithRegion(Region),
	}
}

// accessKey is the key of the account's root; role sessions have keys that moto
// made, and belong to the account of their role.
const accessKey = "AKIAMOTOTESTMOTOTEST"

const (
	accountHeader   = "X-Moto-Account-Id" // moto's own
	operationHeader = "X-Mototest-Operation"
)

// header adds a header to every request, before it is signed.
func header(name string, value func(context.Context) string) func(*middleware.Stack) error {
	return func(stack *middleware.Stack) error {
		return stack.Build.Add(middleware.BuildMiddlewareFunc("Mototest "+name, func(
			ctx context.Context, in middleware.BuildInput, next middleware.BuildHandler,
		) (middleware.BuildOutput, middleware.Metadata, error) {
			if req, ok := in.Request.(*smithyhttp.Request); ok {
				req.Header.Set(name, value(ctx))
			}
			return next.HandleBuild(ctx, in)
		}), middleware.After)
	}
}

// plainHost sends every request to the server's address, also where a service
// puts something in front of it, as S3 Control puts the account.
func plainHost(address string) func(*middleware.Stack) error {
	return func(stack *middleware.Stack) error {
		return stack.Finalize.Add(middleware.FinalizeMiddlewareFunc("Mototest plain host", func(
			ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler,
		) (middleware.FinalizeOutput, middleware.Metadata, error) {
			if req, ok := in.Request.(*smithyhttp.Request); ok {
				req.URL.Host = address
			}
			return next.HandleFinalize(ctx, in)
		}), middleware.After)
	}
}

func operationName(ctx context.Context) string {
	service := strings.ToLower(strings.ReplaceAll(awsmiddleware.GetServiceID(ctx), " ", ""))
	return service + ":" + awsmiddleware.GetOperationName(ctx)
}
