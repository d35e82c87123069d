// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package compose evaluates Compose files: it turns text into services with
// values, without an engine, images or a network.
//
// Files are merged, extended, included and interpolated by the rules of the
// Compose specification, with its own library where that has a function for it.
// Reading is this package's: only files of the scanned tree are opened, and every
// value keeps the line that it comes from. A variable that no .env file of the
// project sets is unknown, unless the text says what holds in that case: whatever
// is set on the machine that scans says nothing about the one that deploys.
//
// The package knows the language and no judgement about it; rooms read its
// services and make assets of them.
package compose
