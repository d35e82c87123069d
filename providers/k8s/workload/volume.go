// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package workload

import (
	"path"
	"slices"
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/k8s"
)

func decodeVolume(v k8s.Value) Volume {
	out := Volume{Name: v.Get("name").String(""), Kind: asset.Default("emptyDir", v.Source())}
	for _, key := range v.Keys() {
		if key != "name" {
			out.Kind = asset.Known(key, v.Get(key).Source())
		}
	}
	host := v.Get("hostPath", "path")
	if !v.Get("hostPath").IsSet() {
		out.HostPath, out.Socket = asset.Default("", v.Source()), asset.Default(false, v.Source())
		return out
	}
	out.HostPath = asset.Convert(host.String("/"), path.Clean)
	out.Socket = socket(host.Text(), host.Source())
	return out
}

// sockets are those through which container engines take orders; holders are
// folders that have one in them.
var (
	sockets = []string{"docker.sock", "containerd.sock", "crio.sock", "podman.sock", "cri-dockerd.sock", "dockershim.sock"}
	holders = []string{
		"/", "/run", "/var", "/var/run", "/run/containerd", "/var/run/containerd", "/run/crio", "/var/run/crio", "/run/podman",
		"/var/run/podman", "/run/k3s/containerd",
	}
)

// socket looks at the end of the path, which may be known where its beginning is
// not.
func socket(text asset.Text, at *asset.Source) asset.Value[bool] {
	base := text.Marked()[strings.LastIndexByte(text.Marked(), '/')+1:]
	if slices.Contains(sockets, base) {
		return asset.Known(true, at)
	}
	return asset.Convert(text.Value(at), func(p string) bool {
		return slices.Contains(holders, path.Clean(p)) || slices.Contains(sockets, path.Base(p))
	})
}
