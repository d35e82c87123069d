// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package compose

import (
	"errors"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/override"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code"
)

// Project is what one Compose file, with those that override it, describes.
type Project struct {
	// File names the first of its files.
	File     string
	Services []*Service

	tree  *code.Tree
	holes *holes
	model map[string]any
	gaps  []*Mistake
}

// loader reads one project.
type loader struct {
	*Project
	nested int // files that include or extend each other
}

const maxNesting = 20

// load reads the project of some files, of which later ones override earlier
// ones. What it includes or extends and cannot be read is a gap.
func load(tree *code.Tree, files []string) (*Project, error) {
	l := &loader{Project: &Project{File: tree.Name(files[0]), tree: tree, holes: &holes{of: map[string]int{}}}}
	vars := variables{values: map[string]string{"PWD": "."}, holes: l.holes}
	part, err := l.files(files, l.dotenv(filepath.Dir(files[0]), vars))
	if err != nil {
		return nil, err
	}
	l.model = part.model
	for _, name := range slices.Sorted(maps.Keys(part.services)) {
		s := part.services[name]
		s.project = l.Project
		l.Services = append(l.Services, s)
	}
	if len(part.model) == 0 || len(part.services) == 0 && part.model["services"] == nil && !part.includes {
		return nil, &Mistake{asset.Location{File: l.File}, "has no services"}
	}
	return l.Project, nil
}

// dotenv adds the variables of the .env file in a folder, if there is one.
func (l *loader) dotenv(dir string, vars variables) variables {
	return l.envFile(filepath.Join(dir, ".env"), vars, true)
}

func (l *loader) envFile(path string, vars variables, optional bool) variables {
	src, err := l.tree.ReadText(path)
	if err != nil && optional && errors.Is(err, fs.ErrNotExist) {
		return vars
	}
	if err == nil {
		var with variables
		if with, err = vars.with(src); err == nil {
			return with
		}
		err = errors.New("is no file of variables") // the parser's error quotes the line, which may hold a secret
	}
	l.miss(asset.Location{File: l.tree.Name(path)}, "variables cannot be read: "+l.tree.Unreadable(path, err).Reason)
	return vars
}

func (l *loader) miss(at asset.Location, message string) {
	l.gaps = append(l.gaps, &Mistake{at, message})
}

// read reads a file of the tree. Its errors name no path.
func (l *loader) read(path string) ([]byte, error) {
	src, err := l.tree.ReadText(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, errors.New("there is no such file")
	case err != nil:
		return nil, errors.New(l.tree.Unreadable(path, err).Reason)
	}
	return src, nil
}

// part is what some files come to.
type part struct {
	model    map[string]any // without services
	services map[string]*Service
	includes bool
}

