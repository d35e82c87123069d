// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package aws

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/smithy-go"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/cloud"
)

// Call makes one API call and counts it in the coverage. The source says where
// the answer was read, or why there is none, and is for all fields that the
// answer fills.
//
// The error codes in absent are answers too: the thing asked for does not exist
// ("NoSuchBucketPolicy"). They give the zero T and a source that was read.
//
// An operation that the selected controls do not need is not called. One that
// the collector does not declare, or a call that turns out to be another
// operation, is refused: both are mistakes in the collector.
func Call[T any](ctx context.Context, r *Reader, operation string, call func(context.Context) (T, error), absent ...string) (T, *asset.Source) {
	var none T
	if why := r.refuse(ctx, operation); why != nil {
		return none, why
	}
	answer, err := call(withOperation(ctx, operation))
	switch {
	case err == nil:
		return answer, r.answered(operation)
	case isAnswer(err, absent):
		return none, r.answered(operation)
	}
	return none, r.failed(operation, Classify(err))
}

// Pager is what the SDK's paginators have in common.
type Pager[Out, Options any] interface {
	HasMorePages() bool
	NextPage(ctx context.Context, options ...func(*Options)) (Out, error)
}

// Pages reads all pages of a listing; items takes the wanted part out of a
// page. Where a page fails, the items of the pages before it are returned with
// the reason why there may be more: more is nil for a complete listing. at is
// where the items were read.
func Pages[Out, Options, T any](ctx context.Context, r *Reader, operation string, pager Pager[Out, Options], items func(Out) []T, absent ...string) (all []T, at, more *asset.Source) {
	at = r.From(operation)
	if why := r.refuse(ctx, operation); why != nil {
		return nil, at, why
	}
	for pages := 0; pager.HasMorePages(); pages++ {
		page, err := pager.NextPage(withOperation(ctx, operation))
		switch {
		case err == nil:
			all = append(all, items(page)...)
			r.answered(operation)
		case isAnswer(err, absent):
			r.answered(operation)
			return all, at, nil
		case pages == 0:
			return nil, at, r.failed(operation, Classify(err))
		default:
			failure := Classify(err)
			failure.Status = asset.Partial
			failure.Detail = fmt.Sprintf("the listing broke off after page %d", pages)
			return all, at, r.failed(operation, failure)
		}
	}
	return all, at, nil
}

// ListOf makes a field's list of what [Pages] returned: complete, open, or
// unknown where nothing could be read.
func ListOf[T any](elems []T, at, more *asset.Source) asset.List[T] {
	switch {
	case more == nil:
		return asset.ListOf(elems, at)
	case len(elems) == 0:
		return asset.MissingList[T](more)
	}
	return asset.OpenList(elems, more.Reason(), at)
}

// refuse returns why the operation is not called at all; nil if it may be.
func (r *Reader) refuse(ctx context.Context, operation string) *asset.Source {
	op, declared := r.operation(operation)
	switch {
	case !declared:
		return r.failed(operation, cloud.Failure{
			Status: asset.Failed,
			Detail: cloud.Mistake + r.collector.Service + " does not declare this operation",
		})
	case !r.account.need.Of(op):
		return r.account.sources.Missing(operation, "not asked for by the selected controls")
	case ctx.Err() != nil:
		return r.failed(operation, Classify(ctx.Err()))
	}
	return nil
}

func (r *Reader) answered(operation string) *asset.Source {
	r.account.ledger.Add(r.scope, operation, asset.Covered, "")
	return r.account.sources.Read(operation)
}

func (r *Reader) failed(operation string, failure cloud.Failure) *asset.Source {
	reason := failure.Reason(operation)
	r.account.ledger.Add(r.scope, operation, failure.Status, reason)
	return r.account.sources.Missing(operation, reason)
}

func isAnswer(err error, codes []string) bool {
	var api smithy.APIError
	return errors.As(err, &api) && slices.Contains(codes, api.ErrorCode())
}
