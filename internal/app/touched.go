package app

import (
	"context"
	"database/sql"
	"fmt"
	"sort"

	"sifen/internal/db"
	"sifen/internal/indicator"
	"sifen/internal/pack"
	"sifen/internal/period"
)

// Touched is a figure that a change of the rules would compute anew, and the years that hold records it counts.
type Touched struct {
	Figure string
	Years  []string
}

// Touched lists the figures whose definition changes, with the years in which they count anything.
func (a *App) Touched(ctx context.Context, district int64, changes []pack.Change) ([]Touched, error) {
	var out []Touched
	for _, c := range changes {
		if c.Object.Type != "indicators" || c.Version == 1 {
			continue
		}
		var d indicator.Definition
		if err := pack.Strict(c.Object, &d); err != nil {
			return nil, err
		}
		kind := d.Kind
		if d.Done != "" {
			kind = d.Done
		}
		type span struct{ from, until period.Day }
		spans, err := db.All(ctx, a.DB.Read, func(r *sql.Rows) (span, error) {
			var s span
			err := r.Scan(&s.from, &s.until)
			return s, err
		}, `SELECT DISTINCT day_from, day_until FROM entry WHERE district = $1 AND kind = $2 AND counted_rev > 0`, district, kind)
		if err != nil {
			return nil, err
		}
		last, _, _ := period.Of(a.Clock.Now()).YMD()
		years := map[int]bool{}
		for _, s := range spans {
			from, _, _ := s.from.YMD()
			until := last // a thing still in force counts up to this year
			if s.until < period.Open {
				until, _, _ = (s.until - 1).YMD()
			}
			for y := from; y <= until; y++ {
				years[y] = true
			}
		}
		t := Touched{Figure: d.Key}
		for y := range years {
			t.Years = append(t.Years, fmt.Sprint(y))
		}
		sort.Strings(t.Years)
		out = append(out, t)
	}
	return out, nil
}
