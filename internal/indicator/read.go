package indicator

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"sifen/internal/db"
	"sifen/internal/memo"
	"sifen/internal/org"
	"sifen/internal/period"
)

// Tree says under which organisation a figure is read.
type Tree string

// Then puts each day under its own tree; Now gives today's units all their days.
const (
	Then Tree = "then"
	Now  Tree = "now"
)

// Value is a figure of one unit and period.
type Value struct {
	Def    *Def
	Unit   org.No
	Period period.Period
	// N counts parts, A is the quantity at the figure's scale, Est the estimated share of A.
	N, A, Est int64
	// Part and Of are the two terms of a ratio, mean or coverage; HasTerms says that there are any.
	Part, Of int64
	HasTerms bool
	// Defined is false for a ratio, mean or formula with an empty base: undefined is not zero.
	Defined bool
	// Cut counts spans that the period cuts (flows over several days).
	Cut int64
}

// Decimals is the scale of A: digits after the point.
func (v Value) Decimals() int { return v.Def.Decimals }

// Query reads figures from one consistent state.
type Query struct {
	e        *Engine
	ctx      context.Context
	q        db.Querier
	district int64
	defs     *defs
	org      *org.Org
	stamps   map[string]int64  // of the kinds of records; nil where nothing is kept
	stamp    map[string]string // of the figures asked for
}

// At prepares reading. For several figures of one page pass a snapshot's querier.
func (e *Engine) At(ctx context.Context, q db.Querier, district int64) (*Query, error) {
	c, err := e.defs(ctx, q, district)
	if err != nil {
		return nil, err
	}
	o, err := e.Orgs.Current(ctx, q, district)
	if err != nil {
		return nil, err
	}
	x := &Query{e: e, ctx: ctx, q: q, district: district, defs: c, org: o, stamp: map[string]string{}}
	if _, moment := q.(*sql.Tx); moment { // of several moments nothing can be kept, and of a transaction that writes neither
		x.stamps, err = db.Pairs[string, int64](ctx, q, `SELECT substr(name, 9), value FROM counter
			WHERE district = $1 AND name >= 'figures:' AND name < 'figures;'`, district)
	}
	return x, err
}

// Figures are read over and over: by everyone who opens a page, until the next record of their kind is verified.
const (
	keptBytes = 32 << 20
	keptUnits = 300
)

// kept returns what was read of a figure if no record of its kinds, no unit and no definition has changed since, or reads it.
func kept[V any](x *Query, what, key string, units []org.No, ps []period.Period, read func() (V, error)) (V, error) {
	if x.stamps == nil {
		return read()
	}
	stamp, ok := x.stamp[key]
	if !ok {
		stamp = fmt.Sprint(x.defs.stamp, x.org.Stamp)
		for _, kind := range x.defs.kindsOf(key) {
			stamp += fmt.Sprint(" ", x.stamps[kind])
		}
		x.stamp[key] = stamp
	}
	name := fmt.Append(make([]byte, 0, 64+12*len(ps)), what, x.district, " ", key)
	for _, n := range units {
		name = strconv.AppendInt(append(name, ' '), int64(n), 36)
	}
	for _, p := range ps {
		name = strconv.AppendInt(append(strconv.AppendInt(append(name, ','), int64(p.From), 36), '+'), int64(p.Until), 36)
	}
	return memo.Of(x.e.memo, string(name), stamp, read)
}

// Def returns the version of a figure that a period uses.
func (x *Query) Def(key string, p period.Period) (*Def, error) { return x.defs.at(key, p) }

// Org is the organisation the query reads under.
func (x *Query) Org() *org.Org { return x.org }

// Value reads one figure under tree=then.
func (x *Query) Value(key string, unit org.No, p period.Period) (Value, error) {
	return kept(x, "value", key, []org.No{unit}, []period.Period{p}, func() (Value, error) { return x.valueOf(key, unit, p) })
}

func (x *Query) valueOf(key string, unit org.No, p period.Period) (Value, error) {
	d, err := x.defs.at(key, p)
	if err != nil {
		return Value{}, err
	}
	return x.value(d, unit, p)
}

