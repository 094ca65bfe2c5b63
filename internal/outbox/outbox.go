// Package outbox stores facts and jobs beside the change that caused them, and runs jobs.
package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"sifen/internal/clock"
	"sifen/internal/db"
	"sifen/internal/id"
)

// Fact is something that has happened, named by the package it happened in, for example
// "figure.changed". Kind is stored; never rename one.
type Fact interface{ Kind() string }

// Bus hands facts to subscribers of this process after their commit. A fact is stored in the
// transaction; a subscriber that must not miss one reads the table, one that only refreshes a page uses the bus.
type Bus struct {
	mu   sync.Mutex
	subs map[int]func(district int64, f Fact)
	next int
}

// Subscribe calls f after each commit, on the committing goroutine: f must not block. The returned func ends it.
func (b *Bus) Subscribe(f func(int64, Fact)) func() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.subs == nil {
		b.subs = map[int]func(int64, Fact){}
	}
	n := b.next
	b.next++
	b.subs[n] = f
	return func() { b.mu.Lock(); delete(b.subs, n); b.mu.Unlock() }
}

func (b *Bus) publish(district int64, f Fact) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range b.subs {
		s(district, f)
	}
}

// Local is the bus of this process.
var Local = &Bus{}

// Emit stores f inside tx and announces it after the commit: it is seen if and only if tx commits.
func Emit(ctx context.Context, tx *db.Tx, district int64, at time.Time, f Fact) error {
	body, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("encode %s: %w", f.Kind(), err)
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO fact (district, id, kind, body, at) VALUES ($1, $2, $3, $4, $5)`,
		district, id.New(at), f.Kind(), string(body), at.UnixMilli()); err != nil {
		return fmt.Errorf("emit %s: %w", f.Kind(), err)
	}
	tx.AfterCommit(func() { Local.publish(district, f) })
	return nil
}

// Enqueue stores a job inside tx. Its body must let a rerun be harmless: a job runs at least once.
func Enqueue(ctx context.Context, tx *db.Tx, district int64, at time.Time, kind string, body any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("encode job %s: %w", kind, err)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO job (district, id, kind, body, run_at, claimed_until, tries, error) VALUES ($1, $2, $3, $4, $5, 0, 0, '')`,
		district, id.New(at), kind, string(raw), at.UnixMilli())
	return err
}

// Handler runs one job. done must be called inside the transaction that holds the job's effect.
type Handler func(ctx context.Context, district int64, body []byte, done func(*db.Tx) error) error

// Runner claims due jobs and runs them one after another.
type Runner struct {
	DB       *db.DB
	Clock    clock.Clock
	Handlers map[string]Handler
	// Outside is the kind of job that waits for others' servers: it has a lane of its own and holds no other job up.
	Outside string
	Log     *slog.Logger
}

// Lane is a part of the jobs that is run one after another.
type Lane int

// The lanes.
const (
	All    Lane = iota // every job, as tests run them
	Inside             // jobs that need nobody else
	Out                // jobs of the kind Outside
)

const claimFor = 60 * time.Second

// Release gives back what a process that ended in the middle had claimed, so that nothing waits for its claim to run out.
// Only the process that holds the data folder may call it, before it runs jobs.
func (r *Runner) Release(ctx context.Context) error {
	return r.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE job SET claimed_until = 0 WHERE claimed_until > 0`)
		return err
	})
}

// RunDue runs every job that is due and returns how many succeeded. A failing job is tried again later, ever less often.
func (r *Runner) RunDue(ctx context.Context) (int, error) { return r.RunLane(ctx, All) }

// RunLane is RunDue for a part of the jobs. Lanes may run at the same time.
func (r *Runner) RunLane(ctx context.Context, lane Lane) (int, error) {
	n := 0
	for ctx.Err() == nil {
		ok, ran, err := r.runOne(ctx, lane)
		if err != nil || !ran {
			return n, err
		}
		if ok {
			n++
		}
	}
	return n, ctx.Err()
}

func (r *Runner) runOne(ctx context.Context, lane Lane) (ok, ran bool, err error) {
	var district int64
	var jobID, kind, body string
	var tries int64
	now := r.Clock.Now()
	err = r.DB.Write(ctx, func(tx *db.Tx) error {
		err := tx.QueryRowContext(ctx, `
			UPDATE job SET claimed_until = $1, tries = tries + 1
			 WHERE (district, id) IN (SELECT district, id FROM job WHERE run_at <= $2 AND claimed_until <= $2 AND ($3 = 0 OR $3 = 1 AND kind <> $4 OR $3 = 2 AND kind = $4) ORDER BY run_at, id LIMIT 1)
			RETURNING district, id, kind, body, tries`, now.Add(claimFor).UnixMilli(), now.UnixMilli(), int64(lane), r.Outside).Scan(&district, &jobID, &kind, &body, &tries)
		ran, err = db.One(err)
		return err
	})
	if err != nil || !ran {
		return false, false, err
	}
	h, known := r.Handlers[kind]
	if !known {
		return false, true, fmt.Errorf("no handler for job %q", kind)
	}
	closed := false
	err = h(ctx, district, []byte(body), func(tx *db.Tx) error {
		closed = true
		_, err := tx.ExecContext(ctx, `DELETE FROM job WHERE district = $1 AND id = $2`, district, jobID)
		return err
	})
	if err == nil && !closed {
		err = errors.New("handler returned without closing its job")
	}
	if err == nil {
		return true, true, nil
	}
	if r.Log != nil {
		r.Log.Error("job failed", "kind", kind, "id", jobID, "tries", tries, "err", err)
	}
	wait := time.Duration(min(tries*tries, 360)) * 10 * time.Second
	return false, true, r.DB.Write(ctx, func(tx *db.Tx) error {
		_, err2 := tx.ExecContext(ctx, `UPDATE job SET claimed_until = 0, run_at = $3, error = $4 WHERE district = $1 AND id = $2`,
			district, jobID, now.Add(wait).UnixMilli(), err.Error())
		return err2
	})
}
