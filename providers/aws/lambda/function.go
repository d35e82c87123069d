// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package lambda

import (
	"time"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/aws/policy"
)

// Function is a Lambda function, without its published versions and aliases.
type Function struct {
	// Declared says that the function itself was read. Code may hold permissions
	// for a function that is defined elsewhere: such a permission is a function of
	// which nothing but the policy is known.
	Declared asset.Value[bool] `plumb:"declared"`
	// PackageType is Zip or Image.
	PackageType asset.Value[string] `plumb:"package_type"`
	// Runtime is the identifier of Lambda's runtime: "python3.13"; "" for a
	// container image, which brings its own.
	Runtime asset.Value[string] `plumb:"runtime"`
	// RuntimeDeprecatedAt is when AWS stops to patch the runtime, or stopped.
	RuntimeDeprecatedAt asset.Value[time.Time] `plumb:"runtime_deprecated_at"`
	// Policy says who may invoke the function without a permission of his own. In
	// code it holds the permissions on versions and aliases too.
	Policy policy.Document `plumb:"policy"`
}

// FunctionURL is an HTTPS address at which a function, or an alias of it,
// answers.
type FunctionURL struct {
	Function asset.Ref `plumb:"function" target:"aws.lambda.function"`
	// AuthType is AWS_IAM, or NONE for everyone.
	AuthType asset.Value[string] `plumb:"auth_type"`
}
