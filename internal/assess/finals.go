package assess

import (
	"context"

	"sifen/internal/assess/score"
	"sifen/internal/attribute"
	"sifen/internal/db"
	"sifen/internal/module"
	"sifen/internal/org"
	"sifen/internal/period"
)

// What money is reckoned on: only what is final.

// Inputs freezes declared inputs of all units of some types in a period, out of one moment. Scores are those of final runs.
func (s *Service) Inputs(ctx context.Context, q db.Querier, district int64, w module.Moment, of *score.Sheet, p period.Period) ([]org.No,
	[]*score.Facts, error) {
	v, err := score.Compile(of, attribute.Rules(w.Set))
	if err != nil {
		return nil, nil, err
	}
	return s.gatherFrom(ctx, q, district, w, v, p, `r.state = 'final'`)
}

// FinalRun is a final run with the sheet as it was and what its units scored.
type FinalRun struct {
	Run
	Form  *score.Sheet
	Units []UnitScore
}

// Finals are the final runs of a sheet whose periods lie in one, the revisions that count, the earliest first.
func (s *Service) Finals(ctx context.Context, q db.Querier, district int64, sheet string, p period.Period) (out []FinalRun, err error) {
	list, err := runs(ctx, q, `r.sheet = $2 AND r.latest = 1 AND r.state = 'final' AND r.period_from >= $3 AND r.period_until <= $4 ORDER BY r.period_from`,
		district, sheet, int64(p.From), int64(p.Until))
	if err != nil {
		return nil, err
	}
	for _, r := range list {
		v, err := parse(r.Body)
		if err != nil {
			return nil, err
		}
		units, err := db.All(ctx, q, scanOne, `SELECT `+unitColumns+` FROM score_unit AS s WHERE s.district = $1 AND s.run = $2 ORDER BY s.unit`,
			district, r.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, FinalRun{r, v.Sheet, units})
	}
	return out, nil
}

// PeriodOf is the period of a sheet or award, by its name such as quarter, that begins with a day; ok is false where none does.
func PeriodOf(name string, from period.Day) (period.Period, bool) {
	return periodOf(&score.Sheet{Period: name}, from)
}

// PeriodsEnded are the last periods of a name that are over on a day, the latest first.
func PeriodsEnded(name string, today period.Day, n int) []period.Period {
	return periodsEnded(&score.Sheet{Period: name}, today, n)
}
