package attribute

import (
	"context"
	"database/sql"
	"time"

	"sifen/internal/db"
	"sifen/internal/org"
	"sifen/internal/period"
)

// Kept is a value of a unit from a day until the next, with who said so. An empty Text ends what was before.
type Kept struct {
	Name  string
	Unit  org.No
	From  period.Day
	Text  string
	Note  string
	Actor string
	At    time.Time
}

const columns = `a.name, a.unit, a.day_from, a.value, a.note, a.actor, a.at`

func scan(r *sql.Rows) (k Kept, err error) {
	var at int64
	err = r.Scan(&k.Name, &k.Unit, &k.From, &k.Text, &k.Note, &k.Actor, &at)
	k.At = time.UnixMilli(at).UTC()
	return k, err
}

// On are the values of an attribute in force on a day, by unit. Units without one are not in it.
func On(ctx context.Context, q db.Querier, district int64, name string, day period.Day) (map[org.No]string, error) {
	list, err := db.All(ctx, q, scan, `SELECT `+columns+` FROM unit_attribute AS a WHERE a.district = $1 AND a.name = $2 AND a.day_from <= $3
		ORDER BY a.unit, a.day_from`, district, name, int64(day))
	if err != nil {
		return nil, err
	}
	out := make(map[org.No]string, len(list))
	for _, k := range list {
		if out[k.Unit] = k.Text; k.Text == "" {
			delete(out, k.Unit)
		}
	}
	return out, nil
}

// All are the values of every attribute in force on a day, by unit and name.
func All(ctx context.Context, q db.Querier, district int64, day period.Day) (map[org.No]map[string]string, error) {
	list, err := db.All(ctx, q, scan, `SELECT `+columns+` FROM unit_attribute AS a WHERE a.district = $1 AND a.day_from <= $2
		ORDER BY a.name, a.unit, a.day_from`, district, int64(day))
	if err != nil {
		return nil, err
	}
	out := map[org.No]map[string]string{}
	for _, k := range list {
		of := out[k.Unit]
		if of == nil {
			of = map[string]string{}
			out[k.Unit] = of
		}
		if of[k.Name] = k.Text; k.Text == "" {
			delete(of, k.Name)
		}
	}
	return out, nil
}

// Of is all that was ever kept of a unit, by name and day.
func Of(ctx context.Context, q db.Querier, district int64, unit org.No) ([]Kept, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM unit_attribute AS a WHERE a.district = $1 AND a.unit = $2 ORDER BY a.name, a.day_from`,
		district, int64(unit))
}

// Keep keeps a value from a day. One of the same day is replaced; later ones stay.
func Keep(ctx context.Context, tx *db.Tx, district int64, k Kept) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO unit_attribute (district, name, unit, day_from, value, note, actor, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (district, name, unit, day_from) DO UPDATE SET value = excluded.value, note = excluded.note, actor = excluded.actor, at = excluded.at`,
		district, k.Name, int64(k.Unit), int64(k.From), k.Text, k.Note, k.Actor, k.At.UnixMilli())
	if err != nil {
		return err
	}
	_, err = org.Next(ctx, tx, district, stamp)
	return err
}

// stamp is the counter that moves with every change, for what is kept in memory until then.
const stamp = "attribute-stamp"

// Stamp changes whenever an attribute of a unit does.
func Stamp(ctx context.Context, q db.Querier, district int64) (n int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT value FROM counter WHERE district = $1 AND name = $2`, district, stamp).Scan(&n)
	_, err = db.One(err)
	return n, err
}
