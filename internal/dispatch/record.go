package dispatch

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"

	"sifen/internal/closing"
	"sifen/internal/db"
	"sifen/internal/indicator"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/period"
)

// record is what figures count, as it was given to them.
type record struct {
	ID, Kind, Object string
	Rev              int64
	Unit             org.No
	From, Until      period.Day
	Fields           kind.Fields
}

func (r record) counted() *indicator.Record {
	return &indicator.Record{Kind: r.Kind, ID: r.ID, Rev: r.Rev, Unit: r.Unit, From: r.From, Until: r.Until, Fields: r.Fields}
}

func (r record) contribution() *closing.Contribution {
	return &closing.Contribution{Unit: r.Unit, From: r.From, Until: r.Until, Values: encode(r.Fields)}
}

// records is what a meeting gives to figures: itself, once it was held. What was said of it as an entry stays said.
func (m Meeting) records() []record {
	if m.State != Held {
		return nil
	}
	f := maps.Clone(m.Body.Fields)
	if f == nil {
		f = kind.Fields{}
	}
	f["held_on"], f["topic"], f["type"], f["minutes"] = int64(m.Day), m.Title, m.Type, m.HasMinutes
	if m.People > 0 {
		f["attendance"] = m.People
	} else {
		delete(f, "attendance")
	}
	if m.MinutesNo != "" {
		f["minutes_number"] = m.MinutesNo
	} else {
		delete(f, "minutes_number")
	}
	return []record{{ID: m.ID, Kind: KindMeeting, Object: m.ID, Rev: m.Rev, Unit: m.Unit, From: m.Day, Until: m.Day + 1, Fields: f}}
}

// The records of a decision are told from those of meetings by what follows its id.
const dueSuffix, openSuffix = ".due", ".open"

// records is what a decision gives to figures: on its deadline whether it was done, and in time; and from its meeting on that
// it is open. One that was carried over before its deadline came is counted by the one that took its place.
func (d Decision) records() []record {
	var out []record
	if d.State != Dropped && !(d.State == Carried && d.Settled <= d.Deadline) {
		out = append(out, record{ID: d.ID + dueSuffix, Kind: KindDecision, Object: d.ID, Rev: d.Rev, Unit: d.Unit, From: d.Deadline, Until: d.Deadline + 1,
			Fields: kind.Fields{"done": d.State == Done, "in_time": d.State == Done && d.Done <= d.Deadline}})
	}
	until := period.Day(period.Open)
	if d.Settled > 0 {
		until = d.Settled
	}
	if d.Decided < until {
		out = append(out, record{ID: d.ID + openSuffix, Kind: KindOpen, Object: d.ID, Rev: d.Rev, Unit: d.Unit, From: d.Decided, Until: until,
			Fields: kind.Fields{}})
	}
	return out
}

const recordColumns = `id, kind, object, rev, unit, day_from, day_until, fields`

func scanRecord(r *sql.Rows) (record, error) {
	var x record
	var fields string
	err := r.Scan(&x.ID, &x.Kind, &x.Object, &x.Rev, &x.Unit, &x.From, &x.Until, &fields)
	x.Fields = decodeFields(fields)
	return x, err
}

func keepRecord(ctx context.Context, tx *db.Tx, district int64, r record) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO meeting_record (district, id, kind, object, rev, unit, day_from, day_until, fields)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (district, id) DO UPDATE SET rev = excluded.rev, unit = excluded.unit,
		day_from = excluded.day_from, day_until = excluded.day_until, fields = excluded.fields`,
		district, r.ID, r.Kind, r.Object, r.Rev, int64(r.Unit), int64(r.From), int64(r.Until), encode(r.Fields))
	return err
}

// recount brings what figures count of a meeting or a decision in line with what it is. With strict a locked period refuses
// the change; without, it keeps what it counted, and behind says that something was left out.
func (s *Service) recount(ctx context.Context, tx *db.Tx, district int64, object string, want []record, strict bool) (behind bool, err error) {
	have, err := db.All(ctx, tx, scanRecord, `SELECT `+recordColumns+` FROM meeting_record WHERE district = $1 AND object = $2`, district, object)
	if err != nil {
		return false, err
	}
	before := map[string]record{}
	for _, r := range have {
		before[r.ID] = r
	}
	var changes []indicator.Change
	move := func(was, is *record) error {
		ch := indicator.Change{}
		var a, b *closing.Contribution
		key := ""
		if was != nil {
			ch.Before, a, key = was.counted(), was.contribution(), was.Kind
		}
		if is != nil {
			ch.After, b, key = is.counted(), is.contribution(), is.Kind
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
			_, err := tx.ExecContext(ctx, `DELETE FROM meeting_record WHERE district = $1 AND id = $2`, district, was.ID)
			return err
		}
		return keepRecord(ctx, tx, district, *is)
	}
	for _, r := range want {
		was, ok := before[r.ID]
		delete(before, r.ID)
		if ok && was.Unit == r.Unit && was.From == r.From && was.Until == r.Until && encode(was.Fields) == encode(r.Fields) {
			continue
		}
		var old *record
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
	return behind, s.Figures.Apply(indicator.WithTime(ctx, s.Clock.Now()), tx, district, changes)
}

// Scan gives the records of a kind as they were counted.
func (s *Service) Scan(ctx context.Context, q db.Querier, district int64, key, after string, limit int) ([]indicator.Record, error) {
	list, err := db.All(ctx, q, scanRecord, fmt.Sprintf(`SELECT `+recordColumns+` FROM meeting_record WHERE district = $1 AND kind = $2 AND id > $3
		ORDER BY id LIMIT %d`, limit), district, key, after)
	out := make([]indicator.Record, 0, len(list))
	for _, r := range list {
		out = append(out, *r.counted())
	}
	return out, err
}

func recordsByID(ctx context.Context, q db.Querier, district int64, ids []string) ([]record, error) {
	list, err := db.Named(ids, 2, []any{district}, func(in string, args []any) ([]record, error) {
		return db.All(ctx, q, scanRecord, `SELECT `+recordColumns+` FROM meeting_record WHERE district = $1 AND id IN (`+in+`)`, args...)
	})
	return db.InOrder(ids, list, func(r record) string { return r.ID }), err
}

// Fields gives the values of some records.
func (s *Service) Fields(ctx context.Context, q db.Querier, district int64, _ string, ids []string) (map[string]kind.Fields, error) {
	list, err := recordsByID(ctx, q, district, ids)
	out := make(map[string]kind.Fields, len(list))
	for _, r := range list {
		out[r.ID] = r.Fields
	}
	return out, err
}
