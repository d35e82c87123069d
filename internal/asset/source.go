// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package asset

import "fmt"

// Location is a range of lines in a file. Lines count from 1; a zero
// StartLine means the file as a whole.
type Location struct {
	File      string `json:"file"`
	StartLine int    `json:"start_line,omitempty"`
	EndLine   int    `json:"end_line,omitempty"`
}

// IsZero reports whether the location names no file.
func (l Location) IsZero() bool { return l.File == "" }

// String is "file:line", the form that editors and terminals link.
func (l Location) String() string {
	if l.StartLine == 0 {
		return l.File
	}
	return fmt.Sprintf("%s:%d", l.File, l.StartLine)
}

// State says how much is known of a value.
type State uint8

// The states of a value. The zero state is Unread.
const (
	Unread    State = iota // unknown, with a reason
	Read                   // stated by the source
	Defaulted              // not stated by the source: the provider's default
)

// Source is where a value was read: lines of code, or an operation of an API.
// Values hold a pointer, so one Source is shared by all that was read at the
// same place. A Source is immutable.
type Source struct {
	// Location is set for code.
	Location Location
	// Operation is set for cloud APIs: "s3:GetBucketVersioning".
	Operation string

	state  State
	reason string
	// beyond: no source of this origin ever says the value.
	beyond bool
	// defaulted is this place as the place where a default was filled in.
	defaulted *Source
}

// InCode returns the source of values read from lines of code.
func InCode(at Location) *Source { return newSource(Source{Location: at, state: Read}) }

// FromAPI returns the source of values that an API operation answered.
func FromAPI(operation string) *Source { return newSource(Source{Operation: operation, state: Read}) }

func newSource(s Source) *Source {
	pair := [2]Source{s, s}
	pair[1].state = Defaulted
	pair[0].defaulted = &pair[1]
	return &pair[0]
}

// notRead is the source of everything that nobody has set.
var notRead = &Source{reason: "not read"}

// providerDefault is the source of defaults that stand at no particular place.
var providerDefault = &Source{state: Defaulted}

// Missing returns the source of values that could not be read at this place.
// It may be shared by all values that the same failure left unknown.
// A nil receiver stands for no particular place.
func (s *Source) Missing(reason string) *Source {
	m := &Source{reason: reason}
	if s != nil {
		m.Location, m.Operation, m.beyond = s.Location, s.Operation, s.beyond
	}
	return m
}

// Elsewhere is the source of values that are stated in another place than the
// one that is read: the bucket whose policy stands here is in other code. Like
// what no source of the origin ever says, they are nothing to report.
func Elsewhere(reason string) *Source { return &Source{reason: reason, beyond: true} }

// BeyondOrigin reports whether no source of this origin ever says the value:
// code does not know when a password was last used. Nobody who reads a report
// of such an unknown could do anything about it.
func (s *Source) BeyondOrigin() bool { return s != nil && s.beyond }

// State says whether values of this source were read, defaulted or not read.
func (s *Source) State() State {
	if s == nil {
		return Unread
	}
	return s.state
}

// Reason says why values of this source are unknown; "" where they are known.
func (s *Source) Reason() string {
	if s == nil {
		return notRead.reason
	}
	return s.reason
}

// read returns the source for a value that is known to have been read here.
func (s *Source) read() *Source {
	if s == nil || s.state != Read {
		panic("asset: a known value needs a source made by InCode or FromAPI")
	}
	return s
}

func (s *Source) asDefault() *Source {
	switch {
	case s == nil:
		return providerDefault
	case s.defaulted != nil:
		return s.defaulted
	case s.state == Defaulted:
		return s
	}
	return &Source{Location: s.Location, Operation: s.Operation, state: Defaulted}
}
