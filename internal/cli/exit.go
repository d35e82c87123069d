// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"fmt"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/plumb-cspm/plumb/internal/source/cloud"
)

// The exit codes. Where several apply, the one that comes first in the order
// 2, 3, 1, 4 counts; an interruption and an internal error come before all.
const (
	exitOK          = 0
	exitBroken      = 1   // a policy is broken, or a test of a control fails
	exitUsage       = 2   // wrong usage or configuration
	exitNothing     = 3   // nothing could be scanned
	exitPartial     = 4   // not everything could be read, and that was required
	exitInternal    = 70  // a mistake in Plumb, or output that cannot be written
	exitInterrupted = 130 // stopped by a signal
)

// exitError ends a command with a code. A nil err has nothing to say.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// usagef is a mistake in what the user asked for.
func usagef(format string, args ...any) error {
	return &exitError{exitUsage, fmt.Errorf(format, args...)}
}

// exitWith ends the command with a code, after it has said what there is to say.
func exitWith(code int) error {
	if code == exitOK {
		return nil
	}
	return &exitError{code: code}
}

// unreadable is the error of sources of which nothing could be read.
func unreadable(ctx context.Context, err error) error {
	var (
		usage *cloud.UsageError
		exit  *exitError
	)
	switch {
	case ctx.Err() != nil:
		return exitWith(exitInterrupted)
	case errors.As(err, &exit):
		return err
	case errors.As(err, &usage):
		return &exitError{exitUsage, err}
	}
	return &exitError{exitNothing, err}
}

// unwritable is the error of output that could not be written. Nobody needs to
// be told of a reader that has gone: it was its own decision.
func unwritable(err error) error {
	if err == nil || errors.Is(err, syscall.EPIPE) {
		return nil
	}
	return &exitError{exitInternal, err}
}

// conclude says on standard error what went wrong and returns the exit code.
func (a *app) conclude(cmd *cobra.Command, err error) int {
	if err == nil {
		return exitOK
	}
	var exit *exitError
	if !errors.As(err, &exit) {
		exit = &exitError{exitInternal, err}
	}
	if exit.err != nil {
		fmt.Fprintf(a.Stderr, "plumb: %v\n", err)
	}
	if exit.code == exitUsage && exit.err != nil {
		fmt.Fprintf(a.Stderr, "Run '%s --help' for how it is used.\n", cmd.CommandPath())
	}
	return exit.code
}

// notice tells the user something that is no part of the result.
func (a *app) notice(quiet bool, format string, args ...any) {
	if !quiet {
		fmt.Fprintf(a.Stderr, "plumb: "+format+"\n", args...)
	}
}

// Exit codes as the commands' help lists them.
const (
	scanCodes = `Exit codes:
  0    scanned, whether or not something fails
  1    something fails that --fail-on names
  2    wrong usage or configuration
  3    nothing could be scanned: no credentials, an unreadable path
  4    not everything could be read, and --require-coverage was given
  70   internal error, or the output cannot be written
  130  interrupted; what is complete is printed and marked partial
Where several apply, the order is 2, 3, 1, 4.`
	plainCodes = `Exit codes:
  0    done
  2    wrong usage or configuration
  70   internal error, or the output cannot be written`
	testCodes = `Exit codes:
  0    every example of every control gets its verdict
  1    a control is broken, lacks examples, or one of them fails
  2    wrong usage or configuration
  3    the folder cannot be read
  70   internal error, or the output cannot be written
  130  interrupted`
	permissionsCodes = `Exit codes:
  0    printed; with --check whether or not something is denied
  2    wrong usage or configuration
  3    --check found no credentials
  4    --check found that something is denied, and --require-coverage was given
  70   internal error, or the output cannot be written
  130  --check was interrupted`
)
