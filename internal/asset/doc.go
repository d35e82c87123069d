// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package asset holds the words that the rest of Plumb speaks: assets and
// their values, relations, verdicts and coverage.
//
// An asset is one thing that can be judged. Its settings are the fields of a
// Go struct, and every field is a [Value], [List], [Map] or [Ref]: it carries
// what was read, where it was read, or the reason why it could not be read.
// The zero of each of these is unknown ("not read"): nothing is known unless a
// room said so.
//
// The package imports only the standard library, so that every other package
// may import it.
package asset
