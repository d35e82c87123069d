// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package k8s

import (
	"slices"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// Selects reports whether a label selector (matchLabels and matchExpressions)
// selects what has the labels. One that says nothing selects everything.
func (v Value) Selects(labels Value) asset.Value[bool] {
	result := asset.Default(true, v.at)
	if v.IsSet() {
		result = asset.Known(true, v.at)
	}
	want := v.Get("matchLabels")
	for _, key := range want.Keys() {
		result = both(result, equal(want.Get(key), labels.Get(key)))
	}
	for _, rule := range v.Get("matchExpressions").Items() {
		result = both(result, rule.matches(labels))
	}
	return result
}

// both is whether both hold; false where one is false, whatever the other.
func both(a, b asset.Value[bool]) asset.Value[bool] {
	if !a.Or(true) || !a.IsKnown() && b.Or(true) {
		return a
	}
	return b
}

func equal(want, have Value) asset.Value[bool] {
	if !have.IsSet() && have.gap == "" {
		return asset.Known(false, want.at)
	}
	return asset.Then(want.String(""), func(w string, at *asset.Source) asset.Value[bool] {
		h, known := have.String("").Get()
		if !known {
			return asset.Unknown[bool](have.String("").Reason(), at)
		}
		return asset.Known(w == h, at)
	})
}

// matches reads one rule of matchExpressions.
func (v Value) matches(labels Value) asset.Value[bool] {
	have := labels.Get(v.Get("key").literal(""))
	present := have.Declared()
	oneOf := asset.Then(have.String(""), func(label string, _ *asset.Source) asset.Value[bool] {
		return asset.Known(slices.ContainsFunc(v.Get("values").Items(), func(item Value) bool {
			return item.literal("") == label
		}), v.at)
	})
	not := func(b bool) bool { return !b }
	switch operator := v.Get("operator").literal(""); operator {
	case "Exists":
		return present
	case "DoesNotExist":
		return asset.Convert(present, not)
	case "In":
		return both(present, oneOf)
	case "NotIn":
		return asset.Convert(both(present, oneOf), not)
	default:
		return asset.Unknown[bool]("operator "+operator+" is not one of selectors", v.at)
	}
}
