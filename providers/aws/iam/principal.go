// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package iam

import (
	"time"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/aws/policy"
)

// User is an IAM user: a person's or a program's long-lived identity.
type User struct {
	// ConsoleAccess says that the user has a password.
	ConsoleAccess asset.Value[bool] `plumb:"console_access"`
	// MFA says that a second factor is registered.
	MFA asset.Value[bool] `plumb:"mfa" code:"a second factor is registered by the person, not in code"`
	// PasswordLastUsed is when somebody last signed in with the password; the
	// moment the password was made where nobody ever did.
	PasswordLastUsed asset.Value[time.Time] `plumb:"password_last_used" code:"only a live account knows when a password was used"`
	AccessKeys       asset.List[AccessKey]  `plumb:"access_keys"`
	AttachedPolicies asset.List[Attached]   `plumb:"attached_policies"`
	InlinePolicies   asset.List[Inline]     `plumb:"inline_policies"`
	Groups           asset.List[asset.Ref]  `plumb:"groups" target:"aws.iam.group"`
	CreatedAt        asset.Value[time.Time] `plumb:"created_at" code:"code does not say when the user was made"`
	Path             asset.Value[string]    `plumb:"path"`
}

// AccessKey is a long-lived key of a user.
type AccessKey struct {
	Active asset.Value[bool] `plumb:"active"`
	// RotatedAt is when the key was made or last replaced.
	RotatedAt asset.Value[time.Time] `plumb:"rotated_at" code:"code does not say when the key was made"`
	// LastUsed is when the key was last used; RotatedAt where it never was.
	LastUsed asset.Value[time.Time] `plumb:"last_used" code:"only a live account knows when a key was used"`
}

// Attached is a managed policy on a principal.
type Attached struct {
	ARN asset.Value[string] `plumb:"arn"`
	// Name is the last part of the ARN: "AdministratorAccess".
	Name asset.Value[string] `plumb:"name"`
	// AWSManaged says that AWS wrote the policy.
	AWSManaged asset.Value[bool] `plumb:"aws_managed"`
}

// Inline is a policy that lives in a principal.
type Inline struct {
	Name     asset.Value[string] `plumb:"name"`
	Document policy.Document     `plumb:"document"`
}

// Group is a set of users with the same rights.
type Group struct {
	AttachedPolicies asset.List[Attached] `plumb:"attached_policies"`
	InlinePolicies   asset.List[Inline]   `plumb:"inline_policies"`
	// Members are the users in the group.
	Members asset.List[asset.Ref] `plumb:"members" target:"aws.iam.user" reverse:"aws.iam.user.groups"`
}

// Role is an identity that somebody else takes on.
type Role struct {
	// TrustPolicy says who may take the role on.
	TrustPolicy      policy.Document      `plumb:"trust_policy"`
	AttachedPolicies asset.List[Attached] `plumb:"attached_policies"`
	InlinePolicies   asset.List[Inline]   `plumb:"inline_policies"`
	// ServiceLinked roles belong to a service: nobody else can change them.
	ServiceLinked asset.Value[bool]   `plumb:"service_linked"`
	Path          asset.Value[string] `plumb:"path"`
	// PermissionsBoundary is the ARN of the policy that bounds the role, or "".
	PermissionsBoundary asset.Value[string] `plumb:"permissions_boundary"`
}

// Policy is a customer's policy: managed, or inline in a principal.
type Policy struct {
	Document policy.Document `plumb:"document"`
	// Kind is managed or inline.
	Kind asset.Value[string] `plumb:"kind"`
	// Attached says that a principal has the policy. One in code is there to be
	// attached, if not by the same code.
	Attached asset.Value[bool] `plumb:"attached"`
}

// ServerCertificate is a TLS certificate kept in IAM.
type ServerCertificate struct {
	ExpiresAt asset.Value[time.Time] `plumb:"expires_at"`
}

// Account are the sign-in settings of an account and facts of its root user.
type Account struct {
	PasswordPolicy PasswordPolicy `plumb:"password_policy"`
	Root           Root           `plumb:"root"`
	// SAMLProviders are the ARNs of the identity providers that people sign in by.
	SAMLProviders asset.List[asset.Value[string]] `plumb:"saml_providers" code:"code shows only a part of the account"`
	// SupportRoles are the roles, users and groups with the AWSSupportAccess policy.
	SupportRoles asset.List[asset.Value[string]] `plumb:"support_principals" code:"code shows only a part of the account"`
	// CloudShellFullAccess are those with the AWSCloudShellFullAccess policy.
	CloudShellFullAccess asset.List[asset.Value[string]] `plumb:"cloudshell_full_access_principals" code:"code shows only a part of the account"`
}

// PasswordPolicy is what passwords of users must be like.
type PasswordPolicy struct {
	// Declared says that the account has a policy of its own. Without one, AWS
	// asks for 8 characters and no more.
	Declared         asset.Value[bool]  `plumb:"declared"`
	MinimumLength    asset.Value[int64] `plumb:"minimum_length"`
	RequireLowercase asset.Value[bool]  `plumb:"require_lowercase"`
	RequireUppercase asset.Value[bool]  `plumb:"require_uppercase"`
	RequireNumbers   asset.Value[bool]  `plumb:"require_numbers"`
	RequireSymbols   asset.Value[bool]  `plumb:"require_symbols"`
	// MaxAge is the days after which a password must be changed; 0 for never.
	MaxAge asset.Value[int64] `plumb:"max_age_days"`
	// ReusePrevention is how many former passwords are refused; 0 for none.
	ReusePrevention asset.Value[int64] `plumb:"reuse_prevention"`
}

// Root are facts of the account's root user.
type Root struct {
	MFA asset.Value[bool] `plumb:"mfa" code:"the root user is no part of code"`
	// HardwareMFA says that the second factor is a device, not a program.
	HardwareMFA asset.Value[bool] `plumb:"hardware_mfa" code:"the root user is no part of code"`
	AccessKeys  asset.Value[bool] `plumb:"access_keys" code:"the root user is no part of code"`
	// LastUsed is when the root user last signed in or used a key; the account's
	// beginning where it never did.
	LastUsed asset.Value[time.Time] `plumb:"last_used" code:"the root user is no part of code"`
}
