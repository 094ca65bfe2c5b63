package indicator

import (
	"database/sql"
	"fmt"
	"sort"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/org"
	"sifen/internal/period"
)

// partRange restricts parts p to those a period counts; its placeholders begin at $4.
func partRange(d *Def, p period.Period) (string, []any) {
	if d.Measure == Stock || d.Measure == Level || d.Measure == Coverage || d.Measure == Distinct && d.Lasting {
		return ` AND p.span_from <= $4 AND $4 < p.span_until`, []any{int64(p.Last())}
	}
	return ` AND p.day >= $4 AND p.day < $5`, []any{int64(p.From), int64(p.Until)}
}

// Part is one counted part of a record.
type Part struct {
	Record string
	Rev    int64
	Item   int64
	Unit   org.No
	Day    period.Day
	From   period.Day
	Until  period.Day
	A, B   int64
	Est    int64
	Key    string
	HasKey bool
}

// partsFrom is the FROM and WHERE of the parts that a figure of unit $3 counts in a period.
func partsFrom(d *Def, p period.Period) (string, []any) {
	where, args := partRange(d, p)
	on := `p.day`
	if len(args) == 1 {
		on = `$4`
	}
	extra := ""
	if d.Measure == Level {
		extra = ` AND p.b = 1`
	}
	if d.Measure == Coverage {
		extra = ` AND EXISTS (SELECT 1` + strings.Replace(mustWhere(d, "r"), "WHERE", "WHERE u.no = p.unit AND", 1) + `)`
		extra = strings.ReplaceAll(extra, "r.", "m.")
		extra = strings.ReplaceAll(extra, "AS r ON", "AS m ON")
	}
	return reachFrom + where +
		` AND r.day_from <= ` + on + ` AND ` + on + ` < r.day_until` + extra, args
}

// CountParts returns how many parts and how many different records stand behind a figure.
func (x *Query) CountParts(d *Def, unit org.No, p period.Period) (parts, records int64, err error) {
	if derived(d.Measure) {
		for _, t := range x.Terms(d) {
			td, err := x.defs.at(t, p)
			if err != nil {
				return 0, 0, err
			}
			n, r, err := x.CountParts(td, unit, p)
			if err != nil {
				return 0, 0, err
			}
			parts, records = parts+n, records+r
		}
		return parts, records, nil
	}
	if (d.Measure == Count || d.Measure == Sum || d.Measure == Stock) && d.Group == "" { // one part a record: the cells know
		v, err := x.value(d, unit, p)
		return v.N, v.N, err
	}
	from, args := partsFrom(d, p)
	if d.Group == "" {
		err = x.q.QueryRowContext(x.ctx, `SELECT count(*)`+from, append([]any{x.district, d.No, int64(unit)}, args...)...).Scan(&parts)
		return parts, parts, err
	}
	err = x.q.QueryRowContext(x.ctx, `SELECT count(*), count(DISTINCT p.record)`+from, append([]any{x.district, d.No, int64(unit)},
		args...)...).Scan(&parts, &records)
	return parts, records, err
}

// RecordKinds are the kinds of records behind a figure, its own or those of what it is computed from.
func (x *Query) RecordKinds(key string, p period.Period) ([]string, error) {
	d, err := x.defs.at(key, p)
	if err != nil {
		return nil, err
	}
	if !derived(d.Measure) {
		return []string{d.RecordKind()}, nil
	}
	var out []string
	for _, t := range x.Terms(d) {
		kinds, err := x.RecordKinds(t, p)
		if err != nil {
			return nil, err
		}
		for _, k := range kinds {
			if !contains(out, k) {
				out = append(out, k)
			}
		}
	}
	return out, nil
}

// Within restricts parts to those whose unit lies inside a caller's reach for a verb, today's or that of the part's day. nil restricts nothing.
type Within struct {
	By   access.Scope
	Verb access.Verb
}

func (w *Within) where() string {
	if w == nil {
		return ""
	}
	return ` AND ` + w.By.ReachAt("p.district", "p.unit", "p.day", w.Verb)
}

// CountOutside counts the records behind a figure that lie outside a caller's reach for a verb.
func (x *Query) CountOutside(d *Def, unit org.No, p period.Period, by access.Scope, v access.Verb) (n int64, err error) {
	from, args := partsFrom(d, p)
	err = x.q.QueryRowContext(x.ctx, `SELECT count(DISTINCT p.record)`+from+` AND NOT (`+by.ReachAt("p.district", "p.unit", "p.day", v)+`)`,
		append([]any{x.district, d.No, int64(unit)}, args...)...).Scan(&n)
	return n, err
}

