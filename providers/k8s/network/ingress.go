// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package network

import (
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/k8s"
)

// Ingress leads requests from outside of the cluster to services.
type Ingress struct {
	Namespace asset.Value[string] `plumb:"namespace"`
	Class     asset.Value[string] `plumb:"class"`
	// TLS says whether certificates are named for any host.
	TLS asset.Value[bool] `plumb:"tls"`
	// Snippets are pieces of configuration that annotations give to NGINX.
	Snippets asset.List[Snippet] `plumb:"snippets"`
}

// Snippet is the value of an annotation such as
// nginx.ingress.kubernetes.io/server-snippet.
type Snippet struct {
	Annotation asset.Value[string] `plumb:"annotation"`
	// Code says that it runs code in the proxy, or reads the proxy's own token.
	Code asset.Value[bool] `plumb:"code"`
}

func decodeIngress(o *k8s.Object) *Ingress {
	annotations := o.Get("metadata", "annotations")
	i := &Ingress{
		Namespace: namespace(o), TLS: o.Get("spec", "tls").Declared(),
		Class: o.Get("spec", "ingressClassName").Or(annotations.Get("kubernetes.io/ingress.class")).String(""),
	}
	var snippets []Snippet
	for _, key := range annotations.Keys() {
		_, name, _ := strings.Cut(key, "/")
		if value := annotations.Get(key); strings.HasSuffix(name, "-snippet") {
			snippets = append(snippets, Snippet{asset.Known(name, value.Source()), isCode(value)})
		}
	}
	switch {
	case annotations.Gap() != "":
		i.Snippets = asset.UnknownList[Snippet](annotations.Gap(), annotations.Source())
	case !annotations.IsSet():
		i.Snippets = asset.DefaultList(snippets, annotations.Source())
	default:
		i.Snippets = asset.ListOf(snippets, annotations.Source())
	}
	return i
}

// isCode looks at what is written, whatever a deployment fills in: NGINX has
// variables of the same form.
func isCode(v k8s.Value) asset.Value[bool] {
	text := strings.ToLower(v.Literal())
	for _, mark := range []string{"lua_", "_lua", "_by_lua", "kubernetes.io", "js_content", "js_import", "perl_set"} {
		if strings.Contains(text, mark) {
			return asset.Known(true, v.Source())
		}
	}
	if whole := v.Text(); strings.HasPrefix(strings.TrimSpace(whole.Marked()), asset.HoleMark(0)) {
		return asset.Unknown[bool](whole.Reason(), v.Source())
	}
	return asset.Known(false, v.Source())
}
