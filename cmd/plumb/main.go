// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Plumb reads what is deployed and what is about to be deployed, judges both
// with the same controls, and says what matters first.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/plumb-cspm/plumb/internal/cli"
)

// version is set by the linker.
var version string

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	os.Exit(cli.Run(ctx, cli.Process{
		Args: os.Args[1:], Stdout: os.Stdout, Stderr: os.Stderr, Environ: os.Environ(), Version: version,
	}))
}
