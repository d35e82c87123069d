// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/plumb-cspm/plumb/internal/control"
)

// controlsOptions are the flags of every command about controls.
type controlsOptions struct {
	selection
	config string
	format *choice
}

func (a *app) controlsCommand() *cobra.Command {
	o := &controlsOptions{format: oneOf("table", "table", "json", "markdown")}
	cmd := group("controls", "List, explain and test controls",
		"Controls are the rules that assets are judged by. Plumb has its own; --controls-dir\nadds yours.\n\n"+plainCodes,
		a.controlsListCommand(o), a.controlsShowCommand(o), a.controlsTestCommand(o))
	cmd.PersistentFlags().SortFlags = false
	choose(cmd, cmd.PersistentFlags(), o.format, "format", "how it is written")
	o.selection.flags(cmd)
	configFlag(cmd, &o.config)
	return cmd
}

// origins says, for each asset type, where its assets can come from: the clouds
// whose collectors list them, and the languages of which an example shows one.
func (k *knowledge) origins(all []*control.Control) map[string][]string {
	origins := map[string][]string{}
	for typ := range k.listing() {
		if t, ok := k.catalog.Type(typ); ok {
			origins[typ] = append(origins[typ], t.Provider())
		}
	}
	for _, c := range all {
		for _, e := range c.Text().Examples {
			if language, _ := e.Code(); language != "" && !slices.Contains(origins[c.Asset], language) {
				origins[c.Asset] = append(origins[c.Asset], language)
			}
		}
	}
	return origins
}

// describedControl is a control as the JSON of controls list has it.
type describedControl struct {
	ID           string              `json:"id"`
	Title        string              `json:"title"`
	Asset        string              `json:"asset"`
	Provider     string              `json:"provider"`
	Service      string              `json:"service"`
	Severity     control.Severity    `json:"severity"`
	Origins      []string            `json:"origins"`
	Equivalents  map[string][]string `json:"equivalents"`
	Related      map[string][]string `json:"related"`
	Requirements []string            `json:"requirements"`
}

func (k *knowledge) describe(c *control.Control, origins map[string][]string) describedControl {
	t, _ := k.catalog.Type(c.Asset) // of a control that compiles
	return describedControl{
		ID: c.ID, Title: c.Title, Asset: c.Asset, Provider: t.Provider(), Service: t.Service(), Severity: c.Severity,
		Origins:     append([]string{}, origins[c.Asset]...),
		Equivalents: byTool(c.Text().Equivalents), Related: byTool(c.Text().Related),
		Requirements: []string{},
	}
}

func byTool(of []control.Equivalent) map[string][]string {
	ids := make(map[string][]string, len(of))
	for _, e := range of {
		ids[e.Tool] = e.IDs
	}
	return ids
}
