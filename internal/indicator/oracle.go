package indicator

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"sort"

	"sifen/internal/db"
	"sifen/internal/kind"
	"sifen/internal/org"
	"sifen/internal/period"
)

// Drift is one place where the stored figures differ from the records.
type Drift struct {
	Figure string
	Where  string
	Have   string
	Want   string
}

func (d Drift) String() string {
	return fmt.Sprintf("%s %s: stored %s, records give %s", d.Figure, d.Where, d.Have, d.Want)
}

// Verify recomputes every active figure from the records and the dated edges, by walking the tree day by day instead
// of reading reach, parts and cells, and returns where the stored cells and key sets differ.
func (e *Engine) Verify(ctx context.Context, q db.Querier, district int64) ([]Drift, error) {
	c, err := e.defs(ctx, q, district)
	if err != nil {
		return nil, err
	}
	o, err := org.Load(ctx, q, district)
	if err != nil {
		return nil, err
	}
	w := &walker{o: o, memo: map[unitDay]map[org.No]bool{}}
	records := map[string][]Record{}
	var drift []Drift
	for _, d := range c.all {
		if d.State != "active" || derived(d.Measure) {
			continue
		}
		kind := d.RecordKind()
		if _, ok := records[kind]; !ok {
			if records[kind], err = e.scanAll(ctx, q, district, kind); err != nil {
				return nil, err
			}
		}
		cells, sets, parts, err := w.expect(d, records[kind])
		if err != nil {
			return nil, err
		}
		more, err := compare(ctx, q, district, d, cells, sets, parts)
		if err != nil {
			return nil, err
		}
		drift = append(drift, more...)
	}
	return drift, nil
}

func (e *Engine) scanAll(ctx context.Context, q db.Querier, district int64, kind string) ([]Record, error) {
	src, err := e.Keepers.Of(ctx, q, district, kind)
	if err != nil {
		return nil, err
	}
	var out []Record
	for after := ""; ; {
		some, err := src.Scan(ctx, q, district, kind, after, buildBatch)
		if err != nil {
			return nil, err
		}
		out = append(out, some...)
		if len(some) < buildBatch {
			return out, nil
		}
		after = some[len(some)-1].ID
	}
}

type unitDay struct {
	unit org.No
	day  period.Day
}

// walker finds who counts a unit on one day by following that day's edges only.
type walker struct {
	o    *org.Org
	memo map[unitDay]map[org.No]bool
	cuts []period.Day
}

func (w *walker) targets(u org.No, day period.Day) map[org.No]bool {
	k := unitDay{u, day}
	if t, ok := w.memo[k]; ok {
		return t
	}
	out := map[org.No]bool{}
	unit, _ := w.o.Unit(u)
	merged := false
	for _, s := range w.o.Parents(u) {
		merged = merged || s.Until > unit.Until
	}
	if day >= unit.From && (day < unit.Until || merged) {
		out[u] = true
		for at := u; at != 0; at = w.o.Parent(at, day) {
			out[at] = true
			for _, l := range w.o.Lines(at) {
				if l.From <= day && day < l.Until {
					out[l.Other] = true
				}
			}
		}
	}
	w.memo[k] = out
	return out
}

// boundaries are the days on which any edge, line or life begins or ends.
func (w *walker) boundaries() []period.Day {
	if w.cuts != nil {
		return w.cuts
	}
	seen := map[period.Day]bool{}
	for _, u := range w.o.Units() {
		seen[u.From], seen[u.Until] = true, true
		for _, list := range [][]org.Span{w.o.Parents(u.No), w.o.Lines(u.No)} {
			for _, s := range list {
				seen[s.From], seen[s.Until] = true, true
			}
		}
	}
	for d := range seen {
		w.cuts = append(w.cuts, d)
	}
	sort.Slice(w.cuts, func(i, j int) bool { return w.cuts[i] < w.cuts[j] })
	return w.cuts
}

