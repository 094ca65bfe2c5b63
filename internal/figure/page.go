package figure

import (
	"context"
	"sort"
	"strings"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/org"
	"sifen/internal/period"
)

// Page is a figure with everything its page shows besides its composition.
type Page struct {
	Figure
	Definition i18n.Label           `json:"definition"`
	Source     *i18n.Label          `json:"source"`
	Version    int64                `json:"version"`
	Kind       string               `json:"kind"` // of the records; "" for a figure computed from others
	Group      i18n.Label           `json:"group"`
	Expr       string               `json:"expr"`
	Flow       bool                 `json:"flow"`     // of a period; otherwise as of its last day
	Additive   bool                 `json:"additive"` // the units and the unit itself add up to the figure
	Before     *Against             `json:"before"`
	Plan       *Plan                `json:"plan"` // nil without the right to plans
	Terms      []Term               `json:"terms"`
	Trend      []Point              `json:"trend"`
	Units      []UnitLine           `json:"units"`
	Own        *UnitLine            `json:"own"`
	Columns    []string             `json:"columns"` // periods of the lines' parts
	Fields     []indicator.FieldRef `json:"fields"`  // by which the figure can be broken down
	NotDone    NotDone              `json:"not_done"`
	UsedBy     []Name               `json:"used_by"` // figures computed from this one
	Behind
	AsOf int64 `json:"as_of"`
}

// Term is a figure another one is computed from, with its name in the formula.
type Term struct {
	Figure
	Name   string   `json:"name"`
	Before *Against `json:"before"`
}

// Name names a figure.
type Name struct {
	Key   string     `json:"key"`
	Title i18n.Label `json:"title"`
}

// PageOf reads the page of a figure. by is "month", "quarter" or "year".
func (s *Service) PageOf(ctx context.Context, q db.Querier, by access.Scope, lang i18n.Lang, key string, n org.No, p period.Period, grain string) (Page,
	error) {
	x, err := s.Figures.At(ctx, q, by.District)
	if err != nil {
		return Page{}, err
	}
	o := x.Org()
	v, err := x.Value(key, n, p)
	if err != nil {
		return Page{}, err
	}
	set, err := s.Packs.Current(ctx, q, by.District)
	if err != nil {
		return Page{}, err
	}
	keepers := s.Figures.Keepers
	out := Page{Figure: figure(o, v), Source: v.Def.Source, Version: v.Def.Version, Kind: v.Def.RecordKind(), Expr: v.Def.Expr, AsOf: s.Clock.Now().UnixMilli(),
		Definition: v.Def.Words(p, o.UnitName(n), keepers.Words(set)), Group: keepers.Group(set, v.Def.Definition), Flow: flowing(x, v.Def,
			p), Fields: keepers.Breakable(set, v.Def)}
	b, err := x.Value(key, n, p.YearBefore())
	if err != nil {
		return out, err
	}
	if out.Before, err = yearBefore(x, v, b); err != nil {
		return out, err
	}
	if out.Terms, err = terms(x, v); err != nil {
		return out, err
	}
	if out.Trend, err = trend(x, v, grain, period.Day(by.Today)); err != nil {
		return out, err
	}
	if err := unitLines(x, &out, v); err != nil {
		return out, err
	}
	if err := s.planOf(ctx, q, by, x, &out, v, grain); err != nil {
		return out, err
	}
	if out.NotDone, err = notDone(x, v, 2000); err != nil {
		return out, err
	}
	all, err := s.Figures.Catalogue(ctx, q, by.District)
	if err != nil {
		return out, err
	}
	for _, other := range all {
		for _, t := range x.Terms(other) {
			if t == key {
				out.UsedBy = append(out.UsedBy, Name{other.Key, other.Title})
				break
			}
		}
	}
	out.Behind, err = s.behind(ctx, q, by, lang, x, v, 50)
	return out, err
}

// terms reads both terms of a ratio, and every operand of a formula under its name.
func terms(x *indicator.Query, v indicator.Value) ([]Term, error) {
	var out []Term
	names := map[string]string{}
	for name, key := range v.Def.OfMap() {
		names[key] = strings.TrimPrefix(names[key]+"、"+name, "、")
	}
	for _, key := range x.Terms(v.Def) {
		t, err := x.Value(key, v.Unit, v.Period)
		if err != nil {
			return nil, err
		}
		b, err := x.Value(key, v.Unit, v.Period.YearBefore())
		if err != nil {
			return nil, err
		}
		was, err := yearBefore(x, t, b)
		if err != nil {
			return nil, err
		}
		out = append(out, Term{figure(x.Org(), t), names[key], was})
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out, nil
}

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
