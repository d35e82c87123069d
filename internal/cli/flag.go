// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// choice is a flag's value that is one of a few words.
type choice struct {
	value   string
	allowed []string
}

var _ pflag.Value = (*choice)(nil)

// oneOf is a choice with its default.
func oneOf(value string, allowed ...string) *choice { return &choice{value, allowed} }

// Set implements [pflag.Value].
func (c *choice) Set(s string) error {
	if slices.Contains(c.allowed, s) {
		c.value = s
		return nil
	}
	return fmt.Errorf("%q is none of %s%s", s, strings.Join(c.allowed, ", "), suggest(s, c.allowed))
}

// String implements [pflag.Value].
func (c *choice) String() string { return c.value }

// Type implements [pflag.Value]: what help shows in the value's place.
func (c *choice) Type() string { return strings.Join(c.allowed, "|") }

// choose adds a flag with a choice to a command, with completion.
func choose(cmd *cobra.Command, flags *pflag.FlagSet, c *choice, name, usage string) {
	flags.Var(c, name, usage)
	flags.Lookup(name).DefValue = c.value
	// The only error is that the command has a completion for the flag already.
	_ = cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(c.allowed, cobra.ShellCompDirectiveNoFileComp))
}

// moment is a flag's value that is a time: RFC 3339, or a date.
type moment struct{ time.Time }

var _ pflag.Value = (*moment)(nil)

// Set implements [pflag.Value].
func (m *moment) Set(s string) error {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			m.Time = t.UTC()
			return nil
		}
	}
	return fmt.Errorf("%q is no time; one looks like 2026-01-31T12:00:00Z or 2026-01-31", s)
}

// String implements [pflag.Value].
func (m *moment) String() string {
	if m.IsZero() {
		return ""
	}
	return m.Format(time.RFC3339)
}

// Type implements [pflag.Value].
func (*moment) Type() string { return "TIME" }

// count is a flag's value that is a number from 0.
type count struct{ n int }

var _ pflag.Value = (*count)(nil)

// Set implements [pflag.Value].
func (c *count) Set(s string) error {
	if _, err := fmt.Sscanf(s+"\n", "%d\n", &c.n); err != nil || c.n < 0 {
		return fmt.Errorf("%q is no number from 0 up", s)
	}
	return nil
}

// String implements [pflag.Value].
func (c *count) String() string { return fmt.Sprint(c.n) }

// Type implements [pflag.Value].
func (*count) Type() string { return "N" }

// flagMistake explains what is wrong with a flag that was typed.
func flagMistake(cmd *cobra.Command, err error) error {
	var (
		missing *pflag.NotExistError
		invalid *pflag.InvalidValueError
	)
	switch {
	case errors.As(err, &missing):
		typed := missing.GetSpecifiedName()
		if missing.GetSpecifiedShortnames() != "" {
			return usagef("%s has no flag -%s", cmd.CommandPath(), typed)
		}
		return usagef("%s has no flag --%s%s", cmd.CommandPath(), typed, suggestFlag(cmd, typed))
	case errors.As(err, &invalid) && invalid.GetFlag().Value.Type() == "bool":
		return usagef("--%s: %q is neither true nor false", invalid.GetFlag().Name, invalid.GetValue())
	case errors.As(err, &invalid):
		return usagef("--%s: %w", invalid.GetFlag().Name, invalid.Unwrap())
	}
	return usagef("%w", err)
}

// suggestFlag names the flag that was meant, with its dashes.
func suggestFlag(cmd *cobra.Command, typed string) string {
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	})
	if near := nearest(typed, names); near != "" {
		return "; did you mean --" + near + "?"
	}
	return ""
}
