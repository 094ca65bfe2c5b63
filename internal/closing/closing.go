// Package closing holds period locks: what a locked period counts can no longer change.
package closing

import (
	"context"
	"database/sql"
	"time"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/id"
	"sifen/internal/journal"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/problem"
)

// ErrLocked says that a change touches a locked period.
var ErrLocked = problem.New(problem.Conflict, "closing.locked", nil)

// Lock keeps [From, Until) of a unit and all below it; Kind "" is every kind.
type Lock struct {
	ID      string
	Unit    org.No
	Kind    string
	From    period.Day
	Until   period.Day
	Reason  string
	Account string
	At      int64
}

// List returns the locks in force inside a scope.
func List(ctx context.Context, q db.Querier, by access.Scope) ([]Lock, error) {
	return db.All(ctx, q, scan, `SELECT l.id, l.unit, l.kind, l.day_from, l.day_until, l.reason, l.account, l.at FROM period_lock AS l
		WHERE l.district = $1 AND l.lifted_at = 0 AND `+by.Reach("l.district", "l.unit", "closing.read")+` ORDER BY l.day_from DESC, l.id`, by.District)
}

func scan(r *sql.Rows) (Lock, error) {
	var l Lock
	err := r.Scan(&l.ID, &l.Unit, &l.Kind, &l.From, &l.Until, &l.Reason, &l.Account, &l.At)
	return l, err
}

// Add locks a period. The caller holds the district's exclusive lock, so that no entry slips in beside it.
func Add(ctx context.Context, tx *db.Tx, by access.Scope, l Lock, now time.Time) (string, error) {
	l.ID = id.New(now)
	if _, err := tx.ExecContext(ctx, `INSERT INTO period_lock (district, id, unit, kind, day_from, day_until, reason, account, at, lifted_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0)`,
		by.District, l.ID, int64(l.Unit), l.Kind, int64(l.From), int64(l.Until), l.Reason, by.Account, now.UnixMilli()); err != nil {
		return "", err
	}
	return l.ID, journal.Write(ctx, tx, by, now, "closing.edit", l.ID, 0, map[string]any{"from": l.From, "until": l.Until, "unit": l.Unit})
}

// Lift opens a locked period again.
func Lift(ctx context.Context, tx *db.Tx, by access.Scope, lock string, now time.Time) error {
	if _, err := tx.ExecContext(ctx, `UPDATE period_lock SET lifted_at = $3 WHERE district = $1 AND id = $2 AND lifted_at = 0`, by.District, lock,
		now.UnixMilli()); err != nil {
		return err
	}
	return journal.Write(ctx, tx, by, now, "closing.edit", lock, 0, map[string]string{"op": "lift"})
}

// Contribution is what one revision gives to the figures: its unit, the days it is in force, and a text that is equal
// when the counted values are equal.
type Contribution struct {
	Unit        org.No
	From, Until period.Day
	Values      string
}

// Check refuses a change whose contribution differs on a locked day. With equal unit and values only the symmetric
// difference of the spans is touched, so that a thing that joined before a locked year can still leave today.
func Check(ctx context.Context, q db.Querier, district int64, kind string, before, after *Contribution) error {
	type stretch struct {
		unit        org.No
		from, until period.Day
	}
	var touched []stretch
	add := func(u org.No, from, until period.Day) {
		if from < until {
			touched = append(touched, stretch{u, from, until})
		}
	}
	switch {
	case before != nil && after != nil && before.Unit == after.Unit && before.Values == after.Values:
		add(before.Unit, min(before.From, after.From), max(before.From, after.From))
		add(before.Unit, min(before.Until, after.Until), max(before.Until, after.Until))
	default:
		for _, c := range []*Contribution{before, after} {
			if c != nil {
				add(c.Unit, c.From, c.Until)
			}
		}
	}
	for _, s := range touched {
		from, until, found, err := Covering(ctx, q, district, kind, s.unit, s.from, s.until)
		if err != nil {
			return err
		}
		if found {
			return ErrLocked.With("from", from.String(), "until", (until - 1).String())
		}
	}
	return nil
}

// Covering finds the earliest lock in force that touches days of a unit for a kind: [from, until).
func Covering(ctx context.Context, q db.Querier, district int64, kind string, unit org.No, from, until period.Day) (since, before period.Day, found bool,
	err error) {
	err = q.QueryRowContext(ctx, `SELECT l.day_from, l.day_until FROM period_lock AS l
		WHERE l.district = $1 AND l.lifted_at = 0 AND (l.kind = '' OR l.kind = $2) AND l.day_from < $4 AND $3 < l.day_until
		  AND EXISTS (SELECT 1 FROM org_reach AS r WHERE r.district = l.district AND r.unit = $5 AND r.target = l.unit AND r.day_from < l.day_until
			AND l.day_from < r.day_until)
		ORDER BY l.day_from LIMIT 1`, district, kind, int64(from), int64(until), int64(unit)).Scan(&since, &before)
	found, err = db.One(err)
	return since, before, found, err
}

// Locks are those in force of a district, for questions about many records at once.
type Locks []Lock

// InForce reads the locks in force of a district, the earliest first.
func InForce(ctx context.Context, q db.Querier, district int64) (Locks, error) {
	return db.All(ctx, q, scan, `SELECT l.id, l.unit, l.kind, l.day_from, l.day_until, l.reason, l.account, l.at FROM period_lock AS l
		WHERE l.district = $1 AND l.lifted_at = 0 ORDER BY l.day_from, l.id`, district)
}

// Covering is what the function Covering finds, of locks that were read before.
func (list Locks) Covering(o *org.Org, kind string, unit org.No, from, until period.Day) (since, before period.Day, found bool) {
	for _, l := range list {
		if (l.Kind == "" || l.Kind == kind) && l.From < until && from < l.Until && o.Reaches(unit, l.Unit, l.From, l.Until) {
			return l.From, l.Until, true
		}
	}
	return 0, 0, false
}
