// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cloud

import "strings"

// Operation is one API operation that a collector may call. The table of a
// provider's operations says which permissions a scan needs and which calls a
// selection of controls costs.
type Operation struct {
	// Name is the service and the API operation's own name, as coverage shows
	// it: "s3:GetBucketPolicy".
	Name string
	// Actions are the permissions that the call needs; empty means Name itself.
	// ListBuckets needs "s3:ListAllMyBuckets".
	Actions []string
	// Fills are the field paths that the answer fills: "aws.s3.bucket" for the
	// existence of the assets and all that the listing says of them, or
	// "aws.s3.bucket.policy" for a field.
	Fills []string
}

// Permissions returns the permissions that the call needs.
func (o Operation) Permissions() []string {
	if len(o.Actions) == 0 {
		return []string{o.Name}
	}
	return o.Actions
}

// Need decides whether a scan makes an operation. A nil Need makes all of them.
type Need func(Operation) bool

// Of reports whether the operation is needed.
func (n Need) Of(o Operation) bool { return n == nil || n(o) }

// NeedFor returns the Need of controls that read the given field paths, such as
// "aws.s3.bucket.policy.statements". An operation is needed when it fills a
// path, a part of it, or what it belongs to. A path of three words is an asset
// type as such: it needs the assets to be listed, not all their fields.
func NeedFor(paths ...string) Need {
	return func(o Operation) bool {
		for _, fill := range o.Fills {
			for _, path := range paths {
				if leadsTo(fill, path) || isField(path) && leadsTo(path, fill) {
					return true
				}
			}
		}
		return false
	}
}

// leadsTo reports whether path is at or below the prefix.
func leadsTo(prefix, path string) bool {
	rest, found := strings.CutPrefix(path, prefix)
	return found && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// isField reports whether the path goes below an asset type, whose name has
// three words.
func isField(path string) bool { return strings.Count(path, ".") > 2 }
