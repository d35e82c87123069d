// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package workload

import (
	"slices"
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

// cluster is what pods refer to, by where it is looked for: one pass over the
// objects, however many pods there are.
type cluster struct {
	accounts map[string]*k8s.Object   // by namespace/name
	policies map[string][]*k8s.Object // by namespace, those of plugins too; "" for the whole cluster
}

// maxPolicies bounds the policies that each pod of a namespace is held against.
const maxPolicies = 200

func survey(m *k8s.Manifests) cluster {
	c := cluster{accounts: map[string]*k8s.Object{}, policies: map[string][]*k8s.Object{}}
	for _, o := range m.Objects {
		switch {
		case o.Is("ServiceAccount", ""):
			if key := o.Namespace + "/" + o.Name; c.accounts[key] == nil {
				c.accounts[key] = o
			}
		case isPolicy(o) || isPluginPolicy(o):
			namespace := o.Namespace
			if strings.Contains(o.Kind, "Cluster") || strings.HasPrefix(o.Kind, "Global") {
				namespace = ""
			}
			c.policies[namespace] = append(c.policies[namespace], o)
		}
	}
	return c
}

func decode(m *k8s.Manifests, emit func(*asset.Asset)) {
	c := survey(m)
	for _, o := range m.Objects {
		if t, ok := templates[o.Kind]; ok && o.Is(o.Kind, t.groups...) {
			emit(o.Asset(PodType, decodePod(c, o, o.Get(t.path...))))
		}
	}
}

// decodePod reads what has the metadata and the spec of a pod.
func decodePod(c cluster, o *k8s.Object, pod k8s.Value) *Pod {
	spec, meta := pod.Get("spec"), pod.Get("metadata")
	p := &Pod{
		Kind:      asset.Known(o.Kind, o.Source()),
		Namespace: o.Get("metadata", "namespace").String("default"), Labels: meta.Get("labels").Map(),
		HostNetwork: spec.Get("hostNetwork").Bool(false), HostPID: spec.Get("hostPID").Bool(false), HostIPC: spec.Get("hostIPC").Bool(false),
		ServiceAccount: decodeAccount(c, o, spec), Volumes: k8s.List(spec.Get("volumes"), decodeVolume),
		Sysctls: k8s.List(spec.Get("securityContext", "sysctls"), func(v k8s.Value) Sysctl {
			return Sysctl{v.Get("name").String(""), v.Get("value").String("")}
		}),
		NetworkPolicies: policies(c, o, meta.Get("labels")),
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
func decodeAccount(c cluster, o *k8s.Object, spec k8s.Value) ServiceAccount {
	name := spec.Get("serviceAccountName").Or(spec.Get("serviceAccount")).String("default")
	token := spec.Get("automountServiceAccountToken")
	if account, known := name.Get(); known {
		if found := c.accounts[o.Namespace+"/"+account]; found != nil {
			token = token.Or(found.Get("automountServiceAccountToken"))
		}
	}
	return ServiceAccount{name, token.Bool(true)}
}

// policies are the network policies of the namespace that select the labels. The
// policies of network plugins are other kinds, whose answer is not known here.
func policies(c cluster, o *k8s.Object, labels k8s.Value) asset.List[asset.Ref] {
	var refs []asset.Ref
	doubt := ""
	near := slices.Concat(c.policies[o.Namespace], c.policies[""])
	if len(near) > maxPolicies {
		near, doubt = near[:maxPolicies], "the namespace has too many policies to look at"
	}
	for _, other := range near {
		if isPluginPolicy(other) {
			doubt = other.Kind + " " + other.Name + " of " + other.Group + " may select it"
			continue
		}
		selected := other.Get("spec", "podSelector").Selects(labels)
		if yes, known := selected.Get(); yes {
			refs = append(refs, asset.RefTo(other.File+"//"+other.Address, asset.InCode(other.Location())))
		} else if !known {
			doubt = selected.Reason()
		}
	}
	if doubt != "" {
		return asset.OpenList(refs, doubt, o.Source())
	}
	return asset.ListOf(refs, o.Source())
}

func isPolicy(o *k8s.Object) bool { return o.Is("NetworkPolicy", "networking.k8s.io", "extensions") }

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
