// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package ec2

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/cloudformation"
)

// CloudFormation reads the room's assets from CloudFormation, which makes neither
// snapshots nor images.
func CloudFormation() []cloudformation.Decoder {
	return []cloudformation.Decoder{
		{Resources: []string{groupResource, ingressResource, egressResource, vpcResource}, Decode: groupsInStack},
		{
			Resources: []string{instanceResource, configurationResource, "AWS::EC2::Subnet", "AWS::EC2::EIP", "AWS::EC2::EIPAssociation"},
			Decode:    instancesInStack,
		},
		{Resources: []string{templateResource}, Decode: templatesInStack},
		{Resources: []string{"AWS::EC2::Volume"}, Decode: volumesInStack},
		{Resources: []string{snapshotBlockResource}, Decode: regionOfStack},
	}
}

const (
	instanceResource      = "AWS::EC2::Instance"
	configurationResource = "AWS::AutoScaling::LaunchConfiguration"
	templateResource      = "AWS::EC2::LaunchTemplate"
	snapshotBlockResource = "AWS::EC2::SnapshotBlockPublicAccess"
)

// starts knows what else decides how a machine of a stack starts: its launch
// template, its subnet and its addresses.
type starts struct {
	templates    map[string]*cloudformation.Resource // by address and by name
	subnets      map[string]*cloudformation.Resource // by address
	addresses    *cloudformation.Join
	associations *cloudformation.Join
}

func instancesInStack(s *cloudformation.Stack, emit func(*asset.Asset)) {
	st := starts{
		templates: map[string]*cloudformation.Resource{}, subnets: map[string]*cloudformation.Resource{},
		addresses:    s.Join("AWS::EC2::EIP", "InstanceId", instanceResource),
		associations: s.Join("AWS::EC2::EIPAssociation", "InstanceId", instanceResource),
	}
	for _, t := range s.Resources(templateResource) {
		st.templates[t.Address] = t
		if name := t.String("LaunchTemplateName").Or(""); name != "" {
			st.templates[name] = t
		}
	}
	for _, subnet := range s.Resources("AWS::EC2::Subnet") {
		st.subnets[subnet.Address] = subnet
	}
	for _, r := range s.Resources(instanceResource, configurationResource) {
		a := r.Asset(InstanceType, "")
		a.Config = &Instance{
			State:          asset.Default("running", r.Source()),
			Metadata:       st.metadata(r),
			HasPublicIP:    st.hasPublicIP(r),
			Profile:        st.profile(r),
			Devices:        st.devices(r),
			Subnet:         st.subnet(r).Ref("SubnetId"),
			SecurityGroups: groupsOf(r),
		}
		emit(a)
	}
}

// subnet is the block that names the subnet of an instance: its own properties,
// or its first network interface.
func (st starts) subnet(r *cloudformation.Resource) *cloudformation.Block {
	for _, i := range r.Blocks("NetworkInterfaces").Elems() {
		if i.Declared("SubnetId") {
			return i
		}
	}
	return r.Properties()
}

func groupsOf(r *cloudformation.Resource) asset.List[asset.Ref] {
	if r.Type == configurationResource {
		return r.Refs("SecurityGroups", groupResource)
	}
	groups := r.Refs("SecurityGroupIds", groupResource)
	for _, i := range r.Blocks("NetworkInterfaces").Elems() {
		groups = concat(groups, i.Refs("GroupSet", groupResource))
	}
	return groups
}

// template is the data of a machine's launch template: nil where it has none, or
// where it cannot be read, which why explains.
func (st starts) template(r *cloudformation.Resource) (data *cloudformation.Block, why string) {
	named := r.Block("LaunchTemplate")
	if named.IsAbsent() || r.Type == configurationResource {
		return nil, ""
	}
	for _, property := range []string{"LaunchTemplateId", "LaunchTemplateName"} {
		key, _, isRef := named.Origin(property)
		if !isRef {
			name := named.String(property)
			if !name.IsKnown() {
				return nil, name.Reason()
			}
			key = name.Or("")
		}
		if found := st.templates[key]; found != nil {
			return found.Block("LaunchTemplateData"), ""
		}
		if key != "" {
			return nil, "the launch template " + key + " is not in this code"
		}
	}
	return nil, "the launch template has no name"
}

