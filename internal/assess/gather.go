package assess

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strconv"

	"sifen/internal/assess/score"
	"sifen/internal/attribute"
	"sifen/internal/db"
	"sifen/internal/formula"
	"sifen/internal/indicator"
	"sifen/internal/inspect/seen"
	"sifen/internal/module"
	"sifen/internal/org"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/unit"
)

// gathering is one reading of all that a run is computed from, out of one transaction.
type gathering struct {
	ctx      context.Context
	q        db.Querier
	district int64
	w        module.Moment
	v        *score.Version
	p        period.Period
	units    []org.No
	facts    []*score.Facts
	at       map[org.No]int // index by unit
	x        *indicator.Query
	states   string // which runs of other sheets count
}

// gather freezes what the units of a sheet are scored on in a period: who there is on its last day, with their attributes,
// what visits found, figures, scores below, parameters. Nothing of it depends on when it is read but the records themselves.
func (s *Service) gather(ctx context.Context, q db.Querier, district int64, w module.Moment, v *score.Version, p period.Period) ([]org.No,
	[]*score.Facts, error,
) {
	return s.gatherFrom(ctx, q, district, w, v, p, `r.state <> 'draft'`)
}

func (s *Service) gatherFrom(ctx context.Context, q db.Querier, district int64, w module.Moment, v *score.Version, p period.Period, states string) ([]org.No,
	[]*score.Facts, error,
) {
	g := &gathering{ctx: ctx, q: q, district: district, w: w, v: v, p: p, at: map[org.No]int{}, states: states}
	last := p.Last()
	for _, u := range w.Org.Units() {
		if u.Open(last) && slices.Contains(v.For.Types, string(u.Type)) {
			g.units = append(g.units, u.No)
		}
	}
	if len(g.units) == 0 {
		return nil, nil, ErrNobody
	}
	slices.Sort(g.units)
	for i, n := range g.units {
		u, _ := w.Org.Unit(n)
		g.at[n] = i
		g.facts = append(g.facts, &score.Facts{Unit: strconv.FormatInt(int64(n), 10), Name: u.Name, Values: map[string]score.Value{},
			Series: map[string][]score.Num{}, Months: map[string]int{}, Judged: map[string]score.Judgement{}, Self: map[string]score.Num{},
			Attrs: map[string]score.Attr{
				attribute.TypeName:   {Text: string(u.Type), Word: true, Num: unit.Undefined},
				attribute.SchemeName: {Text: w.Org.Scheme(n, last), Word: true, Num: unit.Undefined}}})
	}
	if err := g.attributes(last); err != nil {
		return nil, nil, err
	}
	var err error
	if g.x, err = s.Figures.At(ctx, q, district); err != nil {
		return nil, nil, err
	}
	if err := g.visits(); err != nil {
		return nil, nil, err
	}
	for _, name := range sortedKeys(v.Inputs) {
		in := v.Inputs[name]
		switch {
		case in.Figure != "":
			err = g.figure(name, in)
		case in.Days != "":
			err = g.days(in)
		case in.Score != "":
			err = g.scores(name, in)
		case in.Parameter != "":
			g.parameter(name, in)
		}
		if err != nil {
			return nil, nil, fmt.Errorf("gather %s: %w", name, err)
		}
	}
	if two := v.Overlaps(g.facts); len(two) > 0 {
		return nil, nil, ErrGroups.With("n", len(two), "unit", two[0].Name)
	}
	return g.units, g.facts, nil
}

