// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package code

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/plumb-cspm/plumb/internal/source"
	files "github.com/plumb-cspm/plumb/internal/source/code"
	"github.com/plumb-cspm/plumb/internal/source/code/cloudformation"
	"github.com/plumb-cspm/plumb/internal/source/code/compose"
	"github.com/plumb-cspm/plumb/internal/source/code/dockerfile"
	"github.com/plumb-cspm/plumb/internal/source/code/k8s"
	"github.com/plumb-cspm/plumb/internal/source/code/terraform"
)

// Options say how to read code. The account and the filter of the Terraform
// options hold for all languages.
type Options struct {
	terraform.Options
	// Parameters are files of values for the parameters of CloudFormation templates.
	Parameters []string
}

func (o Options) cloudFormation() cloudformation.Options {
	return cloudformation.Options{Parameters: o.Parameters, Account: o.Account, Include: o.Include, Exclude: o.Exclude}
}

// Validate checks the options without reading code.
func (o Options) Validate() error {
	if err := o.Options.Validate(); err != nil {
		return err
	}
	return o.cloudFormation().Validate()
}

// Source reads the code below the paths in every language that rooms know. The
// tree is that of the paths.
func Source(tree *files.Tree, paths []string, opts Options) source.Source {
	filter := files.Filter{Include: opts.Include, Exclude: opts.Exclude}
	return files.Join("code:"+strings.Join(paths, ","),
		terraform.New(paths, opts.Options, Terraform()),
		cloudformation.New(paths, opts.cloudFormation(), CloudFormation()),
		dockerfile.New(tree, filter, Dockerfile()),
		compose.New(tree, filter, Compose()),
		k8s.New(tree, filter, Kubernetes()),
	)
}

// Example is the source of a text in a language, as the examples of controls
// have it. The text is written to a new folder below dir.
func Example(dir, language, text string) (source.Source, error) {
	name, known := map[string]string{
		"terraform": "main.tf", "cloudformation": "template.yaml", "dockerfile": "Dockerfile", "compose": "compose.yaml",
		"kubernetes": "manifest.yaml",
	}[language]
	if !known {
		return nil, fmt.Errorf("make an example: unknown language %q", language)
	}
	own, err := os.MkdirTemp(dir, "")
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(own, name), []byte(text), 0o600); err != nil {
		return nil, err
	}
	tree, err := files.Open([]string{own})
	if err != nil {
		return nil, err
	}
	return Source(tree, []string{own}, Options{}), nil
}
