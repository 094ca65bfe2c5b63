package ledger

import (
	"context"
	"database/sql"
	"fmt"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/problem"
)

// MaxChosen bounds what may be chosen at once.
const MaxChosen = 20_000

// ErrMany says that more was chosen than may be.
var ErrMany = problem.New(problem.Invalid, "bulk.many", nil)

// Eligible says which of a person's choice he may decide on now.
type Eligible struct {
	Chosen   int64 `json:"chosen"`
	Eligible int64 `json:"eligible"`
	Own      int64 `json:"own"`   // his own revisions
	Other    int64 `json:"other"` // not waiting, or not at his level
}

// Chosen reads what a list of ids, or a whole filter, holds of entries that wait for the caller.
func (s *Service) Chosen(ctx context.Context, q db.Querier, by access.Scope, ids []string, f Filter) ([]Decision, Eligible, error) {
	var e Eligible
	w, err := s.work(ctx, q, by)
	if err != nil {
		return nil, e, err
	}
	var where string
	var args []any
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
	if e.Chosen > MaxChosen {
		return nil, e, ErrMany.With("max", MaxChosen)
	}
	type row struct {
		Decision
		mine, own bool
	}
	args = append(args, by.Account)
	account := fmt.Sprintf("$%d", len(args))
	rows, err := db.All(ctx, q, func(r *sql.Rows) (row, error) {
		var x row
		var mine, own int64
		err := r.Scan(&x.Entry, &x.Rev, &mine, &own)
		x.mine, x.own = mine == 1, own == 1
		return x, err
	}, `SELECT e.id, e.rev, CASE WHEN `+by.Reach("e.district", "e.wait_unit",
		Verify)+` THEN 1 ELSE 0 END, CASE WHEN v.account = `+account+` THEN 1 ELSE 0 END FROM entry AS e`+revJoin+`WHERE `+where+` AND e.state = 'submitted'
			ORDER BY e.submitted_at, e.id`, args...)
	if err != nil {
		return nil, e, err
	}
	var out []Decision
	for _, x := range rows {
		switch {
		case x.own && !by.IsSystem():
			e.Own++
		case x.mine:
			out = append(out, x.Decision)
		}
	}
	e.Eligible = int64(len(out))
	e.Other = e.Chosen - e.Eligible - e.Own
	return out, e, nil
}
