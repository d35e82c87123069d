// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package live

import (
	"context"
	"slices"
	"strings"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/cloud/aws"
	"github.com/plumb-cspm/plumb/providers/aws/iam"
)

func emitAccount(ctx context.Context, r *aws.Reader, d details, report report) {
	client := sdk.NewFromConfig(r.Config())
	account := &iam.Account{
		PasswordPolicy:       readPasswordPolicy(ctx, r, client),
		Root:                 readRoot(ctx, r, client, report),
		SAMLProviders:        readSAMLProviders(ctx, r, client),
		SupportRoles:         d.holders("AWSSupportAccess"),
		CloudShellFullAccess: d.holders("AWSCloudShellFullAccess"),
	}
	a := r.Asset(iam.AccountType, "arn:"+r.Partition()+":iam::"+r.Account()+":root", r.Account())
	a.Config = account
	r.Emit(a)
}

func readPasswordPolicy(ctx context.Context, r *aws.Reader, client *sdk.Client) iam.PasswordPolicy {
	out, at := aws.Call(ctx, r, "iam:GetAccountPasswordPolicy", func(ctx context.Context) (*sdk.GetAccountPasswordPolicyOutput, error) {
		return client.GetAccountPasswordPolicy(ctx, &sdk.GetAccountPasswordPolicyInput{})
	}, "NoSuchEntity", "NoSuchEntityException")
	if at.State() == asset.Read && out == nil {
		return iam.NoPasswordPolicy(at)
	}
	var p types.PasswordPolicy
	if out != nil && out.PasswordPolicy != nil {
		p = *out.PasswordPolicy
	}
	flag := func(v bool) asset.Value[bool] { return asset.At(at, func() bool { return v }) }
	number := func(v *int32) asset.Value[int64] {
		return asset.At(at, func() int64 { return int64(awssdk.ToInt32(v)) })
	}
	return iam.PasswordPolicy{
		Declared: flag(true), MinimumLength: number(p.MinimumPasswordLength),
		RequireLowercase: flag(p.RequireLowercaseCharacters), RequireUppercase: flag(p.RequireUppercaseCharacters),
		RequireNumbers: flag(p.RequireNumbers), RequireSymbols: flag(p.RequireSymbols),
		MaxAge: number(p.MaxPasswordAge), ReusePrevention: number(p.PasswordReusePrevention),
	}
}

func readRoot(ctx context.Context, r *aws.Reader, client *sdk.Client, report report) iam.Root {
	out, at := aws.Call(ctx, r, "iam:GetAccountSummary", func(ctx context.Context) (*sdk.GetAccountSummaryOutput, error) {
		return client.GetAccountSummary(ctx, &sdk.GetAccountSummaryInput{})
	})
	has := func(fact string) asset.Value[bool] {
		return asset.At(at, func() bool { return out.SummaryMap[fact] > 0 })
	}
	root := iam.Root{MFA: has("AccountMFAEnabled"), AccessKeys: has("AccountAccessKeysPresent"), LastUsed: report.rootLastUsed()}

	// A second factor that is no virtual device is a hardware one.
	pager := sdk.NewListVirtualMFADevicesPaginator(client, &sdk.ListVirtualMFADevicesInput{AssignmentStatus: types.AssignmentStatusTypeAssigned})
	devices, listed, more := aws.Pages(ctx, r, "iam:ListVirtualMFADevices", pager, func(page *sdk.ListVirtualMFADevicesOutput) []types.VirtualMFADevice {
		return page.VirtualMFADevices
	})
	virtual := slices.ContainsFunc(devices, func(d types.VirtualMFADevice) bool {
		return d.User != nil && strings.HasSuffix(awssdk.ToString(d.User.Arn), ":root")
	})
	switch {
	case virtual:
		root.HardwareMFA = asset.Known(false, listed)
	case more != nil:
		root.HardwareMFA = asset.Then(root.MFA, func(on bool, at *asset.Source) asset.Value[bool] {
			if !on {
				return asset.Known(false, at)
			}
			return asset.Missing[bool](more)
		})
	default:
		root.HardwareMFA = root.MFA
	}
	return root
}

func readSAMLProviders(ctx context.Context, r *aws.Reader, client *sdk.Client) asset.List[asset.Value[string]] {
	out, at := aws.Call(ctx, r, "iam:ListSAMLProviders", func(ctx context.Context) (*sdk.ListSAMLProvidersOutput, error) {
		return client.ListSAMLProviders(ctx, &sdk.ListSAMLProvidersInput{})
	})
	return asset.ListAt(at, func() []asset.Value[string] {
		var arns []string
		for _, p := range out.SAMLProviderList {
			arns = append(arns, awssdk.ToString(p.Arn))
		}
		return asset.Strings(arns, at)
	})
}

func emitServerCertificates(ctx context.Context, r *aws.Reader) {
	pager := sdk.NewListServerCertificatesPaginator(sdk.NewFromConfig(r.Config()), &sdk.ListServerCertificatesInput{})
	certificates, at, _ := aws.Pages(ctx, r, "iam:ListServerCertificates", pager, func(page *sdk.ListServerCertificatesOutput) []types.ServerCertificateMetadata {
		return page.ServerCertificateMetadataList
	})
	for _, c := range certificates {
		emit(r, iam.ServerCertificateType, awssdk.ToString(c.Arn), awssdk.ToString(c.ServerCertificateName), nil, at, &iam.ServerCertificate{
			ExpiresAt: asset.At(at, func() time.Time { return awssdk.ToTime(c.Expiration) }),
		})
	}
}
