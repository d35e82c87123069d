// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package dockerfile

import (
	"errors"
	"path"
	"slices"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// Command is one simple command of a script: a program and its arguments. What
// another command runs (sudo, env, sh -c) is a command of its own beside it.
type Command struct {
	// Words are the program and its arguments, after substitution.
	Words []Word
	// Sets are the variables that are set for the command, or by it (export).
	Sets   []Variable
	Source *asset.Source
	// Run is the instruction that the command belongs to.
	Run *asset.Source
}

// Word is a word of a command, perhaps with unknown parts.
type Word struct {
	Text asset.Text
	// Quoted says that the word is one word whatever its unknown parts are.
	Quoted bool
}

// Program is the name of the program without its folder. It is unknown where
// the end of the word is; "" for a command that only sets variables.
func (c Command) Program() asset.Value[string] {
	if len(c.Words) == 0 {
		return asset.Known("", c.Source)
	}
	text := c.Words[0].Text
	marked := text.Marked()
	return text.Cut(marked[strings.LastIndexByte(marked, '/')+1:]).Value(c.Source)
}

// Arguments are the words after the program.
func (c Command) Arguments() []Word {
	if len(c.Words) == 0 {
		return nil
	}
	return c.Words[1:]
}

// reader collects the commands of one RUN instruction.
type reader struct {
	file  *File
	stage *Stage
	run   *asset.Source
	depth int
	// assigned are the variables that the script sets itself.
	assigned map[string][]*syntax.Assign
	values   map[string]string // of those, once known
	busy     map[string]bool
	// given are the unknown parts of a script within a script, by the variables
	// that stand for them.
	given map[string]string
	// feedsShell says that a shell reads its script from standard input.
	feedsShell bool
}

// maxDepth bounds scripts within scripts: sh -c 'sh -c ...'.
const maxDepth = 5

// script reads a shell script.
func (r *reader) script(s script) {
	if strings.TrimSpace(s.text) == "" {
		return
	}
	err := tooLarge(s.text)
	var tree *syntax.File
	if err == nil {
		tree, err = syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(s.text), "")
	}
	if err != nil {
		r.unreadable(s, err)
		return
	}
	r.assigned, r.values, r.busy = map[string][]*syntax.Assign{}, map[string]string{}, map[string]bool{}
	syntax.Walk(tree, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.CallExpr:
			if len(n.Args) == 0 || keepsVariables(n.Args[0].Lit()) {
				r.assigns(n.Assigns)
			}
		case *syntax.DeclClause:
			r.assigns(n.Args)
		case *syntax.ForClause:
			if iter, ok := n.Loop.(*syntax.WordIter); ok {
				// Set once for every word: known only where that is one literal.
				for range iter.Items {
					r.assigned[iter.Name.Value] = append(r.assigned[iter.Name.Value], &syntax.Assign{Name: iter.Name}, &syntax.Assign{Name: iter.Name})
				}
			}
		}
		return true
	})
	syntax.Walk(tree, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.CallExpr:
			at := s.source(r.file.Name, int(n.Pos().Offset()))
			c := Command{Source: at, Sets: r.sets(n.Assigns, at)}
			for _, w := range n.Args {
				c.Words = append(c.Words, r.fields(w)...)
			}
			r.add(c)
		case *syntax.DeclClause:
			at := s.source(r.file.Name, int(n.Pos().Offset()))
			word := Word{Text: asset.NewText(n.Variant.Value), Quoted: true}
			r.add(Command{Words: []Word{word}, Sets: r.sets(n.Args, at), Source: at})
		}
		return true
	})
}

// keepsVariables reports whether variables before a command outlive it, as they
// do in sh before its special built-in commands: PACKAGES=git set -x.
func keepsVariables(program string) bool {
	switch program {
	case "set", "export", "readonly", "eval", ":", ".", "exec", "unset", "shift", "trap":
		return true
	}
	return false
}

func (r *reader) unreadable(s script, err error) {
	at, message := s.at, err.Error()
	if mistake, ok := errors.AsType[syntax.ParseError](err); ok {
		at, message = s.source(r.file.Name, int(mistake.Pos.Offset())), mistake.Text
	}
	message = "RUN holds a script that cannot be read: " + message
	r.stage.unread(message, at)
	r.file.miss(at.Location, message)
}

func (r *reader) assigns(as []*syntax.Assign) {
	for _, a := range as {
		if a.Name != nil {
			r.assigned[a.Name.Value] = append(r.assigned[a.Name.Value], a)
		}
	}
}