// metadata is what the instance says, else its launch template.
func (st starts) metadata(r *cloudformation.Resource) Metadata {
	options := r.Block("MetadataOptions")
	if options.IsAbsent() {
		switch template, why := st.template(r); {
		case why != "":
			unknown := asset.Unknown[bool](why, r.Source())
			return Metadata{Enabled: unknown, TokensRequired: unknown}
		case template != nil:
			options = template.Block("MetadataOptions")
		}
	}
	return MetadataOf(options.String("HttpEndpoint"), options.String("HttpTokens", optional))
}

func (st starts) profile(r *cloudformation.Resource) asset.Value[string] {
	if profile := nameInStack(r.Properties(), "IamInstanceProfile"); isStated(profile) {
		return profile
	}
	template, why := st.template(r)
	switch {
	case why != "":
		return asset.Unknown[string](why, r.Source())
	case template == nil:
		return asset.Default("", r.Source())
	}
	if name := nameInStack(template, "IamInstanceProfile.Name"); isStated(name) {
		return name
	}
	return nameInStack(template, "IamInstanceProfile.Arn")
}

// nameInStack is a text; where a resource of the same stack will supply it, the
// address of that resource.
func nameInStack(b *cloudformation.Block, property string) asset.Value[string] {
	name := b.String(property)
	if address, _, ok := b.Origin(property); ok && !name.IsKnown() {
		return asset.Known(address, b.Source())
	}
	return name
}

// hasPublicIP says whether a machine gets a public address: an Elastic IP, what
// it asks for itself, what its template asks for, else what its subnet gives.
func (st starts) hasPublicIP(r *cloudformation.Resource) asset.Value[bool] {
	why := ""
	for _, j := range []*cloudformation.Join{st.addresses, st.associations} {
		found, maybe := j.Of(r)
		if len(found) > 0 {
			return asset.Known(true, found[0].Source())
		}
		if why == "" {
			why = maybe
		}
	}
	assigned := st.assignsPublicIP(r)
	if why != "" && !assigned.Or(true) {
		return asset.Unknown[bool](why, r.Source())
	}
	return assigned
}

func (st starts) assignsPublicIP(r *cloudformation.Resource) asset.Value[bool] {
	if r.Type == configurationResource {
		// The subnets are those of its groups, which give none unless told to.
		return r.Bool("AssociatePublicIpAddress")
	}
	own := interfacesAssign(r.Properties())
	template, why := st.template(r)
	switch {
	case isStated(own):
		return own
	case r.Declared("NetworkInterfaces") && bringsInterface(r):
		return asset.Default(false, r.Source())
	}
	at := st.subnet(r)
	if address, _, ok := at.Origin("SubnetId"); ok && st.subnets[address] != nil {
		return st.subnets[address].Bool("MapPublicIpOnLaunch")
	}
	if why != "" {
		return asset.Unknown[bool](why, r.Source())
	}
	if template != nil && isStated(interfacesAssign(template)) {
		return interfacesAssign(template)
	}
	switch subnet := at.String("SubnetId"); {
	case !subnet.IsKnown():
		return asset.Unknown[bool]("the subnet decides: "+subnet.Reason(), subnet.Source())
	case isStated(subnet), template != nil:
		return asset.Unknown[bool]("the subnet decides, which is not in this code", subnet.Source())
	}
	// Without a subnet AWS takes the default one, and that gives addresses.
	return asset.Default(true, r.Source())
}

// bringsInterface reports whether an instance uses an interface that exists, with
// its own addresses.
func bringsInterface(r *cloudformation.Resource) bool {
	for _, i := range r.Blocks("NetworkInterfaces").Elems() {
		if i.Declared("NetworkInterfaceId") {
			return true
		}
	}
	return false
}

