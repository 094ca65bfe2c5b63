package calendar_test

import (
	"encoding/csv"
	"errors"
	"os"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"sifen/internal/calendar"
	"sifen/internal/pack"
	"sifen/internal/period"
)

func load(t *testing.T, file string) *calendar.Calendar {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	c, faults := read(string(text))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return c
}

func read(text string) (*calendar.Calendar, []pack.Fault) {
	r := pack.NewRegistry(calendar.Type())
	p, faults := r.Load(fstest.MapFS{
		"pack.yaml":         {Data: []byte("key: t\ntitle: {zh: 试, en: Try}\nversion: 1.0.0\n")},
		"calendars/cn.yaml": {Data: []byte(text)},
	})
	if len(faults) > 0 {
		return nil, faults
	}
	set, faults := r.Build(p)
	return calendar.Of(set), faults
}

func day(t *testing.T, s string) period.Day {
	t.Helper()
	d, err := period.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDeadlinesOfPublishedYears(t *testing.T) {
	c := load(t, "../../packs/base/calendars/cn.yaml")
	f, err := os.Open("testdata/deadlines.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows[1:] {
		n, err := strconv.Atoi(r[1])
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.After(day(t, r[0]), n)
		if r[2] == "not published" {
			if !errors.Is(err, calendar.ErrYear) {
				t.Errorf("%d working days after %s: %v, %v", n, r[0], got, err)
			}
			continue
		}
		if err != nil || got != day(t, r[2]) {
			t.Errorf("%d working days after %s: %v, %v; want %s", n, r[0], got, err, r[2])
		}
	}
	if len(rows) < 100 {
		t.Fatalf("only %d deadlines", len(rows))
	}
}

// Statutory days off of a year are the weekdays off less the weekends worked.
func TestDaysOffOfAYear(t *testing.T) {
	c := load(t, "../../packs/base/calendars/cn.yaml")
	for number, want := range map[int]int{2019: 11, 2020: 13, 2021: 11, 2022: 11, 2023: 11, 2024: 11, 2025: 13, 2026: 13} {
		n := 0
		for d := period.Date(number, 1, 1); d < period.Date(number+1, 1, 1); d++ {
			works, known := c.Works(d)
			if !known {
				t.Fatal(d)
			}
			weekday := d.Weekday() != 0 && d.Weekday() != 6
			if weekday && !works {
				n++
			} else if !weekday && works {
				n--
			}
		}
		if n != want {
			t.Errorf("%d: %d days, want %d", number, n, want)
		}
	}
}

func TestCalendarChangedLater(t *testing.T) {
	now, before := load(t, "../../packs/base/calendars/cn.yaml"), load(t, "testdata/cn-2020-as-first-published.yaml")
	from := day(t, "2020-01-22")
	a, _ := before.After(from, 3)
	b, _ := now.After(from, 3)
	if a.String() != "2020-02-01" || b.String() != "2020-02-04" {
		t.Fatal(a, b)
	}
}

func TestYearNotPublished(t *testing.T) {
	c := load(t, "../../packs/base/calendars/cn.yaml")
	_, err := c.After(day(t, "2027-12-30"), 3)
	if !errors.Is(err, calendar.ErrYear) || !strings.Contains(err.Error(), "2028") {
		t.Fatal(err)
	}
	if _, err := (&calendar.Calendar{}).After(day(t, "2020-01-02"), 0); !errors.Is(err, calendar.ErrYear) {
		t.Fatal(err)
	}
}

func TestWorkingDaysBetween(t *testing.T) {
	c := load(t, "../../packs/base/calendars/cn.yaml")
	for _, x := range []struct {
		a, b string
		n    int
	}{{"2020-12-31", "2020-12-31", 0}, {"2020-12-31", "2021-01-04", 1}, {"2021-01-04", "2020-12-31", -1}, {"2020-09-25", "2020-09-27", 1}} {
		if n := c.Between(day(t, x.a), day(t, x.b)); n != x.n {
			t.Errorf("%s to %s: %d, want %d", x.a, x.b, n, x.n)
		}
	}
}

func TestWhatIsNoCalendar(t *testing.T) {
	head := "- key: cn\n  title: {zh: 历, en: Days}\n  years:\n    2020:\n"
	for name, x := range map[string]struct{ text, say string }{
		"last before first": {"      off:\n        - " +
			"{title: {zh: 节, en: Day}, first: 2020-01-03, last: 2020-01-01}\n", "早于第一天"},
		"another year":     {"      off:\n        - {title: {zh: 节, en: Day}, first: 2021-01-01, last: 2021-01-01}\n", "不在这一年里"},
		"a weekday worked": {"      off: []\n      work: [2020-01-02]\n", "本来就上班"},
		"off and worked at once": {"      off:\n        - " +
			"{title: {zh: 节, en: Day}, first: 2020-01-03, last: 2020-01-05}\n      work: [2020-01-04]\n", "又放假又上班"},
		"no date": {"      off: []\n      work: [2020-02-30]\n", ""},
	} {
		if _, faults := read(head + x.text); len(faults) == 0 || !strings.Contains(faults[0].String(), x.say) {
			t.Errorf("%s: %v", name, faults)
		}
	}
}
