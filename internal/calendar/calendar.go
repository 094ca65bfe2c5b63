// Package calendar knows which days are worked: weekends, holidays, and the weekends that are worked in their place (调休),
// as packs give them by year. A year that was not published yet is said to be unknown and never guessed.
package calendar

import (
	"fmt"
	"slices"
	"time"

	"sifen/internal/i18n"
	"sifen/internal/pack"
	"sifen/internal/period"
	"sifen/internal/problem"
)

// ErrYear says that a deadline falls into a year whose holidays were not published; its argument is the year.
var ErrYear = problem.New(problem.Conflict, "calendar.year", nil)

// Day is a date as packs write it: 2020-01-31.
type Day struct{ period.Day }

// UnmarshalText reads a date.
func (d *Day) UnmarshalText(text []byte) (err error) {
	d.Day, err = period.ParseDay(string(text))
	return err
}

// Off is a holiday from its first to its last day, both off.
type Off struct {
	Title i18n.Label `yaml:"title" json:"title"`
	First Day        `yaml:"first" json:"first"`
	Last  Day        `yaml:"last" json:"last"`
}

// Year is what was published for one year.
type Year struct {
	Source  *i18n.Label `yaml:"source,omitempty" json:"source,omitempty"`
	Checked *bool       `yaml:"checked,omitempty" json:"checked,omitempty"` // false: to be compared with the notice before it is relied on
	Off     []Off       `yaml:"off" json:"off"`
	Work    []Day       `yaml:"work,omitempty" json:"work,omitempty"` // weekends that are worked
}

// Calendar is the pack object: the published years by number.
type Calendar struct {
	Key   string       `yaml:"key" json:"key"`
	Title i18n.Label   `yaml:"title" json:"title"`
	Years map[int]Year `yaml:"years" json:"years"`

	version int64
}

// Type is the pack object type "calendars".
func Type() pack.Type {
	return pack.Type{
		Dir: "calendars",
		Decode: func(o *pack.Object) (any, error) {
			c := &Calendar{version: o.Version}
			return c, pack.Strict(o, c)
		},
		Check: func(_ *pack.Set, o *pack.Object) []pack.Fault { return o.Value.(*Calendar).faults(o) },
		Schema: func() map[string]any {
			return map[string]any{"type": "object", "required": []string{"key", "title", "years"}}
		},
	}
}

func (c *Calendar) faults(o *pack.Object) (faults []pack.Fault) {
	at := func(year int, zh, en string) {
		faults = append(faults, o.FaultIn([]string{"years", fmt.Sprint(year)}, zh, en))
	}
	for number, y := range c.Years {
		in := func(d period.Day) bool {
			year, _, _ := d.YMD()
			return year == number
		}
		for _, off := range y.Off {
			switch {
			case off.Last.Day < off.First.Day:
				at(number, off.Title.Zh+"的最后一天早于第一天", "the last day of "+off.Title.En+" is before its first")
			case !in(off.First.Day) || !in(off.Last.Day):
				at(number, off.Title.Zh+"不在这一年里", off.Title.En+" lies outside the year")
			}
		}
		for _, w := range y.Work {
			switch {
			case !in(w.Day):
				at(number, w.String()+" 不在这一年里", w.String()+" lies outside the year")
			case !weekend(w.Day):
				at(number, w.String()+" 不是周末，本来就上班", w.String()+" is no weekend; it is worked anyway")
			}
			for _, off := range y.Off {
				if off.First.Day <= w.Day && w.Day <= off.Last.Day {
					at(number, w.String()+" 又放假又上班", w.String()+" is both off and worked")
				}
			}
		}
	}
	return faults
}

// Of is the calendar of a district: that of the key "cn" unless a pack brings one of its own, whose key comes first. The
// empty calendar, where there is none, knows no year.
func Of(set *pack.Set) *Calendar {
	list := pack.All[Calendar](set, "calendars")
	for _, c := range list {
		if c.Key != "cn" {
			return c
		}
	}
	if len(list) > 0 {
		return list[0]
	}
	return &Calendar{}
}

// Version is that of the rule, which deadlines keep.
func (c *Calendar) Version() int64 { return c.version }

func weekend(d period.Day) bool { return d.Weekday() == time.Saturday || d.Weekday() == time.Sunday }

// Works reports whether a day is worked. known is false in a year that was not published.
func (c *Calendar) Works(d period.Day) (works, known bool) {
	number, _, _ := d.YMD()
	y, ok := c.Years[number]
	if !ok {
		return false, false
	}
	if slices.ContainsFunc(y.Work, func(w Day) bool { return w.Day == d }) {
		return true, true
	}
	off := slices.ContainsFunc(y.Off, func(o Off) bool { return o.First.Day <= d && d <= o.Last.Day })
	return !off && !weekend(d), true
}

// After is the n-th working day after d; for n = 0 it is d itself if it is worked, else the next that is.
//
// Errors: ErrYear where the way there leads through a year that was not published.
func (c *Calendar) After(d period.Day, n int) (period.Day, error) {
	at := d
	if n > 0 {
		at++
	}
	for left := max(n, 1); ; at++ {
		works, known := c.Works(at)
		if !known {
			year, _, _ := at.YMD()
			return 0, ErrYear.With("year", year)
		}
		if !works {
			continue
		}
		if left--; left == 0 {
			return at, nil
		}
	}
}

// Between counts the working days after a and up to b; below 0 where b is before a. A year that was not published counts
// Monday to Friday: the number is shown and decides nothing.
func (c *Calendar) Between(a, b period.Day) int {
	if b < a {
		return -c.Between(b, a)
	}
	n := 0
	for d := a + 1; d <= b; d++ {
		if works, known := c.Works(d); works || !known && !weekend(d) {
			n++
		}
	}
	return n
}

// End is the instant, in milliseconds, at which a last day is over: its end, or a minute of it; 0 is the end.
func End(last period.Day, minute int) int64 {
	if minute > 0 {
		return last.Start().Add(time.Duration(minute) * time.Minute).UnixMilli()
	}
	return (last + 1).Start().UnixMilli()
}
