// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package cli is the command line: a file per command. Commands turn flags into
// the options of other packages, and their results into output and an exit
// code; they decide nothing else. The result goes to standard output, everything
// else to standard error.
package cli
