// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package policy reads AWS policies, identity and resource policies alike, and
// answers questions about what a policy says by itself.
//
// Every answer is three-valued: a leaf that could not be read makes unknown
// only what depends on it. What is literal around an unknown part still
// counts: "${bucket.arn}/*" is not "*", whatever the ARN.
//
// The package judges one document. It does not combine policies into effective
// permissions, does not know which actions or resources exist, and calls
// nothing.
package policy
