package indicator_test

import (
	"context"
	"fmt"

	"pgregory.net/rapid"

	"sifen/internal/db"
	"sifen/internal/digest"
	"sifen/internal/indicator"
	"sifen/internal/org"
	"sifen/internal/period"
)

// check compares everything stored with the slow recomputation and the laws.
func (w *world) check() {
	p := period.Period{From: w.day("period from"), Until: 0}
	p.Until = p.From + period.Day(rapid.IntRange(1, 400).Draw(w.t, "period length"))
	unit := w.unit("read")
	var first map[string]string
	for i, s := range w.sides {
		digests := w.checkSide(s, unit, p)
		if i == 0 {
			first = digests
			continue
		}
		for k, d := range first {
			if digests[k] != d {
				w.t.Fatalf("%s: the databases' digests differ", k)
			}
		}
	}
}

func (w *world) checkSide(s *side, unit org.No, p period.Period) map[string]string {
	ctx := context.Background()
	digests := map[string]string{}
	w.must(s.d.Snapshot(ctx, func(q db.Querier) error {
		drift, err := s.engine.Verify(ctx, q, w.district)
		if err != nil {
			return err
		}
		if len(drift) > 0 {
			w.t.Fatalf("%d drifts, first: %s", len(drift), drift[0])
		}
		x, err := s.engine.At(ctx, q, w.district)
		if err != nil {
			return err
		}
		for _, u := range x.Org().Units() {
			edges := x.Org().Parents(u.No)
			for i, a := range edges {
				for _, b := range edges[i+1:] {
					if a.From < b.Until && b.From < a.Until {
						w.t.Fatalf("unit %d has two parents at once: %v and %v", u.No, a, b)
					}
				}
			}
		}
		for _, key := range []string{"f.count", "f.sum", "s.count", "s.sum", "l.sum"} {
			v, err := x.Value(key, unit, p)
			if err != nil {
				return err
			}
			children, own, err := x.Children(key, unit, p)
			if err != nil {
				return err
			}
			sum := own.A
			for _, c := range children {
				sum += c.Value.A
			}
			if !x.Org().HeadsLine(unit) && sum != v.A && !movedWithin(x.Org(), unit, p) {
				w.t.Fatalf("%s of unit %d in %s: %d, children and own %d", key, unit, p, v.A, sum)
			}
		}
		if w.ending {
			if err := w.many(x, unit, p); err != nil {
				return err
			}
		}
		for _, key := range []string{"f.count", "f.people", "s.lots", "c.all", "c.gap", "r.mean", "l.sum"} {
			file, err := x.DigestFile(key, unit, p)
			if err != nil {
				return err
			}
			v, err := x.Value(key, unit, p)
			if err != nil {
				return err
			}
			parts := digest.Parse(file)
			if key == "f.count" && int64(len(parts)) != v.N {
				w.t.Fatalf("%s: %d parts listed, %d counted", key, len(parts), v.N)
			}
			digests[fmt.Sprintf("%s %d %s", key, unit, p)] = digest.Sum(file)
		}
		return nil
	}))
	return digests
}

// many compares reading many units or many periods at once with reading them one by one, and a composition with its figure.
func (w *world) many(x *indicator.Query, unit org.No, p period.Period) error {
	same := func(what string, a, b indicator.Value) {
		if a.Def != b.Def || a.Unit != b.Unit || a.N != b.N || a.A != b.A || a.Est != b.Est || a.Part != b.Part || a.Of != b.Of ||
			a.HasTerms != b.HasTerms || a.Defined != b.Defined {
			w.t.Fatalf("%s: at once %+v, alone %+v", what, a, b)
		}
	}
	periods := append(p.Months(), p, period.MonthOf(p.From), period.Year(2019), period.Year(2020))
	months := []period.Period{period.Year(2020), period.MonthOf(p.From), period.MonthOf(p.Until),
		{From: period.Date(2020, 4, 1), Until: period.Date(2020, 7, 1)}}
	for _, key := range []string{"f.count", "f.sum", "f.people", "f.units", "s.count", "s.sum", "s.lots", "l.sum", "c.all", "c.gap", "r.mean", "r.share",
		"x.each"} {
		all, err := x.Values(key, w.units, p)
		if err != nil {
			return err
		}
		for _, u := range w.units {
			v, err := x.Value(key, u, p)
			if err != nil {
				return err
			}
			same(fmt.Sprintf("%s of unit %d in %s", key, u, p), all[u], v)
		}
		for _, list := range [][]period.Period{periods, months} {
			line, err := x.Series(key, unit, list)
			if err != nil {
				return err
			}
			for i, q := range list {
				v, err := x.Value(key, unit, q)
				if err != nil {
					return err
				}
				same(fmt.Sprintf("%s of unit %d in %s of a line", key, unit, q), line[i], v)
			}
		}
	}
	for key, field := range map[string]string{"f.count": "shift", "f.sum": "shift", "s.sum": "lot", "l.sum": "bin"} {
		v, err := x.Value(key, unit, p)
		if err != nil {
			return err
		}
		parts, ok, err := x.Composition(key, unit, p, field)
		if err != nil {
			return err
		}
		var sum int64
		for _, c := range parts {
			sum += c.A
		}
		if !ok || sum != v.A {
			w.t.Fatalf("%s of unit %d by %s: %v, the figure is %d", key, unit, field, parts, v.A)
		}
	}
	return nil
}

// movedWithin reports whether the unit itself was closed inside the period: then its own value ends there.
func movedWithin(o *org.Org, unit org.No, p period.Period) bool {
	u, _ := o.Unit(unit)
	return u.Until < period.Open
}
