package ledger_test

import (
	"testing"

	"sifen/internal/apptest"
)

// TestQueueOfAPerson: what waits where one verifies, late first, never one's own; what was decided today is counted.
func TestQueueOfAPerson(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		w.Enter("clerk1", "publicity-session", "桂花社区", apptest.Session("2020-12-20", 1))
		late, rev := w.Enter("clerk1", "publicity-session", "桂花社区", apptest.Session("2020-10-01", 2))
		w.Enter("clerk2", "publicity-session", "兰花社区", apptest.Session("2020-12-21", 3))
		w.Enter("clerk3", "publicity-session", "荷花社区", apptest.Session("2020-12-22", 4))
		w.Enter("manager1", "publicity-session", "桂花社区", apptest.Session("2020-12-23", 5))
		q := w.Get("manager1", "/queue").OK()
		w.Expect("waits", [3]any{apptest.Num(q, "total"), len(apptest.List(q, "rows")), apptest.Text(q, "rows.0.id") == late}, [3]any{3, 3, true})
		w.Expect("by kind", [2]any{apptest.Text(q, "by_kind.0.kind"), apptest.Num(q, "by_kind.0.n")}, [2]any{"publicity-session", 3})
		q = w.Get("manager1", "/queue?kind=meeting").OK()
		w.Expect("of another kind", [2]any{apptest.Num(q, "total"), len(apptest.List(q, "rows"))}, [2]any{3, 0})
		w.Verify("manager1", late, rev)
		q = w.Get("manager1", "/queue").OK()
		w.Expect("one less, one done", [2]any{apptest.Num(q, "total"), apptest.Num(q, "done_today.verified")}, [2]any{2, 1})
		me := w.Get("manager1", "/me").OK()
		w.Expect("the badge says the same", apptest.Num(me, "counts.queue"), 2)
	})
}

// TestDraftsAreTheirAuthorsBusiness: a draft is checked, deleted and seen by nobody else; a return keeps it from going.
func TestDraftsAreTheirAuthorsBusiness(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		here := w.Units["桂花社区"]
		r := w.Post("clerk1", "/entries/check", apptest.Vals{"kind": "publicity-session", "unit": here, "values": apptest.Session("2020-12-05", 2500)}, 0).OK()
		w.Expect("a hint, no fault", [2]int{len(apptest.List(r, "errors")), len(apptest.List(r, "hints"))}, [2]int{0, 1})
		r = w.Post("clerk1", "/entries/check", apptest.Vals{"kind": "publicity-session", "unit": here, "values": apptest.Session("2021-12-05", 1)}, 0).OK()
		w.Expect("a fault", apptest.Text(r, "errors.0.code"), "value.future")
		d := apptest.Text(w.Post("clerk1", "/entries", apptest.Vals{"kind": "publicity-session", "unit": here, "values": apptest.Session("2020-12-05", 1)},
			0).OK(), "id")
		w.Do(apptest.Ask{As: "clerk1b", Method: "DELETE", Path: "/entries/" + d}).Refused(404, "ledger.no-entry")
		w.Do(apptest.Ask{As: "clerk1", Method: "DELETE", Path: "/entries/" + d}).OK()
		w.Expect("nothing of it remains", w.Scalar(`SELECT count(*) FROM entry`)+w.Scalar(`SELECT count(*) FROM entry_rev`)+w.Scalar(`SELECT count(*)
			FROM entry_event`), 0)
		e, rev := w.Enter("clerk1", "publicity-session", "桂花社区", apptest.Session("2020-12-06", 1))
		w.Do(apptest.Ask{As: "clerk1", Method: "DELETE", Path: "/entries/" + e}).Refused(409, "ledger.wrong-state")
		w.Post("manager1", "/entries/"+e+"/return", apptest.Vals{"reason": "照片不清楚"}, rev).OK()
		back := w.Get("clerk1", "/entries?kind=publicity-session&mine=returned").OK()
		w.Expect("it came back to him", [2]any{apptest.Num(back, "returned_to_me"), apptest.Text(back, "rows.0.id") == e}, [2]any{1, true})
		w.Post("manager1", "/entries/"+e+"/void", apptest.Vals{"reason": "重复登记"}, rev).OK()
		w.Post("clerk1", "/entries/"+e+"/submit", nil, 0).Refused(409, "ledger.wrong-state")
		w.Settled()
	})
}

// TestKindsAndReferences: the forms a person may fill, and what a reference may point to.
func TestKindsAndReferences(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		w.Counted("office", "office2", "lecture-team", "", apptest.Vals{"name": "一队", "since": "2019-01-01"})
		w.Enter("office", "lecture-team", "", apptest.Vals{"name": "二队", "since": "2020-01-01"})
		refs := w.Get("clerk1", "/refs?kind=lecture-team&q=二").OK()
		w.Expect("by a part of its name", [2]any{len(apptest.List(refs, "items")), apptest.Text(refs, "items.0.title")}, [2]any{1, "二队"})
		w.Expect("what no field points to is told to nobody", len(apptest.List(w.Get("clerk1", "/refs?kind=publicity-session").OK(), "items")), 0)
		may := map[string]bool{}
		for _, k := range apptest.List(w.Get("clerk1", "/kinds").OK(), "items") {
			may[apptest.Text(k, "key")] = apptest.At(k, "mine") == true
		}
		w.Expect("a community's clerk enters sessions, not teams", [2]bool{may["publicity-session"], may["lecture-team"]}, [2]bool{true, false})
		l := w.Get("office", "/entries?kind=publicity-session&period=2020").OK()
		w.Expect("a total line", apptest.Text(l, "figures.0.key"), "publicity.audience")
	})
}

// TestAPositionOutsideItsUnitIsAsked: the one who enters a record and the one who verifies it are told how far off it lies.
func TestAPositionOutsideItsUnitIsAsked(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		w.Do(apptest.Ask{As: "admin", Method: "POST", Path: "/place-outlines", Body: []byte(apptest.OutlineOf("东街"))}).OK()
		hint := func(lat, lon int64) string {
			v := apptest.Vals{"name": "东门", "batch": "b1", "since": "2020-05-01", "place": apptest.Vals{"lat": lat, "lon": lon}}
			r := w.Post("clerk1", "/entries/check", apptest.Vals{"kind": "dropoff-point", "unit": w.Units["桂花社区"], "values": v}, 0).OK()
			w.Expect("no fault", len(apptest.List(r, "errors")), 0)
			return apptest.Text(r, "hints.0.zh")
		}
		w.Expect("inside", hint(311200000, 1181900000), "")
		w.Expect("another city", hint(311200000, 1183000000), "位置在东街的范围之外约 9530 米，请核对单位和经纬度")
	})
}