func (r *reader) sets(as []*syntax.Assign, at *asset.Source) []Variable {
	var vs []Variable
	for _, a := range as {
		if a.Name != nil && !a.Naked {
			value := ""
			if only := r.assigned[a.Name.Value]; len(only) == 1 && only[0] == a {
				value, _, _ = r.variable(a.Name.Value)
			} else {
				value = r.assignment(a)
			}
			vs = append(vs, Variable{Name: a.Name.Value, Value: r.file.text(value), Source: at})
		}
	}
	return vs
}

func (r *reader) assignment(a *syntax.Assign) string {
	switch {
	case a.Array != nil || a.Index != nil || a.Append:
		return r.file.hole(a.Name.Value + " is computed in the script")
	case a.Value == nil:
		return ""
	}
	return r.literal(a.Value.Parts, false)
}

// fields are the words that one word of the script comes to.
func (r *reader) fields(w *syntax.Word) []Word {
	marked := r.literal(w.Parts, false)
	quoted := !slices.ContainsFunc(w.Parts, isExpansion)
	if quoted || asset.HasHole(marked) && len(w.Parts) > 1 || !strings.ContainsAny(marked, " \t\n") {
		if marked == "" && !quoted {
			return nil // an unquoted variable that is empty is no word
		}
		return []Word{{r.file.text(marked), quoted}}
	}
	var words []Word
	for field := range strings.FieldsSeq(marked) {
		words = append(words, Word{r.file.text(field), false})
	}
	return words
}

func isExpansion(p syntax.WordPart) bool {
	switch p.(type) {
	case *syntax.ParamExp, *syntax.CmdSubst:
		return true
	}
	return false
}

// literal is the marked text of the parts of a word.
func (r *reader) literal(parts []syntax.WordPart, quoted bool) string {
	var b strings.Builder
	for _, p := range parts {
		switch p := p.(type) {
		case *syntax.Lit:
			b.WriteString(unescaped(p.Value, quoted))
		case *syntax.SglQuoted:
			b.WriteString(p.Value)
		case *syntax.DblQuoted:
			b.WriteString(r.literal(p.Parts, true))
		case *syntax.ParamExp:
			b.WriteString(r.parameter(p))
		case *syntax.CmdSubst:
			b.WriteString(r.file.hole("what a command prints is known when the image is built"))
		default:
			b.WriteString(r.file.hole("it is computed when the image is built"))
		}
		if b.Len() > maxValue {
			return r.file.hole("the text is too long")
		}
	}
	return b.String()
}

