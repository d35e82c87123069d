// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package compose

import (
	"path"
	"slices"
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/compose"
)

// mount is a mount as written, in either form.
type mount struct {
	kind, source, target, options asset.Text
	propagation, readOnly         compose.Value
	long                          bool
	at                            *asset.Source
}

func decodeMounts(p *compose.Project, s *compose.Service) asset.List[Mount] {
	v := s.Get("volumes")
	var elems []Mount
	for _, item := range v.Items() {
		m := readMount(item)
		m.resolve(p)
		elems = append(elems, m.decode())
	}
	for _, item := range s.Get("tmpfs").Items() {
		m := mount{kind: asset.NewText("tmpfs"), target: item.Text(), at: item.Source()}
		elems = append(elems, m.decode())
	}
	return list(v, elems)
}

// readMount reads SOURCE:TARGET:OPTIONS and the long form.
func readMount(v compose.Value) mount {
	m := mount{at: v.Source()}
	if !v.IsScalar() {
		m.long, m.kind, m.source, m.target = true, v.Get("type").Text(), v.Get("source").Text(), v.Get("target").Text()
		m.propagation, m.readOnly = v.Get("bind").Get("propagation"), v.Get("read_only")
		return m
	}
	text := v.Text()
	parts := splitMount(text.Marked())
	switch len(parts) {
	case 1:
		m.target = text.Cut(parts[0])
	default:
		m.source, m.target = text.Cut(parts[0]), text.Cut(parts[1])
		if len(parts) > 2 {
			m.options = text.Cut(parts[2])
		}
	}
	switch begin := m.source.Marked(); {
	case asset.HasHole(begin) && strings.HasPrefix(begin, asset.HoleMark(0)[:1]):
		m.kind = m.source // a path or a name
	case isPath(begin):
		m.kind = asset.NewText("bind")
	default:
		m.kind = asset.NewText("volume")
	}
	return m
}

