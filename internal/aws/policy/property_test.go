// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// answers are all answers about a document and its statements.
func answers(d Document) map[string]string {
	all := map[string]string{
		"public": said(d.Public()), "admin": said(d.GrantsFullAdmin()), "tls": said(d.DeniesInsecureTransport()),
	}
	own := asset.Known("111111111111", inCode)
	for i, s := range d.Statements.Elems() {
		for name, v := range map[string]asset.Value[bool]{
			"get": s.Allows("s3:GetObject"), "every action": s.AllowsEveryAction(), "every resource": s.CoversEveryResource(),
			"unconditional": s.IsUnconditional(), "public": s.Public(), "everyone": s.TrustsEveryone(),
			"source": s.LimitsSource(), "github": s.TrustsOIDC(gitHub), "pinned": s.PinsOIDC(gitHub),
			"gitlab": s.TrustsOIDC(gitLab), "pinned to a group": s.PinsOIDC(gitLab), "pinned elsewhere": s.PinsOIDC("idp.example.com"),
		} {
			all[fmt.Sprintf("%d %s", i, name)] = said(v)
		}
		for name, l := range map[string]asset.List[asset.Value[string]]{"services": s.ServicePrincipals(), "accounts": s.ExternalAccounts(own)} {
			text, whole := "names:", l.IsComplete()
			for _, v := range l.Elems() {
				text += " " + v.Or("")
				whole = whole && v.IsKnown()
			}
			if !whole {
				text = "open"
			}
			all[fmt.Sprintf("%d %s", i, name)] = text
		}
	}
	return all
}

// a part of a generated document: a string, a list or an object.
type part struct {
	text    string // of a string, without quotes
	elems   []part // of a list
	keys    []string
	members []part // of an object
	kind    byte   // s, l, o
}

func str(s string) part      { return part{kind: 's', text: s} }
func lst(elems ...part) part { return part{kind: 'l', elems: elems} }
func (p *part) put(key string, v part) {
	p.keys, p.members = append(p.keys, key), append(p.members, v)
}

type generator struct{ *rand.Rand }

func (g generator) one(of ...string) string { return of[g.IntN(len(of))] }

func (g generator) some(of ...string) part {
	if g.IntN(2) == 0 {
		return str(g.one(of...))
	}
	l := lst()
	for range 1 + g.IntN(3) {
		l.elems = append(l.elems, str(g.one(of...)))
	}
	return l
}

func (g generator) document() part {
	statements := lst()
	for range 1 + g.IntN(2) {
		statements.elems = append(statements.elems, g.statement())
	}
	d := part{kind: 'o'}
	d.put("Statement", statements)
	return d
}

func (g generator) statement() part {
	s := part{kind: 'o'}
	s.put("Effect", str(g.one("Allow", "Allow", "Deny")))
	s.put(g.one("Action", "Action", "NotAction"), g.some("*", "*:*", "s3:*", "s3:Get*", "S3:GetObject", "ec2:*", "sts:AssumeRoleWithWebIdentity", "?*"))
	s.put(g.one("Resource", "Resource", "NotResource"), g.some("*", "arn:aws:*", "arn:aws:s3:::b", "arn:aws:s3:::b/*", "arn:aws:s3:::b*", "arn:aws:s3:::b/x*", "b?*", "b*x"))
	if g.IntN(4) > 0 {
		p := part{kind: 'o'}
		for _, kind := range []string{"AWS", "Service", "Federated"} {
			if g.IntN(2) == 0 {
				p.put(kind, g.some(map[string][]string{
					"AWS":       {"*", "111111111111", "222222222222", "arn:aws:iam::222222222222:role/r", "arn:aws:iam::111111111111:root", "AIDAEXAMPLE"},
					"Service":   {"*", "sns.amazonaws.com", "s3.amazonaws.com"},
					"Federated": {"graph.facebook.com", "arn:aws:iam::111111111111:oidc-provider/" + gitHub, "arn:aws:iam::111111111111:oidc-provider/" + gitLab},
				}[kind]...))
			}
		}
		if g.IntN(4) == 0 || len(p.keys) == 0 {
			p = str("*")
		}
		s.put(g.one("Principal", "Principal", "Principal", "NotPrincipal"), p)
	}
	if g.IntN(3) > 0 {
		s.put("Condition", g.conditions())
	}
	return s
}

