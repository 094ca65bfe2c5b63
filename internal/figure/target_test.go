package figure_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sifen/internal/apptest"
)

var monthly = []int64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12}

// TestFigureAgainstPlan follows a target with monthly steps onto the figure's page and the bench: the progress shown is
// the figure itself.
func TestFigureAgainstPlan(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		w.FigureYear()
		p := w.Plan("", 2020)
		target := func(unit, figure string, value int64, most bool, months any) {
			t.Helper()
			w.Post("office", "/plans/"+p+"/targets", apptest.Vals{"unit": w.Units[unit], "figure": figure, "value": value, "at_most": most,
				"months": months}, 0).OK()
		}
		page := func(as, key, unit, per string) map[string]any {
			t.Helper()
			return w.Get(as, fmt.Sprintf("/figures/%s/page?unit=%d&period=%s", key, w.Units[unit], per)).OK()
		}
		if x := page("office", "publicity.sessions", "", "2020"); len(apptest.List(x, "plan.targets")) != 0 || apptest.At(x, "plan.may_edit") != true ||
			apptest.Num(x, "plan.year") != 2020 || apptest.At(x, "plan.usable") != true {
			t.Errorf("without a target: %v", x["plan"])
		}
		target("", "publicity.sessions", 12, false, monthly)
		target("东街", "publicity.sessions", 10, false, []int64{})
		target("", "coverage.estates", 2, false, []int64{0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2})
		// the year: today is its last day
		x := page("office", "publicity.sessions", "", "2020")
		if apptest.Num(x, "plan.targets.0.now") != apptest.Num(x, "value") || apptest.Num(x, "plan.targets.0.value") != 12 ||
			apptest.Num(x, "plan.targets.0.permille") != 500 || apptest.Num(x, "plan.targets.0.left") != 6 ||
			apptest.Text(x, "plan.targets.0.state") != "missed" || apptest.At(x, "plan.targets.0.part") != nil {
			t.Errorf("the year: %v", x["plan"])
		}
		if apptest.Num(x, "trend.0.plan") != 0 || apptest.Num(x, "trend.4.plan") != 1 || apptest.Num(x, "trend.11.plan") != 2 {
			t.Errorf("steps in the trend: %v", x["trend"])
		}
		quarters := w.Get("office", fmt.Sprintf("/figures/publicity.sessions/page?unit=%d&period=2020&by=quarter", w.Units[""])).OK()
		sum := int64(0)
		for i, plan := range []int64{2, 3, 3, 4} {
			if at := fmt.Sprintf("trend.%d.", i); apptest.Text(quarters, at+"period") != fmt.Sprintf("2020-Q%d", i+1) ||
				apptest.Num(quarters, at+"plan") != plan {
				t.Errorf("quarter %d: %v", i+1, quarters["trend"])
			}
			sum += apptest.Num(quarters, fmt.Sprintf("trend.%d.value", i))
		}
		if len(apptest.List(quarters, "trend")) != 4 || sum != apptest.Num(x, "value") {
			t.Errorf("the quarters make %d of %d: %v", sum, apptest.Num(x, "value"), quarters["trend"])
		}
		for _, u := range apptest.List(x, "units") {
			switch apptest.Text(u, "unit.name") {
			case "东街":
				if apptest.Num(u, "target.value") != 10 || apptest.Num(u, "target.now") != 5 || apptest.Num(u, "target.permille") != 500 ||
					apptest.Num(u, "target.now") != apptest.Num(u, "value") {
					t.Errorf("东街: %v", apptest.At(u, "target"))
				}
			default:
				if apptest.At(u, "target") != nil {
					t.Errorf("%s has a target: %v", apptest.Text(u, "unit.name"), u)
				}
			}
		}
		// until the end of May: the step of May; the quarter's own months beside it
		x = page("office", "publicity.sessions", "", "2020-01-01..2020-06-01")
		if apptest.Num(x, "plan.targets.0.expected") != 4 || apptest.Num(x, "plan.targets.0.now") != 4 || apptest.At(x, "plan.targets.0.stepped") != true ||
			apptest.Text(x, "plan.targets.0.day") != "2020-05-31" || apptest.Text(x, "plan.targets.0.state") != "ahead" {
			t.Errorf("until May: %v", x["plan"])
		}
		x = page("office", "publicity.sessions", "", "2020-Q2")
		if apptest.Num(x, "plan.targets.0.now") != 5 || apptest.Num(x, "plan.targets.0.expected") != 5 || apptest.Num(x, "plan.targets.0.part.want") != 3 ||
			apptest.Num(x, "plan.targets.0.part.got") != 4 || apptest.Num(x, "value") != 4 {
			t.Errorf("the second quarter: %v", x["plan"])
		}
		// no steps: a share of the year by days, and no line
		x = page("office", "publicity.sessions", "东街", "2020-06")
		if apptest.At(x, "plan.targets.0.stepped") != false || apptest.Num(x, "plan.targets.0.expected") != 10*182/366 ||
			apptest.At(x, "plan.targets.0.part") != nil || apptest.At(x, "trend.0.plan") != nil {
			t.Errorf("without steps: %v", x["plan"])
		}
		// a period over two years has none; a mean cannot have one
		if x = page("office", "publicity.sessions", "", "2019-07-01..2020-07-01"); apptest.Num(x, "plan.year") != 0 ||
			len(apptest.List(x, "plan.targets")) != 0 {
			t.Errorf("over two years: %v", x["plan"])
		}
		if x = page("office", "publicity.audience_mean", "", "2020"); apptest.At(x, "plan.usable") != false {
			t.Errorf("a mean: %v", x["plan"])
		}
		// a coverage is a number of units, its line a share
		x = page("office", "coverage.estates", "", "2020")
		if apptest.Num(x, "plan.targets.0.now") != 0 || apptest.Num(x, "plan.targets.0.value") != 2 || apptest.Num(x, "trend.11.plan") != 500 ||
			apptest.Text(x, "trend.11.plan_display") != "2" {
			t.Errorf("a coverage: %v, %v", x["plan"], apptest.At(x, "trend.11"))
		}
		// by year: the target of each
		years := w.Get("office", "/figures/publicity.sessions/page?period=2020&by=year").OK()
		if apptest.Num(years, "trend.1.plan") != 12 || apptest.At(years, "trend.0.plan") != nil {
			t.Errorf("by year: %v", years["trend"])
		}
		// a street sees its own target, not that of its neighbour
		if x = page("manager1", "publicity.sessions", "东街", "2020"); len(apptest.List(x, "plan.targets")) != 1 || apptest.At(x, "plan.may_edit") != false {
			t.Errorf("东街's own page: %v", x["plan"])
		}
		w.Get("manager1", fmt.Sprintf("/figures/publicity.sessions/page?unit=%d&period=2020", w.Units["西镇"])).Refused(404, "org.no-unit")
		// the files say the same
		for table, want := range map[string]string{"units": "东街,东街,5,1,4,10,50.0,未完成", "trend": "2020-05,2,1,1"} {
			lines := w.Get("office", "/figures/publicity.sessions/export?period=2020&format=csv&table="+table).Lines()
			if !slices.Contains(lines, want) {
				t.Errorf("%s: no line %q in %v", table, want, lines)
			}
		}
		// the bench: the same numbers, what lags first, the year before on the same date
		b := w.Get("office", fmt.Sprintf("/bench?unit=%d&period=2020", w.Units[""])).OK()
		seen := map[string]any{}
		for _, f := range apptest.List(b, "figures") {
			seen[apptest.Text(f, "key")] = f
		}
		if f := seen["publicity.sessions"]; apptest.Num(f, "target.now") != apptest.Num(f, "value") || apptest.Num(f, "target.value") != 12 ||
			apptest.Num(f, "before.value") != 1 || apptest.Text(b, "figures.0.target.state") != "missed" || apptest.At(b, "may_plan") != true {
			t.Errorf("the bench: %v", b["figures"])
		}
		if f := seen["coverage.estates"]; apptest.At(f, "target") == nil {
			t.Error("a figure with a target and no record is missing on the bench")
		}
		if f := seen["publicity.audience"]; f == nil || apptest.At(f, "target") != nil {
			t.Errorf("a figure without a target: %v", f)
		}
		if b = w.Get("manager1", fmt.Sprintf("/bench?unit=%d&period=2020", w.Units["东街"])).OK(); apptest.At(b, "may_plan") != false {
			t.Error("a street may make no plan")
		}
		w.Settled()
	})
}

