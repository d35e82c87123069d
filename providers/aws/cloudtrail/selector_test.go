// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"fmt"
	"testing"

	"github.com/plumb-cspm/plumb/internal/asset"
)

var here = asset.InCode(asset.Location{File: "main.tf", StartLine: 1})

func texts(values ...string) asset.List[asset.Value[asset.Text]] {
	list := make([]asset.Value[asset.Text], len(values))
	for i, v := range values {
		list[i] = asset.Known(asset.NewText(v), here)
	}
	return asset.ListOf(list, here)
}

func none() asset.List[asset.Value[asset.Text]] {
	return asset.DefaultList[asset.Value[asset.Text]](nil, here)
}

func field(name string, values ...string) FieldSelector {
	return FieldSelector{Field: asset.Known(name, here), Equals: texts(values...), StartsWith: none(), EndsWith: none()}
}

func startsWith(name string, values ...string) FieldSelector {
	return FieldSelector{Field: asset.Known(name, here), Equals: none(), StartsWith: texts(values...), EndsWith: none()}
}

func advanced(fields ...FieldSelector) AdvancedSelector {
	return AdvancedSelector(asset.ListOf(fields, here))
}

func basic(readWrite string, management bool, typ string, values ...string) BasicSelector {
	data := asset.DefaultList[DataResource](nil, here)
	if typ != "" {
		data = asset.ListOf([]DataResource{{Type: asset.Known(typ, here), Values: texts(values...)}}, here)
	}
	return BasicSelector{ReadWrite: asset.Known(readWrite, here), Management: asset.Known(management, here), Data: data}
}

// show writes what is recorded as four letters: management reads and writes,
// reads and writes of objects; - for no and ? for unknown.
func show(e Events) string {
	letter := func(v asset.Value[bool], yes string) string {
		on, known := v.Get()
		switch {
		case !known:
			return "?"
		case on:
			return yes
		}
		return "-"
	}
	return fmt.Sprint(letter(e.ManagementRead, "r"), letter(e.ManagementWrite, "w"), letter(e.S3Read, "R"), letter(e.S3Write, "W"))
}

func TestWhatSelectorsRecord(t *testing.T) {
	t.Parallel()
	notRead := asset.Unknown[string]("var.kind has no value", here)
	excluding := FieldSelector{Field: asset.Known("eventSource", here), Equals: none(), StartsWith: none(), EndsWith: none()}
	objects := []FieldSelector{field("eventCategory", "Data"), field("resources.type", "AWS::S3::Object")}
	for name, tt := range map[string]struct {
		recorded Events
		want     string
	}{
		"basic, all":                       {basic("All", true, "").Recorded(), "rw--"},
		"basic, reads only":                {basic("ReadOnly", true, "").Recorded(), "r---"},
		"basic, no management events":      {basic("All", false, "").Recorded(), "----"},
		"basic, all buckets":               {basic("All", true, s3Object, "arn:aws:s3").Recorded(), "rwRW"},
		"basic, all buckets by prefix":     {basic("WriteOnly", false, s3Object, "arn:aws:s3:::").Recorded(), "---W"},
		"basic, another partition":         {basic("All", false, s3Object, "arn:aws-cn:s3").Recorded(), "--RW"},
		"basic, one bucket":                {basic("All", true, s3Object, "arn:aws:s3:::acme/").Recorded(), "rw--"},
		"basic, functions":                 {basic("All", true, "AWS::Lambda::Function", "arn:aws:lambda").Recorded(), "rw--"},
		"basic, unknown direction":         {BasicSelector{notRead, asset.Known(true, here), asset.ListOf[DataResource](nil, here)}.Recorded(), "??--"},
		"advanced, management":             {advanced(field("eventCategory", "Management")).Recorded(), "rw--"},
		"advanced, management writes":      {advanced(field("eventCategory", "Management"), field("readOnly", "false")).Recorded(), "-w--"},
		"advanced, without KMS":            {advanced(field("eventCategory", "Management"), excluding).Recorded(), "rw--"},
		"advanced, one service":            {advanced(field("eventCategory", "Management"), field("eventSource", "ec2.amazonaws.com")).Recorded(), "----"},
		"advanced, objects":                {advanced(objects...).Recorded(), "--RW"},
		"advanced, objects read":           {advanced(append(objects, field("readOnly", "true"))...).Recorded(), "--R-"},
		"advanced, objects of all buckets": {advanced(append(objects, startsWith("resources.ARN", "arn:aws:s3:::"))...).Recorded(), "--RW"},
		"advanced, objects of one bucket":  {advanced(append(objects, startsWith("resources.ARN", "arn:aws:s3:::acme/"))...).Recorded(), "----"},
		"advanced, some calls":             {advanced(append(objects, field("eventName", "DeleteObject"))...).Recorded(), "----"},
		"advanced, data of tables":         {advanced(field("eventCategory", "Data"), field("resources.type", "AWS::DynamoDB::Table")).Recorded(), "----"},
		"advanced, there may be more": {
			AdvancedSelector(asset.OpenList([]FieldSelector{field("eventCategory", "Management")}, "dynamic", here)).Recorded(), "????",
		},
		"advanced, an unknown field": {
			advanced(field("eventCategory", "Management"), FieldSelector{notRead, texts("x"), none(), none()}).Recorded(), "??--",
		},
	} {
		if got := show(tt.recorded); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

func TestWhatSeveralSelectorsRecordTogether(t *testing.T) {
	t.Parallel()
	reads, writes := basic("ReadOnly", true, "").Recorded(), basic("WriteOnly", true, s3Object, "arn:aws:s3").Recorded()
	for name, tt := range map[string]struct {
		selectors asset.List[Events]
		want      string
	}{
		"none":                      {asset.DefaultList[Events](nil, here), "rw--"},
		"both":                      {asset.ListOf([]Events{reads, writes}, here), "rw-W"},
		"one and there may be more": {asset.OpenList([]Events{reads}, "dynamic", here), "r???"},
		"not read":                  {asset.UnknownList[Events]("AccessDenied", here), "????"},
	} {
		if got := show(Together(tt.selectors)); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

func TestCoversAllBuckets(t *testing.T) {
	t.Parallel()
	bucket, variable := asset.Hole{Reason: "later", Computed: "aws_s3_bucket.b.arn"}, asset.Hole{Reason: "var.x has no value"}
	hole := asset.HoleMark(0)
	for name, tt := range map[string]struct {
		text asset.Text
		want string
	}{
		"everything":                  {asset.NewText("arn:aws:s3"), "true"},
		"everything, with colons":     {asset.NewText("arn:aws:s3:::"), "true"},
		"unknown partition":           {asset.NewText("arn:"+hole+":s3", variable), "true"},
		"one bucket":                  {asset.NewText("arn:aws:s3:::acme/"), "false"},
		"another service":             {asset.NewText("arn:aws:lambda"), "false"},
		"a bucket of the code":        {asset.NewText(hole, bucket), "false"},
		"its objects":                 {asset.NewText(hole+"/", bucket), "false"},
		"a bucket that is not known":  {asset.NewText("arn:aws:s3:::"+hole, variable), "false"},
		"objects that are not known":  {asset.NewText(hole+"/logs", variable), "false"},
		"a value that is not known":   {asset.NewText(hole, variable), "var.x has no value"},
		"a service that is not known": {asset.NewText("arn:aws:"+hole, variable), "var.x has no value"},
	} {
		v := coversAllBuckets(asset.Known(tt.text, here))
		got := v.Reason()
		if yes, known := v.Get(); known {
			got = fmt.Sprint(yes)
		}
		if got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}
