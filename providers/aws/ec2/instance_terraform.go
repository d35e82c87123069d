// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package ec2

import (
	"slices"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/terraform"
)

const (
	launchConfiguration = "aws_launch_configuration"
	defaultSubnet       = "aws_default_subnet"
)

var (
	machineBlocks  = []string{"aws_instance", "aws_spot_instance_request", launchConfiguration}
	instanceBlocks = append([]string{
		"aws_launch_template", "aws_subnet", defaultSubnet, "aws_eip", "aws_eip_association",
	}, append(machineBlocks, regionBlocks...)...)
)

func decodeInstances(r *terraform.Root, emit func(*asset.Asset)) {
	l := launchesIn(r)
	for _, b := range r.Resources(machineBlocks...) {
		a := b.Asset(InstanceType, "")
		groups := b.Refs("vpc_security_group_ids")
		if b.Type == launchConfiguration {
			groups = b.Refs("security_groups")
		}
		a.Config = &Instance{
			State:          asset.Default("running", b.Source()),
			Metadata:       l.metadata(b),
			HasPublicIP:    l.hasPublicIP(b),
			Profile:        l.profile(b),
			Devices:        l.devices(b),
			Subnet:         b.Ref("subnet_id"),
			SecurityGroups: groups,
		}
		emit(a)
	}
}

func decodeLaunchTemplates(r *terraform.Root, emit func(*asset.Asset)) {
	for _, b := range r.Resources("aws_launch_template") {
		options := b.Block("metadata_options")
		version := Version{
			Metadata:        MetadataOf(options.String("http_endpoint"), options.String("http_tokens")),
			AssignsPublicIP: assigns(b),
		}
		a := b.Asset(LaunchTemplateType, b.String("name").Or(""))
		a.Config = &LaunchTemplate{Versions: asset.ListOf([]Version{version}, b.Source())}
		emit(a)
	}
}

// assigns reports whether a network interface of a launch template asks for a
// public address. It is a default where none says anything.
func assigns(template *terraform.Block) asset.Value[bool] {
	interfaces := template.Blocks("network_interfaces")
	answer := asset.Default(false, template.Source())
	if reason, open := interfaces.More(); open {
		answer = asset.Unknown[bool](reason, interfaces.Source())
	}
	for _, i := range interfaces.Elems() {
		v := i.Bool("associate_public_ip_address")
		switch {
		case v.Or(false):
			return v
		case isStated(v) && answer.IsKnown():
			answer = v
		}
	}
	return answer
}

// isStated reports whether code says something about a value, also where that
// is not known.
func isStated(v interface{ Source() *asset.Source }) bool {
	return v.Source().State() != asset.Defaulted
}

// launches knows what else decides how a machine starts: its launch template,
// its subnet, its addresses and the defaults of its region.
type launches struct {
	root         *terraform.Root
	templates    map[string]*terraform.Block // by address and by name
	subnets      map[string]*terraform.Block // by address
	addresses    *terraform.Join
	associations *terraform.Join
}

func launchesIn(r *terraform.Root) launches {
	l := launches{
		root: r, templates: map[string]*terraform.Block{}, subnets: map[string]*terraform.Block{},
		addresses:    r.Join("aws_eip", "instance", "aws_instance", "id"),
		associations: r.Join("aws_eip_association", "instance_id", "aws_instance", "id"),
	}
	for _, b := range r.Resources("aws_launch_template") {
		l.templates[b.Address] = b
		if name := b.String("name").Or(""); name != "" {
			l.templates[name] = b
		}
	}
	for _, b := range r.Resources("aws_subnet", defaultSubnet) {
		l.subnets[b.Address] = b
	}
	return l
}

// template is the launch template of a machine; nil where it has none, or where
// it cannot be read, which why explains.
func (l launches) template(b *terraform.Block) (found *terraform.Block, why string) {
	named := b.Block("launch_template")
	if named.IsAbsent() {
		return nil, ""
	}
	for _, attr := range []string{"id", "name"} {
		key, _, isRef := named.Origin(attr)
		if !isRef {
			name := named.String(attr)
			if !name.IsKnown() {
				return nil, name.Reason()
			}
			key = name.Or("")
		}
		if found := l.templates[key]; found != nil {
			return found, ""
		}
		if key != "" {
			return nil, "the launch template " + key + " is not in this code"
		}
	}
	return nil, "the launch template has no name"
}