func (x *Query) value(d *Def, unit org.No, p period.Period) (Value, error) {
	v := Value{Def: d, Unit: unit, Period: p, Defined: true}
	var err error
	switch d.Measure {
	case Count, Sum:
		var c cell
		if c, err = x.flow(d, unit, p.From, p.Until); err == nil {
			v.N, v.A, v.Est = c.n, c.a, c.est
		}
	case Stock, Level:
		var c cell
		if c, err = x.stock(d, unit, p.Last()); err == nil {
			v.N, v.A, v.Est = c.n, c.a, c.est
		}
	case Distinct:
		v.N, v.A, err = x.distinct(d, unit, p)
	case Coverage:
		v.Part, v.Of, err = x.coverage(d, unit, p.Last())
		v.HasTerms, v.Defined, v.N, v.A = true, v.Of > 0, v.Part, v.Part
	default:
		terms := map[string]Value{}
		for _, key := range x.Terms(d) {
			if terms[key], err = x.Value(key, unit, p); err != nil {
				return v, fmt.Errorf("read %s of unit %d: %w", d.Key, unit, err)
			}
		}
		v, err = d.derive(unit, p, terms)
	}
	if err != nil {
		return v, fmt.Errorf("read %s of unit %d: %w", d.Key, unit, err)
	}
	return v, nil
}

const sumCells = `SELECT coalesce(CAST(sum(n) AS bigint), 0), coalesce(CAST(sum(a) AS bigint), 0), coalesce(CAST(sum(b) AS bigint), 0),
	coalesce(CAST(sum(est) AS bigint), 0) FROM `

// ranges splits [from, until) into whole months and the days before and after them.
func ranges(from, until period.Day) (lead [2]int64, months [2]int64, trail [2]int64) {
	m1 := from.Month()
	if m1.First() < from {
		m1++
	}
	m2 := until.Month() // the month of the first day outside is not whole unless until is its first day
	if m1 >= m2 {
		return [2]int64{int64(from), int64(until)}, [2]int64{0, 0}, [2]int64{0, 0}
	}
	return [2]int64{int64(from), int64(m1.First())}, [2]int64{int64(m1), int64(m2)}, [2]int64{int64(m2.First()), int64(until)}
}

func (x *Query) flow(d *Def, unit org.No, from, until period.Day) (cell, error) {
	var c cell
	if from >= until {
		return c, nil
	}
	l, m, t := ranges(from, until)
	err := x.q.QueryRowContext(x.ctx, sumCells+`(
		SELECT n, a, b, est FROM figure_cell WHERE district = $1 AND def = $2 AND target = $3 AND grain = 1 AND bucket >= $4 AND bucket < $5
		UNION ALL
		SELECT n, a, b, est FROM figure_cell WHERE district = $1 AND def = $2 AND target = $3 AND grain = 0 AND bucket >= $6 AND bucket < $7
		UNION ALL
		SELECT n, a, b, est FROM figure_cell WHERE district = $1 AND def = $2 AND target = $3 AND grain = 0 AND bucket >= $8 AND bucket < $9) AS c`,
		x.district, d.No, int64(unit), m[0], m[1], l[0], l[1], t[0], t[1]).Scan(&c.n, &c.a, &c.b, &c.est)
	return c, err
}

func (x *Query) stock(d *Def, unit org.No, day period.Day) (cell, error) {
	var c cell
	m := day.Month()
	err := x.q.QueryRowContext(x.ctx, sumCells+`(
		SELECT n, a, b, est FROM figure_cell WHERE district = $1 AND def = $2 AND target = $3 AND grain = 1 AND bucket < $4
		UNION ALL
		SELECT n, a, b, est FROM figure_cell WHERE district = $1 AND def = $2 AND target = $3 AND grain = 0 AND bucket >= $5 AND bucket <= $6) AS c`,
		x.district, d.No, int64(unit), int64(m), int64(m.First()), int64(day)).Scan(&c.n, &c.a, &c.b, &c.est)
	return c, err
}

// reachFrom yields parts p of definition $2 that reach target $3, with the reach row r. The units come first, then each
// unit's own range of parts: CROSS JOIN keeps SQLite from reading all parts of the definition instead.
const reachFrom = ` FROM org_reach AS r CROSS JOIN figure_part AS p WHERE r.district = $1 AND r.target = $3 AND p.district = $1 AND p.def = $2
	AND p.unit = r.unit`

