package assess_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"sifen/internal/apptest"
)

// public is the December of the estates, publicised on Monday the 4th of January 2021: units may object until Thursday, 17:30.
func public(w *apptest.World) (run map[string]any, visit string, as func(string) string) {
	w.T.Helper()
	visit = inspected(w)
	as = later(w, time.Date(2021, 1, 4, 9, 0, 0, 0, apptest.Start.Location()))
	run = compute(w, as("office"), "estate-site", "2020-12-01")
	run = act(w, as("leader"), run, "check", nil).OK()
	return act(w, as("leader"), run, "publish", nil).OK(), visit, as
}

func object(w *apptest.World, as string, run map[string]any, unit, item string) apptest.Reply {
	w.T.Helper()
	return w.Post(as, "/scores/"+apptest.Text(run, "id")+"/objections", vals{"unit": w.Units[unit], "item": item, "words": "当天有施工，桶是临时挪开的"}, 0)
}

func decide(w *apptest.World, as string, o map[string]any, outcome string, fixes ...vals) apptest.Reply {
	w.T.Helper()
	return w.Post(as, "/objections/"+apptest.Text(o, "id")+"/decide", vals{"outcome": outcome, "reason": "看过照片和施工单", "fixes": fixes}, apptest.Num(o, "rev"))
}

