package rectify

import (
	"context"
	"database/sql"
	"errors"

	"sifen/internal/access"
	"sifen/internal/calendar"
	"sifen/internal/db"
	"sifen/internal/indicator"
)

// Pass is what time does to cases: deadlines that passed are noted and told, promises and duties that are over are counted,
// deadlines of years whose holidays were published since are filled in.
func (s *Service) Pass(ctx context.Context, district int64) error {
	now := s.Platform.Clock.Now().UnixMilli()
	ids, err := db.All(ctx, s.DB.Read, func(r *sql.Rows) (string, error) {
		var id string
		err := r.Scan(&id)
		return id, err
	}, `SELECT c.id FROM rcase AS c WHERE c.district = $1 AND (
		c.open = 1 AND c.state IN ('sent', 'fixing') AND c.due_at <= $2 AND (c.due_at = 0 OR c.due_at > c.told_at)
		OR c.promise_at > 0 AND c.promise_at <= $2 AND c.state <> 'revoked' AND NOT EXISTS (SELECT 1 FROM rcase_record AS x WHERE x.district = c.district
			AND x.rcase = c.id AND x.kind = 'case-due')
		OR EXISTS (SELECT 1 FROM rcase_duty AS d WHERE d.district = c.district AND d.rcase = c.id AND d.done_at = 0 AND d.due_at <= $2
			AND d.unit = c.office AND d.what <> 'issue'
			AND NOT EXISTS (SELECT 1 FROM rcase_record AS x WHERE x.district = d.district
				AND x.id = d.rcase || '.' || d.what || CAST(d.nth AS TEXT) || '.late')))
		ORDER BY c.id`, district, now)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := s.DB.Write(ctx, func(tx *db.Tx) error {
			if err := indicator.Shared(ctx, tx, district); err != nil {
				return err
			}
			return s.passOne(ctx, tx, district, id)
		}); err != nil {
			return err
		}
	}
	return nil
}

// passOne is the passing of time for one case.
func (s *Service) passOne(ctx context.Context, tx *db.Tx, district int64, id string) error {
	w, err := s.Moment(ctx, tx, district)
	if err != nil {
		return err
	}
	by := access.System(district, int64(w.Day), "time")
	c, err := load(ctx, tx, district, id)
	if err != nil {
		return err
	}
	duties, err := dutiesOf(ctx, tx, district, id)
	if err != nil {
		return err
	}
	now := w.Now.UnixMilli()
	filled, err := s.fill(ctx, tx, district, w, &c, duties, now)
	if err != nil {
		return err
	}
	if c.running() && c.DueAt > 0 && c.DueAt <= now {
		if c, err = s.do(ctx, tx, by, w, c, Step{Op: OpOverdue}); err == nil {
			return nil // it has counted everything
		}
		if !errors.Is(err, ErrEarly) {
			return err
		}
	}
	if !filled {
		due := false
		for _, d := range duties {
			due = due || d.DoneAt == 0 && d.DueAt > 0 && d.DueAt <= now
		}
		if !due && (c.PromiseAt == 0 || c.PromiseAt > now) {
			return nil
		}
	}
	events, err := History(ctx, tx, district, id)
	if err != nil {
		return err
	}
	if duties, err = dutiesOf(ctx, tx, district, id); err != nil {
		return err
	}
	_, err = s.recount(ctx, tx, district, c, duties, events, now)
	return err
}

// fill writes the ends of what began before the holidays of its year were published, and lets a deadline that runs from the
// signature begin when the time for signing is over.
func (s *Service) fill(ctx context.Context, tx *db.Tx, district int64, w work, c *Case, duties []Duty, now int64) (bool, error) {
	t := turn{c: *c, duties: duties, set: w.Set, cal: calendar.Of(w.Set), now: now}
	filled := false
	for i, d := range t.duties {
		if d.DueAt == 0 && d.DoneAt == 0 {
			if at, err := t.end(d.From, d.Days, 0); err == nil {
				t.duties[i].DueAt, filled = at, true
				if err := saveDuty(ctx, tx, district, c.ID, t.duties[i]); err != nil {
					return false, err
				}
			}
		}
	}
	i, ok := instrumentOf(w.Set, c.Instrument)
	if ok && c.running() && c.DueAt == 0 {
		for _, d := range t.duties {
			over := d.DueAt > 0 && d.DueAt <= now || d.DoneAt > 0
			if d.What == DutySign && over {
				t.begin(i, dayOf(d.DueAt))
				filled = filled || t.c.DueAt > 0
			}
		}
	}
	if !filled {
		return false, nil
	}
	t.waits()
	was := t.c.Rev
	t.c.Rev++
	if err := save(ctx, tx, district, t.c, was, searchText(w, t.c)); err != nil {
		return false, err
	}
	*c = t.c
	return true, nil
}
