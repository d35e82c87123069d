// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package aws

import (
	"errors"
	"net/http"
	"regexp"
	"strings"

	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/aws/smithy-go"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/cloud"
)

// Classify says in the terms of coverage why a call failed.
func Classify(err error) cloud.Failure {
	if misuse, ok := errors.AsType[*misuseError](err); ok {
		return cloud.Failure{Status: asset.Failed, Detail: misuse.Error()}
	}
	if lost, ok := errors.AsType[*lostError](err); ok {
		return cloud.Failure{Status: asset.Unreachable, Detail: lost.Error()}
	}
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		return answeredWith(api.ErrorCode(), api.ErrorMessage(), httpStatus(err))
	}
	if failure, network := cloud.NetworkFailure(err); network {
		return failure
	}
	if status := httpStatus(err); status >= 400 {
		return answeredWith(strings.ReplaceAll(http.StatusText(status), " ", ""), "", status)
	}
	return cloud.Failure{Status: asset.Failed, Detail: redact(rootCause(err).Error())}
}

// answeredWith classifies an error that AWS itself answered with.
func answeredWith(code, message string, httpStatus int) cloud.Failure {
	if code == "" {
		code = "UnknownError"
	}
	failure := cloud.Failure{Status: statusOf(code, httpStatus), Code: code, Detail: redact(message)}
	if failure.Status == asset.Denied {
		// The rest of such a message names the caller and the resource.
		failure.Detail = policyHint(message)
	}
	return failure
}

func statusOf(code string, httpStatus int) asset.Status {
	// Query protocols write "AWS.SimpleQueueService.NonExistentQueue" and the
	// like; some services append what the code does not need to be recognised.
	last := code[strings.LastIndexByte(code, '.')+1:]
	switch {
	case throttleCodes[last], httpStatus == http.StatusTooManyRequests:
		return asset.Throttled
	case deniedCodes[last], strings.HasPrefix(last, "AccessDenied"), strings.HasPrefix(last, "UnauthorizedOperation"):
		return asset.Denied
	case unsupportedCodes[last], httpStatus == http.StatusNotImplemented:
		return asset.Unsupported
	case httpStatus == http.StatusUnauthorized, httpStatus == http.StatusForbidden:
		return asset.Denied
	}
	return asset.Failed
}

var throttleCodes = set("Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled",
	"RequestThrottledException", "TooManyRequestsException", "RequestLimitExceeded", "BandwidthLimitExceeded",
	"ProvisionedThroughputExceededException", "PriorRequestNotComplete", "SlowDown", "EC2ThrottledException")

var deniedCodes = set("AuthFailure", "AuthorizationError", "AuthorizationErrorException", "Forbidden", "NotAuthorized",
	"UnrecognizedClientException", "InvalidClientTokenId", "SignatureDoesNotMatch", "InvalidSignatureException",
	"ExpiredToken", "ExpiredTokenException", "RequestExpired", "OptInRequired", "SubscriptionRequiredException",
	"KMSAccessDeniedException", "AllAccessDisabled", "InvalidAccessKeyId", "MissingAuthenticationToken",
	"MissingAuthenticationTokenException", "IncompleteSignature", "InvalidToken")

var unsupportedCodes = set("UnsupportedOperation", "UnsupportedOperationException", "OperationNotSupportedException",
	"UnknownOperation", "UnknownOperationException", "InvalidAction", "NotImplemented", "NotSupported",
	"UnsupportedFeatureException", "UnsupportedRegion", "UnsupportedAPIEndpointException", "MethodNotAllowed")

func set(codes ...string) map[string]bool {
	m := make(map[string]bool, len(codes))
	for _, c := range codes {
		m[c] = true
	}
	return m
}

func httpStatus(err error) int {
	if response, ok := errors.AsType[*smithyhttp.ResponseError](err); ok {
		return response.HTTPStatusCode()
	}
	return 0
}

// policyHint says which kind of policy denied a request, where AWS tells.
func policyHint(message string) string {
	if deny := explicitDeny.FindStringSubmatch(message); deny != nil {
		return "explicit deny in " + deny[1]
	}
	return allowedByNone.FindString(message)
}

var (
	explicitDeny  = regexp.MustCompile(`explicit deny in (an? [a-z -]+ policy)`)
	allowedByNone = regexp.MustCompile(`no [a-z -]+ policy allows`)
)

// redact shortens a message to what a person needs and drops what nobody should
// see in a report: request ids, keys, tokens, encoded blobs.
func redact(message string) string {
	message = strings.Join(strings.Fields(message), " ")
	message = requestID.ReplaceAllString(message, "")
	message = accessKey.ReplaceAllString(message, "[access key]")
	message = opaque.ReplaceAllStringFunc(message, func(word string) string {
		if strings.ContainsAny(word, "0123456789") {
			return "[...]"
		}
		return word
	})
	message = strings.TrimRight(strings.TrimSpace(message), ".:; ")
	const most = 160
	if runes := []rune(message); len(runes) > most {
		message = string(runes[:most-1]) + "…"
	}
	return message
}

var (
	requestID = regexp.MustCompile(`(?i)\(?\b(service: [^;)]*; |status code: [^;,)]*[;,] )*(request ?id|host ?id|proxy)\b[ :=]+[^ ;,)]+[;,]?\)?`)
	accessKey = regexp.MustCompile(`\bA[KS]IA[A-Z0-9]{12,}\b`)
	opaque    = regexp.MustCompile(`[A-Za-z0-9+/=_-]{40,}`)
)

// rootCause is the innermost error: the SDK wraps with what it was doing.
func rootCause(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}
