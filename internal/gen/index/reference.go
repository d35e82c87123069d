// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/control"
	"github.com/plumb-cspm/plumb/internal/expr"
)

// reference writes docs/reference: what expressions may ask, and the controls
// that ask it, from the code and the controls themselves.
func reference(catalog *asset.Catalog, env *expr.Env, controls []*control.Control) error {
	comments, err := fieldComments("providers/*/*/*.go", "internal/aws/policy/*.go")
	if err != nil {
		return err
	}
	pages := map[string][]byte{
		"assets.md":      assetsPage(catalog, env, comments),
		"expressions.md": expressionsPage(env),
		"controls.md":    controlsPage(controls),
	}
	for name, page := range pages {
		if err := os.WriteFile(filepath.Join("docs", "reference", name), page, 0o644); err != nil {
			return err
		}
	}
	return nil
}

const generated = "<!-- Written by internal/gen/index. Do not edit. -->\n\n"

func assetsPage(catalog *asset.Catalog, env *expr.Env, comments map[string]string) []byte {
	var b bytes.Buffer
	b.WriteString(generated + "# Asset types\n\nWhat expressions may ask of each type, as `asset.FIELD`. Every asset also has `id`,\n" +
		"`name`, `address`, `account`, `region` and `tags`. A type that a field names is a relation: `asset.FIELD`\n" +
		"is then that asset, and its fields can be asked in turn.\n")
	for _, t := range catalog.Types() {
		fmt.Fprintf(&b, "\n## %s\n\n%s.", t.Name, t.Title)
		if t.Singleton != asset.Many {
			fmt.Fprintf(&b, " Reached from other assets as `account.%s`.", t.Service())
		}
		b.WriteString("\n\n")
		fields(&b, env, t.Name, reflect.TypeOf(t.New()).Elem().String(), comments)
	}
	b.WriteString("\n# Structs\n\nWhat the fields above are made of.\n")
	for _, name := range env.Structs() {
		fmt.Fprintf(&b, "\n## %s\n\n", name)
		fields(&b, env, name, name, comments)
	}
	return b.Bytes()
}

// fields writes the table of one type's fields. goType is package.Struct.
func fields(b *bytes.Buffer, env *expr.Env, typ, goType string, comments map[string]string) {
	docs, _ := env.Fields(typ)
	b.WriteString("| field | type | |\n|---|---|---|\n")
	for _, f := range docs {
		comment, own := comments[goType+"."+f.Name]
		if !own {
			continue // every asset has it
		}
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", f.Name, f.Type, comment)
	}
}

func expressionsPage(env *expr.Env) []byte {
	var b bytes.Buffer
	b.WriteString(generated + `# Expressions

Controls are written in [CEL](https://cel.dev), checked against the [asset types](assets.md). An expression sees
` + "`asset`" + `, the asset that is judged; ` + "`account`" + `, the settings of its account and region; and ` + "`now`" + `, the moment of the scan.

Of CEL's macros there are ` + "`exists` and `all`" + `, on lists. ` + "`has`, `filter`, `map`, `exists_one`, `dyn` and `type`" + ` are not in the
language, and lists, maps and objects are not compared: what is known in part could not
answer. Nothing asks whether a value is unknown. An expression whose answer hangs on an
unknown value is unknown by itself.

## Functions beyond CEL's

| function | on | |
|---|---|---|
`)
	for _, f := range expr.Functions() {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", f.Name, f.On, f.Doc)
	}
	b.WriteString("\n## Account settings\n\n| name | type |\n|---|---|\n")
	settings, _ := env.Fields("account")
	for _, f := range settings {
		fmt.Fprintf(&b, "| `account.%s` | %s |\n", f.Name, f.Type)
	}
	return b.Bytes()
}

func controlsPage(controls []*control.Control) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s# Controls\n\n%d controls. `plumb controls show ID` explains one.\n", generated, len(controls))
	room := func(c *control.Control) string { return strings.Join(strings.Split(c.Asset, ".")[:2], ".") }
	byRoom := slices.Clone(controls)
	slices.SortStableFunc(byRoom, func(a, b *control.Control) int { return strings.Compare(room(a), room(b)) })
	service := ""
	for _, c := range byRoom {
		if s := room(c); s != service {
			service = s
			fmt.Fprintf(&b, "\n## %s\n\n| id | severity | |\n|---|---|---|\n", service)
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", c.ID, c.Severity, c.Title)
	}
	return b.Bytes()
}

// fieldComments finds the comments of struct fields that expressions can ask:
// package.Struct.field to the comment on one line.
func fieldComments(globs ...string) (map[string]string, error) {
	comments := map[string]string{}
	for _, glob := range globs {
		files, err := filepath.Glob(glob)
		if err != nil {
			return nil, err
		}
		for _, name := range slices.Sorted(slices.Values(files)) {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
			if err != nil {
				return nil, err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				spec, ok := n.(*ast.TypeSpec)
				if !ok {
					return true
				}
				if s, ok := spec.Type.(*ast.StructType); ok {
					noteFields(comments, file.Name.Name+"."+spec.Name.Name, s)
				}
				return true
			})
		}
	}
	return comments, nil
}

func noteFields(comments map[string]string, name string, s *ast.StructType) {
	for _, f := range s.Fields.List {
		if f.Tag == nil {
			continue
		}
		tag := reflect.StructTag(strings.Trim(f.Tag.Value, "`"))
		field, ok := tag.Lookup("plumb")
		if !ok {
			continue
		}
		text := strings.Join(strings.Fields(f.Doc.Text()), " ")
		// A comment in Go begins with the field's name there.
		if rest, found := strings.CutPrefix(text, f.Names[0].Name+" "); found {
			text = "`" + field + "` " + rest
		}
		for _, reason := range []string{tag.Get("code"), tag.Get("live")} {
			if reason != "" {
				text = strings.TrimSpace(text + " (" + reason + ")")
			}
		}
		comments[name+"."+field] = strings.ReplaceAll(text, "|", "\\|")
	}
}
