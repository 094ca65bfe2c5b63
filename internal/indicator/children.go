package indicator

import (
	"fmt"
	"slices"
	"strings"

	"sifen/internal/db"
	"sifen/internal/org"
	"sifen/internal/period"
)

// Child is a figure of one unit below another.
type Child struct {
	Unit  org.No
	Value Value
}

// Children reads the figure of every unit that was a child of unit in the period, each cut to the days of its
// edge, and what is booked at the unit itself: for flows and stocks their sum is the unit's own value.
func (x *Query) Children(key string, unit org.No, p period.Period) (children []Child, own Value, err error) {
	f, err := kept(x, "below", key, []org.No{unit}, []period.Period{p}, func() (f family, err error) {
		f.children, f.own, err = x.childrenOf(key, unit, p)
		return f, err
	})
	return slices.Clone(f.children), f.own, err
}

type family struct {
	children []Child
	own      Value
}

func (x *Query) childrenOf(key string, unit org.No, p period.Period) (children []Child, own Value, err error) {
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
	if additive { // what reaches a line head over its line belongs to other children: here it would count twice
		if err := x.treeOnly(d, order, unit, p, sums); err != nil {
			return nil, own, err
		}
	}
	for _, n := range order {
		v := Value{Def: d, Unit: n, Period: p, Defined: true}
		if !additive && x.org.HeadsLine(n) {
			continue
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
			WHERE p.district = $1 AND p.def = $2 AND p.unit = $3`+where, append([]any{x.district, d.No, int64(unit)},
			args...)...).Scan(&own.N, &own.A, &own.Est)
	}
	return children, own, err
}

// treeOnly sums the parts that reach those children that head a line by the tree alone, on the days of their edge to the parent.
func (x *Query) treeOnly(d *Def, children []org.No, parent org.No, p period.Period, sums map[org.No]cell) error {
	heads := slices.DeleteFunc(slices.Clone(children), func(n org.No) bool { return !x.org.HeadsLine(n) })
	if len(heads) == 0 {
		return nil
	}
	for _, n := range heads {
		delete(sums, n)
	}
	where, args := partRange(d, p)
	on := "p.day"
	if len(args) == 1 {
		on = "$4"
	}
	n := "count(*)"
	if d.Measure == Level {
		n = "coalesce(CAST(sum(p.b) AS bigint), 0)"
	}
	rows, err := x.q.QueryContext(x.ctx, `SELECT r.target, `+n+`, coalesce(CAST(sum(p.a) AS bigint), 0), coalesce(CAST(sum(p.est) AS bigint), 0)
		FROM org_reach AS r CROSS JOIN figure_part AS p WHERE r.district = $1 AND r.target IN (`+inList(heads)+`) AND p.district = $1 AND p.def = $2
		AND p.unit = r.unit AND r.line = 0 AND r.day_from <= `+on+` AND `+on+` < r.day_until`+where+`
		AND EXISTS (SELECT 1 FROM unit_edge AS ue WHERE ue.district = p.district AND ue.unit = r.target AND ue.parent = $3 AND ue.day_from <= `+on+`
			AND `+on+` < ue.day_until) GROUP BY r.target`,
		append([]any{x.district, d.No, int64(parent)}, args...)...)
	var head org.No
	var c cell
	return db.Each(rows, err, func() error {
		err := rows.Scan(&head, &c.n, &c.a, &c.est)
		sums[head] = c
		return err
	})
}

func inList(units []org.No) string {
	sorted := slices.Sorted(slices.Values(units))
	parts := make([]string, len(sorted))
	for i, n := range sorted {
		parts[i] = fmt.Sprint(int64(n))
	}
	return strings.Join(parts, ",")
}

func (x *Query) group(d *Def, sums map[org.No]cell, where string, args ...any) error {
	rows, err := x.q.QueryContext(x.ctx, `SELECT target, CAST(sum(n) AS bigint), CAST(sum(a) AS bigint), CAST(sum(b) AS bigint), CAST(sum(est) AS bigint)
		FROM figure_cell
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
