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
			return num(w.do(ask{as: "clerk1", method: "PUT", path: "/entries/" + e, match: rev,
				body: vals{"kind": kind, "unit": w.units[unit], "values": v, "submit": true}}).ok(), "rev")
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
		w.bad(ask{as: "admin", method: "POST", path: fmt.Sprintf("/units/%d/move", w.units["桂花社区"]),
			body: vals{"parent": w.units["西镇"], "from": "2019-12-31"}}, 409, "reorg.locked", "", "")
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
	return num(w.do(ask{as: "clerk1", method: "PUT", path: "/entries/" + e, match: rev, body: vals{"kind": got["kind"], "unit": at(got, "unit.id"),
		"values": v, "submit": true}}).ok(), "rev")
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
