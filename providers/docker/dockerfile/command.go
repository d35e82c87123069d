// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package dockerfile

import (
	"path"
	"slices"
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/dockerfile"
)

// call is a command whose program is known, with what its words mean.
type call struct {
	dockerfile.Command
	program, tool string
	// words are the arguments as marked texts; operands those that are no options.
	words, operands []string
	options         []string
	// open says why there may be further options: an unquoted variable whose value
	// nobody knows.
	open string
}

func decodeCommands(s *dockerfile.Stage) asset.List[Command] {
	calls := make([]call, len(s.Commands))
	for i, c := range s.Commands {
		calls[i] = read(c)
	}
	elems := make([]Command, len(calls))
	lean := inheritsLean(s)
	for i, c := range calls {
		lean = lean || c.configuresLean()
		elems[i] = c.decode(calls[i+1:], lean)
	}
	if s.Unread != "" {
		return asset.OpenList(elems, s.Unread, s.UnreadAt)
	}
	return asset.ListOf(elems, s.At)
}

// inheritsLean reports whether a stage below has configured apt to leave out
// recommended packages.
func inheritsLean(s *dockerfile.Stage) bool {
	for on := s.Base.Stage; on != nil; on = on.Base.Stage {
		for _, c := range on.Commands {
			if read(c).configuresLean() {
				return true
			}
		}
	}
	return false
}

// tools are the families of programs.
var tools = map[string]string{
	"apt-get": "apt", "apt": "apt", "aptitude": "apt",
	"yum": "yum", "dnf": "yum", "dnf5": "yum", "microdnf": "yum", "tdnf": "yum", "yum-config-manager": "yum",
	"npm": "npm", "npx": "npm", "pnpm": "npm", "yarn": "yarn", "yarnpkg": "yarn",
}

func toolOf(program string, operands []string) string {
	if tool, ok := tools[program]; ok {
		return tool
	}
	if isVersionOf(program, "pip") {
		return "pip"
	}
	if isVersionOf(program, "python") {
		return "python"
	}
	if program == "uv" && len(operands) > 0 && operands[0] == "pip" {
		return "pip"
	}
	return program
}

// isVersionOf reports whether a program is pip, pip3 or pip3.12.
func isVersionOf(program, name string) bool {
	rest, ok := strings.CutPrefix(program, name)
	return ok && strings.Trim(rest, "0123456789.") == ""
}

// clustered are the tools of which one dash may introduce several letters, each
// with the letters that take a value.
var clustered = map[string]string{
	"curl": "AbcCdDeEFhHKmoPQrtTuUwxXyYz", "wget": "aAeBDiIlOoPQRtTUwX", "apt": "otc", "yum": "cxdR", "apk": "pXt",
	"rpm": "", "git": "cC", "useradd": "bcdefgGkKpRsuZ", "usermod": "cdefgGlLpRsuUvVwWZ", "passwd": "inRwx", "chpasswd": "cRs",
}

func read(c dockerfile.Command) call {
	program, _ := c.Program().Get()
	out := call{Command: c, program: program}
	args := c.Arguments()
	for _, w := range args {
		marked := w.Text.Marked()
		out.words = append(out.words, marked)
		if !strings.HasPrefix(marked, "-") {
			out.operands = append(out.operands, marked)
		}
		if parts := w.Text.Parts(); !w.Quoted && out.open == "" && len(parts) > 0 {
			if begin := strings.TrimLeft(parts[0].Literal, "-"); parts[0].Hole != nil && len(parts) == 1 || begin == "" && parts[0].Hole == nil && len(parts) > 1 {
				out.open = w.Text.Reason()
			}
		}
	}
	out.tool = toolOf(program, out.operands)
	if out.tool == "python" && len(out.words) > 1 && out.words[0] == "-m" && (out.words[1] == "pip" || out.words[1] == "pip3") {
		out.tool, out.words, out.operands = "pip", out.words[2:], out.operands[1:]
	}
	for i, word := range out.words {
		out.options = append(out.options, optionsIn(out.tool, word)...)
		if word == "--" && i >= 0 {
			break
		}
	}
	return out
}

