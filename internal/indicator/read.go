package indicator

import (
	"context"
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
	return &Query{e, ctx, q, district, c, o}, nil
}

// Def returns the version of a figure that a period uses.
func (x *Query) Def(key string, p period.Period) (*Def, error) { return x.defs.at(key, p) }

// Org is the organisation the query reads under.
func (x *Query) Org() *org.Org { return x.org }

// Value reads one figure under tree=then.
func (x *Query) Value(key string, unit org.No, p period.Period) (Value, error) {
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
		for _, key := range x.terms(d) {
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

const sumCells = `SELECT coalesce(CAST(sum(n) AS bigint), 0), coalesce(CAST(sum(a) AS bigint), 0), coalesce(CAST(sum(b) AS bigint), 0), coalesce(CAST(sum(est) AS bigint), 0) FROM `

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
const reachFrom = ` FROM org_reach AS r CROSS JOIN figure_part AS p WHERE r.district = $1 AND r.target = $3 AND p.district = $1 AND p.def = $2 AND p.unit = r.unit`

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
	return ` FROM unit AS u JOIN org_reach AS ` + r + ` ON ` + r + `.district = u.district AND ` + r + `.unit = u.no AND ` + r + `.target = $3 AND ` + r + `.day_from <= $4 AND $4 < ` + r + `.day_until
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
	d, err := x.defs.at(key, p)
	if err != nil {
		return nil, 0, err
	}
	if d.Measure == Gap {
		if d, err = x.defs.at(d.OfKey(), p); err != nil {
			return nil, 0, err
		}
	}
	if d.Measure != Coverage {
		return nil, 0, nil
	}
	units, err = db.All(x.ctx, x.q, scanNo, `SELECT u.no`+mustWhere(d, "r")+` AND NOT `+doneOn+` ORDER BY u.code, u.no`, x.district, d.No, int64(unit), int64(p.Last()))
	total = int64(len(units))
	if len(units) > limit {
		units = units[:limit]
	}
	return units, total, err
}

func scanNo(r *sql.Rows) (org.No, error) {
	var n org.No
	err := r.Scan(&n)
	return n, err
}

// Child is a figure of one unit below another.
type Child struct {
	Unit  org.No
	Value Value
}

// Children reads the figure of every unit that was a child of unit in the period, each cut to the days of its
// edge, and what is booked at the unit itself: for flows and stocks their sum is the unit's own value.
func (x *Query) Children(key string, unit org.No, p period.Period) (children []Child, own Value, err error) {
	d, err := x.defs.at(key, p)
	if err != nil {
		return nil, own, err
	}
	own = Value{Def: d, Unit: unit, Period: p, Defined: true}
	type cut struct {
		no          org.No
		from, until period.Day
	}
	var whole []org.No
	var cuts []cut
	sums := map[org.No]cell{}
	lasting := d.Measure == Stock || d.Measure == Level || d.Measure == Coverage || d.Measure == Gap || d.Measure == Distinct && d.Lasting
	var order []org.No
	for _, u := range x.org.Units() {
		in := false
		for _, s := range x.org.Parents(u.No) {
			if s.Other != unit {
				continue
			}
			if lasting {
				if s.From <= p.Last() && p.Last() < s.Until {
					in = true
				}
				continue
			}
			from, until := max(s.From, p.From), min(s.Until, p.Until)
			if from >= until {
				continue
			}
			in = true
			if from == p.From && until == p.Until {
				whole = append(whole, u.No)
			} else {
				cuts = append(cuts, cut{u.No, from, until})
			}
		}
		if in {
			order = append(order, u.No)
		}
	}
	flows := d.Measure == Count || d.Measure == Sum
	if flows {
		if err := x.flows(d, whole, p, sums); err != nil {
			return nil, own, err
		}
		for _, c := range cuts {
			v, err := x.flow(d, c.no, c.from, c.until)
			if err != nil {
				return nil, own, err
			}
			s := sums[c.no]
			sums[c.no] = cell{s.n + v.n, s.a + v.a, s.b + v.b, s.est + v.est}
		}
	}
	if d.Measure == Stock || d.Measure == Level {
		if err := x.stocks(d, order, p.Last(), sums); err != nil {
			return nil, own, err
		}
	}
	additive := flows || d.Measure == Stock || d.Measure == Level
	values := map[org.No]Value{}
	if !additive {
		var plain []org.No
		for _, n := range order {
			if !x.org.HeadsLine(n) {
				plain = append(plain, n)
			}
		}
		if values, err = x.values(d, plain, p); err != nil {
			return nil, own, err
		}
	}
	for _, n := range order {
		v := Value{Def: d, Unit: n, Period: p, Defined: true}
		if x.org.HeadsLine(n) {
			// what reaches a line head over its line belongs to other children: here it would count twice
			if !additive {
				continue
			}
			c, err := x.treeOnly(d, n, unit, p)
			if err != nil {
				return nil, own, err
			}
			sums[n] = c
		}
		if additive {
			c := sums[n]
			v.N, v.A, v.Est = c.n, c.a, c.est
		} else {
			v = values[n]
		}
		children = append(children, Child{n, v})
	}
	if additive {
		where, args := partRange(d, p)
		err = x.q.QueryRowContext(x.ctx, `SELECT count(*), coalesce(CAST(sum(a) AS bigint), 0), coalesce(CAST(sum(est) AS bigint), 0) FROM figure_part AS p
			WHERE p.district = $1 AND p.def = $2 AND p.unit = $3`+where, append([]any{x.district, d.No, int64(unit)}, args...)...).Scan(&own.N, &own.A, &own.Est)
	}
	return children, own, err
}

// treeOnly sums the parts that reach a child by the tree alone, on the days of its edge to the parent.
func (x *Query) treeOnly(d *Def, child, parent org.No, p period.Period) (cell, error) {
	var c cell
	where, args := partRange(d, p)
	on := "p.day"
	if len(args) == 1 {
		on = "$4"
	}
	n := "count(*)"
	if d.Measure == Level {
		n = "coalesce(CAST(sum(p.b) AS bigint), 0)"
	}
	edge := fmt.Sprintf(` AND EXISTS (SELECT 1 FROM unit_edge AS ue WHERE ue.district = p.district AND ue.unit = $3 AND ue.parent = %d AND ue.day_from <= %s AND %s < ue.day_until)`, int64(parent), on, on)
	err := x.q.QueryRowContext(x.ctx, `SELECT `+n+`, coalesce(CAST(sum(p.a) AS bigint), 0), coalesce(CAST(sum(p.est) AS bigint), 0)`+reachFrom+`
		AND r.line = 0 AND r.day_from <= `+on+` AND `+on+` < r.day_until`+where+edge,
		append([]any{x.district, d.No, int64(child)}, args...)...).Scan(&c.n, &c.a, &c.est)
	return c, err
}

func inList(units []org.No) string {
	sorted := append([]org.No(nil), units...)
	sort.Slice(sorted, func(i, j int) bool { return sorted[i] < sorted[j] })
	parts := make([]string, len(sorted))
	for i, n := range sorted {
		parts[i] = fmt.Sprint(int64(n))
	}
	return strings.Join(parts, ",")
}

func (x *Query) group(d *Def, sums map[org.No]cell, where string, args ...any) error {
	rows, err := x.q.QueryContext(x.ctx, `SELECT target, CAST(sum(n) AS bigint), CAST(sum(a) AS bigint), CAST(sum(b) AS bigint), CAST(sum(est) AS bigint) FROM figure_cell
		WHERE district = $1 AND def = $2 AND `+where+` GROUP BY target`, append([]any{x.district, d.No}, args...)...)
	var n org.No
	var c cell
	return db.Each(rows, err, func() error {
		err := rows.Scan(&n, &c.n, &c.a, &c.b, &c.est)
		s := sums[n]
		sums[n] = cell{s.n + c.n, s.a + c.a, s.b + c.b, s.est + c.est}
		return err
	})
}

// flows reads a period of many units at once.
func (x *Query) flows(d *Def, units []org.No, p period.Period, sums map[org.No]cell) error {
	if len(units) == 0 {
		return nil
	}
	l, m, t := ranges(p.From, p.Until)
	for i, r := range [][2]int64{l, m, t} {
		if r[0] >= r[1] {
			continue
		}
		grain := "0"
		if i == 1 {
			grain = "1"
		}
		if err := x.group(d, sums, `target IN (`+inList(units)+`) AND grain = `+grain+` AND bucket >= $3 AND bucket < $4`, r[0], r[1]); err != nil {
			return err
		}
	}
	return nil
}

func (x *Query) stocks(d *Def, units []org.No, day period.Day, sums map[org.No]cell) error {
	if len(units) == 0 {
		return nil
	}
	m := day.Month()
	if err := x.group(d, sums, `target IN (`+inList(units)+`) AND grain = 1 AND bucket < $3`, int64(m)); err != nil {
		return err
	}
	return x.group(d, sums, `target IN (`+inList(units)+`) AND grain = 0 AND bucket >= $3 AND bucket <= $4`, int64(m.First()), int64(day))
}

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
		for _, t := range x.terms(d) {
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
	err = x.q.QueryRowContext(x.ctx, `SELECT count(*), count(DISTINCT p.record)`+from, append([]any{x.district, d.No, int64(unit)}, args...)...).Scan(&parts, &records)
	return parts, records, err
}

// terms are the keys a derived figure is computed from.
func (x *Query) terms(d *Def) []string { return d.Terms() }

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
	for _, t := range x.terms(d) {
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

// Terms are the keys a derived figure is computed from; none for others.
func (x *Query) Terms(d *Def) []string { return d.Terms() }

// Within restricts parts to those whose unit lies inside a caller's reach for a verb. nil restricts nothing.
type Within struct {
	By   access.Scope
	Verb access.Verb
}

func (w *Within) where() string {
	if w == nil {
		return ""
	}
	return ` AND ` + w.By.Reach("p.district", "p.unit", w.Verb)
}

// CountOutside counts the records behind a figure that lie outside a caller's reach for a verb.
func (x *Query) CountOutside(d *Def, unit org.No, p period.Period, by access.Scope, v access.Verb) (n int64, err error) {
	from, args := partsFrom(d, p)
	err = x.q.QueryRowContext(x.ctx, `SELECT count(DISTINCT p.record)`+from+` AND NOT (`+by.Reach("p.district", "p.unit", v)+`)`, append([]any{x.district, d.No, int64(unit)}, args...)...).Scan(&n)
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
	}, `SELECT bucket, n FROM figure_cell WHERE district = $1 AND def = $2 AND target = $3 AND grain = 0 AND bucket >= $4 AND bucket < $5 ORDER BY bucket DESC`, args...)
}

// RecordsWhere is a condition on a record id expression: the records that a figure of a unit and period counts.
// It contains numbers only.
func (x *Query) RecordsWhere(key string, unit org.No, p period.Period, column string) (string, error) {
	d, err := x.defs.at(key, p)
	if err != nil {
		return "", err
	}
	if derived(d.Measure) {
		var any []string
		for _, t := range x.terms(d) {
			w, err := x.RecordsWhere(t, unit, p, column)
			if err != nil {
				return "", err
			}
			any = append(any, w)
		}
		return "(" + strings.Join(any, " OR ") + ")", nil
	}
	from, args := partsFrom(d, p)
	all := append([]any{x.district, d.No, int64(unit)}, args...)
	for i := len(all); i > 0; i-- {
		from = strings.ReplaceAll(from, fmt.Sprintf("$%d", i), fmt.Sprint(all[i-1]))
	}
	return column + ` IN (SELECT p.record` + from + `)`, nil
}

// ByRecord lists the figures that count a record, with the record's own quantity.
func (x *Query) ByRecord(record string) ([]RecordShare, error) {
	byNo := map[int64]*Def{}
	for _, d := range x.defs.all {
		byNo[d.No] = d
	}
	parts, err := scanParts(x.ctx, x.q, byNo, `SELECT `+partColumns+` FROM figure_part WHERE district = $1 AND record = $2`, x.district, record)
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
