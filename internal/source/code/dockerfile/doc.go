// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package dockerfile evaluates Dockerfiles: it turns text into build stages with
// values, without a builder, images or a network.
//
// It reads a file as the builder would, with the builder's own parser: stages
// that build on each other, arguments and variables, here-documents, triggers.
// The scripts of RUN are taken apart into commands. What is known only when the
// image is built (an argument without a default, what a base image sets) is
// unknown and carries the reason.
//
// The package knows the language and no judgement about it; rooms read its
// stages and make assets of them.
package dockerfile
