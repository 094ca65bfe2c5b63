package demo

import (
	"math/rand/v2"
	"time"

	"sifen/internal/period"
)

// holidays of the two years in which offices were closed, weekends apart. The ledger does not know them (its due days
// are stricter), but people keep them.
var holidays = map[period.Day]bool{}

func init() {
	for _, h := range [][5]int{{2019, 9, 13, 9, 13}, {2019, 10, 1, 10, 7}, {2020, 1, 1, 1, 1}, {2020, 1, 24, 2, 2}, {2020, 4, 6, 4, 6}, {2020, 5, 1, 5, 5},
		{2020, 6, 25, 6, 26}, {2020, 10, 1, 10, 8}} {
		for day := period.Date(h[0], h[1], h[2]); day <= period.Date(h[0], h[3], h[4]); day++ {
			holidays[day] = true
		}
	}
}

func weekend(d period.Day) bool {
	return d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
}

func works(d period.Day) bool { return !weekend(d) && !holidays[d] }

// workday is the n-th working day after d.
func workday(d period.Day, n int) period.Day {
	for n > 0 {
		if d++; works(d) {
			n--
		}
	}
	return d
}

// dayIn draws a day of a month between two days of the month, mostly a working day, never a holiday.
func dayIn(r *rand.Rand, y, m, from, until int) period.Day {
	for {
		d := period.Date(y, m, from+r.IntN(until-from+1))
		if !holidays[d] && (!weekend(d) || r.IntN(6) == 0) {
			return d
		}
	}
}

// officeHour is a time on d when people sit at their desks.
func officeHour(r *rand.Rand, d period.Day) time.Time {
	hour := pick(r, []int{8, 9, 9, 10, 10, 11, 14, 14, 15, 16, 16, 17})
	return at(d, hour, 5+r.IntN(50)).Add(time.Duration(r.IntN(60)) * time.Second)
}

// lastDay is the last day of a month about which its workbook still reports. Before the May and October holidays and
// at the end of the year workbooks are handed in before the month is over.
func lastDay(y, m int) int {
	if m == 4 || m == 9 {
		return 28
	}
	if y == 2020 && m == 12 {
		return 27
	}
	_, _, day := (period.Date(y, m+1, 1) - 1).YMD()
	return day
}

// handIn is when a month's workbook is handed in, in time.
func handIn(r *rand.Rand, y, m int) time.Time {
	first := period.Date(y, m+1, 1)
	switch {
	case y == 2020 && m == 12:
		return officeHour(r, period.Date(2020, 12, 28)+period.Day(r.IntN(2)))
	case m == 4 || m == 9:
		return officeHour(r, first-period.Day(1+r.IntN(2)))
	}
	due := period.WorkingDay(first, 3)
	for {
		if d := first + period.Day(r.IntN(int(due-first)+1)); works(d) {
			return officeHour(r, d)
		}
	}
}

// lateOn is a working day after a month's due day.
func lateOn(r *rand.Rand, y, m int) time.Time {
	return officeHour(r, workday(period.WorkingDay(period.Date(y, m+1, 1), 3), 2+r.IntN(6)))
}