// optionsIn are the names of the options in one word.
func optionsIn(tool, word string) []string {
	switch {
	case len(word) < 2 || word[0] != '-' || asset.HasHole(word[:2]):
		return nil
	case word[1] == '-':
		name, _, _ := strings.Cut(word, "=")
		return []string{name}
	}
	valued, isClustered := clustered[tool]
	if !isClustered {
		name, _, _ := strings.Cut(word, "=")
		return []string{name}
	}
	var names []string
	for _, letter := range word[1:] {
		names = append(names, "-"+string(letter))
		if strings.ContainsRune(valued, letter) {
			break
		}
	}
	return names
}

func (c call) has(options ...string) bool {
	return slices.ContainsFunc(options, func(o string) bool { return slices.Contains(c.options, o) })
}

// says reports whether one of the words is, in any case.
func (c call) says(words ...string) bool {
	return slices.ContainsFunc(c.words, func(w string) bool {
		return slices.ContainsFunc(words, func(word string) bool { return strings.EqualFold(w, word) })
	})
}

// sets reports whether the arguments give a setting one of the values: as
// NAME=VALUE, --NAME=VALUE, -oNAME=VALUE or NAME VALUE.
func (c call) sets(name string, values ...string) bool {
	for i, w := range c.words {
		w = strings.TrimLeft(strings.TrimPrefix(strings.ToLower(w), "-o"), "-")
		key, value, joined := strings.Cut(w, "=")
		if key != name && !strings.HasSuffix(key, "."+name) {
			continue
		}
		if !joined && i+1 < len(c.words) {
			value = strings.ToLower(c.words[i+1])
		}
		if slices.Contains(values, strings.Trim(value, `"'`)) {
			return true
		}
	}
	return false
}

// decode says what a command means, given those after it and whether apt is
// already told to leave out recommended packages.
func (c call) decode(later []call, lean bool) Command {
	at := c.Source
	program := c.Program()
	if !program.IsKnown() {
		missing := at.Missing(program.Reason())
		unknown := asset.Missing[bool](missing)
		return Command{
			Program: program, Tool: program, Action: program, Options: asset.MissingList[asset.Value[string]](missing),
			VerifiesCertificates: unknown, VerifiesPackages: unknown, InstallsAfter: unknown, SkipsRecommended: unknown, SetsPassword: unknown,
		}
	}
	out := Command{
		Program: program, Tool: asset.Known(c.tool, at), Action: asset.Known(c.action(), at),
		Options:          asset.ListOf(asset.Strings(c.options, at), at),
		InstallsAfter:    asset.Known(c.installsAfter(later), at),
		SkipsRecommended: c.unless(c.leavesOutRecommended() || lean, true, "apt"),
		SetsPassword:     asset.Known(c.setsPassword(), at),
	}
	out.VerifiesCertificates = c.unless(c.trustsAnybody(), false, "curl", "wget", "pip", "npm", "yarn", "git", "yum")
	out.VerifiesPackages = c.unless(c.trustsPackages(), false, "apt", "apk", "yum", "rpm", "zypper")
	if c.open != "" {
		out.Options = asset.OpenList(asset.Strings(c.options, at), c.open, at)
	}
	return out
}

// unless is the answer where the words say so, else its opposite; that is
// unknown where there may be further options to one of the tools that have such.
func (c call) unless(said, answer bool, having ...string) asset.Value[bool] {
	if !said && c.open != "" && slices.Contains(having, c.tool) {
		return asset.Unknown[bool](c.open, c.Source)
	}
	return asset.Known(said == answer, c.Source)
}

// trustsAnybody reports whether a command turns the verification of
// certificates off.
func (c call) trustsAnybody() bool {
	off := []string{"false", "0", "no", "off"}
	switch c.tool {
	case "curl":
		return c.has("-k", "--insecure")
	case "wget":
		return c.has("--no-check-certificate") || c.sets("check_certificate", off...) || c.sets("check-certificate", off...)
	case "pip":
		return c.has("--trusted-host", "--allow-insecure-host") || len(c.operands) > 1 && c.operands[0] == "config" && c.operands[1] == "set" && c.sets("trusted-host", c.valueOf("trusted-host"))
	case "npm", "yarn":
		return c.sets("strict-ssl", off...) || c.sets("enablestrictssl", off...) || c.has("--no-strict-ssl")
	case "git":
		return c.sets("sslverify", off...)
	case "yum":
		return c.sets("sslverify", off...) || slices.ContainsFunc(c.words, func(w string) bool {
			w = strings.ToLower(w)
			return strings.HasSuffix(w, "sslverify=0") || strings.HasSuffix(w, "sslverify=false")
		})
	}
	return false
}

