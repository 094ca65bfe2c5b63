package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/id"
	"sifen/internal/indicator"
	"sifen/internal/journal"
	"sifen/internal/outbox"
	"sifen/internal/problem"
)

// States of many decisions ordered at once.
const (
	BulkWaiting   = "waiting" // for a moment in which it can be called off
	BulkRunning   = "running"
	BulkDone      = "done"
	BulkCancelled = "cancelled"
)

// BulkJob decides on what was ordered.
const BulkJob = "ledger.bulk"

type orderJob struct {
	Run string `json:"run"`
}

// grace is how long an order can be called off.
const grace = 6 * time.Second

// maxBulk bounds one order.
const maxBulk = 20_000

// Problems of orders.
var (
	ErrNoBulk   = problem.New(problem.NotFound, "bulk.none", nil)
	ErrTooLate  = problem.New(problem.Conflict, "bulk.too-late", nil)
	ErrNothing  = problem.New(problem.Conflict, "bulk.nothing", nil)
	ErrManyBulk = problem.New(problem.Invalid, "bulk.many", nil)
)

// Bulk is an order to verify or return many entries. What cannot be decided stays, with the reason.
type Bulk struct {
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
			return nil, e, ErrManyBulk.With("max", 1000)
		}
		args = append(args, by.District)
		marks := make([]string, len(ids))
		for i, x := range ids {
			args = append(args, x)
			marks[i] = fmt.Sprintf("$%d", i+2)
		}
		where = `e.district = $1 AND ` + by.Reach("e.district", "e.unit", Read) + ` AND e.id IN (` + strings.Join(marks, ",") + `)`
	} else {
		where, args = s.condition(w, by, f, false)
	}
	if err := q.QueryRowContext(ctx, `SELECT count(*) FROM entry AS e WHERE `+where, args...).Scan(&e.Chosen); err != nil {
		return nil, e, err
	}
	if e.Chosen > maxBulk {
		return nil, e, ErrManyBulk.With("max", maxBulk)
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
func (s *Service) Order(ctx context.Context, tx *db.Tx, by access.Scope, op, reason string, ids []string, f Filter) (Bulk, error) {
	reason = strings.TrimSpace(reason)
	if op == OpReturn && reason == "" {
		return Bulk{}, ErrReason
	}
	list, _, err := s.choose(ctx, tx, by, ids, f)
	if err != nil {
		return Bulk{}, err
	}
	if len(list) == 0 {
		return Bulk{}, ErrNothing
	}
	now := s.Clock.Now()
	b := Bulk{ID: id.New(now), Op: op, State: BulkWaiting, Total: int64(len(list)), Stayed: map[string]int64{}, At: now.UnixMilli()}
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
	return b, outbox.Enqueue(ctx, tx, by.District, now.Add(grace), BulkJob, orderJob{b.ID})
}

// Order states are read by their person alone.
func (s *Service) bulk(ctx context.Context, q db.Querier, by access.Scope, run string) (Bulk, error) {
	b := Bulk{Stayed: map[string]int64{}}
	err := q.QueryRowContext(ctx, `SELECT id, op, state, total, done, passed, at FROM bulk_run
		WHERE district = $1 AND id = $2 AND account = $3`, by.District, run, by.Account).
		Scan(&b.ID, &b.Op, &b.State, &b.Total, &b.Done, &b.Passed, &b.At)
	found, err := db.One(err)
	if err != nil {
		return b, err
	}
	if !found {
		return b, ErrNoBulk
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
func (s *Service) CallOff(ctx context.Context, tx *db.Tx, by access.Scope, run string) (Bulk, error) {
	b, err := s.bulk(ctx, tx, by, run)
	if err != nil {
		return b, err
	}
	res, err := tx.ExecContext(ctx, `UPDATE bulk_run SET state = 'cancelled' WHERE district = $1 AND id = $2 AND state = 'waiting'`, by.District, run)
	if err != nil {
		return b, err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return b, ErrTooLate
	}
	b.State = BulkCancelled
	return b, nil
}

// RunBulk is the job: it decides in pieces, each a transaction, and goes on where a restart left it.
func (s *Service) RunBulk(ctx context.Context, district int64, body []byte, done func(*db.Tx) error) error {
	var j orderJob
	if err := json.Unmarshal(body, &j); err != nil {
		return err
	}
	var account, op, reason, state string
	begun := false
	if err := s.DB.Write(ctx, func(tx *db.Tx) error {
		err := tx.QueryRowContext(ctx, `SELECT account, op, reason, state FROM bulk_run WHERE district = $1 AND id = $2`, district, j.Run).Scan(&account,
			&op, &reason, &state)
		found, err := db.One(err)
		if err != nil || !found || state != BulkWaiting && state != BulkRunning {
			return err
		}
		begun = true
		_, err = tx.ExecContext(ctx, `UPDATE bulk_run SET state = 'running' WHERE district = $1 AND id = $2`, district, j.Run)
		return err
	}); err != nil {
		return err
	}
	if !begun {
		return s.DB.Write(ctx, done)
	}
	acc, err := s.Accounts.ByID(ctx, s.DB.Read, district, account)
	if err != nil {
		return err
	}
	by, err := s.Accounts.Scope(ctx, s.DB.Read, acc)
	if err != nil {
		return err
	}
	for more := true; more; {
		if err := s.DB.Write(ctx, func(tx *db.Tx) error {
			more, err = s.decideSome(ctx, tx, by, j.Run, op, reason)
			return err
		}); err != nil {
			return err
		}
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE bulk_run SET state = 'done' WHERE district = $1 AND id = $2`, district, j.Run); err != nil {
			return err
		}
		if err := journal.Write(ctx, tx, by, s.Clock.Now(), access.Verb("ledger.bulk-"+op), j.Run, 0, nil); err != nil {
			return err
		}
		return done(tx)
	})
}

const bulkChunk = 250

func (s *Service) decideSome(ctx context.Context, tx *db.Tx, by access.Scope, run, op, reason string) (more bool, err error) {
	if err := indicator.Shared(ctx, tx, by.District); err != nil {
		return false, err
	}
	type item struct {
		n int64
		choice
	}
	list, err := db.All(ctx, tx, func(r *sql.Rows) (item, error) {
		var i item
		err := r.Scan(&i.n, &i.entry, &i.rev)
		return i, err
	}, fmt.Sprintf(`SELECT n, entry, rev FROM bulk_item WHERE district = $1 AND run = $2 AND outcome = '' ORDER BY n LIMIT %d`, bulkChunk), by.District, run)
	if err != nil || len(list) == 0 {
		return false, err
	}
	sit, err := s.sit(ctx, tx, by)
	if err != nil {
		return false, err
	}
	passed := 0
	outcomes := map[string][]int64{}
	for _, i := range list {
		if op == OpReturn {
			_, err = s.giveBack(ctx, tx, by, sit, i.entry, i.rev, reason)
		} else {
			_, err = s.verify(ctx, tx, by, sit, i.entry, i.rev)
		}
		outcome := "ok"
		var p *problem.Error
		switch {
		case err == nil:
			passed++
		case isProblem(err, &p): // refused before anything was written
			outcome = p.Code
		default:
			return false, err
		}
		outcomes[outcome] = append(outcomes[outcome], i.n)
	}
	for outcome, n := range outcomes {
		if _, err := tx.ExecContext(ctx, `UPDATE bulk_item SET outcome = $3 WHERE district = $1 AND run = $2 AND n IN (`+joined(n)+`)`, by.District, run,
			outcome); err != nil {
			return false, err
		}
	}
	if err := s.rise(ctx, tx, by, sit); err != nil {
		return false, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE bulk_run SET done = done + $3, passed = passed + $4 WHERE district = $1 AND id = $2`, by.District, run,
		int64(len(list)), int64(passed))
	return len(list) == bulkChunk, err
}

// sayStayed words the reasons why entries stayed.
func sayStayed(stayed map[string]int64, lang i18n.Lang) map[string]int64 {
	out := map[string]int64{}
	for code, n := range stayed {
		out[i18n.Sentence(code, nil, lang)] += n
	}
	return out
}
