package order_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"sifen/internal/apptest"
	"sifen/internal/db"
	"sifen/internal/order"
	"sifen/internal/period"
)

// TestOrderCalledOffAtTheLastMoment: a job that has come to an order while it is being called off does not run it.
func TestOrderCalledOffAtTheLastMoment(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		ctx := context.Background()
		e, _ := w.Enter("clerk1", "publicity-session", "桂花社区", apptest.Session("2020-11-03", 3))
		ordered := apptest.Text(w.Post("manager1", "/bulk", apptest.Vals{"op": "verify", "ids": []string{e}}, 0).OK(), "id")
		by, err := w.App.As(ctx, "manager1")
		apptest.Must(w.T, err)
		ran := make(chan error, 1)
		done := func(*db.Tx) error { return nil }
		apptest.Must(w.T, w.Write(func(tx *db.Tx) error {
			b, err := w.App.Orders.CallOff(ctx, tx, by, ordered)
			w.Expect("called off", b.State, order.Cancelled)
			if err != nil {
				return err
			}
			go func() {
				ran <- w.App.Orders.Run(ctx, w.District, []byte(fmt.Sprintf(`{"run":%q}`, ordered)), done)
			}()
			for w.App.DB.Postgres && w.Scalar(`SELECT count(*) FROM pg_locks WHERE NOT granted`) == 0 {
				continue // until the job waits for the row that is being called off
			}
			return nil
		}))
		apptest.Must(w.T, <-ran)
		w.Expect("nothing was verified", w.Scalar(`SELECT count(*) FROM entry WHERE state = 'verified'`), 0)
		w.Expect("the order stays called off", apptest.Text(w.Get("manager1", "/bulk/"+ordered).OK(), "state"), "cancelled")
		w.Do(apptest.Ask{As: "manager1", Method: "DELETE", Path: "/bulk/" + ordered}).Refused(409, "bulk.too-late")
	})
}

// TestVerifyEverything: the command line passes what is the scope's, counts it once, and says why the rest stayed.
func TestVerifyEverything(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		ctx := context.Background()
		for i := range 5 {
			w.Enter("clerk1", "publicity-session", "桂花社区", apptest.Session(fmt.Sprintf("2020-11-%02d", i+1), 3))
		}
		w.Enter("manager1", "publicity-session", "桂花社区", apptest.Session("2020-11-20", 3))
		w.Enter("clerk3", "publicity-session", "荷花社区", apptest.Session("2020-11-21", 3))
		by, err := w.App.As(ctx, "manager1")
		apptest.Must(w.T, err)
		passed, stayed, err := w.App.Orders.VerifyAll(ctx, by, "publicity-session", period.Year(2020))
		apptest.Must(w.T, err)
		w.Expect("passed, and his own stays", [2]any{passed, stayed}, [2]any{5, map[string]int{"ledger.own-revision": 1}})
		w.Expect("verified", w.Scalar(`SELECT count(*) FROM entry WHERE state = 'verified'`), 5)
		passed, _, err = w.App.Orders.VerifyAll(ctx, by, "publicity-session", period.Year(2020))
		apptest.Must(w.T, err)
		w.Expect("again, nothing is left", passed, 0)
		w.Settled()
	})
}

// TestOldOrdersAreForgotten: what they decided stays.
func TestOldOrdersAreForgotten(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		e, _ := w.Enter("clerk1", "publicity-session", "桂花社区", apptest.Session("2020-11-03", 3))
		w.Post("manager1", "/bulk", apptest.Vals{"op": "verify", "ids": []string{e}}, 0).OK()
		w.Clock.Advance(10 * time.Second)
		w.Jobs()
		w.Expect("decided", w.Scalar(`SELECT count(*) FROM entry WHERE state = 'verified'`), 1)
		tidy := w.App.Orders.Module().Tidy
		before := w.Clock.Now().UnixMilli()
		apptest.Must(w.T, w.Write(func(tx *db.Tx) error { return tidy(context.Background(), tx, before) }))
		w.Expect("forgotten", w.Scalar(`SELECT count(*) FROM bulk_run`)+w.Scalar(`SELECT count(*) FROM bulk_item`), 0)
		w.Expect("it stays verified", w.Scalar(`SELECT count(*) FROM entry WHERE state = 'verified'`), 1)
	})
}

