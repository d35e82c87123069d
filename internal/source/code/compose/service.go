// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package compose

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/compose-spec/compose-go/v2/override"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// Service is one service with everything that applies to it.
type Service struct {
	Name string

	project  *Project
	value    map[string]any
	layers   []layer // what it was merged from, weakest first
	file     string  // the file that declares it, as a path
	included bool
	gap      string // why it may have settings that are not here
}

// layer is one document's part of a service.
type layer struct {
	*document
	name string // what the service is called there
}

// overriddenBy merges another part of the service over this one.
func (s *Service) overriddenBy(over *Service) (*Service, error) {
	out := *over
	out.layers = slices.Concat(s.layers, over.layers)
	if out.gap == "" {
		out.gap = s.gap
	}
	if out.file = s.file; s.included && !over.included {
		out.file, out.included = over.file, false
	}
	below := clone(s.value)
	for _, layer := range over.layers {
		for _, path := range layer.resets {
			if keys, ok := strings.CutPrefix(path, "services."+layer.name+"."); ok {
				drop(below, strings.Split(keys, "."))
			}
		}
	}
	merged, err := override.ExtendService(below, clone(over.value))
	if err != nil {
		return &out, fmt.Errorf("cannot be merged: %w", err)
	}
	if unique, err := override.EnforceUnicity(map[string]any{"services": map[string]any{"x": merged}}); err == nil {
		merged, _ = unique["services"].(map[string]any)["x"].(map[string]any)
	}
	out.value = merged
	return &out, nil
}

// clone copies what merging may change.
func clone(v map[string]any) map[string]any {
	out := maps.Clone(v)
	for k, item := range out {
		switch item := item.(type) {
		case map[string]any:
			out[k] = clone(item)
		case []any:
			out[k] = slices.Clone(item)
		}
	}
	return out
}

func drop(v map[string]any, keys []string) {
	if len(keys) == 1 {
		delete(v, keys[0])
	} else if below, ok := v[keys[0]].(map[string]any); ok {
		drop(below, keys[1:])
	}
}

// Location is where the service is declared: its strongest part.
func (s *Service) location() asset.Location {
	top := s.layers[len(s.layers)-1]
	return asset.Location{File: top.file, StartLine: top.lines["services."+top.name]}
}

func (s *Service) source() *asset.Source { return asset.InCode(s.location()) }

// Location is where the service is declared.
func (s *Service) Location() asset.Location { return s.location() }

// Dir is the folder that the service's paths are relative to, as reports name it.
func (s *Service) Dir() string { return s.project.tree.Name(filepath.Dir(s.file)) }

// Value is a part of a service, or its absence.
type Value struct {
	of   *Service
	raw  any
	path string // below the service
	at   *asset.Source
}

// Get is the setting of the service that the keys lead to.
func (s *Service) Get(keys ...string) Value {
	v := Value{of: s, raw: s.value, at: s.source()}
	for _, key := range keys {
		v = v.Get(key)
	}
	return v
}

// Get is a key of a mapping.
func (v Value) Get(key string) Value {
	inner := Value{of: v.of, path: join(v.path, key), at: v.at}
	if m, ok := v.raw.(map[string]any); ok {
		inner.raw = m[key]
	}
	if inner.raw != nil {
		for _, layer := range slices.Backward(v.of.layers) {
			if line := layer.lines["services."+layer.name+"."+inner.path]; line > 0 {
				inner.at = asset.InCode(asset.Location{File: layer.file, StartLine: line})
				break
			}
		}
	}
	return inner
}

// Source is where the value is written; where it is missing, what it is missing
// in.
func (v Value) Source() *asset.Source { return v.at }

// IsSet reports whether the value is written.
func (v Value) IsSet() bool { return v.raw != nil }

// Gap says why the value may be there though it is not written here; "" where it
// is written, or nothing is missing.
func (v Value) Gap() string {
	if v.IsSet() {
		return ""
	}
	return v.of.gap
}

