// Package outbox stores facts and jobs beside the change that caused them, brings facts to whoever listens on any node,
// and runs jobs, each on one node.
package outbox

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/id"
)

// Fact is something that has happened, named by the package it happened in, for example
// "figure.changed". Kind is stored; never rename one.
type Fact interface{ Kind() string }

// News is a fact that open pages are told of.
type News interface {
	Fact
	// News is the event of one page's caller: its name and data, or ok false where it is none of the caller's business.
	// It tells keys and kinds, never values.
	News(by access.Scope) (event string, data any, ok bool)
}

// Heard is the note that a fact was committed.
type Heard struct {
	District int64
	ID       string
	Fact     Fact
	Here     bool // on this node; false for what another node committed
}

// Waiting is the note that a job waits, due at an instant of the business clock.
type Waiting struct {
	At   time.Time
	Here bool // put there on this node
}

// Emit stores f inside tx and announces it after the commit: it is seen if and only if tx commits. at is when it happened;
// the zero time is an error.
func Emit(ctx context.Context, tx *db.Tx, district int64, at time.Time, f Fact) error {
	body, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("encode %s: %w", f.Kind(), err)
	}
	if at.IsZero() {
		return fmt.Errorf("emit %s: a fact without its instant is never heard by another node", f.Kind())
	}
	fact := id.New(at)
	if _, err := tx.ExecContext(ctx, `INSERT INTO fact (district, id, kind, body, at, node) VALUES ($1, $2, $3, $4, $5, $6)`,
		district, fact, f.Kind(), string(body), at.UnixMilli(), tx.Node); err != nil {
		return fmt.Errorf("emit %s: %w", f.Kind(), err)
	}
	tx.Tell(Heard{district, fact, f, true})
	return nil
}

// Enqueue stores a job inside tx, to be run at an instant or soon after. Its body must let a rerun be harmless: a job runs
// at least once.
func Enqueue(ctx context.Context, tx *db.Tx, district int64, at time.Time, kind string, body any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("encode job %s: %w", kind, err)
	}
	return enqueue(ctx, tx, district, at, id.Next(), kind, string(raw)) // at may lie ahead: an id of it would lift all later ones
}

// EnqueueOnce stores a job without a body, of which one at most waits or runs in a district. Such a job looks by itself for
// what is to be done, until nothing is.
func EnqueueOnce(ctx context.Context, tx *db.Tx, district int64, at time.Time, kind string) error {
	return enqueue(ctx, tx, district, at, kind, kind, "")
}

func enqueue(ctx context.Context, tx *db.Tx, district int64, at time.Time, job, kind, body string) error {
	if _, err := tx.ExecContext(ctx, `INSERT INTO job (district, id, kind, body, run_at, claimed_until, tries, error, node)
		VALUES ($1, $2, $3, $4, $5, 0, 0, '', '')
		ON CONFLICT (district, id) DO NOTHING`, district, job, kind, body, at.UnixMilli()); err != nil {
		return fmt.Errorf("enqueue %s: %w", kind, err)
	}
	tx.Tell(Waiting{at, true})
	return nil
}

// Tidy forgets the facts from before an instant.
func Tidy(ctx context.Context, tx *db.Tx, before int64) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM fact WHERE at < $1`, before)
	return err
}
