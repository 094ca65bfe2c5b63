package order

import (
	"context"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/ledger"
	"sifen/internal/org"
	"sifen/internal/period"
)

// waitingOn counts the submitted entries of [from, until) below a unit, of some kinds, inside a scope.
func waitingOn(ctx context.Context, q db.Querier, by access.Scope, unit org.No, kinds []string, from, until period.Day) (n int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM entry AS e WHERE e.district = $1 AND e.state = 'submitted'
		AND e.kind IN (`+db.In(5, len(kinds))+`) AND e.day_from < $3 AND $2 < e.day_until AND `+by.Reach("e.district", "e.unit", ledger.Read)+`
		AND EXISTS (SELECT 1 FROM org_reach AS r WHERE r.district = e.district AND r.unit = e.unit AND r.target = $4
			AND r.day_from < $3 AND $2 < r.day_until)`, db.Args([]any{by.District, int64(from), int64(until), int64(unit)}, kinds)...).Scan(&n)
	return n, err
}
