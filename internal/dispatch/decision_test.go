package dispatch_test

import (
	"fmt"
	"testing"

	"sifen/internal/apptest"
)

// A decision is a task of its unit: given, reported, looked at, accepted; the rest opens the next meeting.
func TestDecisionLife(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		first, _ := meeting(w, "office", "", "2020-12-20", true, seat(w, "东街", "present"))
		id, rev := decided(w, "office", first, "东街", "未分类小区摸底", "2020-12-31")
		late, lateRev := decided(w, "office", first, "西镇", "约谈两家物业", "2020-12-25")
		bench := func(as string) []any { return apptest.List(w.Get(as, "/bench?period=2020").OK(), "decisions") }
		if b := bench("manager1"); len(b) != 1 || apptest.At(b[0], "may.report") != true || len(bench("manager2")) != 1 || len(bench("office")) != 0 {
			t.Errorf("on the bench of its unit: %v", b)
		}
		report := func(as string) apptest.Reply {
			return w.Post(as, "/decisions/"+id+"/report", vals{"words": "38个小区已摸底，名单附后"}, rev)
		}
		report("manager2").Refused(404, "dispatch.no-decision")
		report("clerk1").Refused(404, "dispatch.no-decision")
		report("leader").Refused(403, "http.forbidden")
		w.Post("manager1", "/decisions/"+id+"/accept", nil, rev).Refused(403, "dispatch.forbidden")
		w.Post("manager1", "/decisions/"+id+"/report", vals{"words": " "}, rev).Refused(422, "dispatch.no-words")
		d := report("manager1").OK()
		report("manager1").Refused(412, "dispatch.changed")
		rev = apptest.Num(d, "rev")
		if b := bench("office"); apptest.Text(d, "state") != "reported" || len(b) != 1 || apptest.At(b[0], "may.accept") != true ||
			len(bench("manager1")) != 0 {
			t.Errorf("reported: %v, on the bench of the office %v", d, b)
		}
		if w.Figure("decisions.due", "", "2020") != 2 || w.Figure("decisions.done", "", "2020") != 0 || w.Figure("decisions.open", "", "2020") != 2 {
			t.Error("what is only reported is not done")
		}
		d = w.Post("office", "/decisions/"+id+"/return", vals{"reason": "缺两个小区"}, rev).OK()
		newYear(w) // the deadline passes
		rev = apptest.Num(d, "rev")
		d = report("manager1").OK()
		d = w.Post("office2", "/decisions/"+id+"/accept", nil, apptest.Num(d, "rev")).OK()
		w.Post("office", "/decisions/"+id+"/drop", vals{"reason": "不要了"}, apptest.Num(d, "rev")).Refused(409, "dispatch.settled")
		if w.Figure("decisions.done", "", "2020") != 1 || w.Figure("decisions.in_time", "", "2020") != 0 ||
			w.Figure("decisions.open", "东街", "2021-01") != 0 {
			t.Error("done, a day late")
		}
		w.Settled()
		// nobody accepts his own report
		d = w.Post("office", "/decisions/"+late+"/report", vals{"words": "电话报来"}, lateRev).OK()
		w.Post("office", "/decisions/"+late+"/accept", nil, apptest.Num(d, "rev")).Refused(403, "dispatch.own-report")
		d = w.Post("office", "/decisions/"+late+"/return", vals{"reason": "没有记录"}, apptest.Num(d, "rev")).OK()
		// the next meeting begins with both, and gives the one that is left another deadline
		second, _ := meeting(w, "office", "", "2021-01-01", true)
		open := apptest.List(w.Get("office", "/meetings/"+second).OK(), "opening")
		if len(open) != 2 || apptest.Text(open[0], "state") != "done" || apptest.Num(open[1], "late") != 7 {
			t.Errorf("the next meeting begins with %v", open)
		}
		carry := vals{"words": "约谈两家物业并附记录", "unit": w.Units["西镇"], "deadline": "2021-01-20", "meeting": second}
		w.Bad(apptest.Ask{As: "office", Method: "POST", Path: "/decisions/" + late + "/carry", Body: apptest.With(carry, "meeting", first),
			Match: apptest.Num(d, "rev")}, 422, "dispatch.invalid", "/meeting", "dispatch.later-meeting")
		next := w.Post("office", "/decisions/"+late+"/carry", carry, apptest.Num(d, "rev")).OK()
		if apptest.At(next, "carried_on") != true || w.Figure("decisions.due", "", "2020") != 2 || w.Figure("decisions.due", "", "2021-01") != 1 {
			t.Errorf("what was missed stays missed: %v", next)
		}
		if w.Figure("plan.tasks", "", "2020") != 0 {
			t.Error("a decision is counted as a task of the yearly plan")
		}
		w.Post("office", "/decisions/"+apptest.Text(next, "id")+"/drop", vals{"reason": "并入约谈计划"}, apptest.Num(next, "rev")).OK()
		page := w.Get("office", "/figures/decisions.due/page?period=2021-01").OK()
		if apptest.Num(page, "uncounted.0.n") != 1 || apptest.Text(page, "uncounted.0.why") != "dropped" || len(apptest.List(page, "records")) != 0 {
			t.Errorf("what was dropped: %v, records %v", page["uncounted"], page["records"])
		}
		page = w.Get("office", "/figures/decisions.due/page?period=2020").OK()
		if r := apptest.List(page, "records"); len(r) != 2 || apptest.Text(page, "keeper") != "dispatch" ||
			apptest.Text(r[0], "link") != "/decisions?open="+apptest.Text(r[0], "id")[:36] {
			t.Errorf("behind the figure: %v", page["records"])
		}
		w.Post("office", "/decisions/"+apptest.Text(next, "id")+"/reopen", vals{"reason": "还要约谈"}, apptest.Num(next, "rev")+1).OK()
		if l := w.Get("office", "/decisions?state=running").OK(); apptest.Num(l, "total") != 1 || apptest.Num(l, "counts.carried") != 1 {
			t.Errorf("running: %v", l)
		}
		w.Settled()
	})
}

