package app_test

import (
	"context"
	"fmt"
	"testing"
	"time"
)

func (w *world) plan(unit string, year int) string {
	w.t.Helper()
	return text(w.post("office", "/plans", vals{"unit": w.units[unit], "year": year}, 0).ok(), "id")
}

func (w *world) addTask(plan, unit, title, deadline string) (string, int64) {
	w.t.Helper()
	r := w.post("office", "/plans/"+plan+"/tasks", vals{"unit": w.units[unit], "title": title, "deadline": deadline}, 0).ok()
	return text(r, "id"), num(r, "rev")
}

func (w *world) figure(key, unit, per string) int64 {
	w.t.Helper()
	return num(w.get("office", fmt.Sprintf("/figures/%s?unit=%d&period=%s", key, w.units[unit], per)).ok(), "value")
}

// TestTasksAreFigures follows tasks from the plan into figures, through arrears, proof, a reason and the next year.
func TestTasksAreFigures(t *testing.T) {
	each(t, func(w *world) {
		t := w.t
		p := w.plan("", 2020)
		if again := w.plan("", 2020); again != p {
			t.Error("a second plan of the same year")
		}
		late, lateRev := w.addTask(p, "东街", "摸底", "2020-06-30")
		due, dueRev := w.addTask(p, "西镇", "培训", "2020-12-31")
		gone, goneRev := w.addTask(p, "东街", "撤并点位", "2020-09-30")
		say := func(step string, tasks, done, arrears int64) {
			t.Helper()
			if a, b, c := w.figure("plan.tasks", "", "2020"), w.figure("plan.done", "", "2020"), w.figure("plan.arrears", "", "2020"); a != tasks || b != done || c != arrears {
				t.Errorf("%s: %d tasks, %d done, %d in arrears; want %d, %d, %d", step, a, b, c, tasks, done, arrears)
			}
			w.settled()
		}
		say("made", 3, 0, 2) // what was due before today is late from the start
		if n := w.figure("plan.arrears", "西镇", "2020"); n != 0 {
			t.Errorf("西镇: %d", n)
		}
		// faults
		base := "/plans/" + p + "/tasks"
		for code, body := range map[string]vals{
			"plan.no-title":     {"unit": w.units["东街"], "title": " ", "deadline": "2020-03-01"},
			"plan.outside-year": {"unit": w.units["东街"], "title": "x", "deadline": "2021-03-01"},
		} {
			w.bad(ask{as: "office", method: "POST", path: base, body: body}, 422, code, "", "")
		}
		finish := func(as string, match int64, body vals) ask {
			return ask{as: as, method: "POST", path: "/tasks/" + late + "/finish", match: match, body: body}
		}
		w.bad(finish("manager2", lateRev, vals{"note": "好"}), 404, "plan.none", "", "")
		w.bad(finish("manager1", lateRev, vals{"note": " "}), 422, "plan.no-proof", "", "")
		w.bad(finish("manager1", lateRev, vals{"proof": []string{sum(photo(9))}}), 422, "plan.not-your-file", "", "")
		w.bad(finish("manager1", lateRev, vals{"entries": []string{"XC-1999-0001"}}), 422, "plan.no-entry", "", "")
		w.bad(finish("manager1", lateRev+7, vals{"note": "好"}), 412, "plan.changed", "", "")
		// done late: done counts, arrears end
		sha := w.upload("manager1", photo(7))
		lateRev = num(w.do(finish("manager1", lateRev, vals{"note": "已摸底", "proof": []string{sha}})).ok(), "rev")
		say("done", 3, 1, 1)
		w.bad(finish("manager1", lateRev, vals{"note": "好"}), 409, "plan.closed", "", "")
		if n := w.figure("plan.arrears", "", "2020-09"); n != 1 { // at the end of September the first was still open, the other not yet late
			t.Errorf("in arrears at the end of September: %d", n)
		}
		// the file stands as evidence of the task: the office sees it, another street does not
		if r := w.get("office", "/blobs/"+sha+"?size=thumb"); r.status != 200 {
			t.Errorf("the office and the proof: %d", r.status)
		}
		w.get("manager2", "/blobs/"+sha+"?size=thumb").refused(404, "evidence.none")
		// cancelled with a reason: counts no more
		w.bad(ask{as: "office", method: "POST", path: "/tasks/" + gone + "/cancel", match: goneRev, body: vals{"reason": ""}}, 422, "plan.no-reason", "", "")
		goneRev = num(w.do(ask{as: "office", method: "POST", path: "/tasks/" + gone + "/cancel", match: goneRev, body: vals{"reason": "点位保留"}}).ok(), "rev")
		say("cancelled", 2, 1, 0)
		w.do(ask{as: "office", method: "POST", path: "/tasks/" + gone + "/reopen", match: goneRev, body: vals{"reason": "恢复"}}).ok()
		say("reopened", 3, 1, 1)
		// a deadline passes: the hourly look puts it in arrears, once
		w.clock.Set(w.clock.Now().Add(30 * time.Hour))
		for _, as := range []string{"office", "manager2"} { // sessions do not last over the night
			token, _, err := w.app.Accounts.SignIn(context.Background(), as, password, "192.0.2.9:1")
			must(t, err)
			was := w.tokens[as]
			w.tokens[as] = token
			defer func() { w.tokens[as] = was }()
		}
		for range 2 {
			must(t, w.app.Tick(context.Background(), "plan"))
		}
		say("the deadline passed", 3, 1, 1) // on the last day of 2020 it was not late yet
		if n := w.figure("plan.arrears", "", "2021"); n != 2 {
			t.Errorf("in arrears in 2021: %d", n)
		}
		// open ones go on in the next year
		if n := num(w.post("office", "/plans/"+p+"/carry", nil, 0).ok(), "tasks"); n != 2 {
			t.Errorf("%d carried", n)
		}
		w.bad(ask{as: "office", method: "POST", path: "/plans/" + p + "/carry"}, 409, "plan.nothing-to-carry", "", "")
		next := w.get("office", fmt.Sprintf("/plan?unit=%d&year=2021", w.units[""])).ok()
		if l := list(next, "tasks"); len(l) != 2 || at(l[0], "carried") != true || text(l[0], "deadline") != "2021-03-31" {
			t.Errorf("next year: %v", l)
		}
		if n := w.figure("plan.arrears", "", "2021"); n != 0 {
			t.Errorf("after carrying over: %d", n)
		}
		if n := w.figure("plan.tasks", "", "2021"); n != 2 {
			t.Errorf("planned in 2021: %d", n)
		}
		w.settled()
		// each unit sees its own
		if l := list(w.get("manager2", fmt.Sprintf("/plan?unit=%d&year=2020", w.units["西镇"])).ok(), "tasks"); len(l) != 1 || text(l[0], "id") != due {
			t.Errorf("西镇 sees %v", l)
		}
		_ = dueRev
	})
}