// valueOf is the word after a setting.
func (c call) valueOf(name string) string {
	for i, w := range c.words {
		if (w == name || strings.HasSuffix(w, "."+name)) && i+1 < len(c.words) {
			return strings.ToLower(c.words[i+1])
		}
	}
	return ""
}

// trustsPackages reports whether a package manager is told not to look at
// signatures.
func (c call) trustsPackages() bool {
	yes := []string{"true", "1", "yes"}
	if slices.ContainsFunc(c.words, func(w string) bool { return strings.Contains(w, "[trusted=yes") || strings.Contains(w, " trusted=yes") }) {
		return true // a line for the sources of apt
	}
	switch c.tool {
	case "apt":
		return c.has("--allow-unauthenticated", "--force-yes", "--allow-insecure-repositories") ||
			c.sets("apt::get::allowunauthenticated", yes...) || c.sets("acquire::allowinsecurerepositories", yes...)
	case "apk":
		return c.has("--allow-untrusted")
	case "yum":
		return c.has("--nogpgcheck", "--no-gpgchecks", "--no-gpg-checks") || slices.ContainsFunc(c.words, func(w string) bool {
			return strings.HasSuffix(w, "gpgcheck=0") || strings.HasSuffix(w, "gpgcheck=false")
		})
	case "rpm":
		return c.has("--nosignature", "--nogpgcheck", "--nodigest")
	case "zypper":
		return c.has("--no-gpg-checks", "--allow-unsigned-rpm", "--gpg-auto-import-keys-unsafe")
	}
	return false
}

// actions are the verbs of package managers.
var actions = map[string]map[string]string{
	"apt":    {"install": "install", "build-dep": "install", "reinstall": "install", "update": "update", "upgrade": "upgrade", "dist-upgrade": "upgrade", "full-upgrade": "upgrade"},
	"yum":    {"install": "install", "groupinstall": "install", "localinstall": "install", "reinstall": "install", "swap": "install", "update": "update", "check-update": "update", "makecache": "update", "upgrade": "upgrade"},
	"apk":    {"add": "install", "update": "update", "upgrade": "upgrade"},
	"zypper": {"install": "install", "in": "install", "refresh": "update", "ref": "update", "update": "upgrade", "up": "upgrade", "dup": "upgrade"},
	"pip":    {"install": "install"},
	"npm":    {"install": "install", "i": "install", "ci": "install", "add": "install"},
	"yarn":   {"install": "install", "add": "install"},
}

// action is the first operand that is a verb: options with values may come
// before it.
func (c call) action() string {
	for _, word := range c.operands {
		if action, ok := actions[c.tool][word]; ok {
			return action
		}
	}
	return ""
}

// installsAfter reports whether a later command of the same RUN uses the lists
// that this one brings up to date.
func (c call) installsAfter(later []call) bool {
	return slices.ContainsFunc(later, func(o call) bool {
		action := o.action()
		return o.Run == c.Run && (action == "install" || action == "upgrade")
	})
}

func (c call) leavesOutRecommended() bool {
	return c.tool == "apt" && (c.has("--no-install-recommends", "--without-recommends", "-R") || c.configuresLean())
}

// configuresLean reports whether a command, on its line or in a file, tells apt
// to leave out recommended packages.
func (c call) configuresLean() bool {
	text := strings.ToLower(strings.Join(c.words, " "))
	_, value, found := strings.Cut(text, "apt::install-recommends")
	if !found {
		return false
	}
	value = strings.TrimLeft(value, ` ="'\`)
	return strings.HasPrefix(value, "0") || strings.HasPrefix(value, "false") || strings.HasPrefix(value, "no")
}

// setsPassword reports whether a command gives a user a password.
func (c call) setsPassword() bool {
	switch path.Base(c.program) {
	case "chpasswd":
		return true
	case "passwd":
		return !c.has("-l", "--lock", "-u", "--unlock", "-d", "--delete", "-e", "--expire", "-S", "--status")
	case "useradd", "usermod":
		return c.has("-p", "--password")
	}
	return false
}
