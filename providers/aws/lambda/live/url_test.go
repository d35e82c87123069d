// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package live

import (
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/plumb-cspm/plumb/internal/asset"
)

func TestAURLBelongsToTheFunctionWhateverItsAlias(t *testing.T) {
	t.Parallel()
	const function = "arn:aws:lambda:eu-west-1:111122223333:function:hook"
	at := asset.FromAPI("lambda:ListFunctionUrlConfigs")
	for _, arn := range []string{function, function + ":live"} {
		u := urlOf(types.FunctionUrlConfig{FunctionArn: awssdk.String(arn), AuthType: types.FunctionUrlAuthTypeNone}, at)
		if got := u.Function.Key(); got != function {
			t.Errorf("%s: the function is %s", arn, got)
		}
		if got, known := u.AuthType.Get(); !known || got != "NONE" {
			t.Errorf("%s: the type is %q, known %v", arn, got, known)
		}
		if missing := asset.Unset(u); len(missing) > 0 {
			t.Errorf("%s: nobody set %v", arn, missing)
		}
	}
}
