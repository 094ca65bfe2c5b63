package fund

import (
	"context"

	"sifen/internal/db"
	"sifen/internal/fund/award"
	"sifen/internal/module"
	"sifen/internal/pack"
	"sifen/internal/period"
)

// budgetOf is what was planned for a purpose in the year of a period.
func budgetOf(ctx context.Context, q db.Querier, district int64, purpose string, p period.Period) (bound bool, plan, in int64, err error) {
	year, _, _ := p.From.YMD()
	list, err := budgetLines(ctx, q, district, ` AND purpose = $2 AND year = $3`, purpose, int64(year))
	for _, b := range list {
		if b.Kind == "plan" {
			bound, plan = true, plan+b.Fen
		} else {
			in += b.Fen
		}
	}
	return bound, plan, in, err
}

// paidFor is what went out for a purpose in a year and did not come back.
func paidFor(ctx context.Context, q db.Querier, district int64, w module.Moment, purpose string, year int) (n int64, err error) {
	rows, err := q.QueryContext(ctx, `SELECT r.rule, CAST(sum(CASE WHEN p.kind = 'pay' THEN p.fen ELSE -p.fen END) AS bigint) FROM award_pay AS p
		JOIN award_run AS r ON r.district = p.district AND r.run = p.run
		WHERE p.district = $1 AND p.kind IN ('pay', 'recover') AND r.period_from >= $2 AND r.period_from < $3 GROUP BY r.rule`,
		district, int64(period.Date(year, 1, 1)), int64(period.Date(year+1, 1, 1)))
	var rule string
	var fen int64
	err = db.Each(rows, err, func() error {
		err := rows.Scan(&rule, &fen)
		if purposeOf(w, rule) == purpose {
			n += fen
		}
		return err
	})
	return n, err
}

// purposeOf is the purpose of a rule's money.
func purposeOf(w module.Moment, rule string) string {
	a, ok := pack.Value[award.Award](w.Set, "awards", rule)
	if !ok {
		return ""
	}
	return a.Budget
}

// left is the budget of a run: what is planned for its purpose in its year less what other runs were approved or paid of it.
func (s *Service) left(ctx context.Context, q db.Querier, district int64, w module.Moment, v *award.Version, r *Run) (err error) {
	var plan int64
	if r.Bound, plan, _, err = budgetOf(ctx, q, district, v.Budget, r.Period); err != nil {
		return err
	}
	taken, err := s.committed(ctx, q, district, w, v.Budget, *r)
	r.Budget = max(plan-taken, 0)
	return err
}

// committed is what other approved runs of a purpose in the same year come to.
func (s *Service) committed(ctx context.Context, q db.Querier, district int64, w module.Moment, purpose string, r Run) (n int64, err error) {
	year, _, _ := r.Period.From.YMD()
	rows, err := q.QueryContext(ctx, `SELECT r.rule, r.period_from, CAST(sum(u.amount) AS bigint) FROM award_run AS r
		JOIN award_unit AS u ON u.district = r.district AND u.run = r.run
		WHERE r.district = $1 AND r.latest = 1 AND r.state IN ('approved', 'settled') AND u.amount > 0 AND r.period_from >= $2 AND r.period_from < $3
		GROUP BY r.rule, r.period_from`, district, int64(period.Date(year, 1, 1)), int64(period.Date(year+1, 1, 1)))
	var rule string
	var from period.Day
	var fen int64
	err = db.Each(rows, err, func() error {
		if err := rows.Scan(&rule, &from, &fen); err != nil {
			return err
		}
		if purposeOf(w, rule) == purpose && (rule != r.Rule || from != r.Period.From) {
			n += fen
		}
		return nil
	})
	return n, err
}

// affordable refuses to approve what another award of the same purpose, approved since this one was computed, has used up.
func (s *Service) affordable(ctx context.Context, q db.Querier, district int64, w module.Moment, v *award.Version, r Run) error {
	now := r
	if err := s.left(ctx, q, district, w, v, &now); err != nil {
		return err
	}
	var sum int64
	err := q.QueryRowContext(ctx, `SELECT coalesce(CAST(sum(amount) AS bigint), 0) FROM award_unit WHERE district = $1 AND run = $2 AND amount > 0`, district,
		r.ID).Scan(&sum)
	if err == nil && sum > now.Budget {
		err = ErrUsed.With("sum", award.Yuan(award.FromFen(sum)), "left", award.Yuan(award.FromFen(now.Budget)))
	}
	return err
}
