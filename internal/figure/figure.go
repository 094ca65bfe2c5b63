// Package figure shows figures with everything behind them: a panel, a page, comparisons, files, and where a figure of a
// document comes from. It asks keepers of records and of targets through their ports and knows none by name.
package figure

import (
	"sifen/internal/i18n"
	"sifen/internal/indicator"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/unit"
)

// Figure is a figure of one unit and period.
type Figure struct {
	Key       string      `json:"key"`
	Title     i18n.Label  `json:"title"`
	UnitOf    *i18n.Label `json:"unit_of"`
	Unit      org.Ref     `json:"unit"`
	Period    string      `json:"period"`
	Measure   string      `json:"measure"`
	Value     *int64      `json:"value"`
	Decimals  int         `json:"decimals"`
	Display   string      `json:"display"`
	Part      *int64      `json:"part"`
	Of        *int64      `json:"of"`
	Estimated int64       `json:"estimated"`
	Undefined bool        `json:"undefined"`
	// Unrecorded says that nobody ever recorded anything in the ledgers behind the figure: its 0 is none.
	Unrecorded bool `json:"unrecorded"`
}

// figure turns a value into what pages show.
func figure(o *org.Org, v indicator.Value) Figure {
	f := Figure{Key: v.Def.Key, Title: v.Def.Title, UnitOf: v.Def.Unit, Unit: o.Ref(v.Unit, v.Period.Last()), Period: v.Period.String(), Measure: v.Def.Measure,
		Decimals: v.Def.Decimals, Display: v.Screen(), Estimated: v.Est, Undefined: !v.Defined}
	if v.HasTerms {
		part, of := v.Part, v.Of
		f.Part, f.Of = &part, &of
	}
	if v.Defined && v.Def.Measure != indicator.Ratio && v.Def.Measure != indicator.Coverage {
		a := v.A
		f.Value = &a
	}
	return f
}

// recorded is figure with a look at whether anything was ever recorded for it.
func recorded(x *indicator.Query, v indicator.Value) (Figure, error) {
	f := figure(x.Org(), v)
	var err error
	f.Unrecorded, err = x.Unrecorded(v)
	return f, err
}

// recordedSince is the month in which a figure's records begin at its unit, where that lies inside an earlier period; ""
// where the period is whole, and for figures that are not sums over days.
func recordedSince(x *indicator.Query, b indicator.Value) (string, error) {
	first, ok, err := x.Since(b.Def, b.Unit)
	if err != nil || !ok || first <= b.Period.From || first >= b.Period.Until {
		return "", err
	}
	return first.String()[:7], nil
}

// Against compares a value with another one of the same figure: the year before, or a chosen period.
type Against struct {
	Period       string  `json:"period"`
	Value        *int64  `json:"value"`
	Display      string  `json:"display"`
	Part         *int64  `json:"part"`
	Of           *int64  `json:"of"`
	Undefined    bool    `json:"undefined"`
	Change       *int64  `json:"change"`        // at the figure's scale
	ChangePct    *string `json:"change_pct"`    // of the earlier value
	ChangePoints *int64  `json:"change_points"` // of a ratio or coverage: tenths of a percentage point
	// Since is the month in which the records begin, where it lies inside the earlier period: the change is against a part of it.
	Since string `json:"since"`
}

// yearBefore reads the value of a year before and compares with it.
func yearBefore(x *indicator.Query, v indicator.Value) (*Against, error) {
	b, err := x.Value(v.Def.Key, v.Unit, v.Period.YearBefore())
	if err != nil {
		return nil, err
	}
	return beforeSince(x, v, b)
}

// beforeSince is before with an eye to when the records begin.
func beforeSince(x *indicator.Query, v, b indicator.Value) (*Against, error) {
	out := before(x.Org(), v, b)
	if out == nil {
		return nil, nil
	}
	var err error
	if out.Since, err = recordedSince(x, b); out.Since != "" {
		out.ChangePct = nil
	}
	return out, err
}

// before tells what v changed against b; nil where nothing at all was booked in b.
func before(o *org.Org, v, b indicator.Value) *Against {
	if b.N == 0 && b.A == 0 && b.Part == 0 && b.Of == 0 {
		return nil
	}
	return against(o, v, b)
}

// against compares with b also where it is empty.
func against(o *org.Org, v, b indicator.Value) *Against {
	f := figure(o, b)
	out := &Against{Period: f.Period, Value: f.Value, Display: f.Display, Part: f.Part, Of: f.Of, Undefined: f.Undefined}
	if !v.Defined || !b.Defined {
		return out
	}
	if v.Def.Measure != indicator.Ratio {
		c := v.A - b.A
		out.Change = &c
		if b.A > 0 {
			pct := unit.Percent(c, b.A, 1)
			if c > 0 {
				pct = "+" + pct
			}
			out.ChangePct = &pct
		}
	}
	if v.Def.Measure == indicator.Ratio || v.Def.Measure == indicator.Coverage {
		p := permille(v) - permille(b)
		out.ChangePoints = &p
	}
	return out
}

// permille is a share in tenths of a percent, rounded half up.
func permille(v indicator.Value) int64 {
	if v.Of == 0 {
		return 0
	}
	return (v.Part*2000 + v.Of) / (2 * v.Of)
}

// Point is one month or year of a trend. Value is nil where there is none: the time has not come, or it is undefined.
type Point struct {
	Period    string `json:"period"`
	Value     *int64 `json:"value"` // a ratio and a coverage: tenths of a percent
	Display   string `json:"display"`
	Part      *int64 `json:"part"`
	Of        *int64 `json:"of"`
	Partial   bool   `json:"partial"`
	In        bool   `json:"in"` // inside the page's period
	Year      *int64 `json:"year_before"`
	YearText  string `json:"year_before_display"`
	YearShown bool   `json:"has_year_before"`
	Plan      *int64 `json:"plan"` // what the plan wants of it, measured as the value
	PlanText  string `json:"plan_display"`
}

// UnitLine is a unit of a comparison.
type UnitLine struct {
	Unit      org.Ref  `json:"unit"`
	Value     *int64   `json:"value"` // what bars measure: a ratio and a coverage in tenths of a percent
	Display   string   `json:"display"`
	Part      *int64   `json:"part"`
	Of        *int64   `json:"of"`
	Undefined bool     `json:"undefined"`
	Records   int64    `json:"records"`
	HeadsLine bool     `json:"heads_line"` // heads a line: among units below only its own tree is counted
	Before    *Against `json:"before"`
	Columns   []string `json:"columns"` // displays by the page's columns

	Target *UnitTarget `json:"target"`
}

// measured is what bars of a figure measure.
func measured(v indicator.Value) *int64 {
	if !v.Defined {
		return nil
	}
	n := v.A
	if v.Def.Measure == indicator.Ratio || v.Def.Measure == indicator.Coverage {
		n = permille(v)
	}
	return &n
}

// flowing reports whether a figure is of a period rather than of its last day.
func flowing(q *indicator.Query, d *indicator.Def, p period.Period) bool {
	switch d.Measure {
	case indicator.Count, indicator.Sum:
		return true
	case indicator.Distinct:
		return !d.Lasting
	}
	for _, t := range q.Terms(d) {
		if v, err := q.Def(t, p); err == nil && flowing(q, v, p) {
			return true
		}
	}
	return false
}

func line(o *org.Org, v indicator.Value) UnitLine {
	f := figure(o, v)
	return UnitLine{Unit: f.Unit, Value: measured(v), Display: f.Display, Part: f.Part, Of: f.Of, Undefined: f.Undefined, Records: v.N, Columns: []string{}}
}
