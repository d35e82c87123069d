// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/control"
	"github.com/plumb-cspm/plumb/internal/expr"
	"github.com/plumb-cspm/plumb/internal/scan"
	"github.com/plumb-cspm/plumb/providers/all/code"
	"github.com/plumb-cspm/plumb/providers/all/controls"
)

// knowledge is what this build knows: asset types, the language about them, and
// the embedded controls.
type knowledge struct {
	catalog  *asset.Catalog
	env      *expr.Env
	controls []*control.Control // sorted by id
}

func know() (*knowledge, error) {
	k := &knowledge{}
	var err error
	if k.catalog, err = asset.NewCatalog(code.Types()...); err != nil {
		return nil, err
	}
	if k.env, err = expr.NewEnv(k.catalog); err != nil {
		return nil, err
	}
	k.controls, err = controls.All()
	return k, err
}

// selection says which controls a command is about.
type selection struct {
	control, skip, dirs []string
	severity            *choice
}

func (s *selection) flags(cmd *cobra.Command) {
	flags := cmd.PersistentFlags()
	s.severity = oneOf("", severityNames()...)
	flags.StringSliceVar(&s.control, "control", nil, "only these controls: `ID[,GLOB]`, such as 'aws-s3-*'")
	flags.StringSliceVar(&s.skip, "skip-control", nil, "not these controls: `ID[,GLOB]`")
	choose(cmd, flags, s.severity, "severity", "only controls of at least this severity")
	flags.StringArrayVar(&s.dirs, "controls-dir", nil, "a `FOLDER` with controls of your own; can be repeated")
}

func severityNames() []string {
	var names []string
	for _, s := range control.Severities() {
		names = append(names, string(s))
	}
	return names
}

// chosen are the selected controls, and those of the user's that are broken.
type chosen struct {
	controls []*control.Control // sorted by id
	broken   []error            // each says where
}

// coverage is what the broken controls did not look at.
func (c chosen) coverage() []asset.Coverage {
	lines := make([]asset.Coverage, len(c.broken))
	for i, err := range c.broken {
		lines[i] = scan.BrokenControl(err)
	}
	return lines
}

// choose selects from the embedded controls and the user's own.
func (s *selection) choose(k *knowledge) (chosen, error) {
	all, broken, err := s.candidates(k)
	if err != nil {
		return chosen{}, err
	}
	wanted, err := s.match("control", s.control, all, broken)
	if err != nil {
		return chosen{}, err
	}
	unwanted, err := s.match("skip-control", s.skip, all, broken)
	if err != nil {
		return chosen{}, err
	}
	c := chosen{broken: broken}
	for _, candidate := range all {
		switch {
		case len(s.control) > 0 && !wanted[candidate.ID]:
		case unwanted[candidate.ID]:
		case s.severity.value != "" && candidate.Severity.Rank() > control.Severity(s.severity.value).Rank():
		default:
			c.controls = append(c.controls, candidate)
		}
	}
	if len(c.controls) == 0 && len(broken) == 0 {
		return c, usagef("no control is left of those that --control, --skip-control and --severity select")
	}
	return c, nil
}

// candidates are all controls there are. The user's are checked as a whole,
// whatever is scanned.
func (s *selection) candidates(k *knowledge) (all []*control.Control, broken []error, err error) {
	all = slices.Clone(k.controls)
	taken := map[string]string{}
	for _, c := range k.controls {
		taken[c.ID] = "of Plumb's own controls"
	}
	for _, dir := range s.dirs {
		own, mistakes, err := loadControls(dir)
		if err != nil {
			return nil, nil, usagef("--controls-dir: %w", err)
		}
		broken = append(broken, mistakes...)
		for _, c := range own {
			if by, twice := taken[c.ID]; twice {
				broken = append(broken, c.Mistake("", fmt.Sprintf("the id %s is that of %s: give the file another name", c.ID, by)))
				continue
			}
			if _, err := c.Compile(k.env); err != nil {
				broken = append(broken, err)
				continue
			}
			taken[c.ID] = c.Source
			all = append(all, c)
		}
	}
	slices.SortFunc(all, func(a, b *control.Control) int { return strings.Compare(a.ID, b.ID) })
	return all, broken, nil
}

// loadControls reads the controls of a folder. Files are named as the user would
// open them.
func loadControls(dir string) (own []*control.Control, broken []error, err error) {
	if _, err := os.ReadDir(dir); err != nil {
		return nil, nil, fmt.Errorf("read controls: %w", err)
	}
	own, mistakes := control.Load(os.DirFS(dir), ".")
	in := func(file string) string { return filepath.ToSlash(filepath.Join(dir, file)) }
	for _, c := range own {
		c.Source = in(c.Source)
	}
	for _, m := range mistakes {
		m.File = in(m.File)
		broken = append(broken, m)
	}
	return own, broken, nil
}

// match returns the ids that the patterns of a flag name. A pattern that names
// none is a slip of the pen, unless it is that of a broken control.
func (s *selection) match(flag string, patterns []string, all []*control.Control, broken []error) (map[string]bool, error) {
	ids := map[string]bool{}
	for _, pattern := range patterns {
		found := slices.ContainsFunc(broken, func(err error) bool { return like(pattern, idOf(err)) })
		for _, c := range all {
			if like(pattern, c.ID) || slices.Contains(c.Aliases, pattern) {
				ids[c.ID] = true
				found = true
			}
		}
		if !found {
			return nil, usagef("--%s: there is no control %s%s", flag, pattern, suggest(pattern, idsOf(all)))
		}
	}
	return ids, nil
}

// idOf is the id that a broken control would have.
func idOf(err error) string {
	base := filepath.Base(scan.BrokenControl(err).Part)
	return strings.TrimSuffix(base, filepath.Ext(base))
}

func idsOf(all []*control.Control) []string {
	ids := make([]string, len(all))
	for i, c := range all {
		ids[i] = c.ID
	}
	return ids
}

// find returns the control of that id, or former id.
func find(all []*control.Control, id string) (*control.Control, error) {
	for _, c := range all {
		if c.ID == id || slices.Contains(c.Aliases, id) {
			return c, nil
		}
	}
	return nil, usagef("there is no control %s%s", id, suggest(id, idsOf(all)))
}

// like reports whether a name is what a pattern says: * stands for any text, ?
// for any character.
func like(pattern, name string) bool {
	// Only the last star ever has to give way: what an earlier one could take
	// later, the last one can take too.
	p, n := 0, 0
	star, taken := -1, 0
	for n < len(name) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, taken = p, n
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == name[n]):
			p++
			n++
		case star >= 0:
			taken++
			p, n = star+1, taken
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
