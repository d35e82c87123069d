// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"maps"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// Asset starts the asset that the block declares: everything but its config.
func (b *Block) Asset(typ, name string) *asset.Asset {
	top := b.top()
	scope := asset.Scope{Provider: providerName(top.Type)}
	if scope.Provider == "aws" {
		scope.Account = b.root.account
		scope.Region = b.Region().Or("")
	}
	return &asset.Asset{
		Type: typ, ID: b.root.id(b.Address), Name: name, Address: b.Address, Scope: scope,
		Origin: asset.Code, Root: b.root.Dir, Location: b.Source().Location,
		Via: top.inst.via, Symbolic: top.Symbolic, Tags: b.Tags(),
	}
}

// Region is the region the block's thing is in: its own argument, else that of
// its provider.
func (b *Block) Region() asset.Value[string] {
	if top := b.top(); top.Declared("region") {
		return top.String("region")
	}
	provider := b.root.ProviderFor(b)
	if !provider.Declared("region") && provider.missing == "" {
		return asset.Unknown[string]("the provider block names no region", provider.Source())
	}
	return provider.String("region")
}

// Tags are the tags that the thing will have: its own over the provider's
// default tags.
func (b *Block) Tags() asset.Map[string] {
	top := b.top()
	own := top.StringMap("tags")
	if providerName(top.Type) != "aws" {
		return own
	}
	defaults := b.root.ProviderFor(b).Block("default_tags").StringMap("tags")
	if defaults.Source().State() == asset.Defaulted && defaults.IsComplete() {
		return own
	}
	entries := maps.Clone(defaults.Entries())
	if entries == nil {
		entries = map[string]asset.Value[string]{}
	}
	maps.Copy(entries, own.Entries())
	at := own.Source()
	if at.State() != asset.Read {
		at = top.Source()
	}
	for _, m := range []asset.Map[string]{own, defaults} {
		if reason, open := m.More(); open {
			return asset.OpenMap(entries, reason, at)
		}
	}
	return asset.MapOf(entries, at)
}

// Providers returns the configurations of a provider in the root module and
// all its child modules.
func (r *Root) Providers(name string) []*Block { return r.providers[name] }

// ProviderFor returns the provider configuration that the block uses. It is
// never nil: without one, the answer is an absent block.
func (r *Root) ProviderFor(b *Block) *Block {
	top := b.top()
	name, alias := providerName(top.Type), ""
	if top.body != nil {
		if attr := top.body.Attributes["provider"]; attr != nil {
			name, alias = providerAddress(attr.Expr)
		}
	}
	return r.provider(top.inst, name, alias)
}

// providerName is the local name of the provider that a resource type belongs to.
func providerName(typ string) string {
	name, _, _ := strings.Cut(typ, "_")
	return name
}

// providerAddress reads "aws.west", which is not an expression but a name.
func providerAddress(e hclsyntax.Expression) (name, alias string) {
	if text, ok := literalString(e); ok {
		name, alias, _ = strings.Cut(text, ".")
		return name, alias
	}
	if t, diags := hcl.AbsTraversalForExpr(e); !diags.HasErrors() {
		name = t.RootName()
		alias, _ = attrName(t, 1)
	}
	return name, alias
}

// provider finds a configuration by the names that hold in a module instance.
func (r *Root) provider(inst *instance, name, alias string) *Block {
	for ; inst != nil; inst = inst.parent {
		for _, p := range inst.module.providers {
			if p.Labels[0] == name && literal(p, "alias") == alias {
				return r.providerBlock(inst, p)
			}
		}
		if inst.call == nil {
			break
		}
		passed, name2, alias2 := passedProvider(inst.call, name, alias)
		switch {
		case passed:
			name, alias = name2, alias2
		case alias != "":
			return r.noProvider(name)
		}
	}
	return r.noProvider(name)
}

// passedProvider looks a provider up in the providers argument of a module call.
func passedProvider(call *hclsyntax.Block, name, alias string) (passed bool, outerName, outerAlias string) {
	attr := call.Body.Attributes["providers"]
	if attr == nil {
		return false, "", ""
	}
	object, ok := attr.Expr.(*hclsyntax.ObjectConsExpr)
	if !ok {
		return false, "", ""
	}
	for _, item := range object.Items {
		var key hclsyntax.Expression = item.KeyExpr
		if wrapped, ok := key.(*hclsyntax.ObjectConsKeyExpr); ok {
			key = wrapped.Wrapped
		}
		if n, a := providerAddress(key); n == name && a == alias {
			outerName, outerAlias = providerAddress(item.ValueExpr)
			return true, outerName, outerAlias
		}
	}
	return false, "", ""
}

func (r *Root) providerBlock(inst *instance, p *hclsyntax.Block) *Block {
	key := providerKey{inst, p}
	if b := r.providerOf[key]; b != nil {
		return b
	}
	address := "provider." + p.Labels[0]
	if alias := literal(p, "alias"); alias != "" {
		address += "." + alias
	}
	b := &Block{
		Type: p.Labels[0], Name: literal(p, "alias"), Address: inst.qualify(address),
		root: r, inst: inst, frame: &frame{inst: inst}, syntax: p, body: p.Body,
	}
	r.providerOf[key] = b
	return b
}

type providerKey struct {
	inst *instance
	p    *hclsyntax.Block
}

func (r *Root) noProvider(name string) *Block {
	return &Block{Type: name, Address: "provider." + name, root: r, inst: r.top, absent: true}
}
