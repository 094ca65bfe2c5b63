package indicator

import (
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"sifen/internal/db"
	"sifen/internal/formula"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/unit"
)

// derive computes a ratio, mean, gap or formula from the values of its terms, by key. Whatever has no base is
// undefined, never zero.
func (d *Def) derive(n org.No, p period.Period, terms map[string]Value) (Value, error) {
	v := Value{Def: d, Unit: n, Period: p, Defined: true}
	switch d.Measure {
	case Gap:
		c := terms[d.OfKey()]
		v.A = c.Of - c.Part
		v.N = v.A
	case Ratio, Mean:
		a, b := terms[d.Part], terms[d.OfKey()]
		if d.Measure == Mean {
			a, b = terms[d.OfKey()], terms[d.Per]
		}
		v.Part, v.Of, v.HasTerms = a.A, b.A, true
		v.Defined, v.N = a.Defined && b.Defined && b.A != 0, a.N
		if v.Defined && d.Measure == Mean {
			v.A, v.Defined = unit.ScaledDiv(v.Part, v.Of, d.Decimals-a.Def.Decimals+b.Def.Decimals)
		}
	case Formula:
		vals, in := map[string]any{}, map[string]formula.Type{}
		for name, key := range d.OfMap() {
			y := terms[key]
			in[name] = formula.Int
			if y.Defined {
				vals[name] = y.A
			}
			v.N += y.N
		}
		prog, err := formula.Compile(d.Expr, in, formula.Int)
		if err != nil {
			return v, err
		}
		v.A, v.Defined, err = prog.Number(vals)
		if errors.Is(err, formula.ErrNoValue) { // nothing to divide by
			v.A, v.Defined, err = 0, false, nil
		}
		return v, err
	}
	return v, nil
}

// Values reads one figure of many units at once, in a handful of queries whatever their number.
func (x *Query) Values(key string, units []org.No, p period.Period) (map[org.No]Value, error) {
	d, err := x.defs.at(key, p)
	if err != nil {
		return nil, err
	}
	if len(units) > keptUnits {
		return x.values(d, units, p)
	}
	vs, err := kept(x, "values", key, units, []period.Period{p}, func() (map[org.No]Value, error) { return x.values(d, units, p) })
	return maps.Clone(vs), err
}

