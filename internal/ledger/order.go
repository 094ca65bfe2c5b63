package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/id"
	"sifen/internal/outbox"
	"sifen/internal/problem"
)

// States of many decisions ordered at once.
const (
	OrderWaiting   = "waiting" // for a moment in which it can be called off
	OrderRunning   = "running"
	OrderDone      = "done"
	OrderCancelled = "cancelled"
)

// OrderJob decides on what was ordered.
const OrderJob = "ledger.bulk"

type orderJob struct {
	Run string `json:"run"`
}

// grace is how long an order can be called off.
const grace = 6 * time.Second

// maxOrder bounds one order.
const maxOrder = 20_000

// Problems of orders.
var (
	ErrOrder   = problem.New(problem.NotFound, "bulk.none", nil)
	ErrTooLate = problem.New(problem.Conflict, "bulk.too-late", nil)
	ErrNothing = problem.New(problem.Conflict, "bulk.nothing", nil)
	ErrMany    = problem.New(problem.Invalid, "bulk.many", nil)
)

// Order is an order to verify or return many entries. What cannot be decided stays, with the reason.
type Order struct {
	ID     string           `json:"id"`
	Op     string           `json:"op" enum:"verify,return"`
	State  string           `json:"state" enum:"waiting,running,done,cancelled"`
	Total  int64            `json:"total"`
	Done   int64            `json:"done"`
	Passed int64            `json:"passed"`
	Stayed map[string]int64 `json:"stayed"` // reason → how many
	At     int64            `json:"at"`
}

// Eligible says which of a person's choice he may decide on now.
type Eligible struct {
	Chosen   int64 `json:"chosen"`
	Eligible int64 `json:"eligible"`
	Own      int64 `json:"own"`   // his own revisions
	Other    int64 `json:"other"` // not waiting, or not at his level
}

type choice struct {
	entry string
	rev   int64
}

// SchemaName is the public name: programs are typed with it.
func (Order) SchemaName() string { return "LedgerBulk" }

// choose reads what a list of ids, or a whole filter, holds of entries that wait for the caller.
func (s *Service) choose(ctx context.Context, q db.Querier, by access.Scope, ids []string, f Filter) ([]choice, Eligible, error) {
	var e Eligible
	w, err := s.work(ctx, q, by)
	if err != nil {
		return nil, e, err
	}
	where, args := "", []any{}
	if ids != nil {
		if len(ids) > 1000 {
			return nil, e, ErrMany.With("max", 1000)
		}
		args = db.Args([]any{by.District}, ids)
		where = `e.district = $1 AND ` + by.Reach("e.district", "e.unit", Read) + ` AND e.id IN (` + db.In(2, len(ids)) + `)`
	} else {
		where, args = s.condition(w, by, f, false)
	}
	if err := q.QueryRowContext(ctx, `SELECT count(*) FROM entry AS e WHERE `+where, args...).Scan(&e.Chosen); err != nil {
		return nil, e, err
	}
	if e.Chosen > maxOrder {
		return nil, e, ErrMany.With("max", maxOrder)
	}
	type row struct {
		choice
		mine, own bool
	}
	args = append(args, by.Account)
	account := fmt.Sprintf("$%d", len(args))
	rows, err := db.All(ctx, q, func(r *sql.Rows) (row, error) {
		var x row
		var mine, own int64
		err := r.Scan(&x.entry, &x.rev, &mine, &own)
		x.mine, x.own = mine == 1, own == 1
		return x, err
	}, `SELECT e.id, e.rev, CASE WHEN `+by.Reach("e.district", "e.wait_unit",
		Verify)+` THEN 1 ELSE 0 END, CASE WHEN v.account = `+account+` THEN 1 ELSE 0 END FROM entry AS e`+revJoin+`WHERE `+where+` AND e.state = 'submitted'
			ORDER BY e.submitted_at, e.id`, args...)
	if err != nil {
		return nil, e, err
	}
	var out []choice
	for _, x := range rows {
		switch {
		case x.own && !by.IsSystem():
			e.Own++
		case x.mine:
			out = append(out, x.choice)
		}
	}
	e.Eligible = int64(len(out))
	e.Other = e.Chosen - e.Eligible - e.Own
	return out, e, nil
}