// distinct returns the number of parts behind and the number of different keys.
func (x *Query) distinct(d *Def, unit org.No, p period.Period) (n, keys int64, err error) {
	if d.Lasting {
		day := int64(p.Last())
		err = x.q.QueryRowContext(x.ctx, `SELECT count(*), count(DISTINCT p.keyno)`+reachFrom+`
			AND p.span_from <= $4 AND $4 < p.span_until AND r.day_from <= $4 AND $4 < r.day_until`,
			x.district, d.No, int64(unit), day).Scan(&n, &keys)
		return n, keys, err
	}
	set, err := x.keySet(d, unit, p)
	if err != nil {
		return 0, 0, err
	}
	return int64(set.GetCardinality()), int64(set.GetCardinality()), nil
}

func (x *Query) keySet(d *Def, unit org.No, p period.Period) (*roaring.Bitmap, error) {
	rows, err := x.q.QueryContext(x.ctx, `SELECT keys FROM figure_keys WHERE district = $1 AND def = $2 AND target = $3 AND day >= $4 AND day < $5`,
		x.district, d.No, int64(unit), int64(p.From), int64(p.Until))
	var sets []*roaring.Bitmap
	err = db.Each(rows, err, func() error {
		var raw []byte
		if err := rows.Scan(&raw); err != nil || len(raw) == 0 {
			return err
		}
		s := roaring.New()
		sets = append(sets, s)
		return s.UnmarshalBinary(raw)
	})
	return roaring.FastOr(sets...), err
}

// mustTypes lists the unit types of a coverage's base for SQL. They come from a checked definition.
func mustTypes(d *Def) string {
	words := make([]string, 0, len(d.Must.Types))
	for _, t := range d.Must.Types {
		if typ, ok := org.ParseType(t); ok {
			words = append(words, "'"+string(typ)+"'")
		}
	}
	return strings.Join(words, ",")
}

// mustWhere restricts units u to the base of a coverage under target $3 on day $4.
func mustWhere(d *Def, r string) string {
	return ` FROM unit AS u JOIN org_reach AS ` + r + ` ON ` + r + `.district = u.district AND ` + r + `.unit = u.no AND ` + r + `.target = $3 AND ` + r +
		`.day_from <= $4 AND $4 < ` + r + `.day_until
		WHERE u.district = $1 AND u.type IN (` + mustTypes(d) + `) AND u.day_from <= $4 AND $4 < u.day_until`
}

const doneOn = `EXISTS (SELECT 1 FROM figure_part AS p WHERE p.district = $1 AND p.def = $2 AND p.unit = u.no AND p.span_from <= $4 AND $4 < p.span_until)`

func (x *Query) coverage(d *Def, unit org.No, day period.Day) (part, of int64, err error) {
	err = x.q.QueryRowContext(x.ctx, `SELECT coalesce(CAST(sum(CASE WHEN `+doneOn+` THEN 1 ELSE 0 END) AS bigint), 0), count(*)`+mustWhere(d, "r"),
		x.district, d.No, int64(unit), int64(day)).Scan(&part, &of)
	return part, of, err
}

// NotDone lists the units of a coverage's base that have not done it on the period's last day.
func (x *Query) NotDone(key string, unit org.No, p period.Period, limit int) (units []org.No, total int64, err error) {
	units, err = kept(x, "undone", key, []org.No{unit}, []period.Period{p}, func() ([]org.No, error) { return x.notDone(key, unit, p) })
	total, units = int64(len(units)), slices.Clone(units)
	if len(units) > limit {
		units = units[:limit]
	}
	return units, total, err
}

func (x *Query) notDone(key string, unit org.No, p period.Period) ([]org.No, error) {
	d, err := x.defs.at(key, p)
	if err == nil && d.Measure == Gap {
		d, err = x.defs.at(d.OfKey(), p)
	}
	if err != nil || d.Measure != Coverage {
		return nil, err
	}
	return db.All(x.ctx, x.q, scanNo, `SELECT u.no`+mustWhere(d, "r")+` AND NOT `+doneOn+` ORDER BY u.code, u.no`, x.district, d.No, int64(unit),
		int64(p.Last()))
}

func scanNo(r *sql.Rows) (org.No, error) {
	var n org.No
	err := r.Scan(&n)
	return n, err
}

// Terms are the keys a derived figure is computed from; none for others.
func (x *Query) Terms(d *Def) []string { return d.Terms() }