func (x *Query) values(d *Def, units []org.No, p period.Period) (map[org.No]Value, error) {
	out := make(map[org.No]Value, len(units))
	if len(units) == 0 {
		return out, nil
	}
	blank := func(n org.No) Value { return Value{Def: d, Unit: n, Period: p, Defined: true} }
	switch d.Measure {
	case Count, Sum, Stock, Level:
		sums := map[org.No]cell{}
		var err error
		if d.Measure == Count || d.Measure == Sum {
			err = x.flows(d, units, p, sums)
		} else {
			err = x.stocks(d, units, p.Last(), sums)
		}
		for _, n := range units {
			v, c := blank(n), sums[n]
			v.N, v.A, v.Est = c.n, c.a, c.est
			out[n] = v
		}
		return out, err
	case Distinct:
		return out, x.distinctMany(d, units, p, out, blank)
	case Coverage:
		return out, x.coverageMany(d, units, p, out, blank)
	}
	terms := map[string]map[org.No]Value{}
	for _, key := range x.Terms(d) {
		td, err := x.defs.at(key, p)
		if err != nil {
			return nil, err
		}
		if terms[key], err = x.values(td, units, p); err != nil {
			return nil, err
		}
	}
	for _, n := range units {
		var err error
		if out[n], err = d.derive(n, p, column(terms, n)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// column is what every term says of one unit.
func column(terms map[string]map[org.No]Value, n org.No) map[string]Value {
	mine := make(map[string]Value, len(terms))
	for key, vs := range terms {
		mine[key] = vs[n]
	}
	return mine
}

// distinctMany counts different keys per unit: of few units from their sets, of many from parts, which are then fewer.
func (x *Query) distinctMany(d *Def, units []org.No, p period.Period, out map[org.No]Value, blank func(org.No) Value) error {
	if !d.Lasting && len(units) <= 100 {
		return x.setsMany(d, units, p, out, blank)
	}
	where, on, args := ` AND p.day >= $3 AND p.day < $4`, `p.day`, []any{x.district, d.No, int64(p.From), int64(p.Until)}
	if d.Lasting {
		where, on, args = ` AND p.span_from <= $3 AND $3 < p.span_until`, `$3`, args[:3]
		args[2] = int64(p.Last())
	}
	for _, n := range units {
		out[n] = blank(n)
	}
	rows, err := x.q.QueryContext(x.ctx, `SELECT r.target, count(*), count(DISTINCT p.keyno) FROM org_reach AS r CROSS JOIN figure_part AS p
		WHERE r.district = $1 AND r.target IN (`+inList(units)+`) AND p.district = $1 AND p.def = $2 AND p.unit = r.unit`+where+
		` AND r.day_from <= `+on+` AND `+on+` < r.day_until GROUP BY r.target`, args...)
	var n org.No
	var parts, keys int64
	return db.Each(rows, err, func() error {
		err := rows.Scan(&n, &parts, &keys)
		v := out[n]
		v.N, v.A = keys, keys
		if d.Lasting {
			v.N = parts
		}
		out[n] = v
		return err
	})
}

func (x *Query) setsMany(d *Def, units []org.No, p period.Period, out map[org.No]Value, blank func(org.No) Value) error {
	sets := map[org.No]*roaring.Bitmap{}
	rows, err := x.q.QueryContext(x.ctx, `SELECT target, keys FROM figure_keys WHERE district = $1 AND def = $2 AND target IN (`+inList(units)+`)
		AND day >= $3 AND day < $4`,
		x.district, d.No, int64(p.From), int64(p.Until))
	var n org.No
	var raw []byte
	if err := db.Each(rows, err, func() error {
		if err := rows.Scan(&n, &raw); err != nil || len(raw) == 0 {
			return err
		}
		if sets[n] == nil {
			sets[n] = roaring.New()
		}
		day := roaring.New()
		if err := day.UnmarshalBinary(raw); err != nil {
			return err
		}
		sets[n].Or(day)
		return nil
	}); err != nil {
		return err
	}
	for _, n := range units {
		v := blank(n)
		if sets[n] != nil {
			v.A = int64(sets[n].GetCardinality())
			v.N = v.A
		}
		out[n] = v
	}
	return nil
}

func (x *Query) coverageMany(d *Def, units []org.No, p period.Period, out map[org.No]Value, blank func(org.No) Value) error {
	for _, n := range units {
		v := blank(n)
		v.HasTerms, v.Defined = true, false
		out[n] = v
	}
	rows, err := x.q.QueryContext(x.ctx, `SELECT r.target,
		coalesce(CAST(sum(CASE WHEN EXISTS (SELECT 1 FROM figure_part AS p WHERE p.district = $1 AND p.def = $2 AND p.unit = u.no AND p.span_from <= $3
			AND $3 < p.span_until) THEN 1 ELSE 0 END) AS bigint), 0),
		count(*) FROM org_reach AS r CROSS JOIN unit AS u
		WHERE r.district = $1 AND r.target IN (`+inList(units)+`) AND r.day_from <= $3 AND $3 < r.day_until
		  AND u.district = $1 AND u.no = r.unit AND u.type IN (`+mustTypes(d)+`) AND u.day_from <= $3 AND $3 < u.day_until GROUP BY r.target`,
		x.district, d.No, int64(p.Last()))
	var n org.No
	var part, of int64
	return db.Each(rows, err, func() error {
		err := rows.Scan(&n, &part, &of)
		v := out[n]
		v.Part, v.Of, v.N, v.A, v.Defined = part, of, part, part, of > 0
		out[n] = v
		return err
	})
}

// Series reads one figure of one unit over several periods at once, for lines of months or years. Every period
// uses the definition in force on its last day, as Value does.
func (x *Query) Series(key string, unit org.No, ps []period.Period) ([]Value, error) {
	vs, err := kept(x, "series", key, []org.No{unit}, ps, func() ([]Value, error) { return x.seriesOf(key, unit, ps) })
	return slices.Clone(vs), err
}

func (x *Query) seriesOf(key string, unit org.No, ps []period.Period) ([]Value, error) {
	out := make([]Value, len(ps))
	byDef, order := map[*Def][]int{}, []*Def(nil)
	for i, p := range ps {
		d, err := x.defs.at(key, p)
		if err != nil {
			return nil, err
		}
		if byDef[d] == nil {
			order = append(order, d)
		}
		byDef[d] = append(byDef[d], i)
	}
	for _, d := range order {
		some := make([]period.Period, len(byDef[d]))
		for j, i := range byDef[d] {
			some[j] = ps[i]
		}
		vs, err := x.series(d, unit, some)
		if err != nil {
			return nil, fmt.Errorf("read %s of unit %d over %d periods: %w", d.Key, unit, len(ps), err)
		}
		for j, i := range byDef[d] {
			out[i] = vs[j]
		}
	}
	return out, nil
}

func (x *Query) series(d *Def, unit org.No, ps []period.Period) ([]Value, error) {
	out := make([]Value, len(ps))
	for i, p := range ps {
		out[i] = Value{Def: d, Unit: unit, Period: p, Defined: true}
	}
	switch {
	case derived(d.Measure):
		terms := map[string][]Value{}
		for _, key := range x.Terms(d) {
			var err error
			if terms[key], err = x.Series(key, unit, ps); err != nil {
				return nil, err
			}
		}
		for i, p := range ps {
			mine := make(map[string]Value, len(terms))
			for key, vs := range terms {
				mine[key] = vs[i]
			}
			var err error
			if out[i], err = d.derive(unit, p, mine); err != nil {
				return nil, err
			}
		}
		return out, nil
	case d.Measure == Coverage:
		return out, x.coverageSeries(d, unit, out)
	case d.Measure == Distinct && !d.Lasting:
		return out, x.distinctSeries(d, unit, out)
	case d.Measure != Distinct && wholeMonths(ps):
		return out, x.cellSeries(d, unit, out)
	}
	for i, p := range ps {
		v, err := x.value(d, unit, p)
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	return out, nil
}

// wholeMonths reports whether every period begins and ends with a month, so that month cells are enough.
func wholeMonths(ps []period.Period) bool {
	for _, p := range ps {
		if p.From.Month().First() != p.From || p.Until.Month().First() != p.Until {
			return false
		}
	}
	return true
}

// cellSeries reads the month cells once and sums them per period.
func (x *Query) cellSeries(d *Def, unit org.No, out []Value) error {
	lasting := d.Measure == Stock || d.Measure == Level
	lo, hi := period.Month(0), period.Month(0)
	for i, v := range out {
		if f := v.Period.From.Month(); i == 0 || f < lo {
			lo = f
		}
		hi = max(hi, v.Period.Until.Month())
	}
	if lasting {
		lo = -1 << 40
	}
	rows, err := x.q.QueryContext(x.ctx, `SELECT bucket, n, a, est FROM figure_cell WHERE district = $1 AND def = $2 AND target = $3 AND grain = 1
		AND bucket >= $4 AND bucket < $5`,
		x.district, d.No, int64(unit), int64(lo), int64(hi))
	var m period.Month
	var c cell
	return db.Each(rows, err, func() error {
		if err := rows.Scan(&m, &c.n, &c.a, &c.est); err != nil {
			return err
		}
		for i := range out {
			v := &out[i]
			if m < v.Period.Until.Month() && (lasting || m >= v.Period.From.Month()) {
				v.N, v.A, v.Est = v.N+c.n, v.A+c.a, v.Est+c.est
			}
		}
		return nil
	})
}

// distinctSeries reads the key sets of all days once.
func (x *Query) distinctSeries(d *Def, unit org.No, out []Value) error {
	all := out[0].Period
	sets := make([]*roaring.Bitmap, len(out))
	for i, v := range out {
		all.From, all.Until = min(all.From, v.Period.From), max(all.Until, v.Period.Until)
		sets[i] = roaring.New()
	}
	rows, err := x.q.QueryContext(x.ctx, `SELECT day, keys FROM figure_keys WHERE district = $1 AND def = $2 AND target = $3 AND day >= $4 AND day < $5`,
		x.district, d.No, int64(unit), int64(all.From), int64(all.Until))
	if err := db.Each(rows, err, func() error {
		var day period.Day
		var raw []byte
		if err := rows.Scan(&day, &raw); err != nil || len(raw) == 0 {
			return err
		}
		s := roaring.New()
		if err := s.UnmarshalBinary(raw); err != nil {
			return err
		}
		for i, v := range out {
			if v.Period.Has(day) {
				sets[i].Or(s)
			}
		}
		return nil
	}); err != nil {
		return err
	}
	for i := range out {
		out[i].A = int64(sets[i].GetCardinality())
		out[i].N = out[i].A
	}
	return nil
}

// coverageSeries reads the units of the base with their days and the days on which they did it, and looks at every
// period's last day.
func (x *Query) coverageSeries(d *Def, unit org.No, out []Value) error {
	type span struct {
		unit        org.No
		from, until period.Day
	}
	scan := func(r *sql.Rows) (span, error) {
		var s span
		var f, u period.Day
		err := r.Scan(&s.unit, &s.from, &s.until, &f, &u)
		s.from, s.until = max(s.from, f), min(s.until, u)
		return s, err
	}
	base, err := db.All(x.ctx, x.q, scan, `SELECT u.no, u.day_from, u.day_until, r.day_from, r.day_until FROM org_reach AS r CROSS JOIN unit AS u
		WHERE r.district = $1 AND r.target = $2 AND u.district = $1 AND u.no = r.unit AND u.type IN (`+mustTypes(d)+`)`, x.district, int64(unit))
	if err != nil {
		return err
	}
	done, err := db.All(x.ctx, x.q, func(r *sql.Rows) (span, error) {
		var s span
		err := r.Scan(&s.unit, &s.from, &s.until)
		return s, err
	}, `SELECT DISTINCT p.unit, p.span_from, p.span_until`+reachFrom, x.district, d.No, int64(unit))
	if err != nil {
		return err
	}
	spans := map[org.No][]span{}
	for _, s := range done {
		spans[s.unit] = append(spans[s.unit], s)
	}
	for i := range out {
		v := &out[i]
		day := v.Period.Last()
		v.HasTerms = true
		for _, b := range base {
			if day < b.from || b.until <= day {
				continue
			}
			v.Of++
			for _, s := range spans[b.unit] {
				if s.from <= day && day < s.until {
					v.Part++
					break
				}
			}
		}
		v.N, v.A, v.Defined = v.Part, v.Part, v.Of > 0
	}
	return nil
}
