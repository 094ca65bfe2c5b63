package indicator

import (
	"cmp"
	"slices"

	"sifen/internal/db"
	"sifen/internal/org"
	"sifen/internal/period"
)

// Preview is what a figure with records of its own is, and what it would be if a record changed. It only reads: nothing
// waits for it, and nobody else's change stands between the two.
func (x *Query) Preview(ch Change, key string, unit org.No, p period.Period) (before, after Value, err error) {
	if before, err = x.Value(key, unit, p); err != nil {
		return before, before, err
	}
	after = before
	d := before.Def
	if derived(d.Measure) {
		return before, after, nil
	}
	was, is, err := x.partsOf(d, ch)
	if err != nil {
		return before, after, err
	}
	switch d.Measure {
	case Count, Sum:
		err = x.previewSum(&after, was, is, unit, func(q part, r reachRow) bool {
			return p.From <= q.day && q.day < p.Until && r.from <= q.day && q.day < r.until
		})
	case Stock:
		err = x.previewSum(&after, was, is, unit, inForce(p.Last()))
	case Level:
		err = x.previewLevel(&after, was, is, unit, p.Last())
	case Distinct:
		err = x.previewDistinct(&after, was, is, unit, p)
	case Coverage:
		err = x.previewCoverage(&after, was, is, unit, p.Last())
	}
	return before, after, err
}

// partsOf are the parts that a change takes back and those it adds.
func (x *Query) partsOf(d *Def, ch Change) (was, is []part, err error) {
	if ch.Before != nil {
		if was, err = scanParts(x.ctx, x.q, map[int64]*Def{d.No: d},
			`SELECT `+partColumns+` FROM figure_part WHERE +district = $1 AND record = $2 AND def = $3`,
			x.district, ch.Before.ID, d.No); err != nil {
			return nil, nil, err
		}
	}
	if ch.After == nil || !slices.Contains(x.defs.byKind[ch.After.Kind], d) || !d.served(ch.After.ID) {
		return was, nil, nil
	}
	if is, err = measure(d, ch.After); err != nil {
		return nil, nil, err
	}
	fresh := map[string]int64{} // texts that have no number yet get one below zero, which no key has
	for i := range is {
		text := is[i].key(ch.After)
		if text == "" {
			continue
		}
		err := x.q.QueryRowContext(x.ctx, `SELECT keyno FROM figure_keyno WHERE district = $1 AND def = $2 AND value = $3`, x.district, d.No,
			text).Scan(&is[i].keyno)
		found, err := db.One(err)
		if err != nil {
			return nil, nil, err
		}
		if !found {
			if fresh[text] == 0 {
				fresh[text] = int64(-1 - len(fresh))
			}
			is[i].keyno = fresh[text]
		}
	}
	return was, is, nil
}

// inForce counts what is in force on a day, at a unit it reaches on that day.
func inForce(day period.Day) func(part, reachRow) bool {
	return func(q part, r reachRow) bool {
		return max(q.from, r.from) <= day && day < min(q.until, r.until)
	}
}

// counts reports whether a part counts at a unit.
func (x *Query) counts(q part, unit org.No, in func(part, reachRow) bool) (bool, error) {
	rows, err := x.q.QueryContext(x.ctx, `SELECT day_from, day_until FROM org_reach WHERE district = $1 AND unit = $2 AND target = $3`, x.district,
		int64(q.unit), int64(unit))
	ok := false
	var r reachRow
	err = db.Each(rows, err, func() error {
		err := rows.Scan(&r.from, &r.until)
		ok = ok || in(q, r)
		return err
	})
	return ok, err
}

func (x *Query) previewSum(v *Value, was, is []part, unit org.No, in func(part, reachRow) bool) error {
	for sign, parts := range map[int64][]part{-1: was, 1: is} {
		for _, q := range parts {
			ok, err := x.counts(q, unit, in)
			if err != nil {
				return err
			}
			if ok {
				n := q.count
				if q.def.Measure == Level {
					n = q.b
				}
				v.N, v.A, v.Est = v.N+sign*n, v.A+sign*q.a, v.Est+sign*q.est
			}
		}
	}
	return nil
}

// keysOf are the numbers of the keys that parts have.
func keysOf(lists ...[]part) []int64 {
	var out []int64
	for _, parts := range lists {
		for _, q := range parts {
			if !slices.Contains(out, q.keyno) {
				out = append(out, q.keyno)
			}
		}
	}
	return out
}