func TestManyDecisionsAtOnce(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		var ids []string
		for i := range 7 {
			id, _ := w.Enter("clerk1", "publicity-session", "桂花社区", apptest.Session(fmt.Sprintf("2020-11-%02d", i+1), 3))
			ids = append(ids, id)
		}
		own, _ := w.Enter("manager1", "publicity-session", "桂花社区", apptest.Session("2020-11-20", 3))
		else1, _ := w.Enter("clerk3", "publicity-session", "荷花社区", apptest.Session("2020-11-20", 3))
		_ = else1
		p := w.Post("manager1", "/bulk/preview", apptest.Vals{"all": true, "kind": "publicity-session", "period": "2020"}, 0).OK()
		w.Expect("of the whole list", [4]int64{apptest.Num(p, "chosen"), apptest.Num(p, "eligible"), apptest.Num(p, "own"), apptest.Num(p, "other")},
			[4]int64{8, 7, 1, 0})
		w.Post("manager1", "/bulk", apptest.Vals{"op": "return", "ids": ids}, 0).Refused(422, "ledger.reason")
		w.Post("manager1", "/bulk", apptest.Vals{"op": "verify", "ids": []string{own}}, 0).Refused(409, "bulk.nothing")

		// called off in time, nothing happens
		b := w.Post("manager1", "/bulk", apptest.Vals{"op": "verify", "ids": ids}, 0).OK()
		w.Jobs() // it has not begun: the moment of grace runs
		w.Do(apptest.Ask{As: "manager1", Method: "DELETE", Path: "/bulk/" + apptest.Text(b, "id")}).OK()
		w.Clock.Advance(7 * time.Second)
		w.Jobs()
		w.Expect("nothing verified", w.Scalar(`SELECT count(*) FROM entry WHERE state = 'verified'`), 0)

		// two people in the same queue: what one decided meanwhile stays as he decided it
		b = w.Post("manager1", "/bulk", apptest.Vals{"op": "verify", "ids": ids}, 0).OK()
		one := w.Get("office", "/entries/"+ids[2]).OK()
		w.Post("office", "/entries/"+ids[2]+"/return", apptest.Vals{"reason": "照片不清楚"}, apptest.Num(one, "rev")).OK()
		w.Clock.Advance(7 * time.Second)
		w.Jobs()
		r := w.Get("manager1", "/bulk/"+apptest.Text(b, "id")).OK()
		w.Expect("done", [3]any{apptest.Text(r, "state"), apptest.Num(r, "done"), apptest.Num(r, "passed")}, [3]any{"done", 7, 6})
		stayed, _ := apptest.At(r, "stayed").(map[string]any)
		w.Expect("one stayed, with a sentence", len(stayed), 1)
		for why := range stayed {
			if strings.ContainsAny(why, "{}") || strings.Contains(why, "ledger.") || why == "" {
				t.Errorf("the reason is a code, or has holes: %q", why)
			}
		}
		w.Do(apptest.Ask{As: "manager1", Method: "DELETE", Path: "/bulk/" + apptest.Text(b, "id")}).Refused(409, "bulk.too-late")
		w.Get("manager2", "/bulk/"+apptest.Text(b, "id")).Refused(404, "bulk.none")
		w.Expect("verified", w.Scalar(`SELECT count(*) FROM entry WHERE state = 'verified'`), 6)
		w.Settled()
	})
}

// TestSentencesAreFilled: why an entry stayed is said in words, with what they name, in the language of who asks.
func TestSentencesAreFilled(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		late, _ := w.Enter("clerk1", "publicity-session", "桂花社区", apptest.Session("2019-11-03", 3))
		good, _ := w.Enter("clerk1", "publicity-session", "桂花社区", apptest.Session("2020-11-03", 3))
		b := apptest.Text(w.Post("manager1", "/bulk", apptest.Vals{"op": "verify", "ids": []string{late, good}}, 0).OK(), "id")
		w.Post("office", "/locks", apptest.Vals{"unit": w.Units[""], "from": "2019-01-01", "until": "2019-12-31", "reason": "年报已出"}, 0).OK()
		w.Clock.Advance(7 * time.Second)
		w.Jobs()
		for lang, want := range map[string]string{"": "2019-01-01 至 2019-12-31 已锁定", "en": "2019-01-01 to 2019-12-31 is locked"} {
			r := w.Do(apptest.Ask{As: "manager1", Path: "/bulk/" + b, Lang: lang}).OK()
			stayed, _ := apptest.At(r, "stayed").(map[string]any)
			if len(stayed) != 1 || apptest.Num(r, "passed") != 1 {
				t.Fatalf("%v", r)
			}
			for why, n := range stayed {
				if !strings.HasPrefix(why, want) || strings.ContainsAny(why, "{}") || n != 1.0 {
					t.Errorf("%v stayed: %q", n, why)
				}
			}
		}
		apptest.Must(w.T, w.App.DB.Exec(context.Background(), `UPDATE bulk_item SET said = ''`)) // as old programs left it
		r := w.Get("manager1", "/bulk/"+b).OK()
		stayed, _ := apptest.At(r, "stayed").(map[string]any)
		w.Expect("without what it names", len(stayed), 1)
	})
}

// TestTwoNodesInOneOrder: a node that was slow goes on with an order that another one took over: nothing is decided twice.
func TestTwoNodesInOneOrder(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		ctx := context.Background()
		const many = 300 // more than one piece
		var ids []string
		for i := range many {
			e, _ := w.Enter("clerk1", "publicity-session", "桂花社区", apptest.Session(fmt.Sprintf("2020-%02d-%02d", 1+i%11, 1+i%28), 3))
			ids = append(ids, e)
		}
		b := apptest.Text(w.Post("manager1", "/bulk", apptest.Vals{"op": "verify", "ids": ids}, 0).OK(), "id")
		w.Clock.Advance(7 * time.Second)
		errs := make(chan error, 2)
		for range 2 { // both hold it: the claim of the first ran out while it was slow
			go func() {
				errs <- w.App.Orders.Run(ctx, w.District, []byte(fmt.Sprintf(`{"run":%q}`, b)), func(*db.Tx) error { return nil })
			}()
		}
		apptest.Must(w.T, errors.Join(<-errs, <-errs))
		r := w.Get("manager1", "/bulk/"+b).OK()
		w.Expect("done and passed", [3]any{apptest.Text(r, "state"), apptest.Num(r, "done"), apptest.Num(r, "passed")}, [3]any{"done", many, many})
		w.Expect("decided once each", w.Scalar(`SELECT count(*) FROM journal WHERE op = 'ledger.verify'`), many)
		w.Settled()
	})
}
