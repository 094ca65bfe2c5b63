package indicator

import (
	"sifen/internal/db"
	"sifen/internal/org"
	"sifen/internal/period"
)

// Since is the first day of the month in which a flow, or a number of different values over days, was first booked at a
// unit; ok is false where nothing ever was, and for figures of a day. A period that begins before it has no full base to
// compare with: the records began later.
func (x *Query) Since(d *Def, unit org.No) (day period.Day, ok bool, err error) {
	day, err = kept(x, "since", d.Key, []org.No{unit, org.No(d.No)}, nil, func() (period.Day, error) {
		day, ok, err := x.since(d, unit)
		if !ok {
			day = period.Open
		}
		return day, err
	})
	return day, err == nil && day != period.Open, err
}

func (x *Query) since(d *Def, unit org.No) (day period.Day, ok bool, err error) {
	var n int64
	switch {
	case d.Measure == Count || d.Measure == Sum:
		err = x.q.QueryRowContext(x.ctx, `SELECT bucket FROM figure_cell WHERE district = $1 AND def = $2 AND target = $3 AND grain = 1 AND n <> 0
			ORDER BY bucket LIMIT 1`,
			x.district, d.No, int64(unit)).Scan(&n)
		day = period.Month(n).First()
	case d.Measure == Distinct && !d.Lasting: // a set without a member takes eight bytes
		err = x.q.QueryRowContext(x.ctx, `SELECT day FROM figure_keys WHERE district = $1 AND def = $2 AND target = $3 AND length(keys) > 8
			ORDER BY day LIMIT 1`,
			x.district, d.No, int64(unit)).Scan(&n)
		day = period.Day(n).Month().First()
	default:
		return 0, false, nil
	}
	found, err := db.One(err)
	return day, found, err
}

// Unrecorded reports whether a value is nothing because the district never counted a record of the ledgers that the figure is
// made of: nobody said 0.
func (x *Query) Unrecorded(v Value) (bool, error) {
	if v.N != 0 || v.A != 0 || v.Part != 0 {
		return false, nil
	}
	return x.NeverRecorded(v.Def.Key, v.Period)
}

// NeverRecorded reports whether the district never counted a record of the ledgers that a figure is made of.
func (x *Query) NeverRecorded(key string, p period.Period) (bool, error) {
	return kept(x, "never", key, nil, []period.Period{p}, func() (bool, error) {
		d, err := x.defs.at(key, p)
		if err != nil {
			return false, err
		}
		used, err := x.recorded(d, p)
		return err == nil && !used, err
	})
}

func (x *Query) recorded(d *Def, p period.Period) (bool, error) {
	for _, key := range x.Terms(d) {
		term, err := x.defs.at(key, p)
		if err != nil {
			return false, err
		}
		if ok, err := x.recorded(term, p); ok || err != nil {
			return ok, err
		}
	}
	for _, same := range x.defs.byKind[d.RecordKind()] { // any figure of the kind: this one may leave its records out by a condition
		var one int
		err := x.q.QueryRowContext(x.ctx, `SELECT 1 FROM figure_part WHERE district = $1 AND def = $2 LIMIT 1`, x.district, same.No).Scan(&one)
		if ok, err := db.One(err); ok || err != nil {
			return ok, err
		}
	}
	return false, nil
}
