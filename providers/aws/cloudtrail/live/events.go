// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package live

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/cloud/aws"
	"github.com/plumb-cspm/plumb/providers/aws/cloudtrail"
)

func (h home) readEvents(ctx context.Context, arn string) cloudtrail.Events {
	out, at := aws.Call(ctx, h.Reader, "cloudtrail:GetEventSelectors", func(ctx context.Context) (*sdk.GetEventSelectorsOutput, error) {
		return h.client.GetEventSelectors(ctx, &sdk.GetEventSelectorsInput{TrailName: &arn})
	})
	return cloudtrail.Together(asset.ListAt(at, func() []cloudtrail.Events {
		var recorded []cloudtrail.Events
		for _, s := range out.EventSelectors {
			recorded = append(recorded, basic(s, at).Recorded())
		}
		for _, s := range out.AdvancedEventSelectors {
			recorded = append(recorded, advanced(s, at).Recorded())
		}
		return recorded
	}))
}

func basic(s types.EventSelector, at *asset.Source) cloudtrail.BasicSelector {
	data := make([]cloudtrail.DataResource, len(s.DataResources))
	for i, d := range s.DataResources {
		data[i] = cloudtrail.DataResource{Type: asset.Known(awssdk.ToString(d.Type), at), Values: texts(d.Values, at)}
	}
	return cloudtrail.BasicSelector{
		ReadWrite:  asset.Known(string(s.ReadWriteType), at),
		Management: asset.Known(s.IncludeManagementEvents == nil || *s.IncludeManagementEvents, at),
		Data:       asset.ListOf(data, at),
	}
}

func advanced(s types.AdvancedEventSelector, at *asset.Source) cloudtrail.AdvancedSelector {
	fields := make([]cloudtrail.FieldSelector, len(s.FieldSelectors))
	for i, f := range s.FieldSelectors {
		fields[i] = cloudtrail.FieldSelector{
			Field:  asset.Known(awssdk.ToString(f.Field), at),
			Equals: texts(f.Equals, at), StartsWith: texts(f.StartsWith, at), EndsWith: texts(f.EndsWith, at),
		}
	}
	return cloudtrail.AdvancedSelector(asset.ListOf(fields, at))
}

func texts(values []string, at *asset.Source) asset.List[asset.Value[asset.Text]] {
	list := make([]asset.Value[asset.Text], len(values))
	for i, v := range values {
		list[i] = asset.Known(asset.NewText(v), at)
	}
	return asset.ListOf(list, at)
}
