// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package network

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/k8s"
)

// Policy is a network policy: what its pods may be reached from, and what they
// may reach.
type Policy struct {
	Namespace asset.Value[string] `plumb:"namespace"`
	// LimitsIngress and LimitsEgress say which direction the policy is about: what
	// none of its rules admits there, is refused.
	LimitsIngress asset.Value[bool] `plumb:"limits_ingress"`
	LimitsEgress  asset.Value[bool] `plumb:"limits_egress"`
	Ingress       asset.List[Rule]  `plumb:"ingress"`
	Egress        asset.List[Rule]  `plumb:"egress"`
}

// Rule admits traffic with some peers.
type Rule struct {
	// Everybody says that the rule names no peers, and so admits all there are.
	Everybody asset.Value[bool] `plumb:"everybody"`
	// CIDRs are the ranges of addresses among the peers.
	CIDRs asset.List[asset.Value[string]] `plumb:"cidrs"`
}

func decodePolicy(o *k8s.Object) *Policy {
	spec := o.Get("spec")
	p := &Policy{
		Namespace: namespace(o), LimitsIngress: asset.Default(true, spec.Source()), LimitsEgress: spec.Get("egress").Declared(),
		Ingress: k8s.List(spec.Get("ingress"), rule("from")), Egress: k8s.List(spec.Get("egress"), rule("to")),
	}
	if types := spec.Get("policyTypes"); types.IsSet() || types.Gap() != "" {
		p.LimitsIngress, p.LimitsEgress = holds(types, "Ingress"), holds(types, "Egress")
	}
	return p
}

// holds is whether a list has the text.
func holds(v k8s.Value, text string) asset.Value[bool] {
	if v.Gap() != "" {
		return asset.Unknown[bool](v.Gap(), v.Source())
	}
	result := asset.Known(false, v.Source())
	for _, item := range v.Items() {
		switch got := item.String(""); {
		case got.Or("") == text:
			return asset.Known(true, item.Source())
		case !got.IsKnown():
			result = asset.Unknown[bool](got.Reason(), item.Source())
		}
	}
	return result
}

func rule(peers string) func(k8s.Value) Rule {
	return func(v k8s.Value) Rule {
		from := v.Get(peers)
		r := Rule{Everybody: asset.Convert(from.Declared(), func(named bool) bool { return !named || len(from.Items()) == 0 })}
		var ranges []asset.Value[string]
		for _, peer := range from.Items() {
			if cidr := peer.Get("ipBlock", "cidr"); cidr.IsSet() || cidr.Gap() != "" {
				ranges = append(ranges, cidr.String(""))
			}
		}
		switch {
		case from.Gap() != "":
			r.CIDRs = asset.UnknownList[asset.Value[string]](from.Gap(), from.Source())
		case !from.IsSet():
			r.CIDRs = asset.DefaultList(ranges, from.Source())
		default:
			r.CIDRs = asset.ListOf(ranges, from.Source())
		}
		return r
	}
}
