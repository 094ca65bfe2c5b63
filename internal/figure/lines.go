package figure

import (
	"sort"

	"sifen/internal/indicator"
	"sifen/internal/org"
	"sifen/internal/period"
)

// trend reads the months of the period's year, or of a longer period, each beside the month a year before; or the
// last five years.
func trend(x *indicator.Query, v indicator.Value, grain string, today period.Day) ([]Point, error) {
	var ps []period.Period
	y, _, _ := v.Period.Last().YMD()
	switch grain {
	case "year":
		for i := y - 4; i <= y; i++ {
			ps = append(ps, period.Year(i))
		}
	case "quarter":
		first, _, _ := v.Period.From.YMD()
		for i := max(first, y-2); i <= y; i++ {
			for m := 1; m <= 12; m += 3 {
				ps = append(ps, period.QuarterOf(period.Date(i, m, 1)))
			}
		}
	default:
		ps = v.Period.Months()
		if len(ps) <= 12 {
			first, _, _ := v.Period.From.YMD()
			if first == y {
				ps = period.Year(y).Months()
			}
		}
		if len(ps) > 24 {
			ps = ps[len(ps)-24:]
		}
	}
	both := make([]period.Period, 0, 2*len(ps))
	both = append(both, ps...)
	for _, p := range ps {
		both = append(both, p.YearBefore())
	}
	vs, err := x.Series(v.Def.Key, v.Unit, both)
	if err != nil {
		return nil, err
	}
	out := make([]Point, 0, len(ps))
	for i, p := range ps {
		m, b := vs[i], vs[len(ps)+i]
		if grain == "year" && len(out) == 0 && i < len(ps)-2 && m.N == 0 && m.A == 0 && m.Of == 0 {
			continue // years before there was anything
		}
		f := figure(x.Org(), m)
		pt := Point{Period: p.String(), Display: f.Display, Part: f.Part, Of: f.Of, Partial: p.From <= today && today < p.Last(),
			In: v.Period.From <= p.From && p.Until <= v.Period.Until}
		if p.From <= today {
			pt.Value = measured(m)
		} else {
			pt.Display = ""
		}
		if grain != "year" && (b.N != 0 || b.A != 0 || b.Of != 0) {
			pt.Year, pt.YearText, pt.YearShown = measured(b), b.Screen(), true
		}
		out = append(out, pt)
	}
	return out, nil
}

// months are the months of a period up to today, twenty-four at most.
func months(x *indicator.Query, v indicator.Value, today period.Day) ([]Point, error) {
	if v.Def.Measure == indicator.Ratio || v.Def.Measure == indicator.Mean || v.Def.Measure == indicator.Formula {
		return nil, nil
	}
	var ps []period.Period
	for _, m := range v.Period.Months() {
		if m.From > today || len(ps) == 24 {
			break
		}
		ps = append(ps, m)
	}
	if len(ps) == 0 {
		return nil, nil
	}
	vs, err := x.Series(v.Def.Key, v.Unit, ps)
	out := make([]Point, 0, len(vs))
	for i, m := range vs {
		f := figure(x.Org(), m)
		out = append(out, Point{Period: ps[i].String(), Value: measured(m), Display: f.Display, Part: f.Part, Of: f.Of,
			Partial: today < ps[i].Last(), In: true})
	}
	return out, err
}

// unitLines reads the units below with the year before and, for a year and not too many units, its quarters.
func unitLines(x *indicator.Query, out *Page, v indicator.Value) error {
	o, key := x.Org(), v.Def.Key
	list, own, err := x.Children(key, v.Unit, v.Period)
	if err != nil {
		return err
	}
	was, ownWas, err := x.Children(key, v.Unit, v.Period.YearBefore())
	if err != nil {
		return err
	}
	old := map[org.No]indicator.Value{}
	for _, c := range was {
		old[c.Unit] = c.Value
	}
	at := map[org.No]int{}
	for _, c := range list {
		if v.Def.Measure == indicator.Coverage && c.Value.Of == 0 {
			continue // nothing to do there
		}
		l := line(o, c.Value)
		l.HeadsLine = o.HeadsLine(c.Unit)
		if b, ok := old[c.Unit]; ok {
			l.Before = before(o, c.Value, b)
		}
		at[c.Unit] = len(out.Units)
		out.Units = append(out.Units, l)
	}
	if own.A != 0 || own.N != 0 {
		l := line(o, own)
		l.Before = before(o, own, ownWas)
		out.Own = &l
	}
	switch v.Def.Measure {
	case indicator.Count, indicator.Sum, indicator.Stock, indicator.Level:
		out.Additive = true
	}
	if y, _, _ := v.Period.From.YMD(); v.Period == period.Year(y) && len(list) <= 100 && (len(list) > 0 || out.Own != nil) {
		for quarter := range 4 {
			p := period.Period{From: period.Date(y, 3*quarter+1, 1), Until: period.Date(y, 3*quarter+4, 1)}
			part, mine, err := x.Children(key, v.Unit, p)
			if err != nil {
				return err
			}
			out.Columns = append(out.Columns, p.String())
			for i := range out.Units {
				out.Units[i].Columns = append(out.Units[i].Columns, "—")
			}
			for _, c := range part {
				if i, ok := at[c.Unit]; ok {
					out.Units[i].Columns[quarter] = c.Value.Screen()
				}
			}
			if out.Own != nil {
				out.Own.Columns = append(out.Own.Columns, mine.Screen())
			}
		}
	}
	sort.SliceStable(out.Units, func(i, j int) bool {
		a, b := out.Units[i].Value, out.Units[j].Value
		if a == nil || b == nil {
			return a != nil
		}
		return *a > *b
	})
	return nil
}

// someUnits are the units below that have a part in a figure, the administrative ones always, and the unit itself.
func someUnits(x *indicator.Query, v indicator.Value) (units []UnitLine, own *UnitLine, err error) {
	list, mine, err := x.Children(v.Def.Key, v.Unit, v.Period)
	if err != nil {
		return nil, nil, err
	}
	for _, c := range list {
		if c.Value.A == 0 && c.Value.Of == 0 {
			switch u, _ := x.Org().Unit(c.Unit); u.Type {
			case org.Street, org.Zone, org.Community, org.Village:
			default:
				continue // hundreds of units without anything would hide those with something
			}
		}
		units = append(units, line(x.Org(), c.Value))
	}
	if mine.A != 0 || mine.N != 0 {
		l := line(x.Org(), mine)
		own = &l
	}
	return units, own, nil
}
