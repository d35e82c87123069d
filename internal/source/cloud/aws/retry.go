// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package aws

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"sync"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// How often a request is sent at most. A throttled one is worth waiting for; a
// server's error or a cut connection rarely heals within seconds.
const (
	attemptsThrottled = 8
	attemptsOther     = 3
)

// retryer decides about repeated attempts as the SDK's standard one does, with
// two bounds and two kinds of delay instead of one, and without a quota of
// retries: the attempts are bounded. What throttles is slowed down by the SDK's
// adaptive rate, one for each service and region, whichever client calls it.
type retryer struct {
	*retry.Standard

	mu    sync.Mutex
	rates map[string]*retry.AdaptiveMode
}

func newRetryer() *retryer {
	return &retryer{
		rates: map[string]*retry.AdaptiveMode{},
		Standard: retry.NewStandard(func(o *retry.StandardOptions) {
			o.MaxAttempts = attemptsThrottled
			o.RateLimiter = ratelimit.None
			o.Backoff = retry.BackoffDelayerFunc(backoff)
			// The standard list would try what was refused here once more.
			o.Retryables = append([]retry.IsErrorRetryable{retry.IsErrorRetryableFunc(neverAgain)}, o.Retryables...)
		}),
	}
}

// GetAttemptToken waits for the rate of the request's service and region.
func (r *retryer) GetAttemptToken(ctx context.Context) (func(error) error, error) {
	return r.rate(place(ctx)).GetAttemptToken(ctx)
}

func (r *retryer) rate(place string) *retry.AdaptiveMode {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.rates[place] == nil {
		r.rates[place] = retry.NewAdaptiveMode()
	}
	return r.rates[place]
}

func neverAgain(err error) aws.Ternary {
	var lost *lostError
	var misuse *misuseError
	if errors.As(err, &lost) || errors.As(err, &misuse) {
		return aws.FalseTernary
	}
	return aws.UnknownTernary
}

var errEnough = errors.New("no further attempt")

// GetRetryToken refuses a further attempt by an error.
func (r *retryer) GetRetryToken(ctx context.Context, err error) (func(error) error, error) {
	if attemptsOf(ctx) >= attemptsOther && Classify(err).Status != asset.Throttled {
		return nil, errEnough
	}
	return func(error) error { return nil }, nil
}

// backoff is a random time that doubles with every attempt.
func backoff(attempt int, err error) (time.Duration, error) {
	first, most := 100*time.Millisecond, time.Second
	if Classify(err).Status == asset.Throttled {
		first, most = 250*time.Millisecond, 10*time.Second
	}
	ceiling := min(first<<min(max(attempt-1, 0), 10), most)
	return ceiling/2 + rand.N(ceiling/2), nil
}

// isSilence reports whether err says that no connection came about, or that
// nothing came back over it: not that it was cut in the middle.
func isSilence(err error) bool {
	var dial *net.OpError
	return errors.As(err, &dial) && dial.Op == "dial" ||
		errors.Is(err, syscall.ECONNREFUSED) || isUnknownHost(err) || isTimeout(err)
}

func isTimeout(err error) bool {
	var timeout interface{ Timeout() bool }
	return errors.As(err, &timeout) && timeout.Timeout()
}

func isUnknownHost(err error) bool {
	var dns *net.DNSError
	return errors.As(err, &dns) && dns.IsNotFound
}
