// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"strings"
	"testing"

	"github.com/plumb-cspm/plumb/internal/asset"
)

func TestDeniesInsecureTransport(t *testing.T) {
	t.Parallel()
	base := map[string]string{
		"Effect": `"Deny"`, "Principal": `"*"`, "Action": `"s3:*"`, "Resource": `["arn:aws:s3:::b", "arn:aws:s3:::b/*"]`,
		"Condition": `{"Bool": {"aws:SecureTransport": "false"}}`,
	}
	order := []string{"Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"}
	object := asset.Hole{Reason: after, Computed: "aws_s3_object.o.arn"}
	for _, tt := range []struct{ element, instead, want string }{
		{"", "", "yes"},
		{"Effect", `"Allow"`, "no"},
		{"Effect", `"%0"`, varX},
		{"Principal", `{"AWS": "*"}`, "yes"},
		{"Principal", `{"AWS": "111111111111"}`, "no"},
		{"Principal", `{"AWS": "%0"}`, varX},
		{"NotPrincipal", `{"AWS": "111111111111"}`, "no"},
		{"Action", `"*"`, "yes"},
		{"Action", `"S3:*"`, "yes"},
		{"Action", `["s3:Get*", "s3:Put*"]`, "no"},
		{"Action", `"s3:%0"`, varX},
		{"NotAction", `"ec2:*"`, "yes"},
		{"NotAction", `"s3:List*"`, "no"},
		{"NotAction", `"%0"`, varX},
		{"Resource", `"*"`, "yes"},
		{"Resource", `"arn:aws:s3:::b*"`, "yes"},
		{"Resource", `["arn:aws:s3:::b", "arn:aws:s3:::b*/*"]`, "whether arn:aws:s3:::b*/* is all objects of the bucket"},
		{"Resource", `["arn:aws:s3:::b?", "arn:aws:s3:::b/*"]`, "whether arn:aws:s3:::b? is the whole bucket"},
		{"Resource", `["${aws:username}", "arn:aws:s3:::b/*"]`, "no"},
		{"Resource", `["arn:aws:s3:::b", "${aws:username}/*"]`, "no"},
		{"Resource", `"arn:aws:s3:::b"`, "no"},
		{"Resource", `"arn:aws:s3:::b/*"`, "no"},
		{"Resource", `["arn:aws:s3:::b", "arn:aws:s3:::b/private/*"]`, "no"},
		{"Resource", `["%1", "%1/*"]`, "yes"},
		{"Resource", `["arn:aws:s3:::%1", "arn:aws:s3:::%1/*"]`, "yes"},
		{"Resource", `"%1/*"`, "no"},
		{"Resource", `["%2", "%2/*"]`, after},
		{"Resource", `["arn:aws:s3:::%0", "arn:aws:s3:::%0/*"]`, varX},
		{"Resource", `["arn:aws:s3:::%0/*", "arn:aws:s3:::%0/x"]`, "no"},
		{"Resource", `["arn:aws:s3:::b", "%0"]`, varX},
		{"Resource", `"%0"`, varX},
		{"NotResource", `"arn:aws:s3:::b/x"`, "whether NotResource leaves out a part of the bucket"},
		{"Condition", `{}`, "yes"}, // everything is denied, without TLS too
		{"Condition", `{"Bool": {"aws:securetransport": false}}`, "yes"},
		{"Condition", `{"BoolIfExists": {"aws:SecureTransport": "false"}}`, "yes"},
		{"Condition", `{"StringEquals": {"aws:SecureTransport": "false"}}`, "yes"},
		{"Condition", `{"Bool": {"aws:SecureTransport": "true"}}`, "no"},
		{"Condition", `{"Bool": {"aws:SecureTransport": "%0"}}`, varX},
		{"Condition", `{"Null": {"aws:SecureTransport": "false"}}`, "no"},
		{"Condition", `{"NumericLessThan": {"s3:TlsVersion": "1.2"}}`, "no"},
		{"Condition", `{"Bool": {"aws:SecureTransport": "false"}, "StringEquals": {"aws:PrincipalAccount": "111111111111"}}`, "no"},
		{"Condition", `{"Bool": {"aws:SecureTransport": "false"}, "StringEquals": %0}`, varX},
	} {
		var members []string
		for _, name := range order {
			text := base[name]
			if name == tt.element {
				text = tt.instead
			}
			if strings.TrimPrefix(tt.element, "Not") == name && tt.element != name {
				text = ""
			}
			if text != "" {
				members = append(members, `"`+name+`": `+text)
			}
		}
		d := with(`{"Statement": {`+strings.Join(members, ", ")+`}}`, free, computed, object)
		if got := said(d.DeniesInsecureTransport()); got != tt.want {
			t.Errorf("with %s %s: %s, want %s", tt.element, tt.instead, got, tt.want)
		}
	}
}

func TestDeniesInsecureTransportTogether(t *testing.T) {
	t.Parallel()
	deny := func(resource string) string {
		return `{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "` + resource + `", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}`
	}
	for statements, want := range map[string]string{
		deny("arn:aws:s3:::b") + "," + deny("arn:aws:s3:::b/*"): "yes",
		deny("arn:aws:s3:::b") + "," + deny("arn:aws:s3:::b"):   "no",
		deny("arn:aws:s3:::b") + ",%0":                          varX,
		"":                                                      "no",
	} {
		if got := said(with(`{"Statement": [`+statements+`]}`, free).DeniesInsecureTransport()); got != want {
			t.Errorf("[%s]: %s, want %s", statements, got, want)
		}
	}
}
