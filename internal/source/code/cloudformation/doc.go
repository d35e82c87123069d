// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package cloudformation evaluates CloudFormation and SAM templates: it turns
// text into resources with values, without AWS, a change set or a network.
//
// What only the deployment decides is unknown and carries the reason, through
// every intrinsic function and nested stack, to the setting that it ends in. An
// unknown that is a reference to a resource also remembers which, so that
// companions can be joined to the thing they configure. A resource whose
// condition is not known stands for itself with a doubt.
//
// The package knows the language, and of resource types only nested stacks, what
// the serverless transform makes of its own types, and which references are ARNs.
// Providers' rooms read its resources and make assets of them.
package cloudformation