// interfacesAssign reports whether a network interface asks for a public address.
// It is a default where none says anything.
func interfacesAssign(b *cloudformation.Block) asset.Value[bool] {
	interfaces := b.Blocks("NetworkInterfaces")
	answer := asset.Default(false, b.Source())
	if reason, open := interfaces.More(); open {
		answer = asset.Unknown[bool](reason, interfaces.Source())
	}
	for _, i := range interfaces.Elems() {
		v := i.Bool("AssociatePublicIpAddress")
		switch {
		case v.Or(false):
			return v
		case isStated(v) && answer.IsKnown():
			answer = v
		}
	}
	return answer
}

// devices are the disks of a machine. Without a word about its disks it has a
// root device all the same.
func (st starts) devices(r *cloudformation.Resource) asset.List[BlockDevice] {
	blocks := r.Blocks("BlockDeviceMappings")
	if !isStated(blocks) {
		switch template, why := st.template(r); {
		case why != "":
			return asset.UnknownList[BlockDevice](why, r.Source())
		case template != nil:
			blocks = template.Blocks("BlockDeviceMappings")
		}
	}
	var list []BlockDevice
	for _, d := range blocks.Elems() {
		if d.Declared("NoDevice") || d.Declared("VirtualName") {
			continue
		}
		list = append(list, BlockDevice{Name: d.String("DeviceName"), Encrypted: diskInStack(d.Block("Ebs"))})
	}
	if reason, open := blocks.More(); open {
		return asset.OpenList(list, reason, blocks.Source())
	}
	if len(list) > 0 {
		return asset.ListAt(blocks.Source(), func() []BlockDevice { return list })
	}
	root := BlockDevice{Name: asset.Default(rootDevice, r.Source()), Encrypted: asset.Default(false, r.Source())}
	return asset.DefaultList([]BlockDevice{root}, r.Source())
}

// diskInStack is whether a disk or volume is encrypted: as it says, else as the
// snapshot that it is made of.
func diskInStack(b *cloudformation.Block) asset.Value[bool] {
	own, snapshot := b.Bool("Encrypted"), b.String("SnapshotId")
	if !own.Or(true) && isStated(snapshot) && snapshot.Or("?") != "" {
		return asset.Unknown[bool]("it is encrypted if its snapshot is, and that is not in this code", snapshot.Source())
	}
	return own
}

func templatesInStack(s *cloudformation.Stack, emit func(*asset.Asset)) {
	for _, r := range s.Resources(templateResource) {
		data := r.Block("LaunchTemplateData")
		version := Version{
			Metadata:        MetadataOf(data.String("MetadataOptions.HttpEndpoint"), data.String("MetadataOptions.HttpTokens")),
			AssignsPublicIP: interfacesAssign(data),
		}
		a := r.Asset(LaunchTemplateType, r.String("LaunchTemplateName").Or(""))
		a.Config = &LaunchTemplate{Versions: asset.ListOf([]Version{version}, r.Source())}
		emit(a)
	}
}

func volumesInStack(s *cloudformation.Stack, emit func(*asset.Asset)) {
	for _, r := range s.Resources("AWS::EC2::Volume") {
		a := r.Asset(VolumeType, "")
		a.Config = &Volume{Encrypted: diskInStack(r.Properties())}
		emit(a)
	}
}

// regionOfStack makes an asset of the one setting of a region that a template can
// state. A region for which it states nothing has what a new account has.
func regionOfStack(s *cloudformation.Stack, emit func(*asset.Asset)) {
	blocks := s.Resources(snapshotBlockResource)
	for _, r := range blocks {
		settings := newRegion()
		settings.SnapshotBlock = r.String("State")
		settings.Stated = asset.ListOf([]asset.Value[string]{asset.Known(snapshotBlock, r.Source())}, r.Source())
		a := r.Asset(RegionSettingsType, "")
		a.Config = settings
		emit(a)
	}
	if len(blocks) == 0 {
		a := s.Implied(RegionSettingsType)
		a.Config = newRegion()
		emit(a)
	}
}