func TestBadDecisions(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		planned, _ := meeting(w, "office", "", "2021-01-04", false)
		w.Post("office", "/meetings/"+planned+"/decisions", vals{"words": "先定", "unit": w.Units["东街"], "deadline": "2021-01-05"}, 0).Refused(409,
			"dispatch.wrong-state")
		id, _ := meeting(w, "office", "", "2020-12-20", true)
		own, _ := meeting(w, "manager1", "东街", "2020-12-20", true)
		ended := apptest.Num(w.Post("admin", "/units", vals{"name": "旧街", "type": "street", "parent": w.Units[""], "from": "2019-01-01"}, 0).OK(), "id")
		w.Post("admin", fmt.Sprintf("/units/%d/close", ended), vals{"from": "2020-12-25"}, 0).OK()
		good := vals{"words": "摸底", "unit": w.Units["东街"], "deadline": "2020-12-31"}
		for _, c := range []struct {
			what, as, at   string
			in             vals
			pointer, field string
		}{
			{"nothing is asked", "office", id, apptest.With(good, "words", " "), "/words", "value.required"},
			{"nobody has to do it", "office", id, apptest.With(good, "unit", 0), "/unit", "dispatch.no-owner"},
			{"no deadline", "office", id, apptest.With(good, "deadline", ""), "/deadline", "dispatch.no-deadline"},
			{"no such day", "office", id, apptest.With(good, "deadline", "2020-13-01"), "/deadline", "value.date"},
			{"before the meeting", "office", id, apptest.With(good, "deadline", "2020-12-19"), "/deadline", "dispatch.early-deadline"},
			{"a slip in the year", "office", id, apptest.With(good, "deadline", "2032-01-01"), "/deadline", "dispatch.too-far"},
			{"a unit that ended", "office", id, apptest.With(good, "unit", ended), "/unit", "dispatch.owner-ended"},
			{"a stranger as person", "office", id, apptest.With(good, "person", "nobody"), "/person", "dispatch.no-person"},
			{"a street gives another work", "manager1", own, apptest.With(good, "unit", w.Units["西镇"]), "/unit", "dispatch.no-unit"},
		} {
			w.Run(c.what, func(*testing.T) {
				w.Bad(apptest.Ask{As: c.as, Method: "POST", Path: "/meetings/" + c.at + "/decisions", Body: c.in}, 422, "dispatch.invalid", c.pointer, c.field)
			})
		}
		d, rev := decided(w, "office", id, "东街", "摸底", "2020-12-31")
		put := func(in vals) apptest.Ask {
			return apptest.Ask{As: "office", Method: "PUT", Path: "/decisions/" + d, Body: in, Match: rev}
		}
		w.Bad(put(apptest.With(good, "deadline", "2021-02-01")), 422, "dispatch.invalid", "/reason", "value.required")
		v := w.Do(put(vals{"words": "摸底", "unit": w.Units["东街"], "deadline": "2021-02-01", "reason": "雨雪天气", "proof_asked": true})).OK()
		if apptest.Text(v, "events.1.words") != "2020-12-31 → 2021-02-01 雨雪天气" {
			w.T.Errorf("a deadline moved in silence: %v", v["events"])
		}
		w.Post("manager1", "/decisions/"+d+"/report", vals{"words": "做完了"}, apptest.Num(v, "rev")).Refused(422, "dispatch.no-proof")
		foreign := w.Upload("office", apptest.Photo(9))
		w.Post("manager1", "/decisions/"+d+"/report", vals{"words": "做完了", "proof": []string{foreign}}, apptest.Num(v, "rev")).Refused(422,
			"dispatch.not-your-file")
		mine := w.Upload("manager1", apptest.Photo(10))
		v = w.Post("manager1", "/decisions/"+d+"/report", vals{"words": "做完了", "proof": []string{mine}}, apptest.Num(v, "rev")).OK()
		if apptest.Text(v, "proof.0.sha") != mine {
			w.T.Errorf("the proof is gone: %v", v)
		}
	})
}

