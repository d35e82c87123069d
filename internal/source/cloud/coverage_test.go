// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cloud_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/cloud"
)

func TestNetworkFailure(t *testing.T) {
	t.Parallel()
	dial := func(err error) error {
		return &url.Error{Op: "Post", URL: "https://ec2.example", Err: &net.OpError{Op: "dial", Net: "tcp", Err: err}}
	}
	tests := map[string]struct {
		err  error
		want cloud.Failure
	}{
		"host that does not exist": {
			dial(&net.DNSError{Name: "ec2.example", Err: "no such host", IsNotFound: true}),
			cloud.Failure{Status: asset.Unreachable, Detail: "there is no host ec2.example"},
		},
		"name server that does not answer": {
			dial(&net.DNSError{Name: "ec2.example", Err: "timeout", IsTimeout: true}),
			cloud.Failure{Status: asset.Unreachable, Detail: "the name ec2.example could not be resolved"},
		},
		"refused": {
			dial(os.NewSyscallError("connect", syscall.ECONNREFUSED)),
			cloud.Failure{Status: asset.Unreachable, Detail: "connection refused"},
		},
		"silence": {
			dial(os.ErrDeadlineExceeded),
			cloud.Failure{Status: asset.Unreachable, Detail: "no answer in time"},
		},
		"no route": {
			dial(os.NewSyscallError("connect", syscall.EHOSTUNREACH)),
			cloud.Failure{Status: asset.Unreachable, Detail: "no connection"},
		},
		"cut in the middle": {
			&url.Error{Op: "Post", URL: "https://ec2.example", Err: io.ErrUnexpectedEOF},
			cloud.Failure{Status: asset.Unreachable, Detail: "the connection was closed before the answer was complete"},
		},
		"stopped by the user": {
			fmt.Errorf("call: %w", context.Canceled),
			cloud.Failure{Status: asset.Skipped, Detail: "interrupted"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, network := cloud.NetworkFailure(fmt.Errorf("send request: %w", tt.err))
			if !network {
				t.Fatal("not taken for a failure of the network")
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("failure (-want +got):\n%s", diff)
			}
		})
	}
	if f, network := cloud.NetworkFailure(errors.New("decode: bad json")); network {
		t.Errorf("an error of decoding became %v", f)
	}
}

func TestReasonNamesCodeOperationAndDetail(t *testing.T) {
	t.Parallel()
	tests := map[string]cloud.Failure{
		"AccessDenied on box:Open":                   {Code: "AccessDenied"},
		"AccessDenied on box:Open: the lid is taped": {Code: "AccessDenied", Detail: "the lid is taped"},
		"box:Open: connection refused":               {Detail: "connection refused"},
	}
	for want, failure := range tests {
		if got := failure.Reason("box:Open"); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

type lines []asset.Coverage

func (*lines) Asset(*asset.Asset)          {}
func (l *lines) Coverage(c asset.Coverage) { *l = append(*l, c) }

func TestLedgerSumsUpByScopeOperationAndStatus(t *testing.T) {
	t.Parallel()
	east := asset.Scope{Provider: "any", Account: "1", Region: "east"}
	west := asset.Scope{Provider: "any", Account: "1", Region: "west"}
	var ledger cloud.Ledger
	ledger.Add(west, "box:List", asset.Covered, "")
	for _, reason := range []string{"b", "c", "c", "a"} {
		ledger.Add(east, "box:Open", asset.Denied, reason)
	}
	ledger.Add(east, "box:Open", asset.Covered, "")
	ledger.Add(east, "box:List", asset.Covered, "")
	ledger.Add(east, "box:List", asset.Covered, "")

	var got lines
	ledger.Report(&got)
	want := lines{
		{Scope: "any/1/east", Part: "box:List", Status: asset.Covered, Count: 2},
		{Scope: "any/1/east", Part: "box:Open", Status: asset.Covered, Count: 1},
		{Scope: "any/1/east", Part: "box:Open", Status: asset.Denied, Reason: "c (and other reasons)", Count: 4},
		{Scope: "any/1/west", Part: "box:List", Status: asset.Covered, Count: 1},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("coverage (-want +got):\n%s", diff)
	}
	got = nil
	if ledger.Report(&got); len(got) > 0 {
		t.Errorf("the ledger reported %v again", got)
	}
}

func TestReach(t *testing.T) {
	t.Parallel()
	type event struct {
		service  string
		answered bool
		whole    bool
	}
	answer := func(service string) event { return event{service: service, answered: true} }
	silence := func(service string) event { return event{service: service, whole: true} }
	const regionLost = "region north does not answer: no answer in time"
	tests := map[string]struct {
		events   []event
		box, tin string // why they are lost afterwards
	}{
		"nothing known yet":                          {nil, "", ""},
		"first silence takes the region":             {[]event{silence("box")}, regionLost, regionLost},
		"silence of a service where others answer":   {[]event{answer("tin"), silence("box")}, "box in north does not answer: no answer in time", ""},
		"silence of a service that answered before":  {[]event{answer("box"), silence("box")}, "", ""},
		"a missing host name is not the region":      {[]event{{service: "box"}}, "box in north does not answer: no answer in time", ""},
		"a late answer brings the region back":       {[]event{silence("box"), answer("box")}, "", ""},
		"a late answer does not bring another back":  {[]event{silence("box"), answer("tin")}, "box in north does not answer: no answer in time", ""},
		"a second silence does not change the first": {[]event{silence("box"), silence("tin")}, regionLost, regionLost},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var reach cloud.Reach
			for _, e := range tt.events {
				if e.answered {
					reach.Answered("north", e.service)
				} else {
					reach.Silent("north", e.service, "no answer in time", e.whole)
				}
			}
			if got := reach.Lost("north", "box"); got != tt.box {
				t.Errorf("box is lost: %q, want %q", got, tt.box)
			}
			if got := reach.Lost("north", "tin"); got != tt.tin {
				t.Errorf("tin is lost: %q, want %q", got, tt.tin)
			}
			if got := reach.Lost("south", "box"); got != "" {
				t.Errorf("another region is lost: %q", got)
			}
		})
	}
}

func TestSourcesAreShared(t *testing.T) {
	t.Parallel()
	var s cloud.Sources
	read, missing := s.Read("box:List"), s.Missing("box:List", "taped")
	if s.Read("box:List") != read || s.Missing("box:List", "taped") != missing {
		t.Error("the same place has two sources")
	}
	if s.Missing("box:List", "taped") == s.Missing("box:List", "nailed") || s.Read("box:List") == s.Read("box:Open") {
		t.Error("two places have the same source")
	}
	if m := s.Missing("box:Open", "taped"); m.Operation != "box:Open" || m.Reason() != "taped" || m.State() != asset.Unread {
		t.Errorf("missing source is %+v", m)
	}
}
