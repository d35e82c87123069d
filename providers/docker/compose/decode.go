// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package compose

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/compose"
	"github.com/plumb-cspm/plumb/internal/source/code/dockerfile"
)

func decode(p *compose.Project, emit func(*asset.Asset)) {
	for _, s := range p.Services {
		at := asset.InCode(s.Location())
		emit(&asset.Asset{
			Type: ServiceType, ID: p.File + "//" + s.Name, Name: s.Name, Address: s.Name, Root: p.File,
			Scope: asset.Scope{Provider: "docker"}, Origin: asset.Code, Location: s.Location(),
			Tags: asset.DefaultMap[string](nil, at), Config: decodeService(p, s),
		})
	}
}

func decodeService(p *compose.Project, s *compose.Service) *Service {
	return &Service{
		Image: decodeImage(s.Get("image")), Build: decodeBuild(s.Get("build")), User: decodeUser(s.Get("user")),
		Privileged: s.Get("privileged").Bool(false), ReadOnlyRoot: s.Get("read_only").Bool(false),
		Namespaces: Namespaces{
			Network: s.Get("network_mode").String(""), PID: s.Get("pid").String(""), IPC: s.Get("ipc").String(""),
			User: s.Get("userns_mode").String(""), UTS: s.Get("uts").String(""), Cgroup: s.Get("cgroup").String(""),
		},
		Capabilities: Capabilities{Add: strs(s.Get("cap_add"), capability), Drop: strs(s.Get("cap_drop"), capability)},
		Security:     decodeSecurity(s.Get("security_opt")),
		APISocket:    s.Get("use_api_socket").Bool(false),
		Mounts:       decodeMounts(p, s), Ports: decodePorts(s.Get("ports")),
		Limits: decodeLimits(s), Restart: decodeRestart(s), Healthcheck: decodeHealth(s.Get("healthcheck")),
		Networks: keys(s.Get("networks")), CgroupParent: s.Get("cgroup_parent").String(""),
		Environment: keys(s.Get("environment")), Profiles: strs(s.Get("profiles"), same),
	}
}

// list is what a setting holds: open where it may be added to from a file that
// cannot be read.
func list[T any](v compose.Value, elems []T) asset.List[T] {
	switch {
	case v.Gap() != "":
		return asset.OpenList(elems, v.Gap(), v.Source())
	case !v.IsSet():
		return asset.DefaultList(elems, v.Source())
	}
	return asset.ListOf(elems, v.Source())
}

func strs(v compose.Value, convert func(string) string) asset.List[asset.Value[string]] {
	var elems []asset.Value[string]
	for _, item := range v.Items() {
		elems = append(elems, asset.Convert(item.String(""), convert))
	}
	return list(v, elems)
}

func same(s string) string { return s }

func capability(s string) string { return strings.TrimPrefix(strings.ToUpper(s), "CAP_") }

func keys(v compose.Value) asset.List[asset.Value[string]] {
	var elems []asset.Value[string]
	for _, key := range v.Keys() {
		elems = append(elems, asset.Known(key, v.Source()))
	}
	return list(v, elems)
}