// Order takes an order to decide on many entries. It begins after a few seconds, in which CallOff undoes it.
//
// Errors: ErrReason for a return without one, ErrNothing when nothing of the choice waits for the caller.
func (s *Service) Order(ctx context.Context, tx *db.Tx, by access.Scope, op, reason string, ids []string, f Filter) (Order, error) {
	reason = strings.TrimSpace(reason)
	if op == OpReturn && reason == "" {
		return Order{}, ErrReason
	}
	list, _, err := s.choose(ctx, tx, by, ids, f)
	if err != nil {
		return Order{}, err
	}
	if len(list) == 0 {
		return Order{}, ErrNothing
	}
	now := s.Clock.Now()
	b := Order{ID: id.New(now), Op: op, State: OrderWaiting, Total: int64(len(list)), Stayed: map[string]int64{}, At: now.UnixMilli()}
	if _, err := tx.ExecContext(ctx, `INSERT INTO bulk_run (district, id, account, op, reason, state, total, done, passed, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, $8)`,
		by.District, b.ID, by.Account, op, reason, b.State, b.Total, b.At); err != nil {
		return b, err
	}
	for i, c := range list {
		if _, err := tx.ExecContext(ctx, `INSERT INTO bulk_item (district, run, n, entry, rev, outcome)
			VALUES ($1, $2, $3, $4, $5, '')`, by.District, b.ID, int64(i), c.entry, c.rev); err != nil {
			return b, err
		}
	}
	return b, outbox.Enqueue(ctx, tx, by.District, now.Add(grace), OrderJob, orderJob{b.ID})
}

// order reads an order; another's does not exist.
func (s *Service) order(ctx context.Context, q db.Querier, by access.Scope, run string) (Order, error) {
	b := Order{Stayed: map[string]int64{}}
	err := q.QueryRowContext(ctx, `SELECT id, op, state, total, done, passed, at FROM bulk_run
		WHERE district = $1 AND id = $2 AND account = $3`, by.District, run, by.Account).
		Scan(&b.ID, &b.Op, &b.State, &b.Total, &b.Done, &b.Passed, &b.At)
	found, err := db.One(err)
	if err != nil {
		return b, err
	}
	if !found {
		return b, ErrOrder
	}
	rows, err := q.QueryContext(ctx, `SELECT outcome, count(*) FROM bulk_item WHERE district = $1 AND run = $2 AND outcome <> '' AND outcome <> 'ok'
		GROUP BY outcome`, by.District, run)
	var why string
	var n int64
	return b, db.Each(rows, err, func() error {
		err := rows.Scan(&why, &n)
		b.Stayed[why] = n
		return err
	})
}

// CallOff undoes an order that has not begun.
func (s *Service) CallOff(ctx context.Context, tx *db.Tx, by access.Scope, run string) (Order, error) {
	b, err := s.order(ctx, tx, by, run)
	if err != nil {
		return b, err
	}
	off, err := db.Changed(tx.ExecContext(ctx, `UPDATE bulk_run SET state = 'cancelled' WHERE district = $1 AND id = $2 AND state = 'waiting'`, by.District, run))
	if err == nil && !off {
		err = ErrTooLate
	}
	b.State = OrderCancelled
	return b, err
}

// sayStayed words the reasons why entries stayed.
func sayStayed(stayed map[string]int64, lang i18n.Lang) map[string]int64 {
	out := map[string]int64{}
	for code, n := range stayed {
		out[i18n.Sentence(code, nil, lang)] += n
	}
	return out
}