// unescaped removes backslashes as the shell does.
func unescaped(text string, quoted bool) string {
	if !strings.Contains(text, `\`) {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) && (!quoted || strings.IndexByte("$`\"\\\n", text[i+1]) >= 0) {
			i++
			if text[i] == '\n' {
				continue
			}
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// parameter is the value of a variable in the script.
func (r *reader) parameter(p *syntax.ParamExp) string {
	name := p.Param.Value
	computed := func() string { return r.file.hole(name + " is computed when the image is built") }
	if p.Excl || p.Length || p.Width || p.Index != nil || p.Slice != nil || p.Repl != nil || p.Names != 0 {
		return computed()
	}
	value, set, why := r.variable(name)
	if p.Exp == nil {
		if !set && why != "" {
			return r.file.hole(why)
		}
		return value
	}
	var word []syntax.WordPart
	if p.Exp.Word != nil {
		word = p.Exp.Word.Parts
	}
	empty := !set || value == ""
	switch p.Exp.Op {
	case syntax.DefaultUnset, syntax.AssignUnset:
		if set {
			return value
		}
		return r.literal(word, true)
	case syntax.DefaultUnsetOrNull, syntax.AssignUnsetOrNull:
		if !empty {
			return value
		}
		return r.literal(word, true)
	case syntax.AlternateUnset, syntax.AlternateUnsetOrNull:
		switch {
		case asset.HasHole(value):
			return computed()
		case !set || empty && p.Exp.Op == syntax.AlternateUnsetOrNull:
			return ""
		}
		return r.literal(word, true)
	case syntax.ErrorUnset, syntax.ErrorUnsetOrNull:
		if !set && why != "" {
			return r.file.hole(why)
		}
		return value
	default:
		return computed()
	}
}

// variable is the value of a variable: what the script sets it to, else the
// stage.
func (r *reader) variable(name string) (value string, set bool, why string) {
	if mark, ok := r.given[name]; ok {
		return mark, true, ""
	}
	if value, done := r.values[name]; done {
		return value, true, ""
	}
	as, own := r.assigned[name]
	switch {
	case !own:
		return r.stage.scope.lookup(name)
	case len(as) > 1:
		return r.file.hole(name + " is set more than once in the script"), true, ""
	case as[0].Naked, r.busy[name]: // PATH=$PATH:/x
		return r.stage.scope.lookup(name)
	}
	r.busy[name] = true
	value = r.assignment(as[0])
	delete(r.busy, name)
	r.values[name] = value
	return value, true, ""
}

// maxCommands bounds the commands of a stage: what judges them may look at each
// pair.
const maxCommands = 2000

// add notes a command and those that it runs in turn.
func (r *reader) add(c Command) {
	if len(r.stage.Commands) >= maxCommands {
		reason := "the stage has more than " + strconv.Itoa(maxCommands) + " commands"
		r.stage.unread(reason, c.Source)
		r.file.miss(c.Source.Location, reason)
		return
	}
	c.Run = r.run
	r.stage.Commands = append(r.stage.Commands, c)
	if r.depth >= maxDepth {
		return
	}
	r.depth++
	defer func() { r.depth-- }()
	program, known := c.Program().Get()
	switch {
	case !known:
	case isShell(program):
		r.inner(c)
	default:
		if inner, ok := wrapped(program, c); ok {
			r.add(inner)
		}
	}
}

// inner reads the script that a shell is given as an argument.
func (r *reader) inner(c Command) {
	args := c.Arguments()
	for i, w := range args {
		text := w.Text.Marked()
		option, isOption := strings.CutPrefix(text, "-")
		switch {
		case isOption && !strings.HasPrefix(option, "-") && strings.HasSuffix(option, "c") && i+1 < len(args):
			nested := reader{file: r.file, stage: r.stage, run: r.run, depth: r.depth, given: map[string]string{}}
			nested.script(script{text: nested.unmarked(args[i+1].Text), at: c.Source})
			return
		case !isOption && (i == 0 || !strings.HasSuffix(args[i-1].Text.Marked(), "o")):
			return // a script in a file
		}
	}
	r.feedsShell = true
}

// unmarked puts a variable in the place of each unknown part of a script, so
// that the script around it can be read.
func (r *reader) unmarked(t asset.Text) string {
	var b strings.Builder
	for _, p := range t.Parts() {
		if p.Hole == nil {
			b.WriteString(p.Literal)
			continue
		}
		name := "_" + strconv.Itoa(len(r.given))
		r.given[name] = r.file.hole(p.Hole.Reason)
		b.WriteString("${" + name + "}")
	}
	return b.String()
}

// wrappers are programs that run the command in their arguments, each with its
// options that take a value.
var wrappers = map[string]string{
	"sudo": "ughpCDRrtTU", "doas": "uC", "env": "uCS", "exec": "a", "command": "", "nohup": "", "time": "fo", "nice": "n",
	"ionice": "cnp", "timeout": "ks", "xargs": "adEIiLlnPs", "gosu": "", "su-exec": "", "eatmydata": "", "busybox": "", "setsid": "", "chronic": "", "builtin": "",
}

// operands is how many arguments of a wrapper come before the command.
var operands = map[string]int{"timeout": 1, "gosu": 1, "su-exec": 1}

// wrapped is the command that a command runs in turn.
func wrapped(program string, c Command) (Command, bool) {
	valued, is := wrappers[program]
	if !is {
		return c, false
	}
	inner := Command{Sets: c.Sets, Source: c.Source}
	skip := operands[program]
	args := c.Arguments()
	for i := 0; i < len(args); i++ {
		text := args[i].Text.Marked()
		name, value, isAssignment := strings.Cut(text, "=")
		switch {
		case text == "--":
		case strings.HasPrefix(text, "--"):
			if program == "sudo" && !strings.Contains(text, "=") && (text == "--user" || text == "--group") {
				i++
			}
		case len(text) > 1 && text[0] == '-':
			if len(text) == 2 && strings.IndexByte(valued, text[1]) >= 0 {
				i++
			}
		case isAssignment && (program == "env" || program == "sudo") && isName(name):
			inner.Sets = append(slices.Clone(inner.Sets), Variable{Name: name, Value: args[i].Text.Cut(value), Source: c.Source})
		case skip > 0:
			skip--
		default:
			inner.Words = args[i:]
			return inner, path.Base(text) != ""
		}
	}
	return inner, false
}

func isName(s string) bool {
	for i := range len(s) {
		if !isNameByte(s[i]) {
			return false
		}
	}
	return s != ""
}
