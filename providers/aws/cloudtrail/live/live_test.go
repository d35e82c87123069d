// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/mototest"
	"github.com/plumb-cspm/plumb/internal/source/cloud/aws"
	"github.com/plumb-cspm/plumb/providers/all/roomtest"
	"github.com/plumb-cspm/plumb/providers/aws/cloudtrail"
	"github.com/plumb-cspm/plumb/providers/aws/cloudtrail/live"
)

func TestRoom(t *testing.T) {
	roomtest.Room{
		Collectors: live.Collectors(),
		Seed:       seed,
		Build:      map[string]func(*testing.T, awssdk.Config, *asset.Asset) string{cloudtrail.TrailType: build},
	}.Test(t)
}

// bucketName is unique to the test: moto shares bucket names between accounts.
func bucketName(t *testing.T) string {
	sum := sha256.Sum256([]byte(t.Name()))
	return "plumb-trail-" + hex.EncodeToString(sum[:8])
}

// create makes a trail, and the bucket that moto wants to see.
func create(t *testing.T, cfg awssdk.Config, trail cloudtrail.Trail, name string) {
	t.Helper()
	bucket, ctx, c := bucketName(t), t.Context(), sdk.NewFromConfig(cfg)
	buckets := s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true; o.Region = mototest.Region })
	mototest.Must(buckets.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: &bucket}))(t)
	in := &sdk.CreateTrailInput{
		Name: &name, S3BucketName: &bucket, IsMultiRegionTrail: awssdk.Bool(trail.MultiRegion.Or(false)),
		EnableLogFileValidation: awssdk.Bool(trail.LogValidation.Or(false)),
		TagsList:                []types.Tag{{Key: awssdk.String("owner"), Value: awssdk.String("security")}},
	}
	if trail.KMSEncrypted.Or(false) {
		in.KmsKeyId = awssdk.String("arn:aws:kms:us-east-1:111122223333:key/0a0a0a0a-0000-4000-8000-000000000000")
	}
	if trail.CloudWatchLogs.Or(false) {
		in.CloudWatchLogsLogGroupArn = awssdk.String("arn:aws:logs:us-east-1:111122223333:log-group:trail:*")
		in.CloudWatchLogsRoleArn = awssdk.String("arn:aws:iam::111122223333:role/trail")
	}
	mototest.Must(c.CreateTrail(ctx, in))(t)
	if trail.Logging.Or(false) {
		mototest.Must(c.StartLogging(ctx, &sdk.StartLoggingInput{Name: &name}))(t)
	}
	if trail.Insights.Or(false) {
		mototest.Must(c.PutInsightSelectors(ctx, &sdk.PutInsightSelectorsInput{
			TrailName: &name, InsightSelectors: []types.InsightSelector{{InsightType: types.InsightTypeApiCallRateInsight}},
		}))(t)
	}
	mototest.Must(c.PutEventSelectors(ctx, &sdk.PutEventSelectorsInput{TrailName: &name, EventSelectors: selectors(trail.Events)}))(t)
}

// selectors record what the events say, one direction each.
func selectors(e cloudtrail.Events) []types.EventSelector {
	direction := func(kind types.ReadWriteType, management, objects asset.Value[bool]) types.EventSelector {
		s := types.EventSelector{ReadWriteType: kind, IncludeManagementEvents: awssdk.Bool(management.Or(false))}
		if objects.Or(false) {
			s.DataResources = []types.DataResource{{Type: awssdk.String("AWS::S3::Object"), Values: []string{"arn:aws:s3"}}}
		}
		return s
	}
	return []types.EventSelector{
		direction(types.ReadWriteTypeReadOnly, e.ManagementRead, e.S3Read),
		direction(types.ReadWriteTypeWriteOnly, e.ManagementWrite, e.S3Write),
	}
}

func seed(t *testing.T, cfg awssdk.Config) {
	create(t, cfg, trail(true), "everything")
}

// trail is one on which everything is on, in all regions or in its own.
func trail(multiRegion bool) cloudtrail.Trail {
	on := asset.Default(true, nil)
	return cloudtrail.Trail{
		Logging: on, MultiRegion: asset.Default(multiRegion, nil), LogValidation: on, KMSEncrypted: on, CloudWatchLogs: on, Insights: on,
		Events: cloudtrail.Events{ManagementRead: on, ManagementWrite: on, S3Read: on, S3Write: on},
	}
}

func build(t *testing.T, cfg awssdk.Config, a *asset.Asset) string {
	name := "built-" + a.Location.String()[len(a.Location.File)+1:]
	create(t, cfg, *a.Config.(*cloudtrail.Trail), name)
	return name
}

func TestATrailOfAllRegionsIsOneAssetAtHome(t *testing.T) {
	t.Parallel()
	server := mototest.Start(t)
	home := server.Config(t)
	home.Region = "us-west-2"
	create(t, home, trail(true), "everything")
	for _, regions := range [][]string{{mototest.Region}, {"us-west-2"}, {mototest.Region, "us-west-2", "us-east-2"}} {
		reading := server.Read(t, aws.Config{Regions: regions}, live.Collectors()...)
		a := reading.Asset(t, cloudtrail.TrailType, "everything")
		if a.Scope.Region != "us-west-2" {
			t.Errorf("%v: the trail is at home in %s", regions, a.Scope.Region)
		}
		if logging, known := a.Config.(*cloudtrail.Trail).Logging.Get(); !known || !logging {
			t.Errorf("%v: logging is %v (known: %v)", regions, logging, known)
		}
	}
}

func TestATrailOfAnotherRegionOnlyIsLeftOut(t *testing.T) {
	t.Parallel()
	server := mototest.Start(t)
	create(t, server.Config(t), trail(false), "local")
	if n := trails(server.Read(t, aws.Config{}, live.Collectors()...)); n != 1 {
		t.Errorf("%d trails in its own region", n)
	}
	if n := trails(server.Read(t, aws.Config{Regions: []string{"us-east-2"}}, live.Collectors()...)); n != 0 {
		t.Errorf("%d trails in a region that it says nothing of", n)
	}
}

func trails(r *mototest.Reading) int {
	n := 0
	for _, a := range r.Assets {
		if a.Type == cloudtrail.TrailType {
			n++
		}
	}
	return n
}
