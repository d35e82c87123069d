// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package secretsmanager

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// IntervalDays is the longest time between two rotations of a schedule such as
// rate(10 days) or cron(0 8 1 * ? *), in whole days. Of a cron schedule it looks
// at the months only, and takes them as 31 days each.
func IntervalDays(expression string) (int64, error) {
	kind, rest, ok := strings.Cut(strings.TrimSpace(expression), "(")
	arguments, closed := strings.CutSuffix(rest, ")")
	if !ok || !closed {
		return 0, fmt.Errorf("schedule %q is neither rate() nor cron()", expression)
	}
	fields := strings.Fields(arguments)
	switch {
	case kind == "rate" && len(fields) == 2:
		return rateDays(fields[0], fields[1])
	case kind == "cron" && len(fields) == 6:
		return cronDays(fields[3], fields[5])
	}
	return 0, fmt.Errorf("schedule %q is neither rate() nor cron()", expression)
}

// maxRate is above what Secrets Manager accepts (999 days) in any unit.
const maxRate = 100_000

func rateDays(number, unit string) (int64, error) {
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n <= 0 || n > maxRate {
		return 0, fmt.Errorf("rate of %q %s is no interval", number, unit)
	}
	switch strings.TrimSuffix(unit, "s") {
	case "day":
		return n, nil
	case "hour":
		return (n + 23) / 24, nil
	}
	return 0, fmt.Errorf("rate in %q is not in days or hours", unit)
}

const (
	monthsOfYear = 12
	daysOfMonth  = 31
)

func cronDays(months, years string) (int64, error) {
	if years != "*" {
		return 0, fmt.Errorf("schedule ends with the years %s", years)
	}
	var on [monthsOfYear]bool
	for part := range strings.SplitSeq(months, ",") {
		if err := addMonths(&on, part); err != nil {
			return 0, err
		}
	}
	return int64(longestGap(on)) * daysOfMonth, nil
}

// addMonths sets the months of one part of a cron field: 3, MAR, 1-6, 2/3, */2.
func addMonths(on *[monthsOfYear]bool, part string) error {
	span, every, stepped := strings.Cut(part, "/")
	step := 1
	if stepped {
		n, err := strconv.Atoi(every)
		if err != nil || n < 1 {
			return fmt.Errorf("months %q have no step", part)
		}
		step = n
	}
	first, last, isRange := strings.Cut(span, "-")
	from, to := 1, monthsOfYear
	if span != "*" {
		var err error
		if from, err = month(first); err != nil {
			return err
		}
		switch {
		case isRange:
			if to, err = month(last); err != nil {
				return err
			}
		case !stepped:
			to = from
		}
	}
	if from > to {
		return fmt.Errorf("months %q end before they begin", part)
	}
	for m := from; m <= to; m += min(step, monthsOfYear) {
		on[m-1] = true
	}
	return nil
}

var monthNames = []string{"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"}

func month(name string) (int, error) {
	if i := slices.Index(monthNames, strings.ToUpper(name)); i >= 0 {
		return i + 1, nil
	}
	n, err := strconv.Atoi(name)
	if err != nil || n < 1 || n > monthsOfYear {
		return 0, fmt.Errorf("%q is no month", name)
	}
	return n, nil
}

// longestGap is the most months from one that is on to the next, around the
// year.
func longestGap(on [monthsOfYear]bool) int {
	longest, since := 0, 0
	for i := range 2 * monthsOfYear {
		since++
		if on[i%monthsOfYear] {
			longest = max(longest, since)
			since = 0
		}
	}
	return longest
}
