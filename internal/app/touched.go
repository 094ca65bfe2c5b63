package app

import (
	"context"
	"database/sql"
	"errors"
	"sort"

	"sifen/internal/db"
	"sifen/internal/indicator"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/period"
)

// Touched is the value of a figure in one year or month, as it is and as a change of the rules would make it. A figure that the
// change brings has no value before, one that it breaks none after; both are "".
type Touched struct {
	Figure        string
	Period        period.Period
	Before, After string
}

var errPreview = errors.New("rolled back on purpose")

// Touched tells how a pack would move the district's figures: it applies the pack and computes the figures anew in a
// transaction that is rolled back, with services of its own, so that it can never say anything else than what would
// happen. Writers wait meanwhile. Years without records of any figure are left out;
// of the others the year and its months are told, since each is counted by the version in force on its last day.
func (a *App) Touched(ctx context.Context, district int64, p *pack.Pack, from period.Day) ([]Touched, error) {
	o := a.Options
	o.Clock = a.Clock
	other, err := Open(ctx, o)
	if err != nil {
		return nil, err
	}
	defer other.Close()
	spans, err := a.spans(ctx, district)
	if err != nil {
		return nil, err
	}
	before, err := values(ctx, a.Figures, a.DB.Read, district, spans)
	if err != nil {
		return nil, err
	}
	var after map[string]map[period.Period]string
	err = other.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := other.apply(ctx, tx, district, p, from); err != nil {
			return err
		}
		for done := false; !done; {
			if done, err = other.Figures.BuildStep(indicator.WithTime(ctx, a.Clock.Now()), tx, district); err != nil {
				return err
			}
		}
		tx.BeforeCommit(func(ctx context.Context) error { // after the cells were written
			if after, err = values(ctx, other.Figures, tx, district, spans); err == nil {
				err = errPreview
			}
			return err
		})
		return nil
	})
	if !errors.Is(err, errPreview) {
		return nil, err
	}
	keys := map[string]bool{}
	for _, m := range []map[string]map[period.Period]string{before, after} {
		for k := range m {
			keys[k] = true
		}
	}
	var out []Touched
	for k := range keys {
		for _, p := range spans {
			if b, n := before[k][p], after[k][p]; b != n {
				out = append(out, Touched{k, p, b, n})
			}
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Figure < out[j].Figure })
	return out, nil
}

// spans are the years in which any counted record stands, each with its months; what lasts counts up to this month.
func (a *App) spans(ctx context.Context, district int64) ([]period.Period, error) {
	type span struct{ from, until period.Day }
	spans, err := db.All(ctx, a.DB.Read, func(r *sql.Rows) (span, error) {
		var s span
		err := r.Scan(&s.from, &s.until)
		return s, err
	}, `SELECT min(day_from), max(day_until) FROM entry WHERE district = $1 AND counted_rev > 0 HAVING count(*) > 0`, district)
	if err != nil || len(spans) == 0 {
		return nil, err
	}
	end := min(spans[0].until-1, period.Of(a.Clock.Now()))
	first, _, _ := spans[0].from.YMD()
	last, _, _ := end.YMD()
	var out []period.Period
	for y := first; y <= last; y++ {
		out = append(out, period.Year(y))
		for m := 1; m <= 12 && period.Date(y, m, 1) <= end; m++ {
			out = append(out, period.MonthOf(period.Date(y, m, 1)))
		}
	}
	return out, nil
}

func values(ctx context.Context, e *indicator.Engine, q db.Querier, district int64, spans []period.Period) (map[string]map[period.Period]string, error) {
	x, err := e.At(ctx, q, district)
	if err != nil {
		return nil, err
	}
	o, err := org.Load(ctx, q, district)
	if err != nil {
		return nil, err
	}
	list, err := e.Catalogue(ctx, q, district)
	if err != nil {
		return nil, err
	}
	out := map[string]map[period.Period]string{}
	for _, d := range list {
		out[d.Key] = map[period.Period]string{}
		for _, p := range spans {
			v, err := x.Value(d.Key, o.Root, p)
			if err != nil {
				return nil, err
			}
			out[d.Key][p] = v.Screen()
		}
	}
	return out, nil
}
