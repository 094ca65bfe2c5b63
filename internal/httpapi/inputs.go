package httpapi

import (
	"context"
	"reflect"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
)

// ByID is the input of a query of one thing.
type ByID struct {
	ID string `path:"id"`
}

// ActOn is the input of a command on one thing, or the beginning of it.
type ActOn struct {
	OperationID
	ID string `path:"id"`
}

// ActAt is the input of a command on one thing as the caller saw it, or the beginning of it.
type ActAt struct {
	OperationID
	ID      string `path:"id"`
	IfMatch string `header:"If-Match"`
}

// Rev is the revision that the caller saw.
func (a ActAt) Rev() (int64, error) { return Tag(a.IfMatch) }

// Given is the input of a command with a body, GivenOn of one on a thing, GivenAt of one on a thing as the caller saw it.
type (
	Given[B any] struct {
		OperationID
		Body B
	}
	GivenOn[B any] struct {
		ActOn
		Body B
	}
	GivenAt[B any] struct {
		ActAt
		Body B
	}
)

// CommandAt registers a command on a thing at the revision that the caller saw; its input begins with ActAt.
func CommandAt[I interface{ Rev() (int64, error) }, T any](k *Kit, o Operation,
	fn func(ctx context.Context, tx *db.Tx, by access.Scope, in *I, rev int64) (*Reply[T], error),
) {
	Command(k, o, func(ctx context.Context, tx *db.Tx, by access.Scope, in *I) (*Reply[T], error) {
		rev, err := (*in).Rev()
		if err != nil {
			return nil, err
		}
		return fn(ctx, tx, by, in, rev)
	})
}

// Items is a list as an answer.
type Items[T any] struct {
	Items []T `json:"items"`
}

// SchemaName names the list by what it holds.
func (Items[T]) SchemaName() string {
	t := reflect.TypeFor[T]()
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return strings.ToUpper(t.Name()[:1]) + t.Name()[1:] + "List"
}

// Answer is that of a query of one thing.
type Answer[T any] struct{ Body T }

// One registers a query of one thing as it is at one moment.
func One[I, T any](k *Kit, o Operation, fn func(ctx context.Context, q db.Querier, by access.Scope, in *I) (T, error)) {
	Query(k, o, func(ctx context.Context, by access.Scope, in *I) (*Answer[T], error) {
		out := &Answer[T]{}
		return out, k.DB.Snapshot(ctx, func(q db.Querier) (err error) {
			out.Body, err = fn(ctx, q, by, in)
			return err
		})
	})
}

// Listed is the answer of a query that lists.
type Listed[T any] struct{ Body Items[T] }

// List registers a query that lists things as they are at one moment.
func List[I, T any](k *Kit, o Operation, fn func(ctx context.Context, q db.Querier, by access.Scope, in *I) ([]T, error)) {
	Query(k, o, func(ctx context.Context, by access.Scope, in *I) (*Listed[T], error) {
		out := &Listed[T]{}
		return out, k.DB.Snapshot(ctx, func(q db.Querier) (err error) {
			out.Body.Items, err = fn(ctx, q, by, in)
			return err
		})
	})
}
