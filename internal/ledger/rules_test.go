package ledger_test

import (
	"sync"
	"testing"

	"sifen/internal/apptest"
)

func TestTwoPeopleEditOneRecord(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		e, rev := w.Enter("clerk1", "publicity-session", "桂花社区", apptest.Session("2020-12-05", 31))
		w.Post("manager1", "/entries/"+e+"/return", apptest.Vals{"reason": "人数不对"}, rev).OK()
		edit := func(as string, match int64, audience int) apptest.Reply {
			return w.Do(apptest.Ask{As: as, Method: "PUT", Path: "/entries/" + e, Match: match, Body: apptest.Vals{"kind": "publicity-session",
				"unit": w.Units["桂花社区"], "values": apptest.Session("2020-12-05", audience), "submit": true}})
		}
		edit("clerk1", rev, 32).OK()
		w.Post("manager1", "/entries/"+e+"/return", apptest.Vals{"reason": "还是不对"}, rev+1).OK()
		p := edit("clerk1", rev, 33).Refused(412, "ledger.changed")
		if apptest.Num(p, "current.rev") != rev+1 || apptest.Num(p, "current.values.audience") != 32 || apptest.Text(p, "current.state") != "returned" {
			t.Errorf("the refusal tells %v", p["current"])
		}
		again := edit("clerk1", apptest.Num(p, "current.rev"), 33).OK()
		if apptest.Num(again, "values.audience") != 33 || apptest.Text(again, "state") != "submitted" {
			t.Errorf("applied again: %v", again)
		}
		for _, path := range []string{"/verify", "/return", "/void"} {
			p := w.Post("manager1", "/entries/"+e+path, apptest.Vals{"reason": "旧版本"}, rev).Refused(412, "ledger.changed")
			if apptest.Num(p, "current.rev") != rev+2 {
				t.Errorf("%s: %v", path, p["current"])
			}
		}
	})
}

// A colleague of the same unit may put right what came back; the draft is then his.
func TestColleagueTakesOver(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		e, rev := w.Enter("clerk1", "publicity-session", "桂花社区", apptest.Session("2020-12-05", 31))
		w.Post("clerk1b", "/entries/"+e+"/withdraw", nil, 0).Refused(403, "ledger.not-own")
		w.Post("manager1", "/entries/"+e+"/return", apptest.Vals{"reason": "人数不对"}, rev).OK()
		got := w.Do(apptest.Ask{As: "clerk1b", Method: "PUT", Path: "/entries/" + e, Match: rev, Body: apptest.Vals{"kind": "publicity-session",
			"unit": w.Units["桂花社区"], "values": apptest.Session("2020-12-05", 30)}}).OK()
		if apptest.Text(got, "state") != "draft" {
			t.Errorf("after the colleague's edit: %v", got["state"])
		}
		w.Get("clerk1b", "/entries/"+e).OK()
		if l := w.Get("clerk1b", "/entries?state=draft").OK(); apptest.Num(l, "by_state.draft") != 1 {
			t.Errorf("the colleague's drafts: %v", l["by_state"])
		}
		got = w.Post("clerk1b", "/entries/"+e+"/submit", nil, 0).OK()
		w.Verify("manager1", e, apptest.Num(got, "rev"))
		w.Settled()
	})
}

func TestOwnRevisionAndOneVerification(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		e, rev := w.Enter("manager1", "publicity-session", "桂花社区", apptest.Session("2020-12-05", 31))
		w.Bad(apptest.Ask{As: "manager1", Method: "POST", Path: "/entries/" + e + "/verify", Match: rev}, 403, "ledger.own-revision", "", "")
		w.Bad(apptest.Ask{As: "manager1", Method: "POST", Path: "/entries/" + e + "/return", Match: rev, Body: apptest.Vals{"reason": "自己退回"}}, 403,
			"ledger.own-revision", "", "")
		e, rev = w.Enter("clerk1", "publicity-session", "桂花社区", apptest.Session("2020-12-06", 10))
		verifiers := []string{"manager1", "street.office", "street.department", "office"}
		answers := make([]apptest.Reply, len(verifiers))
		var wg sync.WaitGroup
		for i, v := range verifiers {
			wg.Go(func() { answers[i] = w.Post(v, "/entries/"+e+"/verify", nil, rev) })
		}
		wg.Wait()
		won := 0
		for _, r := range answers {
			if r.Status == 200 {
				won++
			} else if c := r.JSON()["code"]; r.Status/100 != 4 || c != "ledger.wrong-state" && c != "ledger.changed" {
				t.Errorf("a loser is told %d %s", r.Status, r.Body)
			}
		}
		if won != 1 {
			t.Errorf("%d verifications won", won)
		}
		if f := w.Get("office", "/figures/publicity.audience?period=2020").OK(); apptest.Num(f, "value") != 10 {
			t.Errorf("the figure says %d", apptest.Num(f, "value"))
		}
		w.Settled()
	})
}

func TestSpansOfOneSubject(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		w.Enter("clerk1", "estate-sorting", "桂园", apptest.Vals{"since": "2020-03-01", "until": "2020-06-30"})
		for _, c := range []struct {
			name string
			v    apptest.Vals
			ok   bool
		}{
			{"the same days", apptest.Vals{"since": "2020-03-01", "until": "2020-06-30"}, false},
			{"its last day", apptest.Vals{"since": "2020-06-30"}, false},
			{"its first day", apptest.Vals{"since": "2020-01-01", "until": "2020-03-01"}, false},
			{"around it", apptest.Vals{"since": "2020-01-01"}, false},
			{"until the day before", apptest.Vals{"since": "2020-01-01", "until": "2020-02-29"}, true},
			{"from the day after", apptest.Vals{"since": "2020-07-01"}, true},
		} {
			q := apptest.Ask{As: "clerk1", Method: "POST", Path: "/entries", Body: apptest.Vals{"kind": "estate-sorting", "unit": w.Units["桂园"], "values": c.v}}
			if c.ok {
				w.Do(q).OK()
			} else {
				w.Bad(q, 422, "ledger.invalid", "/values/since", "ledger.overlap")
			}
		}
		w.Post("clerk1", "/entries", apptest.Vals{"kind": "estate-sorting", "unit": w.Units["桂苑"], "values": apptest.Vals{"since": "2020-03-01"}}, 0).OK()
		var wg sync.WaitGroup
		answers := make([]apptest.Reply, 6)
		for i := range answers {
			wg.Go(func() {
				answers[i] = w.Post([]string{"clerk2", "manager1"}[i%2], "/entries", apptest.Vals{"kind": "estate-sorting", "unit": w.Units["兰园"],
					"values": apptest.Vals{"since": "2020-03-01"}}, 0)
			})
		}
		wg.Wait()
		won := 0
		for _, r := range answers {
			if r.Status == 201 {
				won++
			}
		}
		if won != 1 {
			t.Errorf("%d overlapping spans of one estate were taken at once", won)
		}
	})
}
