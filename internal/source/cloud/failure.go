// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cloud

import (
	"context"
	"errors"
	"io"
	"net"
	"syscall"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// Failure is why a call gave no answer, in the terms of coverage.
type Failure struct {
	Status asset.Status
	// Code is the provider's own name for the error: "AccessDenied". "" where
	// the error did not come from the provider.
	Code string
	// Detail says more in a few words. It holds no secrets and no request ids.
	Detail string
}

// Reason says of an operation why it could not be read:
// "AccessDenied on s3:GetBucketPolicy: explicit deny in a service control policy".
func (f Failure) Reason(operation string) string {
	switch {
	case f.Code == "":
		return operation + ": " + f.Detail
	case f.Detail == "":
		return f.Code + " on " + operation
	}
	return f.Code + " on " + operation + ": " + f.Detail
}

// Mistake begins the reasons that are a collector's own mistake, and no state of
// the cloud: tests look for it.
const Mistake = "mistake in the collector: "

// interrupted is the failure of a call that was not finished because the scan
// was told to stop.
var interrupted = Failure{Status: asset.Skipped, Detail: "interrupted"}

// NetworkFailure explains an error that kept a request from being answered, and
// reports whether err is one.
func NetworkFailure(err error) (Failure, bool) {
	var dns *net.DNSError
	var timeout interface{ Timeout() bool }
	var dial *net.OpError
	unreachable := func(detail string) (Failure, bool) {
		return Failure{Status: asset.Unreachable, Detail: detail}, true
	}
	switch {
	case errors.Is(err, context.Canceled):
		return interrupted, true
	case errors.As(err, &dns) && dns.IsNotFound:
		return unreachable("there is no host " + dns.Name)
	case errors.As(err, &dns):
		return unreachable("the name " + dns.Name + " could not be resolved")
	case errors.Is(err, syscall.ECONNREFUSED):
		return unreachable("connection refused")
	case errors.As(err, &timeout) && timeout.Timeout():
		return unreachable("no answer in time")
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return unreachable("the connection was closed before the answer was complete")
	case errors.As(err, &dial):
		return unreachable("no connection")
	}
	return Failure{}, false
}

// UsageError is a mistake in what the user asked for, found before anything was
// read: an unknown region, service or profile.
type UsageError struct{ Problem string }

// Error implements error.
func (e *UsageError) Error() string { return e.Problem }