func (g generator) conditions() part {
	c := part{kind: 'o'}
	used := map[string]bool{}
	for range 1 + g.IntN(2) {
		operator := g.one("StringEquals", "StringLike", "StringNotEquals", "ForAllValues:StringLike", "ForAnyValue:StringLike",
			"StringEqualsIfExists", "IpAddress", "NotIpAddress", "Bool", "ArnLike", "Null")
		if used[operator] {
			continue
		}
		used[operator] = true
		keys := part{kind: 'o'}
		keys.put(g.one("aws:SourceVpc", "AWS:sourceaccount", "aws:SourceArn", "aws:SourceIp", "aws:PrincipalOrgPaths", "s3:DataAccessPointArn",
			"aws:SecureTransport", gitHub+":sub", gitHub+":aud", gitHub+":repository", gitLab+":sub", "idp.example.com:sub", "s3:prefix"),
			g.some("vpc-1", "vpc-*", "111111111111", "*", "${aws:ResourceAccount}", "arn:aws:sns:*:111111111111:*", "arn:aws:s3:::b*",
				"0.0.0.0/0", "8.0.0.0/7", "10.0.0.0/8", "8.8.8.8/32", "o-1/r-1/*", "o-*/r-1", "arn:aws:s3:eu-west-1:111111111111:accesspoint/*",
				"false", "true", "repo:octo/*", "repo:octo*", "repo:*", "octo/repo", "repo:octo/repo:ref:refs/heads/main", "project_path:g/*", "x*"))
		c.put(operator, keys)
	}
	return c
}

// write writes the part as JSON. With holes, some strings, parts of strings,
// keys, values, elements and members become holes.
func (g generator) write(b *strings.Builder, p part, holes bool) {
	hole := func(odds int) bool { return holes && g.IntN(odds) == 0 }
	if hole(15) {
		b.WriteString(asset.HoleMark(0))
		return
	}
	switch p.kind {
	case 's':
		fmt.Fprintf(b, `"%s"`, g.holed(p.text, hole(4)))
	case 'l':
		b.WriteByte('[')
		for i, e := range p.elems {
			if i > 0 {
				b.WriteByte(',')
			}
			g.write(b, e, holes)
		}
		b.WriteByte(']')
	case 'o':
		b.WriteByte('{')
		for i, m := range p.members {
			if i > 0 {
				b.WriteByte(',')
			}
			if hole(20) {
				b.WriteString(asset.HoleMark(0))
				continue
			}
			fmt.Fprintf(b, `"%s":`, g.holed(p.keys[i], hole(20)))
			g.write(b, m, holes)
		}
		b.WriteByte('}')
	}
}

// holed replaces a part of the text, perhaps all, by a hole.
func (g generator) holed(text string, do bool) string {
	if !do {
		return text
	}
	from := g.IntN(len(text) + 1)
	to := from + g.IntN(len(text)-from+1)
	if g.IntN(3) == 0 {
		from, to = 0, len(text)
	}
	return text[:from] + asset.HoleMark(0) + text[to:]
}

// TestHolesNeverTurnAnAnswer is the property that all else rests on: knowing
// less may make an answer unknown, never its opposite.
func TestHolesNeverTurnAnAnswer(t *testing.T) {
	t.Parallel()
	definite, kept := 0, 0
	for seed := range uint64(4_000) {
		g := generator{rand.New(rand.NewPCG(seed, 1))}
		doc := g.document()
		var full, holed strings.Builder
		g.write(&full, doc, false)
		g.write(&holed, doc, true)
		d := Parse(asset.Known(asset.NewText(full.String()), inCode))
		if reason, open := d.Statements.More(); open {
			t.Fatalf("seed %d: %s is not a policy: %s", seed, full.String(), reason)
		}
		h := Parse(asset.Known(asset.NewText(holed.String(), asset.Hole{Reason: "hole"}), inCode))
		want := answers(d)
		for name, got := range answers(h) {
			if len(h.Statements.Elems()) != len(d.Statements.Elems()) && strings.Contains(name, " ") {
				continue // statements have moved up
			}
			if isDefinite(name, want[name]) {
				definite++
			}
			switch {
			case !isDefinite(name, got):
			case got == want[name]:
				kept++
			case isDefinite(name, want[name]):
				t.Fatalf("seed %d: %q was %q and is %q\n%s\n%s", seed, name, want[name], got, full.String(), shown(holed.String()))
			}
		}
	}
	if kept*4 < definite {
		t.Errorf("only %d of %d answers survived some holes; the test has lost its power", kept, definite)
	}
}

func isDefinite(name, answer string) bool {
	if strings.HasSuffix(name, "services") || strings.HasSuffix(name, "accounts") {
		return answer != "open"
	}
	return answer == "yes" || answer == "no"
}

// TestMissingFieldsNeverTurnAnAnswer is the same for fields that are made
// unknown after parsing.
func TestMissingFieldsNeverTurnAnAnswer(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3_000) {
		g := generator{rand.New(rand.NewPCG(seed, 2))}
		var full strings.Builder
		g.write(&full, g.document(), false)
		parse := func() Document { return Parse(asset.Known(asset.NewText(full.String()), inCode)) }
		want, d := answers(parse()), parse()
		statements := len(d.Statements.Elems())
		missing := (*asset.Source)(nil).Missing("gone")
		asset.Walk(&d, func(_ string, f asset.Field) {
			if g.IntN(8) == 0 {
				f.SetMissing(missing)
			}
		})
		if len(d.Statements.Elems()) != statements {
			continue
		}
		for name, got := range answers(d) {
			if isDefinite(name, got) && isDefinite(name, want[name]) && got != want[name] {
				t.Fatalf("seed %d: %q was %q and is %q\n%s", seed, name, want[name], got, full.String())
			}
		}
	}
}
