// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package mototest

import "testing"

// Must takes the results of a call that prepares a test, and ends the test if
// the call failed: Must(client.CreateUser(ctx, in))(t).
func Must[T any](out T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
}
