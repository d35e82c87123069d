// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package ec2

import (
	"slices"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/terraform"
)

var storageBlocks = append([]string{
	"aws_ebs_volume", "aws_ebs_snapshot", "aws_ebs_snapshot_copy", "aws_ebs_snapshot_import",
}, regionBlocks...)

func decodeStorage(r *terraform.Root, emit func(*asset.Asset)) {
	s := storage{root: r, blocks: map[string]*terraform.Block{}, busy: map[string]bool{}}
	volumes := r.Resources("aws_ebs_volume")
	snapshots := r.Resources("aws_ebs_snapshot", "aws_ebs_snapshot_copy", "aws_ebs_snapshot_import")
	for _, b := range slices.Concat(volumes, snapshots) {
		s.blocks[b.Address] = b
	}
	for _, b := range volumes {
		a := b.Asset(VolumeType, "")
		a.Config = &Volume{Encrypted: s.encrypted(b)}
		emit(a)
	}
	for _, b := range snapshots {
		a := b.Asset(SnapshotType, "")
		// Terraform can share a snapshot with accounts only, never with all.
		a.Config = &Snapshot{Encrypted: s.encrypted(b), Public: asset.Default(false, b.Source())}
		emit(a)
	}
}

// storage knows the volumes and snapshots of a root by address: what is made of
// an encrypted one is encrypted.
type storage struct {
	root   *terraform.Root
	blocks map[string]*terraform.Block
	busy   map[string]bool
}

// madeOf names the attribute that says what a volume or snapshot is made of.
var madeOf = map[string]string{
	"aws_ebs_volume": "snapshot_id", "aws_ebs_snapshot": "volume_id", "aws_ebs_snapshot_copy": "source_snapshot_id",
}

// encrypted follows a volume or snapshot to what it is made of, unless it is
// encrypted itself or by the region's default.
func (s storage) encrypted(b *terraform.Block) asset.Value[bool] {
	own := b.Bool("encrypted")
	if b.Type != "aws_ebs_snapshot" {
		own = orByDefault(s.root, b, own)
	}
	attr := madeOf[b.Type]
	origin := b.String(attr)
	if own.Or(true) || isStated(own) || !isStated(origin) {
		return own
	}
	address, _, _ := b.Origin(attr)
	if source := s.blocks[address]; source != nil && !s.busy[address] {
		s.busy[address] = true
		defer delete(s.busy, address)
		return s.encrypted(source)
	}
	return asset.Unknown[bool]("it is encrypted if what it is made of is, and that is not in this code", origin.Source())
}

// orByDefault is a device's own setting, or true where the region encrypts all
// new volumes: a device cannot opt out.
func orByDefault(r *terraform.Root, b *terraform.Block, own asset.Value[bool]) asset.Value[bool] {
	if own.Or(false) {
		return own
	}
	byDefault := regionOf(r, b).EBSEncryption
	if byDefault.Or(false) || !byDefault.IsKnown() {
		return byDefault
	}
	return own
}

// devices are the disks of a machine. Without a word about the root device it
// has one all the same.
func (l launches) devices(b *terraform.Block) asset.List[BlockDevice] {
	roots := b.Blocks("root_block_device")
	further := b.Blocks("ebs_block_device")
	list := l.disks(b, roots, rootDevice)
	rest := l.disks(b, further, "")
	if len(roots.Elems()) > 0 || !roots.IsComplete() {
		return concat(list, rest)
	}
	template, why := l.template(b)
	switch {
	case why != "":
		return concat(rest, asset.UnknownList[BlockDevice](why, b.Source()))
	case template != nil && isStated(template.Blocks("block_device_mappings")):
		return concat(l.mappings(b, template), rest)
	}
	byDefault := orByDefault(l.root, b, asset.Default(false, b.Source()))
	root := BlockDevice{Name: asset.Default(rootDevice, b.Source()), Encrypted: byDefault}
	return concat(asset.DefaultList([]BlockDevice{root}, b.Source()), rest)
}

func (l launches) disks(b *terraform.Block, blocks asset.List[*terraform.Block], name string) asset.List[BlockDevice] {
	var list []BlockDevice
	for _, d := range blocks.Elems() {
		if !d.Bool("no_device").Or(false) {
			list = append(list, BlockDevice{Name: d.String("device_name", name), Encrypted: l.encrypted(b, d)})
		}
	}
	if reason, open := blocks.More(); open {
		return asset.OpenList(list, reason, blocks.Source())
	}
	return asset.ListAt(blocks.Source(), func() []BlockDevice { return list })
}

// mappings are the disks that a launch template gives to a machine.
func (l launches) mappings(b, template *terraform.Block) asset.List[BlockDevice] {
	blocks := template.Blocks("block_device_mappings")
	var list []BlockDevice
	for _, m := range blocks.Elems() {
		if ebs := m.Block("ebs"); !ebs.IsAbsent() {
			list = append(list, BlockDevice{Name: m.String("device_name"), Encrypted: l.encrypted(b, ebs)})
		}
	}
	if reason, open := blocks.More(); open {
		return asset.OpenList(list, reason, blocks.Source())
	}
	return asset.ListAt(blocks.Source(), func() []BlockDevice { return list })
}

// encrypted is the setting of one disk.
func (l launches) encrypted(b, disk *terraform.Block) asset.Value[bool] {
	own := orByDefault(l.root, b, disk.Bool("encrypted"))
	if snapshot := disk.String("snapshot_id"); !isStated(own) && isStated(snapshot) {
		return asset.Unknown[bool]("the disk is encrypted if its snapshot is, and that is not in this code", snapshot.Source())
	}
	return own
}

var imageBlocks = []string{"aws_ami", "aws_ami_copy", "aws_ami_from_instance", "aws_ami_launch_permission"}

// decodeImages reads images with their launch permissions. A permission on an
// image of another place stands for that image.
func decodeImages(r *terraform.Root, emit func(*asset.Asset)) {
	claimed := map[*terraform.Block]bool{}
	for _, typ := range imageBlocks[:3] {
		permissions := r.Join("aws_ami_launch_permission", "image_id", typ, "id")
		for _, b := range r.Resources(typ) {
			given, maybe := permissions.Of(b)
			public := asset.Default(false, b.Source())
			if maybe != "" {
				public = asset.Unknown[bool](maybe, b.Source())
			}
			for _, p := range given {
				claimed[p] = true
				if to := toAll(p); to.Or(false) || !to.IsKnown() && !public.Or(false) {
					public = to
				}
			}
			a := b.Asset(ImageType, b.String("name").Or(""))
			a.Config = &Image{Public: public}
			emit(a)
		}
	}
	for _, p := range r.Resources("aws_ami_launch_permission") {
		if !claimed[p] {
			a := p.Asset(ImageType, p.String("image_id").Or(""))
			a.Config = &Image{Public: toAll(p)}
			emit(a)
		}
	}
}

// toAll reports whether a launch permission is for everyone.
func toAll(permission *terraform.Block) asset.Value[bool] {
	return asset.Convert(permission.String("group"), func(group string) bool { return group == "all" })
}