// TestStepsAndPersons covers what is refused of monthly steps, and a task given to a person.
func TestStepsAndPersons(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		p := w.Plan("", 2020)
		add := func(value int64, months []int64) apptest.Ask {
			return apptest.Ask{As: "office", Method: "POST", Path: "/plans/" + p + "/targets",
				Body: apptest.Vals{"unit": w.Units[""], "figure": "publicity.sessions", "value": value, "months": months}}
		}
		with := func(month int, n int64) []int64 {
			out := append([]int64(nil), monthly...)
			out[month-1] = n
			return out
		}
		w.Bad(add(12, monthly[:7]), 422, "plan.months", "", "")
		w.Bad(add(12, with(3, -1)), 422, "plan.month-negative", "/months/2", "plan.month-negative")
		if r := w.Bad(add(12, with(7, 2)), 422, "plan.month-falls", "/months/6", "plan.month-falls"); !strings.Contains(fmt.Sprint(r), "month 7") {
			t.Errorf("the month is not named: %v", r)
		}
		w.Bad(add(13, monthly), 422, "plan.month-end", "/months/11", "plan.month-end")
		w.Do(add(12, monthly)).OK()
		// persons of a unit, by name
		people := apptest.List(w.Get("office", fmt.Sprintf("/plan/people?unit=%d", w.Units["东街"])).OK(), "items")
		id, name := "", ""
		for _, x := range people {
			if apptest.Text(x, "id") == apptest.Text(w.Get("manager1", "/me").OK(), "person") {
				id, name = apptest.Text(x, "id"), apptest.Text(x, "name")
			}
		}
		if id == "" || name == "" {
			t.Fatalf("the manager is not among the people of 东街: %v", people)
		}
		w.Get("manager1", fmt.Sprintf("/plan/people?unit=%d", w.Units["东街"])).Refused(403, "http.forbidden")
		task := func(unit, person string) apptest.Ask {
			return apptest.Ask{As: "office", Method: "POST", Path: "/plans/" + p + "/tasks",
				Body: apptest.Vals{"unit": w.Units[unit], "title": "补设误时投放点", "deadline": "2020-11-30", "person": person}}
		}
		w.Bad(task("西镇", id), 422, "plan.no-person", "", "")
		w.Bad(task("东街", "nobody"), 422, "plan.no-person", "", "")
		made := w.Do(task("东街", id)).OK()
		mine := func(as string) []any { return apptest.List(w.Get(as, "/bench").OK(), "tasks") }
		if l := mine("manager1"); len(l) != 1 || apptest.Text(l[0], "id") != apptest.Text(made, "id") || apptest.Num(l[0], "late") != 31 ||
			apptest.Text(l[0], "unit.name") != "东街" {
			t.Errorf("the bench of the one who has to do it: %v", l)
		}
		if l := mine("clerk1"); len(l) != 0 {
			t.Errorf("somebody else's bench: %v", l)
		}
		news := apptest.List(w.Get("manager1", "/bench").OK(), "notices")
		if !strings.Contains(fmt.Sprint(news), "补设误时投放点") {
			t.Errorf("no news: %v", news)
		}
		v := w.Get("office", fmt.Sprintf("/plan?unit=%d&year=2020", w.Units["东街"])).OK()
		if apptest.Text(v, "tasks.0.person") != name {
			t.Errorf("the plan names %v", apptest.At(v, "tasks.0.person"))
		}
		// given to nobody again, it leaves the bench
		edit := apptest.Ask{As: "office", Method: "PUT", Path: "/tasks/" + apptest.Text(made, "id"), Match: apptest.Num(made, "rev"),
			Body: apptest.Vals{"unit": w.Units["东街"], "title": "补设误时投放点", "deadline": "2020-11-30"}}
		w.Do(edit).OK()
		if l := mine("manager1"); len(l) != 0 {
			t.Errorf("taken away and still there: %v", l)
		}
		w.Settled()
	})
}
