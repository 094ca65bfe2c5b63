package period

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestQuarterOf(t *testing.T) {
	for day, want := range map[Day]string{Date(2020, 1, 1): "2020-Q1", Date(2020, 3, 31): "2020-Q1", Date(2020, 4, 1): "2020-Q2",
		Date(2020, 12, 31): "2020-Q4"} {
		if got := QuarterOf(day).String(); got != want {
			t.Errorf("QuarterOf(%v) = %s, want %s", day, got, want)
		}
	}
}

func TestParse(t *testing.T) {
	for in, want := range map[string]Period{
		"2020":                   {Date(2020, 1, 1), Date(2021, 1, 1)},
		"2020-02":                {Date(2020, 2, 1), Date(2020, 3, 1)},
		"2020-12":                {Date(2020, 12, 1), Date(2021, 1, 1)},
		"2020-Q4":                {Date(2020, 10, 1), Date(2021, 1, 1)},
		"2020-03-01..2020-04-15": {Date(2020, 3, 1), Date(2020, 4, 15)},
	} {
		got, err := Parse(in)
		if err != nil || got != want || got.String() != in {
			t.Errorf("Parse(%q) = %v %v, printed %q", in, got, err, got.String())
		}
	}
	for _, in := range []string{"", "20", "2020-13", "2020-3", "2020-Q5", "2020-Q", "2020-02-30..2020-03-01", "2020-03-01..2020-03-01", "2020-0x"} {
		if p, err := Parse(in); err == nil {
			t.Errorf("Parse(%q) = %v, want an error", in, p)
		}
	}
}

func TestMidnightInShanghaiBeginsTheDay(t *testing.T) {
	at := time.Date(2020, 12, 31, 16, 0, 0, 0, time.UTC)
	if d := Of(at); d != Date(2021, 1, 1) {
		t.Errorf("16:00 UTC is day %s", d)
	}
	if d := Of(at.Add(-time.Millisecond)); d != Date(2020, 12, 31) {
		t.Errorf("just before 16:00 UTC is day %s", d)
	}
	if !Date(2021, 1, 1).Start().Equal(at) {
		t.Errorf("start of the day is %s", Date(2021, 1, 1).Start())
	}
}

func TestYearBeforeALeapDay(t *testing.T) {
	p := Period{Date(2020, 2, 29), Date(2020, 3, 1)}
	if got := p.YearBefore(); got.From != Date(2019, 2, 28) {
		t.Errorf("a year before 29 February is %s", got.From)
	}
}

func TestWorkingDay(t *testing.T) {
	// 2020-08-01 is a Saturday.
	if d := WorkingDay(Date(2020, 8, 1), 3); d != Date(2020, 8, 5) {
		t.Errorf("third working day of August 2020 is %s", d)
	}
}

func TestMonthsPartitionThePeriod(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := Day(rapid.Int64Range(0, 30000).Draw(t, "from"))
		p := Period{from, from + Day(rapid.Int64Range(1, 1500).Draw(t, "len"))}
		at := p.From
		for _, m := range p.Months() {
			if m.From != at || m.From >= m.Until {
				t.Fatalf("gap at %s: %v", at, m)
			}
			at = m.Until
		}
		if at != p.Until {
			t.Fatalf("months end at %s, not %s", at, p.Until)
		}
		back, err := Parse(p.String())
		if err != nil || back != p {
			t.Fatalf("%v printed %q reads back %v %v", p, p.String(), back, err)
		}
	})
}
