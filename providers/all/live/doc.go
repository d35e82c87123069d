// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package live lists the collectors of all rooms: what reads a cloud's API. Its
// lists are generated from the folders under providers.
package live

//go:generate go run ../../../internal/gen
