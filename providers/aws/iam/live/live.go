// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package live reads AWS IAM from its API. Two bulk calls answer for all
// principals and policies: the authorization details and the credential report.
package live

import (
	"context"

	"github.com/plumb-cspm/plumb/internal/source/cloud"
	"github.com/plumb-cspm/plumb/internal/source/cloud/aws"
	"github.com/plumb-cspm/plumb/providers/aws/iam"
)

// Collectors reads IAM once an account.
func Collectors() []aws.Collector {
	return []aws.Collector{{Service: "iam", Global: true, Operations: operations(), Collect: collect}}
}

func operations() []cloud.Operation {
	return []cloud.Operation{
		{
			Name: "iam:GetAccountAuthorizationDetails",
			Fills: []string{
				iam.UserType, iam.GroupType, iam.RoleType, iam.PolicyType, iam.AccountType,
				iam.AccountType + ".support_principals", iam.AccountType + ".cloudshell_full_access_principals",
			},
		},
		{Name: "iam:GenerateCredentialReport", Fills: reportFields()},
		{Name: "iam:GetCredentialReport", Fills: reportFields()},
		{Name: "iam:GetAccountSummary", Fills: []string{iam.AccountType + ".root.mfa", iam.AccountType + ".root.access_keys", iam.AccountType + ".root.hardware_mfa"}},
		{Name: "iam:ListVirtualMFADevices", Fills: []string{iam.AccountType + ".root.hardware_mfa"}},
		{Name: "iam:GetAccountPasswordPolicy", Fills: []string{iam.AccountType + ".password_policy"}},
		{Name: "iam:ListSAMLProviders", Fills: []string{iam.AccountType + ".saml_providers"}},
		{Name: "iam:ListServerCertificates", Fills: []string{iam.ServerCertificateType}},
	}
}

// reportFields are the fields that the credential report answers for.
func reportFields() []string {
	return []string{
		iam.UserType + ".console_access", iam.UserType + ".mfa", iam.UserType + ".password_last_used",
		iam.UserType + ".access_keys", iam.AccountType + ".root.last_used",
	}
}

func collect(ctx context.Context, r *aws.Reader) error {
	details := readDetails(ctx, r)
	report := readReport(ctx, r)
	emitUsers(r, details, report)
	emitGroups(r, details)
	emitRoles(r, details)
	emitPolicies(r, details)
	emitAccount(ctx, r, details, report)
	emitServerCertificates(ctx, r)
	return nil
}