func (w *walker) expect(d *Def, records []Record) (map[cellKey]cell, map[setKey]map[string]bool, int, error) {
	cells := map[cellKey]cell{}
	sets := map[setKey]map[string]bool{}
	count := 0
	type reading struct {
		part
		subject string
	}
	var readings []reading
	add := func(target org.No, day period.Day, n, a, b, est int64) {
		for grain, bucket := range []int64{int64(day), int64(day.Month())} {
			k := cellKey{d.No, target, int64(grain), bucket}
			c := cells[k]
			cells[k] = cell{c.n + n, c.a + a, c.b + b, c.est + est}
		}
	}
	lasting := func(p part, n int64) {
		days := []period.Day{p.from}
		for _, b := range w.boundaries() {
			if b > p.from && b < p.until {
				days = append(days, b)
			}
		}
		before := map[org.No]bool{}
		for _, day := range days {
			now := w.targets(p.unit, day)
			for t := range now {
				if !before[t] {
					add(t, day, n, p.a, p.b, p.est)
				}
			}
			for t := range before {
				if !now[t] {
					add(t, day, -n, -p.a, -p.b, -p.est)
				}
			}
			before = now
		}
		if p.until < period.Open {
			for t := range before {
				add(t, p.until, -n, -p.a, -p.b, -p.est)
			}
		}
	}
	for i := range records {
		r := &records[i]
		parts, err := measure(d, r)
		if err != nil {
			return nil, nil, 0, err
		}
		for _, p := range parts {
			count++
			switch d.Measure {
			case Count, Sum:
				for t := range w.targets(p.unit, p.day) {
					add(t, p.day, 1, p.a, p.b, p.est)
				}
			case Stock:
				lasting(p, 1)
			case Distinct:
				if d.Lasting {
					continue
				}
				key := fmt.Sprint(int64(r.Unit))
				if d.KeyField != "unit" {
					item := r.Fields
					if d.Group != "" {
						item = r.Fields[d.Group].([]kind.Fields)[p.item]
					}
					key = fmt.Sprint(item[d.KeyField])
				}
				for t := range w.targets(p.unit, p.day) {
					k := setKey{d.No, t, p.day}
					if sets[k] == nil {
						sets[k] = map[string]bool{}
					}
					sets[k][key] = true
				}
			case Level:
				s := fmt.Sprint(int64(r.Unit))
				if d.Subject != "unit" {
					s = fmt.Sprint(r.Fields[d.Subject])
				}
				readings = append(readings, reading{p, s})
			}
		}
	}
	slices.SortFunc(readings, func(x, y reading) int {
		return cmp.Or(cmp.Compare(x.subject, y.subject), cmp.Compare(x.day, y.day), cmp.Compare(x.record, y.record))
	})
	for i, x := range readings {
		x.until = period.Open
		if i+1 < len(readings) && readings[i+1].subject == x.subject {
			x.until = readings[i+1].day
		}
		if x.from < x.until {
			lasting(x.part, x.b)
		}
	}
	return cells, sets, count, nil
}

func compare(ctx context.Context, q db.Querier, district int64, d *Def, cells map[cellKey]cell, sets map[setKey]map[string]bool, parts int) ([]Drift, error) {
	var drift []Drift
	var have int
	if err := q.QueryRowContext(ctx, `SELECT count(*) FROM figure_part WHERE district = $1 AND def = $2`, district, d.No).Scan(&have); err != nil {
		return nil, err
	}
	if have != parts {
		drift = append(drift, Drift{d.Key, "parts", fmt.Sprint(have), fmt.Sprint(parts)})
	}
	rows, err := q.QueryContext(ctx, `SELECT target, grain, bucket, n, a, b, est FROM figure_cell WHERE district = $1 AND def = $2`, district, d.No)
	if err := db.Each(rows, err, func() error {
		k := cellKey{def: d.No}
		var c cell
		if err := rows.Scan(&k.target, &k.grain, &k.bucket, &c.n, &c.a, &c.b, &c.est); err != nil {
			return err
		}
		if want := cells[k]; want != c {
			drift = append(drift, Drift{d.Key, fmt.Sprintf("unit %d grain %d bucket %d", k.target, k.grain, k.bucket), fmt.Sprint(c), fmt.Sprint(want)})
		}
		delete(cells, k)
		return nil
	}); err != nil {
		return nil, err
	}
	for k, want := range cells {
		if want != (cell{}) {
			drift = append(drift, Drift{d.Key, fmt.Sprintf("unit %d grain %d bucket %d", k.target, k.grain, k.bucket), "nothing", fmt.Sprint(want)})
		}
	}
	if d.Measure != Distinct || d.Lasting {
		return drift, nil
	}
	x := &Query{ctx: ctx, q: q, district: district}
	type row struct {
		target org.No
		day    period.Day
	}
	stored, err := db.All(ctx, q, func(r *sql.Rows) (row, error) {
		var v row
		err := r.Scan(&v.target, &v.day)
		return v, err
	}, `SELECT target, day FROM figure_keys WHERE district = $1 AND def = $2`, district, d.No)
	if err != nil {
		return nil, err
	}
	for _, s := range stored {
		k := setKey{d.No, s.target, s.day}
		set, err := x.keySet(d, s.target, period.Period{From: s.day, Until: s.day + 1})
		if err != nil {
			return nil, err
		}
		if int(set.GetCardinality()) != len(sets[k]) {
			drift = append(drift, Drift{d.Key, fmt.Sprintf("unit %d keys of %s", s.target, s.day), fmt.Sprint(set.GetCardinality()), fmt.Sprint(len(sets[k]))})
		}
		delete(sets, k)
	}
	for k, want := range sets {
		drift = append(drift, Drift{d.Key, fmt.Sprintf("unit %d keys of %s", k.target, k.day), "nothing", fmt.Sprint(len(want))})
	}
	return drift, nil
}
