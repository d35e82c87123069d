// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cloud

import (
	"sync"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// Sources makes one [asset.Source] for each place and reason and hands it out
// again, so that the many values of a scan share it. It may be used by several
// goroutines. The zero Sources is empty.
type Sources struct {
	mu      sync.Mutex
	read    map[string]*asset.Source
	missing map[[2]string]*asset.Source
}

// Read returns the source of what the operation answered.
func (s *Sources) Read(operation string) *asset.Source {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.at(operation)
}

// Missing returns the source of what the operation would have answered.
func (s *Sources) Missing(operation, reason string) *asset.Source {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := [2]string{operation, reason}
	if s.missing[key] == nil {
		if s.missing == nil {
			s.missing = map[[2]string]*asset.Source{}
		}
		s.missing[key] = s.at(operation).Missing(reason)
	}
	return s.missing[key]
}

func (s *Sources) at(operation string) *asset.Source {
	if s.read[operation] == nil {
		if s.read == nil {
			s.read = map[string]*asset.Source{}
		}
		s.read[operation] = asset.FromAPI(operation)
	}
	return s.read[operation]
}