// attributes are those in force on the last day, and for days how many months the period is after them.
func (g *gathering) attributes(last period.Day) error {
	kept, err := attribute.All(g.ctx, g.q, g.district, last)
	if err != nil {
		return err
	}
	for _, d := range attribute.List(g.w.Set) {
		for i, n := range g.units {
			text, ok := kept[n][d.Key]
			if !ok {
				continue
			}
			if num := d.Num(text); d.Rule() == formula.Exact {
				g.facts[i].Attrs[d.Key] = score.Attr{Num: num}
			} else {
				g.facts[i].Attrs[d.Key] = score.Attr{Text: text, Word: true, Num: unit.Undefined}
			}
			if day, is := d.Date(text); is && day <= last {
				g.facts[i].Months[d.Key] = int(last.Month()-day.Month()) + 1
			}
		}
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

// visits are those of the period; where the sheet has a window and a unit was not visited in the period, its last one before.
func (g *gathering) visits() error {
	if g.v.Visits == nil {
		return nil
	}
	from := g.p.From
	if n := g.v.Visits.Window; n > 0 {
		from = (g.p.Until.Month() - period.Month(n)).First()
	}
	list, err := seen.By(g.ctx, g.q, g.district, g.v.Visits.Checklist, min(from, g.p.From), g.p.Until)
	if err != nil {
		return err
	}
	before := map[int]score.Visit{}
	for _, s := range list {
		i, ok := g.at[s.Unit]
		if !ok {
			continue
		}
		v := g.visit(s)
		if s.Day < g.p.From {
			before[i] = v // the latest comes last
			continue
		}
		g.facts[i].Visits = append(g.facts[i].Visits, v)
	}
	for i, v := range before {
		if len(g.facts[i].Visits) == 0 {
			g.facts[i].Visits = []score.Visit{v}
		}
	}
	return nil
}

func (g *gathering) visit(s seen.Visit) score.Visit {
	v := score.Visit{ID: s.ID, Day: int64(s.Day), Place: s.Place, Found: map[string]score.Value{}, NA: s.NA}
	for k, n := range s.Found {
		v.Found[k] = score.Value{Num: unit.Int(n)}
	}
	for name, in := range g.v.Inputs {
		if in.Survey == "" {
			continue
		}
		if sh, ok := s.Shares[in.Asked(name, g.v.Visits)]; ok && sh[1] > 0 {
			v.Found[name] = score.Value{Num: unit.Frac(sh[0], sh[1]), Part: unit.Int(sh[0]), Of: unit.Int(sh[1]), Terms: true, N: sh[1]}
		}
	}
	return v
}

// num is a figure's value as an exact number in the unit it is shown in.
func (g *gathering) num(v indicator.Value) score.Value {
	out := score.Value{N: v.N, Num: unit.Undefined}
	scale := func(n int64, key string) score.Num {
		d := 0
		if def, err := g.x.Def(key, g.p); err == nil {
			d = def.Decimals
		}
		return unit.Frac(n, unit.Pow10(d))
	}
	switch {
	case !v.Defined:
	case v.Def.Measure == indicator.Ratio:
		out.Part, out.Of, out.Terms = scale(v.Part, v.Def.Part), scale(v.Of, v.Def.OfKey()), true
		out.Num = out.Part.Div(out.Of)
	case v.Def.Measure == indicator.Coverage:
		out.Part, out.Of, out.Terms = unit.Int(v.Part), unit.Int(v.Of), true
		out.Num = out.Part.Div(out.Of)
	case v.Def.Measure == indicator.Mean:
		out.Part, out.Of, out.Terms = scale(v.Part, v.Def.OfKey()), scale(v.Of, v.Def.Per), true
		out.Num = out.Part.Div(out.Of)
	default:
		out.Num = unit.Frac(v.A, unit.Pow10(v.Def.Decimals))
	}
	return out
}

func (g *gathering) figure(name string, in *score.Input) error {
	vs, err := g.x.Values(in.Figure, g.units, g.p)
	if err != nil {
		return err
	}
	for i, n := range g.units {
		v := g.num(vs[n])
		if in.Per == "day" && v.Num.Defined() {
			v.Part, v.Of, v.Terms = v.Num, unit.Int(int64(g.p.Until-g.p.From)), true
			v.Num = v.Part.Div(v.Of)
		}
		g.facts[i].Values[name] = v
	}
	return nil
}

// days are the values of a figure on each day of the period.
func (g *gathering) days(in *score.Input) error {
	for day := g.p.From; day < g.p.Until; day++ {
		vs, err := g.x.Values(in.Days, g.units, period.Period{From: day, Until: day + 1})
		if err != nil {
			return err
		}
		for i, n := range g.units {
			g.facts[i].Series[in.Days] = append(g.facts[i].Series[in.Days], g.num(vs[n]).Num)
		}
	}
	return nil
}

func (g *gathering) parameter(name string, in *score.Input) {
	p, ok := pack.Value[Parameter](g.w.Set, "parameters", in.Parameter)
	if !ok {
		return
	}
	if n, ok := p.On(g.p.Last()); ok {
		for _, f := range g.facts {
			f.Values[name] = score.Value{Num: n}
		}
	}
}

// scores are those of another sheet: of the units below in the same period, or of the unit itself in the periods inside this
// one or inside a window before its end. The last revisions count, once somebody has checked them.
func (g *gathering) scores(name string, in *score.Input) error {
	from := g.p.From
	if in.Window > 0 {
		from = (g.p.Until.Month() - period.Month(in.Window)).First()
	}
	list, err := runs(g.ctx, g.q, `r.sheet = $2 AND r.latest = 1 AND r.period_from >= $3 AND r.period_until <= $4 AND `+g.states+`
		ORDER BY r.period_from`, g.district, in.Score, int64(from), int64(g.p.Until))
	if err != nil {
		return err
	}
	if len(list) == 0 {
		title := in.Score
		if s, ok := pack.Value[score.Sheet](g.w.Set, "sheets", in.Score); ok {
			title = s.Title.Zh
		}
		return ErrBelow.With("sheet", title)
	}
	last := g.p.Last()
	for _, r := range list {
		units, err := db.All(g.ctx, g.q, scanOne, `SELECT `+unitColumns+` FROM score_unit AS s WHERE s.district = $1 AND s.run = $2 ORDER BY s.unit`,
			g.district, r.ID)
		if err != nil {
			return err
		}
		for _, u := range units {
			child := score.Child{Unit: strconv.FormatInt(int64(u.Unit), 10), Name: g.w.Org.UnitName(u.Unit), Run: r.ID, Scored: u.Scored && u.Waiting == 0,
				Share: score.Stored(u.Points).Div(score.Stored(u.Max)), Grade: u.Grade, Weight: unit.Undefined}
			if in.Over == "self" {
				if i, ok := g.at[u.Unit]; ok {
					g.child(i, name, child)
				}
				continue
			}
			if x, ok := g.w.Org.Unit(u.Unit); !ok || string(x.Type) != in.Over {
				continue
			}
			for _, above := range g.w.Org.Targets(u.Unit, last) { // each once, by reach
				if i, ok := g.at[org.No(above.Unit)]; ok && !above.Self {
					g.child(i, name, child)
				}
			}
		}
	}
	return nil
}

func (g *gathering) child(i int, name string, c score.Child) {
	v := g.facts[i].Values[name]
	if slices.ContainsFunc(v.Children, func(x score.Child) bool { return x.Unit == c.Unit && x.Run == c.Run }) {
		return
	}
	v.Num = unit.Undefined
	v.Children = append(v.Children, c)
	g.facts[i].Values[name] = v
}

// apply puts what people entered into the facts. A name is an item that is judged, an input, or a finding of a visit.
func apply(v *score.Version, facts []*score.Facts, list []Fix) error {
	by := map[string]*score.Facts{}
	for _, f := range facts {
		by[f.Unit] = f
	}
	for _, x := range list {
		f := by[strconv.FormatInt(int64(x.Unit), 10)]
		n, err := unit.ParseNum(x.Num)
		if err != nil {
			return err
		}
		if f == nil {
			continue // the unit has gone since
		}
		switch _, it := v.Item(x.Name); {
		case x.Visit != "":
			for i := range f.Visits {
				if f.Visits[i].ID == x.Visit {
					f.Visits[i].Found[x.Name] = score.Value{Num: n}
				}
			}
		case it != nil && it.Judged != nil:
			f.Judged[x.Name] = score.Judgement{Points: n, Reason: x.Reason, By: x.Actor}
		default:
			f.Values[x.Name] = score.Value{Num: n}
		}
	}
	return nil
}
