// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package dockerfile

import (
	"slices"
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/dockerfile"
)

// decodeVariables lists the variables of the stage and those of its commands.
func decodeVariables(s *dockerfile.Stage) asset.List[Variable] {
	var all []Variable
	for _, v := range s.Variables {
		instruction := "ENV"
		if v.Argument {
			instruction = "ARG"
		}
		all = append(all, decodeVariable(v, instruction))
	}
	type place struct {
		name string
		line int
	}
	seen := map[place]bool{} // a command and what it wraps have the same
	for _, c := range s.Commands {
		for _, v := range c.Sets {
			if at := (place{v.Name, v.Source.Location.StartLine}); !seen[at] {
				seen[at] = true
				all = append(all, decodeVariable(v, "RUN"))
			}
		}
	}
	if s.Unread != "" {
		return asset.OpenList(all, s.Unread, s.UnreadAt)
	}
	return asset.ListOf(all, s.At)
}

// trusting are the variables that decide whether a tool verifies certificates,
// and the values with which it does not; none means any value.
var trusting = []struct {
	name, tool string
	off        []string
}{
	{"NODE_TLS_REJECT_UNAUTHORIZED", "node", []string{"0"}},
	{"PYTHONHTTPSVERIFY", "python", []string{"0"}},
	{"NPM_CONFIG_STRICT_SSL", "npm", []string{"false", "0", "null"}},
	{"YARN_STRICT_SSL", "yarn", []string{"false", "0"}},
	{"YARN_ENABLE_STRICT_SSL", "yarn", []string{"false", "0"}},
	{"GIT_SSL_NO_VERIFY", "git", nil},
	{"PIP_TRUSTED_HOST", "pip", nil},
}

func decodeVariable(v dockerfile.Variable, instruction string) Variable {
	out := Variable{
		Name: asset.Known(v.Name, v.Source), Instruction: asset.Known(instruction, v.Source),
		Tool: asset.Known("", v.Source), VerifiesCertificates: asset.Known(true, v.Source),
	}
	for _, t := range trusting {
		if !strings.EqualFold(t.name, v.Name) || t.tool != "npm" && t.name != v.Name {
			continue
		}
		out.Tool = asset.Known(t.tool, v.Source)
		switch {
		case v.NoDefault:
			out.VerifiesCertificates = asset.Unknown[bool]("ARG "+v.Name+" has no default", v.Source)
		case t.off == nil:
			out.VerifiesCertificates = asset.Known(v.Value.Marked() == "", v.Source)
		default:
			out.VerifiesCertificates = asset.Convert(v.Value.Value(v.Source), func(value string) bool {
				return !slices.Contains(t.off, strings.ToLower(value))
			})
		}
	}
	return out
}
