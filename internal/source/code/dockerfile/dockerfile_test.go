// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package dockerfile

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumb-cspm/plumb/internal/asset"
)

func parse(t *testing.T, text string) *File {
	t.Helper()
	f, err := Parse("Dockerfile", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// said writes a text with its unknown parts as <reason>.
func said(t asset.Text) string {
	var b strings.Builder
	for _, p := range t.Parts() {
		if p.Hole != nil {
			b.WriteString("<" + p.Hole.Reason + ">")
		} else {
			b.WriteString(p.Literal)
		}
	}
	return b.String()
}

// commands writes the commands of a stage, each with its line.
func commands(s *Stage) []string {
	var lines []string
	for _, c := range s.Commands {
		line := fmt.Sprint(c.Source.Location.StartLine, ":")
		for _, v := range c.Sets {
			line += " " + v.Name + "=" + said(v.Value)
		}
		for _, w := range c.Words {
			line += " " + strings.ReplaceAll(said(w.Text), "\n", `\n`)
		}
		lines = append(lines, line)
	}
	return lines
}

func TestStagesBuildOnEachOther(t *testing.T) {
	t.Parallel()
	f := parse(t, `# escape=\
ARG VERSION=3.12
ARG BASE
FROM python:${VERSION}-slim AS base
ENV HOME_DIR=/srv
USER 1000
HEALTHCHECK CMD true

FROM Base AS app
WORKDIR $HOME_DIR/app

FROM scratch
FROM ${BASE}
FROM ghcr.io/acme/tool:${NOPE}-x AS app
FROM alpine@sha256:0123456789012345678901234567890123456789012345678901234567890123
FROM --platform=$BUILDPLATFORM app AS end
`)
	type stage struct {
		Address, On, Image string
		Pinned             bool
		Doubt, User        string
		Final              bool
		Lines              string
	}
	var got []stage
	for _, s := range f.Stages {
		on := ""
		if s.Base.Stage != nil {
			on = s.Base.Stage.Address
		}
		got = append(got, stage{s.Address, on, said(s.Base.Image.Reference), s.Base.Image.Pinned, s.Base.Image.Doubt + s.Doubt(), said(s.User.Text), s.Final,
			fmt.Sprint(s.Location.StartLine, "-", s.Location.EndLine)})
	}
	noBase := "ARG BASE has no default"
	if diff := cmp.Diff([]stage{
		{"base", "", "python:3.12-slim", true, "", "1000", false, "4-7"},
		{"app", "base", "Base", false, "not a reference to an image: Base", "1000", false, "9-10"},
		{"2", "", "scratch", false, "", "", false, "12-12"},
		{"3", "", "<" + noBase + ">", false, noBase + noBase, "", false, "13-13"},
		{"4", "", "ghcr.io/acme/tool:<NOPE is not declared by an ARG before the first FROM>-x", true, "", "", false, "14-14"},
		{"5", "", "alpine@sha256:0123456789012345678901234567890123456789012345678901234567890123", true, "", "", false, "15-15"},
		{"end", "4", "app", false, "", "", true, "16-16"},
	}, got); diff != "" {
		t.Error(diff)
	}
	if got := said(f.Stages[1].Workdirs[0].Text); got != "/srv/app" {
		t.Errorf("the environment is not inherited: %s", got)
	}
	deep := parse(t, "FROM a AS x\nENV A=1\nARG B=2\nFROM x AS y\nARG A=3\nENV C=4\nFROM y\nUSER $A$B$C\n")
	if got := said(deep.Stages[2].User.Text); got != "124" {
		t.Errorf("ENV of a stage below beats ARG, and all are inherited: %s", got)
	}
	if f.Stages[1].Health.Source == nil || f.Stages[2].Health.Source != nil {
		t.Error("the health check is inherited by the wrong stages")
	}
}

func TestSubstitution(t *testing.T) {
	t.Parallel()
	const head = `ARG GLOBAL=global
ARG EMPTY
FROM alpine
ARG GLOBAL
ARG EMPTY
ARG OWN=own
ARG HIDDEN=arg
ENV HIDDEN=env A=a B=${A:-unset}
ENV CHAIN=$A-$OWN UNKNOWN=x$EMPTY
ARG TARGETARCH
USER `
	for word, want := range map[string]string{
		"$GLOBAL":              "global",
		"${OWN}er":             "owner",
		"$HIDDEN":              "env",
		"$CHAIN":               "a-own",
		"$B":                   "<A is not set in this file>", // as it was before the line
		"$EMPTY":               "<ARG EMPTY has no default>",
		"${EMPTY:-none}":       "none",
		"${EMPTY:+some}x":      "x",
		"${EMPTY:?needed}":     "<ARG EMPTY has no default>",
		"${EMPTY:-a}$EMPTY":    "<ARG EMPTY has no default><ARG EMPTY has no default>",
		"$UNKNOWN/y":           "x<ARG EMPTY has no default>/y",
		"${UNKNOWN#x}":         "<ARG EMPTY has no default>",
		"${OWN%n}":             "ow",
		"$TARGETARCH":          "<TARGETARCH is set by the builder>",
		"$FROM_IMAGE":          "<FROM_IMAGE is not set in this file>",
		`\$OWN`:                "$OWN",
		`'$OWN'`:               "$OWN",
		`"$OWN"`:               "own",
		"${":                   "<the builder does not accept ${>",
		"${EMPTY:-${OWN}}:grp": "own:grp",
	} {
		f := parse(t, head+word+"\n")
		if got := said(f.Stages[0].User.Text); got != want {
			t.Errorf("%s is %s, not %s", word, got, want)
		}
	}
	if got := said(parse(t, "FROM scratch\nUSER a${NOBODY}b\n").Stages[0].User.Text); got != "ab" {
		t.Errorf("nobody can have set a variable in scratch, but it is %s", got)
	}
}

func TestScriptsComeApart(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text string
		want       []string
	}{
		{"lines are those of the file", "RUN apt-get update \\\n    # why\n\n && apt-get install -y \\\n      curl", []string{"2: apt-get update", "5: apt-get install -y curl"}},
		{"line ends of Windows", "RUN a && \\\r\n  b\r", []string{"2: a", "3: b"}},
		{"flags of RUN", "RUN --mount=type=cache,target=/x \\\n  --network=none pip install x", []string{"3: pip install x"}},
		{"exec form", `RUN ["apt-get", "install", "$X"]`, []string{"2: apt-get install $X"}},
		{"a shell in exec form", `RUN ["/bin/bash", "-euo", "pipefail", "-c", "curl -k x"]`, []string{"2: /bin/bash -euo pipefail -c curl -k x", "2: curl -k x"}},
		{"sh -c", `RUN sh -c "ls && rm x"`, []string{"2: sh -c ls && rm x", "2: ls", "2: rm x"}},
		{"wrappers", "RUN sudo -E -u root env A=1 nice -n 5 make", []string{
			"2: sudo -E -u root env A=1 nice -n 5 make", "2: env A=1 nice -n 5 make", "2: A=1 nice -n 5 make", "2: A=1 make"}},
		{"control flow", "RUN if true; then a; else b; fi; for x in 1 2; do c $x; done; (d) | e $(f)", []string{
			"2: true", "2: a", "2: b", "2: c <x is set more than once in the script>", "2: d", "2: e <what a command prints is known when the image is built>", "2: f"}},
		{"variables of the stage and the script", "ENV OPTS=\"-y -q\"\nRUN V=1 && apk add $OPTS \"$OPTS\" $V ${V:-2} ${W:-3}", []string{
			"3: V=1", "3: apk add -y -q -y -q 1 1 <W is not set in this file>"}},
		{"an empty variable is no word", "ARG NONE=\nRUN a $NONE \"$NONE\" b", []string{"3: a  b"}},
		{"variables before a command", "RUN A=1 B=\"$A\" make", []string{"2: A=1 B=<A is not set in this file> make"}},
		{"variables before a command that keeps them", "RUN A='x y' set -e && B=1 ls && apk add $A $B", []string{
			"2: A=x y set -e", "2: B=1 ls", "2: apk add x y <B is not set in this file>"}},
		{"export", "RUN export A=1 && make", []string{"2: A=1 export", "2: make"}},
		{"quotes", `RUN echo 'a b' "c $0"\ d`, []string{"2: echo a b c <0 is not set in this file> d"}},
		{"a here-document is the script", "RUN <<EOF\napk add x\n  # no\nls\nEOF", []string{"3: apk add x", "5: ls"}},
		{"with another interpreter", "RUN <<EOF\n#!/usr/bin/env python3\nimport os\nEOF", nil},
		{"a here-document for a shell", "RUN bash -e <<EOF\nls\nEOF\nRUN cat <<EOF > /x\nls\nEOF", []string{"2: bash -e", "3: ls", "5: cat"}},
		{"an unknown part of an inner script", "ARG V\nRUN sh -c \"a $V\"", []string{"3: sh -c a <ARG V has no default>", "3: a <ARG V has no default>"}},
		{"triggers do not run here", "ONBUILD RUN ls", nil},
		{"a variable that needs itself", "ENV A=1\nRUN A=$A:2 && echo $A", []string{"3: A=1:2", "3: echo 1:2"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := parse(t, "FROM alpine\n"+tt.text+"\n").Stages[0]
			if diff := cmp.Diff(tt.want, commands(s)); diff != "" || s.Unread != "" {
				t.Errorf("(-want +got):\n%s %s", diff, s.Unread)
			}
		})
	}
}

func TestTheEscapeDirective(t *testing.T) {
	t.Parallel()
	s := parse(t, "# escape=`\nFROM alpine\nRUN echo `\n  a && `\n  ls c:\\\\x\nUSER `$x\n").Stages[0]
	if diff := cmp.Diff([]string{"3: echo a", `5: ls c:\x`}, commands(s)); diff != "" {
		t.Error(diff)
	}
	if got := said(s.User.Text); got != "$x" {
		t.Error(got)
	}
}

func TestTriggersRunInTheStageAbove(t *testing.T) {
	t.Parallel()
	f := parse(t, "FROM alpine AS a\nONBUILD USER app\nONBUILD RUN ls\nFROM a AS b\nFROM b\n")
	if got := said(f.Stages[0].User.Text); got != "" {
		t.Errorf("the trigger ran in its own stage: %s", got)
	}
	if got := said(f.Stages[1].User.Text); got != "app" || f.Stages[1].User.Source.Location.StartLine != 2 {
		t.Errorf("user %s of %v", got, f.Stages[1].User.Source.Location)
	}
	if got := commands(f.Stages[1]); !cmp.Equal(got, []string{"3: ls"}) {
		t.Error(got)
	}
	if len(f.Stages[2].Commands) != 0 {
		t.Error("a trigger ran twice")
	}
}

func TestWhatIsNotRead(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"FROM x\nSHELL [\"powershell\", \"-Command\"]\nRUN Get-Item\n": "the commands of powershell are not read",
		"FROM x\nRUN a" + strings.Repeat(";a", maxCommands) + "\n":     "the stage has more than 2000 commands",
		"FROM x\nRUN if true\n":                                   "RUN holds a script that cannot be read: `if <cond>` must be followed by `then`",
		"FROM x\nRUN " + strings.Repeat("(", maxNesting+1) + "\n": "RUN holds a script that cannot be read: the script is too large",
	} {
		if got := parse(t, text).Stages[0].Unread; got != want {
			t.Errorf("%.40q: %q, not %q", text, got, want)
		}
	}
}

