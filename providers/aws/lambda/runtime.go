// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package lambda

import (
	"time"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// DeprecatedAt is when AWS deprecates a runtime: from then on it gets no more
// security patches.
func DeprecatedAt(runtime asset.Value[string]) asset.Value[time.Time] {
	return asset.Then(runtime, func(id string, at *asset.Source) asset.Value[time.Time] {
		date, listed := deprecations[id]
		switch {
		case id == "":
			return asset.Unknown[time.Time]("the function uses no runtime of Lambda's", at)
		case !listed:
			return asset.Unknown[time.Time]("it is not known here when AWS deprecates the runtime "+id, at)
		}
		return asset.At(at, func() time.Time { return date })
	})
}

// deprecations are the dates in "Lambda runtimes" of the AWS Lambda Developer
// Guide. AWS moves those in the future now and then, to later.
var deprecations = map[string]time.Time{
	"nodejs24.x": day(2028, time.April, 30),
	"nodejs22.x": day(2027, time.April, 30),
	"nodejs20.x": day(2026, time.April, 30),
	"nodejs18.x": day(2025, time.September, 1),
	"nodejs16.x": day(2024, time.June, 12),
	"nodejs14.x": day(2023, time.December, 4),
	"nodejs12.x": day(2023, time.March, 31),
	"nodejs10.x": day(2021, time.July, 30),
	"nodejs8.10": day(2020, time.March, 6),
	"nodejs6.10": day(2019, time.August, 12),
	"nodejs4.3":  day(2020, time.March, 5),
	"nodejs":     day(2016, time.October, 31),

	"nodejs4.3-edge": day(2020, time.March, 5),

	"python3.14": day(2029, time.June, 30),
	"python3.13": day(2029, time.June, 30),
	"python3.12": day(2028, time.October, 31),
	"python3.11": day(2027, time.June, 30),
	"python3.10": day(2026, time.October, 31),
	"python3.9":  day(2025, time.December, 15),
	"python3.8":  day(2024, time.October, 14),
	"python3.7":  day(2023, time.December, 4),
	"python3.6":  day(2022, time.July, 18),
	"python2.7":  day(2021, time.July, 15),

	"java25":        day(2029, time.June, 30),
	"java21":        day(2029, time.June, 30),
	"java17.al2023": day(2029, time.June, 30),
	"java11.al2023": day(2029, time.June, 30),
	"java8.al2023":  day(2029, time.June, 30),
	"java17":        day(2027, time.June, 30),
	"java11":        day(2027, time.June, 30),
	"java8.al2":     day(2027, time.June, 30),
	"java8":         day(2024, time.January, 8),

	"dotnet10":      day(2028, time.November, 14),
	"dotnet9":       day(2026, time.November, 10),
	"dotnet8":       day(2026, time.November, 10),
	"dotnet7":       day(2024, time.May, 14),
	"dotnet6":       day(2024, time.December, 20),
	"dotnet5.0":     day(2022, time.May, 10),
	"dotnetcore3.1": day(2023, time.April, 3),
	"dotnetcore2.1": day(2022, time.January, 5),
	"dotnetcore2.0": day(2019, time.May, 30),
	"dotnetcore1.0": day(2019, time.June, 27),

	"ruby4.0": day(2029, time.March, 31),
	"ruby3.4": day(2028, time.March, 31),
	"ruby3.3": day(2027, time.March, 31),
	"ruby3.2": day(2026, time.March, 31),
	"ruby2.7": day(2023, time.December, 7),
	"ruby2.5": day(2021, time.July, 30),

	"provided.al2023": day(2029, time.June, 30),
	"provided.al2":    day(2026, time.July, 31),
	"provided":        day(2024, time.January, 8),
	"go1.x":           day(2024, time.January, 8),
}

func day(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}
