// Package kept stores what a capability gives to figures, as it was given: the records that its objects make, each once. When an
// object changes, what its records were and are goes to the figures in the same transaction, unless a locked period holds it.
package kept

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"sifen/internal/closing"
	"sifen/internal/db"
	"sifen/internal/indicator"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/period"
)

// Record is what figures count of an object.
type Record struct {
	ID, Kind, Object string
	Rev              int64
	Unit             org.No
	From, Until      period.Day
	Fields           kind.Fields
}

// Counted is the record as figures take it.
func (r Record) Counted() *indicator.Record {
	return &indicator.Record{Kind: r.Kind, ID: r.ID, Rev: r.Rev, Unit: r.Unit, From: r.From, Until: r.Until, Fields: r.Fields}
}

// Store is a table of records: district, id, kind, the object's id in a column of its own, rev, unit, day_from, day_until, fields.
type Store struct {
	Table  string
	Object string // name of the object's column
	// Aside are fields that a locked period does not hold: they say when something was known, not what.
	Aside   []string
	Figures *indicator.Engine
}

// Contribution is what a locked period holds of a record.
func (s *Store) Contribution(r *Record) *closing.Contribution {
	rest := r.Fields
	if len(s.Aside) > 0 {
		rest = maps.Clone(r.Fields)
		for _, k := range s.Aside {
			delete(rest, k)
		}
	}
	return &closing.Contribution{Unit: r.Unit, From: r.From, Until: r.Until, Values: Encode(rest)}
}

func (s *Store) columns() string {
	return `id, kind, ` + s.Object + `, rev, unit, day_from, day_until, fields`
}

func scan(r *sql.Rows) (Record, error) {
	var x Record
	var fields string
	err := r.Scan(&x.ID, &x.Kind, &x.Object, &x.Rev, &x.Unit, &x.From, &x.Until, &fields)
	x.Fields = Decode(fields)
	return x, err
}

// Put writes a record without telling the figures, which know it already: one that comes over from another keeper.
func (s *Store) Put(ctx context.Context, tx *db.Tx, district int64, r Record) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO `+s.Table+` (district, id, kind, `+s.Object+`, rev, unit, day_from, day_until, fields)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (district, id) DO UPDATE SET rev = excluded.rev, unit = excluded.unit,
		day_from = excluded.day_from, day_until = excluded.day_until, fields = excluded.fields`,
		district, r.ID, r.Kind, r.Object, r.Rev, int64(r.Unit), int64(r.From), int64(r.Until), Encode(r.Fields))
	return err
}

// Recount brings what figures count of an object in line with what it is. With strict a locked period refuses the change;
// without, it keeps what it counted, and behind says that something was left out.
func (s *Store) Recount(ctx context.Context, tx *db.Tx, district int64, object string, want []Record, strict bool, now time.Time) (behind bool, err error) {
	have, err := db.All(ctx, tx, scan, `SELECT `+s.columns()+` FROM `+s.Table+` WHERE district = $1 AND `+s.Object+` = $2`, district, object)
	if err != nil {
		return false, err
	}
	before := map[string]Record{}
	for _, r := range have {
		before[r.ID] = r
	}
	var changes []indicator.Change
	move := func(was, is *Record) error {
		ch := indicator.Change{}
		var a, b *closing.Contribution
		key := ""
		if was != nil {
			ch.Before, a, key = was.Counted(), s.Contribution(was), was.Kind
		}
		if is != nil {
			ch.After, b, key = is.Counted(), s.Contribution(is), is.Kind
		}
		if err := closing.Check(ctx, tx, district, key, a, b); err != nil {
			if !strict && errors.Is(err, closing.ErrLocked) {
				behind = true
				return nil
			}
			return err
		}
		changes = append(changes, ch)
		if is == nil {
			_, err := tx.ExecContext(ctx, `DELETE FROM `+s.Table+` WHERE district = $1 AND id = $2`, district, was.ID)
			return err
		}
		return s.Put(ctx, tx, district, *is)
	}
	for _, r := range want {
		was, ok := before[r.ID]
		delete(before, r.ID)
		if ok && was.Unit == r.Unit && was.From == r.From && was.Until == r.Until && Encode(was.Fields) == Encode(r.Fields) {
			continue
		}
		var old *Record
		if ok {
			old = &was
		}
		if err := move(old, &r); err != nil {
			return false, err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(before)) {
		was := before[id]
		if err := move(&was, nil); err != nil {
			return false, err
		}
	}
	if len(changes) == 0 {
		return behind, nil
	}
	return behind, s.Figures.Apply(indicator.WithTime(ctx, now), tx, district, changes)
}

// Scan gives the records of a kind as they were counted.
func (s *Store) Scan(ctx context.Context, q db.Querier, district int64, key, after string, limit int) ([]indicator.Record, error) {
	list, err := db.All(ctx, q, scan, fmt.Sprintf(`SELECT `+s.columns()+` FROM `+s.Table+` WHERE district = $1 AND kind = $2 AND id > $3
		ORDER BY id LIMIT %d`, limit), district, key, after)
	out := make([]indicator.Record, 0, len(list))
	for _, r := range list {
		out = append(out, *r.Counted())
	}
	return out, err
}

// ByID gives some records in the order of their ids.
func (s *Store) ByID(ctx context.Context, q db.Querier, district int64, ids []string) ([]Record, error) {
	list, err := db.Named(ids, 2, []any{district}, func(in string, args []any) ([]Record, error) {
		return db.All(ctx, q, scan, `SELECT `+s.columns()+` FROM `+s.Table+` WHERE district = $1 AND id IN (`+in+`)`, args...)
	})
	return db.InOrder(ids, list, func(r Record) string { return r.ID }), err
}

// Fields gives the values of some records.
func (s *Store) Fields(ctx context.Context, q db.Querier, district int64, ids []string) (map[string]kind.Fields, error) {
	list, err := s.ByID(ctx, q, district, ids)
	out := make(map[string]kind.Fields, len(list))
	for _, r := range list {
		out[r.ID] = r.Fields
	}
	return out, err
}

// Encode writes fields as they are stored.
func Encode(f kind.Fields) string {
	raw, err := json.Marshal(f)
	if err != nil {
		panic(err) // texts, whole numbers and booleans
	}
	return string(raw)
}

// Decode reads fields with whole numbers as they were.
func Decode(text string) kind.Fields {
	out := kind.Fields{}
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	raw := map[string]any{}
	if d.Decode(&raw) != nil {
		return out
	}
	for k, v := range raw {
		if n, ok := v.(json.Number); ok {
			i, err := n.Int64()
			if err != nil {
				continue
			}
			v = i
		}
		out[k] = v
	}
	return out
}
