// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package aws

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/smithy-go"
)

func TestRedact(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ message, want string }{
		"nothing to hide":        {"The specified bucket does not exist.", "The specified bucket does not exist"},
		"lines become one":       {"first\n   second", "first second"},
		"request id in brackets": {"Rate exceeded (Service: AmazonSQS; Status Code: 400; Request ID: 11111111-2222-3333; Proxy: null)", "Rate exceeded"},
		"request id at the end":  {"Internal failure, request id: 11111111-2222-3333", "Internal failure,"},
		"access key":             {"The key AKIAABCDEFGHIJKLMNOP is not known", "The key [access key] is not known"},
		"encoded blob":           {"Encoded authorization failure message: " + strings.Repeat("aB3-_x", 30), "Encoded authorization failure message: [...]"},
		"a long plain word":      {strings.Repeat("a", 50), strings.Repeat("a", 50)},
		"a long message":         {strings.Repeat("word ", 100), strings.Repeat("word ", 31) + "word…"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := redact(tt.message); got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

func FuzzRedactKeepsNoKey(f *testing.F) {
	f.Add("key ", " is wrong")
	f.Add("(Request ID: ", ")")
	f.Fuzz(func(t *testing.T, before, after string) {
		const key = "AKIAABCDEFGHIJKLMNOP"
		message := before + " " + key + " " + after
		if got := redact(message); strings.Contains(got, key) {
			t.Errorf("redact(%q) = %q", message, got)
		}
	})
}

func TestRetryerBoundsAttemptsByKindOfFailure(t *testing.T) {
	t.Parallel()
	throttled := &smithy.GenericAPIError{Code: "ThrottlingException"}
	broken := &smithy.GenericAPIError{Code: "InternalError"}
	tests := map[string]struct {
		err      error
		attempts int
		again    bool
	}{
		"throttled a second time":    {throttled, 2, true},
		"throttled for long":         {throttled, attemptsThrottled - 1, true},
		"broken a second time":       {broken, attemptsOther - 1, true},
		"broken as often as allowed": {broken, attemptsOther, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := context.WithValue(t.Context(), requestKey{}, &request{attempts: tt.attempts})
			_, err := newRetryer().GetRetryToken(ctx, tt.err)
			if again := err == nil; again != tt.again {
				t.Errorf("tried again: %v, want %v", again, tt.again)
			}
		})
	}
	if got := newRetryer().MaxAttempts(); got != attemptsThrottled {
		t.Errorf("at most %d attempts, want %d", got, attemptsThrottled)
	}
}

func TestRetryerLeavesRefusedRequestsAlone(t *testing.T) {
	t.Parallel()
	for _, err := range []error{&lostError{"no answer in time"}, &misuseError{"other operation"}, context.Canceled} {
		if newRetryer().IsErrorRetryable(errors.Join(errors.New("operation error"), err)) {
			t.Errorf("%T is tried again", err)
		}
	}
}

func TestBackoffGrowsToACeiling(t *testing.T) {
	t.Parallel()
	throttled := &smithy.GenericAPIError{Code: "SlowDown"}
	broken := errors.New("connection reset")
	tests := map[string]struct {
		err     error
		attempt int
		ceiling time.Duration
	}{
		"first":                 {broken, 1, 100 * time.Millisecond},
		"second":                {broken, 2, 200 * time.Millisecond},
		"many":                  {broken, 60, time.Second},
		"counted from zero":     {broken, 0, 100 * time.Millisecond},
		"throttled first":       {throttled, 1, 250 * time.Millisecond},
		"throttled a few times": {throttled, 4, 2 * time.Second},
		"throttled many times":  {throttled, 60, 10 * time.Second},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for range 100 {
				got, err := backoff(tt.attempt, tt.err)
				if err != nil || got < tt.ceiling/2 || got > tt.ceiling {
					t.Fatalf("waits %v, %v; want from half of %v to all of it", got, err, tt.ceiling)
				}
			}
		})
	}
}