// Parts lists the parts behind a figure, latest day first; limit 0 is all.
func (x *Query) Parts(d *Def, unit org.No, p period.Period, limit, offset int, in *Within) ([]Part, error) {
	from, args := partsFrom(d, p)
	where := in.where()
	tail := ` ORDER BY p.day DESC, p.record DESC, p.item`
	if limit > 0 {
		tail += fmt.Sprintf(" LIMIT %d OFFSET %d", limit, offset)
	}
	return db.All(x.ctx, x.q, func(r *sql.Rows) (Part, error) {
		var v Part
		var key sql.NullString
		var keyno sql.NullInt64
		err := r.Scan(&v.Record, &v.Rev, &v.Item, &v.Unit, &v.Day, &v.From, &v.Until, &v.A, &v.B, &v.Est, &keyno, &key)
		v.HasKey = keyno.Valid
		v.Key = key.String
		if keyno.Valid && !key.Valid {
			v.Key = fmt.Sprint(keyno.Int64)
		}
		return v, err
	}, `SELECT p.record, p.rev, p.item, p.unit, p.day, p.span_from, p.span_until, p.a, p.b, p.est, p.keyno,
		(SELECT k.value FROM figure_keyno AS k WHERE k.district = p.district AND k.def = p.def AND k.keyno = p.keyno)`+from+where+tail,
		append([]any{x.district, d.No, int64(unit)}, args...)...)
}

// Latest lists the latest parts behind a figure, as Parts does with a limit. For a flow it looks at the last days that
// have any first, so that a year of a million parts is not sorted for twenty.
func (x *Query) Latest(d *Def, unit org.No, p period.Period, limit int, in *Within) ([]Part, error) {
	if d.Measure != Count && d.Measure != Sum && (d.Measure != Distinct || d.Lasting) {
		return x.Parts(d, unit, p, limit, 0, in)
	}
	// a day's keys are at most its parts: enough of them are enough
	days, err := x.busyDays(d, unit, p)
	if err != nil {
		return nil, err
	}
	want, got := int64(limit), int64(0)
	for i, c := range days {
		if got += c.n; got < want && i < len(days)-1 {
			continue
		}
		list, err := x.Parts(d, unit, period.Period{From: c.day, Until: p.Until}, limit, 0, in)
		if err != nil || len(list) >= limit || i == len(days)-1 {
			return list, err
		}
		want = got * 4 // some lie outside the condition: look further back
	}
	return nil, nil
}

type busyDay struct {
	day period.Day
	n   int64
}

// busyDays lists the days of a flow that have parts, latest first, with at least how many.
func (x *Query) busyDays(d *Def, unit org.No, p period.Period) ([]busyDay, error) {
	args := []any{x.district, d.No, int64(unit), int64(p.From), int64(p.Until)}
	if d.Measure == Distinct {
		return db.All(x.ctx, x.q, func(r *sql.Rows) (busyDay, error) {
			b, raw, set := busyDay{}, []byte(nil), roaring.New()
			if err := r.Scan(&b.day, &raw); err != nil || len(raw) == 0 {
				return b, err
			}
			err := set.UnmarshalBinary(raw)
			b.n = int64(set.GetCardinality())
			return b, err
		}, `SELECT day, keys FROM figure_keys WHERE district = $1 AND def = $2 AND target = $3 AND day >= $4 AND day < $5 ORDER BY day DESC`, args...)
	}
	return db.All(x.ctx, x.q, func(r *sql.Rows) (busyDay, error) {
		var b busyDay
		err := r.Scan(&b.day, &b.n)
		return b, err
	}, `SELECT bucket, n FROM figure_cell WHERE district = $1 AND def = $2 AND target = $3 AND grain = 0 AND bucket >= $4 AND bucket < $5
		ORDER BY bucket DESC`, args...)
}

// RecordsWhere is a condition on a record id expression: the records that a figure of a unit and period counts.
func (x *Query) RecordsWhere(key string, unit org.No, p period.Period, column string) (db.SQL, error) {
	d, err := x.defs.at(key, p)
	if err != nil {
		return db.SQL{}, err
	}
	if derived(d.Measure) {
		var terms []db.SQL
		for _, t := range x.Terms(d) {
			w, err := x.RecordsWhere(t, unit, p, column)
			if err != nil {
				return db.SQL{}, err
			}
			terms = append(terms, w)
		}
		return db.Or(terms...), nil
	}
	from, args := partsFrom(d, p)
	return db.SQL{Text: column + ` IN (SELECT p.record` + from + `)`, Args: append([]any{x.district, d.No, int64(unit)}, args...)}, nil
}

// ByRecord lists the figures that count a record, with the record's own quantity.
func (x *Query) ByRecord(record string) ([]RecordShare, error) {
	byNo := map[int64]*Def{}
	for _, d := range x.defs.all {
		byNo[d.No] = d
	}
	parts, err := scanParts(x.ctx, x.q, byNo, `SELECT `+partColumns+` FROM figure_part WHERE +district = $1 AND record = $2`, x.district, record)
	if err != nil {
		return nil, err
	}
	sums := map[*Def]*RecordShare{}
	var out []*RecordShare
	for _, p := range parts {
		if p.def.State != "active" {
			continue
		}
		s := sums[p.def]
		if s == nil {
			s = &RecordShare{Def: p.def, Day: p.day, Unit: p.unit}
			sums[p.def] = s
			out = append(out, s)
		}
		s.A += p.a
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Def.Key < out[j].Def.Key })
	shares := make([]RecordShare, len(out))
	for i, s := range out {
		shares[i] = *s
	}
	return shares, nil
}

// RecordShare is what one record gives to one figure.
type RecordShare struct {
	Def  *Def
	Unit org.No
	Day  period.Day
	A    int64
}
