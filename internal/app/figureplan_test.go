package app_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
)

var monthly = []int64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12}

// TestFigureAgainstPlan follows a target with monthly steps onto the figure's page and the bench: the progress shown is
// the figure itself.
func TestFigureAgainstPlan(t *testing.T) {
	each(t, func(w *world) {
		t := w.t
		w.figureYear()
		p := w.plan("", 2020)
		target := func(unit, figure string, value int64, most bool, months any) {
			t.Helper()
			w.post("office", "/plans/"+p+"/targets", vals{"unit": w.units[unit], "figure": figure, "value": value, "at_most": most, "months": months}, 0).ok()
		}
		page := func(as, key, unit, per string) map[string]any {
			t.Helper()
			return w.get(as, fmt.Sprintf("/figures/%s/page?unit=%d&period=%s", key, w.units[unit], per)).ok()
		}
		if x := page("office", "publicity.sessions", "", "2020"); len(list(x, "plan.targets")) != 0 || at(x, "plan.may_edit") != true || num(x, "plan.year") != 2020 || at(x, "plan.usable") != true {
			t.Errorf("without a target: %v", x["plan"])
		}
		target("", "publicity.sessions", 12, false, monthly)
		target("东街", "publicity.sessions", 10, false, []int64{})
		target("", "coverage.estates", 2, false, []int64{0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2})
		// the year: today is its last day
		x := page("office", "publicity.sessions", "", "2020")
		if num(x, "plan.targets.0.now") != num(x, "value") || num(x, "plan.targets.0.value") != 12 || num(x, "plan.targets.0.permille") != 500 || num(x, "plan.targets.0.left") != 6 || text(x, "plan.targets.0.state") != "missed" || at(x, "plan.targets.0.part") != nil {
			t.Errorf("the year: %v", x["plan"])
		}
		if num(x, "trend.0.plan") != 0 || num(x, "trend.4.plan") != 1 || num(x, "trend.11.plan") != 2 {
			t.Errorf("steps in the trend: %v", x["trend"])
		}
		for _, u := range list(x, "units") {
			switch text(u, "unit.name") {
			case "东街":
				if num(u, "target.value") != 10 || num(u, "target.now") != 5 || num(u, "target.permille") != 500 || num(u, "target.now") != num(u, "value") {
					t.Errorf("东街: %v", at(u, "target"))
				}
			default:
				if at(u, "target") != nil {
					t.Errorf("%s has a target: %v", text(u, "unit.name"), u)
				}
			}
		}
		// until the end of May: the step of May; the quarter's own months beside it
		x = page("office", "publicity.sessions", "", "2020-01-01..2020-06-01")
		if num(x, "plan.targets.0.expected") != 4 || num(x, "plan.targets.0.now") != 4 || at(x, "plan.targets.0.stepped") != true || text(x, "plan.targets.0.day") != "2020-05-31" || text(x, "plan.targets.0.state") != "ahead" {
			t.Errorf("until May: %v", x["plan"])
		}
		x = page("office", "publicity.sessions", "", "2020-Q2")
		if num(x, "plan.targets.0.now") != 5 || num(x, "plan.targets.0.expected") != 5 || num(x, "plan.targets.0.part.want") != 3 || num(x, "plan.targets.0.part.got") != 4 || num(x, "value") != 4 {
			t.Errorf("the second quarter: %v", x["plan"])
		}
		// no steps: a share of the year by days, and no line
		x = page("office", "publicity.sessions", "东街", "2020-06")
		if at(x, "plan.targets.0.stepped") != false || num(x, "plan.targets.0.expected") != 10*182/366 || at(x, "plan.targets.0.part") != nil || at(x, "trend.0.plan") != nil {
			t.Errorf("without steps: %v", x["plan"])
		}
		// a period over two years has none; a mean cannot have one
		if x = page("office", "publicity.sessions", "", "2019-07-01..2020-07-01"); num(x, "plan.year") != 0 || len(list(x, "plan.targets")) != 0 {
			t.Errorf("over two years: %v", x["plan"])
		}
		if x = page("office", "publicity.audience_mean", "", "2020"); at(x, "plan.usable") != false {
			t.Errorf("a mean: %v", x["plan"])
		}
		// a coverage is a number of units, its line a share
		x = page("office", "coverage.estates", "", "2020")
		if num(x, "plan.targets.0.now") != 0 || num(x, "plan.targets.0.value") != 2 || num(x, "trend.11.plan") != 500 || text(x, "trend.11.plan_display") != "2" {
			t.Errorf("a coverage: %v, %v", x["plan"], at(x, "trend.11"))
		}
		// by year: the target of each
		years := w.get("office", "/figures/publicity.sessions/page?period=2020&by=year").ok()
		if num(years, "trend.1.plan") != 12 || at(years, "trend.0.plan") != nil {
			t.Errorf("by year: %v", years["trend"])
		}
		// a street sees its own target, not that of its neighbour
		if x = page("manager1", "publicity.sessions", "东街", "2020"); len(list(x, "plan.targets")) != 1 || at(x, "plan.may_edit") != false {
			t.Errorf("东街's own page: %v", x["plan"])
		}
		w.get("manager1", fmt.Sprintf("/figures/publicity.sessions/page?unit=%d&period=2020", w.units["西镇"])).refused(404, "org.no-unit")
		// the files say the same
		for table, want := range map[string]string{"units": "东街,东街,5,1,4,10,50.0,未完成", "trend": "2020-05,2,1,1"} {
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
		// the bench: the same numbers, what lags first, the year before on the same date
		b := w.get("office", fmt.Sprintf("/bench?unit=%d&period=2020", w.units[""])).ok()
		seen := map[string]any{}
		for _, f := range list(b, "figures") {
			seen[text(f, "key")] = f
		}
		if f := seen["publicity.sessions"]; num(f, "target.now") != num(f, "value") || num(f, "target.value") != 12 || num(f, "before.value") != 1 || text(b, "figures.0.target.state") != "missed" || at(b, "may_plan") != true {
			t.Errorf("the bench: %v", b["figures"])
		}
		if f := seen["coverage.estates"]; at(f, "target") == nil {
			t.Error("a figure with a target and no record is missing on the bench")
		}
		if f := seen["publicity.audience"]; f == nil || at(f, "target") != nil {
			t.Errorf("a figure without a target: %v", f)
		}
		if b = w.get("manager1", fmt.Sprintf("/bench?unit=%d&period=2020", w.units["东街"])).ok(); at(b, "may_plan") != false {
			t.Error("a street may make no plan")
		}
		w.settled()
	})
}

// TestStepsAndPersons covers what is refused of monthly steps, and a task given to a person.
func TestStepsAndPersons(t *testing.T) {
	each(t, func(w *world) {
		t := w.t
		p := w.plan("", 2020)
		add := func(value int64, months []int64) ask {
			return ask{as: "office", method: "POST", path: "/plans/" + p + "/targets", body: vals{"unit": w.units[""], "figure": "publicity.sessions", "value": value, "months": months}}
		}
		with := func(month int, n int64) []int64 {
			out := append([]int64(nil), monthly...)
			out[month-1] = n
			return out
		}
		w.bad(add(12, monthly[:7]), 422, "plan.months", "", "")
		w.bad(add(12, with(3, -1)), 422, "plan.month-negative", "/months/2", "plan.month-negative")
		if r := w.bad(add(12, with(7, 2)), 422, "plan.month-falls", "/months/6", "plan.month-falls"); !strings.Contains(fmt.Sprint(r), "month 7") {
			t.Errorf("the month is not named: %v", r)
		}
		w.bad(add(13, monthly), 422, "plan.month-end", "/months/11", "plan.month-end")
		w.do(add(12, monthly)).ok()
		// persons of a unit, by name
		people := list(w.get("office", fmt.Sprintf("/plan/people?unit=%d", w.units["东街"])).ok(), "items")
		id, name := "", ""
		for _, x := range people {
			if text(x, "id") == text(w.get("manager1", "/me").ok(), "person") {
				id, name = text(x, "id"), text(x, "name")
			}
		}
		if id == "" || name == "" {
			t.Fatalf("the manager is not among the people of 东街: %v", people)
		}
		w.get("manager1", fmt.Sprintf("/plan/people?unit=%d", w.units["东街"])).refused(403, "http.forbidden")
		task := func(unit, person string) ask {
			return ask{as: "office", method: "POST", path: "/plans/" + p + "/tasks", body: vals{"unit": w.units[unit], "title": "补设误时投放点", "deadline": "2020-11-30", "person": person}}
		}
		w.bad(task("西镇", id), 422, "plan.no-person", "", "")
		w.bad(task("东街", "nobody"), 422, "plan.no-person", "", "")
		made := w.do(task("东街", id)).ok()
		mine := func(as string) []any { return list(w.get(as, "/bench").ok(), "tasks") }
		if l := mine("manager1"); len(l) != 1 || text(l[0], "id") != text(made, "id") || num(l[0], "late") != 31 || text(l[0], "unit.name") != "东街" {
			t.Errorf("the bench of the one who has to do it: %v", l)
		}
		if l := mine("clerk1"); len(l) != 0 {
			t.Errorf("somebody else's bench: %v", l)
		}
		news := list(w.get("manager1", "/bench").ok(), "notices")
		if !strings.Contains(fmt.Sprint(news), "补设误时投放点") {
			t.Errorf("no news: %v", news)
		}
		v := w.get("office", fmt.Sprintf("/plan?unit=%d&year=2020", w.units["东街"])).ok()
		if text(v, "tasks.0.person") != name {
			t.Errorf("the plan names %v", at(v, "tasks.0.person"))
		}
		// given to nobody again, it leaves the bench
		edit := ask{as: "office", method: "PUT", path: "/tasks/" + text(made, "id"), match: num(made, "rev"), body: vals{"unit": w.units["东街"], "title": "补设误时投放点", "deadline": "2020-11-30"}}
		w.do(edit).ok()
		if l := mine("manager1"); len(l) != 0 {
			t.Errorf("taken away and still there: %v", l)
		}
		w.settled()
	})
}