// metadata follows the order of precedence that AWS documents: the instance,
// its launch template, the account's default, then optional. What an image asks
// for comes last and does not show in code.
func (l launches) metadata(b *terraform.Block) Metadata {
	options := b.Block("metadata_options")
	if options.IsAbsent() {
		switch template, why := l.template(b); {
		case why != "":
			unknown := asset.Unknown[bool](why, b.Source())
			return Metadata{Enabled: unknown, TokensRequired: unknown}
		case template != nil:
			options = template.Block("metadata_options")
		}
	}
	tokens := options.String("http_tokens", optional)
	if !isStated(tokens) {
		if byDefault := regionOf(l.root, b).IMDSTokens; byDefault.Or(optional) != NoPreference {
			tokens = byDefault
		}
	}
	return MetadataOf(options.String("http_endpoint"), tokens)
}

func (l launches) profile(b *terraform.Block) asset.Value[string] {
	if profile := nameOf(b, "iam_instance_profile"); isStated(profile) {
		return profile
	}
	template, why := l.template(b)
	switch {
	case why != "":
		return asset.Unknown[string](why, b.Source())
	case template == nil:
		return asset.Default("", b.Source())
	}
	inherited := template.Block("iam_instance_profile")
	if name := nameOf(inherited, "name"); isStated(name) {
		return name
	}
	return nameOf(inherited, "arn")
}

// nameOf is a string; where a resource of the same code will supply it, the
// address of that resource.
func nameOf(b *terraform.Block, attr string) asset.Value[string] {
	name := b.String(attr)
	if address, _, ok := b.Origin(attr); ok && !name.IsKnown() {
		return asset.Known(address, b.Source())
	}
	return name
}

// hasPublicIP says whether a machine gets a public address: an Elastic IP, what
// it asks for itself, what its template asks for, else what its subnet gives.
func (l launches) hasPublicIP(b *terraform.Block) asset.Value[bool] {
	elastic, mayBeElastic := l.addresses.Of(b)
	associated, mayBeAssociated := l.associations.Of(b)
	if all := slices.Concat(elastic, associated); len(all) > 0 {
		return asset.Known(true, all[0].Source())
	}
	assigned := l.assignsPublicIP(b)
	for _, maybe := range []string{mayBeElastic, mayBeAssociated} {
		if maybe != "" && !assigned.Or(true) {
			return asset.Unknown[bool](maybe, b.Source())
		}
	}
	return assigned
}

func (l launches) assignsPublicIP(b *terraform.Block) asset.Value[bool] {
	own := b.Bool("associate_public_ip_address")
	switch {
	case isStated(own):
		return own
	case b.Declared("network_interface"), b.Declared("primary_network_interface"):
		// An interface that exists already brings its own addresses.
		return asset.Default(false, b.Source())
	case b.Type == launchConfiguration:
		// The subnets are those of its groups, which give none unless told to.
		return asset.Default(false, b.Source())
	}
	if address, _, ok := b.Origin("subnet_id"); ok && l.subnets[address] != nil {
		subnet := l.subnets[address]
		return subnet.Bool("map_public_ip_on_launch", subnet.Type == defaultSubnet)
	}
	template, why := l.template(b)
	switch {
	case why != "":
		return asset.Unknown[bool](why, b.Source())
	case template != nil && isStated(assigns(template)):
		return assigns(template)
	}
	switch subnet := b.String("subnet_id"); {
	case !subnet.IsKnown():
		return asset.Unknown[bool]("the subnet decides: "+subnet.Reason(), subnet.Source())
	case isStated(subnet), template != nil:
		return asset.Unknown[bool]("the subnet decides, which is not in this code", subnet.Source())
	}
	// Without a subnet AWS takes the default one, and that gives addresses.
	return asset.Default(true, b.Source())
}