func decodeImage(v compose.Value) Image {
	img := Image{Declared: v.Declared(), Reference: v.String("")}
	if !v.IsSet() {
		img.Repository, img.Tag, img.Digest = img.Reference, img.Reference, img.Reference
		img.Pinned = asset.Convert(img.Declared, func(bool) bool { return false })
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

// decodeBuild finds the stage that is built. Its id is that of the room of
// Dockerfiles: FILE//STAGE, and FILE// for the last one.
func decodeBuild(v compose.Value) Build {
	b := Build{Declared: v.Declared(), Stage: asset.NoRef(v.Source())}
	if !v.IsSet() {
		if v.Gap() != "" {
			b.Stage = asset.UnknownRef(v.Gap(), v.Source())
		}
		return b
	}
	context, file, target := v.Text(), asset.NewText("Dockerfile"), asset.Text{}
	if !v.IsScalar() {
		context = v.Get("context").Text()
		if named := v.Get("dockerfile"); named.IsSet() {
			file = named.Text()
		}
		target = v.Get("target").Text()
		if v.Get("dockerfile_inline").IsSet() {
			b.Stage = asset.UnknownRef("the Dockerfile is written within the Compose file", v.Source())
			return b
		}
	}
	for _, text := range []asset.Text{context, file, target} {
		if !text.IsKnown() {
			b.Stage = asset.UnknownRef(text.Reason(), v.Source())
			return b
		}
	}
	if strings.Contains(context.Marked(), "://") || strings.HasPrefix(context.Marked(), "git@") {
		b.Stage = asset.UnknownRef("the build context is not in the tree", v.Source())
		return b
	}
	b.Stage = asset.RefTo(path.Join(path.Dir(v.Source().Location.File), context.Marked(), file.Marked())+"//"+target.Marked(), v.Source())
	return b
}

func decodeUser(v compose.Value) User {
	if !v.IsSet() {
		missing := v.Source().Missing("the user of the image is not in the file")
		if v.Gap() != "" {
			missing = v.Source().Missing(v.Gap())
		}
		return User{v.Declared(), asset.Missing[string](missing), asset.Missing[bool](missing)}
	}
	text := v.Text()
	name, _, _ := strings.Cut(text.Marked(), ":")
	user := text.Cut(name).Value(v.Source())
	return User{v.Declared(), user, asset.Convert(user, func(name string) bool {
		id, err := strconv.ParseInt(name, 10, 64)
		return name == "" || name == "root" || err == nil && id == 0
	})}
}

// decodeSecurity reads NAME:VALUE and NAME=VALUE.
func decodeSecurity(v compose.Value) Security {
	s := Security{
		NoNewPrivileges: v.Bool(false), Seccomp: v.String(""), AppArmor: v.String(""),
	}
	if v.IsSet() {
		s = Security{asset.Default(false, v.Source()), asset.Default("", v.Source()), asset.Default("", v.Source())}
	}
	for _, item := range v.Items() {
		text := item.Text()
		name, value, has := strings.Cut(strings.Replace(text.Marked(), "=", ":", 1), ":")
		if asset.HasHole(name) {
			missing := item.Source().Missing(text.Reason())
			if !s.NoNewPrivileges.Or(false) {
				s.NoNewPrivileges = asset.Missing[bool](missing)
			}
			if s.Seccomp.Or("") == "" {
				s.Seccomp = asset.Missing[string](missing)
			}
			if s.AppArmor.Or("") == "" {
				s.AppArmor = asset.Missing[string](missing)
			}
			continue
		}
		part := text.Cut(value).Value(item.Source())
		switch name {
		case "no-new-privileges":
			s.NoNewPrivileges = asset.Convert(part, func(value string) bool { return !has || strings.EqualFold(value, "true") })
		case "seccomp":
			s.Seccomp = part
		case "apparmor":
			s.AppArmor = part
		}
	}
	return s
}

func decodeLimits(s *compose.Service) Limits {
	at := func(keys ...string) asset.Value[bool] { return isLimit(s.Get(keys...)) }
	return Limits{
		Memory: either(at("mem_limit"), at("deploy", "resources", "limits", "memory")),
		CPU:    either(either(at("cpus"), at("cpu_quota")), at("deploy", "resources", "limits", "cpus")),
		PIDs:   either(at("pids_limit"), at("deploy", "resources", "limits", "pids")),
	}
}

// isLimit reports whether a value bounds anything: 0 and -1 do not.
func isLimit(v compose.Value) asset.Value[bool] {
	if !v.IsSet() {
		return v.Declared()
	}
	return asset.Convert(v.String(""), func(text string) bool {
		number, err := strconv.ParseFloat(strings.TrimRight(strings.ToLower(text), "bkmgtip "), 64)
		return err != nil && text != "" || err == nil && number > 0
	})
}

// either is true where one of the two is, whatever the other.
func either(a, b asset.Value[bool]) asset.Value[bool] {
	switch {
	case a.Or(false) || !a.IsKnown() && !b.Or(false):
		return a
	case b.Or(false) || !b.IsKnown() || a.Source().State() == asset.Defaulted:
		return b
	}
	return a
}

// decodeRestart reads restart, and restart_policy of deploy, which beats it.
func decodeRestart(s *compose.Service) Restart {
	if deployed := s.Get("deploy", "restart_policy"); deployed.IsSet() {
		attempts := deployed.Get("max_attempts")
		return Restart{
			Policy: asset.Convert(deployed.Get("condition").String("any"), func(condition string) string {
				return map[string]string{"none": "no", "any": "always", "on-failure": "on-failure"}[condition]
			}),
			MaxAttempts: number(attempts.String("0")),
		}
	}
	v := s.Get("restart")
	if !v.IsSet() {
		return Restart{v.String("no"), asset.Convert(v.String("no"), func(string) int64 { return 0 })}
	}
	text := v.Text()
	policy, most, has := strings.Cut(text.Marked(), ":")
	r := Restart{Policy: text.Cut(policy).Value(v.Source()), MaxAttempts: asset.Default(int64(0), v.Source())}
	if has {
		r.MaxAttempts = number(text.Cut(most).Value(v.Source()))
	} else if !r.Policy.IsKnown() {
		r.MaxAttempts = asset.Unknown[int64](r.Policy.Reason(), v.Source())
	}
	return r
}

func number(v asset.Value[string]) asset.Value[int64] {
	return asset.Then(v, func(text string, at *asset.Source) asset.Value[int64] {
		n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
		switch {
		case err != nil:
			return asset.Unknown[int64](text+" is no number", at)
		case at.State() == asset.Defaulted:
			return asset.Default(n, at)
		}
		return asset.Known(n, at)
	})
}

func decodeHealth(v compose.Value) Healthcheck {
	if !v.IsSet() {
		return Healthcheck{v.Declared()}
	}
	test := v.Get("test")
	items := test.Items()
	off := v.Get("disable").Bool(false)
	switch {
	case off.Or(false) || len(items) > 0 && items[0].Text().Marked() == "NONE":
		return Healthcheck{asset.Known(false, v.Source())}
	case !off.IsKnown():
		return Healthcheck{asset.Unknown[bool](off.Reason(), off.Source())}
	}
	// Settings without a test of their own tune the check of the image.
	return Healthcheck{asset.Known(slices.ContainsFunc(items, compose.Value.IsSet), v.Source())}
}
