package app_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"sifen/internal/db"
	"sifen/internal/indicator"
	"sifen/internal/ledger"
	"sifen/internal/period"
)

func TestTwoPeopleEditOneRecord(t *testing.T) {
	each(t, func(w *world) {
		t := w.t
		e, rev := w.enter("clerk1", "publicity-session", "桂花社区", session("2020-12-05", 31))
		w.post("manager1", "/entries/"+e+"/return", vals{"reason": "人数不对"}, rev).ok()
		edit := func(as string, match int64, audience int) reply {
			return w.do(ask{as: as, method: "PUT", path: "/entries/" + e, match: match, body: vals{"kind": "publicity-session", "unit": w.units["桂花社区"], "values": session("2020-12-05", audience), "submit": true}})
		}
		edit("clerk1", rev, 32).ok()
		w.post("manager1", "/entries/"+e+"/return", vals{"reason": "还是不对"}, rev+1).ok()
		p := edit("clerk1", rev, 33).refused(412, "ledger.changed")
		if num(p, "current.rev") != rev+1 || num(p, "current.values.audience") != 32 || text(p, "current.state") != "returned" {
			t.Errorf("the refusal tells %v", p["current"])
		}
		again := edit("clerk1", num(p, "current.rev"), 33).ok()
		if num(again, "values.audience") != 33 || text(again, "state") != "submitted" {
			t.Errorf("applied again: %v", again)
		}
		for _, path := range []string{"/verify", "/return", "/void"} {
			p := w.post("manager1", "/entries/"+e+path, vals{"reason": "旧版本"}, rev).refused(412, "ledger.changed")
			if num(p, "current.rev") != rev+2 {
				t.Errorf("%s: %v", path, p["current"])
			}
		}
	})
}

// A colleague of the same unit may put right what came back; the draft is then his.
func TestColleagueTakesOver(t *testing.T) {
	each(t, func(w *world) {
		t := w.t
		e, rev := w.enter("clerk1", "publicity-session", "桂花社区", session("2020-12-05", 31))
		w.post("clerk1b", "/entries/"+e+"/withdraw", nil, 0).refused(403, "ledger.not-own")
		w.post("manager1", "/entries/"+e+"/return", vals{"reason": "人数不对"}, rev).ok()
		got := w.do(ask{as: "clerk1b", method: "PUT", path: "/entries/" + e, match: rev, body: vals{"kind": "publicity-session", "unit": w.units["桂花社区"], "values": session("2020-12-05", 30)}}).ok()
		if text(got, "state") != "draft" {
			t.Errorf("after the colleague's edit: %v", got["state"])
		}
		w.get("clerk1b", "/entries/"+e).ok()
		if l := w.get("clerk1b", "/entries?state=draft").ok(); num(l, "by_state.draft") != 1 {
			t.Errorf("the colleague's drafts: %v", l["by_state"])
		}
		got = w.post("clerk1b", "/entries/"+e+"/submit", nil, 0).ok()
		w.verify("manager1", e, num(got, "rev"))
		w.settled()
	})
}

func TestOwnRevisionAndOneVerification(t *testing.T) {
	each(t, func(w *world) {
		t := w.t
		e, rev := w.enter("manager1", "publicity-session", "桂花社区", session("2020-12-05", 31))
		w.bad(ask{as: "manager1", method: "POST", path: "/entries/" + e + "/verify", match: rev}, 403, "ledger.own-revision", "", "")
		w.bad(ask{as: "manager1", method: "POST", path: "/entries/" + e + "/return", match: rev, body: vals{"reason": "自己退回"}}, 403, "ledger.own-revision", "", "")
		e, rev = w.enter("clerk1", "publicity-session", "桂花社区", session("2020-12-06", 10))
		verifiers := []string{"manager1", "street.office", "street.department", "office"}
		answers := make([]reply, len(verifiers))
		var wg sync.WaitGroup
		for i, v := range verifiers {
			wg.Go(func() { answers[i] = w.post(v, "/entries/"+e+"/verify", nil, rev) })
		}
		wg.Wait()
		won := 0
		for _, r := range answers {
			if r.status == 200 {
				won++
			} else if c := r.json()["code"]; r.status/100 != 4 || c != "ledger.wrong-state" && c != "ledger.changed" {
				t.Errorf("a loser is told %d %s", r.status, r.body)
			}
		}
		if won != 1 {
			t.Errorf("%d verifications won", won)
		}
		if f := w.get("office", "/figures/publicity.audience?period=2020").ok(); num(f, "value") != 10 {
			t.Errorf("the figure says %d", num(f, "value"))
		}
		w.settled()
	})
}

