package figure

import (
	"context"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/unit"
)

// Plan is what plans say of a figure of a unit in a period. Quantities are at the figure's scale, those of a
// coverage are numbers of units.
type Plan struct {
	Year    int      `json:"year"`   // 0: the period belongs to several years, and targets are yearly
	Usable  bool     `json:"usable"` // a ratio, mean or formula has no target
	MayEdit bool     `json:"may_edit"`
	Targets []Target `json:"targets"`
}

// Target is a target beside what its figure is. What is compared is the figure from 1 January to the day.
type Target struct {
	ID              string  `json:"id"`
	From            org.Ref `json:"from"` // whose plan it stands in
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

func standing(o *org.Org, b indicator.Bound, v indicator.Value, today period.Day) Target {
	at := indicator.Stand(b.Target, b.Year, indicator.Amount(v), min(v.Period.Last(), today))
	show := func(n int64) string { return unit.Group(n, v.Def.Decimals) }
	t := Target{ID: b.ID, From: o.Ref(b.PlanUnit, today), Year: b.Year, Value: b.Value, Display: show(b.Value), AtMost: b.AtMost, Months: b.Months,
		Day: at.Day.String(), Now: at.Now, NowDisplay: show(at.Now),
		Expected: at.Expected, ExpectedDisplay: show(at.Expected), Stepped: at.Stepped, Ahead: at.Now - at.Expected, Left: b.Value - at.Now,
		Permille: at.Permille, State: at.State}
	abs := func(n int64) int64 { return max(n, -n) }
	t.AheadDisplay, t.LeftDisplay = show(abs(t.Ahead)), show(abs(t.Left))
	if b.Value > 0 {
		t.ExpectedAt = min(at.Expected*1000/b.Value, 1000)
	}
	return t
}

// planOf reads the targets of a figure's unit and of the units below it, and draws their steps into the trend.
func (s *Service) planOf(ctx context.Context, q db.Querier, by access.Scope, x *indicator.Query, out *Page, v indicator.Value, grain string) error {
	o, today := x.Org(), period.Day(by.Today)
	if s.targets.Of == nil || !by.Can(s.targets.Read, o.Targets(v.Unit, today), true) {
		return nil
	}
	pl := &Plan{Year: yearOf(v.Period), Usable: indicator.Usable(v.Def.Measure), MayEdit: by.Can(s.targets.Edit, o.Targets(v.Unit, today), false),
		Targets: []Target{}}
	out.Plan = pl
	if !pl.Usable {
		return nil
	}
	last, _, _ := v.Period.Last().YMD()
	own, err := s.targets.Of(ctx, q, by, o, []org.No{v.Unit}, v.Def.Key, last-4, last)
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
	return s.targetsBelow(ctx, q, by, x, out, v, span)
}

// partOf compares a period of whole months inside a year with the steps of just these months.
func partOf(b indicator.Bound, v indicator.Value, today period.Day) *Part {
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

type steps []indicator.Bound

// draw sets beside each month or quarter what the plan wants of it: of a flow its own steps, of a state the last step;
// beside each year its target. Different keys counted in a month do not add up over the year: they get no line.
func (l steps) draw(out *Page, v indicator.Value, grain string) {
	if v.Def.Measure == indicator.Distinct && !v.Def.Lasting && grain != "year" {
		return
	}
	byYear := map[int]indicator.Bound{}
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
		case len(b.Months) != 12:
			continue // a target without steps
		case grain == "quarter" && stepwise(v.Def):
			n = 0
			for i := m; i < m+3; i++ {
				step, _ := b.Step(i)
				n += step
			}
		case grain == "quarter":
			n = b.Months[m+1]
		case p != period.MonthOf(p.From):
			continue // part of a month
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
func (s *Service) targetsBelow(ctx context.Context, q db.Querier, by access.Scope, x *indicator.Query, out *Page, v indicator.Value, span period.Period) error {
	units := make([]org.No, 0, len(out.Units))
	for _, l := range out.Units {
		units = append(units, org.No(l.Unit.ID))
	}
	list, err := s.targets.Of(ctx, q, by, x.Org(), units, v.Def.Key, out.Plan.Year, out.Plan.Year)
	if err != nil || len(list) == 0 {
		return err
	}
	first, some := map[org.No]indicator.Bound{}, []org.No{}
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

// planned are the words of a target's state in files.
func planned(lang i18n.Lang, state string) string {
	words := map[string]i18n.Label{indicator.Reached: {Zh: "已完成", En: "reached"}, indicator.Ahead: {Zh: "进度正常", En: "on course"},
		indicator.Behind: {Zh: "进度落后", En: "behind"}, indicator.Missed: {Zh: "未完成", En: "missed"},
		indicator.Kept: {Zh: "未超过", En: "kept"}, indicator.Exceeded: {Zh: "已超过", En: "exceeded"}}
	return words[state].In(lang)
}

// wholeTarget is the target of the page's own unit as a line shows it; nil when there is none.
func wholeTarget(p *Plan) *UnitTarget {
	if p == nil || len(p.Targets) == 0 {
		return nil
	}
	t := p.Targets[0]
	return &UnitTarget{t.Value, t.Display, t.AtMost, t.Now, t.NowDisplay, t.Permille, t.State}
}
