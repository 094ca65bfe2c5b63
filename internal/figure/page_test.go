package figure_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"sifen/internal/apptest"
	"sifen/internal/sheet"
)

func TestFigurePage(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		w.FigureYear()
		page := func(key string, more string) map[string]any {
			t.Helper()
			return w.Get("office", "/figures/"+key+"/page?period=2020"+more).OK()
		}
		p := page("publicity.sessions", "")
		if apptest.Num(p, "value") != 6 || apptest.Num(p, "before.value") != 1 || apptest.Num(p, "before.change") != 5 ||
			apptest.Text(p, "before.since") != "2019-05" || apptest.At(p, "before.change_pct") != nil || len(apptest.List(p, "trend")) != 12 ||
			apptest.Num(p, "trend.4.value") != 2 || apptest.Num(p, "trend.4.year_before") != 1 {
			t.Errorf("the page of the district: %v", p)
		}
		if apptest.Text(p, "units.0.unit.name") != "东街" || apptest.Num(p, "units.0.value") != 5 || apptest.Text(p, "units.0.columns.1") != "4" ||
			apptest.Num(p, "records_total") != 6 || apptest.Num(p, "uncounted.0.n") != 1 || apptest.Text(p, "uncounted.0.why") != "submitted" {
			t.Errorf("units and records: %v", p["units"])
		}
		sum := int64(0)
		for _, u := range apptest.List(p, "units") {
			sum += apptest.Num(u, "value")
		}
		if sum += apptest.Num(p, "own.value"); sum != 6 {
			t.Errorf("the units and the unit itself add up to %d", sum)
		}
		// a street's second quarter: its figure, its records
		q := w.Get("office", fmt.Sprintf("/figures/publicity.sessions/page?period=2020-Q2&unit=%d", w.Units["东街"])).OK()
		if apptest.Num(q, "value") != 4 || len(apptest.List(q, "records")) != 4 || apptest.Num(q, "own.value") != 1 {
			t.Errorf("second quarter of the street: %v records, value %v", len(apptest.List(q, "records")), q["value"])
		}
		if years := page("publicity.sessions", "&by=year"); len(apptest.List(years, "trend")) != 2 || apptest.Num(years, "trend.0.value") != 1 ||
			apptest.Num(years, "trend.1.value") != 6 {
			t.Errorf("by year: %v", years["trend"])
		}
		mean := page("publicity.audience_mean", "")
		if apptest.Num(mean, "part") != 250 || apptest.Num(mean, "of") != 6 || apptest.Num(mean, "terms.0.value") != 250 ||
			apptest.Num(mean, "terms.1.value") != 6 || apptest.Num(mean, "before.value") != 5 {
			t.Errorf("a mean keeps both terms: %v", mean)
		}
		if used := apptest.List(p, "used_by"); len(used) != 1 || apptest.Text(p, "used_by.0.key") != "publicity.audience_mean" {
			t.Errorf("used by %v", used)
		}
		b := w.Get("office", "/figures/publicity.audience/breakdown?period=2020&field=form").OK()
		if apptest.Num(b, "total") != 250 || apptest.Num(b, "items.0.value")+apptest.Num(b, "items.1.value") != 250 || apptest.Text(b, "items.0.share") == "" {
			t.Errorf("composition: %v", b)
		}
		w.Bad(apptest.Ask{As: "office", Path: "/figures/publicity.audience/breakdown?period=2020&field=topic"}, 422, "http.input", "/field", "value.choice")
		c := w.Get("office", fmt.Sprintf("/figures/publicity.sessions/compare?period=2020-Q2&with=2019-Q2&units=%d,%d", w.Units["东街"], w.Units["西镇"])).OK()
		if apptest.Num(c, "lines.0.value") != 4 || apptest.Num(c, "lines.1.value") != 4 || apptest.Num(c, "lines.2.value") != 0 ||
			apptest.Num(c, "lines.1.before.value") != 1 || apptest.Num(c, "lines.2.before.change") != 0 {
			t.Errorf("comparison: %v", c)
		}
		w.Get("street.office", fmt.Sprintf("/figures/publicity.sessions/compare?unit=%d&period=2020&with=2019&units=%d", w.Units["东街"],
			w.Units["西镇"])).Refused(404, "org.no-unit")
	})
}

func TestCoveragePage(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		w.Counted("clerk1", "manager1", "estate-sorting", "桂园", apptest.Vals{"since": "2020-06-01", "manager": "物业"})
		p := w.Get("office", "/figures/coverage.estates/page?period=2020").OK()
		if apptest.Num(p, "part") != 1 || apptest.Num(p, "of") != 4 || apptest.Num(p, "not_done.total") != 3 ||
			len(apptest.List(p, "not_done.units")) != 3 || apptest.Num(p, "trend.4.part") != 0 || apptest.Num(p, "trend.5.value") != 250 {
			t.Errorf("the page of a coverage: %v", p)
		}
		for _, u := range apptest.List(p, "units") {
			if apptest.Num(u, "of") == 0 {
				t.Errorf("%s has nothing to do and is listed", apptest.Text(u, "unit.name"))
			}
		}
		// a village without estates has no base: undefined, not zero
		none := w.Get("office", fmt.Sprintf("/figures/coverage.estates/page?period=2020&unit=%d", w.Units["柳村"])).OK()
		if none["undefined"] != true || none["value"] != nil || apptest.Text(none, "display") != "—" || apptest.At(none, "trend.0.value") != nil {
			t.Errorf("no base: %v", none)
		}
	})
}

// The Excel of a page is the page: its last line is the figure, and the lines above add up to it.
func TestFigureFile(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		w.FigureYear()
		r := w.Get("office", "/figures/publicity.sessions/export?period=2020")
		if r.Status != 200 || !strings.Contains(r.Header.Get("Content-Type"), "spreadsheetml") {
			t.Fatalf("%d %s", r.Status, r.Body)
		}
		tab, err := sheet.Read(r.Body, sheet.ReadOptions{})
		apptest.Must(t, err)
		defer tab.Close()
		sum, last := int64(0), int64(0)
		for row, err := range tab.Rows(context.Background()) {
			apptest.Must(t, err)
			sum += last
			n, err := sheet.Number(row.Cells[2].Text, 0)
			apptest.Must(t, err)
			last = n
		}
		if last != 6 || sum != 6 {
			t.Errorf("the last line says %d, the lines above add up to %d", last, sum)
		}
		for table, want := range map[string]string{"trend": "2020-05,2,1", "units": "合计,四方区,6,1,5", "breakdown&field=form": "合计,6,6",
			"compare&with=2019": "四方区,四方区,6,1,5"} {
			lines := w.Get("office", "/figures/publicity.sessions/export?period=2020&format=csv&table="+table).Lines()
			if !slices.Contains(lines, want) {
				t.Errorf("%s: no line %q in %v", table, want, lines)
			}
		}
		r = w.Get("office", "/figures/coverage.estates/export?period=2020&format=csv&table=not-done")
		if !strings.Contains(string(r.Body), "桂园") {
			t.Errorf("not done: %s", r.Body)
		}
	})
}
