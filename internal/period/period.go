// Package period holds business days and the half-open spans between them.
// All days are days in Asia/Shanghai, which has had no daylight saving since 1991.
package period

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Day counts days since 1970-01-01 in Asia/Shanghai. The zero Day is 1970-01-01.
type Day int64

// Open is the end of a span that has not ended: 9999-12-31 plus one day.
const Open Day = 2932897

// Zone is Asia/Shanghai as a fixed offset, so that no time zone table is needed at run time.
var Zone = time.FixedZone("Asia/Shanghai", 8*3600)

// Of returns the business day of an instant.
func Of(t time.Time) Day { return Day((t.Unix() + 8*3600) / 86400) }

// Date returns the business day of a calendar date; out of range values are normalised as time.Date does.
func Date(y, m, d int) Day {
	return Day(time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// ParseDay reads "2020-08-02". Years outside 1900..9998 are refused.
func ParseDay(s string) (Day, error) {
	t, err := time.Parse("2006-01-02", s)
	if err != nil || t.Year() < 1900 || t.Year() > 9998 {
		return 0, fmt.Errorf("%q is not a day like 2020-08-02", s)
	}
	return Day(t.Unix() / 86400), nil
}

func (d Day) time() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// YMD splits the day into calendar year, month 1..12 and day of month.
func (d Day) YMD() (y, m, day int) {
	t := d.time()
	return t.Year(), int(t.Month()), t.Day()
}

// String formats the day as "2020-08-02"; Open is "".
func (d Day) String() string {
	if d >= Open {
		return ""
	}
	return d.time().Format("2006-01-02")
}

// Start is the first instant of the day.
func (d Day) Start() time.Time { return time.Unix(int64(d)*86400-8*3600, 0).In(Zone) }

// Month is year·12 + month−1.
func (d Day) Month() Month {
	y, m, _ := d.YMD()
	return Month(y*12 + m - 1)
}

// Weekday follows time.Weekday: Sunday is 0.
func (d Day) Weekday() time.Weekday { return d.time().Weekday() }

// Zh formats the day as "2020年8月2日".
func (d Day) Zh() string {
	y, m, day := d.YMD()
	return fmt.Sprintf("%d年%d月%d日", y, m, day)
}

// Month is year·12 + month−1, the bucket number of monthly cells.
type Month int64

// First is the first day of the month.
func (m Month) First() Day { return Date(int(m)/12, int(m)%12+1, 1) }

// Period is the half-open range of days [From, Until). The zero Period is empty.
type Period struct{ From, Until Day }

// Year is the calendar year y.
func Year(y int) Period { return Period{Date(y, 1, 1), Date(y+1, 1, 1)} }

// MonthOf is the calendar month that holds d.
func MonthOf(d Day) Period { m := d.Month(); return Period{m.First(), (m + 1).First()} }

// QuarterOf is the calendar quarter that holds d.
func QuarterOf(d Day) Period {
	y, m, _ := d.YMD()
	first := (m-1)/3*3 + 1
	return Period{Date(y, first, 1), Date(y, first+3, 1)}
}

// Parse reads "2020", "2020-03", "2020-Q2" and "2020-03-01..2020-04-15" (end exclusive).
func Parse(s string) (Period, error) {
	bad := fmt.Errorf("%q is not a period like 2020, 2020-03, 2020-Q2 or 2020-03-01..2020-04-15", s)
	if a, b, ok := strings.Cut(s, ".."); ok {
		from, err1 := ParseDay(a)
		until, err2 := ParseDay(b)
		if err1 != nil || err2 != nil || from >= until {
			return Period{}, bad
		}
		return Period{from, until}, nil
	}
	year, rest, long := strings.Cut(s, "-")
	y, err := strconv.Atoi(year)
	if err != nil || len(year) != 4 || y < 1900 || y > 9998 {
		return Period{}, bad
	}
	if !long {
		return Year(y), nil
	}
	if q, ok := strings.CutPrefix(rest, "Q"); ok {
		n, err := strconv.Atoi(q)
		if err != nil || n < 1 || n > 4 || len(q) != 1 {
			return Period{}, bad
		}
		return Period{Date(y, n*3-2, 1), Date(y, n*3+1, 1)}, nil
	}
	m, err := strconv.Atoi(rest)
	if err != nil || m < 1 || m > 12 || len(rest) != 2 {
		return Period{}, bad
	}
	return Period{Date(y, m, 1), Date(y, m+1, 1)}, nil
}

// String is the shortest form that Parse reads back.
func (p Period) String() string {
	y, m, d := p.From.YMD()
	if d == 1 {
		switch {
		case m == 1 && p.Until == Date(y+1, 1, 1):
			return fmt.Sprintf("%04d", y)
		case p.Until == Date(y, m+1, 1):
			return fmt.Sprintf("%04d-%02d", y, m)
		case m%3 == 1 && p.Until == Date(y, m+3, 1):
			return fmt.Sprintf("%04d-Q%d", y, m/3+1)
		}
	}
	return p.From.String() + ".." + p.Until.String()
}

// Zh names the period in official prose: "2020年", "2020年3月", "2020年第二季度".
func (p Period) Zh() string {
	s := p.String()
	y, m, _ := p.From.YMD()
	switch {
	case len(s) == 4:
		return fmt.Sprintf("%d年", y)
	case len(s) == 7 && s[5] == 'Q':
		return fmt.Sprintf("%d年第%s季度", y, []string{"一", "二", "三", "四"}[s[6]-'1'])
	case len(s) == 7:
		return fmt.Sprintf("%d年%d月", y, m)
	}
	return p.From.Zh() + "至" + (p.Until - 1).Zh()
}

// En names the period in English.
func (p Period) En() string {
	s := p.String()
	if len(s) == 7 && s[5] != 'Q' {
		return p.From.time().Format("January 2006")
	}
	if len(s) <= 7 {
		return s
	}
	return p.From.String() + " to " + (p.Until - 1).String()
}

// Last is the last day of the period, the day on which stocks are read.
func (p Period) Last() Day { return p.Until - 1 }

// Has reports whether d lies in the period.
func (p Period) Has(d Day) bool { return p.From <= d && d < p.Until }

// YearBefore is the same period one year earlier.
func (p Period) YearBefore() Period { return Period{shiftYear(p.From, -1), shiftYear(p.Until, -1)} }

// Previous is the period of the same kind just before: the month before a month, the year before a
// year; for a free range the range of the same length that ends where it begins.
func (p Period) Previous() Period {
	y, m, _ := p.From.YMD()
	switch s := p.String(); {
	case len(s) == 4:
		return Year(y - 1)
	case len(s) == 7 && s[5] == 'Q':
		return Period{Date(y, m-3, 1), p.From}
	case len(s) == 7:
		return Period{Date(y, m-1, 1), p.From}
	}
	return Period{p.From - (p.Until - p.From), p.From}
}

func shiftYear(d Day, by int) Day {
	y, m, day := d.YMD()
	n := Date(y+by, m, day)
	if _, nm, _ := n.YMD(); nm != m { // 29 February
		n = Date(y+by, m+1, 1) - 1
	}
	return n
}

// Months lists the calendar months that the period touches, each cut to the period.
func (p Period) Months() []Period {
	var out []Period
	for m := p.From.Month(); m.First() < p.Until; m++ {
		out = append(out, Period{max(m.First(), p.From), min((m + 1).First(), p.Until)})
	}
	return out
}

// WorkingDay is the n-th Monday-to-Friday day on or after d, n ≥ 1. Public holidays are not known
// here: a due date that falls on one is never earlier than the law allows, only stricter.
func WorkingDay(d Day, n int) Day {
	for {
		if w := d.Weekday(); w != time.Saturday && w != time.Sunday {
			n--
			if n == 0 {
				return d
			}
		}
		d++
	}
}