func TestLockedPeriod(t *testing.T) {
	each(t, func(w *world) {
		t := w.t
		old, oldRev := w.counted("clerk1", "manager1", "publicity-session", "桂花社区", session("2019-05-05", 10))
		now, nowRev := w.counted("clerk1", "manager1", "publicity-session", "桂花社区", session("2020-05-05", 20))
		join, joinRev := w.counted("clerk1", "manager1", "estate-sorting", "桂园", vals{"since": "2019-03-01", "manager": "物业"})
		waiting, waitRev := w.enter("clerk1", "publicity-session", "桂花社区", session("2019-06-06", 5))
		lock := text(w.post("office", "/locks", vals{"unit": w.units[""], "from": "2019-01-01", "until": "2019-12-31", "reason": "年报已出"}, 0).ok(), "id")
		edit := func(e string, rev int64, kind, unit string, v vals) int64 {
			t.Helper()
			return num(w.do(ask{as: "clerk1", method: "PUT", path: "/entries/" + e, match: rev, body: vals{"kind": kind, "unit": w.units[unit], "values": v, "submit": true}}).ok(), "rev")
		}
		refused := func(path string, match int64) {
			t.Helper()
			w.bad(ask{as: "manager1", method: "POST", path: path, match: match, body: vals{"reason": "更正数字"}}, 409, "closing.locked", "", "")
		}
		for e, want := range map[string][2]string{old: {"2019-01-01", "2019-12-31"}, waiting: {"2019-01-01", "2019-12-31"}, now: {}, join: {}} {
			v := w.get("clerk1", "/entries/"+e).ok()
			w.expect("the page of "+e+" says what is locked", [2]string{text(v, "locked.from"), text(v, "locked.until")}, want)
		}
		before := w.books()
		refused("/entries/"+waiting+"/verify", waitRev)
		refused("/entries/"+old+"/void", oldRev)
		oldRev = edit(old, oldRev, "publicity-session", "桂花社区", session("2019-05-05", 11))
		refused("/entries/"+old+"/verify", oldRev)
		oldRev = edit2(w, old, oldRev, session("2020-05-06", 10)) // out of the locked year
		refused("/entries/"+old+"/verify", oldRev)
		nowRev = edit(now, nowRev, "publicity-session", "桂花社区", session("2019-05-05", 20)) // into it
		refused("/entries/"+now+"/verify", nowRev)
		same(t, "nothing moved while the year is locked", moved(before, w.books()), map[string]int64{})
		w.bad(ask{as: "admin", method: "POST", path: fmt.Sprintf("/units/%d/move", w.units["桂花社区"]), body: vals{"parent": w.units["西镇"], "from": "2019-12-31"}}, 409, "reorg.locked", "", "")
		// what joined before the locked year can still leave today, and not a day earlier than the year's end
		joinRev = edit(join, joinRev, "estate-sorting", "桂园", vals{"since": "2019-03-01", "until": "2019-12-30", "manager": "物业"})
		refused("/entries/"+join+"/verify", joinRev)
		joinRev = edit2(w, join, joinRev, vals{"since": "2019-03-01", "until": "2020-12-30", "manager": "物业"})
		w.verify("manager1", join, joinRev)
		if f := w.get("office", "/figures/coverage.estates?period=2020").ok(); num(f, "part") != 0 {
			t.Errorf("it left and is still counted: %d", num(f, "part"))
		}
		if f := w.get("office", "/figures/coverage.estates?period=2019").ok(); num(f, "part") != 1 {
			t.Errorf("the locked year changed: %d", num(f, "part"))
		}
		w.do(ask{as: "office", method: "DELETE", path: "/locks/" + lock}).ok()
		w.verify("manager1", waiting, waitRev)
		w.settled()
	})
}

// edit2 takes a submission back and makes another revision.
func edit2(w *world, e string, rev int64, v vals) int64 {
	w.t.Helper()
	got := w.post("clerk1", "/entries/"+e+"/withdraw", nil, 0).ok()
	return num(w.do(ask{as: "clerk1", method: "PUT", path: "/entries/" + e, match: rev, body: vals{"kind": got["kind"], "unit": at(got, "unit.id"), "values": v, "submit": true}}).ok(), "rev")
}