// TestTargetsFollowFigures compares targets with what was recorded.
func TestTargetsFollowFigures(t *testing.T) {
	each(t, func(w *world) {
		t := w.t
		p := w.plan("", 2020)
		add := func(unit, figure string, value int64, most bool, months any) ask {
			return ask{as: "office", method: "POST", path: "/plans/" + p + "/targets", body: vals{"unit": w.units[unit], "figure": figure, "value": value, "at_most": most, "months": months}}
		}
		w.do(add("", "publicity.sessions", 2, false, []int64{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2})).ok()
		w.do(add("东街", "publicity.sessions", 4, false, []int64{})).ok()
		w.do(add("", "records.returned", 0, true, []int64{})).ok()
		w.do(add("", "coverage.schools", 1, false, []int64{})).ok()
		w.bad(add("", "publicity.sessions", 3, false, []int64{}), 409, "plan.target-twice", "", "")
		w.bad(add("", "plan.rate", 3, false, []int64{}), 422, "plan.no-figure", "", "")
		w.bad(add("", "no.such", 3, false, []int64{}), 422, "plan.no-figure", "", "")
		w.bad(add("", "publicity.audience", 3, false, []int64{1, 2}), 422, "plan.months", "", "")
		w.counted("clerk1", "manager1", "publicity-session", "桂花社区", session("2020-12-05", 31))
		w.counted("clerk1", "manager1", "publicity-session", "桂花社区", session("2020-12-06", 31))
		got := map[string]string{}
		v := w.get("office", fmt.Sprintf("/plan?unit=%d&year=2020", w.units[""])).ok()
		for _, x := range list(v, "targets") {
			got[text(x, "unit.name")+" "+text(x, "figure")] = fmt.Sprint(num(x, "now"), "/", num(x, "value"), " ", num(x, "permille"), " ", text(x, "state"))
		}
		for k, want := range map[string]string{
			"四方区 publicity.sessions": "2/2 1000 reached", "东街 publicity.sessions": "2/4 500 missed", "四方区 records.returned": "0/0 1000 kept", "四方区 coverage.schools": "0/1 0 missed",
		} {
			if got[k] != want {
				t.Errorf("%s: %q, want %q", k, got[k], want)
			}
		}
		// the matrix: parties and departments that lead or join in
		duty := func(roles vals) ask {
			return ask{as: "office", method: "POST", path: "/plans/" + p + "/duties", body: vals{"title": "桶边督导", "roles": roles}}
		}
		w.do(duty(vals{"firm": "lead", "resident": "join", fmt.Sprintf("unit:%d", w.units["住建局"]): "join"})).ok()
		w.bad(duty(vals{"nobody": "lead"}), 422, "plan.no-party", "", "")
		w.bad(duty(vals{"firm": "watch"}), 422, "plan.no-party", "", "")
		w.bad(duty(vals{"unit:999999": "lead"}), 422, "plan.no-party", "", "")
		// a street reads the matrix of the district on its own page
		if l := list(w.get("manager1", fmt.Sprintf("/plan?unit=%d&year=2020", w.units["东街"])).ok(), "duties"); len(l) != 1 {
			t.Errorf("东街 sees %d duties", len(l))
		}
	})
}
