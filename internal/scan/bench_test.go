// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package scan_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/control"
	"github.com/plumb-cspm/plumb/internal/expr"
	"github.com/plumb-cspm/plumb/internal/scan"
	"github.com/plumb-cspm/plumb/internal/source"
)

// port and host are an asset type as rooms have them: plain settings and a list.
type port struct {
	Number asset.Value[int64]  `plumb:"number"`
	CIDR   asset.Value[string] `plumb:"cidr"`
}

type host struct {
	Mode      asset.Value[string] `plumb:"mode"`
	Encrypted asset.Value[bool]   `plumb:"encrypted"`
	Ports     asset.List[port]    `plumb:"ports"`
}

// estate is a source of n hosts.
type estate int

func (estate) Target() string { return "estate" }

func (n estate) Read(_ context.Context, sink source.Sink) error {
	at := asset.FromAPI("net:DescribeHosts")
	for i := range int(n) {
		ports := []port{
			{asset.Known(int64(443), at), asset.Known("0.0.0.0/0", at)},
			{asset.Known(int64(22), at), asset.Known("10.0.0.0/8", at)},
			{asset.Known(int64(i%65536), at), asset.Known("10.1.0.0/16", at)},
		}
		sink.Asset(&asset.Asset{
			Type: "test.net.host", ID: fmt.Sprintf("host/%06d", i), Origin: asset.Live,
			Config: &host{asset.Known("strict", at), asset.Known(i%100 != 0, at), asset.ListOf(ports, at)},
		})
	}
	return nil
}

// hundredControls are a hundred controls, a third of them with a comprehension.
func hundredControls(b *testing.B) []*control.Control {
	b.Helper()
	var controls []*control.Control
	for i := range 100 {
		pass := fmt.Sprintf(`asset.mode == "strict" || asset.mode == "mode%d"`, i)
		switch i % 3 {
		case 0:
			pass = fmt.Sprintf(`!asset.ports.exists(p, p.number == %d && p.cidr == "0.0.0.0/0")`, i)
		case 1:
			pass = "asset.encrypted"
		}
		c, err := control.Parse(fmt.Sprintf("test-net-host-%d.yaml", i), []byte("title: t\nasset: test.net.host\nseverity: low\npass: '"+pass+"'\nmessage: '\"m\"'\n"))
		if err != nil {
			b.Fatal(err)
		}
		controls = append(controls, c)
	}
	return controls
}

// BenchmarkJudge judges 100,000 assets with 100 controls each: ten million
// verdicts an iteration.
func BenchmarkJudge(b *testing.B) {
	catalog, err := asset.NewCatalog(asset.Type{Name: "test.net.host", New: func() any { return new(host) }})
	if err != nil {
		b.Fatal(err)
	}
	env, err := expr.NewEnv(catalog)
	if err != nil {
		b.Fatal(err)
	}
	controls := hundredControls(b)
	for _, workers := range []int{1, runtime.NumCPU()} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				cfg := scan.Config{Catalog: catalog, Env: env, Controls: controls, Now: time.Unix(0, 0), Workers: workers}
				result, err := scan.Run(context.Background(), cfg, estate(100_000))
				if err != nil {
					b.Fatal(err)
				}
				if result.Passed+len(result.Verdicts) != 10_000_000 {
					b.Fatalf("%d verdicts", result.Passed+len(result.Verdicts))
				}
			}
		})
	}
}
