// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package rds

import (
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/terraform"
)

// requiresTLS is what the parameter group of an instance says of TLS, else what
// its engine does by default.
func (r *root) requiresTLS(b *terraform.Block, engine, version asset.Value[string]) asset.Value[bool] {
	return asset.Then(engine, func(engine string, _ *asset.Source) asset.Value[bool] {
		parameter := TLSParameter(engine)
		if parameter == "" {
			return asset.Default(false, b.Source())
		}
		byVersion := func() asset.Value[bool] {
			return asset.Then(version, func(v string, _ *asset.Source) asset.Value[bool] { return TLSByDefault(engine, v, b.Source()) })
		}
		if group := r.groups[b]; group != nil {
			return parameterOf(group, parameter, func() asset.Value[bool] { return byFamily(group, engine, byVersion) })
		}
		return asset.Then(b.String("parameter_group_name"), func(name string, at *asset.Source) asset.Value[bool] {
			family, isDefault := strings.CutPrefix(name, "default.")
			switch {
			case name == "":
				return byVersion()
			case isDefault:
				return TLSByDefault(engine, familyVersion(engine, family), at)
			}
			return asset.Unknown[bool]("the parameter group "+name+" is not in this code", at)
		})
	})
}

// byFamily is the default of the engine's version that a group is for.
func byFamily(group *terraform.Block, engine string, otherwise func() asset.Value[bool]) asset.Value[bool] {
	return asset.Then(group.String("family"), func(family string, _ *asset.Source) asset.Value[bool] {
		if v := familyVersion(engine, family); v != "" {
			return TLSByDefault(engine, v, group.Source())
		}
		return otherwise()
	})
}

// parameterOf is the switch of that name in a parameter group.
func parameterOf(group *terraform.Block, name string, otherwise func() asset.Value[bool]) asset.Value[bool] {
	parameters := group.Blocks("parameter")
	unsure := ""
	for _, p := range parameters.Elems() {
		switch n := p.String("name"); {
		case !n.IsKnown():
			unsure = n.Reason()
		case n.Or("") == name:
			return asset.Convert(p.String("value"), IsOn)
		}
	}
	if reason, open := parameters.More(); open {
		unsure = reason
	}
	if unsure != "" {
		return asset.Unknown[bool](unsure, group.Source())
	}
	return otherwise()
}
