// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package code holds what all code sources share: a bounded walk over the
// scanned paths, reading of files, and their names in reports.
//
// It never reads outside the scanned paths and the repositories that hold
// them, also not through symbolic links, and whatever it could not read becomes
// coverage. It knows no configuration language.
package code
