// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package aws

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/logging"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/cloud"
)

var roleForm = regexp.MustCompile(`^arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+$`)

// A region that does not answer costs one connect timeout. A request that is
// not answered in its time is tried again.
const (
	connectTimeout = 5 * time.Second
	headerTimeout  = 30 * time.Second
	requestTimeout = 90 * time.Second
)

// open loads the configuration, finds credentials and asks whose they are.
func open(ctx context.Context, cfg Config) (*account, error) {
	total := cfg.Concurrency
	if total <= 0 {
		total = defaultConcurrency
	}
	a := &account{
		asked: cfg.Regions, need: cfg.Need, log: cfg.Logger,
		perService: min(perServiceConcurrency, total),
		limiter:    cloud.NewLimiter(total, perServiceConcurrency),
	}
	if a.log == nil {
		a.log = slog.New(slog.DiscardHandler)
	}
	var err error
	if a.config, err = load(ctx, cfg, a.log); err != nil {
		return nil, err
	}
	if err := a.signIn(ctx, cfg); err != nil {
		return nil, err
	}
	a.home = a.config.Region
	a.config.APIOptions = append(slices.Clip(a.config.APIOptions), a.install)
	return a, a.identify(ctx)
}

func load(ctx context.Context, cfg Config, log *slog.Logger) (aws.Config, error) {
	client := awshttp.NewBuildableClient().
		WithTimeout(requestTimeout).
		WithDialerOptions(func(d *net.Dialer) { d.Timeout = connectTimeout }).
		WithTransportOptions(func(t *http.Transport) {
			t.TLSHandshakeTimeout = connectTimeout
			t.ResponseHeaderTimeout = headerTimeout
			t.MaxIdleConnsPerHost = perServiceConcurrency
			t.MaxIdleConns = 0
		})
	retries := newRetryer()
	options := []func(*awsconfig.LoadOptions) error{
		awsconfig.WithHTTPClient(client),
		awsconfig.WithRetryer(func() aws.Retryer { return retries }),
		awsconfig.WithLogger(logging.LoggerFunc(func(_ logging.Classification, format string, args ...any) {
			log.DebugContext(context.WithoutCancel(ctx), "aws sdk", "message", redact(fmt.Sprintf(format, args...)))
		})),
	}
	if cfg.Profile != "" {
		options = append(options, awsconfig.WithSharedConfigProfile(cfg.Profile))
	}
	loaded, err := awsconfig.LoadDefaultConfig(ctx, append(options, cfg.Options...)...)
	var noProfile awsconfig.SharedConfigProfileNotExistError
	switch {
	case errors.As(err, &noProfile):
		return loaded, &cloud.UsageError{Problem: "there is no AWS profile " + noProfile.Profile + " in the shared configuration"}
	case err != nil:
		return loaded, fmt.Errorf("load the AWS configuration: %w", err)
	}
	if loaded.Region == "" {
		loaded.Region = firstRegion(cfg.Regions)
	}
	return loaded, nil
}

// firstRegion is where to ask when the configuration names no region.
func firstRegion(asked []string) string {
	if len(asked) > 0 {
		return asked[0]
	}
	return "us-east-1"
}

// signIn finds credentials, and with them those of the role, if one is asked for.
func (a *account) signIn(ctx context.Context, cfg Config) error {
	if a.config.Credentials == nil {
		return errNoCredentials
	}
	if _, err := a.config.Credentials.Retrieve(ctx); err != nil {
		return explainCredentials(err)
	}
	if cfg.RoleARN == "" {
		return nil
	}
	a.config.Credentials = aws.NewCredentialsCache(assume(a.config.Copy(), cfg))
	if _, err := a.config.Credentials.Retrieve(ctx); err != nil {
		return explainRole(err, cfg.RoleARN)
	}
	return nil
}

func assume(cfg aws.Config, c Config) aws.CredentialsProvider {
	return stscreds.NewAssumeRoleProvider(sts.NewFromConfig(cfg), c.RoleARN, func(o *stscreds.AssumeRoleOptions) {
		o.RoleSessionName = "plumb"
		if c.ExternalID != "" {
			o.ExternalID = &c.ExternalID
		}
	})
}

// identify asks which account the credentials belong to.
func (a *account) identify(ctx context.Context) error {
	caller, err := sts.NewFromConfig(a.config).GetCallerIdentity(withOperation(ctx, opIdentity.Name), &sts.GetCallerIdentityInput{})
	if err != nil {
		return explainIdentity(err)
	}
	name, err := arn.Parse(aws.ToString(caller.Arn))
	if err != nil {
		return fmt.Errorf("read the caller's identity: %w", err)
	}
	a.id, a.partition = aws.ToString(caller.Account), name.Partition
	return nil
}

var errNoCredentials = errors.New("no AWS credentials were found: sign in (aws sso login, aws configure), " +
	"name a profile (--profile, AWS_PROFILE), or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")

func explainCredentials(err error) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	if failure := Classify(err); failure.Code != "" {
		return fmt.Errorf("get AWS credentials: %s; sign in again (aws sso login)", failure.Reason("sign-in"))
	}
	return fmt.Errorf("%w (%s)", errNoCredentials, redact(err.Error()))
}

func explainRole(err error, role string) error {
	failure := Classify(err)
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case failure.Status == asset.Denied:
		return fmt.Errorf("assume the role %s: %s; check its trust policy and the external id", role, failure.Reason(opAssume.Name))
	}
	return fmt.Errorf("assume the role %s: %s", role, failure.Reason(opAssume.Name))
}

func explainIdentity(err error) error {
	failure := Classify(err)
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case failure.Status == asset.Denied:
		return fmt.Errorf("AWS does not accept the credentials: %s; sign in again", failure.Reason(opIdentity.Name))
	}
	return fmt.Errorf("ask AWS whose credentials these are: %s", failure.Reason(opIdentity.Name))
}
