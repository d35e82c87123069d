// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cloudformation

import (
	"cmp"
	"slices"
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code"
)

// ref is what !Ref gives: a loop's variable, a pseudo parameter, a parameter, or
// what identifies a resource.
func (f *frame) ref(name string, at span) *value {
	if v := f.variable(name); v != nil {
		return v
	}
	if strings.HasPrefix(name, "AWS::") {
		return f.pseudo(name, at)
	}
	if p := f.parameter(name); p != nil {
		placed := *p
		placed.at = at
		return &placed
	}
	if r := f.byID[name]; r != nil {
		attribute := "Ref"
		if refIsARN(r.Type) {
			attribute = "Arn"
		}
		return r.computed(attribute, r.Address, at)
	}
	return unknownValue(cmp.Or(name, "a reference")+" is not declared", at)
}

// computed is an attribute that the deployment will tell.
func (r *Resource) computed(attribute, shown string, at span) *value {
	v := unknownValue(shown+" is known after deployment", at)
	v.string = !slices.Contains(listAttributes, attribute)
	v.from = origin{r.Address, attribute}
	return v
}

// listAttributes are the return values that are lists.
var listAttributes = []string{
	"CidrBlockAssociations", "DnsEntries", "Ipv6CidrBlocks", "LoadBalancerFullNames", "NameServers", "NetworkInterfaceIds",
	"SecondaryPrivateIpAddresses", "SecurityGroups",
}

// refIsARN reports whether !Ref of a resource of that type gives its ARN.
func refIsARN(typ string) bool {
	switch typ {
	case "AWS::SNS::Topic", "AWS::SecretsManager::Secret", "AWS::IAM::ManagedPolicy", "AWS::IAM::OIDCProvider",
		"AWS::IAM::SAMLProvider", "AWS::CertificateManager::Certificate", "AWS::StepFunctions::StateMachine",
		"AWS::StepFunctions::Activity", "AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::ElasticLoadBalancingV2::TargetGroup",
		"AWS::ElasticLoadBalancingV2::Listener", "AWS::ECS::Service", "AWS::ECS::TaskDefinition", "AWS::Lambda::Version",
		"AWS::Lambda::Alias", "AWS::Lambda::LayerVersion", "AWS::MSK::Cluster", "AWS::Backup::BackupPlan", "AWS::Batch::JobQueue",
		"AWS::Batch::JobDefinition", "AWS::CloudFormation::Stack", "AWS::CodeArtifact::Repository", "AWS::CodeArtifact::Domain":
		return true
	}
	return false
}

// getAtt is Fn::GetAtt, in its forms A.B and [A, B].
func (f *frame) getAtt(n *node, at span) *value {
	var id, attribute string
	if n.kind == listNode && len(n.elems) >= 2 {
		id, attribute = f.name(n.elems[0]), f.name(n.elems[1])
		for _, more := range n.elems[2:] {
			attribute += "." + f.name(more)
		}
	} else {
		id, attribute, _ = strings.Cut(f.name(n), ".")
	}
	return f.attribute(id, attribute, at)
}

func (f *frame) attribute(id, attribute string, at span) *value {
	r := f.byID[id]
	if r == nil && strings.Contains(attribute, ".") { // a module's resource has dots in its id
		first, rest, _ := strings.Cut(attribute, ".")
		if r = f.byID[id+"."+first]; r != nil {
			attribute = rest
		}
	}
	switch {
	case r == nil:
		return unknownValue(cmp.Or(id, "a reference")+" is not declared", at)
	case attribute == "":
		return unknownValue("Fn::GetAtt needs an attribute of "+id, at)
	}
	if name, found := strings.CutPrefix(attribute, "Outputs."); found && r.Type == stackType {
		return f.output(r, name, at)
	}
	return r.computed(attribute, r.Address+"."+attribute, at)
}

// output is an output of a nested stack.
func (f *frame) output(r *Resource, name string, at span) *value {
	child := r.child()
	if child.missing != "" {
		v := unknownValue(r.Address+".Outputs."+name+": "+child.missing, at)
		v.from = origin{r.Address, "Outputs." + name}
		return v
	}
	n := child.outputs[name]
	switch {
	case n == nil:
		return unknownValue(r.Address+" has no output "+name, at)
	case slices.Contains(f.stack.asking, n):
		return unknownValue("the output "+name+" depends on itself", at)
	}
	f.stack.asking = append(f.stack.asking, n)
	defer func() { f.stack.asking = f.stack.asking[:len(f.stack.asking)-1] }()
	placed := *child.base.eval(n.get("Value"))
	placed.at = at
	return &placed
}