// files reads files that override each other, in order.
func (l *loader) files(paths []string, vars variables) (*part, error) {
	all := &part{model: map[string]any{}, services: map[string]*Service{}}
	for _, path := range paths {
		src, err := l.read(path)
		if err != nil {
			return nil, &Mistake{asset.Location{File: l.tree.Name(path)}, err.Error()}
		}
		docs, err := parse(l.tree.Name(path), src, vars.expand)
		if err != nil {
			return nil, err
		}
		for _, d := range docs {
			if err := l.document(all, d, path, vars); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// document merges one document over what was read before it.
func (l *loader) document(all *part, d *document, path string, vars variables) error {
	services, ok := d.value["services"].(map[string]any)
	if !ok && d.value["services"] != nil {
		return &Mistake{asset.Location{File: d.file, StartLine: d.lines["services"]}, "services is no mapping"}
	}
	if d.value["include"] != nil {
		all.includes = true
		l.include(all, d, path, vars)
	}
	own := map[string]*Service{}
	for name, v := range services {
		value, ok := v.(map[string]any)
		if !ok && v != nil {
			return &Mistake{asset.Location{File: d.file, StartLine: d.lines["services."+name]}, "service " + name + " is no mapping"}
		}
		if value == nil {
			value = map[string]any{}
		}
		own[name] = &Service{Name: name, value: value, file: path, layers: []layer{{d, name}}}
	}
	for _, name := range slices.Sorted(maps.Keys(own)) {
		s, err := l.extended(own[name], own, path, vars, nil)
		if err != nil {
			return err
		}
		if below := all.services[name]; below != nil {
			if s, err = below.overriddenBy(s); err != nil {
				return &Mistake{s.location(), err.Error()}
			}
		}
		all.services[name] = s
	}
	rest := maps.Clone(d.value)
	for _, key := range []string{"services", "include"} {
		delete(rest, key)
	}
	if len(services) > 0 {
		rest["x-services"] = true
	}
	merged, err := override.Merge(all.model, rest)
	if err != nil {
		return &Mistake{asset.Location{File: d.file}, err.Error()}
	}
	all.model = merged
	return nil
}

// extended applies extends. A service whose base cannot be read keeps what it
// says itself, and the rest of it is unknown.
func (l *loader) extended(s *Service, among map[string]*Service, path string, vars variables, chain []string) (*Service, error) {
	ref, file := "", ""
	switch v := s.value["extends"].(type) {
	case nil:
		return s, nil
	case string:
		ref = v
	case map[string]any:
		ref, _ = v["service"].(string)
		file, _ = v["file"].(string)
	}
	own := *s
	own.value = maps.Clone(s.value)
	delete(own.value, "extends")
	lost := func(why string) (*Service, error) {
		own.gap = "extends " + l.holes.text(strings.TrimSpace(file+" "+ref)).Value(own.source()).Or("another service") + ": " + why
		l.miss(own.location(), own.gap)
		return &own, nil
	}
	here := path
	if file != "" {
		if asset.HasHole(file) || strings.Contains(file, "://") {
			return lost("the file is not known here")
		}
		here = filepath.Join(filepath.Dir(path), filepath.FromSlash(file))
		if filepath.IsAbs(file) {
			here = file
		}
	}
	id := here + "//" + ref
	if slices.Contains(chain, id) || len(chain) > maxNesting {
		return lost("it extends itself")
	}
	if here != path {
		read, err := l.bases(here, vars)
		if err != nil {
			if mistake, ok := errors.AsType[*Mistake](err); ok {
				return lost(mistake.Message)
			}
			return lost(err.Error())
		}
		among = read
	}
	base := among[ref]
	if base == nil {
		return lost("there is no such service")
	}
	base, err := l.extended(base, among, here, vars, append(chain, id))
	if err != nil {
		return nil, err
	}
	over, err := base.overriddenBy(&own)
	if err != nil {
		return nil, &Mistake{own.location(), err.Error()}
	}
	over.file = s.file
	return over, nil
}

// bases are the services of a file that others extend, as they are written.
func (l *loader) bases(path string, vars variables) (map[string]*Service, error) {
	src, err := l.read(path)
	if err != nil {
		return nil, err
	}
	docs, err := parse(l.tree.Name(path), src, vars.expand)
	if err != nil {
		return nil, err
	}
	found := map[string]*Service{}
	for _, d := range docs {
		services, _ := d.value["services"].(map[string]any)
		for name, v := range services {
			if value, ok := v.(map[string]any); ok {
				found[name] = &Service{Name: name, value: value, file: path, layers: []layer{{d, name}}}
			}
		}
	}
	return found, nil
}

// include adds the services of other projects.
func (l *loader) include(all *part, d *document, path string, vars variables) {
	at := asset.Location{File: d.file, StartLine: d.lines["include"]}
	list, ok := d.value["include"].([]any)
	if !ok {
		l.miss(at, "include is no list")
		return
	}
	if l.nested++; l.nested > maxNesting {
		l.miss(at, "files include each other too deep")
		return
	}
	defer func() { l.nested-- }()
	for _, item := range list {
		paths, dir, envs := included(item)
		if len(paths) == 0 {
			l.miss(at, "an include names no file")
			continue
		}
		written := slices.Clone(paths)
		for i, p := range paths {
			if asset.HasHole(p) || strings.Contains(p, "://") || strings.HasPrefix(p, "git@") {
				l.miss(at, "include of a file that is not in the tree")
				paths = nil
				break
			}
			if !filepath.IsAbs(p) {
				paths[i] = filepath.Join(filepath.Dir(path), filepath.FromSlash(p))
			}
		}
		if len(paths) == 0 {
			continue
		}
		own := filepath.Dir(paths[0])
		if dir != "" {
			own = filepath.Join(filepath.Dir(path), filepath.FromSlash(dir))
		}
		with := vars
		if len(envs) == 0 {
			with = l.dotenv(own, vars)
		}
		for _, env := range envs {
			with = l.envFile(filepath.Join(filepath.Dir(path), filepath.FromSlash(env)), with, false)
		}
		part, err := l.files(paths, with)
		if err != nil {
			message := err.Error()
			if mistake, ok := errors.AsType[*Mistake](err); ok {
				message = mistake.Message
			}
			l.miss(at, "include of "+strings.Join(written, ", ")+": "+message)
			continue
		}
		for name, s := range part.services {
			if all.services[name] == nil {
				s.included = true
				all.services[name] = s
			}
		}
		if merged, err := override.Merge(part.model, all.model); err == nil {
			all.model = merged
		}
	}
}

// included reads one entry of include.
func included(item any) (paths []string, dir string, envs []string) {
	switch v := item.(type) {
	case string:
		return []string{v}, "", nil
	case map[string]any:
		dir, _ = v["project_directory"].(string)
		return texts(v["path"]), dir, texts(v["env_file"])
	}
	return nil, "", nil
}

func texts(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var all []string
		for _, item := range v {
			if text, ok := item.(string); ok {
				all = append(all, text)
			}
		}
		return all
	}
	return nil
}
