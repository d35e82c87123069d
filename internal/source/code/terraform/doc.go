// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package terraform evaluates Terraform code: it turns text into blocks with
// values, without Terraform, providers or a network.
//
// What a plan would not know yet, the evaluator does not know either: such a
// value is unknown and carries the reason, through every operator, function,
// template and module, to the setting that it ends in. An unknown that is an
// attribute of a resource also remembers which, so that companions can be
// joined to the thing they configure.
//
// The package knows the language and nothing of any provider's resource types,
// except the few data sources that describe the provider itself. Providers'
// rooms read its blocks and make assets of them.
package terraform
