// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package dockerfile

import (
	"slices"
	"strings"

	"github.com/distribution/reference"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// Base is what a stage builds on: another stage, nothing, or an image.
type Base struct {
	Stage   *Stage
	Scratch bool
	Image   Image // where it is neither
}

// Image is a reference to an image, in its parts. Tag and Digest are empty where
// the reference has none.
type Image struct {
	Reference, Repository, Tag, Digest asset.Text
	// Pinned says that the reference has a digest, or a tag other than latest;
	// Doubt why that is not known.
	Pinned bool
	Doubt  string
}

// base finds what a name after FROM means. doubt says why that is not known
// where it depends on something unknown.
func (f *File) base(marked string) (on Base, doubt string) {
	name := f.text(marked)
	on.Image = ParseImage(name)
	for _, other := range slices.Backward(f.Stages) { // of two stages of one name the later one

		switch {
		case other.Name == "":
		case name.IsKnown() && strings.EqualFold(other.Name, marked):
			on.Stage = other
			return on, ""
		case !name.IsKnown() && couldBe(name, other.Name):
			doubt = name.Reason()
		}
	}
	on.Scratch = marked == "scratch"
	return on, doubt
}

// ParseImage takes a reference to an image apart, as far as it is known.
func ParseImage(ref asset.Text) Image {
	img := Image{Reference: ref}
	if !ref.IsKnown() {
		img.split(ref)
		return img
	}
	parsed, err := reference.Parse(ref.Marked())
	named, isNamed := parsed.(reference.Named)
	if err != nil || !isNamed {
		img.Doubt = "not a reference to an image: " + ref.Marked()
		return img
	}
	img.Repository = ref.Cut(named.Name())
	if tagged, ok := parsed.(reference.Tagged); ok {
		img.Tag = ref.Cut(tagged.Tag())
	}
	if digested, ok := parsed.(reference.Digested); ok {
		img.Digest = ref.Cut(digested.Digest().String())
	}
	img.Pinned = img.Digest.Marked() != "" || img.Tag.Marked() != "" && img.Tag.Marked() != "latest"
	return img
}

// split takes a reference with unknown parts apart where its separators are
// written. An unknown part of its last segment may hold a separator.
func (img *Image) split(ref asset.Text) {
	rest, digest, hasDigest := strings.Cut(ref.Marked(), "@")
	last := rest[strings.LastIndexByte(rest, '/')+1:]
	path := rest[:len(rest)-len(last)]
	name, tag, hasTag := strings.Cut(last, ":")
	img.Repository, img.Tag, img.Digest = ref.Cut(path+name), ref.Cut(tag), ref.Cut(digest)
	switch {
	case hasDigest:
		img.Pinned = true
	case hasTag && asset.HasHole(tag):
		img.Pinned = !couldBe(img.Tag, "latest")
		if !img.Pinned {
			img.Doubt = img.Tag.Reason()
		}
	case hasTag:
		img.Pinned = tag != "latest"
	case asset.HasHole(last):
		unknown := ref.Cut(last)
		img.Doubt, img.Tag, img.Digest = unknown.Reason(), unknown, unknown
	}
}

// couldBe reports whether a text with unknown parts could be a word.
func couldBe(text asset.Text, word string) bool {
	parts := text.Parts()
	for i, p := range parts {
		switch {
		case p.Hole != nil:
		case i == 0:
			rest, ok := strings.CutPrefix(word, p.Literal)
			if !ok {
				return false
			}
			word = rest
		case i == len(parts)-1:
			return strings.HasSuffix(word, p.Literal)
		default:
			_, rest, ok := strings.Cut(word, p.Literal)
			if !ok {
				return false
			}
			word = rest
		}
	}
	return len(parts) > 0 && parts[len(parts)-1].Hole != nil || word == ""
}
