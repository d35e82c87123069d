// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package aws

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/cloud"
)

// What happens to every request of a collector, whatever client it comes from,
// is decided here, in the SDK's middleware: it is admitted, its host is put
// right, and each attempt waits for its turn, is counted and is remembered.

type operationKey struct{}
type requestKey struct{}

// withOperation says which declared operation the calls under ctx are.
func withOperation(ctx context.Context, operation string) context.Context {
	return context.WithValue(ctx, operationKey{}, operation)
}

// request is what the middleware and the retryer share of one API request.
type request struct{ attempts int }

// attemptsOf is how often the request under ctx was sent; 0 where ctx is not one
// of a collector's requests.
func attemptsOf(ctx context.Context) int {
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		return r.attempts
	}
	return 0
}

// misuseError is a mistake in a collector.
type misuseError struct{ text string }

func (e *misuseError) Error() string { return cloud.Mistake + e.text }

// lostError is a request that was not sent because its region or service was
// given up before.
type lostError struct{ why string }

func (e *lostError) Error() string { return e.why }

// install adds the account's middleware to the stack of an operation.
func (a *account) install(stack *middleware.Stack) error {
	if err := stack.Initialize.Add(middleware.InitializeMiddlewareFunc("PlumbAdmit", a.admit), middleware.After); err != nil {
		return fmt.Errorf("add middleware: %w", err)
	}
	if _, ok := stack.Finalize.Get("ResolveEndpointV2"); ok {
		put := middleware.FinalizeMiddlewareFunc("PlumbHost", a.keepHost)
		if err := stack.Finalize.Insert(put, "ResolveEndpointV2", middleware.After); err != nil {
			return fmt.Errorf("add middleware: %w", err)
		}
	}
	attempt := middleware.FinalizeMiddlewareFunc("PlumbAttempt", a.attempt)
	if err := stack.Finalize.Insert(attempt, "Retry", middleware.After); err != nil {
		return fmt.Errorf("add middleware: %w", err)
	}
	return nil
}

// admit refuses requests that were not made through Call, or that are another
// operation than the one declared.
func (a *account) admit(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (
	middleware.InitializeOutput, middleware.Metadata, error,
) {
	sent := operationName(ctx)
	switch declared, _ := ctx.Value(operationKey{}).(string); {
	case declared == "":
		return refused("%s was called without Call or Pages", sent)
	case declared != sent:
		return refused("%s was called as %s", sent, declared)
	}
	if customEndpoint(a.config, awsmiddleware.GetServiceID(ctx)) {
		ctx = smithyhttp.DisableEndpointHostPrefix(ctx, true)
	}
	return next.HandleInitialize(context.WithValue(ctx, requestKey{}, &request{}), in)
}

func refused(format string, args ...any) (out middleware.InitializeOutput, meta middleware.Metadata, err error) {
	return out, meta, &misuseError{fmt.Sprintf(format, args...)}
}

// keepHost takes the account's number off the front of a custom endpoint's host
// name, where S3 Control puts it: names below a user's endpoint rarely exist.
func (a *account) keepHost(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (
	middleware.FinalizeOutput, middleware.Metadata, error,
) {
	if req, ok := in.Request.(*smithyhttp.Request); ok && customEndpoint(a.config, awsmiddleware.GetServiceID(ctx)) {
		req.URL.Host = strings.TrimPrefix(req.URL.Host, a.id+".")
	}
	return next.HandleFinalize(ctx, in)
}

// attempt sends the request once.
func (a *account) attempt(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (
	out middleware.FinalizeOutput, meta middleware.Metadata, err error,
) {
	region, service, operation := awsmiddleware.GetRegion(ctx), serviceName(ctx), operationName(ctx)
	done, err := a.limiter.Acquire(ctx, place(ctx))
	if err != nil {
		return out, meta, err
	}
	// Asked after the wait: what was in front in the queue may have found out.
	if why := a.reach.Lost(region, service); why != "" {
		done()
		return out, meta, &lostError{why}
	}
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		r.attempts++
	}
	a.counter.Add(operation)
	began := time.Now()
	out, meta, err = next.HandleFinalize(ctx, in)
	failure := a.remember(ctx, region, service, err)
	done()
	a.log.LogAttrs(ctx, slog.LevelDebug, "aws call", slog.String("operation", operation),
		slog.String("region", region), slog.Duration("took", time.Since(began)), slog.String("failure", string(failure)))
	return out, meta, err
}

// remember notes whether the service answered, and returns the status that the
// failure of the attempt has; "" for none.
func (a *account) remember(ctx context.Context, region, service string, err error) asset.Status {
	if err == nil {
		a.reach.Answered(region, service)
		return ""
	}
	failure := Classify(err)
	switch {
	case ctx.Err() != nil: // the scan was stopped; it says nothing of the service
	case failure.Status != asset.Unreachable:
		a.reach.Answered(region, service)
	case isSilence(err) && (isTimeout(err) || attemptsOf(ctx) >= attemptsOther):
		// A refused connection is tried again at once; a timeout is not.
		a.reach.Silent(region, service, failure.Detail, !isUnknownHost(err))
	}
	return failure.Status
}

// place is the service and region that a request goes to.
func place(ctx context.Context) string { return serviceName(ctx) + " " + awsmiddleware.GetRegion(ctx) }

// operationName is the operation as collectors declare it: "s3:GetBucketPolicy".
func operationName(ctx context.Context) string {
	return serviceName(ctx) + ":" + awsmiddleware.GetOperationName(ctx)
}

// serviceName is the SDK's service id in lower case without spaces: "s3control".
func serviceName(ctx context.Context) string {
	return strings.ToLower(strings.ReplaceAll(awsmiddleware.GetServiceID(ctx), " ", ""))
}

// customEndpoint reports whether the user configured an endpoint of his own for
// the service, by the environment or the shared configuration.
func customEndpoint(cfg aws.Config, serviceID string) bool {
	if cfg.BaseEndpoint != nil {
		return true
	}
	for _, s := range cfg.ConfigSources {
		if s, ok := s.(interface {
			GetServiceBaseEndpoint(context.Context, string) (string, bool, error)
		}); ok {
			if _, found, err := s.GetServiceBaseEndpoint(context.Background(), serviceID); found && err == nil {
				return true
			}
		}
	}
	return false
}
