package assess

import (
	"context"
	"errors"
	"fmt"

	"sifen/internal/access"
	"sifen/internal/assess/score"
	"sifen/internal/attribute"
	"sifen/internal/db"
	"sifen/internal/id"
	"sifen/internal/indicator"
	"sifen/internal/module"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/problem"
)

// computed is a draft that was reckoned on one reading of the records and is not kept yet. Reckoning takes seconds in a large district;
// keeping it does not, and holds the lock alone.
type computed struct {
	run     Run
	was     int64 // the attempt that it takes the place of; 0 where there was no run
	units   []org.No
	facts   []*score.Facts
	results []*score.Result
	stands  bool // a run that is past its draft is the answer as it stands
}

// reckon reads what a run of a sheet for the period that begins with a day is computed from, in one transaction of its own, and reckons.
//
// Errors: ErrForbidden, ErrSheet, ErrPeriod, ErrOpen before the period begins, ErrNobody, ErrGroups, ErrBelow.
func (s *Service) reckon(ctx context.Context, q db.Querier, by access.Scope, sheet string, from period.Day) (*computed, error) {
	w, err := s.Moment(ctx, q, by.District)
	if err != nil {
		return nil, err
	}
	if !may(w, by, Enter, w.Org.Root) {
		return nil, ErrForbidden
	}
	o, err := s.Packs.At(ctx, q, by.District, "sheets", sheet, from)
	if err != nil {
		return nil, err
	}
	if o == nil {
		return nil, ErrSheet
	}
	p, ok := periodOf(o.Value.(*score.Sheet), from)
	switch {
	case !ok:
		return nil, ErrPeriod.At(problem.Field{Pointer: "/from", Code: "assess.period"})
	case p.From > w.Day:
		return nil, ErrOpen
	}
	if o, err = s.Packs.At(ctx, q, by.District, "sheets", sheet, p.Last()); err != nil { // the version in force on the last day
		return nil, err
	}
	c := &computed{run: Run{ID: id.New(w.Now), Sheet: sheet, Period: p, Rev: 1, State: Draft, Latest: true, Root: w.Org.Root}}
	have, err := newest(ctx, q, by.District, c.run)
	if err != nil {
		return nil, err
	}
	if have != nil {
		if c.run = *have; have.State != Draft || have.Rev > 1 {
			c.stands = true
			return c, nil
		}
	}
	c.was = c.run.Attempt
	c.run.Version, c.run.Attempt, c.run.Actor, c.run.MadeAt = o.Version, c.was+1, by.Account, w.Now.UnixMilli()
	if c.run.Body, err = attribute.Append(o.Body, w.Set); err != nil {
		return nil, err
	}
	v, err := parse(c.run.Body)
	if err != nil {
		return nil, err
	}
	if c.units, c.facts, err = s.gather(ctx, q, by.District, w, v, p); err != nil {
		return nil, err
	}
	entered, err := fixes(ctx, q, by.District, c.run.ID)
	if err != nil {
		return nil, err
	}
	if err := apply(v, c.facts, entered); err != nil {
		return nil, err
	}
	c.results = score.Run(v, c.facts)
	return c, nil
}

// newest is the last revision of a run's sheet and period; nil where there is none.
func newest(ctx context.Context, q db.Querier, district int64, r Run) (*Run, error) {
	list, err := runs(ctx, q, `r.sheet = $2 AND r.period_from = $3 ORDER BY r.rev DESC LIMIT 1`, district, r.Sheet, int64(r.Period.From))
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// keep stores what was reckoned. Where somebody was faster with the first draft, the winner's is the answer; where a draft was computed
// again or entered into meanwhile, nothing of that is lost.
//
// Errors: ErrStale.
func (s *Service) keep(ctx context.Context, tx *db.Tx, by access.Scope, c *computed) (Run, error) {
	if c.stands {
		return c.run, nil
	}
	w, err := s.Moment(ctx, tx, by.District)
	if err != nil {
		return Run{}, err
	}
	r := c.run
	if c.was == 0 {
		ours, err := insertRun(ctx, tx, by.District, r)
		if err != nil {
			return Run{}, err
		}
		if !ours {
			have, err := newest(ctx, tx, by.District, r)
			if err == nil && have == nil {
				err = ErrStale
			}
			if err != nil {
				return Run{}, err
			}
			return *have, nil
		}
		c.was = r.Attempt
	} else if err := saveRun(ctx, tx, by.District, r, c.was); err != nil {
		return Run{}, err
	}
	if r.Digest, err = replace(ctx, tx, by.District, r.ID, c.units, c.facts, c.results); err != nil {
		return Run{}, err
	}
	if err := saveRun(ctx, tx, by.District, r, r.Attempt); err != nil {
		return Run{}, err
	}
	return r, s.tell(ctx, tx, by, w, r, "compute")
}

// Compute makes the run of a sheet for the period that begins with a day, or computes its draft anew from the records of now, in the
// caller's transaction. A run that is past its draft is the answer as it stands: it changes by revisions only.
func (s *Service) Compute(ctx context.Context, tx *db.Tx, by access.Scope, sheet string, from period.Day) (Run, error) {
	c, err := s.reckon(ctx, tx, by, sheet, from)
	if err != nil {
		return Run{}, err
	}
	return s.keep(ctx, tx, by, c)
}

// ahead reckons outside any writing transaction.
func (s *Service) ahead(ctx context.Context, by access.Scope, sheet string, from period.Day) (c *computed, err error) {
	return c, s.DB.Snapshot(ctx, func(q db.Querier) error {
		c, err = s.reckon(ctx, q, by, sheet, from)
		return err
	})
}

// Tick computes the drafts whose day has come: of each sheet that names a day of the month, the last period that is over, once. A sheet
// that builds on scores which nobody has checked yet waits for them. A run that somebody has started is left as it is.
func (s *Service) Tick(ctx context.Context, district int64) error {
	w, err := s.Moment(ctx, s.DB.Read, district)
	if err != nil {
		return err
	}
	var failed error
	for _, sh := range sheetsOf(w.Set) {
		for _, p := range periodsEnded(sh, w.Day-1, 1) { // one that is over, not one that ends today
			if sh.Run != nil && w.Day >= p.Until+period.Day(sh.Run.Day-1) {
				if err := s.byItself(ctx, district, w, sh.Key, p); err != nil {
					failed = errors.Join(failed, fmt.Errorf("compute the scores of %s: %w", sh.Key, err))
				}
			}
		}
	}
	return failed
}

func (s *Service) byItself(ctx context.Context, district int64, w module.Moment, sheet string, p period.Period) error {
	if have, err := newest(ctx, s.DB.Read, district, Run{Sheet: sheet, Period: p}); err != nil || have != nil {
		return err
	}
	by := access.System(district, int64(w.Day), "assess")
	c, err := s.ahead(ctx, by, sheet, p.From)
	var expected *problem.Error
	if errors.As(err, &expected) {
		return nil // its page says what is missing; the next hour tries again
	}
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := indicator.Shared(ctx, tx, district); err != nil {
			return err
		}
		_, err := s.keep(ctx, tx, by, c)
		return err
	})
}
