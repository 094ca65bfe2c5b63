package indicator

import (
	"context"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/org"
	"sifen/internal/period"
)

// Target says what a figure shall be at the end of the year.
type Target struct {
	ID     string
	Plan   string
	Unit   org.No
	Figure string
	Value  int64   // at the figure's own scale; of a coverage, how many units
	AtMost bool    // the figure shall not be above, as with late entries
	Months []int64 // what it shall be at the end of each month; empty or twelve
	Rev    int64
}

// The standings of a target. Kept and Exceeded are those of a figure that shall not be above.
const (
	Reached  = "reached"
	Ahead    = "ahead"
	Behind   = "behind"
	Missed   = "missed"
	Kept     = "kept"
	Exceeded = "exceeded"
)

// Standing is a target beside what its figure is on a day. Quantities are at the figure's scale.
type Standing struct {
	Day      period.Day
	Now      int64 // the figure from 1 January to the day; of a coverage, how many units
	Expected int64 // by the day: the last monthly step, or the day's share of the year's value where there are no steps
	Stepped  bool  // Expected is a monthly step
	Permille int64 // Now of the year's value; 1000 where nothing is wanted
	State    string
}

// Usable reports whether a figure can have a target: one with a quantity of its own.
func Usable(measure string) bool {
	return measure != Ratio && measure != Mean && measure != Formula
}

// Amount is the quantity of a figure that targets speak of.
func Amount(v Value) int64 {
	if v.Def.Measure == Coverage {
		return v.Part
	}
	return v.A
}

// Stand compares a target of a year with its figure, whose value now was read from 1 January on, as of a day.
func Stand(t Target, year int, now int64, day period.Day) Standing {
	span := period.Year(year)
	s := Standing{Day: day, Now: now, Expected: t.Value, Stepped: len(t.Months) == 12, Permille: 1000}
	over := day >= span.Last()
	switch {
	case over:
		s.Day = span.Last()
	case day < span.From:
		s.Expected = 0
	case s.Stepped:
		_, m, _ := day.YMD()
		if day+1 == (day.Month() + 1).First() {
			m++ // the month is whole today
		}
		s.Expected = 0
		if m > 1 {
			s.Expected = t.Months[m-2] // what the last whole month should have brought
		}
	default:
		s.Expected = t.Value * int64(day-span.From+1) / int64(span.Until-span.From)
	}
	if t.Value > 0 {
		s.Permille = max(now*1000/t.Value, 0)
	}
	switch {
	case t.AtMost && now > t.Value:
		s.State = Exceeded
	case t.AtMost:
		s.State = Kept
	case now >= t.Value:
		s.State = Reached
	case over:
		s.State = Missed
	case now >= s.Expected:
		s.State = Ahead
	default:
		s.State = Behind
	}
	return s
}

// Step is what a target wants of one month alone, for a figure whose months add up; ok is false without monthly steps.
func (t Target) Step(month int) (n int64, ok bool) {
	if len(t.Months) != 12 || month < 1 || month > 12 {
		return 0, false
	}
	n = t.Months[month-1]
	if month > 1 {
		n -= t.Months[month-2]
	}
	return n, true
}

// Targets is whoever keeps what figures are wanted to be. The zero Targets knows none.
type Targets struct {
	Read, Edit access.Verb
	// Of lists the targets of some units, of one figure or of all (""), of the years from first to last. Where a unit has
	// several for one figure, that of the highest plan comes first: it was set from above.
	Of func(ctx context.Context, q db.Querier, by access.Scope, o *org.Org, units []org.No, figure string, first, last int) ([]Bound, error)
}

// Bound is a target with the year and the unit of the plan it stands in.
type Bound struct {
	Target
	Year     int
	PlanUnit org.No
}
