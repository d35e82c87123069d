// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package rds

import (
	"strconv"
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// TLSParameter is the parameter by which an engine refuses connections without
// TLS; "" for engines that have none.
func TLSParameter(engine string) string {
	switch {
	case engine == "postgres", strings.HasPrefix(engine, "sqlserver-"):
		return "rds.force_ssl"
	case engine == "mysql", engine == "mariadb":
		return "require_secure_transport"
	}
	return ""
}

// IsOn reads the value of a parameter that is a switch.
func IsOn(value string) bool {
	switch strings.ToLower(value) {
	case "1", "on", "true":
		return true
	}
	return false
}

// TLSByDefault is whether an engine refuses connections without TLS where no
// parameter says so: PostgreSQL does since 15 and MariaDB since 11.8. The
// version may be that of a parameter group's family.
func TLSByDefault(engine, version string, at *asset.Source) asset.Value[bool] {
	var since [2]int
	switch engine {
	case "postgres":
		if version == "" { // AWS's choice has been beyond 15 for years
			return asset.Default(true, at)
		}
		since = [2]int{15, 0}
	case "mariadb":
		if version == "" {
			return asset.Unknown[bool]("AWS chooses the version, and with it whether TLS is required", at)
		}
		since = [2]int{11, 8}
	default:
		return asset.Default(false, at)
	}
	major, rest, _ := strings.Cut(version, ".")
	minor, _, _ := strings.Cut(rest, ".")
	x, err := strconv.Atoi(major)
	if err != nil {
		return asset.Unknown[bool]("the version "+version+" is not a number", at)
	}
	y, err := strconv.Atoi(minor)
	if err != nil && x == since[0] && since[1] > 0 {
		return asset.Unknown[bool]("the version "+version+" does not say whether it is before "+strconv.Itoa(since[0])+"."+strconv.Itoa(since[1]), at)
	}
	return asset.Default(x > since[0] || x == since[0] && y >= since[1], at)
}

// familyVersion is the version in the name of an engine's parameter group
// family: "14" for postgres14; "" where the family is another engine's.
func familyVersion(engine, family string) string {
	if version, found := strings.CutPrefix(family, engine); found {
		return version
	}
	return ""
}
