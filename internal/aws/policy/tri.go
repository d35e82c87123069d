// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"slices"
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// tri is yes, no, or unknown with the reasons. The zero tri is unknown without
// a reason; nothing returns it.
type tri struct {
	truth truth
	why   []string
}

type truth uint8

const (
	isUnknown truth = iota
	isNo
	isYes
)

var (
	yes = tri{truth: isYes}
	no  = tri{truth: isNo}
)

func unknown(reasons ...string) tri { return tri{why: reasons} }

func known(answer bool) tri {
	if answer {
		return yes
	}
	return no
}

func (t tri) isYes() bool { return t.truth == isYes }
func (t tri) isNo() bool  { return t.truth == isNo }

// and is no where one is no, whatever the other.
func and(a, b tri) tri {
	switch {
	case a.isNo() || b.isNo():
		return no
	case a.isYes():
		return b
	case b.isYes():
		return a
	}
	return join(a, b)
}

// or is yes where one is yes, whatever the other.
func or(a, b tri) tri {
	switch {
	case a.isYes() || b.isYes():
		return yes
	case a.isNo():
		return b
	case b.isNo():
		return a
	}
	return join(a, b)
}

func not(a tri) tri {
	switch a.truth {
	case isYes:
		return no
	case isNo:
		return yes
	case isUnknown:
	}
	return a
}

// all is and over several.
func all(ts ...tri) tri {
	answer := yes
	for _, t := range ts {
		answer = and(answer, t)
	}
	return answer
}

// join is unknown for both reasons, each once and in order.
func join(a, b tri) tri {
	why := slices.Clip(a.why)
	for _, reason := range b.why {
		if !slices.Contains(why, reason) {
			why = append(why, reason)
		}
	}
	return tri{why: why}
}

// value is the answer as a value that was read at the source.
func (t tri) value(at *asset.Source) asset.Value[bool] {
	switch {
	case t.truth == isUnknown:
		return asset.Unknown[bool](strings.Join(t.why, "; "), at)
	case at.State() == asset.Read:
		return asset.Known(t.isYes(), at)
	}
	return asset.Default(t.isYes(), at)
}