// sub is Fn::Sub, in its forms text and [text, variables].
func (f *frame) sub(n *node, at span) *value {
	text, extra := n, (*node)(nil)
	if n.kind == listNode && len(n.elems) == 2 {
		text, extra = n.elems[0], n.elems[1]
	}
	template := f.eval(text)
	if template.kind != scalar {
		return unknownValue(cmp.Or(template.reason(), "Fn::Sub needs a text"), at)
	}
	own := map[string]*value{}
	if extra != nil {
		for _, m := range f.eval(extra).members {
			own[m.key] = m.value
		}
	}
	s := &substitution{frame: f, own: own, at: at}
	for _, part := range template.text.Parts() {
		if part.Hole != nil {
			s.built.Hole(*part.Hole)
			s.parts++
			continue
		}
		s.literal(part.Literal)
	}
	if s.parts == 1 && s.last != nil {
		return s.last // "${Bucket}" is the bucket
	}
	if s.wrong != "" {
		return unknownValue(s.wrong, at)
	}
	v := &value{kind: scalar, text: s.built.Built(), at: at, secret: s.secret}
	if f.stack.tire(len(v.text.Marked()) / 64) {
		return unknownValue(errOverwork, at)
	}
	return v
}

// substitution is one text of Fn::Sub being filled.
type substitution struct {
	frame  *frame
	own    map[string]*value
	at     span
	built  code.TextBuilder
	parts  int    // literals and variables so far
	last   *value // the variable that was filled in last
	wrong  string
	secret bool
}

func (s *substitution) literal(text string) {
	for text != "" {
		before, after, found := strings.Cut(text, "${")
		name, rest, closed := strings.Cut(after, "}")
		if !found || !closed {
			s.built.Literal(text)
			s.parts++
			return
		}
		if before != "" {
			s.built.Literal(before)
			s.parts++
		}
		if escaped, is := strings.CutPrefix(name, "!"); is {
			s.built.Literal("${" + escaped + "}")
		} else {
			s.variable(strings.TrimSpace(name))
		}
		s.parts++
		text = rest
	}
}

func (s *substitution) variable(name string) {
	v := s.own[name]
	if v == nil {
		if id, attribute, dotted := strings.Cut(name, "."); dotted {
			v = s.frame.attribute(id, attribute, s.at)
		} else {
			v = s.frame.ref(name, s.at)
		}
	}
	t, ok := v.asText()
	if !ok {
		s.wrong = name + " is not a text"
		return
	}
	s.secret = s.secret || v.secret
	s.last = v
	s.built.Text(t)
}

// pseudo is a parameter that AWS supplies.
func (f *frame) pseudo(name string, at span) *value {
	o := f.stack.opts
	value := map[string]string{
		"AWS::AccountId": o.Account,
		"AWS::Partition": partitionOf(o.Region),
		"AWS::Region":    o.Region,
		"AWS::URLSuffix": suffixOf(o.Region),
	}[name]
	if name == "AWS::NoValue" {
		return noValue(at)
	}
	if value != "" {
		v := textValue(value, at)
		v.from = origin{address: name}
		return v
	}
	v := unknownValue(name+" is known at deployment", at)
	v.from = origin{address: name}
	v.string = name != "AWS::NotificationARNs"
	return v
}

func partitionOf(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	}
	return "aws"
}

func suffixOf(region string) string {
	if partitionOf(region) == "aws-cn" {
		return "amazonaws.com.cn"
	}
	return "amazonaws.com"
}

// asJSON renders a value. What is unknown in it stays a hole: a part of a string
// where it will be one, else a part of the structure.
func asJSON(v *value) asset.Text {
	b := &code.TextBuilder{}
	writeJSON(b, v, 0)
	return b.Built()
}

func writeJSON(b *code.TextBuilder, v *value, depth int) {
	switch {
	case depth > maxNesting:
		b.Hole(asset.Hole{Reason: "nested too deeply"})
	case v.kind == object:
		b.Literal("{")
		for i, m := range v.members {
			if i > 0 {
				b.Literal(",")
			}
			b.Quoted(asset.NewText(m.key))
			b.Literal(":")
			writeJSON(b, m.value, depth+1)
		}
		writeMore(b, v, len(v.members))
		b.Literal("}")
	case v.kind == list:
		b.Literal("[")
		for i, e := range v.elems {
			if i > 0 {
				b.Literal(",")
			}
			writeJSON(b, e, depth+1)
		}
		writeMore(b, v, len(v.elems))
		b.Literal("]")
	case v.kind == unknown && !v.string:
		b.Hole(v.hole())
	case v.kind == nothing:
		b.Literal("null")
	default:
		t, _ := v.asText()
		if literal, ok := v.literal(); ok && v.bare && isBareJSON(literal) {
			b.Literal(literal)
			return
		}
		b.Quoted(t)
	}
}

func writeMore(b *code.TextBuilder, v *value, written int) {
	if v.more == "" {
		return
	}
	if written > 0 {
		b.Literal(",")
	}
	b.Hole(asset.Hole{Reason: v.more})
}
