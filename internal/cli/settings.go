// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// defaultSettings is the file that is read where --config names none.
const defaultSettings = "plumb.yaml"

// setting is a flag's value from somewhere else than the command line.
type setting struct {
	values []string
	list   bool   // written as a list, even of one
	from   string // "plumb.yaml:3", "PLUMB_FORMAT"
}

// settle gives the flags that were not typed their values from the environment,
// or else from plumb.yaml. Commands without a --config flag have no settings.
func (a *app) settle(cmd *cobra.Command) error {
	config := cmd.Flags().Lookup("config")
	if config == nil {
		return nil
	}
	path, named := config.Value.String(), config.Changed
	if fromEnv := a.environ[variable("config")]; !named && fromEnv != "" {
		path, named = fromEnv, true
	}
	known := settable(cmd.Root())
	file, err := readSettings(path, known)
	if errors.Is(err, fs.ErrNotExist) && !named {
		err = nil
	}
	if err != nil {
		return &exitError{exitUsage, err}
	}
	var mistake error
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if mistake != nil || f.Changed || known[f.Name] == nil {
			return
		}
		if value := a.environ[variable(f.Name)]; value != "" {
			mistake = apply(f, fromVariable(f, value), known)
		} else if s, ok := file[f.Name]; ok {
			mistake = apply(f, s, known)
		}
	})
	return mistake
}

// variable is the environment variable of a flag: PLUMB_FAIL_ON.
func variable(flag string) string {
	return "PLUMB_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// fromVariable reads a variable. Values of lists that may hold commas themselves
// stand on lines of their own.
func fromVariable(f *pflag.Flag, value string) setting {
	s := setting{values: []string{value}, from: variable(f.Name)}
	if _, list := f.Value.(pflag.SliceValue); list && f.Value.Type() == "stringArray" {
		s.values, s.list = strings.Split(strings.Trim(value, "\n"), "\n"), true
	}
	return s
}

// settable lists, by name, the flags of all commands that can stand in
// plumb.yaml, with every form that they have.
func settable(root *cobra.Command) map[string][]*pflag.Flag {
	flags := map[string][]*pflag.Flag{}
	var add func(cmd *cobra.Command)
	add = func(cmd *cobra.Command) {
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if f.Name != "help" && f.Name != "config" {
				flags[f.Name] = append(flags[f.Name], f)
			}
		})
		for _, c := range cmd.Commands() {
			if c.Name() != "completion" && c.Name() != "help" {
				add(c)
			}
		}
	}
	add(root)
	return flags
}

// apply gives a flag the value of a setting.
func apply(f *pflag.Flag, s setting, known map[string][]*pflag.Flag) error {
	err := set(f, s)
	if err == nil {
		f.Changed = true
		return nil
	}
	// One file serves all commands: "format: sarif" means scans, and leaves alone
	// the commands that have no such format.
	elsewhere := slices.ContainsFunc(known[f.Name], func(other *pflag.Flag) bool {
		c, ok := other.Value.(*choice)
		return ok && !s.list && slices.Contains(c.allowed, s.values[0])
	})
	if elsewhere {
		return nil
	}
	return usagef("%s: %s: %w", s.from, f.Name, err)
}

func set(f *pflag.Flag, s setting) error {
	list, isList := f.Value.(pflag.SliceValue)
	switch {
	case isList && s.list:
		return list.Replace(s.values)
	case s.list:
		return errors.New("takes one value, not a list")
	}
	err := f.Value.Set(s.values[0])
	if f.Value.Type() == "bool" && err != nil {
		return fmt.Errorf("%q is neither true nor false", s.values[0])
	}
	return err
}

// readSettings reads a file of settings: the names of flags, each with a value
// or a list of values.
func readSettings(path string, known map[string][]*pflag.Flag) (map[string]setting, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read settings: %w", err)
	}
	tree, err := parser.ParseBytes(data, 0)
	if err != nil {
		return nil, settingsMistake(path, err)
	}
	settings := map[string]setting{}
	for _, doc := range tree.Docs {
		var pairs []*ast.MappingValueNode
		switch body := doc.Body.(type) {
		case nil, *ast.NullNode, *ast.CommentGroupNode:
		case *ast.MappingNode:
			pairs = body.Values
		case *ast.MappingValueNode:
			pairs = []*ast.MappingValueNode{body}
		default:
			return nil, fmt.Errorf("%s:%d: want the names of flags with their values", path, body.GetToken().Position.Line)
		}
		for _, pair := range pairs {
			name := pair.Key.GetToken().Value
			at := fmt.Sprintf("%s:%d", path, pair.Key.GetToken().Position.Line)
			if known[name] == nil {
				return nil, fmt.Errorf("%s: there is no setting %q%s", at, name, suggest(name, sortedNames(known)))
			}
			if _, twice := settings[name]; twice {
				return nil, fmt.Errorf("%s: %s is set twice", at, name)
			}
			s, ok := valuesOf(pair.Value)
			if !ok {
				return nil, fmt.Errorf("%s: %s: want a value or a list of values", at, name)
			}
			s.from = at
			settings[name] = s
		}
	}
	return settings, nil
}

func valuesOf(node ast.Node) (setting, bool) {
	if list, ok := node.(*ast.SequenceNode); ok {
		s := setting{list: true}
		for _, v := range list.Values {
			one, ok := scalar(v)
			if !ok {
				return s, false
			}
			s.values = append(s.values, one)
		}
		return s, true
	}
	one, ok := scalar(node)
	return setting{values: []string{one}}, ok
}

// scalar is a plain value as it was written: no flag is meant to tell 1.0 from 1.
func scalar(node ast.Node) (string, bool) {
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.BoolNode, *ast.IntegerNode, *ast.FloatNode:
		return n.GetToken().Value, true
	}
	return "", false
}

func settingsMistake(path string, err error) error {
	var at yaml.Error
	if errors.As(err, &at) && at.GetToken() != nil {
		return fmt.Errorf("%s:%d: %s", path, at.GetToken().Position.Line, at.GetMessage())
	}
	return fmt.Errorf("read settings %s: %w", path, err)
}

func sortedNames(known map[string][]*pflag.Flag) []string {
	names := make([]string, 0, len(known))
	for name := range known {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