// splitMount splits at colons, but not at that of a drive of Windows.
func splitMount(text string) []string {
	parts := strings.SplitN(text, ":", 4)
	if len(parts) > 1 && len(parts[0]) == 1 && strings.HasPrefix(parts[1], `\`) {
		parts = append([]string{parts[0] + ":" + parts[1]}, parts[2:]...)
	}
	return parts
}

func isPath(source string) bool {
	return strings.HasPrefix(source, "/") || strings.HasPrefix(source, ".") || strings.HasPrefix(source, "~") ||
		strings.HasPrefix(source, `\`) || len(source) > 2 && source[1] == ':'
}

// resolve puts the host's path in the place of a named volume that stands for
// one.
func (m *mount) resolve(p *compose.Project) {
	if m.kind.Marked() != "volume" || !m.source.IsKnown() || m.source.Marked() == "" {
		return
	}
	device, has := p.Volume(m.source.Marked(), "driver_opts", "device")
	options, _ := p.Volume(m.source.Marked(), "driver_opts", "o")
	if has && strings.Contains(options.Marked(), "bind") {
		m.kind, m.source = asset.NewText("bind"), device
	}
}

func (m *mount) decode() Mount {
	kind := m.kind.Value(m.at)
	if m.long && m.kind.Marked() == "" {
		kind = asset.Known("volume", m.at)
	}
	out := Mount{Kind: kind, Source: m.source.Value(m.at), Target: m.target.Value(m.at)}
	options := strings.Split(m.options.Marked(), ",")
	out.ReadOnly = m.isReadOnly(options)
	out.Propagation = m.propagated(options)
	out.Socket, out.Sensitive = asset.Known(false, m.at), asset.Known(false, m.at)
	if kind := kind.Or("bind"); kind == "bind" || kind == "npipe" {
		out.Socket, out.Sensitive = m.isSocket(), m.isSensitive(out.ReadOnly)
	}
	return out
}

func (m *mount) isReadOnly(options []string) asset.Value[bool] {
	switch {
	case m.long:
		return m.readOnly.Bool(false)
	case !m.options.IsKnown():
		return asset.Unknown[bool](m.options.Reason(), m.at)
	}
	return asset.Known(slices.Contains(options, "ro"), m.at)
}

func (m *mount) propagated(options []string) asset.Value[string] {
	switch {
	case m.long:
		return m.propagation.String("rprivate")
	case !m.options.IsKnown():
		return asset.Unknown[string](m.options.Reason(), m.at)
	}
	for _, o := range []string{"shared", "rshared", "slave", "rslave", "private", "rprivate"} {
		if slices.Contains(options, o) {
			return asset.Known(o, m.at)
		}
	}
	return asset.Default("rprivate", m.at)
}

// isSocket looks at the end of the host's path, which may be known where its
// beginning is not.
func (m *mount) isSocket() asset.Value[bool] {
	base := path.Base(slashed(m.source.Marked()))
	switch {
	case slices.Contains(sockets, base):
		return asset.Known(true, m.at)
	case m.isOwn() || !asset.HasHole(base) && !slices.ContainsFunc(holders, func(dir string) bool { return path.Base(dir) == base }):
		return asset.Known(false, m.at)
	}
	return asset.Convert(m.source.Value(m.at), func(p string) bool { return slices.Contains(holders, slashed(p)) })
}

func (m *mount) isSensitive(readOnly asset.Value[bool]) asset.Value[bool] {
	if m.isOwn() {
		return asset.Known(false, m.at)
	}
	return asset.Then(m.source.Value(m.at), func(p string, at *asset.Source) asset.Value[bool] {
		if p = slashed(p); !isSensitive(p) && below(p, programs) {
			return asset.Convert(readOnly, func(readOnly bool) bool { return !readOnly })
		}
		return asset.Known(isSensitive(p), at)
	})
}

// isOwn reports whether the path begins at the project: what follows is not
// known, and is a part of the project or beside it.
func (m *mount) isOwn() bool {
	return strings.HasPrefix(m.source.Marked(), ".")
}

// slashed is a path with slashes, and clean where it is absolute.
func slashed(p string) string {
	p = strings.ReplaceAll(p, `\`, "/")
	if strings.HasPrefix(p, "/") {
		return path.Clean(p)
	}
	return strings.TrimRight(p, "/")
}

// sockets are those through which container engines take orders; holders are
// folders that have one in them.
var (
	sockets = []string{"docker.sock", "containerd.sock", "crio.sock", "podman.sock", "docker_engine", "dockerd.sock"}
	holders = []string{"/", "/run", "/var", "/var/run"}
)

// system are folders of the host's system, and of its users; private are those of which every part
// is as sensitive.
var (
	system = []string{
		"/", "/bin", "/boot", "/dev", "/etc", "/home", "/lib", "/lib64", "/opt", "/proc", "/root", "/run", "/sbin", "/sys", "/usr", "/var", "/var/lib", "/var/log",
		"~",
	}
	private = []string{
		"/boot", "/root", "/proc", "/sys", "/etc/shadow", "/etc/passwd", "/etc/sudoers", "/etc/sudoers.d", "/etc/ssh", "/etc/cron.d", "/etc/kubernetes",
		"/etc/docker", "/etc/systemd", "/var/lib/docker", "/var/lib/containerd", "/var/lib/kubelet", "/dev/mem", "/dev/kmem",
		"~/.ssh", "~/.aws", "~/.azure", "~/.config/gcloud", "~/.kube", "~/.docker", "~/.gnupg",
	}
)

// programs are folders of programs that the host runs: sensitive where they can be
// written to.
var programs = []string{"/lib/modules", "/usr/lib", "/usr/bin", "/usr/sbin", "/usr/src", "/usr/local/bin", "/usr/local/sbin", "/opt/bin"}

func below(p string, dirs []string) bool {
	return slices.ContainsFunc(dirs, func(dir string) bool { return p == dir || strings.HasPrefix(p, dir+"/") })
}

func isSensitive(p string) bool {
	return slices.Contains(system, p) || below(p, private)
}

func decodePorts(v compose.Value) asset.List[Port] {
	var elems []Port
	for _, item := range v.Items() {
		elems = append(elems, decodePort(item))
	}
	return list(v, elems)
}

// decodePort reads [HOST_IP:][PUBLISHED:]TARGET[/PROTOCOL] and the long form.
func decodePort(v compose.Value) Port {
	if !v.IsScalar() {
		p := Port{HostIP: v.Get("host_ip").String(""), Target: v.Get("target").String(""), Protocol: v.Get("protocol").String("tcp")}
		p.From, p.To = publishedRange(v.Get("published").Text(), v.Source())
		return p
	}
	text, at := v.Text(), v.Source()
	spec, protocol, has := strings.Cut(text.Marked(), "/")
	p := Port{Protocol: asset.Default("tcp", at), HostIP: asset.Default("", at)}
	if has {
		p.Protocol = text.Cut(protocol).Value(at)
	}
	rest, target := cutLast(spec)
	p.Target = text.Cut(target).Value(at)
	host, published := cutLast(rest)
	if strings.HasSuffix(rest, "]") { // an address of IPv6 and no port
		host, published = rest, ""
	}
	p.From, p.To = publishedRange(text.Cut(published), at)
	switch {
	case host != "":
		p.HostIP = text.Cut(strings.Trim(host, "[]")).Value(at)
	case asset.HasHole(published): // it may hold an address too: 127.0.0.1:8080
		p.HostIP = text.Cut(published).Value(at)
	case rest == "" && asset.HasHole(target):
		p.HostIP = text.Cut(target).Value(at)
	}
	return p
}

// cutLast cuts at the last colon, but not within the brackets of IPv6.
func cutLast(text string) (before, after string) {
	i := strings.LastIndexByte(text, ':')
	if i < 0 || strings.LastIndexByte(text, ']') > i {
		return "", text
	}
	return text[:i], text[i+1:]
}

func publishedRange(text asset.Text, at *asset.Source) (from, to asset.Value[int64]) {
	if text.Marked() == "" {
		return asset.Default(int64(0), at), asset.Default(int64(0), at)
	}
	first, last, isRange := strings.Cut(text.Marked(), "-")
	if !isRange {
		last = first
	}
	return number(text.Cut(first).Value(at)), number(text.Cut(last).Value(at))
}
