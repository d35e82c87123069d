// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cloudformation

import (
	"cmp"
	"slices"
	"strings"
)

// The types of the serverless transform that are read here, and what it makes of
// them. It keeps their logical ids.
const applicationType = "AWS::Serverless::Application"

var serverlessTypes = map[string]string{
	"AWS::Serverless::Function":     "AWS::Lambda::Function",
	"AWS::Serverless::SimpleTable":  "AWS::DynamoDB::Table",
	"AWS::Serverless::Api":          "AWS::ApiGateway::RestApi",
	"AWS::Serverless::HttpApi":      "AWS::ApiGatewayV2::Api",
	"AWS::Serverless::StateMachine": "AWS::StepFunctions::StateMachine",
	"AWS::Serverless::LayerVersion": "AWS::Lambda::LayerVersion",
}

// globalSections are the parts of Globals by type.
var globalSections = map[string]string{
	"AWS::Serverless::Function":     "Function",
	"AWS::Serverless::SimpleTable":  "SimpleTable",
	"AWS::Serverless::Api":          "Api",
	"AWS::Serverless::HttpApi":      "HttpApi",
	"AWS::Serverless::StateMachine": "StateMachine",
	"AWS::Serverless::LayerVersion": "LayerVersion",
}

// expandServerless makes of serverless resources what the transform makes of
// them: a resource of the service, and those beside it that decide who may call a
// function.
func (sc *scope) expandServerless() {
	for _, r := range slices.Clone(sc.resources) {
		made, ok := serverlessTypes[r.Type]
		if !ok {
			continue
		}
		globals := sc.template.root.get("Globals").get(globalSections[r.Type])
		serverless := r.Type
		r.Type = made
		r.make = func() *value {
			v := r.frame.eval(r.node.get("Properties"))
			return renamed(overlay(r.frame.eval(globals), v))
		}
		if serverless != "AWS::Serverless::Function" {
			continue
		}
		own := r.node.get("Properties")
		if own.get("Role") == nil && globals.get("Role") == nil {
			sc.beside(r, r.LogicalID+"Role", "AWS::IAM::Role", func() *value { return roleOf(r) })
		}
		if own.get("FunctionUrlConfig") != nil || globals.get("FunctionUrlConfig") != nil {
			sc.beside(r, r.LogicalID+"Url", "AWS::Lambda::Url", func() *value {
				return objectValue(r.at, "TargetFunctionArn", r.reference(), "AuthType", r.lookup("FunctionUrlConfig.AuthType").value)
			})
			sc.beside(r, r.LogicalID+"UrlPublicPermissions", "AWS::Lambda::Permission", func() *value { return urlPermission(r) })
		}
	}
}

// beside adds a resource that the transform makes for another.
func (sc *scope) beside(r *Resource, id, typ string, properties func() *value) {
	sc.add(&Resource{
		Type: typ, LogicalID: id, Address: sc.prefix + id, Symbolic: r.Symbolic, stack: r.stack, scope: sc, frame: r.frame,
		node: &node{kind: mapNode, at: r.at}, at: r.at, condition: r.condition, doubts: r.doubts, doubt: r.doubt,
		make: func() *value {
			r.finish()
			return properties()
		},
	})
}

// reference is what !Ref gives of the resource.
func (r *Resource) reference() *value { return r.computed("Ref", r.Address, r.at) }

// urlPermission lets everybody invoke a function whose URL asks for no signature.
func urlPermission(r *Resource) *value {
	auth := r.lookup("FunctionUrlConfig.AuthType").value
	everybody := textValue("*", r.at)
	if text, known := auth.literal(); known && text != "NONE" {
		// The transform makes no such permission: one that admits the account itself
		// changes nothing.
		everybody = r.frame.ref("AWS::AccountId", r.at)
	} else if !known {
		everybody = unknownValue(auth.reason(), r.at)
		everybody.string = true
	}
	return objectValue(r.at, "FunctionName", r.reference(), "Action", textValue("lambda:InvokeFunctionUrl", r.at),
		"Principal", everybody, "FunctionUrlAuthType", auth)
}

// roleOf is the role that the transform makes for a function without one.
func roleOf(r *Resource) *value {
	trust := textValue(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},`+
		`"Action":"sts:AssumeRole"}]}`, r.at)
	v := objectValue(r.at, "AssumeRolePolicyDocument", trust)
	managed, inline := &value{kind: list, at: r.at}, &value{kind: list, at: r.at}
	rd := r.read("Policies")
	elems, more := rd.members()
	if rd.value.kind == object {
		elems, more = []*value{rd.value}, ""
	}
	for _, e := range elems {
		switch {
		case e.kind == object && (e.get("Statement") != nil || e.get("Version") != nil):
			inline.elems = append(inline.elems, objectValue(e.at, "PolicyName", textValue(r.LogicalID, e.at), "PolicyDocument", e))
		case e.kind == object:
			inline.more = "a policy template of the serverless transform"
		default:
			managed.elems = append(managed.elems, managedARN(e))
		}
	}
	managed.more, inline.more = more, cmp.Or(inline.more, more)
	v.members = append(v.members, member{"ManagedPolicyArns", managed.at, managed}, member{"Policies", inline.at, inline})
	return v
}

// managedARN is the ARN of a managed policy; a bare name is one of AWS's own.
func managedARN(v *value) *value {
	if name, known := v.literal(); known && !strings.Contains(name, ":") {
		return textValue("arn:aws:iam::aws:policy/"+name, v.at)
	}
	return v
}

// objectValue is an object of keys and values in turn; those that are nothing are
// left out.
func objectValue(at span, pairs ...any) *value {
	v := &value{kind: object, at: at}
	for i := 0; i+1 < len(pairs); i += 2 {
		if part, _ := pairs[i+1].(*value); part != nil && part.kind != nothing {
			v.members = append(v.members, member{pairs[i].(string), part.at, part})
		}
	}
	return v
}

// overlay is the globals with what the resource says itself on top: objects are
// merged, everything else is replaced, and lists are added up.
func overlay(globals, own *value) *value {
	switch {
	case own.kind == nothing:
		return globals
	case globals.kind == list && own.kind == list:
		return &value{kind: list, at: own.at, elems: slices.Concat(globals.elems, own.elems), more: cmp.Or(globals.more, own.more)}
	case globals.kind != object || own.kind != object:
		return own
	}
	v := &value{kind: object, at: own.at, more: cmp.Or(own.more, globals.more)}
	for _, m := range own.members {
		if under := globals.get(m.key); under != nil {
			m.value = overlay(under, m.value)
		}
		v.members = append(v.members, m)
	}
	for _, m := range globals.members {
		if own.get(m.key) == nil {
			v.members = append(v.members, m)
		}
	}
	return v
}

// renamed gives properties the names that the service's resource has for them.
func renamed(v *value) *value {
	if v.kind != object {
		return v
	}
	out := &value{kind: object, at: v.at, more: v.more}
	for _, m := range v.members {
		switch {
		case m.key == "Tracing":
			m.key, m.value = "TracingConfig", objectValue(m.at, "Mode", m.value)
		case m.key == "DeadLetterQueue" && m.value.kind == object:
			target := m.value.get("TargetArn")
			m.key, m.value = "DeadLetterConfig", objectValue(m.at, "TargetArn", target)
		}
		out.members = append(out.members, m)
	}
	return out
}
