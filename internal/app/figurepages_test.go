package app_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	"sifen/internal/sheet"
)

// figureYear makes a small year: sessions in two streets, two years, some not verified.
func (w *world) figureYear() {
	for i, s := range []struct {
		as, by, unit, day string
		audience          int
	}{
		{"clerk1", "manager1", "桂花社区", "2020-02-05", 30}, {"clerk1", "manager1", "桂花社区", "2020-05-05", 40}, {"clerk1", "manager1", "桂花社区", "2020-05-06", 50},
		{"clerk2", "manager1", "兰花社区", "2020-06-30", 20}, {"clerk3", "manager2", "荷花社区", "2020-11-01", 10}, {"clerk1", "manager1", "桂花社区", "2019-05-05", 5},
		{"manager1", "office", "东街", "2020-04-01", 100},
	} {
		v := session(s.day, s.audience)
		v["form"] = []string{"lecture", "training"}[i%2]
		w.counted(s.as, s.by, "publicity-session", s.unit, v)
	}
	w.enter("clerk1", "publicity-session", "桂花社区", session("2020-05-07", 999))
}

func TestFigurePage(t *testing.T) {
	each(t, func(w *world) {
		t := w.t
		w.figureYear()
		page := func(key string, more string) map[string]any {
			t.Helper()
			return w.get("office", "/figures/"+key+"/page?period=2020"+more).ok()
		}
		p := page("publicity.sessions", "")
		if num(p, "value") != 6 || num(p, "before.value") != 1 || num(p, "before.change") != 5 || text(p, "before.since") != "2019-05" || at(p, "before.change_pct") != nil || len(list(p, "trend")) != 12 || num(p, "trend.4.value") != 2 || num(p, "trend.4.year_before") != 1 {
			t.Errorf("the page of the district: %v", p)
		}
		if text(p, "units.0.unit.name") != "东街" || num(p, "units.0.value") != 5 || text(p, "units.0.columns.1") != "4" || num(p, "records_total") != 6 || num(p, "uncounted.0.n") != 1 || text(p, "uncounted.0.why") != "submitted" {
			t.Errorf("units and records: %v", p["units"])
		}
		sum := int64(0)
		for _, u := range list(p, "units") {
			sum += num(u, "value")
		}
		if sum += num(p, "own.value"); sum != 6 {
			t.Errorf("the units and the unit itself add up to %d", sum)
		}
		// a street's second quarter: its figure, its records
		q := w.get("office", fmt.Sprintf("/figures/publicity.sessions/page?period=2020-Q2&unit=%d", w.units["东街"])).ok()
		if num(q, "value") != 4 || len(list(q, "records")) != 4 || num(q, "own.value") != 1 {
			t.Errorf("second quarter of the street: %v records, value %v", len(list(q, "records")), q["value"])
		}
		if years := page("publicity.sessions", "&by=year"); len(list(years, "trend")) != 2 || num(years, "trend.0.value") != 1 || num(years, "trend.1.value") != 6 {
			t.Errorf("by year: %v", years["trend"])
		}
		mean := page("publicity.audience_mean", "")
		if num(mean, "part") != 250 || num(mean, "of") != 6 || num(mean, "terms.0.value") != 250 || num(mean, "terms.1.value") != 6 || num(mean, "before.value") != 5 {
			t.Errorf("a mean keeps both terms: %v", mean)
		}
		if used := list(p, "used_by"); len(used) != 1 || text(p, "used_by.0.key") != "publicity.audience_mean" {
			t.Errorf("used by %v", used)
		}
		b := w.get("office", "/figures/publicity.audience/breakdown?period=2020&field=form").ok()
		if num(b, "total") != 250 || num(b, "items.0.value")+num(b, "items.1.value") != 250 || text(b, "items.0.share") == "" {
			t.Errorf("composition: %v", b)
		}
		w.bad(ask{as: "office", path: "/figures/publicity.audience/breakdown?period=2020&field=topic"}, 422, "http.input", "/field", "value.choice")
		c := w.get("office", fmt.Sprintf("/figures/publicity.sessions/compare?period=2020-Q2&with=2019-Q2&units=%d,%d", w.units["东街"], w.units["西镇"])).ok()
		if num(c, "lines.0.value") != 4 || num(c, "lines.1.value") != 4 || num(c, "lines.2.value") != 0 || num(c, "lines.1.before.value") != 1 || num(c, "lines.2.before.change") != 0 {
			t.Errorf("comparison: %v", c)
		}
		w.get("street.office", fmt.Sprintf("/figures/publicity.sessions/compare?unit=%d&period=2020&with=2019&units=%d", w.units["东街"], w.units["西镇"])).refused(404, "org.no-unit")
	})
}

func TestCoveragePage(t *testing.T) {
	each(t, func(w *world) {
		t := w.t
		w.counted("clerk1", "manager1", "estate-sorting", "桂园", vals{"since": "2020-06-01", "manager": "物业"})
		p := w.get("office", "/figures/coverage.estates/page?period=2020").ok()
		if num(p, "part") != 1 || num(p, "of") != 4 || num(p, "not_done.total") != 3 || len(list(p, "not_done.units")) != 3 || num(p, "trend.4.part") != 0 || num(p, "trend.5.value") != 250 {
			t.Errorf("the page of a coverage: %v", p)
		}
		for _, u := range list(p, "units") {
			if num(u, "of") == 0 {
				t.Errorf("%s has nothing to do and is listed", text(u, "unit.name"))
			}
		}
		// a village without estates has no base: undefined, not zero
		none := w.get("office", fmt.Sprintf("/figures/coverage.estates/page?period=2020&unit=%d", w.units["柳村"])).ok()
		if none["undefined"] != true || none["value"] != nil || text(none, "display") != "—" || at(none, "trend.0.value") != nil {
			t.Errorf("no base: %v", none)
		}
	})
}

// The Excel of a page is the page: its last line is the figure, and the lines above add up to it.
func TestFigureFile(t *testing.T) {
	each(t, func(w *world) {
		t := w.t
		w.figureYear()
		r := w.get("office", "/figures/publicity.sessions/export?period=2020")
		if r.status != 200 || !strings.Contains(r.header.Get("Content-Type"), "spreadsheetml") {
			t.Fatalf("%d %s", r.status, r.body)
		}
		tab, err := sheet.Read(r.body, sheet.ReadOptions{})
		must(t, err)
		defer tab.Close()
		sum, last := int64(0), int64(0)
		for row, err := range tab.Rows(context.Background()) {
			must(t, err)
			sum += last
			n, err := sheet.Number(row.Cells[2].Text, 0)
			must(t, err)
			last = n
		}
		if last != 6 || sum != 6 {
			t.Errorf("the last line says %d, the lines above add up to %d", last, sum)
		}
		for table, want := range map[string]string{"trend": "2020-05,2,1", "units": "合计,四方区,6,1,5", "breakdown&field=form": "合计,6,6", "compare&with=2019": "四方区,四方区,6,1,5"} {
			r := w.get("office", "/figures/publicity.sessions/export?period=2020&format=csv&table="+table)
			rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(r.body, []byte("\ufeff")))).ReadAll()
			must(t, err)
			found := false
			for _, row := range rows {
				found = found || strings.Join(row, ",") == want
			}
			if !found {
				t.Errorf("%s: no line %q in %v", table, want, rows)
			}
		}
		r = w.get("office", "/figures/coverage.estates/export?period=2020&format=csv&table=not-done")
		if !strings.Contains(string(r.body), "桂园") {
			t.Errorf("not done: %s", r.body)
		}
	})
}
