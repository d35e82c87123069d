// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import "testing"

func TestOwner(t *testing.T) {
	t.Parallel()
	for arn, want := range map[string]string{
		"arn:aws:cloudtrail:us-east-1:111122223333:trail/all":     "111122223333",
		"arn:aws-cn:cloudtrail:cn-north-1:444455556666:trail/all": "444455556666",
		"all": "",
	} {
		if got := Owner(arn); got != want {
			t.Errorf("%s belongs to %q, want %q", arn, got, want)
		}
	}
}
