// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package secretsmanager

import "testing"

func TestIntervalDays(t *testing.T) {
	t.Parallel()
	for expression, want := range map[string]int64{
		"rate(1 day)":                     1,
		"rate(90 days)":                   90,
		"rate(4 hours)":                   1,
		"rate(25 hours)":                  2,
		"cron(0 8 1 * ? *)":               31,
		"cron(0 0 ? * SUN *)":             31,
		"cron(0 16 1,15 * ? *)":           31,
		"cron(0 8 1 */2 ? *)":             62,
		"cron(0 8 1 1/3 ? *)":             93,
		"cron(0 8 1 JAN,APR,JUL,OCT ? *)": 93,
		"cron(0 8 1 1 ? *)":               372,
		"cron(0 8 1 1-6 ? *)":             217,
		"cron(0 8 1 2/5 ? *)":             155,
		"cron(0 8 1 JUN-AUG,12 ? *)":      186,
	} {
		got, err := IntervalDays(expression)
		if err != nil || got != want {
			t.Errorf("%s: %d days (%v), want %d", expression, got, err, want)
		}
	}
}

func TestAScheduleThatSaysNoIntervalIsAnError(t *testing.T) {
	t.Parallel()
	for _, expression := range []string{
		"", "daily", "rate()", "rate(10)", "rate(0 days)", "rate(-1 days)", "rate(x days)", "rate(3 weeks)", "rate(10 days",
		"rate(9223372036854775807 hours)", "cron(0 8 1 * ?)", "cron(0 8 1 13 ? *)", "cron(0 8 1 X ? *)", "cron(0 8 1 */0 ? *)",
		"cron(0 8 1 * ? 2027)", "cron(0 8 1 1-X ? *)", "cron(0 8 1 9-3 ? *)",
	} {
		if days, err := IntervalDays(expression); err == nil {
			t.Errorf("%q is read as %d days", expression, days)
		}
	}
}

func FuzzIntervalDays(f *testing.F) {
	f.Add("rate(10 days)")
	f.Add("cron(0 8 1 JAN-JUN/2,9 ? *)")
	f.Fuzz(func(t *testing.T, expression string) {
		if days, err := IntervalDays(expression); err == nil && days < 1 {
			t.Errorf("%q is %d days", expression, days)
		}
	})
}
