// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package dockerfile

import (
	"strconv"
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/dockerfile"
)

func decode(f *dockerfile.File, emit func(*asset.Asset)) {
	for _, s := range f.Stages {
		name := s.Name
		if name == "" {
			name = "stage " + strconv.Itoa(s.Index)
		}
		var keys []string
		if s.Final {
			keys = []string{f.Name + "//"} // what a build without a target makes
		}
		emit(&asset.Asset{
			Type: StageType, ID: f.Name + "//" + s.Address, Name: name, Address: s.Address, Keys: keys, Root: f.Name,
			Scope: asset.Scope{Provider: "docker"}, Origin: asset.Code, Location: s.Location,
			Tags: asset.DefaultMap[string](nil, s.At), Config: decodeStage(s),
		})
	}
}

func decodeStage(s *dockerfile.Stage) *Stage {
	at := s.At
	return &Stage{
		Final: asset.Known(s.Final, at), NameUnique: asset.Known(!s.Repeated, at), Platform: platform(s),
		Base: decodeBase(s), User: decodeUser(s), Healthcheck: decodeHealth(s),
		Variables: decodeVariables(s), Commands: decodeCommands(s),
		Copies:      each(at, s.Copies, decodeCopy),
		Ports:       each(at, s.Ports, decodePort),
		Workdirs:    each(at, s.Workdirs, decodeWorkdir),
		Volumes:     each(at, s.Volumes, decodeSetting),
		Maintainers: each(at, s.Maintainers, decodeSetting),
		Labels:      decodeLabels(s),
		Cmds:        each(at, s.Cmds, decodeStart),
		Entrypoints: each(at, s.Entrypoints, decodeStart),
	}
}

// platform is what FROM asks for; "" for that of the builder.
func platform(s *dockerfile.Stage) asset.Value[string] {
	if s.Platform.Marked() == "" {
		return asset.Default("", s.At)
	}
	return s.Platform.Value(s.At)
}

// each is a list of what the stage says, in its order.
func each[T, U any](at *asset.Source, items []T, decode func(T) U) asset.List[U] {
	elems := make([]U, len(items))
	for i, item := range items {
		elems[i] = decode(item)
	}
	return asset.ListOf(elems, at)
}

func decodeBase(s *dockerfile.Stage) Base {
	at, img := s.At, s.Base.Image
	b := Base{
		Reference: img.Reference.Value(at), Repository: img.Repository.Value(at),
		Tag: img.Tag.Value(at), Digest: img.Digest.Value(at), Pinned: asset.Known(img.Pinned, at),
	}
	switch {
	case s.Base.Stage != nil:
		b.Kind = asset.Known("stage", at)
	case s.Base.Scratch:
		b.Kind = asset.Known("scratch", at)
	case s.Doubt() != "":
		b.Kind = asset.Unknown[string](s.Doubt(), at)
	default:
		b.Kind = asset.Known("image", at)
	}
	if img.Doubt != "" {
		b.Pinned = asset.Unknown[bool](img.Doubt, at)
	}
	return b
}

func decodeUser(s *dockerfile.Stage) User {
	at := s.User.Source
	switch {
	case at != nil:
	case s.Doubt() != "":
		missing := s.At.Missing(s.Doubt())
		return User{asset.Missing[bool](missing), asset.Missing[string](missing), asset.Missing[bool](missing)}
	case runsOnNothing(s):
		return User{asset.Default(false, s.At), asset.Default("root", s.At), asset.Default(true, s.At)}
	default:
		missing := s.At.Missing("the user of the base image is not in the file")
		return User{asset.Default(false, s.At), asset.Missing[string](missing), asset.Missing[bool](missing)}
	}
	name, _, _ := strings.Cut(s.User.Text.Marked(), ":")
	user := s.User.Text.Cut(name).Value(at)
	return User{asset.Known(true, at), user, asset.Convert(user, isRoot)}
}

// runsOnNothing reports whether a stage goes back to scratch, where the user is
// root.
func runsOnNothing(s *dockerfile.Stage) bool {
	for s.Base.Stage != nil {
		s = s.Base.Stage
	}
	return s.Base.Scratch
}

func isRoot(name string) bool {
	if id, err := strconv.ParseInt(name, 10, 64); err == nil {
		return id == 0
	}
	switch strings.ToLower(name) {
	case "root", "", "containeradministrator", "administrator":
		return true
	}
	return false
}

func decodeHealth(s *dockerfile.Stage) Healthcheck {
	switch {
	case s.Health.Source != nil:
		return Healthcheck{asset.Known(!s.Health.Off, s.Health.Source)}
	case s.Doubt() != "":
		return Healthcheck{asset.Unknown[bool](s.Doubt(), s.At)}
	}
	return Healthcheck{asset.Default(false, s.At)}
}

