// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package aws_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/google/go-cmp/cmp"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/cloud"
	cloudaws "github.com/plumb-cspm/plumb/internal/source/cloud/aws"
)

// answer is the error that an SDK client returns for an answer of AWS.
func answer(status int, code, message string) error {
	inner := errors.New("decode the answer")
	if code != "" {
		inner = &smithy.GenericAPIError{Code: code, Message: message}
	}
	return &smithy.OperationError{ServiceID: "S3", OperationName: "GetBucketPolicy", Err: &smithyhttp.ResponseError{
		Response: &smithyhttp.Response{Response: &http.Response{StatusCode: status}}, Err: inner,
	}}
}

func TestClassify(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		err  error
		want cloud.Failure
	}{
		"denied": {
			answer(403, "AccessDenied", "Access Denied"),
			cloud.Failure{Status: asset.Denied, Code: "AccessDenied"},
		},
		"denied by an organisation's policy": {
			answer(403, "AccessDeniedException", "User: arn:aws:sts::111122223333:assumed-role/audit/plumb is not authorized to perform: "+
				"kms:ListKeys with an explicit deny in a service control policy"),
			cloud.Failure{Status: asset.Denied, Code: "AccessDeniedException", Detail: "explicit deny in a service control policy"},
		},
		"denied because nothing allows": {
			answer(400, "AccessDeniedException", "User: arn:aws:iam::111122223333:user/u is not authorized to perform: kms:ListKeys "+
				"because no identity-based policy allows the kms:ListKeys action"),
			cloud.Failure{Status: asset.Denied, Code: "AccessDeniedException", Detail: "no identity-based policy allows"},
		},
		"denied by EC2": {
			answer(403, "UnauthorizedOperation", "You are not authorized. Encoded authorization failure message: "+strings.Repeat("aB3-_x", 30)),
			cloud.Failure{Status: asset.Denied, Code: "UnauthorizedOperation"},
		},
		"a 403 with a code of its own":  {answer(403, "TrailIsSecret", "no"), cloud.Failure{Status: asset.Denied, Code: "TrailIsSecret"}},
		"region not enabled":            {answer(401, "AuthFailure", "AWS was not able to validate"), cloud.Failure{Status: asset.Denied, Code: "AuthFailure"}},
		"credentials expired":           {answer(400, "ExpiredTokenException", "expired"), cloud.Failure{Status: asset.Denied, Code: "ExpiredTokenException"}},
		"throttled with a 400":          {answer(400, "ThrottlingException", "Rate exceeded"), cloud.Failure{Status: asset.Throttled, Code: "ThrottlingException", Detail: "Rate exceeded"}},
		"throttled with a 503":          {answer(503, "SlowDown", ""), cloud.Failure{Status: asset.Throttled, Code: "SlowDown"}},
		"throttled without a known one": {answer(429, "Busy", ""), cloud.Failure{Status: asset.Throttled, Code: "Busy"}},
		"throttled in old words":        {answer(400, "AWS.Service.RequestThrottled", ""), cloud.Failure{Status: asset.Throttled, Code: "AWS.Service.RequestThrottled"}},
		"operation not known":           {answer(404, "UnknownOperationException", ""), cloud.Failure{Status: asset.Unsupported, Code: "UnknownOperationException"}},
		"operation not supported":       {answer(400, "UnsupportedOperation", "not in this region"), cloud.Failure{Status: asset.Unsupported, Code: "UnsupportedOperation", Detail: "not in this region"}},
		"not implemented":               {answer(501, "Whatever", ""), cloud.Failure{Status: asset.Unsupported, Code: "Whatever"}},
		"a 403 for what is unsupported": {answer(403, "UnsupportedOperationException", ""), cloud.Failure{Status: asset.Unsupported, Code: "UnsupportedOperationException"}},
		"server error":                  {answer(500, "InternalError", "We failed"), cloud.Failure{Status: asset.Failed, Code: "InternalError", Detail: "We failed"}},
		"page of a gateway":             {answer(502, "", ""), cloud.Failure{Status: asset.Failed, Code: "BadGateway"}},
		"page that forbids":             {answer(403, "", ""), cloud.Failure{Status: asset.Denied, Code: "Forbidden"}},
		"connection refused": {
			fmt.Errorf("send: %w", &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}),
			cloud.Failure{Status: asset.Unreachable, Detail: "connection refused"},
		},
		"interrupted":     {fmt.Errorf("send: %w", context.Canceled), cloud.Failure{Status: asset.Skipped, Detail: "interrupted"}},
		"something else":  {fmt.Errorf("operation error: %w", errors.New("input member Bucket must not be empty")), cloud.Failure{Status: asset.Failed, Detail: "input member Bucket must not be empty"}},
		"out of attempts": {errors.Join(answer(500, "InternalError", ""), errors.New("no further attempt")), cloud.Failure{Status: asset.Failed, Code: "InternalError"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, cloudaws.Classify(tt.err)); diff != "" {
				t.Errorf("failure (-want +got):\n%s", diff)
			}
		})
	}
}
