// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package dockerfile

import (
	"slices"
	"strconv"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// Stage is one build stage. Its lists hold what its own instructions say, and
// what triggers (ONBUILD) of the stage that it builds on add.
type Stage struct {
	// Name is "" where the stage has none. Address is the name, or the index from
	// 0 where there is none or an earlier stage has it.
	Name, Address string
	Index         int
	// Repeated says that an earlier stage has the same name.
	Repeated bool
	// Final says that this is what a build without --target makes.
	Final bool
	// At is the FROM instruction; Location is all of the stage.
	At       *asset.Source
	Location asset.Location
	Base     Base
	Platform asset.Text

	// User and Health are what holds in the end, whether the stage says it or one
	// that it builds on; Source is nil where none says it.
	User   Setting
	Health Health

	Variables   []Variable // ENV and ARG
	Commands    []Command
	Unread      string // why there may be further commands
	UnreadAt    *asset.Source
	Copies      []Copy
	Ports       []Setting
	Workdirs    []Setting
	Maintainers []Setting
	Volumes     []Setting
	Labels      []Variable
	Cmds        []Start
	Entrypoints []Start

	scope *scope
	shell []string
	// onbuild are the triggers for the stages that build on this one.
	onbuild []trigger
	doubt   string // why it is not known which stage this one builds on
}

// Setting is a text and where it is written.
type Setting struct {
	Text   asset.Text
	Source *asset.Source
}

// Variable is a name with a value.
type Variable struct {
	Name  string
	Value asset.Text
	// Argument tells ARG from ENV. NoDefault marks an ARG without a value.
	Argument, NoDefault bool
	Source              *asset.Source
}

// Health is the health check: off with NONE.
type Health struct {
	Off    bool
	Source *asset.Source
}

// Copy is a COPY or ADD instruction.
type Copy struct {
	Add      bool
	From     string // --from; "" for the build context
	Sources  []asset.Text
	Checksum asset.Text
	Source   *asset.Source
}

// Start is a CMD or ENTRYPOINT.
type Start struct {
	Shell  bool // in the shell form
	Source *asset.Source
}

type trigger struct {
	expression string
	at         *asset.Source
}

// stage evaluates one stage; those before it are evaluated already.
func (f *File) stage(index int, parsed *instructions.Stage) *Stage {
	s := &Stage{Name: parsed.Name, Index: index, At: f.source(parsed.Location), Address: strconv.Itoa(index)}
	s.Location = s.At.Location
	if s.Name != "" {
		s.Repeated = slices.ContainsFunc(f.Stages, func(o *Stage) bool { return o.Name == s.Name })
		if !s.Repeated {
			s.Address = s.Name
		}
	}
	s.Platform = f.text(f.global.expand(parsed.Platform))
	s.Base, s.doubt = f.base(f.global.expand(parsed.BaseName))
	s.scope = f.stageScope(s.Base)
	s.shell = []string{"/bin/sh", "-c"}
	if on := s.Base.Stage; on != nil {
		s.User, s.Health, s.shell = on.User, on.Health, on.shell
		for _, t := range on.onbuild {
			f.trigger(s, t)
		}
	}
	for _, cmd := range parsed.Commands {
		at := f.source(cmd.Location())
		s.Location.EndLine = max(s.Location.EndLine, at.Location.EndLine)
		f.instruction(s, cmd, at)
	}
	return s
}

// trigger runs what a stage below said should be run in this one.
func (f *File) trigger(s *Stage, t trigger) {
	tree, err := parser.Parse(strings.NewReader(t.expression))
	if err != nil || len(tree.AST.Children) != 1 {
		f.miss(t.at.Location, "the trigger of ONBUILD cannot be read")
		return
	}
	cmd, err := instructions.ParseCommand(tree.AST.Children[0])
	if err != nil {
		f.miss(t.at.Location, "the trigger of ONBUILD cannot be read: "+err.Error())
		return
	}
	f.instruction(s, cmd, t.at)
}

func (f *File) instruction(s *Stage, cmd instructions.Command, at *asset.Source) {
	if run, ok := cmd.(*instructions.RunCommand); ok {
		f.run(s, run, at)
		return
	}
	if e, ok := cmd.(instructions.SupportsSingleWordExpansion); ok {
		_ = e.Expand(func(word string) (string, error) { return s.scope.expand(word), nil }) // expand has no errors, only holes
	}
	setting := func(marked string) Setting { return Setting{f.text(marked), at} }
	switch c := cmd.(type) {
	case *instructions.EnvCommand:
		for _, kv := range c.Env {
			s.Variables = append(s.Variables, Variable{Name: kv.Key, Value: f.text(kv.Value), Source: at})
		}
		for _, kv := range c.Env {
			s.scope.setEnv(kv.Key, kv.Value)
		}
	case *instructions.ArgCommand:
		for _, kv := range c.Args {
			v := Variable{Name: kv.Key, Argument: true, NoDefault: kv.Value == nil, Source: at}
			s.scope.declare(kv.Key, kv.Value)
			if kv.Value != nil {
				v.Value = f.text(*kv.Value)
			}
			s.Variables = append(s.Variables, v)
		}
	case *instructions.UserCommand:
		s.User = setting(c.User)
	case *instructions.HealthCheckCommand:
		s.Health = Health{Off: len(c.Health.Test) > 0 && c.Health.Test[0] == "NONE", Source: at}
	case *instructions.ExposeCommand:
		for _, port := range c.Ports {
			for expanded := range strings.FieldsSeq(s.scope.expand(port)) {
				s.Ports = append(s.Ports, setting(expanded))
			}
		}
	case *instructions.WorkdirCommand:
		s.Workdirs = append(s.Workdirs, setting(c.Path))
	case *instructions.VolumeCommand:
		for _, v := range c.Volumes {
			s.Volumes = append(s.Volumes, setting(v))
		}
	case *instructions.MaintainerCommand:
		s.Maintainers = append(s.Maintainers, setting(c.Maintainer))
	case *instructions.LabelCommand:
		for _, kv := range c.Labels {
			s.Labels = append(s.Labels, Variable{Name: kv.Key, Value: f.text(kv.Value), Source: at})
		}
	case *instructions.CopyCommand:
		s.Copies = append(s.Copies, Copy{From: c.From, Sources: f.sources(&c.SourcesAndDest), Source: at})
	case *instructions.AddCommand:
		s.Copies = append(s.Copies, Copy{Add: true, Sources: f.sources(&c.SourcesAndDest), Checksum: f.text(c.Checksum), Source: at})
	case *instructions.CmdCommand:
		s.Cmds = append(s.Cmds, Start{c.PrependShell, at})
	case *instructions.EntrypointCommand:
		s.Entrypoints = append(s.Entrypoints, Start{c.PrependShell, at})
	case *instructions.ShellCommand:
		s.shell = c.Shell
	case *instructions.OnbuildCommand:
		s.onbuild = append(s.onbuild, trigger{c.Expression, at})
	}
}

// sources are the paths of a COPY or ADD, and the here-documents in it.
func (f *File) sources(of *instructions.SourcesAndDest) []asset.Text {
	var texts []asset.Text
	for _, path := range of.SourcePaths {
		texts = append(texts, f.text(path))
	}
	for _, here := range of.SourceContents {
		texts = append(texts, asset.NewText("<<"+here.Path))
	}
	return texts
}

// finish does what needs all stages. Texts made early know only the holes made
// until then, which are all that they have.
func (f *File) finish() { f.Stages[len(f.Stages)-1].Final = true }

// Doubt says why it is not known which stage this one builds on, and so what it
// inherits; "" where that is known.
func (s *Stage) Doubt() string { return s.doubt }
