package seen

import (
	"context"
	"database/sql"

	"sifen/internal/db"
	"sifen/internal/org"
	"sifen/internal/period"
)

// Campaign is what came of a campaign whose last day is over.
type Campaign struct {
	ID, No, Kind, Title string
	Unit                org.No
	First, Last         period.Day
	Sites               int64 // drawn places that were visited, each once
	Problems            int64 // items failed at them, by the first look
}

// Campaigns are the sealed campaigns of some kinds whose last day lies in a span and at which anything was visited, by number.
func Campaigns(ctx context.Context, q db.Querier, district int64, from, until period.Day) ([]Campaign, error) {
	return db.All(ctx, q, func(r *sql.Rows) (c Campaign, err error) {
		err = r.Scan(&c.ID, &c.No, &c.Kind, &c.Title, &c.Unit, &c.First, &c.Last, &c.Sites, &c.Problems)
		return c, err
	}, `SELECT c.id, c.no, c.kind, c.title, c.unit, c.first_day, c.last_day, count(*), CAST(sum(v.failed) AS bigint)
		FROM campaign AS c JOIN draw AS d ON d.district = c.district AND d.campaign = c.id AND d.role = 'first'
		JOIN visit AS v ON v.district = d.district AND v.id = d.visit AND v.state = 'done'
		WHERE c.district = $1 AND c.state = 'sealed' AND c.last_day >= $2 AND c.last_day < $3
		GROUP BY c.id, c.no, c.kind, c.title, c.unit, c.first_day, c.last_day ORDER BY c.no`, district, int64(from), int64(until))
}