// TestAnObjection goes from a public run over an objection that is upheld to the final revision, and looks at who may do what.
func TestAnObjection(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		run, visit, as := public(w)
		first := "桂园 96.00/100 1 优秀; 兰园 95.79/100 2 优秀; 桂苑 90.00/100 3 优秀; 荷园 0.00/0 本期没有检查"
		w.Expect("a public ranking shows everybody", table(w, as("clerk1"), run), first)
		object(w, as("clerk3"), run, "桂园", "state").Refused(404, "assess.no-unit")
		object(w, as("auditor"), run, "桂园", "state").Refused(403, "http.forbidden")
		object(w, as("clerk1"), run, "桂园", "nonsense").Refused(422, "assess.no-item")
		w.Post(as("clerk1"), "/scores/"+apptest.Text(run, "id")+"/objections", vals{"unit": w.Units["桂园"], "item": "state", "words": "一"},
			0).Refused(422, "rectify.reason")
		w.Post(as("clerk1"), "/scores/"+apptest.Text(run, "id")+"/objections", vals{"unit": w.Units["桂园"], "item": "state", "words": "有照片",
			"photos": []string{apptest.Sum([]byte("of nobody"))}}, 0).Refused(422, "assess.invalid")

		sha := w.Upload(as("clerk1"), apptest.Photo(7))
		lids := w.Post(as("clerk1"), "/scores/"+apptest.Text(run, "id")+"/objections", vals{"unit": w.Units["桂园"], "item": "state",
			"words": "桶是隔壁小区临时放的", "photos": []string{sha}}, 0).OK()
		object(w, as("manager1"), run, "桂园", "state").Refused(409, "assess.twice")
		board := object(w, as("manager1"), run, "桂苑", "notice-board").OK()
		for who, status := range map[string]int{"office2": 200, "clerk3": 404} {
			w.Expect("the photo for "+who, w.Get(as(who), "/blobs/"+sha+"?size=thumb").Status, status)
		}

		// each sees those of his reach
		for who, n := range map[string]int{"office": 2, "manager1": 2, "clerk1": 2, "clerk2": 0, "manager2": 0} {
			v := w.Get(as(who), "/scores/"+apptest.Text(run, "id")).OK()
			w.Expect("objections that "+who+" sees", len(apptest.List(v, "objections")), n)
		}
		bench := func(who string) []any { return apptest.List(w.Get(as(who), "/bench").OK(), "objections") }
		w.Expect("waits for the one who computed nothing", len(bench("office2")), 2)
		w.Expect("not for who computed", len(bench("office")), 0)
		w.Expect("the badge", apptest.Num(w.Get(as("office2"), "/me").OK(), "counts.scores"), int64(2))
		w.Expect("may object until", apptest.Text(bench("clerk2")[0], "what"), "may")

		// who decides
		decide(w, as("office"), lids, "rejected").Refused(403, "assess.party")
		decide(w, as("leader"), lids, "rejected").Refused(403, "http.forbidden")
		decide(w, as("office2"), lids, "upheld").Refused(422, "assess.invalid")
		decide(w, as("office2"), lids, "rejected", vals{"visit": visit, "name": "lids", "value": "0"}).Refused(422, "assess.invalid")
		decide(w, as("office2"), lids, "upheld", vals{"visit": visit, "name": "board", "value": "0"}).Refused(422, "assess.no-name")
		decide(w, as("office2"), lids, "upheld", vals{"visit": "another", "name": "lids", "value": "0"}).Refused(422, "assess.no-name")
		seen := w.Get(as("office2"), fmt.Sprintf("/scores/%s/units/%d", apptest.Text(run, "id"), w.Units["桂园"])).OK()
		strike := "blocks.1.items.2.correct.0."
		w.Expect("what can be struck", apptest.Text(seen, strike+"visit")+" "+apptest.Text(seen, strike+"now"), visit+" 2")
		upheld := decide(w, as("office2"), lids, "upheld", vals{"visit": visit, "name": "lids", "value": "0"}).OK()
		decide(w, as("office2"), lids, "rejected").Refused(409, "assess.decided")
		next := w.Get(as("office2"), "/scores/"+apptest.Text(upheld, "revision")).OK()
		w.Expect("revision", fmt.Sprint(apptest.Num(next, "rev"), apptest.Text(next, "state")), "2draft")
		w.Expect("ranked again", table(w, as("office2"), next), "桂园 100.00/100 1 优秀; 兰园 95.79/100 2 优秀; 桂苑 90.00/100 3 优秀; 荷园 0.00/0 本期没有检查")
		w.Expect("the first stays", table(w, as("clerk1"), run), first)

		// the other waits: neither is the revision checked nor the first settled before
		act(w, as("leader"), next, "check", nil).Refused(409, "assess.objected")
		decide(w, as("office2"), board, "rejected").OK()
		mine := w.Get(as("clerk1"), fmt.Sprintf("/scores/%s/units/%d", apptest.Text(run, "id"), w.Units["桂苑"])).OK()
		w.Expect("the unit reads why", apptest.Text(mine, "objections.0.state")+" "+apptest.Text(mine, "objections.0.reason"), "rejected 看过照片和施工单")
		act(w, as("office2"), next, "check", nil).Refused(403, "assess.own") // who decided has entered
		checked := act(w, as("leader"), next, "check", nil).OK()
		object(w, as("clerk1"), run, "桂园", "marks").Refused(409, "assess.revised")
		again := act(w, as("leader"), checked, "publish", nil).OK()
		as = later(w, time.Date(2021, 1, 8, 9, 0, 0, 0, apptest.Start.Location()))
		act(w, as("leader"), run, "settle", nil).Refused(409, "assess.revised")
		final := act(w, as("leader"), again, "settle", nil).OK()
		w.Expect("final", fmt.Sprint(apptest.Num(final, "rev"), apptest.Text(final, "state")), "2final")
		object(w, as("clerk1"), final, "桂园", "marks").Refused(409, "assess.state")
		v := w.Get(as("clerk1"), fmt.Sprintf("/scores/%s/units/%d", apptest.Text(final, "id"), w.Units["桂园"])).OK()
		w.Expect("the objection stands beside the revision", apptest.Text(v, "objections.0.fixes.0.value"), "0")
		n, drift, err := w.App.Scores.Recompute(context.Background(), w.App.DB.Read, w.District)
		if err != nil || n != 2 || len(drift) > 0 {
			w.T.Errorf("%d runs, drift %v, %v", n, drift, err)
		}
	})
}

// TestTheLastMinute: at the end of the last day the minute that the sheet names still counts, the next does not; and a run with
// an open objection is not settled.
func TestTheLastMinute(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		run, _, _ := public(w)
		day := func(h, m, s int, ms int) time.Time {
			return time.Date(2021, 1, 7, h, m, s, ms*1_000_000, apptest.Start.Location())
		}
		w.Expect("until", apptest.Num(run, "object_until"), day(17, 31, 0, 0).UnixMilli())
		as := later(w, day(17, 30, 59, 999))
		act(w, as("leader"), run, "settle", nil).Refused(409, "assess.objecting")
		object(w, as("clerk1"), run, "桂园", "state").OK()
		w.Clock.Set(day(17, 31, 0, 0))
		object(w, as("clerk1"), run, "桂园", "marks").Refused(409, "assess.over")
		p := act(w, as("leader"), run, "settle", nil).Refused(409, "assess.objected")
		w.Expect("which", apptest.Text(p, "title"), "还有 1 件异议没有答复（桂园：桶盖和满溢）：请先答复")
	})
}
