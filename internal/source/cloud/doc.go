// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package cloud holds what the sources that read a cloud's APIs share: the
// declaration of the calls they make, limits that keep those calls within what
// the cloud allows, what is remembered of places that do not answer, and the
// coverage that comes of it all.
//
// It knows no provider. It may not import an SDK, and it never sees the body of
// a request or an answer.
package cloud
