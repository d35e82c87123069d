// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package code lists what all rooms know of code: their asset types and how
// Terraform blocks become assets. Its lists are generated from the folders under
// providers. It leads to no cloud SDK.
package code

//go:generate go run ../../../internal/gen
