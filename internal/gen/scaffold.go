// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"text/template"
)

//go:embed template
var templates embed.FS

// newService begins the room of a service: an asset type with one setting, and
// how Terraform fills it. kind is the type's name; the service's own where it is
// "". What reads the API is begun by hand, in live: only a person knows the SDK
// package and the calls.
func newService(root, name, kind string, out io.Writer) error {
	provider, service, ok := strings.Cut(name, "/")
	if kind == "" {
		kind = service
	}
	if !ok || !isWord(provider) || !isWord(service) || !isWord(kind) {
		return fmt.Errorf("new service %q with kind %q: want NAME=aws/sqs KIND=queue", name, kind)
	}
	dir := path.Join("providers", provider, service)
	if _, err := os.Stat(filepath.Join(root, dir)); err == nil {
		return fmt.Errorf("%s exists", dir)
	}
	facts := map[string]string{
		"Module":   module,
		"Provider": provider,
		"Service":  service,
		"Kind":     kind,
		"Struct":   camel(kind),
		"Decode":   strings.ToLower(camel(kind)[:1]) + camel(kind)[1:],
		"Title":    strings.ReplaceAll(kind, "_", " "),
	}
	for file, from := range map[string]string{
		"doc.go":       "doc.go.tmpl",
		kind + ".go":   "kind.go.tmpl",
		"terraform.go": "terraform.go.tmpl",
	} {
		if err := instantiate(filepath.Join(root, dir, file), from, facts); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "began %s. Next: its settings, make gen, make new-control ID=%s-%s-%s-...\n",
		dir, provider, service, strings.ReplaceAll(kind, "_", "-"))
	return nil
}

// newControl begins a control in the room that its id names. It is not valid
// until its rule, texts and examples are written: the tests say what is missing.
func newControl(root, id string, out io.Writer) error {
	if !regexp.MustCompile("^[a-z0-9]+(-[a-z0-9]+){2,}$").MatchString(id) {
		return fmt.Errorf("new control %q: want ID=aws-s3-bucket-versioning", id)
	}
	provider, rest, _ := strings.Cut(id, "-")
	service, rest, _ := strings.Cut(rest, "-")
	dir := path.Join("providers", provider, service)
	assetType, err := typeFor(filepath.Join(root, dir), provider+"."+service+".", rest)
	if err != nil {
		return fmt.Errorf("find the asset type of %s: %w", id, err)
	}
	file := path.Join(dir, "controls", id+".yaml")
	facts := map[string]string{"File": file, "Asset": assetType}
	if err := instantiate(filepath.Join(root, file), "control.yaml.tmpl", facts); err != nil {
		return err
	}
	fmt.Fprintln(out, "began", file)
	return nil
}

// typeFor finds among the asset types that the room's source names the one whose
// kind begins the rest of a control's id; the first one where none does.
func typeFor(dir, prefix, rest string) (string, error) {
	names := regexp.MustCompile("\"(" + regexp.QuoteMeta(prefix) + "[a-z0-9_]+)\"")
	sources, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(sources) == 0 {
		return "", errors.Join(fmt.Errorf("no room at %s", dir), err)
	}
	first, best := "", ""
	for _, source := range sources {
		text, err := os.ReadFile(source)
		if err != nil {
			return "", fmt.Errorf("read room: %w", err)
		}
		for _, m := range names.FindAllStringSubmatch(string(text), -1) {
			name := m[1]
			kind := strings.ReplaceAll(strings.TrimPrefix(name, prefix), "_", "-")
			if first == "" {
				first = name
			}
			if strings.HasPrefix(rest+"-", kind+"-") && len(name) > len(best) {
				best = name
			}
		}
	}
	switch {
	case best != "":
		return best, nil
	case first != "":
		return first, nil
	}
	return "", fmt.Errorf("no type of the room begins with %q", prefix)
}

// instantiate writes a file from a template; a file that exists is an error.
func instantiate(file, from string, facts map[string]string) error {
	if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s exists", file)
	}
	tmpl, err := template.New(from).Delims("[[", "]]").Option("missingkey=error").ParseFS(templates, "template/"+from)
	if err != nil {
		return fmt.Errorf("parse template: %w", err)
	}
	var content bytes.Buffer
	if err := tmpl.Execute(&content, facts); err != nil {
		return fmt.Errorf("fill template: %w", err)
	}
	_, err = writeIfChanged(file, content.Bytes())
	return err
}

func isWord(s string) bool { return regexp.MustCompile("^[a-z][a-z0-9_]*$").MatchString(s) }

// camel turns security_group into SecurityGroup.
func camel(s string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(s, "_") {
		if word != "" {
			b.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return b.String()
}
