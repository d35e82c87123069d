// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package rds

import (
	"fmt"
	"testing"

	"github.com/plumb-cspm/plumb/internal/asset"
)

func TestTLSByDefault(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ engine, version, want string }{
		{"postgres", "", "true"},
		{"postgres", "9.6.24", "false"},
		{"postgres", "14.12", "false"},
		{"postgres", "15", "true"},
		{"postgres", "17.2", "true"},
		{"postgres", "latest", "unknown"},
		{"mariadb", "", "unknown"},
		{"mariadb", "10.11.8", "false"},
		{"mariadb", "11.4", "false"},
		{"mariadb", "11", "unknown"},
		{"mariadb", "11.8.3", "true"},
		{"mariadb", "12", "true"},
		{"mysql", "8.4.3", "false"},
		{"sqlserver-ex", "16.00.4095.4.v1", "false"},
	} {
		v := TLSByDefault(tt.engine, tt.version, asset.FromAPI("test"))
		got := "unknown"
		if on, known := v.Get(); known {
			got = fmt.Sprint(on)
		}
		if got != tt.want {
			t.Errorf("%s %q: got %s, want %s", tt.engine, tt.version, got, tt.want)
		}
	}
}

func TestFamilyVersion(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ engine, family, want string }{
		{"postgres", "postgres16", "16"},
		{"mariadb", "mariadb10.11", "10.11"},
		{"mysql", "postgres16", ""},
	} {
		if got := familyVersion(tt.engine, tt.family); got != tt.want {
			t.Errorf("%s of %s: got %q, want %q", tt.engine, tt.family, got, tt.want)
		}
	}
}

func TestIsOn(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]bool{"1": true, "ON": true, "true": true, "0": false, "OFF": false, "": false} {
		if got := IsOn(value); got != want {
			t.Errorf("%q: got %v", value, got)
		}
	}
}
