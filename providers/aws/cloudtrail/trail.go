// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// Trail delivers a record of API calls to a bucket. One that covers all regions
// is one trail, of the region that it was made in.
type Trail struct {
	// Records is the account whose calls the trail records.
	Records asset.Ref `plumb:"records" target:"aws.cloudtrail.account"`
	// Bucket is where the record goes.
	Bucket asset.Ref `plumb:"bucket" target:"aws.s3.bucket"`
	// Logging says that the trail is not switched off.
	Logging     asset.Value[bool] `plumb:"logging"`
	MultiRegion asset.Value[bool] `plumb:"multi_region"`
	// Organization says that the trail records all accounts of an organisation.
	Organization asset.Value[bool] `plumb:"organization"`
	// Inherited says that the trail is the organisation's and belongs to another
	// account: it counts here, but nobody here can change it.
	Inherited asset.Value[bool] `plumb:"inherited"`
	// LogValidation signs a digest of the files, which shows that none was
	// changed or taken away.
	LogValidation asset.Value[bool] `plumb:"log_validation"`
	// KMSEncrypted says that a KMS key encrypts the files, not only the bucket's
	// own encryption.
	KMSEncrypted asset.Value[bool] `plumb:"kms_encrypted"`
	// CloudWatchLogs says that the record also goes to a log group.
	CloudWatchLogs asset.Value[bool] `plumb:"cloudwatch_logs"`
	// Insights says that CloudTrail looks for unusual numbers of calls or errors.
	Insights asset.Value[bool] `plumb:"insights"`
	Events   Events            `plumb:"events"`
}

// Events are the kinds of calls that a trail records.
type Events struct {
	// ManagementRead and ManagementWrite are calls about resources. A trail that
	// leaves out the many calls to KMS or the RDS Data API records them.
	ManagementRead  asset.Value[bool] `plumb:"management_read"`
	ManagementWrite asset.Value[bool] `plumb:"management_write"`
	// S3Read and S3Write are calls about objects, in every bucket of the account.
	// A trail that leaves out buckets by name, such as its own, records them.
	S3Read  asset.Value[bool] `plumb:"s3_read"`
	S3Write asset.Value[bool] `plumb:"s3_write"`
}

// Account is what CloudTrail records of an account.
type Account struct {
	// Trails are the trails that record the account, the organisation's included.
	Trails asset.List[asset.Ref] `plumb:"trails" target:"aws.cloudtrail.trail" reverse:"aws.cloudtrail.trail.records"`
}

// Owner is the account that a trail's ARN names; "" if it names none. An
// organisation's trail belongs to the management account in all member accounts.
func Owner(arn string) string {
	if parts := strings.Split(arn, ":"); len(parts) > 4 {
		return parts[4]
	}
	return ""
}
