// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"testing"

	"github.com/plumb-cspm/plumb/internal/asset"
)

func TestPublicPrincipals(t *testing.T) {
	t.Parallel()
	for principal, want := range map[string]string{
		`"Principal": "*"`:                                                        "yes",
		`"Principal": {"AWS": "*"}`:                                               "yes",
		`"Principal": {"AWS": ["111111111111", "*"]}`:                             "yes",
		`"Principal": {"Federated": "graph.facebook.com"}`:                        "yes",
		`"Principal": {"Federated": "cognito-identity.amazonaws.com"}`:            "yes",
		`"Principal": {"Service": "*"}`:                                           "yes",
		`"NotPrincipal": {"AWS": "111111111111"}`:                                 "yes",
		`"Principal": {"AWS": "111111111111"}`:                                    "no",
		`"Principal": {"AWS": "arn:aws:iam::111111111111:role/r"}`:                "no",
		`"Principal": {"CanonicalUser": "79a5"}`:                                  "no",
		`"Principal": {"Service": "logging.s3.amazonaws.com"}`:                    "no",
		`"Principal": {"Federated": "arn:aws:iam::111111111111:saml-provider/x"}`: "no",
		`"Principal": {}`:                                                         "no",
		`"Sid": "an identity policy has no principal"`:                            "no",
		`"Principal": {"AWS": "%0"}`:                                              varX,
		`"Principal": {"AWS": "arn:aws:iam::%0:root"}`:                            "no",
		`"Principal": {"AWS": "%1"}`:                                              "no",
		`"Principal": {"AWS": ["%0", "*"]}`:                                       "yes",
		`"Principal": {"Federated": "%0"}`:                                        varX,
		`"Principal": {"Federated": "%1"}`:                                        "no",
		`"Principal": {"Federated": "arn:aws:iam::%0:oidc-provider/x"}`:           "no",
		`"Principal": {"Service": "%0.amazonaws.com"}`:                            "no",
		`"Principal": %0`:                                                         varX,
		`"NotPrincipal": {"AWS": "%0"}`:                                           "yes",
	} {
		s := statement(t, `"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", `+principal, free, computed)
		if got := said(s.Public()); got != want {
			t.Errorf("public with %s: %s, want %s", principal, got, want)
		}
		denial := statement(t, `"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*", `+principal, free, computed)
		if got := said(denial.Public()); got != "no" {
			t.Errorf("a denial to %s is public: %s", principal, got)
		}
	}
}

