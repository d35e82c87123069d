// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/aws/policy"
)

const (
	documentType  = "policy.Document"
	statementType = "policy.Statement"
)

var stringList = cel.ListType(cel.StringType)

// policyFunctions ask what an IAM policy means. Each answers as the method of
// the policy package documents.
func policyFunctions() []function {
	return []function{
		method("public", "Whether a statement of the policy is public by AWS's definition.",
			documentType, cel.BoolType, (*policy.Document).Public),
		method("grants_full_admin", "Whether a statement allows every action on every resource without condition.",
			documentType, cel.BoolType, (*policy.Document).GrantsFullAdmin),
		method("denies_insecure_transport", "Whether a bucket policy denies everyone all requests that do not use TLS.",
			documentType, cel.BoolType, (*policy.Document).DeniesInsecureTransport),
		method("public", "Whether the statement is public by AWS's definition.",
			statementType, cel.BoolType, (*policy.Statement).Public),
		method("trusts_everyone", "Whether the statement allows any AWS principal.",
			statementType, cel.BoolType, (*policy.Statement).TrustsEveryone),
		method("allows_every_action", "Whether the statement allows the action *.",
			statementType, cel.BoolType, (*policy.Statement).AllowsEveryAction),
		method("covers_every_resource", "Whether one of the statement's resources stands for all of an account.",
			statementType, cel.BoolType, (*policy.Statement).CoversEveryResource),
		method("is_unconditional", "Whether the statement has no condition.",
			statementType, cel.BoolType, (*policy.Statement).IsUnconditional),
		method("limits_source", "Whether a condition limits on whose behalf a service may use the grant.",
			statementType, cel.BoolType, (*policy.Statement).LimitsSource),
		methodOfText("allows", "Whether the statement grants the action, such as 'iam:PassRole', on some resource.",
			statementType, cel.BoolType, (*policy.Statement).Allows),
		methodOfText("trusts_oidc", "Whether the statement allows identities of the OpenID Connect issuer.",
			statementType, cel.BoolType, (*policy.Statement).TrustsOIDC),
		methodOfText("admits_any_tenant", "Whether the trust policy lets identities of the OpenID Connect issuer in that nothing limits to known ones.",
			documentType, cel.BoolType, (*policy.Document).AdmitsAnyTenant),
		methodOfText("pins_oidc", "Whether a condition limits the issuer's identities to known ones.",
			statementType, cel.BoolType, (*policy.Statement).PinsOIDC),
		listMethod("service_principals", "The AWS services that the statement names.",
			statementType, (*policy.Statement).ServicePrincipals),
		{
			name: "external_accounts", receiver: statementType,
			doc: "The accounts other than the given one that the statement names as principals.",
			// Not strict: a statement that names no account has no external one,
			// whichever account is one's own.
			overload: cel.MemberOverload("policy_Statement_external_accounts",
				[]*cel.Type{cel.ObjectType(statementType), cel.StringType}, stringList,
				cel.OverloadIsNonStrict(), cel.BinaryBinding(externalAccounts)),
		},
	}
}

func externalAccounts(statement, own ref.Val) ref.Val {
	o, ok := statement.(*object)
	if !ok {
		return statement // unknown, or an error
	}
	s, ok := o.pointer().(*policy.Statement)
	if !ok {
		return types.NewErr("want a statement, not a %T", o.pointer())
	}
	account := asset.Unknown[string]("the account is not known", nil)
	switch v := own.(type) {
	case types.String:
		account = asset.Known(string(v), inAnExpression)
	case *types.Err:
		return v
	}
	list := s.ExternalAccounts(account)
	return o.frame.list(&list, o.path)
}

// inAnExpression is the source of values that an expression states itself.
var inAnExpression = asset.FromAPI("")
