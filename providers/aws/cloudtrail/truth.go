// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import "github.com/plumb-cspm/plumb/internal/asset"

// or is true where one of the two is, whatever the other.
func or(a, b asset.Value[bool]) asset.Value[bool] {
	if a.Or(false) || !a.IsKnown() && !b.Or(false) {
		return a
	}
	return b
}

// and is false where one of the two is, whatever the other.
func and(a, b asset.Value[bool]) asset.Value[bool] { return not(or(not(a), not(b))) }

func not(a asset.Value[bool]) asset.Value[bool] {
	return asset.Convert(a, func(yes bool) bool { return !yes })
}

// exists is true where one element is such, and unknown where there may be
// another that is.
func exists[T any](list asset.List[T], such func(T) asset.Value[bool]) asset.Value[bool] {
	found := asset.Default(false, list.Source())
	for _, e := range list.Elems() {
		found = or(found, such(e))
	}
	if reason, open := list.More(); open {
		found = or(found, asset.Unknown[bool](reason, list.Source()))
	}
	return found
}

// hasAny is whether the list has elements.
func hasAny[T any](list asset.List[T]) asset.Value[bool] {
	return exists(list, func(T) asset.Value[bool] { return asset.Default(true, list.Source()) })
}
