// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"regexp"
	"strings"
)

// mostFix bounds a fix: what is longer has to be read as a whole.
const mostFix = 240

// templated is a value that a command takes from the asset: {{ asset.name }}.
var templated = regexp.MustCompile(`\{\{\s*(?:asset\.)?([^}]*?)\s*\}\}`)

// fix is the one line that helps most where the control fails: for a live asset
// the command, for code the block that it lacks, else the first step in words.
func (c Control) fix(live bool) string {
	if cli := strings.TrimSpace(c.FixCLI); live && cli != "" && !strings.Contains(cli, "\n") {
		return templated.ReplaceAllString(cli, "<$1>")
	}
	if tf := oneLine(c.FixTerraform); !live && tf != "" && columns(tf) <= mostFix {
		return tf
	}
	if len(c.FixSteps) > 0 {
		return c.FixSteps[0]
	}
	return ""
}

// labels are what a block is called in the code around it, and not what it says.
var labels = regexp.MustCompile(`^(?:resource|(data)) "(\w+)" "\w+" `)

// oneLine is code in the way people write it into a sentence: a comma for each
// line's end, blocks by their type alone. It is to be read, not to be run.
func oneLine(code string) string {
	var b strings.Builder
	last := byte(' ')
	for line := range strings.Lines(code) {
		line = strings.Join(strings.Fields(line), " ")
		if line == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, "//") {
			continue
		}
		switch opens, closes := strings.IndexByte("{[(", last) >= 0, strings.IndexByte("}])", line[0]) >= 0; {
		case b.Len() == 0:
		case opens, closes, last == ',':
			b.WriteByte(' ')
		default:
			b.WriteString(", ")
		}
		last = line[len(line)-1]
		b.WriteString(strings.TrimSpace(labels.ReplaceAllString(line, "$1 $2 ")))
	}
	return b.String()
}
