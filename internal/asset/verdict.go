// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package asset

// Outcome is what a control says of an asset. A control that does not apply
// says nothing: there is no verdict.
type Outcome string

// The outcomes.
const (
	Pass      Outcome = "pass"
	Fail      Outcome = "fail"
	Undecided Outcome = "unknown"
)

// Verdict is the outcome of one control on one asset.
type Verdict struct {
	Control   string // the control's id
	Asset     *Asset
	Outcome   Outcome
	Message   string     // one sentence that names the value found
	DecidedBy []Evidence // for fail and unknown
	Unknown   []Gap      // for unknown only
}

// Evidence is one value that decided a verdict.
type Evidence struct {
	Path   string // as in expressions: "asset.ingress[1].cidr"
	Value  any    // string, bool, number, or a short text for a list; nil for a gap
	Source *Source
}

// Gap is one value that would have been needed and could not be read.
type Gap struct {
	Path   string `json:"path"`
	Reason string `json:"reason"`
}

// Status says how completely a part of a source was read.
type Status string

// The statuses of coverage.
const (
	Covered     Status = "complete"
	Partial     Status = "partial"
	Denied      Status = "denied"
	Throttled   Status = "throttled"
	Unreachable Status = "unreachable"
	Unsupported Status = "unsupported"
	Failed      Status = "failed"
	Skipped     Status = "skipped"
)

// Coverage is one line of what a source looked at, or could not look at and why.
type Coverage struct {
	// Scope is the account and region, or the root, that was looked at:
	// "aws/123456789012/us-east-1", "code:envs/prod".
	Scope string
	// Part is what was looked at there: "s3:GetBucketPolicy", "module.vpc", a file.
	Part string
	// Location is the place in code, where there is one.
	Location Location
	Status   Status
	Reason   string
	// Count is how many calls, files or blocks the line stands for; at least 1.
	Count int
}
