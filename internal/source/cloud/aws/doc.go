// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package aws reads an AWS account: it finds credentials and regions, runs the
// collectors of the services, and makes their calls within limits, so that a
// collector says only what to ask and what the answer means.
//
// It imports no service's SDK except those that it asks itself: STS for whose
// credentials these are, EC2 for which regions are enabled. It logs names of
// operations, never the body of a request or an answer.
package aws
