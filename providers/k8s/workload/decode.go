// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package workload

import (
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/k8s"
)

// template is where a kind keeps its pods.
type template struct {
	groups []string
	path   []string // to what has metadata and spec
}

// templates are the kinds that make pods. Groups that Kubernetes has given up are
// still in manifests.
var templates = map[string]template{
	"Pod":                   {[]string{""}, nil},
	"PodTemplate":           {[]string{""}, []string{"template"}},
	"ReplicationController": {[]string{""}, []string{"spec", "template"}},
	"Deployment":            {[]string{"apps", "extensions"}, []string{"spec", "template"}},
	"ReplicaSet":            {[]string{"apps", "extensions"}, []string{"spec", "template"}},
	"DaemonSet":             {[]string{"apps", "extensions"}, []string{"spec", "template"}},
	"StatefulSet":           {[]string{"apps"}, []string{"spec", "template"}},
	"Job":                   {[]string{"batch"}, []string{"spec", "template"}},
	"CronJob":               {[]string{"batch"}, []string{"spec", "jobTemplate", "spec", "template"}},
}

func decode(m *k8s.Manifests, emit func(*asset.Asset)) {
	for _, o := range m.Objects {
		if t, ok := templates[o.Kind]; ok && o.Is(o.Kind, t.groups...) {
			emit(o.Asset(PodType, decodePod(m, o, o.Get(t.path...))))
		}
	}
}

// decodePod reads what has the metadata and the spec of a pod.
func decodePod(m *k8s.Manifests, o *k8s.Object, pod k8s.Value) *Pod {
	spec, meta := pod.Get("spec"), pod.Get("metadata")
	p := &Pod{
		Kind:      asset.Known(o.Kind, o.Source()),
		Namespace: o.Get("metadata", "namespace").String("default"), Labels: meta.Get("labels").Map(),
		HostNetwork: spec.Get("hostNetwork").Bool(false), HostPID: spec.Get("hostPID").Bool(false), HostIPC: spec.Get("hostIPC").Bool(false),
		ServiceAccount: decodeAccount(m, o, spec), Volumes: k8s.List(spec.Get("volumes"), decodeVolume),
		Sysctls: k8s.List(spec.Get("securityContext", "sysctls"), func(v k8s.Value) Sysctl {
			return Sysctl{v.Get("name").String(""), v.Get("value").String("")}
		}),
		NetworkPolicies: policies(m, o, meta.Get("labels")),
	}
	p.Containers = containers(spec, meta.Get("annotations"), p.HostNetwork)
	p.SecurityContext = hasContext(spec)
	return p
}

// containers joins the three lists in which a pod has containers.
func containers(spec, annotations k8s.Value, hostNetwork asset.Value[bool]) asset.List[Container] {
	read := func(role string) func(k8s.Value) Container {
		return func(v k8s.Value) Container {
			d := containerDecoder{v, spec, annotations, hostNetwork}
			if restart := v.Get("restartPolicy").String(""); role == "init" && restart.Or("") == "Always" {
				return d.decode("sidecar")
			}
			return d.decode(role)
		}
	}
	all := k8s.List(spec.Get("containers"), read("main"))
	for _, role := range []string{"init", "ephemeral"} {
		more := k8s.List(spec.Get(role+"Containers"), read(role))
		if reason, open := more.More(); open {
			all = asset.OpenList(all.Elems(), reason, all.Source())
		}
		all = all.Append(more.Elems()...)
	}
	return all
}

// decodeAccount reads as whom the pod runs. Whether the token is mounted is for
// the pod to say, and for the account where the pod is silent.
func decodeAccount(m *k8s.Manifests, o *k8s.Object, spec k8s.Value) ServiceAccount {
	name := spec.Get("serviceAccountName").Or(spec.Get("serviceAccount")).String("default")
	token := spec.Get("automountServiceAccountToken")
	if account, known := name.Get(); known {
		for _, other := range m.Objects {
			if other.Is("ServiceAccount", "") && other.Name == account && other.Namespace == o.Namespace {
				token = token.Or(other.Get("automountServiceAccountToken"))
			}
		}
	}
	return ServiceAccount{name, token.Bool(true)}
}

// policies are the network policies of the namespace that select the labels. The
// policies of network plugins are other kinds, whose answer is not known here.
func policies(m *k8s.Manifests, o *k8s.Object, labels k8s.Value) asset.List[asset.Ref] {
	var refs []asset.Ref
	doubt := ""
	for _, other := range m.Objects {
		switch {
		case other.Namespace != o.Namespace && other.Namespace != "":
		case other.Is("NetworkPolicy", "networking.k8s.io", "extensions"):
			selected := other.Get("spec", "podSelector").Selects(labels)
			if yes, known := selected.Get(); yes {
				refs = append(refs, asset.RefTo(other.File+"//"+other.Address, asset.InCode(other.Location())))
			} else if !known {
				doubt = selected.Reason()
			}
		case isPluginPolicy(other):
			doubt = other.Kind + " " + other.Name + " of " + other.Group + " may select it"
		}
	}
	if doubt != "" {
		return asset.OpenList(refs, doubt, o.Source())
	}
	return asset.ListOf(refs, o.Source())
}

func isPluginPolicy(o *k8s.Object) bool {
	return strings.HasSuffix(o.Kind, "NetworkPolicy") &&
		(o.Group == "cilium.io" || strings.HasSuffix(o.Group, "projectcalico.org") || o.Group == "policy.networking.k8s.io")
}

// hasContext says whether the pod has a security context, or each of its
// containers.
func hasContext(spec k8s.Value) asset.Value[bool] {
	own := spec.Get("securityContext")
	if own.IsSet() || own.Gap() != "" {
		return own.Declared()
	}
	items := spec.Get("containers").Items()
	for _, c := range items {
		if declared := c.Get("securityContext").Declared(); !declared.Or(false) {
			return declared
		}
	}
	if len(items) == 0 {
		return own.Declared()
	}
	return asset.Known(true, items[0].Get("securityContext").Source())
}
