// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cloud_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/plumb-cspm/plumb/internal/source/cloud"
)

// Within synctest's bubble time passes only while everybody waits, so that the
// duration of a run says how many requests were in flight.
func runFor(limiter *cloud.Limiter, requests int, places ...string) time.Duration {
	began := time.Now()
	var all sync.WaitGroup
	for _, place := range places {
		for range requests {
			all.Go(func() {
				done, err := limiter.Acquire(context.Background(), place)
				if err != nil {
					panic(err)
				}
				time.Sleep(time.Second)
				done()
			})
		}
	}
	all.Wait()
	return time.Since(began)
}

func TestLimiterBoundsRequestsInFlight(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		total, perPlace int
		places          []string
		want            time.Duration // for 12 requests of a second to each place
	}{
		"to one place":              {total: 12, perPlace: 4, places: []string{"a"}, want: 3 * time.Second},
		"places do not share":       {total: 12, perPlace: 4, places: []string{"a", "b", "c"}, want: 3 * time.Second},
		"all together":              {total: 6, perPlace: 12, places: []string{"a", "b"}, want: 4 * time.Second},
		"nonsense means one by one": {total: 0, perPlace: -1, places: []string{"a"}, want: 12 * time.Second},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				if got := runFor(cloud.NewLimiter(tt.total, tt.perPlace), 12, tt.places...); got != tt.want {
					t.Errorf("took %v, want %v", got, tt.want)
				}
			})
		})
	}
}

func TestLimiterWaitsForSlowPlacesWithoutHoldingOthersUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		limiter := cloud.NewLimiter(3, 2)
		var slow sync.WaitGroup
		for range 4 { // two are in flight, two queue
			slow.Go(func() {
				done, _ := limiter.Acquire(context.Background(), "slow")
				time.Sleep(time.Hour)
				done()
			})
		}
		synctest.Wait()
		if got := runFor(limiter, 3, "quick"); got != 3*time.Second {
			t.Errorf("three requests to another place took %v through the one free slot, want 3s", got)
		}
		slow.Wait()
	})
}

func TestLimiterEndsWaitingWithTheContext(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		total int
		place string
	}{
		"for a place": {total: 2, place: "a"},
		"for a slot":  {total: 1, place: "b"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				limiter := cloud.NewLimiter(tt.total, 1)
				held, err := limiter.Acquire(t.Context(), "a")
				if err != nil {
					t.Fatal(err)
				}
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				if _, err := limiter.Acquire(ctx, tt.place); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("the second request got %v", err)
				}
				held()
				// Whoever gave up has left nothing behind.
				if got := runFor(limiter, 2, tt.place); got != 2*time.Second {
					t.Errorf("two further requests took %v", got)
				}
			})
		})
	}
}

func TestEachRunsEveryItemSomeAtATime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var got []int
		began := time.Now()
		cloud.Each(t.Context(), 2, []int{1, 2, 3, 4, 5}, func(_ context.Context, i int) {
			time.Sleep(time.Second)
			mu.Lock()
			defer mu.Unlock()
			got = append(got, i)
		})
		slices.Sort(got)
		if !slices.Equal(got, []int{1, 2, 3, 4, 5}) || time.Since(began) != 3*time.Second {
			t.Errorf("got %v after %v", got, time.Since(began))
		}
	})
}

func TestEachStopsWithTheContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	var ran atomic.Int32
	cloud.Each(ctx, 1, make([]struct{}, 1000), func(context.Context, struct{}) {
		if ran.Add(1) == 3 {
			cancel()
		}
	})
	// One more may have been handed out at that moment, as chance has it.
	if n := ran.Load(); n < 3 || n > 100 {
		t.Errorf("%d items were run although the third cancelled", n)
	}
}

func TestEachPassesAPanicToItsCaller(t *testing.T) {
	t.Parallel()
	defer func() {
		if p := recover(); p != "broken" {
			t.Errorf("recovered %v", p)
		}
	}()
	cloud.Each(t.Context(), 4, []int{1, 2, 3, 4, 5, 6, 7, 8}, func(_ context.Context, i int) {
		if i == 2 {
			panic("broken")
		}
	})
	t.Error("Each returned")
}
