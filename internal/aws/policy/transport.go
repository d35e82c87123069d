// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"slices"
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// DeniesInsecureTransport answers, for the policy of a bucket, whether everyone
// is denied every S3 action on the bucket and on all its objects when the
// request does not use TLS (aws:SecureTransport is false). Several statements
// may do it together.
//
// It needs no bucket: S3 takes only policies whose resources are the bucket or
// in it.
func (d Document) DeniesInsecureTransport() asset.Value[bool] {
	on := func(whole func(asset.Text) tri) tri {
		return anyOf(d.Statements, func(s Statement) tri {
			if s.notResources().present().isYes() {
				return and(s.deniesPlainHTTP(), unknown("whether NotResource leaves out a part of the bucket"))
			}
			return and(s.deniesPlainHTTP(), s.resources().any(whole))
		})
	}
	return and(on(isWholeBucket), on(isAllObjects)).value(d.source())
}

// deniesPlainHTTP answers whether the statement denies everyone every S3 action
// without TLS, on whatever resources it has.
func (s Statement) deniesPlainHTTP() tri {
	actions := or(
		s.actions().any(func(t asset.Text) tri { return covers(fold(t), everyS3Action) }),
		and(s.notActions().present(), not(s.notActions().any(func(t asset.Text) tri { return overlaps(fold(t), everyS3Action) }))))
	insecure := not(anyOf(s.Conditions, func(c Condition) tri { return not(c.holdsWithoutTLS()) }))
	return all(s.denies(), s.names(Principal.isEveryone), actions, insecure)
}

// holdsWithoutTLS answers whether the condition holds for every request
// without TLS. Every request has the key, with one value, so neither set
// qualifiers nor IfExists make a difference.
func (c Condition) holdsWithoutTLS() tri {
	return all(c.on("aws:SecureTransport"), c.comparesBool(), c.values().any(isFalse))
}

func (c Condition) comparesBool() tri {
	t := c.operator()
	if !t.IsKnown() {
		return unknown(t.Reason())
	}
	name := strings.TrimSuffix(strings.ToLower(t.Marked()), "ifexists")
	name = strings.TrimPrefix(strings.TrimPrefix(name, "foranyvalue:"), "forallvalues:")
	return known(slices.Contains(boolOperators, name))
}

// S3 accepts a resource in a bucket's policy only if it matches the bucket or
// something in it. So of a pattern without a slash that ends in * the part
// before the * is a beginning of the bucket's ARN, and it matches everything.
// A policy variable has a value for each request, so it is never the whole.

// isWholeBucket answers whether the resource is the bucket itself.
func isWholeBucket(t asset.Text) tri {
	name, stars, open := resourceOf(t)
	switch {
	case strings.Contains(name, "/"), strings.Contains(name, "${"):
		return no
	case !open.isNo():
		return open
	case strings.ContainsAny(name, "*?"):
		return unknown("whether " + name + stars + " is the whole bucket")
	}
	return yes
}

// isAllObjects answers whether the resource is all objects of the bucket.
func isAllObjects(t asset.Text) tri {
	name, stars, open := resourceOf(t)
	bucket, key, slash := strings.Cut(name, "/")
	switch {
	case slash && key != "", strings.Contains(name, "${"):
		return no
	case !open.isNo():
		return open
	case stars == "":
		return no
	case strings.ContainsAny(bucket, "*?"):
		return unknown("whether " + name + stars + " is all objects of the bucket")
	}
	return yes
}

// resourceOf splits a resource into what it names and the stars at its end. An
// unknown part that a bucket computes is a part of the name without a slash;
// for any other, open is unknown.
func resourceOf(t asset.Text) (name, stars string, open tri) {
	open = no
	for _, part := range t.Parts() {
		switch {
		case part.Hole == nil:
			name += part.Literal
		case part.Hole.Computed != "" && !strings.Contains(part.Hole.Computed, "object"):
			name += computedMark
		default:
			open = or(open, unknown(part.Hole.Reason))
		}
	}
	trimmed := strings.TrimRight(name, "*")
	return trimmed, name[len(trimmed):], open
}
