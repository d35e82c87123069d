// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package arch holds no code, only the tests of what no single package can
// keep: which package may lead to which, and that the documents' links lead
// somewhere.
package arch
