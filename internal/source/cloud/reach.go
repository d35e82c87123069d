// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cloud

import "sync"

// Reach remembers which regions and services do not answer, so that a scan
// waits for each of them once and not for every call. It may be used by several
// goroutines. The zero Reach believes that all of them answer.
//
// A region is given up when nothing in it has ever answered; otherwise only the
// service is, and only if it never answered itself. An answer ends all doubt.
type Reach struct {
	mu     sync.Mutex
	places map[[2]string]*place // region and service; "" is the region itself
}

type place struct {
	answered bool
	silent   string // why it was given up
}

// Lost returns why the service in the region was given up; "" if it was not.
func (r *Reach) Lost(region, service string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if why := r.at(region, "").silent; why != "" {
		return why
	}
	return r.at(region, service).silent
}

// Answered records an answer of the service, whatever it said.
func (r *Reach) Answered(region, service string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	*r.at(region, "") = place{answered: true}
	*r.at(region, service) = place{answered: true}
}

// Silent records that the service could not be reached. whole says that the
// reason may apply to the region as a whole; a host name that does not exist,
// for one, does not.
func (r *Reach) Silent(region, service, why string, whole bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if p := r.at(region, ""); whole && !p.answered && p.silent == "" {
		p.silent = "region " + region + " does not answer: " + why
	}
	if p := r.at(region, service); !p.answered && p.silent == "" {
		p.silent = service + " in " + region + " does not answer: " + why
	}
}

func (r *Reach) at(region, service string) *place {
	key := [2]string{region, service}
	if r.places[key] == nil {
		if r.places == nil {
			r.places = map[[2]string]*place{}
		}
		r.places[key] = &place{}
	}
	return r.places[key]
}