// A locked period keeps what it counted: the work goes on, it is said, and the figure follows when the lock is lifted.
func TestLockedDecision(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		id, _ := meeting(w, "office", "", "2020-11-02", true)
		d, rev := decided(w, "office", id, "东街", "摸底", "2020-11-20")
		lock := w.Post("office", "/locks", vals{"unit": w.Units[""], "from": "2020-11-01", "until": "2020-11-30", "reason": "定账"}, 0).OK()
		v := w.Post("manager1", "/decisions/"+d+"/report", vals{"words": "已做完"}, rev).OK()
		v = w.Post("office", "/decisions/"+d+"/accept", nil, apptest.Num(v, "rev")).OK()
		if apptest.At(v, "behind") != true || apptest.Text(v, "state") != "done" || w.Figure("decisions.done", "", "2020") != 0 {
			w.T.Errorf("accepted while locked: %v, done %d", v, w.Figure("decisions.done", "", "2020"))
		}
		w.Settled()
		apptest.Must(w.T, w.App.Tick(w.T.Context(), "dispatch"))
		w.Do(apptest.Ask{As: "office", Method: "DELETE", Path: "/locks/" + apptest.Text(lock, "id")}).OK()
		apptest.Must(w.T, w.App.Tick(w.T.Context(), "dispatch"))
		if v := w.Get("office", "/decisions/"+d).OK(); apptest.At(v, "behind") != false || w.Figure("decisions.done", "", "2020") != 1 {
			w.T.Errorf("after the lock: %v", v)
		}
		w.Settled()
	})
}