func TestPublicConditions(t *testing.T) {
	t.Parallel()
	for condition, want := range map[string]string{
		// Fixed values of who asks or from where.
		`"StringEquals": {"aws:SourceVpc": "vpc-91237329"}`:                                          "no",
		`"StringEquals": {"AWS:SOURCEVPC": ["vpc-1", "vpc-2"]}`:                                      "no",
		`"StringEqualsIgnoreCase": {"aws:SourceVpce": "vpce-1"}`:                                     "no",
		`"ArnEquals": {"aws:SourceArn": "arn:aws:s3:::b"}`:                                           "no",
		`"StringLike": {"aws:PrincipalOrgID": "o-1"}`:                                                "no",
		`"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-1/r-1/ou-1/*"}`:                      "no",
		`"StringEquals": {"kms:CallerAccount": "111111111111", "kms:ViaService": "x"}`:               "no",
		`"Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"}`:                               "no",
		`"Bool": {"aws:PrincipalIsAWSService": true}`:                                                "no",
		`"StringLike": {"s3:DataAccessPointArn": "arn:aws:s3:us-west-2:123456789012:accesspoint/*"}`: "no",
		`"StringEquals": {"aws:SourceAccount": []}`:                                                  "no", // matches nobody
		// Other conditions beside such a one change nothing, on whatever side.
		`"StringEquals": {"aws:SourceVpc": "vpc-1", "s3:prefix": "x"}, "Bool": {"aws:SecureTransport": "true"}`: "no",
		// Not fixed.
		`"StringLike": {"aws:SourceVpc": "vpc-*"}`:                                "yes",
		`"StringLike": {"aws:SourceVpc": ["vpc-1", "vpc-?"]}`:                     "yes",
		`"StringEquals": {"aws:SourceAccount": "${aws:PrincipalAccount}"}`:        "yes",
		`"StringLike": {"aws:userid": "AROAEXAMPLE:*"}`:                           "yes",
		`"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"}`:            "yes",
		`"StringLike": {"s3:DataAccessPointArn": "arn:aws:s3:*:*:accesspoint/x"}`: "yes",
		`"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-*/r-1/*"}`:        "yes",
		`"Bool": {"elasticfilesystem:AccessedViaMountTarget": ["true", "false"]}`: "yes",
		`"Bool": {"aws:PrincipalIsAWSService": false}`:                            "yes",
		// Conditions that hold when the key is missing, or for all but some.
		`"StringEqualsIfExists": {"aws:SourceVpc": "vpc-1"}`:         "yes",
		`"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-1"}`: "yes",
		`"StringNotEquals": {"aws:SourceVpc": "vpc-1"}`:              "yes",
		`"ArnNotLike": {"aws:SourceArn": "arn:aws:s3:::b"}`:          "yes",
		`"Null": {"aws:SourceVpc": "false"}`:                         "yes",
		// Keys that everybody can satisfy.
		`"StringEquals": {"s3:prefix": "x"}`:                   "yes",
		`"StringEquals": {"aws:Referer": "https://x.example"}`: "yes",
		`"StringEquals": {"aws:PrincipalTag/team": "a"}`:       "yes",
		`"Bool": {"aws:SecureTransport": "true"}`:              "yes",
		`"IpAddress": {"aws:VpcSourceIp": "10.0.0.0/8"}`:       "yes",
		// Ranges.
		`"IpAddress": {"aws:SourceIp": "8.8.8.0/24"}`:                "no",
		`"IpAddress": {"aws:SourceIp": ["8.0.0.0/8", "2600::/32"]}`:  "no",
		`"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}`:                "no",
		`"IpAddress": {"aws:SourceIp": "8.8.8.8"}`:                   "no",
		`"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}`:                 "yes",
		`"IpAddress": {"aws:SourceIp": "0.0.0.0/1"}`:                 "yes",
		`"IpAddress": {"aws:SourceIp": ["8.8.8.8/32", "8.0.0.0/7"]}`: "yes",
		`"IpAddress": {"aws:SourceIp": "2600::/31"}`:                 "yes",
		`"NotIpAddress": {"aws:SourceIp": "8.8.8.8/32"}`:             "yes",
		`"IpAddressIfExists": {"aws:SourceIp": "8.8.8.8/32"}`:        "yes",
		`"StringLike": {"aws:SourceIp": "8.8.*"}`:                    "yes",
		`"IpAddress": {"aws:SourceIp": "office"}`:                    `read "office" as an IP range: not an address`,
		// Unknown parts.
		`"StringEquals": {"aws:SourceVpc": "%0"}`:                                          varX,
		`"StringEquals": {"aws:SourceVpc": "%1"}`:                                          "no",
		`"StringLike": {"aws:SourceVpc": "%0-*"}`:                                          "yes",
		`"StringEquals": {"aws:SourceVpc": ["%0", "vpc-*"]}`:                               "yes",
		`"StringEquals": {"aws:SourceVpc": %0}`:                                            varX,
		`"%0": {"aws:SourceVpc": "vpc-1"}`:                                                 varX,
		`"%0": {"s3:prefix": "x"}`:                                                         "yes",
		`"StringEquals": {"aws:%0": "vpc-1"}`:                                              varX,
		`"StringEquals": {"s3:pre%0": "x"}`:                                                "yes",
		`"StringEquals": {"aws:%0": "x-*"}`:                                                "yes",
		`"StringEquals": {"aws:%0": "o-1/*"}`:                                              varX, // aws:PrincipalOrgPaths, perhaps
		`"StringEquals": {"aws:SourceVpc": "vpc-1"}, "Bool": %0`:                           "no",
		`"IpAddress": {"aws:SourceIp": "%0"}`:                                              varX,
		`"IpAddress": {"aws:SourceIp": "%0/32"}`:                                           "no",
		`"IpAddress": {"aws:SourceIp": "%0/0"}`:                                            varX,
		`"StringLike": {"s3:DataAccessPointArn": "arn:aws:s3:eu-west-1:%0:accesspoint/*"}`: varX,
		`"StringLike": {"s3:DataAccessPointArn": "arn:aws:s3:eu-west-1:%1:accesspoint/*"}`: "no",
		`%0`: varX,
	} {
		s := statement(t, `"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*", "Condition": {`+condition+`}`, free, computed)
		if got := said(s.Public()); got != want {
			t.Errorf("public under {%s}: %s, want %s", condition, got, want)
		}
	}
}

