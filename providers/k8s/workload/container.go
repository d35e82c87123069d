// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package workload

import (
	"strconv"
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/dockerfile"
	"github.com/plumb-cspm/plumb/internal/source/code/k8s"
)

// containerDecoder reads one container, with what its pod says for all.
type containerDecoder struct {
	k8s.Value
	spec, annotations k8s.Value
	hostNetwork       asset.Value[bool]
}

// context is a field of the security context: the container's own, or the pod's.
func (d containerDecoder) context(keys ...string) k8s.Value {
	return d.Get("securityContext").Get(keys...).Or(d.spec.Get("securityContext").Get(keys...))
}

func (d containerDecoder) decode(role string) Container {
	own := d.Get("securityContext")
	c := Container{
		Name: d.Get("name").String(""), Role: asset.Known(role, d.Source()), Image: decodeImage(d.Get("image")),
		Privileged: own.Get("privileged").Bool(false), Escalation: own.Get("allowPrivilegeEscalation").Bool(true),
		User: d.user(), Capabilities: decodeCapabilities(own.Get("capabilities")),
		ReadOnlyRoot: own.Get("readOnlyRootFilesystem").Bool(false),
		Seccomp:      d.context("seccompProfile", "type").String(""), AppArmor: d.appArmor(),
		SELinux: SELinux{
			d.context("seLinuxOptions", "type").String(""), d.context("seLinuxOptions", "user").String(""),
			d.context("seLinuxOptions", "role").String(""),
		},
		ProcMount: own.Get("procMount").String("Default"), HostProcess: d.context("windowsOptions", "hostProcess").Bool(false),
		Ports:         k8s.List(d.Get("ports"), d.port),
		LivenessProbe: d.Get("livenessProbe").Declared(), ReadinessProbe: d.Get("readinessProbe").Declared(),
		SecretVariables: d.secrets(),
	}
	limits, requests := d.Get("resources", "limits"), d.Get("resources", "requests")
	c.Limits = Resources{CPU: amount(limits.Get("cpu")), Memory: amount(limits.Get("memory"))}
	// The API server requests what it is to limit, where nothing is requested.
	c.Requests = Resources{
		CPU:    amount(requests.Get("cpu").Or(limits.Get("cpu"))),
		Memory: amount(requests.Get("memory").Or(limits.Get("memory"))),
	}
	c.PullPolicy = pullPolicy(d.Get("imagePullPolicy"), c.Image)
	return c
}

func decodeImage(v k8s.Value) Image {
	img := Image{Reference: v.String("")}
	if !img.Reference.IsKnown() && v.Text().IsKnown() || !v.IsSet() {
		img.Repository, img.Tag, img.Digest = img.Reference, img.Reference, img.Reference
		img.Pinned = asset.Convert(img.Reference, func(string) bool { return false })
		return img
	}
	parsed, at := dockerfile.ParseImage(v.Text()), v.Source()
	img.Repository, img.Tag, img.Digest = parsed.Repository.Value(at), parsed.Tag.Value(at), parsed.Digest.Value(at)
	img.Pinned = asset.Known(parsed.Pinned, at)
	if parsed.Doubt != "" {
		img.Pinned = asset.Unknown[bool](parsed.Doubt, at)
	}
	return img
}

// pullPolicy fills in the default, which depends on the tag.
func pullPolicy(v k8s.Value, img Image) asset.Value[string] {
	policy := v.String("IfNotPresent")
	if v.IsSet() || !policy.IsKnown() {
		return policy
	}
	return asset.Then(img.Tag, func(tag string, _ *asset.Source) asset.Value[string] {
		if img.Digest.Or("") == "" && (tag == "" || tag == "latest") {
			return asset.Default("Always", v.Source())
		}
		return policy
	})
}

func (d containerDecoder) user() User {
	id, nonRoot := d.context("runAsUser"), d.context("runAsNonRoot")
	u := User{Declared: id.Declared(), ID: id.Int(0), NonRoot: nonRoot.Bool(false)}
	if !id.IsSet() && id.Gap() == "" {
		u.ID = asset.Unknown[int64]("the user of the image is not in the manifest", id.Source())
	}
	return u
}

func decodeCapabilities(v k8s.Value) Capabilities {
	names := func(v k8s.Value) asset.List[asset.Value[string]] {
		return k8s.List(v, func(item k8s.Value) asset.Value[string] {
			return asset.Convert(item.String(""), func(name string) string { return strings.TrimPrefix(strings.ToUpper(name), "CAP_") })
		})
	}
	return Capabilities{Add: names(v.Get("add")), Drop: names(v.Get("drop"))}
}

// appArmor reads the profile, which older manifests have in an annotation.
func (d containerDecoder) appArmor() asset.Value[string] {
	profile := d.context("appArmorProfile", "type")
	name, known := d.Get("name").String("").Get()
	old := d.annotations.Get("container.apparmor.security.beta.kubernetes.io/" + name)
	if profile.IsSet() || profile.Gap() != "" || !known || !old.IsSet() {
		return profile.String("")
	}
	return asset.Convert(old.String(""), func(text string) string {
		kind, _, _ := strings.Cut(text, "/")
		switch kind {
		case "runtime":
			return "RuntimeDefault"
		case "localhost":
			return "Localhost"
		case "unconfined":
			return "Unconfined"
		}
		return text
	})
}

// port reads a port. In the node's network every port is one of the node.
func (d containerDecoder) port(v k8s.Value) Port {
	p := Port{Container: v.Get("containerPort").Int(0), Host: v.Get("hostPort").Int(0), Protocol: v.Get("protocol").String("TCP")}
	if host, known := p.Host.Get(); known && host == 0 {
		switch shared, known := d.hostNetwork.Get(); {
		case !known:
			p.Host = asset.Unknown[int64](d.hostNetwork.Reason(), d.hostNetwork.Source())
		case shared:
			p.Host = p.Container
		}
	}
	return p
}

// secrets are the names of the secrets that become variables, one by one or all
// at once.
func (d containerDecoder) secrets() asset.List[asset.Value[string]] {
	env, from := d.Get("env"), d.Get("envFrom")
	var names []asset.Value[string]
	for _, item := range env.Items() {
		if ref := item.Get("valueFrom", "secretKeyRef"); ref.IsSet() {
			names = append(names, ref.Get("name").String(""))
		}
	}
	for _, item := range from.Items() {
		if ref := item.Get("secretRef"); ref.IsSet() {
			names = append(names, ref.Get("name").String(""))
		}
	}
	for _, v := range []k8s.Value{env, from} {
		if reason, open := v.Strings().More(); open {
			return asset.OpenList(names, reason, v.Source())
		}
	}
	if !env.IsSet() && !from.IsSet() {
		return asset.DefaultList(names, d.Source())
	}
	return asset.ListOf(names, d.Source())
}

// amount says whether a quantity is there and is not nothing.
func amount(v k8s.Value) asset.Value[bool] {
	if !v.IsSet() {
		return v.Declared()
	}
	return asset.Convert(v.String(""), func(text string) bool {
		number, err := strconv.ParseFloat(strings.TrimRight(text, "numkKMGTPEi"), 64)
		return err != nil && text != "" || err == nil && number > 0
	})
}