func TestSpansOfOneSubject(t *testing.T) {
	each(t, func(w *world) {
		t := w.t
		w.enter("clerk1", "estate-sorting", "桂园", vals{"since": "2020-03-01", "until": "2020-06-30"})
		for _, c := range []struct {
			name string
			v    vals
			ok   bool
		}{
			{"the same days", vals{"since": "2020-03-01", "until": "2020-06-30"}, false},
			{"its last day", vals{"since": "2020-06-30"}, false},
			{"its first day", vals{"since": "2020-01-01", "until": "2020-03-01"}, false},
			{"around it", vals{"since": "2020-01-01"}, false},
			{"until the day before", vals{"since": "2020-01-01", "until": "2020-02-29"}, true},
			{"from the day after", vals{"since": "2020-07-01"}, true},
		} {
			q := ask{as: "clerk1", method: "POST", path: "/entries", body: vals{"kind": "estate-sorting", "unit": w.units["桂园"], "values": c.v}}
			if c.ok {
				w.do(q).ok()
			} else {
				w.bad(q, 422, "ledger.invalid", "/values/since", "ledger.overlap")
			}
		}
		w.post("clerk1", "/entries", vals{"kind": "estate-sorting", "unit": w.units["桂苑"], "values": vals{"since": "2020-03-01"}}, 0).ok()
		var wg sync.WaitGroup
		answers := make([]reply, 6)
		for i := range answers {
			wg.Go(func() {
				answers[i] = w.post([]string{"clerk2", "manager1"}[i%2], "/entries", vals{"kind": "estate-sorting", "unit": w.units["兰园"], "values": vals{"since": "2020-03-01"}}, 0)
			})
		}
		wg.Wait()
		won := 0
		for _, r := range answers {
			if r.status == 201 {
				won++
			}
		}
		if won != 1 {
			t.Errorf("%d overlapping spans of one estate were taken at once", won)
		}
	})
}

// TestManyWritersAtOnce lets two people verify and void the same many records in opposite order.
func TestManyWritersAtOnce(t *testing.T) {
	each(t, func(w *world) {
		t, ctx := w.t, context.Background()
		type rec struct {
			id  string
			rev int64
		}
		var all []rec
		for i := range 40 {
			unit := []string{"桂花社区", "荷花社区", "兰花社区", "柳村"}[i%4]
			e, rev := w.enter("office", "publicity-session", unit, session((period.Date(2020, 12, 30)-period.Day(i)).String(), i))
			all = append(all, rec{e, rev})
		}
		act := func(list []rec, f func(tx *db.Tx, r rec) error) error {
			for i := 0; i < len(list); i += 4 {
				if err := w.write(func(tx *db.Tx) error {
					if err := indicator.Shared(ctx, tx, w.district); err != nil {
						return err
					}
					for _, r := range list[i:min(i+4, len(list))] {
						if err := f(tx, r); err != nil {
							return err
						}
					}
					return nil
				}); err != nil {
					return err
				}
			}
			return nil
		}
		back := make([]rec, len(all))
		for i, r := range all {
			back[len(all)-1-i] = r
		}
		half := len(all) / 2
		run := func(fs ...func() error) {
			t.Helper()
			errs := make([]error, len(fs))
			var wg sync.WaitGroup
			for i, f := range fs {
				wg.Go(func() { errs[i] = f() })
			}
			wg.Wait()
			for _, err := range errs {
				if err != nil {
					t.Error(err)
				}
			}
			w.settled()
		}
		verify := func(tx *db.Tx, r rec) error {
			e, err := w.app.Ledger.Verify(ctx, tx, w.system(), r.id, r.rev)
			if err == nil && e.State != ledger.Verified {
				err = fmt.Errorf("%s is %s", r.id, e.State)
			}
			return err
		}
		void := func(tx *db.Tx, r rec) error {
			_, err := w.app.Ledger.Void(ctx, tx, w.system(), r.id, r.rev, "并发作废")
			return err
		}
		run(func() error { return act(all[:half], verify) }, func() error { return act(back[:half], verify) })
		if n := w.scalar(`SELECT count(*) FROM entry WHERE state = 'verified'`); n != int64(len(all)) {
			t.Errorf("%d of %d are verified", n, len(all))
		}
		run(func() error { return act(all[:half], void) }, func() error { return act(back[:half-5], void) })
		if f := w.get("office", "/figures/publicity.sessions?period=2020").ok(); num(f, "value") != 5 {
			t.Errorf("%d sessions are left, want 5", num(f, "value"))
		}
	})
}
