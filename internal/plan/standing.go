package plan

import (
	"context"
	"database/sql"
	"sort"
	"strconv"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/indicator"
	"sifen/internal/org"
	"sifen/internal/period"
)

// BoundTo lists the targets of some units, of one figure or of all (""), of the years from first to last. Where a unit
// has several for one figure, that of the highest plan comes first: it was set from above.
func BoundTo(ctx context.Context, q db.Querier, by access.Scope, o *org.Org, units []org.No, figure string, first, last int) ([]indicator.Bound, error) {
	if len(units) == 0 {
		return nil, nil
	}
	marks := make([]string, len(units))
	for i, n := range units {
		marks[i] = strconv.FormatInt(int64(n), 10)
	}
	list, err := db.All(ctx, q, func(r *sql.Rows) (indicator.Bound, error) {
		var b indicator.Bound
		t, err := scanTarget(r, &b.Year, &b.PlanUnit)
		b.Target = t
		return b, err
	}, `SELECT `+targetColumns+`, p.year, p.unit FROM plan_target AS t JOIN plan_year AS p ON p.district = t.district AND p.id = t.plan
		WHERE t.district = $1 AND t.unit IN (`+strings.Join(marks,
		",")+`) AND ($2 = '' OR t.figure = $2) AND p.year >= $3 AND p.year <= $4 AND `+by.Reach("t.district", "t.unit", Read)+`
		ORDER BY p.year, t.created_at, t.id LIMIT 5000`, by.District, figure, first, last)
	depth := func(b indicator.Bound) int { return len(o.Chain(b.PlanUnit, period.Day(by.Today))) }
	sort.SliceStable(list, func(i, j int) bool {
		if list[i].Year != list[j].Year {
			return list[i].Year < list[j].Year
		}
		return depth(list[i]) < depth(list[j])
	})
	return list, err
}

// PersonalTasks lists the open tasks a person answers for, the nearest deadline first.
func PersonalTasks(ctx context.Context, q db.Querier, by access.Scope, limit int) ([]Task, error) {
	if by.Person == "" {
		return nil, nil
	}
	return db.All(ctx, q, func(r *sql.Rows) (Task, error) { return scanTask(r) }, `SELECT `+taskColumns+fromTask+`WHERE t.district = $1 AND t.state = 'open'
		AND t.person = $2 AND `+by.Reach("t.district", "t.unit", Read)+
		` ORDER BY t.deadline, t.id LIMIT $3`, by.District, by.Person, limit)
}
