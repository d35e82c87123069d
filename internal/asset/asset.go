// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package asset

import (
	"fmt"
	"slices"
	"strings"
)

// Origin says what kind of source an asset was read from.
type Origin uint8

// The origins.
const (
	Code Origin = iota // files: what is about to be deployed
	Live               // an API: what is deployed
)

// String is "code" or "live".
func (o Origin) String() string {
	if o == Live {
		return "live"
	}
	return "code"
}

// Scope is the part of the world that an asset belongs to.
type Scope struct {
	Provider string // aws, azure, gcp, k8s, docker
	Account  string // account, subscription, project; "" where code does not say
	Region   string // "" for global things
}

// String is "aws/123456789012/us-east-1", without the empty parts at the end.
func (s Scope) String() string {
	return strings.TrimRight(s.Provider+"/"+s.Account+"/"+s.Region, "/")
}

// Asset is one thing that can be judged.
type Asset struct {
	// Type is the name of the asset's [Type]: "aws.s3.bucket".
	Type string
	// ID is stable between scans: an ARN or cloud id, or ROOT//ADDRESS for code.
	ID string
	// Name is what people call it.
	Name string
	// Address is what its root calls it: Terraform's address; the ID for live assets.
	Address string
	// Keys are further names by which relations refer to it.
	Keys  []string
	Scope Scope
	// Origin and Root: where it was read. Root is the root module's directory
	// (or the file) for code, "" for live assets.
	Origin Origin
	Root   string
	// Location is its block of code; Via are the module calls that lead there,
	// innermost first.
	Location Location
	Via      []Location
	// Symbolic says why it is not known how many of it there are: one asset
	// stands for all instances of a block with unknown count or for_each.
	// "" for an asset that is exactly one.
	Symbolic string
	// Implied marks a singleton that the code does not declare: it holds what
	// the provider sets in a new account, so that expressions can read it. It is
	// not judged itself.
	Implied bool
	Tags    Map[string]
	// Config points to the struct that the Type describes.
	Config any
}

// Span says of which part of an account a singleton is the only one.
type Span uint8

// The spans of singletons.
const (
	Many       Span = iota // not a singleton
	PerAccount             // one an account
	PerRegion              // one an account and region
)

// Type describes an asset type: its name and the struct that its assets hold.
type Type struct {
	// Name is provider, room and kind: "aws.s3.bucket".
	Name string
	// Title names one such asset in prose: "S3 bucket".
	Title string
	// New returns a pointer to the zero config struct.
	New func() any
	// Singleton marks account facts: settings that an account or region has
	// exactly once. Expressions reach them as account.<room>.
	Singleton Span
}

// Provider is the first part of the type's name.
func (t Type) Provider() string { return part(t.Name, 0) }

// Service is the second part of the type's name: the room.
func (t Type) Service() string { return part(t.Name, 1) }

func part(name string, i int) string {
	parts := strings.SplitN(name, ".", 3)
	if i < len(parts) {
		return parts[i]
	}
	return ""
}

// Catalog is the set of asset types that a build of Plumb knows. It is
// immutable and safe to share.
type Catalog struct {
	types  map[string]Type
	sorted []Type
}

// NewCatalog makes a catalog; two types of one name are an error.
func NewCatalog(types ...Type) (*Catalog, error) {
	c := &Catalog{types: make(map[string]Type, len(types))}
	for _, t := range types {
		if _, twice := c.types[t.Name]; twice {
			return nil, fmt.Errorf("asset type %s is declared twice", t.Name)
		}
		c.types[t.Name] = t
		c.sorted = append(c.sorted, t)
	}
	slices.SortFunc(c.sorted, func(a, b Type) int { return strings.Compare(a.Name, b.Name) })
	return c, nil
}

// Type returns the type of that name.
func (c *Catalog) Type(name string) (Type, bool) {
	t, ok := c.types[name]
	return t, ok
}

// Types returns all types, sorted by name. The caller must not change them.
func (c *Catalog) Types() []Type { return c.sorted }
