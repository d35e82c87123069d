// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/control"
)

func (a *app) controlsShowCommand(o *controlsOptions) *cobra.Command {
	return &cobra.Command{
		Use:   "show ID",
		Short: "Explain a control: why it matters, how to fix it, examples",
		Long:  "Prints all that Plumb knows of a control. Former ids of controls are found too.\n\n" + plainCodes,
		Example: `  plumb controls show aws-s3-bucket-versioning
  plumb controls show my-control --controls-dir ./controls --format markdown`,
		Args: oneArgument("ID"),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			k, err := know()
			if err != nil {
				return nil, cobra.ShellCompDirectiveError
			}
			return idsOf(k.controls), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			k, err := know()
			if err != nil {
				return err
			}
			all, _, err := o.candidates(k)
			if err != nil {
				return err
			}
			c, err := find(all, args[0])
			if err != nil {
				return err
			}
			s := shown{describedControl: k.describe(c, k.origins(all)), control: c, text: c.Text()}
			switch o.format.value {
			case "json":
				return unwritable(s.json(a.Stdout))
			case "markdown":
				return unwritable(s.markdown(a.Stdout))
			}
			return unwritable(s.plain(a.Stdout))
		},
	}
}

// shown is a control with everything that people read of it.
type shown struct {
	describedControl
	control *control.Control
	text    control.Text
}

func (s shown) json(w io.Writer) error {
	type example struct {
		Name           string           `json:"name"`
		Verdict        asset.Outcome    `json:"verdict"`
		Terraform      string           `json:"terraform,omitempty"`
		CloudFormation string           `json:"cloudformation,omitempty"`
		Dockerfile     string           `json:"dockerfile,omitempty"`
		Compose        string           `json:"compose,omitempty"`
		Kubernetes     string           `json:"kubernetes,omitempty"`
		Asset          map[string]any   `json:"asset,omitempty"`
		With           []map[string]any `json:"with,omitempty"`
	}
	examples := []example{}
	for _, e := range s.text.Examples {
		examples = append(examples, example{e.Name, e.Verdict, e.Terraform, e.CloudFormation, e.Dockerfile, e.Compose, e.Kubernetes, e.Asset, e.With})
	}
	type fix struct {
		Steps          []string `json:"steps"`
		CLI            string   `json:"cli,omitempty"`
		Terraform      string   `json:"terraform,omitempty"`
		CloudFormation string   `json:"cloudformation,omitempty"`
		Dockerfile     string   `json:"dockerfile,omitempty"`
		Compose        string   `json:"compose,omitempty"`
		Kubernetes     string   `json:"kubernetes,omitempty"`
	}
	f := s.text.Fix
	return writeJSON(w, struct {
		Schema string `json:"schema"`
		describedControl
		Applies    string    `json:"applies,omitempty"`
		Pass       string    `json:"pass"`
		Why        string    `json:"why"`
		Fix        fix       `json:"fix"`
		References []string  `json:"references"`
		Examples   []example `json:"examples"`
	}{
		"plumb.control/v1", s.describedControl, s.control.Applies, s.control.Pass, s.text.Why,
		fix{append([]string{}, f.Steps...), f.CLI, f.Terraform, f.CloudFormation, f.Dockerfile, f.Compose, f.Kubernetes},
		append([]string{}, s.text.References...), examples,
	})
}

// block is a piece of code below a heading.
type block struct{ heading, language, code string }

func (s shown) fixes() []block {
	f := s.text.Fix
	return filled(block{"Command", "sh", f.CLI}, block{"Terraform", "hcl", f.Terraform}, block{"CloudFormation", "yaml", f.CloudFormation},
		block{"Dockerfile", "dockerfile", f.Dockerfile}, block{"Compose", "yaml", f.Compose},
		block{"Kubernetes", "yaml", f.Kubernetes})
}

// markdownNames are what Markdown calls the languages of examples.
var markdownNames = map[string]string{"terraform": "hcl", "cloudformation": "yaml", "dockerfile": "dockerfile", "compose": "yaml", "kubernetes": "yaml"}

func (s shown) examples() []block {
	var blocks []block
	for _, e := range s.text.Examples {
		heading := string(e.Verdict) + ": " + e.Name
		if language, text := e.Code(); text != "" {
			blocks = append(blocks, block{heading, markdownNames[language], text})
			continue
		}
		b := block{heading: heading + " (" + s.Asset + ", as read)", language: "yaml"}
		for _, fields := range append([]map[string]any{e.Asset}, e.With...) {
			b.code += yamlOf(fields)
		}
		blocks = append(blocks, b)
	}
	return blocks
}

func filled(blocks ...block) []block {
	return slices.DeleteFunc(blocks, func(b block) bool { return strings.TrimSpace(b.code) == "" })
}

func yamlOf(fields map[string]any) string {
	out, err := yaml.Marshal(fields)
	if err != nil { // it was read from YAML
		return fmt.Sprintln(fields)
	}
	return string(out)
}

