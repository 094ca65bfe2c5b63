package plan_test

import (
	"context"
	"fmt"
	"sifen/internal/apptest"
	"testing"
	"time"
)

func addTask(w *apptest.World, plan, unit, title, deadline string) (string, int64) {
	w.T.Helper()
	r := w.Post("office", "/plans/"+plan+"/tasks", apptest.Vals{"unit": w.Units[unit], "title": title, "deadline": deadline}, 0).OK()
	return apptest.Text(r, "id"), apptest.Num(r, "rev")
}

// TestTasksAreFigures follows tasks from the plan into figures, through arrears, proof, a reason and the next year.
func TestTasksAreFigures(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		p := w.Plan("", 2020)
		if again := w.Plan("", 2020); again != p {
			t.Error("a second plan of the same year")
		}
		late, lateRev := addTask(w, p, "东街", "摸底", "2020-06-30")
		due, dueRev := addTask(w, p, "西镇", "培训", "2020-12-31")
		gone, goneRev := addTask(w, p, "东街", "撤并点位", "2020-09-30")
		say := func(step string, tasks, done, arrears int64) {
			t.Helper()
			if a, b, c := w.Figure("plan.tasks", "", "2020"), w.Figure("plan.done", "", "2020"), w.Figure("plan.arrears", "", "2020"); a != tasks ||
				b != done || c != arrears {
				t.Errorf("%s: %d tasks, %d done, %d in arrears; want %d, %d, %d", step, a, b, c, tasks, done, arrears)
			}
			w.Settled()
		}
		say("made", 3, 0, 2) // what was due before today is late from the apptest.Start
		if n := w.Figure("plan.arrears", "西镇", "2020"); n != 0 {
			t.Errorf("西镇: %d", n)
		}
		// faults
		base := "/plans/" + p + "/tasks"
		for code, body := range map[string]apptest.Vals{
			"plan.no-title":     {"unit": w.Units["东街"], "title": " ", "deadline": "2020-03-01"},
			"plan.outside-year": {"unit": w.Units["东街"], "title": "x", "deadline": "2021-03-01"},
		} {
			w.Bad(apptest.Ask{As: "office", Method: "POST", Path: base, Body: body}, 422, code, "", "")
		}
		finish := func(as string, match int64, body apptest.Vals) apptest.Ask {
			return apptest.Ask{As: as, Method: "POST", Path: "/tasks/" + late + "/finish", Match: match, Body: body}
		}
		w.Bad(finish("manager2", lateRev, apptest.Vals{"note": "好"}), 404, "plan.none", "", "")
		w.Bad(finish("manager1", lateRev, apptest.Vals{"note": " "}), 422, "plan.no-proof", "", "")
		w.Bad(finish("manager1", lateRev, apptest.Vals{"proof": []string{apptest.Sum(apptest.Photo(9))}}), 422, "plan.not-your-file", "", "")
		w.Bad(finish("manager1", lateRev, apptest.Vals{"entries": []string{"XC-1999-0001"}}), 422, "plan.no-entry", "", "")
		w.Bad(finish("manager1", lateRev+7, apptest.Vals{"note": "好"}), 412, "plan.changed", "", "")
		// done late: done counts, arrears end
		sha := w.Upload("manager1", apptest.Photo(7))
		lateRev = apptest.Num(w.Do(finish("manager1", lateRev, apptest.Vals{"note": "已摸底", "proof": []string{sha}})).OK(), "rev")
		say("done", 3, 1, 1)
		w.Bad(finish("manager1", lateRev, apptest.Vals{"note": "好"}), 409, "plan.closed", "", "")
		if n := w.Figure("plan.arrears", "", "2020-09"); n != 1 { // at the end of September the first was still open, the other not yet late
			t.Errorf("in arrears at the end of September: %d", n)
		}
		// the file stands as evidence of the task: the office sees it, another street does not
		if r := w.Get("office", "/blobs/"+sha+"?size=thumb"); r.Status != 200 {
			t.Errorf("the office and the proof: %d", r.Status)
		}
		w.Get("manager2", "/blobs/"+sha+"?size=thumb").Refused(404, "evidence.none")
		// cancelled with a reason: counts no more
		w.Bad(apptest.Ask{As: "office", Method: "POST", Path: "/tasks/" + gone + "/cancel", Match: goneRev, Body: apptest.Vals{"reason": ""}}, 422,
			"plan.no-reason", "", "")
		goneRev = apptest.Num(w.Do(apptest.Ask{As: "office", Method: "POST", Path: "/tasks/" + gone + "/cancel", Match: goneRev,
			Body: apptest.Vals{"reason": "点位保留"}}).OK(), "rev")
		say("cancelled", 2, 1, 0)
		w.Do(apptest.Ask{As: "office", Method: "POST", Path: "/tasks/" + gone + "/reopen", Match: goneRev, Body: apptest.Vals{"reason": "恢复"}}).OK()
		say("reopened", 3, 1, 1)
		// a deadline passes: the hourly look puts it in arrears, once
		w.Clock.Set(w.Clock.Now().Add(30 * time.Hour))
		for _, as := range []string{"office", "manager2"} { // sessions do not last over the night
			token, _, err := w.App.Accounts.SignIn(context.Background(), as, apptest.Password, "192.0.2.9:1")
			apptest.Must(t, err)
			was := w.Tokens[as]
			w.Tokens[as] = token
			defer func() { w.Tokens[as] = was }()
		}
		for range 2 {
			apptest.Must(t, w.App.Tick(context.Background(), "plan"))
		}
		say("the deadline passed", 3, 1, 1) // on the last day of 2020 it was not late yet
		if n := w.Figure("plan.arrears", "", "2021"); n != 2 {
			t.Errorf("in arrears in 2021: %d", n)
		}
		// open ones go on in the next year
		if n := apptest.Num(w.Post("office", "/plans/"+p+"/carry", nil, 0).OK(), "tasks"); n != 2 {
			t.Errorf("%d carried", n)
		}
		w.Bad(apptest.Ask{As: "office", Method: "POST", Path: "/plans/" + p + "/carry"}, 409, "plan.nothing-to-carry", "", "")
		next := w.Get("office", fmt.Sprintf("/plan?unit=%d&year=2021", w.Units[""])).OK()
		if l := apptest.List(next, "tasks"); len(l) != 2 || apptest.At(l[0], "carried") != true || apptest.Text(l[0], "deadline") != "2021-03-31" {
			t.Errorf("next year: %v", l)
		}
		if n := w.Figure("plan.arrears", "", "2021"); n != 0 {
			t.Errorf("after carrying over: %d", n)
		}
		if n := w.Figure("plan.tasks", "", "2021"); n != 2 {
			t.Errorf("planned in 2021: %d", n)
		}
		w.Settled()
		// each unit sees its own
		if l := apptest.List(w.Get("manager2", fmt.Sprintf("/plan?unit=%d&year=2020", w.Units["西镇"])).OK(), "tasks"); len(l) != 1 ||
			apptest.Text(l[0], "id") != due {
			t.Errorf("西镇 sees %v", l)
		}
		_ = dueRev
	})
}