func TestBrokenFilesSayWhere(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                      "Dockerfile: file with no instructions",
		"FROM a\n\nRUM ls\n":                    "Dockerfile:3: unknown instruction: RUM (did you mean RUN?)",
		"RUN ls\n":                              "Dockerfile:1: no build stage in current context",
		strings.Repeat("FROM a\n", maxStages+1): "Dockerfile: has more than 500 stages",
		"ARG A\n":                               "Dockerfile: has no FROM",
		"FROM a\nCOPY x\n":                      "Dockerfile:2: COPY requires at least two arguments, but only one was provided. Destination could not be determined",
		"FROM a\nRUN <<EOF\nls\n":               "Dockerfile:2: unterminated heredoc",
		"FROM a AS 1\n":                         `Dockerfile:1: invalid name for build stage: "1", name can't start with a number or contain symbols`,
		strings.Repeat("#", maxFile+1):          "is larger than 1 MB, which no Dockerfile is",
		strings.Repeat("${", maxBraces+1):       "has more than 5000 substitutions",
	} {
		_, err := Parse("Dockerfile", []byte(text))
		if err == nil || err.Error() != want {
			t.Errorf("%.30q: %v, not %s", text, err, want)
		}
	}
}

func TestGrowthIsBounded(t *testing.T) {
	t.Parallel()
	text := "FROM a\nENV A=xxxxxxxxxx\n" + strings.Repeat("ENV A=$A$A$A$A\nARG B=$A$A\n", 40) + "RUN " + strings.Repeat("$A", 1000) + "\nUSER $A\n"
	doubling := ""
	for i := range 60 {
		doubling += fmt.Sprintf("V%d=$V%d$V%d\n", i, i+1, i+1)
	}
	text += "RUN <<E\n" + doubling + "echo $V0\nE\n"
	s := parse(t, text).Stages[0]
	if got := said(s.User.Text); len(got) > 2*maxValue || s.User.Text.IsKnown() {
		t.Errorf("%d bytes, known: %t", len(got), s.User.Text.IsKnown())
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"Dockerfile": true, "dockerfile": true, "Dockerfile.web": true, "web.Dockerfile": true, "Containerfile": true, "x.containerfile": true,
		"Dockerfile.dockerignore": false, "Dockerfile-web": false, "dockerfile.md": false, "MyDockerfile": false, "docker": false,
	} {
		if IsDockerfile(name) != want {
			t.Errorf("%s: %t", name, !want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("FROM a AS b\nRUN x && sh -c \"$Y\" <<E\n#!/bin/sh\nE\nFROM ${Z:-b}\n")
	f.Add("# escape=`\nARG A=${B#c}\nFROM a:$A\nENV C=$C$C\nONBUILD ENV X=1\nEXPOSE $P/tcp\n")
	f.Add("FROM scratch\nADD --checksum=sha256:x http://a.b/c /\nHEALTHCHECK NONE\nSHELL [\"cmd\"]\nRUN dir")
	f.Fuzz(func(t *testing.T, text string) {
		file, err := Parse("Dockerfile", []byte(text))
		if err != nil {
			if err.Error() == "" {
				t.Error("a mistake without a message")
			}
			return
		}
		addresses := map[string]bool{}
		for _, s := range file.Stages {
			if addresses[s.Address] {
				t.Errorf("two stages have the address %s", s.Address)
			}
			addresses[s.Address] = true
			for _, c := range s.Commands {
				if at := c.Source.Location; at.StartLine < s.Location.StartLine && s.Base.Stage == nil {
					t.Errorf("a command at %v, before its stage", at)
				}
				c.Program()
			}
		}
	})
}