func (s shown) plain(to io.Writer) error {
	w := bufio.NewWriter(to)
	fmt.Fprintf(w, "%s\n%s\n\n", s.Title, s.ID)
	fmt.Fprintf(w, "severity    %s\nasset       %s\norigins     %s\n", s.Severity, s.Asset, strings.Join(s.Origins, ", "))
	for _, equivalents := range []struct {
		name string
		ids  map[string][]string
	}{{"same as", s.Equivalents}, {"similar to", s.Related}} {
		for i, tool := range slices.Sorted(maps.Keys(equivalents.ids)) {
			name := equivalents.name
			if i > 0 {
				name = ""
			}
			fmt.Fprintf(w, "%-10s  %s %s\n", name, tool, strings.Join(equivalents.ids[tool], ", "))
		}
	}
	if s.text.Why != "" {
		fmt.Fprintf(w, "\nWhy\n%s", indented(wrapped(s.text.Why, 84)))
	}
	if s.control.Applies != "" {
		fmt.Fprintf(w, "\nApplies if\n%s", indented(s.control.Applies))
	}
	fmt.Fprintf(w, "\nPasses if\n%s", indented(s.control.Pass))
	if len(s.text.Fix.Steps) > 0 {
		fmt.Fprint(w, "\nFix\n")
		for i, step := range s.text.Fix.Steps {
			fmt.Fprintf(w, "  %d. %s\n", i+1, strings.ReplaceAll(wrapped(step, 81), "\n", "\n     "))
		}
	}
	for _, b := range s.fixes() {
		fmt.Fprintf(w, "\nFix: %s\n%s", b.heading, indented(b.code))
	}
	for _, b := range s.examples() {
		fmt.Fprintf(w, "\nExample, %s\n%s", b.heading, indented(b.code))
	}
	if len(s.text.References) > 0 {
		fmt.Fprintf(w, "\nReferences\n%s", indented(strings.Join(s.text.References, "\n")))
	}
	return w.Flush()
}

func (s shown) markdown(to io.Writer) error {
	w := bufio.NewWriter(to)
	fmt.Fprintf(w, "# %s\n\n`%s`: %s, for `%s` from %s\n", s.Title, s.ID, s.Severity, s.Asset, strings.Join(s.Origins, ", "))
	fmt.Fprintf(w, "\n%s\n", s.text.Why)
	fmt.Fprint(w, "\n## Condition\n")
	for _, b := range filled(block{code: s.control.Applies, heading: "It applies if"}, block{code: s.control.Pass, heading: "It passes if"}) {
		fmt.Fprintf(w, "\n%s\n\n%s", b.heading, fenced("", b.code))
	}
	fmt.Fprint(w, "\n## Fix\n\n")
	for i, step := range s.text.Fix.Steps {
		fmt.Fprintf(w, "%d. %s\n", i+1, step)
	}
	for _, b := range s.fixes() {
		fmt.Fprintf(w, "\n### %s\n\n%s", b.heading, fenced(b.language, b.code))
	}
	fmt.Fprint(w, "\n## Examples\n")
	for _, b := range s.examples() {
		fmt.Fprintf(w, "\n### %s\n\n%s", b.heading, fenced(b.language, b.code))
	}
	for _, equivalents := range []struct {
		name string
		ids  map[string][]string
	}{{"The same question elsewhere", s.Equivalents}, {"Similar controls elsewhere", s.Related}} {
		if len(equivalents.ids) > 0 {
			fmt.Fprintf(w, "\n## %s\n\n", equivalents.name)
		}
		for _, tool := range slices.Sorted(maps.Keys(equivalents.ids)) {
			fmt.Fprintf(w, "- %s: `%s`\n", tool, strings.Join(equivalents.ids[tool], "`, `"))
		}
	}
	if len(s.text.References) > 0 {
		fmt.Fprint(w, "\n## References\n\n")
		for _, url := range s.text.References {
			fmt.Fprintf(w, "- <%s>\n", url)
		}
	}
	return w.Flush()
}

func fenced(language, code string) string {
	fence := "```"
	for strings.Contains(code, fence) {
		fence += "`"
	}
	return fence + language + "\n" + strings.TrimRight(code, "\n") + "\n" + fence + "\n"
}

// indented is a text with every line set off, and one newline at its end.
func indented(text string) string {
	var b strings.Builder
	for line := range strings.Lines(strings.TrimRight(text, "\n") + "\n") {
		if line != "\n" {
			b.WriteString("  ")
		}
		b.WriteString(line)
	}
	return b.String()
}

// wrapped is a paragraph in lines of at most so many bytes.
func wrapped(text string, most int) string {
	var b strings.Builder
	width := 0
	for word := range strings.FieldsSeq(text) {
		switch {
		case width == 0:
		case width+1+len(word) > most:
			b.WriteByte('\n')
			width = 0
		default:
			b.WriteByte(' ')
			width++
		}
		b.WriteString(word)
		width += len(word)
	}
	return b.String()
}
