package plan

import (
	"context"
	"strconv"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/id"
	"sifen/internal/indicator"
	"sifen/internal/period"
	"sifen/internal/problem"
)

// check refuses a target below zero and steps that do not lead to it, naming the month.
func checkTarget(t Target) error {
	at := func(e *problem.Error, month int) error {
		return e.With("month", month, "before", month-1).At(problem.Field{Pointer: "/months/" + strconv.Itoa(month-1), Code: e.Code,
			Args: map[string]any{"month": month, "before": month - 1}})
	}
	if t.Value < 0 || len(t.Months) != 0 && len(t.Months) != 12 {
		return ErrMonths
	}
	for i, m := range t.Months {
		switch {
		case m < 0:
			return at(ErrNegative, i+1)
		case i > 0 && m < t.Months[i-1]:
			return at(ErrFalls, i+1)
		}
	}
	if len(t.Months) == 12 && t.Months[11] != t.Value {
		return at(ErrEnd, 12)
	}
	return nil
}

// SetTarget binds a figure of a unit to a value. rev 0 makes a new target.
func (s *Service) SetTarget(ctx context.Context, tx *db.Tx, by access.Scope, plan string, rev int64, t Target) (Target, error) {
	y, err := s.editable(ctx, tx, by, plan)
	if err != nil {
		return t, err
	}
	if err := s.bearer(ctx, tx, by, y, t.Unit); err != nil {
		return t, err
	}
	def, err := s.Figures.DefFor(ctx, tx, by.District, t.Figure, period.Year(y.Year))
	if err != nil || !indicator.Usable(def.Measure) {
		return t, ErrFigure.With("figure", t.Figure)
	}
	if err := checkTarget(t); err != nil {
		return t, err
	}
	if t.Months == nil {
		t.Months = []int64{}
	}
	most := 0
	if t.AtMost {
		most = 1
	}
	t.Plan = plan
	now := s.Clock.Now()
	var n int64
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM plan_target WHERE district = $1 AND plan = $2 AND unit = $3 AND figure = $4 AND id <> $5`,
		by.District, plan, int64(t.Unit), t.Figure, t.ID).Scan(&n); err != nil {
		return t, err
	}
	if n > 0 {
		return t, ErrTwice
	}
	if rev == 0 {
		t.ID, t.Rev = id.New(now), 1
		_, err = tx.ExecContext(ctx, `INSERT INTO plan_target (district, id, plan, unit, figure, value, at_most, months, created_at, rev)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)`,
			by.District, t.ID, plan, int64(t.Unit), t.Figure, t.Value, most, encode(t.Months), now.UnixMilli())
	} else {
		t.Rev = rev + 1
		err = unlessStale(tx.ExecContext(ctx, `UPDATE plan_target SET unit = $5, figure = $6, value = $7, at_most = $8, months = $9, rev = $10
			WHERE district = $1 AND id = $2 AND plan = $3 AND rev = $4`,
			by.District, t.ID, plan, rev, int64(t.Unit), t.Figure, t.Value, most, encode(t.Months), t.Rev))
	}
	if err != nil {
		return t, err
	}
	return t, s.told(ctx, tx, by, Edit, plan, t.ID, t.Rev, t)
}

// DropTarget takes a target out of its plan.
func (s *Service) DropTarget(ctx context.Context, tx *db.Tx, by access.Scope, target string) error {
	t, y, err := targetByID(ctx, tx, by, target)
	if err != nil {
		return err
	}
	if _, err := s.editable(ctx, tx, by, y.ID); err != nil {
		if err == ErrNone {
			err = ErrForbidden
		}
		return err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM plan_target WHERE district = $1 AND id = $2`, by.District, target); err != nil {
		return err
	}
	return s.told(ctx, tx, by, Edit, t.Plan, target, t.Rev, map[string]string{"op": "drop"})
}
