// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"fmt"
	"io"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

// Process is what the command line has of the process that runs it.
type Process struct {
	Args           []string // without the program's name
	Stdout, Stderr io.Writer
	Environ        []string
	Version        string // "" for a build that was given none
}

// app is one run of the command line.
type app struct {
	Process
	environ map[string]string
}

// Run runs the command that the arguments name and returns the exit code. When
// ctx ends, it soon prints what is complete and returns.
func Run(ctx context.Context, p Process) (code int) {
	a := &app{Process: p, environ: map[string]string{}}
	for _, entry := range p.Environ {
		name, value, _ := strings.Cut(entry, "=")
		a.environ[name] = value
	}
	if a.Version == "" {
		a.Version = buildVersion()
	}
	defer func() {
		if r := recover(); r != nil {
			fmt.Fprintf(a.Stderr, "plumb: internal error: %v\n\n%s\nThis is a mistake in Plumb; please report it with the lines above.\n", r, debug.Stack())
			code = exitInternal
		}
	}()
	root := a.root()
	root.SetArgs(p.Args)
	cmd, err := root.ExecuteContextC(ctx)
	return a.conclude(cmd, err)
}

// buildVersion is the version of a binary that go install made.
func buildVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "dev"
}

func (a *app) root() *cobra.Command {
	root := group("plumb", "Find what is wrong in clouds and in the code that makes them",
		`Plumb reads what is deployed in your cloud and what is about to be deployed by your
code, judges both with the same controls, and says what to fix first and how.
It only reads, and sends nothing anywhere.`,
		a.scanCommand(), a.controlsCommand(), a.suppressionsCommand(), a.baselineCommand(), a.permissionsCommand(), a.versionCommand())
	root.Example = `  plumb scan code infra
  plumb scan aws --region eu-west-1 --control 'aws-s3-*'
  plumb controls show aws-s3-bucket-versioning`
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error { return a.settle(cmd) }
	root.SilenceErrors, root.SilenceUsage = true, true
	root.SetOut(a.Stdout)
	root.SetErr(a.Stderr)
	root.SetFlagErrorFunc(flagMistake)
	strict(root)
	return root
}

// strict makes the commands that cobra adds refuse what does not exist, and
// keeps the order of flags.
func strict(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	root.InitDefaultHelpCmd()
	var walk func(*cobra.Command)
	walk = func(cmd *cobra.Command) {
		cmd.Flags().SortFlags = false
		for _, c := range cmd.Commands() {
			walk(c)
		}
	}
	walk(root)
	for _, cmd := range root.Commands() {
		switch cmd.Name() {
		case "completion":
			cmd.Args, cmd.RunE = cobra.ArbitraryArgs, noSuchCommand
		case "help":
			cmd.Run = nil
			cmd.RunE = func(_ *cobra.Command, args []string) error {
				topic, rest, err := root.Find(args)
				if err != nil || len(rest) > 0 {
					return noSuchCommand(topic, rest)
				}
				topic.InitDefaultHelpFlag()
				return topic.Help()
			}
		}
	}
}

// group is a command that only holds others. Without one it shows its help; with
// one that does not exist it names the nearest.
func group(use, short, long string, commands ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{
		Use: use, Short: short, Long: long,
		Args: cobra.ArbitraryArgs,
		RunE: noSuchCommand,
	}
	cmd.AddCommand(commands...)
	return cmd
}

// noSuchCommand is what a command does that only holds others.
func noSuchCommand(cmd *cobra.Command, args []string) error {
	var names []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	switch {
	case len(args) > 0:
		return usagef("%s has no command %q%s", cmd.CommandPath(), args[0], suggest(args[0], names))
	case cmd.HasParent():
		return usagef("%s needs one of the commands %s", cmd.CommandPath(), strings.Join(names, ", "))
	}
	return cmd.Help()
}

// noArguments refuses any.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef("%s takes no arguments, but %q was given", cmd.CommandPath(), args[0])
	}
	return nil
}

// oneArgument asks for exactly one, which it names.
func oneArgument(name string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != 1 {
			return usagef("%s takes one argument, %s; %d were given", cmd.CommandPath(), name, len(args))
		}
		return nil
	}
}
