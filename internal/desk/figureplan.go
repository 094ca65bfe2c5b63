package desk

import (
	"context"
	"sort"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/plan"
	"sifen/internal/unit"
)

// FigurePlan is what plans say of a figure of a unit in a period. Quantities are at the figure's scale, those of a
// coverage are numbers of units.
type FigurePlan struct {
	Year    int            `json:"year"`   // 0: the period belongs to several years, and targets are yearly
	Usable  bool           `json:"usable"` // a ratio, mean or formula has no target
	MayEdit bool           `json:"may_edit"`
	Targets []FigureTarget `json:"targets"`
}

// FigureTarget is a target beside what its figure is. What is compared is the figure from 1 January to the day.
type FigureTarget struct {
	ID              string  `json:"id"`
	From            UnitRef `json:"from"` // whose plan it stands in
	Year            int     `json:"year"`
	Value           int64   `json:"value"` // by the end of the year
	Display         string  `json:"display"`
	AtMost          bool    `json:"at_most"`
	Months          []int64 `json:"months"` // by the end of each month; empty without steps
	Day             string  `json:"day"`    // the period's last day, or today
	Now             int64   `json:"now"`
	NowDisplay      string  `json:"now_display"`
	Expected        int64   `json:"expected"` // by the day
	ExpectedDisplay string  `json:"expected_display"`
	Stepped         bool    `json:"stepped"` // the expected value is a monthly step, else the year's value by days
	Ahead           int64   `json:"ahead"`   // now less expected
	AheadDisplay    string  `json:"ahead_display"`
	Left            int64   `json:"left"` // of the year's value
	LeftDisplay     string  `json:"left_display"`
	Permille        int64   `json:"permille"`
	ExpectedAt      int64   `json:"expected_permille"`
	State           string  `json:"state" enum:"reached,ahead,behind,missed,kept,exceeded"`
	Part            *Part   `json:"part"` // the period by itself where it does not begin with the year
}

// Part is what a period's own months should bring and brought.
type Part struct {
	Want        int64  `json:"want"`
	WantDisplay string `json:"want_display"`
	Got         int64  `json:"got"`
	GotDisplay  string `json:"got_display"`
}

// yearOf is the calendar year a period lies in; 0 when it lies in several.
func yearOf(p period.Period) int {
	y, _, _ := p.From.YMD()
	if last, _, _ := p.Last().YMD(); last != y {
		return 0
	}
	return y
}

// untilNow is the part of the year up to a period's end: what targets are compared with.
func untilNow(p period.Period) period.Period {
	y, _, _ := p.From.YMD()
	return period.Period{From: period.Date(y, 1, 1), Until: p.Until}
}

func standing(o *org.Org, b plan.Bound, v indicator.Value, today period.Day) FigureTarget {
	s := plan.Stand(b.Target, b.Year, plan.Amount(v), min(v.Period.Last(), today))
	show := func(n int64) string { return unit.Group(n, v.Def.Decimals) }
	t := FigureTarget{ID: b.ID, From: unitRef(o, b.PlanUnit, today), Year: b.Year, Value: b.Value, Display: show(b.Value), AtMost: b.AtMost, Months: b.Months, Day: s.Day.String(), Now: s.Now, NowDisplay: show(s.Now),
		Expected: s.Expected, ExpectedDisplay: show(s.Expected), Stepped: s.Stepped, Ahead: s.Now - s.Expected, Left: b.Value - s.Now, Permille: s.Permille, State: s.State}
	abs := func(n int64) int64 { return max(n, -n) }
	t.AheadDisplay, t.LeftDisplay = show(abs(t.Ahead)), show(abs(t.Left))
	if b.Value > 0 {
		t.ExpectedAt = min(s.Expected*1000/b.Value, 1000)
	}
	return t
}

// planOf reads the targets of a figure's unit and of the units below it, and draws their steps into the trend.
func (d *Desk) planOf(ctx context.Context, q db.Querier, by access.Scope, x *indicator.Query, out *FigurePage, v indicator.Value, grain string) error {
	o, today := x.Org(), period.Day(by.Today)
	if !by.Can(plan.Read, o.Targets(v.Unit, today), true) {
		return nil
	}
	pl := &FigurePlan{Year: yearOf(v.Period), Usable: plan.Usable(v.Def.Measure), MayEdit: by.Can(plan.Edit, o.Targets(v.Unit, today), false), Targets: []FigureTarget{}}
	out.Plan = pl
	if !pl.Usable {
		return nil
	}
	last, _, _ := v.Period.Last().YMD()
	own, err := plan.BoundTo(ctx, q, by, o, []org.No{v.Unit}, v.Def.Key, last-4, last)
	if err != nil {
		return err
	}
	steps(own).draw(out, v, grain)
	if pl.Year == 0 {
		return nil
	}
	span := untilNow(v.Period)
	for _, b := range own {
		if b.Year != pl.Year {
			continue
		}
		now := v
		if span != v.Period {
			if now, err = x.Value(v.Def.Key, v.Unit, span); err != nil {
				return err
			}
		}
		t := standing(o, b, now, today)
		t.Part = partOf(b, v, today)
		pl.Targets = append(pl.Targets, t)
	}
	return d.targetsBelow(ctx, q, by, x, out, v, span)
}

