// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package arn reads and writes Amazon Resource Names as typed values.
//
// It knows the shape of ARNs, not which services, regions or resources exist,
// and it calls nothing. Patterns with * and ? are ARNs like any other.
package arn

import (
	"fmt"
	"strings"
)

const sections = 6

// ARN is arn:Partition:Service:Region:Account:Resource. Every part may be empty
// or hold wildcards; Resource may hold further colons and slashes.
type ARN struct {
	Partition string // aws, aws-cn, aws-us-gov
	Service   string
	Region    string // "" for global resources
	Account   string // "" for S3 buckets and what else has none
	Resource  string
}

// New returns the ARN of a resource.
func New(partition, service, region, account, resource string) ARN {
	return ARN{Partition: partition, Service: service, Region: region, Account: account, Resource: resource}
}

// Global returns the ARN of a resource in no region, such as an IAM role:
// Global("aws", "iam", account, "role/name").
func Global(partition, service, account, resource string) ARN {
	return New(partition, service, "", account, resource)
}

// Bucket returns the ARN of an S3 bucket.
func Bucket(partition, name string) ARN { return New(partition, "s3", "", "", name) }

// Parse reads an ARN. The text must have all six sections and a partition, a
// service and a resource; it need not name anything that exists.
func Parse(text string) (ARN, error) {
	parts := strings.SplitN(text, ":", sections)
	if len(parts) != sections || parts[0] != "arn" {
		return ARN{}, fmt.Errorf("read %q as an ARN: it is not arn:partition:service:region:account:resource", text)
	}
	a := New(parts[1], parts[2], parts[3], parts[4], parts[5])
	for _, part := range []struct{ name, value string }{
		{"partition", a.Partition}, {"service", a.Service}, {"resource", a.Resource},
	} {
		if part.value == "" {
			return ARN{}, fmt.Errorf("read %q as an ARN: the %s is empty", text, part.name)
		}
	}
	return a, nil
}

// Is reports whether the text is an ARN.
func Is(text string) bool {
	_, err := Parse(text)
	return err == nil
}

// String is the ARN as text; Parse reads it back.
func (a ARN) String() string {
	return strings.Join([]string{"arn", a.Partition, a.Service, a.Region, a.Account, a.Resource}, ":")
}

// HasWildcard reports whether the ARN is a pattern.
func (a ARN) HasWildcard() bool { return strings.ContainsAny(a.String(), "*?") }

// IsAccountRoot reports whether the ARN names an account as a principal:
// arn:aws:iam::123456789012:root.
func (a ARN) IsAccountRoot() bool {
	return a.Service == "iam" && a.Resource == "root" && IsAccountID(a.Account)
}

// ResourceType is the part of the resource before its first / or :, such as
// "role"; "" for resources that are only a name, like buckets and topics.
func (a ARN) ResourceType() string {
	if i := strings.IndexAny(a.Resource, "/:"); i >= 0 {
		return a.Resource[:i]
	}
	return ""
}

// ResourceName is what follows [ARN.ResourceType] and its separator: for a role
// its path and name. It is the whole resource where there is no type.
func (a ARN) ResourceName() string {
	return a.Resource[strings.IndexAny(a.Resource, "/:")+1:]
}

// IsAccountID reports whether the text is an account id: twelve digits.
func IsAccountID(text string) bool {
	if len(text) != 12 {
		return false
	}
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return true
}

// AccountOf returns the account that a principal names, be it written as an
// account id or as the ARN of a user, role, session or root; false where it
// names none.
func AccountOf(principal string) (string, bool) {
	if IsAccountID(principal) {
		return principal, true
	}
	a, err := Parse(principal)
	if err != nil || !IsAccountID(a.Account) {
		return "", false
	}
	return a.Account, true
}
