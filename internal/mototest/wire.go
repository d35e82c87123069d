// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package mototest

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws/arn"
)

// Wire stands between the code under test and moto. It counts requests by
// operation and answers some of them itself. Operations are given as "s3:ListBuckets",
// or with stars: "s3:*", "*". It may be used by several goroutines.
type Wire struct {
	url    string
	server *httptest.Server

	own string // the test's account

	mu     sync.Mutex
	role   string // the account of the role that was assumed last
	calls  map[string]int
	faults []fault // the latest first
}

// fault answers requests of some operations in moto's place.
type fault struct {
	operations string
	answer     func(w http.ResponseWriter, r *http.Request) (answered bool)
}

func newWire(t testing.TB, s *Server) *Wire {
	w := &Wire{own: s.Account, calls: map[string]int{}}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(&url.URL{Scheme: "http", Host: s.moto.address})
			r.Out.Host = r.In.Host
			r.Out.Header.Del(operationHeader)
			if account := w.accountOf(r.In); account != "" {
				r.Out.Header.Set(accountHeader, account)
			}
		},
		// moto closes every connection.
		Transport: &http.Transport{DisableKeepAlives: true},
		ErrorLog:  log.New(t.Output(), "wire: ", 0),
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			if r.Context().Err() == nil {
				t.Errorf("moto does not answer %s: %v\n%s", r.Header.Get(operationHeader), err, s.moto.output)
			}
			w.WriteHeader(http.StatusBadGateway)
		},
	}
	w.server = httptest.NewUnstartedServer(http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
		if !w.fails(out, in) {
			proxy.ServeHTTP(out, in)
		}
	}))
	// On a connection that it used before, the HTTP client itself repeats a GET
	// that was cut, and the count would hang on chance.
	w.server.Config.SetKeepAlivesEnabled(false)
	w.server.Start()
	w.url = w.server.URL
	t.Cleanup(func() {
		w.server.CloseClientConnections()
		w.server.Close()
	})
	return w
}

// accountOf is the account that a request is for. moto would find it out itself,
// by a search through all accounts that takes seconds.
func (w *Wire) accountOf(r *http.Request) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !strings.Contains(r.Header.Get("Authorization"), "Credential="+accessKey+"/") {
		return w.role
	}
	return w.own
}

// follow remembers the account of a role that is assumed.
func (w *Wire) follow(r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the sender has gone
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return // moto will say so
	}
	if role, err := arn.Parse(form.Get("RoleArn")); err == nil {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.role = role.AccountID
	}
}

// Calls returns how many requests there were of each operation, repeated
// attempts and those that failed included.
func (w *Wire) Calls() map[string]int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return maps.Clone(w.calls)
}

// Answer lets fn answer requests in moto's place. Where fn returns false, it has
// not, and an earlier fault or moto does.
func (w *Wire) Answer(operations string, fn func(w http.ResponseWriter, r *http.Request) (answered bool)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults = append([]fault{{operations, fn}}, w.faults...)
}

// Heal removes all faults.
func (w *Wire) Heal() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults = nil
}

// Deny answers as AWS does when the caller has no permission.
func (w *Wire) Deny(operations string) {
	w.Answer(operations, func(out http.ResponseWriter, r *http.Request) bool {
		dialectOf(r).deny(out)
		return true
	})
}

// Throttle answers the first requests as AWS does when there are too many.
func (w *Wire) Throttle(operations string, times int) {
	var seen atomic.Int64
	w.Answer(operations, func(out http.ResponseWriter, r *http.Request) bool {
		if seen.Add(1) > int64(times) {
			return false
		}
		dialectOf(r).throttle(out)
		return true
	})
}

// Fail answers with an error of that HTTP status and code.
func (w *Wire) Fail(operations string, status int, code string) {
	w.Answer(operations, func(out http.ResponseWriter, r *http.Request) bool {
		dialectOf(r).write(out, status, code, "made by the test")
		return true
	})
}

// FailAfter is Fail for all but the first requests: a listing that breaks off.
func (w *Wire) FailAfter(operations string, good, status int, code string) {
	var seen atomic.Int64
	w.Answer(operations, func(out http.ResponseWriter, r *http.Request) bool {
		if seen.Add(1) <= int64(good) {
			return false
		}
		dialectOf(r).write(out, status, code, "made by the test")
		return true
	})
}

// Cut closes the connection without an answer.
func (w *Wire) Cut(operations string) {
	w.Answer(operations, func(http.ResponseWriter, *http.Request) bool {
		panic(http.ErrAbortHandler)
	})
}

// Hold keeps requests waiting until release is called or their sender gives up.
// arrived gets one value for every request that waits.
func (w *Wire) Hold(operations string) (arrived <-chan struct{}, release func()) {
	waiting, open := make(chan struct{}, 1024), make(chan struct{})
	w.Answer(operations, func(_ http.ResponseWriter, r *http.Request) bool {
		waiting <- struct{}{}
		select {
		case <-open:
			return false
		case <-r.Context().Done():
			panic(http.ErrAbortHandler)
		}
	})
	return waiting, sync.OnceFunc(func() { close(open) })
}

// fails counts the request and lets a fault answer it, if there is one.
func (w *Wire) fails(out http.ResponseWriter, in *http.Request) bool {
	operation := in.Header.Get(operationHeader)
	if operation == "sts:AssumeRole" {
		w.follow(in)
	}
	w.mu.Lock()
	w.calls[operation]++
	faults := w.faults
	w.mu.Unlock()
	for _, f := range faults {
		if match, err := path.Match(f.operations, operation); err != nil {
			panic(fmt.Sprintf("mototest: operations %q: %v", f.operations, err))
		} else if match && f.answer(out, in) {
			return true
		}
	}
	return false
}
