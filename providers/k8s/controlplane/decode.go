// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package controlplane

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/k8s"
)

// programs are those that the room knows by name.
var programs = []string{"kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd", "kubelet"}

func decode(m *k8s.Manifests, emit func(*asset.Asset)) {
	for _, o := range m.Objects {
		if o.Is("KubeletConfiguration", "kubelet.config.k8s.io") {
			a := o.Asset(KubeletType, fromFile(o.Value))
			a.Name = o.Kind
			emit(a)
			continue
		}
		spec := o.Get("spec")
		if !o.Is("Pod", "") {
			spec = o.Get("spec", "template", "spec")
		}
		for _, c := range spec.Get("containers").Items() {
			if program, flags, ok := started(c); ok {
				emit(component(o, c, program, flags))
			}
		}
	}
}

func component(o *k8s.Object, container k8s.Value, program string, flags asset.Map[string]) *asset.Asset {
	var a *asset.Asset
	if program == "kubelet" {
		a = o.Asset(KubeletType, fromFlags(flags))
	} else {
		a = o.Asset(ComponentType, &Component{Program: asset.Known(program, container.Source()), Flags: flags})
	}
	name := container.Get("name").Literal()
	a.Address += "/" + name
	a.ID += "/" + name
	return a
}

// started finds which of the programs a container starts, and its flags.
func started(c k8s.Value) (program string, flags asset.Map[string], ok bool) {
	var words []word
	for _, list := range []string{"command", "args"} {
		for _, item := range c.Get(list).Items() {
			words = append(words, split(item)...)
		}
	}
	for i, w := range words {
		if name := path.Base(w.text.Marked()); slices.Contains(programs, name) && begins(words, i) {
			return name, read(c, name, words[i+1:]), true
		}
	}
	return "", asset.Map[string]{}, false
}

// begins reports whether a word is a program that is started, not an argument of
// another.
func begins(words []word, i int) bool {
	if i == 0 {
		return true
	}
	before := words[i-1].text.Marked()
	return script.MatchString(before) || strings.HasSuffix(before, ";") ||
		slices.Contains([]string{"exec", "&&", "then", "hyperkube"}, path.Base(before))
}

// script is the option of a shell before the script that it is to run: -c or -ec.
var script = regexp.MustCompile(`^-[a-z]*c$`)

// word is one argument.
type word struct {
	text asset.Text
	at   *asset.Source
}

// split makes words of an argument: several where it is the script of a shell.
func split(item k8s.Value) []word {
	text := item.Text()
	fields := []string{text.Marked()}
	if strings.ContainsAny(text.Marked(), " \n") && !strings.HasPrefix(text.Marked(), "-") {
		fields = strings.Fields(lines.Replace(text.Marked()))
	}
	words := make([]word, len(fields))
	for i, f := range fields {
		words[i] = word{text.Cut(f), item.Source()}
	}
	return words
}

// lines joins the lines of a script, at the end of which a command ends too.
var lines = strings.NewReplacer("\\\n", " ", "\n", " ; ")

// configFiles are the flags that name a file with further settings.
var configFiles = []string{"config", "config-file"}

// read makes flags of --NAME=VALUE, --NAME VALUE and --NAME.
func read(c k8s.Value, program string, words []word) asset.Map[string] {
	flags := map[string]asset.Value[string]{}
	more := ""
	for i, w := range words {
		marked := w.text.Marked()
		if asset.HasHole(marked) && !strings.Contains(marked, "=") && (i == 0 || !isBare(words[i-1])) {
			more = w.text.Reason()
			continue
		}
		if !strings.HasPrefix(marked, "-") {
			continue
		}
		name, value, has := strings.Cut(strings.TrimLeft(marked, "-"), "=")
		switch {
		case has:
			flags[name] = w.text.Cut(value).Value(w.at)
		case i+1 < len(words) && !strings.HasPrefix(words[i+1].text.Marked(), "-"):
			flags[name] = words[i+1].text.Value(words[i+1].at)
		default:
			flags[name] = asset.Known("true", w.at)
		}
		if slices.Contains(configFiles, name) {
			more = "further settings are in the file of --" + name
		}
	}
	if program == "etcd" {
		fromEnvironment(c, flags)
	}
	if more != "" {
		return asset.OpenMap(flags, more, c.Source())
	}
	return asset.MapOf(flags, c.Source())
}

func isBare(w word) bool {
	return strings.HasPrefix(w.text.Marked(), "-") && !strings.Contains(w.text.Marked(), "=")
}

// fromEnvironment adds what etcd takes from variables: ETCD_NAME for --name. A flag
// beats its variable.
func fromEnvironment(c k8s.Value, flags map[string]asset.Value[string]) {
	for _, item := range c.Get("env").Items() {
		variable, isOne := strings.CutPrefix(item.Get("name").Literal(), "ETCD_")
		name := strings.ToLower(strings.ReplaceAll(variable, "_", "-"))
		if _, set := flags[name]; !isOne || set {
			continue
		}
		flags[name] = item.Get("value").String("")
		if item.Get("valueFrom").IsSet() {
			flags[name] = asset.Unknown[string]("the variable comes from elsewhere", item.Source())
		}
	}
}