// partOf compares a period of whole months inside a year with the steps of just these months.
func partOf(b plan.Bound, v indicator.Value, today period.Day) *Part {
	p := v.Period
	if p.From == untilNow(p).From || !stepwise(v.Def) || p.From.Month().First() != p.From || p.Until.Month().First() != p.Until || p.From > today {
		return nil
	}
	out := &Part{Got: v.A, GotDisplay: v.Screen()}
	for _, m := range p.Months() {
		_, month, _ := m.From.YMD()
		n, ok := b.Step(month)
		if !ok {
			return nil
		}
		out.Want += n
	}
	out.WantDisplay = unit.Group(out.Want, v.Def.Decimals)
	return out
}

// stepwise reports whether a figure's months add up to its year, so that a month has a step of its own.
func stepwise(d *indicator.Def) bool {
	return d.Measure == indicator.Count || d.Measure == indicator.Sum
}

type steps []plan.Bound

// draw sets beside each month what the plan wants of it: of a flow its own step, of a state the step itself; beside
// each year its target. Different keys counted in a month do not add up over the year: they get no line.
func (l steps) draw(out *FigurePage, v indicator.Value, grain string) {
	if v.Def.Measure == indicator.Distinct && !v.Def.Lasting && grain != "year" {
		return
	}
	byYear := map[int]plan.Bound{}
	for _, b := range l {
		if _, ok := byYear[b.Year]; !ok {
			byYear[b.Year] = b
		}
	}
	for i := range out.Trend {
		pt := &out.Trend[i]
		p, err := period.Parse(pt.Period)
		if err != nil {
			continue
		}
		y, m, _ := p.From.YMD()
		b, ok := byYear[y]
		if !ok {
			continue
		}
		n := b.Value
		switch {
		case grain == "year":
		case p != period.MonthOf(p.From) || len(b.Months) != 12:
			continue // part of a month, or a target without steps
		case stepwise(v.Def):
			n, _ = b.Step(m)
		default:
			n = b.Months[m-1]
		}
		pt.PlanText = unit.Group(n, v.Def.Decimals)
		if v.Def.Measure == indicator.Coverage { // the bars are shares, the target is a number of units
			if pt.Of == nil || *pt.Of == 0 {
				continue
			}
			n = n * 1000 / *pt.Of
		}
		pt.Plan = &n
	}
}

// UnitTarget is the target of a unit in a comparison.
type UnitTarget struct {
	Value      int64  `json:"value"`
	Display    string `json:"display"`
	AtMost     bool   `json:"at_most"`
	Now        int64  `json:"now"` // of the unit itself, from 1 January to the day
	NowDisplay string `json:"now_display"`
	Permille   int64  `json:"permille"`
	State      string `json:"state" enum:"reached,ahead,behind,missed,kept,exceeded"`
}

// targetsBelow sets the targets of the units below beside their lines.
func (d *Desk) targetsBelow(ctx context.Context, q db.Querier, by access.Scope, x *indicator.Query, out *FigurePage, v indicator.Value, span period.Period) error {
	units := make([]org.No, 0, len(out.Units))
	for _, l := range out.Units {
		units = append(units, org.No(l.Unit.ID))
	}
	list, err := plan.BoundTo(ctx, q, by, x.Org(), units, v.Def.Key, out.Plan.Year, out.Plan.Year)
	if err != nil || len(list) == 0 {
		return err
	}
	first, some := map[org.No]plan.Bound{}, []org.No{}
	for _, b := range list {
		if _, ok := first[b.Unit]; !ok {
			first[b.Unit] = b
			some = append(some, b.Unit)
		}
	}
	now, err := x.Values(v.Def.Key, some, span)
	if err != nil {
		return err
	}
	for i := range out.Units {
		b, ok := first[org.No(out.Units[i].Unit.ID)]
		if !ok {
			continue
		}
		t := standing(x.Org(), b, now[b.Unit], period.Day(by.Today))
		out.Units[i].Target = &UnitTarget{t.Value, t.Display, t.AtMost, t.Now, t.NowDisplay, t.Permille, t.State}
	}
	return nil
}

// BenchFigure is one of my unit's figures, against its target and the year before.
type BenchFigure struct {
	Figure
	Target   *FigureTarget `json:"target"`
	Previous *Previous     `json:"previous"` // on the same date a year before
	Months   []int64       `json:"months"`
}

