// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/cloudformation"
)

// CloudFormation reads the room's assets from CloudFormation.
func CloudFormation() []cloudformation.Decoder {
	return []cloudformation.Decoder{{Resources: []string{"AWS::CloudTrail::Trail"}, Decode: trailsInStack}}
}

func trailsInStack(s *cloudformation.Stack, emit func(*asset.Asset)) {
	account := s.Implied(AccountType)
	account.Config = &Account{}
	emit(account)
	for _, r := range s.Resources("AWS::CloudTrail::Trail") {
		a := r.Asset(TrailType, r.String("TrailName").Or(""))
		a.Config = &Trail{
			Records:        asset.RefTo(account.ID, r.Source()),
			Bucket:         r.Ref("S3BucketName", "AWS::S3::Bucket"),
			Logging:        r.Bool("IsLogging", true),
			MultiRegion:    r.Bool("IsMultiRegionTrail"),
			Organization:   r.Bool("IsOrganizationTrail"),
			Inherited:      asset.Default(false, r.Source()),
			LogValidation:  r.Bool("EnableLogFileValidation"),
			KMSEncrypted:   r.Given("KMSKeyId"),
			CloudWatchLogs: r.Given("CloudWatchLogsLogGroupArn"),
			Insights:       hasAny(r.Blocks("InsightSelectors")),
			Events:         eventsInStack(r),
		}
		emit(a)
	}
}

// eventsInStack reads the selectors of either kind; a trail has one kind only.
func eventsInStack(r *cloudformation.Resource) Events {
	basic := each(r.Blocks("EventSelectors"), func(s *cloudformation.Block) Events {
		return BasicSelector{
			ReadWrite:  s.String("ReadWriteType", "All"),
			Management: s.Bool("IncludeManagementEvents", true),
			Data: each(s.Blocks("DataResources"), func(d *cloudformation.Block) DataResource {
				return DataResource{Type: d.String("Type"), Values: d.Texts("Values")}
			}),
		}.Recorded()
	})
	if len(basic.Elems()) > 0 || !basic.IsComplete() {
		return Together(basic)
	}
	return Together(each(r.Blocks("AdvancedEventSelectors"), func(s *cloudformation.Block) Events {
		return AdvancedSelector(each(s.Blocks("FieldSelectors"), func(f *cloudformation.Block) FieldSelector {
			return FieldSelector{
				Field: f.String("Field"), Equals: f.Texts("Equals"), StartsWith: f.Texts("StartsWith"), EndsWith: f.Texts("EndsWith"),
			}
		})).Recorded()
	}))
}
