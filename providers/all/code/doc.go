// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package code lists what all rooms know of code: their asset types and how each
// language's blocks, stages and services become assets. Its lists are generated from the folders under
// providers. It leads to no cloud SDK.
package code

//go:generate go run ../../../internal/gen
