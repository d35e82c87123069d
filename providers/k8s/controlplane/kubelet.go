// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package controlplane

import (
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/k8s"
)

// fromFile reads a KubeletConfiguration.
func fromFile(v k8s.Value) *Kubelet {
	auth := v.Get("authentication")
	return &Kubelet{
		Anonymous: auth.Get("anonymous", "enabled").Bool(false), AuthorizationMode: v.Get("authorization", "mode").String("Webhook"),
		ReadOnlyPort: v.Get("readOnlyPort").String("0"), ClientCA: auth.Get("x509", "clientCAFile").String(""),
		RotateCertificates: v.Get("rotateCertificates").Bool(false), IPTables: v.Get("makeIPTablesUtilChains").Bool(true),
		StreamingTimeout: asset.Convert(v.Get("streamingConnectionIdleTimeout").String("4h"), never),
		Certificate:      v.Get("tlsCertFile").String(""), Key: v.Get("tlsPrivateKeyFile").String(""),
		ServerBootstrap: v.Get("serverTLSBootstrap").Bool(false),
	}
}

// fromFlags reads the flags that a kubelet is started with.
func fromFlags(flags asset.Map[string]) *Kubelet {
	text := func(name, missing string) asset.Value[string] {
		if v, ok := flags.Entries()[name]; ok {
			return v
		}
		if reason, open := flags.More(); open {
			return asset.Unknown[string](reason, flags.Source())
		}
		return asset.Default(missing, flags.Source())
	}
	truth := func(name, missing string) asset.Value[bool] {
		return asset.Convert(text(name, missing), func(s string) bool { return strings.EqualFold(s, "true") || s == "1" })
	}
	return &Kubelet{
		Anonymous: truth("anonymous-auth", "true"), AuthorizationMode: text("authorization-mode", "AlwaysAllow"),
		ReadOnlyPort: text("read-only-port", "10255"), ClientCA: text("client-ca-file", ""),
		RotateCertificates: truth("rotate-certificates", "false"), IPTables: truth("make-iptables-util-chains", "true"),
		StreamingTimeout: asset.Convert(text("streaming-connection-idle-timeout", "4h"), never),
		Certificate:      text("tls-cert-file", ""), Key: text("tls-private-key-file", ""),
		ServerBootstrap: truth("rotate-server-certificates", "false"),
	}
}

// never is the duration, and "0" for every spelling of none.
func never(duration string) string {
	if strings.Trim(duration, "0hms") == "" {
		return "0"
	}
	return duration
}
