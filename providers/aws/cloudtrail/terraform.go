// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/terraform"
)

func decodeTrails(r *terraform.Root, emit func(*asset.Asset)) {
	account := r.Implied(AccountType)
	account.Config = &Account{}
	emit(account)
	for _, b := range r.Resources("aws_cloudtrail") {
		a := b.Asset(TrailType, b.String("name").Or(""))
		a.Config = &Trail{
			Records:        asset.RefTo(account.ID, b.Source()),
			Bucket:         b.Ref("s3_bucket_name", "aws_s3_bucket"),
			Logging:        b.Bool("enable_logging", true),
			MultiRegion:    b.Bool("is_multi_region_trail"),
			Organization:   b.Bool("is_organization_trail"),
			Inherited:      asset.Default(false, b.Source()),
			LogValidation:  b.Bool("enable_log_file_validation"),
			KMSEncrypted:   b.Given("kms_key_id"),
			CloudWatchLogs: b.Given("cloud_watch_logs_group_arn"),
			Insights:       hasAny(b.Blocks("insight_selector")),
			Events:         decodeEvents(b),
		}
		emit(a)
	}
}

// decodeEvents reads the selectors of either kind; a trail has one kind only.
func decodeEvents(b *terraform.Block) Events {
	basic := each(b.Blocks("event_selector"), func(s *terraform.Block) Events {
		return BasicSelector{
			ReadWrite:  s.String("read_write_type", "All"),
			Management: s.Bool("include_management_events", true),
			Data: each(s.Blocks("data_resource"), func(d *terraform.Block) DataResource {
				return DataResource{Type: d.String("type"), Values: d.Texts("values")}
			}),
		}.Recorded()
	})
	advanced := each(b.Blocks("advanced_event_selector"), func(s *terraform.Block) Events {
		return AdvancedSelector(each(s.Blocks("field_selector"), func(f *terraform.Block) FieldSelector {
			return FieldSelector{
				Field: f.String("field"), Equals: f.Texts("equals"), StartsWith: f.Texts("starts_with"), EndsWith: f.Texts("ends_with"),
			}
		})).Recorded()
	})
	if len(basic.Elems()) > 0 || !basic.IsComplete() {
		return Together(basic)
	}
	return Together(advanced)
}

// each makes a list of what the elements of another stand for; open where that
// is.
func each[T, U any](list asset.List[T], of func(T) U) asset.List[U] {
	elems := make([]U, len(list.Elems()))
	for i, e := range list.Elems() {
		elems[i] = of(e)
	}
	switch reason, open := list.More(); {
	case open && len(elems) == 0:
		return asset.UnknownList[U](reason, list.Source())
	case open:
		return asset.OpenList(elems, reason, list.Source())
	}
	return asset.ListAt(list.Source(), func() []U { return elems })
}