// TestTargetsFollowFigures compares targets with what was recorded.
func TestTargetsFollowFigures(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		p := w.Plan("", 2020)
		add := func(unit, figure string, value int64, most bool, months any) apptest.Ask {
			return apptest.Ask{As: "office", Method: "POST", Path: "/plans/" + p + "/targets",
				Body: apptest.Vals{"unit": w.Units[unit], "figure": figure, "value": value, "at_most": most, "months": months}}
		}
		w.Do(add("", "publicity.sessions", 2, false, []int64{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2})).OK()
		w.Do(add("东街", "publicity.sessions", 4, false, []int64{})).OK()
		w.Do(add("", "records.returned", 0, true, []int64{})).OK()
		w.Do(add("", "coverage.schools", 1, false, []int64{})).OK()
		w.Bad(add("", "publicity.sessions", 3, false, []int64{}), 409, "plan.target-twice", "", "")
		w.Bad(add("", "plan.rate", 3, false, []int64{}), 422, "plan.no-figure", "", "")
		w.Bad(add("", "no.such", 3, false, []int64{}), 422, "plan.no-figure", "", "")
		w.Bad(add("", "publicity.audience", 3, false, []int64{1, 2}), 422, "plan.months", "", "")
		w.Counted("clerk1", "manager1", "publicity-session", "桂花社区", apptest.Session("2020-12-05", 31))
		w.Counted("clerk1", "manager1", "publicity-session", "桂花社区", apptest.Session("2020-12-06", 31))
		got := map[string]string{}
		v := w.Get("office", fmt.Sprintf("/plan?unit=%d&year=2020", w.Units[""])).OK()
		for _, x := range apptest.List(v, "targets") {
			got[apptest.Text(x, "unit.name")+" "+apptest.Text(x, "figure")] = fmt.Sprint(apptest.Num(x, "now"), "/", apptest.Num(x, "value"), " ",
				apptest.Num(x, "permille"), " ", apptest.Text(x, "state"))
		}
		for k, want := range map[string]string{
			"四方区 publicity.sessions": "2/2 1000 reached", "东街 publicity.sessions": "2/4 500 missed", "四方区 records.returned": "0/0 1000 kept",
			"四方区 coverage.schools": "0/1 0 missed",
		} {
			if got[k] != want {
				t.Errorf("%s: %q, want %q", k, got[k], want)
			}
		}
		// the matrix: parties and departments that lead or join in
		duty := func(roles apptest.Vals) apptest.Ask {
			return apptest.Ask{As: "office", Method: "POST", Path: "/plans/" + p + "/duties", Body: apptest.Vals{"title": "桶边督导", "roles": roles}}
		}
		w.Do(duty(apptest.Vals{"firm": "lead", "resident": "join", fmt.Sprintf("unit:%d", w.Units["住建局"]): "join"})).OK()
		w.Bad(duty(apptest.Vals{"nobody": "lead"}), 422, "plan.no-party", "", "")
		w.Bad(duty(apptest.Vals{"firm": "watch"}), 422, "plan.no-party", "", "")
		w.Bad(duty(apptest.Vals{"unit:999999": "lead"}), 422, "plan.no-party", "", "")
		// a street reads the matrix of the district on its own page
		if l := apptest.List(w.Get("manager1", fmt.Sprintf("/plan?unit=%d&year=2020", w.Units["东街"])).OK(), "duties"); len(l) != 1 {
			t.Errorf("东街 sees %d duties", len(l))
		}
	})
}