// benchFigures reads the figures of a unit that have a target in the period's year, then further ones up to ten.
func (d *Desk) benchFigures(ctx context.Context, q db.Querier, by access.Scope, x *indicator.Query, n org.No, p period.Period) ([]BenchFigure, error) {
	out, today := []BenchFigure{}, period.Day(by.Today)
	targets := map[string]plan.Bound{}
	order := []string{}
	if y := yearOf(p); y != 0 && by.Has(plan.Read) {
		list, err := plan.BoundTo(ctx, q, by, x.Org(), []org.No{n}, "", y, y)
		if err != nil {
			return out, err
		}
		for _, b := range list {
			if _, ok := targets[b.Figure]; !ok {
				targets[b.Figure] = b
				order = append(order, b.Figure)
			}
		}
	}
	defs, err := d.Figures.Catalogue(ctx, q, by.District)
	if err != nil {
		return out, err
	}
	known := map[string]bool{}
	for _, def := range defs {
		known[def.Key] = true
		if _, ok := targets[def.Key]; !ok && def.Measure != indicator.Gap && def.Measure != indicator.Mean && def.Measure != indicator.Formula && def.Where == "" {
			order = append(order, def.Key)
		}
	}
	// The year before is cut to the same date while the period runs.
	was := p
	if p.Has(today) {
		was.Until = today + 1
	}
	was = was.YearBefore()
	for _, key := range order {
		b, bound := targets[key]
		if !bound && len(out) >= 10 || !known[key] {
			continue
		}
		v, err := x.Value(key, n, p)
		if err != nil {
			return out, err
		}
		if !bound && v.N == 0 && v.Of == 0 {
			continue // figures in which the unit has no part
		}
		panel := Panel{Figure: figure(x.Org(), v)}
		if err := d.compare(x, &panel, v, was); err != nil {
			return out, err
		}
		f := BenchFigure{Figure: panel.Figure, Previous: panel.Previous, Months: []int64{}}
		if bound {
			now := v
			if span := untilNow(p); span != p {
				if now, err = x.Value(key, n, span); err != nil {
					return out, err
				}
			}
			t := standing(x.Org(), b, now, today)
			f.Target = &t
		}
		if err := d.months(by, x, &panel, v); err != nil {
			return out, err
		}
		for _, m := range panel.Months {
			f.Months = append(f.Months, m.Value)
		}
		out = append(out, f)
	}
	// What lags behind its plan comes first.
	rank := func(f BenchFigure) int {
		switch {
		case f.Target == nil:
			return 2
		case f.Target.State == plan.Behind, f.Target.State == plan.Missed, f.Target.State == plan.Exceeded:
			return 0
		}
		return 1
	}
	sort.SliceStable(out, func(i, j int) bool { return rank(out[i]) < rank(out[j]) })
	return out, nil
}

// BenchTask is an open task one answers for by name.
type BenchTask struct {
	ID       string  `json:"id"`
	Title    string  `json:"title"`
	Unit     UnitRef `json:"unit"`
	Year     int     `json:"year"`
	Deadline string  `json:"deadline"`
	Late     int64   `json:"late"` // days
	Duty     string  `json:"duty"`
}

func (d *Desk) benchTasks(ctx context.Context, q db.Querier, by access.Scope) ([]BenchTask, error) {
	out := []BenchTask{}
	list, err := plan.PersonalTasks(ctx, q, by, 50)
	if err != nil || len(list) == 0 {
		return out, err
	}
	o, err := d.Orgs.Current(ctx, q, by.District)
	if err != nil {
		return out, err
	}
	for _, t := range list {
		y, _, _ := t.Deadline.YMD()
		out = append(out, BenchTask{t.ID, t.Title, unitRef(o, t.Unit, period.Day(by.Today)), y, t.Deadline.String(), t.Late(period.Day(by.Today)), t.Duty})
	}
	return out, nil
}

// planned are the words of a target's state in files.
func planned(lang i18n.Lang, state string) string {
	words := map[string]i18n.Label{plan.Reached: {Zh: "已完成", En: "reached"}, plan.Ahead: {Zh: "进度正常", En: "on course"}, plan.Behind: {Zh: "进度落后", En: "behind"}, plan.Missed: {Zh: "未完成", En: "missed"},
		plan.Kept: {Zh: "未超过", En: "kept"}, plan.Exceeded: {Zh: "已超过", En: "exceeded"}}
	return words[state].In(lang)
}

// wholeTarget is the target of the page's own unit as a line shows it; nil when there is none.
func wholeTarget(p *FigurePlan) *UnitTarget {
	if p == nil || len(p.Targets) == 0 {
		return nil
	}
	t := p.Targets[0]
	return &UnitTarget{t.Value, t.Display, t.AtMost, t.Now, t.NowDisplay, t.Permille, t.State}
}
