// Package order decides on many entries at once: what a person ordered begins after a moment in which it can be called
// off, runs in the background, and says what stayed and why.
package order

import (
	"context"
	"strings"
	"time"

	"sifen/internal/access"
	"sifen/internal/account"
	"sifen/internal/db"
	"sifen/internal/id"
	"sifen/internal/ledger"
	"sifen/internal/module"
	"sifen/internal/outbox"
	"sifen/internal/problem"
)

// Service takes orders and runs them. Its commands run in the caller's transaction.
type Service struct {
	module.Platform
	Accounts *account.Service // whose rights a job acts with
	Ledger   *ledger.Service
}

// New makes the service.
func New(p module.Platform, people *account.Service, entries *ledger.Service) *Service {
	return &Service{Platform: p, Accounts: people, Ledger: entries}
}

// Module is what orders give to the whole.
func (s *Service) Module() module.Module {
	return module.Module{
		Name:     "order",
		Jobs:     []module.Job{{Kind: Job, Run: s.Run}},
		Tidy:     tidy,
		Register: (&API{s}).Register,
	}
}

// States of many decisions ordered at once.
const (
	Waiting   = "waiting" // for a moment in which it can be called off
	Running   = "running"
	Done      = "done"
	Cancelled = "cancelled"
)

// Job decides on what was ordered.
const Job = "ledger.bulk"

type job struct {
	Run string `json:"run"`
}

// grace is how long an order can be called off.
const grace = 6 * time.Second

// Problems of orders.
var (
	ErrNone    = problem.New(problem.NotFound, "bulk.none", nil)
	ErrTooLate = problem.New(problem.Conflict, "bulk.too-late", nil)
	ErrNothing = problem.New(problem.Conflict, "bulk.nothing", nil)
)

// Order is an order to verify or return many entries. What cannot be decided stays, with the reason.
type Order struct {
	ID     string           `json:"id"`
	Op     string           `json:"op" enum:"verify,return"`
	State  string           `json:"state" enum:"waiting,running,done,cancelled"`
	Total  int64            `json:"total"`
	Done   int64            `json:"done"`
	Passed int64            `json:"passed"`
	Stayed map[string]int64 `json:"stayed"` // reason, as a sentence → how many
	At     int64            `json:"at"`

	stayed map[outcome]int64
}

// SchemaName is the public name: programs are typed with it.
func (Order) SchemaName() string { return "LedgerBulk" }

// Order takes an order to decide on many entries. It begins after a few seconds, in which CallOff undoes it.
//
// Errors: ErrReason for a return without one, ErrNothing when nothing of the choice waits for the caller.
func (s *Service) Order(ctx context.Context, tx *db.Tx, by access.Scope, op, reason string, ids []string, f ledger.Filter) (Order, error) {
	reason = strings.TrimSpace(reason)
	if op == ledger.OpReturn && reason == "" {
		return Order{}, ledger.ErrReason
	}
	list, _, err := s.Ledger.Chosen(ctx, tx, by, ids, f)
	if err != nil {
		return Order{}, err
	}
	if len(list) == 0 {
		return Order{}, ErrNothing
	}
	now := s.Clock.Now()
	b := Order{ID: id.New(now), Op: op, State: Waiting, Total: int64(len(list)), Stayed: map[string]int64{}, At: now.UnixMilli()}
	if _, err := tx.ExecContext(ctx, `INSERT INTO bulk_run (district, id, account, op, reason, state, total, done, passed, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, $8)`,
		by.District, b.ID, by.Account, op, reason, b.State, b.Total, b.At); err != nil {
		return b, err
	}
	for i, c := range list {
		if _, err := tx.ExecContext(ctx, `INSERT INTO bulk_item (district, run, n, entry, rev, outcome)
			VALUES ($1, $2, $3, $4, $5, '')`, by.District, b.ID, int64(i), c.Entry, c.Rev); err != nil {
			return b, err
		}
	}
	return b, outbox.Enqueue(ctx, tx, by.District, now.Add(grace), Job, job{b.ID})
}

// order reads an order; another's does not exist.
func (s *Service) order(ctx context.Context, q db.Querier, by access.Scope, run string) (Order, error) {
	var b Order
	err := q.QueryRowContext(ctx, `SELECT id, op, state, total, done, passed, at FROM bulk_run
		WHERE district = $1 AND id = $2 AND account = $3`, by.District, run, by.Account).
		Scan(&b.ID, &b.Op, &b.State, &b.Total, &b.Done, &b.Passed, &b.At)
	found, err := db.One(err)
	if err != nil {
		return b, err
	}
	if !found {
		return b, ErrNone
	}
	b.stayed, err = stayedOf(ctx, q, by.District, run)
	return b, err
}

// CallOff undoes an order that has not begun.
func (s *Service) CallOff(ctx context.Context, tx *db.Tx, by access.Scope, run string) (Order, error) {
	b, err := s.order(ctx, tx, by, run)
	if err != nil {
		return b, err
	}
	off, err := db.Changed(tx.ExecContext(ctx, `UPDATE bulk_run SET state = 'cancelled' WHERE district = $1 AND id = $2 AND state = 'waiting'`, by.District,
		run))
	if err == nil && !off {
		err = ErrTooLate
	}
	b.State = Cancelled
	return b, err
}
