// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package dockerfile

import (
	"regexp"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/shell"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// maxValue bounds the value of a variable and what one word may take from
// variables: ENV A=$A$A doubles with every line.
const maxValue = 64 << 10

// scope is the variables at one point of a file. Values are marked texts.
type scope struct {
	file *File
	// below is where the stage that this one builds on ends.
	below *scope
	env   map[string]string
	args  map[string]*string // nil: declared without a default
	// closed says that nobody else can have set a variable: there is no base
	// image that could.
	closed bool
	// undeclared is why a variable that the file does not mention is unknown.
	undeclared func(name string) string
}

// platformArgs are set by the builder. Outside of stages they need no ARG.
var platformArgs = map[string]bool{
	"TARGETPLATFORM": true, "TARGETOS": true, "TARGETARCH": true, "TARGETVARIANT": true,
	"BUILDPLATFORM": true, "BUILDOS": true, "BUILDARCH": true, "BUILDVARIANT": true,
}

func (f *File) readGlobals(args []instructions.ArgCommand) {
	f.global = &scope{
		file: f, env: map[string]string{}, args: map[string]*string{},
		undeclared: func(name string) string { return name + " is not declared by an ARG before the first FROM" },
	}
	for name := range platformArgs {
		mark := f.hole(name + " is set by the builder")
		f.global.args[name] = &mark
	}
	for i := range args {
		_ = args[i].Expand(func(word string) (string, error) { return f.global.expand(word), nil })
		for _, kv := range args[i].Args {
			f.global.set(kv.Key, kv.Value)
		}
	}
}

// stageScope is what a stage begins with: what the stage that it builds on ends
// with, or nothing of which the file says anything.
func (f *File) stageScope(on Base) *scope {
	s := &scope{
		file: f, env: map[string]string{}, args: map[string]*string{}, closed: on.Scratch,
		undeclared: func(name string) string { return name + " is not set in this file" },
	}
	if on.Stage != nil {
		s.below, s.closed = on.Stage.scope, on.Stage.scope.closed
	}
	return s
}

func (s *scope) setEnv(name, value string) {
	if len(value) > maxValue {
		value = s.file.hole("the value of " + name + " is too long")
	}
	s.env[name] = value
}

// declare is an ARG of a stage: without a default it takes that of the ARG
// before the first FROM.
func (s *scope) declare(name string, value *string) {
	if global, ok := s.file.global.args[name]; ok && value == nil {
		value = global
	}
	s.set(name, value)
}

func (s *scope) set(name string, value *string) {
	if value != nil && len(*value) > maxValue {
		mark := s.file.hole("the value of " + name + " is too long")
		value = &mark
	}
	s.args[name] = value
}

// lookup returns the value of a variable. One whose value a builder may be given
// is not set: a modifier may have a word for that case, and why says what it is
// otherwise.
func (s *scope) lookup(name string) (value string, set bool, why string) {
	var v *string
	declared := false
	for at := s; at != nil; at = at.below { // ENV beats ARG, wherever each is
		if v, ok := at.env[name]; ok {
			return v, true, ""
		}
		if !declared {
			v, declared = at.args[name]
		}
	}
	switch {
	case declared && v != nil:
		return *v, true, ""
	case declared:
		return "", false, "ARG " + name + " has no default"
	case s.closed:
		return "", false, ""
	case s == s.file.global:
		return "", false, s.undeclared(name)
	}
	return s.file.hole(s.undeclared(name)), true, ""
}

// getter is a scope as the builder's lexer asks it.
type getter struct {
	scope *scope
	given int
	// holes are the names that stand for themselves in this reading, though they
	// are not set.
	holes  map[string]bool
	asked  map[string]string // not set, and why
	marked []string          // values with unknown parts
}

// Get implements [shell.EnvGetter].
func (g *getter) Get(name string) (string, bool) {
	value, set, why := g.scope.lookup(name)
	if !set && why != "" {
		g.asked[name] = why
		if g.holes[name] {
			value, set = g.scope.file.hole(why), true
		}
	}
	if g.given += len(value); g.given > maxValue {
		value, set = g.scope.file.hole("the text is too long"), true
	}
	if asset.HasHole(value) {
		g.marked = append(g.marked, value)
	}
	return value, set
}

// Keys implements [shell.EnvGetter].
func (g *getter) Keys() []string { return nil }

// cutting are modifiers that would cut a mark to pieces.
var cutting = regexp.MustCompile(`\$\{\w+[#%/]`)

// expand substitutes variables as the builder does and returns a marked text.
func (s *scope) expand(word string) string {
	if !strings.ContainsAny(word, "$\\'\"`") {
		return word
	}
	g := &getter{scope: s, asked: map[string]string{}}
	result, err := s.process(word, g)
	if err != nil || len(g.asked) > 0 {
		second := &getter{scope: s, asked: map[string]string{}, holes: map[string]bool{}}
		for name := range g.asked {
			second.holes[name] = err != nil || isPlain(word, name)
		}
		g = second
		result, err = s.process(word, g)
	}
	switch {
	case err != nil:
		return s.file.hole("the builder does not accept " + strings.TrimSpace(word))
	case len(g.marked) > 0 && cutting.MatchString(word):
		return s.file.hole(s.file.text(strings.Join(g.marked, "")).Reason())
	}
	return result
}

func (s *scope) process(word string, g *getter) (string, error) {
	result, err := shell.NewLex(s.file.escape).ProcessWordWithMatches(word, g)
	return result.Result, err
}

// isPlain reports whether a word uses a variable without saying what holds where
// it is not set.
func isPlain(word, name string) bool {
	for rest := word; ; {
		_, after, found := strings.Cut(rest, "$")
		if !found {
			return false
		}
		rest = after
		use, braced := strings.CutPrefix(after, "{")
		tail, is := strings.CutPrefix(use, name)
		switch {
		case !is || tail != "" && isNameByte(tail[0]):
		case !braced:
			return true
		case !strings.HasPrefix(strings.TrimPrefix(tail, ":"), "-") && !strings.HasPrefix(strings.TrimPrefix(tail, ":"), "+"):
			return true
		}
	}
}

func isNameByte(b byte) bool {
	return b == '_' || b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}
