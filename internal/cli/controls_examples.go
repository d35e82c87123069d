// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/control"
	"github.com/plumb-cspm/plumb/internal/scan"
	"github.com/plumb-cspm/plumb/internal/source"
	decoders "github.com/plumb-cspm/plumb/providers/all/code"
)

func (a *app) controlsTestCommand(o *controlsOptions) *cobra.Command {
	return &cobra.Command{
		Use:   "test [DIR...]",
		Short: "Run the examples of your own controls",
		Long: `Checks the controls in the folders, or in those of --controls-dir, or in the working
directory: each must be well formed, have at least an example that passes and one
that fails, and every example must get the verdict that it expects.

` + testCodes,
		Example: `  plumb controls test ./controls`,
		RunE: func(cmd *cobra.Command, dirs []string) error {
			switch {
			case len(dirs) > 0:
			case len(o.dirs) > 0:
				dirs = o.dirs
			default:
				dirs = []string{"."}
			}
			k, err := know()
			if err != nil {
				return err
			}
			tests, err := testControls(cmd.Context(), k, dirs)
			if err != nil {
				return err
			}
			if len(tests) == 0 {
				a.notice(false, "there are no controls in %s", strings.Join(dirs, ", "))
			}
			switch o.format.value {
			case "json":
				err = testJSON(a.Stdout, tests)
			case "markdown":
				err = testMarkdown(a.Stdout, tests)
			default:
				err = testTable(a.Stdout, tests)
			}
			switch {
			case err != nil:
				return unwritable(err)
			case cmd.Context().Err() != nil:
				return exitWith(exitInterrupted)
			case slices.ContainsFunc(tests, func(t tested) bool { return len(t.Mistakes) > 0 }):
				return exitWith(exitBroken)
			}
			return nil
		},
	}
}

// tested is a control file after its test.
type tested struct {
	ID       string    `json:"id"`
	File     string    `json:"file"`
	Examples int       `json:"examples"` // how many were run
	Mistakes []mistake `json:"mistakes"`
}

// mistake is what is wrong with a control, and where.
type mistake struct {
	File    string `json:"file"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Message string `json:"message"`
}

func mistakeOf(err error) mistake {
	if m, ok := errors.AsType[*control.Mistake](err); ok {
		return mistake{m.File, m.Line, m.Column, m.Message}
	}
	return mistake{Message: err.Error()}
}

// testControls tests the controls of folders, in the order of their files.
func testControls(ctx context.Context, k *knowledge, dirs []string) ([]tested, error) {
	temp, err := os.MkdirTemp("", "plumb-examples-")
	if err != nil {
		return nil, fmt.Errorf("make room for examples: %w", err)
	}
	defer os.RemoveAll(temp)
	run := scan.Example{
		Config: scan.Config{Catalog: k.catalog, Env: k.env, Now: time.Now().UTC()},
		Code:   func(language, text string) (source.Source, error) { return decoders.Example(temp, language, text) },
	}
	var tests []tested
	for _, dir := range dirs {
		own, broken, err := loadControls(dir)
		if err != nil {
			return nil, &exitError{exitNothing, err}
		}
		for _, err := range broken {
			m := mistakeOf(err)
			tests = append(tests, tested{ID: idOf(err), File: m.File, Mistakes: []mistake{m}})
		}
		for _, c := range own {
			if ctx.Err() != nil {
				return tests, nil
			}
			tests = append(tests, testControl(ctx, k, run, c))
		}
	}
	slices.SortStableFunc(tests, func(a, b tested) int { return strings.Compare(a.File, b.File) })
	return tests, nil
}

func testControl(ctx context.Context, k *knowledge, run scan.Example, c *control.Control) tested {
	t := tested{ID: c.ID, File: c.Source, Mistakes: []mistake{}}
	complain := func(err error) { t.Mistakes = append(t.Mistakes, mistakeOf(err)) }
	if slices.Contains(idsOf(k.controls), c.ID) {
		complain(c.Mistake("", fmt.Sprintf("Plumb has a control %s itself: give the file another name", c.ID)))
	}
	if _, err := c.Compile(k.env); err != nil {
		complain(err)
		return t
	}
	examples := c.Text().Examples
	for _, verdict := range []asset.Outcome{asset.Pass, asset.Fail} {
		if !slices.ContainsFunc(examples, func(e control.Example) bool { return e.Verdict == verdict }) {
			complain(c.Mistake("examples", fmt.Sprintf("no example has the verdict %s: no example, no control", verdict)))
		}
	}
	for i, e := range examples {
		t.Examples++
		if err := run.Run(ctx, c, e); err != nil {
			complain(c.Mistake(fmt.Sprintf("examples[%d]", i), fmt.Sprintf("example %q: %v", e.Name, err)))
		}
	}
	return t
}

func testTable(to io.Writer, tests []tested) error {
	w := bufio.NewWriter(to)
	failed, examples := 0, 0
	for _, t := range tests {
		examples += t.Examples
		if len(t.Mistakes) == 0 {
			fmt.Fprintf(w, "ok    %s, %s\n", t.ID, counted(t.Examples, "example"))
			continue
		}
		failed++
		fmt.Fprintf(w, "FAIL  %s\n", t.ID)
		for _, m := range t.Mistakes {
			fmt.Fprintf(w, "      %s\n", strings.ReplaceAll(m.String(), "\n", "\n        "))
		}
	}
	if len(tests) > 0 {
		fmt.Fprintf(w, "%s, %s: %d failed\n", counted(len(tests), "control"), counted(examples, "example"), failed)
	}
	return w.Flush()
}

func (m mistake) String() string {
	return (&control.Mistake{File: m.File, Line: m.Line, Column: m.Column, Message: m.Message}).Error()
}

func counted(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}

func testMarkdown(to io.Writer, tests []tested) error {
	w := bufio.NewWriter(to)
	fmt.Fprint(w, "| control | examples | result |\n|---|---|---|\n")
	for _, t := range tests {
		result := "ok"
		if len(t.Mistakes) > 0 {
			var texts []string
			for _, m := range t.Mistakes {
				texts = append(texts, strings.NewReplacer("\n", " ", "|", `\|`).Replace(m.String()))
			}
			result = strings.Join(texts, "<br>")
		}
		fmt.Fprintf(w, "| `%s` | %d | %s |\n", t.ID, t.Examples, result)
	}
	return w.Flush()
}

func testJSON(w io.Writer, tests []tested) error {
	return writeJSON(w, struct {
		Schema   string   `json:"schema"`
		Controls []tested `json:"controls"`
	}{"plumb.controls-test/v1", append([]tested{}, tests...)})
}
