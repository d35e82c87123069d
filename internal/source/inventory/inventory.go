// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package inventory saves what sources read and reads it again: JSON Lines with
// a header, one asset a line, and the coverage last. Verdicts from the file are
// the verdicts of the scan that saved it.
package inventory

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source"
)

// Schema names the format, in the header of every file.
const Schema = "plumb.inventory/v1"

// maxLine bounds one line: an asset with very large policies stays far below.
const maxLine = 64 << 20

type header struct {
	Schema  string    `json:"schema"`
	Version string    `json:"version"`
	ReadAt  time.Time `json:"read_at"`
}

// record is one asset, or one line of coverage.
type record struct {
	Type     string           `json:"type,omitempty"`
	ID       string           `json:"id,omitempty"`
	Name     string           `json:"name,omitempty"`
	Address  string           `json:"address,omitempty"`
	Keys     []string         `json:"keys,omitempty"`
	Provider string           `json:"provider,omitempty"`
	Account  string           `json:"account,omitempty"`
	Region   string           `json:"region,omitempty"`
	Origin   string           `json:"origin,omitempty"`
	Root     string           `json:"root,omitempty"`
	Location *asset.Location  `json:"location,omitempty"`
	Via      []asset.Location `json:"via,omitempty"`
	Symbolic string           `json:"symbolic,omitempty"`
	Implied  bool             `json:"implied,omitempty"`
	Tags     *asset.Encoded   `json:"tags,omitempty"`
	asset.Encoded

	Coverage *coverage `json:"coverage,omitempty"`
}

type coverage struct {
	Scope    string          `json:"scope"`
	Part     string          `json:"part"`
	Location *asset.Location `json:"location,omitempty"`
	Status   asset.Status    `json:"status"`
	Reason   string          `json:"reason,omitempty"`
	Count    int             `json:"count"`
}

// tagged lets the tags, which are no field of the config, be written like one.
type tagged struct {
	Tags asset.Map[string] `plumb:"tags"`
}

// Write saves assets and coverage. readAt is the moment that controls see as
// now when the file is judged.
func Write(w io.Writer, version string, readAt time.Time, assets []*asset.Asset, lines []asset.Coverage) error {
	out := json.NewEncoder(w)
	if err := out.Encode(header{Schema, version, readAt}); err != nil {
		return err
	}
	for _, a := range assets {
		r, err := encodeAsset(a)
		if err != nil {
			return fmt.Errorf("save %s: %w", a.ID, err)
		}
		if err := out.Encode(r); err != nil {
			return err
		}
	}
	for _, c := range lines {
		line := &coverage{Scope: c.Scope, Part: c.Part, Status: c.Status, Reason: c.Reason, Count: c.Count}
		if !c.Location.IsZero() {
			line.Location = &c.Location
		}
		if err := out.Encode(map[string]any{"coverage": line}); err != nil {
			return err
		}
	}
	return nil
}

func encodeAsset(a *asset.Asset) (record, error) {
	r := record{
		Type: a.Type, ID: a.ID, Name: a.Name, Address: a.Address, Keys: a.Keys,
		Provider: a.Scope.Provider, Account: a.Scope.Account, Region: a.Scope.Region,
		Origin: a.Origin.String(), Root: a.Root, Via: a.Via, Symbolic: a.Symbolic, Implied: a.Implied,
	}
	if !a.Location.IsZero() {
		r.Location = &a.Location
	}
	tags, err := asset.Encode(&tagged{a.Tags})
	if err != nil {
		return r, err
	}
	r.Tags = &tags
	r.Encoded, err = asset.Encode(a.Config)
	return r, err
}

// Source is a saved inventory.
type Source struct {
	path    string
	catalog *asset.Catalog
	readAt  time.Time
}

// Open checks the header of a saved inventory.
func Open(path string, catalog *asset.Catalog) (*Source, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	line, err := bufio.NewReader(io.LimitReader(f, 1<<16)).ReadBytes('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	var h header
	if json.Unmarshal(line, &h) != nil || h.Schema != Schema {
		return nil, fmt.Errorf("%s:1: not a saved inventory: the first line must have \"schema\": %q", path, Schema)
	}
	return &Source{path: path, catalog: catalog, readAt: h.ReadAt}, nil
}

// ReadAt is when the inventory was read from its sources.
func (s *Source) ReadAt() time.Time { return s.readAt }

// Target implements [source.Source].
func (s *Source) Target() string { return "inventory:" + s.path }

// Read implements [source.Source]. A line that cannot be read is coverage; the
// others are read all the same.
func (s *Source) Read(ctx context.Context, sink source.Sink) error {
	f, err := os.Open(s.path)
	if err != nil {
		return err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(make([]byte, 1<<16), maxLine)
	for n := 1; lines.Scan(); n++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		if n == 1 || len(lines.Bytes()) == 0 {
			continue
		}
		if err := s.line(lines.Bytes(), sink); err != nil {
			s.lost(sink, n, err)
		}
	}
	if err := lines.Err(); err != nil {
		s.lost(sink, 0, err)
	}
	return nil
}

func (s *Source) lost(sink source.Sink, line int, err error) {
	sink.Coverage(asset.Coverage{
		Scope: s.Target(), Part: "asset", Location: asset.Location{File: s.path, StartLine: line},
		Status: asset.Failed, Reason: err.Error(), Count: 1,
	})
}

func (s *Source) line(data []byte, sink source.Sink) error {
	var r record
	if err := json.Unmarshal(data, &r); err != nil {
		return err
	}
	if c := r.Coverage; c != nil {
		line := asset.Coverage{Scope: c.Scope, Part: c.Part, Status: c.Status, Reason: c.Reason, Count: c.Count}
		if c.Location != nil {
			line.Location = *c.Location
		}
		sink.Coverage(line)
		return nil
	}
	a, err := s.decodeAsset(r)
	if err != nil {
		return err
	}
	sink.Asset(a)
	return nil
}

func (s *Source) decodeAsset(r record) (*asset.Asset, error) {
	t, known := s.catalog.Type(r.Type)
	if !known {
		return nil, fmt.Errorf("unknown asset type %q", r.Type)
	}
	a := &asset.Asset{
		Type: r.Type, ID: r.ID, Name: r.Name, Address: r.Address, Keys: r.Keys,
		Scope: asset.Scope{Provider: r.Provider, Account: r.Account, Region: r.Region},
		Root:  r.Root, Via: r.Via, Symbolic: r.Symbolic, Implied: r.Implied, Config: t.New(),
	}
	if r.Origin == asset.Live.String() {
		a.Origin = asset.Live
	}
	if r.Location != nil {
		a.Location = *r.Location
	}
	if r.Tags != nil {
		var tags tagged
		if err := asset.Decode(&tags, *r.Tags); err != nil {
			return nil, err
		}
		a.Tags = tags.Tags
	}
	if len(r.Config) == 0 {
		return nil, fmt.Errorf("asset %q has no config", r.ID)
	}
	if err := asset.Decode(a.Config, r.Encoded); err != nil {
		return nil, fmt.Errorf("asset %q: %w", r.ID, err)
	}
	return a, nil
}