func TestPublicDocument(t *testing.T) {
	t.Parallel()
	const fixed = `{"Effect": "Allow", "Principal": {"AWS": "111111111111"}, "Action": "*", "Resource": "*"}`
	const open = `{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}`
	for statements, want := range map[string]string{
		"":                 "no",
		fixed:              "no",
		fixed + "," + open: "yes",
		"%0," + open:       "yes",
		fixed + ",%0":      varX,
		open + `,{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}`: "yes",
	} {
		if got := said(with(`{"Statement": [`+statements+`]}`, free).Public()); got != want {
			t.Errorf("public with [%s]: %s, want %s", statements, got, want)
		}
	}
}

func TestLimitsSource(t *testing.T) {
	t.Parallel()
	for condition, want := range map[string]string{
		`"StringEquals": {"aws:SourceAccount": "111111111111"}`:           "yes",
		`"StringEquals": {"aws:SourceAccount": "${aws:ResourceAccount}"}`: "yes",
		`"StringEquals": {"aws:SourceOrgID": "o-1"}`:                      "yes",
		`"ForAnyValue:StringLike": {"aws:SourceOrgPaths": "o-1/*"}`:       "yes",
		`"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:111111111111:*"}`:    "yes",
		`"ArnLike": {"aws:SourceArn": "arn:aws:s3:::b"}`:                  "yes",
		`"ArnLike": {"AWS:SourceArn": "%1"}`:                              "yes",
		`"ArnLike": {"AWS:SourceArn": "%1/*/GET/*"}`:                      "yes",
		`"ArnLike": {"AWS:SourceArn": "%0/*/GET/*"}`:                      varX,
		`"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:%0:*"}`:              varX,
		`"ArnLike": {"aws:SourceArn": "arn:aws:s3:::b*"}`:                 "no",
		`"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:topic"}`:           "no",
		`"StringLike": {"aws:SourceAccount": "*"}`:                        "no",
		`"StringEqualsIfExists": {"aws:SourceAccount": "111111111111"}`:   "no",
		`"StringNotEquals": {"aws:SourceAccount": "111111111111"}`:        "no",
		`"StringEquals": {"aws:PrincipalOrgID": "o-1"}`:                   "no",
		``: "no",
	} {
		s := statement(t, `"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sts:AssumeRole", "Condition": {`+condition+`}`, free, computed)
		if got := said(s.LimitsSource()); got != want {
			t.Errorf("source under {%s}: %s, want %s", condition, got, want)
		}
	}
}

const bucketPolicy = `{"Version": "2012-10-17", "Statement": [
	{"Sid": "Owner", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111111111111:root"}, "Action": "s3:*", "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]},
	{"Sid": "Org", "Effect": "Allow", "Principal": "*", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": "arn:aws:s3:::b/*",
		"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3"}}},
	{"Sid": "TLS", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"],
		"Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}`

func BenchmarkParse(b *testing.B) {
	text := asset.Known(bucketPolicy, inCode)
	b.SetBytes(int64(len(bucketPolicy)))
	for b.Loop() {
		ParseString(text)
	}
}

func BenchmarkPublic(b *testing.B) {
	d := ParseString(asset.Known(bucketPolicy, inCode))
	for b.Loop() {
		d.Public()
	}
}

func BenchmarkGrantsFullAdmin(b *testing.B) {
	d := ParseString(asset.Known(bucketPolicy, inCode))
	for b.Loop() {
		d.GrantsFullAdmin()
	}
}