// previewLevel takes for every subject concerned the latest reading of the day away and the one there would be in.
func (x *Query) previewLevel(v *Value, was, is []part, unit org.No, day period.Day) error {
	for _, key := range keysOf(was, is) {
		all, err := scanParts(x.ctx, x.q, map[int64]*Def{v.Def.No: v.Def}, `SELECT `+partColumns+` FROM figure_part WHERE district = $1 AND def = $2
			AND keyno = $3`,
			x.district, v.Def.No, key)
		if err != nil {
			return err
		}
		kept := make([]part, 0, len(all)+len(is))
		for _, q := range all {
			if !slices.ContainsFunc(was, func(w part) bool { return w.record == q.record }) {
				kept = append(kept, q)
			}
		}
		for _, q := range is {
			if q.keyno == key {
				kept = append(kept, q)
			}
		}
		if err := x.previewSum(v, latest(all, day), latest(kept, day), unit, func(_ part, r reachRow) bool {
			return r.from <= day &&
				day < r.until
		}); err != nil {
			return err
		}
	}
	return nil
}

// latest is the reading of a subject that holds on a day: of one day's the later record's.
func latest(parts []part, day period.Day) []part {
	var out []part
	for _, q := range parts {
		if q.day <= day {
			out = append(out, q)
		}
	}
	slices.SortFunc(out, func(a, b part) int { return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.record, b.record)) })
	return out[max(len(out)-1, 0):]
}

func (x *Query) previewDistinct(v *Value, was, is []part, unit org.No, p period.Period) error {
	in := inForce(p.Last())
	others := ` AND p.span_from <= $6 AND $6 < p.span_until AND r.day_from <= $6 AND $6 < r.day_until`
	days := []any{int64(p.Last())}
	if !v.Def.Lasting {
		in = func(q part, r reachRow) bool {
			return p.From <= q.day && q.day < p.Until && r.from <= q.day && q.day < r.until
		}
		others = ` AND p.day >= $6 AND p.day < $7 AND r.day_from <= p.day AND p.day < r.day_until`
		days = []any{int64(p.From), int64(p.Until)}
	}
	count := func(parts []part, key int64) (n int64, err error) {
		for _, q := range parts {
			if q.keyno != key {
				continue
			}
			ok, err := x.counts(q, unit, in)
			if err != nil {
				return 0, err
			}
			if ok {
				n++
			}
		}
		return n, nil
	}
	for _, key := range keysOf(was, is) {
		record := append(slices.Clone(was), is...)[0].record
		var rest int64
		if err := x.q.QueryRowContext(x.ctx, `SELECT count(*)`+reachFrom+` AND p.keyno = $4 AND p.record <> $5`+others,
			append([]any{x.district, v.Def.No, int64(unit), key, record}, days...)...).Scan(&rest); err != nil {
			return err
		}
		had, err := count(was, key)
		if err != nil {
			return err
		}
		has, err := count(is, key)
		if err != nil {
			return err
		}
		change := min(rest+has, 1) - min(rest+had, 1)
		v.A += change
		if v.Def.Lasting {
			v.N += has - had
		} else {
			v.N += change
		}
	}
	return nil
}

func (x *Query) previewCoverage(v *Value, was, is []part, unit org.No, day period.Day) error {
	done := func(parts []part, key int64) bool {
		return slices.ContainsFunc(parts, func(q part) bool { return q.keyno == key && q.from <= day && day < q.until })
	}
	for _, key := range keysOf(was, is) {
		record := append(slices.Clone(was), is...)[0].record
		var base, rest int64
		if err := x.q.QueryRowContext(x.ctx, `SELECT count(*), coalesce(max(CASE WHEN EXISTS (SELECT 1 FROM figure_part AS p WHERE p.district = $1
			AND p.def = $2
			AND p.unit = u.no AND p.record <> $6 AND p.span_from <= $4 AND $4 < p.span_until) THEN 1 ELSE 0 END), 0)`+mustWhere(v.Def, "r")+` AND u.no = $5`,
			x.district, v.Def.No, int64(unit), int64(day), key, record).Scan(&base, &rest); err != nil {
			return err
		}
		if base == 0 || rest > 0 || done(was, key) == done(is, key) {
			continue
		}
		if done(is, key) {
			v.Part++
		} else {
			v.Part--
		}
	}
	v.N, v.A = v.Part, v.Part
	return nil
}
