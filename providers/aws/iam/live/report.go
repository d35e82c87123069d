// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package live

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/cloud/aws"
	"github.com/plumb-cspm/plumb/providers/aws/iam"
)

// report is the credential report: one row a user, and one for the root user.
type report struct {
	rows map[string]row // by ARN
	at   *asset.Source  // or why there is no report
}

type row map[string]string

const rootRow = "<root_account>"

// The report is made in the background; a big account's takes some seconds.
const (
	reportTries = 12
	reportPause = 500 * time.Millisecond
)

func readReport(ctx context.Context, r *aws.Reader) report {
	client := sdk.NewFromConfig(r.Config())
	for try := range reportTries {
		made, at := aws.Call(ctx, r, "iam:GenerateCredentialReport", func(ctx context.Context) (*sdk.GenerateCredentialReportOutput, error) {
			return client.GenerateCredentialReport(ctx, &sdk.GenerateCredentialReportInput{})
		})
		switch {
		case at.State() == asset.Unread:
			return report{at: at}
		case made.State == types.ReportStateTypeComplete:
			return fetchReport(ctx, r, client)
		case try == reportTries-1:
			return report{at: at.Missing("the credential report was not ready in time")}
		}
		select {
		case <-ctx.Done():
			return report{at: at.Missing("interrupted while the credential report was made")}
		case <-time.After(reportPause):
		}
	}
	return report{}
}

func fetchReport(ctx context.Context, r *aws.Reader, client *sdk.Client) report {
	out, at := aws.Call(ctx, r, "iam:GetCredentialReport", func(ctx context.Context) (*sdk.GetCredentialReportOutput, error) {
		return client.GetCredentialReport(ctx, &sdk.GetCredentialReportInput{})
	})
	if at.State() == asset.Unread {
		return report{at: at}
	}
	rows, err := parseReport(out.Content)
	if err != nil {
		return report{at: at.Missing(err.Error())}
	}
	return report{rows, at}
}

func parseReport(content []byte) (map[string]row, error) {
	lines, err := csv.NewReader(bytes.NewReader(content)).ReadAll()
	if err != nil || len(lines) == 0 {
		return nil, fmt.Errorf("the credential report cannot be read: %w", err)
	}
	rows := map[string]row{}
	for _, line := range lines[1:] {
		fields := row{}
		for i, name := range lines[0] {
			fields[name] = line[i]
		}
		if fields["user"] == rootRow {
			rows[rootRow] = fields
		} else {
			rows[fields["arn"]] = fields
		}
	}
	return rows, nil
}

// fill sets what the report says of a user. A user made after the report is not
// in it.
func (p report) fill(u *iam.User, arn string) {
	at, fields := p.at, p.rows[arn]
	if fields == nil && at.State() != asset.Unread {
		at = at.Missing("the credential report is older than this user")
	}
	u.ConsoleAccess = asset.At(at, func() bool { return fields["password_enabled"] == "true" })
	u.MFA = asset.At(at, func() bool { return fields["mfa_active"] == "true" })
	u.PasswordLastUsed = asset.At(at, func() time.Time {
		return fields.time("password_last_used", "password_last_changed", "user_creation_time")
	})
	u.AccessKeys = asset.ListAt(at, func() []iam.AccessKey {
		var keys []iam.AccessKey
		for _, key := range []string{"access_key_1", "access_key_2"} {
			if fields[key+"_last_rotated"] == "N/A" && fields[key+"_active"] != "true" {
				continue // there is no such key
			}
			keys = append(keys, iam.AccessKey{
				Active:    asset.Known(fields[key+"_active"] == "true", at),
				RotatedAt: asset.Known(fields.time(key+"_last_rotated", "user_creation_time"), at),
				LastUsed:  asset.Known(fields.time(key+"_last_used_date", key+"_last_rotated", "user_creation_time"), at),
			})
		}
		return keys
	})
}

// rootLastUsed is the latest use of the root user's password or keys; the
// account's beginning where there was none.
func (p report) rootLastUsed() asset.Value[time.Time] {
	at, fields := p.at, p.rows[rootRow]
	if fields == nil && at.State() != asset.Unread {
		at = at.Missing("the credential report has no row for the root user")
	}
	return asset.At(at, func() time.Time {
		latest := fields.time("user_creation_time")
		for _, use := range []string{"password_last_used", "access_key_1_last_used_date", "access_key_2_last_used_date"} {
			if t, err := time.Parse(time.RFC3339, fields[use]); err == nil && t.After(latest) {
				latest = t
			}
		}
		return latest
	})
}

// time is the first of the columns that holds a moment: the report writes "N/A"
// and "no_information" for uses that never were.
func (fields row) time(columns ...string) time.Time {
	for _, c := range columns {
		if t, err := time.Parse(time.RFC3339, fields[c]); err == nil {
			return t.UTC()
		}
	}
	return time.Unix(0, 0).UTC()
}
