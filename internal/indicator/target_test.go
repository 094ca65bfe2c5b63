package indicator

import (
	"testing"

	"sifen/internal/period"
)

// A target is judged on a day: by its last whole monthly step, or by the day's share of the year where it has none.
func TestStanding(t *testing.T) {
	steps := []int64{0, 0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100}
	for what, c := range map[string]struct {
		target   Target
		now      int64
		day      period.Day
		expected int64
		permille int64
		state    string
	}{
		"before the year":         {Target{Value: 100}, 0, period.Date(2019, 12, 31), 0, 0, Ahead},
		"within a month":          {Target{Value: 100, Months: steps}, 15, period.Date(2020, 4, 29), 10, 150, Ahead},
		"a month's last day":      {Target{Value: 100, Months: steps}, 15, period.Date(2020, 4, 30), 20, 150, Behind},
		"January":                 {Target{Value: 100, Months: steps}, 0, period.Date(2020, 1, 15), 0, 0, Ahead},
		"no steps, half the year": {Target{Value: 366}, 182, period.Date(2020, 7, 1), 183, 497, Behind},
		"reached early":           {Target{Value: 100, Months: steps}, 120, period.Date(2020, 2, 1), 0, 1200, Reached},
		"the last day":            {Target{Value: 100, Months: steps}, 99, period.Date(2020, 12, 31), 100, 990, Missed},
		"long after":              {Target{Value: 100}, 99, period.Date(2022, 3, 1), 100, 990, Missed},
		"at most, kept":           {Target{Value: 10, AtMost: true}, 10, period.Date(2020, 5, 1), 3, 1000, Kept},
		"at most, exceeded":       {Target{Value: 10, AtMost: true}, 11, period.Date(2020, 5, 1), 3, 1100, Exceeded},
		"nothing at all allowed":  {Target{Value: 0, AtMost: true}, 0, period.Date(2020, 5, 1), 0, 1000, Kept},
	} {
		s := Stand(c.target, 2020, c.now, c.day)
		if s.Expected != c.expected || s.Permille != c.permille || s.State != c.state {
			t.Errorf("%s: expected %d at %d per mille, %s; want %d, %d, %s", what, s.Expected, s.Permille, s.State, c.expected, c.permille, c.state)
		}
	}
	if n, ok := (Target{Months: steps}).Step(3); !ok || n != 10 {
		t.Errorf("March by itself: %d", n)
	}
	if _, ok := (Target{}).Step(3); ok {
		t.Error("a step without steps")
	}
}