func decodeSetting(s dockerfile.Setting) asset.Value[string] { return s.Text.Value(s.Source) }

func decodeStart(s dockerfile.Start) Start {
	form := "exec"
	if s.Shell {
		form = "shell"
	}
	return Start{asset.Known(form, s.Source)}
}

func decodeLabels(s *dockerfile.Stage) asset.Map[string] {
	labels := map[string]asset.Value[string]{}
	for _, l := range s.Labels {
		labels[l.Name] = l.Value.Value(l.Source)
	}
	return asset.MapOf(labels, s.At)
}

func decodeWorkdir(s dockerfile.Setting) Workdir {
	w := Workdir{Path: s.Text.Value(s.Source)}
	// The beginning decides, and may be known where the rest is not.
	begin := s.Text.Marked()
	if strings.HasPrefix(begin, "/") || strings.HasPrefix(begin, `\`) || isDrive(begin) {
		w.Absolute = asset.Known(true, s.Source)
		return w
	}
	if first := s.Text.Parts(); len(first) > 0 && first[0].Hole == nil {
		w.Absolute = asset.Known(false, s.Source)
		return w
	}
	w.Absolute = asset.Convert(w.Path, func(string) bool { return false })
	return w
}

func isDrive(path string) bool {
	return len(path) > 2 && path[1] == ':' && (path[2] == '/' || path[2] == '\\')
}

// decodePort reads 80, 80/udp and 8000-8010.
func decodePort(s dockerfile.Setting) Port {
	ports, protocol, has := strings.Cut(s.Text.Marked(), "/")
	p := Port{Protocol: asset.Default("tcp", s.Source)}
	if has {
		p.Protocol = asset.Convert(s.Text.Cut(protocol).Value(s.Source), strings.ToLower)
	}
	from, to, isRange := strings.Cut(ports, "-")
	if !isRange {
		to = from
	}
	number := func(marked string) asset.Value[int64] {
		return asset.Then(s.Text.Cut(marked).Value(s.Source), func(text string, at *asset.Source) asset.Value[int64] {
			n, err := strconv.ParseInt(text, 10, 64)
			if err != nil {
				return asset.Unknown[int64](text+" is no port", at)
			}
			return asset.Known(n, at)
		})
	}
	p.From, p.To = number(from), number(to)
	return p
}

func decodeCopy(c dockerfile.Copy) Copy {
	instruction := "COPY"
	if c.Add {
		instruction = "ADD"
	}
	return Copy{
		Instruction: asset.Known(instruction, c.Source), From: asset.Known(c.From, c.Source),
		Checksum: asset.Known(c.Checksum.Marked() != "", c.Source),
		Sources: each(c.Source, c.Sources, func(t asset.Text) CopyFrom {
			return CopyFrom{Path: t.Cut(withoutLogin(t.Marked())).Value(c.Source), Kind: kindOf(t, c.Source)}
		}),
	}
}

// withoutLogin removes the name and password from a URL.
func withoutLogin(url string) string {
	scheme, rest, isURL := strings.Cut(url, "://")
	if !isURL {
		return url
	}
	host, path, _ := strings.Cut(rest, "/")
	return scheme + "://" + host[strings.LastIndexByte(host, '@')+1:] + "/" + path
}

// archives are the endings of what ADD unpacks.
var archives = []string{".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz", ".tbz2", ".tar.xz", ".txz", ".tar.zst", ".tzst"}

func kindOf(t asset.Text, at *asset.Source) asset.Value[string] {
	path := strings.ToLower(t.Marked())
	url := strings.HasPrefix(path, "http://") || strings.HasPrefix(path, "https://")
	repository, _, _ := strings.Cut(path, "#")
	repository, _, _ = strings.Cut(repository, "?")
	switch {
	case strings.HasPrefix(path, "git@") || strings.HasPrefix(path, "git://") || strings.HasPrefix(path, "ssh://"),
		url && strings.HasSuffix(repository, ".git"):
		return asset.Known("git", at)
	case url:
		return asset.Known("url", at)
	}
	if first := t.Parts(); len(first) > 0 && first[0].Hole != nil {
		return asset.Unknown[string](t.Reason(), at) // it may begin with https://
	}
	for _, ending := range archives {
		if strings.HasSuffix(path, ending) {
			return asset.Known("archive", at)
		}
	}
	if parts := t.Parts(); len(parts) > 0 && parts[len(parts)-1].Hole != nil {
		return asset.Unknown[string](t.Reason(), at) // it may end with .tar
	}
	return asset.Known("local", at)
}
