package order

import (
	"context"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/ledger"
	"sifen/internal/org"
	"sifen/internal/period"
)

// waitingOn counts the submitted entries of [from, until) below a unit, inside a scope; kind "" is every kind.
func waitingOn(ctx context.Context, q db.Querier, by access.Scope, unit org.No, key string, from, until period.Day) (n int64, err error) {
	return n, q.QueryRowContext(ctx, `SELECT count(*) FROM entry AS e WHERE e.district = $1 AND e.state = 'submitted' AND ($2 = '' OR e.kind = $2)
		AND e.day_from < $4 AND $3 < e.day_until AND `+by.Reach("e.district", "e.unit", ledger.Read)+`
		AND EXISTS (SELECT 1 FROM org_reach AS r WHERE r.district = e.district AND r.unit = e.unit AND r.target = $5
			AND r.day_from < $4 AND $3 < r.day_until)`, by.District, key, int64(from), int64(until), int64(unit)).Scan(&n)
}
