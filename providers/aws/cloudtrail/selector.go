// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"slices"
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// BasicSelector is an event selector of the first kind.
type BasicSelector struct {
	// ReadWrite is All, ReadOnly or WriteOnly.
	ReadWrite  asset.Value[string]
	Management asset.Value[bool]
	Data       asset.List[DataResource]
}

// DataResource are things of which a basic selector records the data events.
type DataResource struct {
	Type   asset.Value[string] // AWS::S3::Object
	Values asset.List[asset.Value[asset.Text]]
}

// FieldSelector is one condition of an advanced event selector. Operators that
// exclude are not in it: they leave out what somebody decided to leave out.
type FieldSelector struct {
	Field                        asset.Value[string]
	Equals, StartsWith, EndsWith asset.List[asset.Value[asset.Text]]
}

const s3Object = "AWS::S3::Object"

// Recorded is what a trail with that selector records.
func (s BasicSelector) Recorded() Events {
	reads := asset.Convert(s.ReadWrite, func(kind string) bool { return kind != "WriteOnly" })
	writes := asset.Convert(s.ReadWrite, func(kind string) bool { return kind != "ReadOnly" })
	s3 := exists(s.Data, func(d DataResource) asset.Value[bool] {
		return and(is(d.Type, s3Object), exists(d.Values, coversAllBuckets))
	})
	return Events{and(s.Management, reads), and(s.Management, writes), and(s3, reads), and(s3, writes)}
}

// AdvancedSelector are conditions that an event must meet, all of them.
type AdvancedSelector asset.List[FieldSelector]

// Recorded is what a trail with that selector records.
func (s AdvancedSelector) Recorded() Events {
	fields := asset.List[FieldSelector](s)
	has := func(field, value string) asset.Value[bool] {
		return exists(fields, func(f FieldSelector) asset.Value[bool] {
			return and(is(f.Field, field), exists(f.Equals, equals(value)))
		})
	}
	// A selector that does not speak of readOnly is about both.
	admits := func(readOnly string) asset.Value[bool] {
		return not(exists(fields, func(f FieldSelector) asset.Value[bool] {
			return and(is(f.Field, "readOnly"), not(exists(f.Equals, equals(readOnly))))
		}))
	}
	whole := not(exists(fields, narrows))
	management := and(has("eventCategory", "Management"), whole)
	s3 := and(and(has("eventCategory", "Data"), has("resources.type", s3Object)), whole)
	reads, writes := admits("true"), admits("false")
	return Events{and(management, reads), and(management, writes), and(s3, reads), and(s3, writes)}
}

// narrows answers whether a condition picks a part of the events of a category
// and type: some buckets, some calls, some callers.
func narrows(f FieldSelector) asset.Value[bool] {
	picks := or(hasAny(f.Equals), or(hasAny(f.EndsWith), exists(f.StartsWith, func(v asset.Value[asset.Text]) asset.Value[bool] {
		return not(coversAllBuckets(v))
	})))
	kinds := []string{"eventCategory", "readOnly", "resources.type"}
	return and(not(asset.Convert(f.Field, func(name string) bool { return slices.Contains(kinds, name) })), picks)
}

// Together is what a trail with several selectors records. One without any
// records the management events and nothing else.
func Together(selectors asset.List[Events]) Events {
	if len(selectors.Elems()) == 0 && selectors.IsComplete() {
		at := selectors.Source()
		on, off := asset.Default(true, at), asset.Default(false, at)
		return Events{on, on, off, off}
	}
	one := func(of func(Events) asset.Value[bool]) asset.Value[bool] { return exists(selectors, of) }
	return Events{
		ManagementRead:  one(func(e Events) asset.Value[bool] { return e.ManagementRead }),
		ManagementWrite: one(func(e Events) asset.Value[bool] { return e.ManagementWrite }),
		S3Read:          one(func(e Events) asset.Value[bool] { return e.S3Read }),
		S3Write:         one(func(e Events) asset.Value[bool] { return e.S3Write }),
	}
}

// coversAllBuckets answers whether the beginning of an ARN is that of all
// buckets: arn:aws:s3 or arn:aws:s3:::. What names a bucket, known or not, is
// that bucket only.
func coversAllBuckets(v asset.Value[asset.Text]) asset.Value[bool] {
	return asset.Then(v, func(text asset.Text, at *asset.Source) asset.Value[bool] {
		var shape strings.Builder // with a letter in the place of each hole
		specific := false
		for _, part := range text.Parts() {
			if part.Hole == nil {
				shape.WriteString(part.Literal)
				specific = specific || strings.Contains(part.Literal, "/")
				continue
			}
			specific = specific || part.Hole.Computed != "" || strings.Contains(shape.String(), ":::")
			shape.WriteString("x")
		}
		switch {
		case isAllBuckets(shape.String()):
			return asset.Convert(v, func(asset.Text) bool { return true })
		case text.IsKnown() || specific:
			return asset.Convert(v, func(asset.Text) bool { return false })
		}
		return asset.Unknown[bool](text.Reason(), at)
	})
}

func isAllBuckets(arn string) bool {
	parts := strings.Split(strings.TrimSuffix(arn, ":::"), ":")
	return len(parts) == 3 && parts[0] == "arn" && parts[2] == "s3"
}

func is(v asset.Value[string], want string) asset.Value[bool] {
	return asset.Convert(v, func(s string) bool { return s == want })
}

func equals(want string) func(asset.Value[asset.Text]) asset.Value[bool] {
	return func(v asset.Value[asset.Text]) asset.Value[bool] {
		return asset.Then(v, func(text asset.Text, at *asset.Source) asset.Value[bool] { return is(text.Value(at), want) })
	}
}
