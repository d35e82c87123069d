// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package expr evaluates expressions about assets. The language is CEL, checked
// against the Go structs that rooms declare, and evaluated in three values:
// true, false and unknown with reasons.
//
// CEL's own unknowns carry what could not be read through &&, ||, ?: and calls.
// What CEL lacks is here: lists and maps that are known in part, the macros
// exists and all over them, and the record of which values decided a result.
//
// It is the only package that imports CEL. Controls, --where and acceptance
// scopes are written in it.
package expr