// Declared is whether the value is written.
func (v Value) Declared() asset.Value[bool] {
	switch {
	case v.Gap() != "":
		return asset.Unknown[bool](v.Gap(), v.at)
	case v.IsSet():
		return asset.Known(true, v.at)
	}
	return asset.Default(false, v.at)
}

// Text is a scalar as text; "" for anything else.
func (v Value) Text() asset.Text {
	switch raw := v.raw.(type) {
	case string:
		return v.of.project.holes.text(raw)
	case bool, int, int64, uint64:
		return asset.NewText(fmt.Sprint(raw))
	case float64:
		return asset.NewText(strconv.FormatFloat(raw, 'f', -1, 64))
	}
	return asset.Text{}
}

// String is a scalar; the default where it is missing.
func (v Value) String(missing string) asset.Value[string] {
	switch {
	case v.Gap() != "":
		return asset.Unknown[string](v.Gap(), v.at)
	case !v.IsSet():
		return asset.Default(missing, v.at)
	}
	return v.Text().Value(v.at)
}

// Bool is a truth value in one of the spellings that Compose takes.
func (v Value) Bool(missing bool) asset.Value[bool] {
	return asset.Then(v.String(strconv.FormatBool(missing)), func(text string, at *asset.Source) asset.Value[bool] {
		var b bool
		switch strings.ToLower(text) {
		case "true", "yes", "y", "on":
			b = true
		case "false", "no", "n", "off", "":
		default:
			return asset.Unknown[bool](text+" is neither true nor false", at)
		}
		if !v.IsSet() {
			return asset.Default(b, at)
		}
		return asset.Known(b, at)
	})
}

// Items are the elements of a list, or the one that is written without a list.
func (v Value) Items() []Value {
	list, ok := v.raw.([]any)
	if !ok {
		if _, isMap := v.raw.(map[string]any); v.raw == nil || isMap {
			return nil
		}
		return []Value{v}
	}
	items := make([]Value, len(list))
	for i, raw := range list {
		items[i] = Value{of: v.of, raw: raw, path: v.path + "[]", at: v.itemSource(raw)}
	}
	return items
}

func (v Value) itemSource(raw any) *asset.Source {
	if m, ok := raw.(map[string]any); ok {
		place, _ := m[marker].(string)
		line, file, _ := strings.Cut(place, ":")
		if at, err := strconv.Atoi(line); err == nil {
			return asset.InCode(asset.Location{File: file, StartLine: at})
		}
	}
	for _, layer := range slices.Backward(v.of.layers) {
		path := "services." + layer.name + "." + v.path
		if at := layer.items[path+"\x00"+fmt.Sprint(raw)]; at > 0 {
			return asset.InCode(asset.Location{File: layer.file, StartLine: at})
		}
	}
	return v.at
}

// Keys are the keys of a mapping, or the names in a list of NAME=VALUE, sorted.
func (v Value) Keys() []string {
	var keys []string
	switch raw := v.raw.(type) {
	case map[string]any:
		for key := range raw {
			if key != marker {
				keys = append(keys, key)
			}
		}
	case []any:
		for _, item := range raw {
			name, _, _ := strings.Cut(fmt.Sprint(item), "=")
			keys = append(keys, name)
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// IsScalar reports whether the value is a text, number or truth value.
func (v Value) IsScalar() bool {
	switch v.raw.(type) {
	case nil, map[string]any, []any:
		return false
	}
	return true
}

// Volume is an option of a named volume of the project: volumes.NAME.KEYS.
func (p *Project) Volume(name string, keys ...string) (asset.Text, bool) {
	var v any = p.model
	for _, key := range append([]string{"volumes", name}, keys...) {
		m, ok := v.(map[string]any)
		if !ok {
			return asset.Text{}, false
		}
		v = m[key]
	}
	text, ok := v.(string)
	return p.holes.text(text), ok
}
