package order_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"sifen/internal/apptest"
	"sifen/internal/db"
	"sifen/internal/period"
)

// loseOnce makes the first transaction that changes a table lose a race at its commit, as a deadlock would.
func loseOnce(w *apptest.World, table string) {
	for _, q := range []string{
		`CREATE SEQUENCE tries`, // its numbers are not given back when the transaction is
		`CREATE FUNCTION lose_once() RETURNS trigger LANGUAGE plpgsql AS $$
			BEGIN IF nextval('tries') = 1 THEN RAISE EXCEPTION 'lost a race' USING ERRCODE = '40001'; END IF; RETURN NULL; END $$`,
		`CREATE CONSTRAINT TRIGGER lose AFTER UPDATE ON ` + table + ` DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION lose_once()`,
	} {
		apptest.Must(w.T, w.App.DB.Exec(context.Background(), q))
	}
}

// onPostgres runs f where transactions can lose a race: SQLite has one writer and never tries again.
func onPostgres(t *testing.T, f func(ctx context.Context, w *apptest.World)) {
	apptest.Each(t, func(w *apptest.World) {
		if w.App.DB.Postgres {
			f(t.Context(), w)
		}
	})
}

// TestDecisionsTriedAgain: a transaction that lost a race counts what it decided once.
func TestDecisionsTriedAgain(t *testing.T) {
	onPostgres(t, func(ctx context.Context, w *apptest.World) {
		for i := range 5 {
			w.Enter("clerk1", "publicity-session", "桂花社区", apptest.Session(fmt.Sprintf("2020-11-%02d", i+1), 3))
		}
		w.Enter("manager1", "publicity-session", "桂花社区", apptest.Session("2020-11-20", 3))
		loseOnce(w, "entry")
		by, err := w.App.As(ctx, "manager1")
		apptest.Must(w.T, err)
		passed, stayed, err := w.App.Orders.VerifyAll(ctx, by, "publicity-session", period.Year(2020))
		apptest.Must(w.T, err)
		w.Expect("passed once, one stays", [2]any{passed, stayed}, [2]any{5, map[string]int{"ledger.own-revision": 1}})
		w.Expect("it was tried again", w.Scalar(`SELECT last_value FROM tries`) > 1, true)
		w.Settled()
	})
}

// TestOrderTakenByAnother: while the start of an order is tried again, another server took it to its end: it does not run twice.
func TestOrderTakenByAnother(t *testing.T) {
	onPostgres(t, func(ctx context.Context, w *apptest.World) {
		e, _ := w.Enter("clerk1", "publicity-session", "桂花社区", apptest.Session("2020-11-03", 3))
		ordered := apptest.Text(w.Post("manager1", "/bulk", apptest.Vals{"op": "verify", "ids": []string{e}}, 0).OK(), "id")
		w.Clock.Advance(7 * time.Second)
		loseOnce(w, "bulk_run")
		for _, q := range []string{
			`CREATE SEQUENCE takes`,
			`CREATE FUNCTION taken() RETURNS trigger LANGUAGE plpgsql AS $$
			BEGIN IF nextval('takes') = 2 THEN RETURN NULL; END IF; RETURN NEW; END $$`, // the second time no row is there to take
			`CREATE TRIGGER taken BEFORE UPDATE ON bulk_run FOR EACH ROW WHEN (NEW.state = 'running') EXECUTE FUNCTION taken()`,
		} {
			apptest.Must(w.T, w.App.DB.Exec(ctx, q))
		}
		ended := false
		apptest.Must(w.T, w.App.Orders.Run(ctx, w.District, []byte(fmt.Sprintf(`{"run":%q}`, ordered)), func(*db.Tx) error { ended = true; return nil }))
		w.Expect("the job ends, and decides nothing", [2]any{ended, w.Scalar(`SELECT count(*) FROM entry WHERE state = 'verified'`)}, [2]any{true, int64(0)})
		w.Expect("it was tried again", w.Scalar(`SELECT last_value FROM takes`), 2)
	})
}
