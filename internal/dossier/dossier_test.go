package dossier_test

import (
	"context"
	"testing"

	"sifen/internal/apptest"
	"sifen/internal/db"
)

func TestMain(m *testing.M) { apptest.Main(m) }

type vals = apptest.Vals

// lead opens a case at a unit and returns it.
func lead(w *apptest.World, unit, title string) map[string]any {
	w.T.Helper()
	return w.Post("office2", "/cases", vals{"unit": w.Units[unit], "title": title, "severity": "minor", "instrument": "prompt"}, 0).OK()
}

// TestMapAndBoard: what is open stands where it lies, or says that nobody knows; the board sorts it by state; whoever does not
// see a case sees it nowhere.
func TestMapAndBoard(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		lead(w, "桂园", "满溢")
		lead(w, "桂园", "散落")
		lead(w, "荷园", "缺桶")
		v := w.Get("office", "/case-map").OK()
		w.Expect("places", len(apptest.List(v, "spots")), 2)
		w.Expect("cases", apptest.Num(v, "cases"), int64(3))
		w.Expect("nobody knows where", apptest.Num(v, "nowhere"), int64(2))
		p := w.Post("office", "/places", vals{"type": "dropoff-point", "unit": w.Units["桂园"],
			"point": vals{"lat": 313000000, "lon": 1183600000}, "body": apptest.PlaceBody("东门")}, 0).OK()
		apptest.Must(w.T, w.Write(func(tx *db.Tx) error { // what consulting residents and approving lead to
			_, err := tx.ExecContext(context.Background(), `UPDATE place SET state = 'open' WHERE district = $1 AND id = $2`, w.District,
				apptest.Text(p, "id"))
			return err
		}))
		v = w.Get("office", "/case-map").OK()
		w.Expect("one is known", apptest.Num(v, "nowhere"), int64(1))
		for _, s := range apptest.List(v, "spots") {
			if apptest.Text(s, "name") == "桂园" {
				w.Expect("where its point stands", apptest.Num(s, "point.lon"), int64(1183600000))
				w.Expect("exactly", apptest.At(s, "near"), false)
				w.Expect("two cases", apptest.Num(s, "n"), int64(2))
			}
		}
		w.Expect("the other street sees its own", len(apptest.List(w.Get("manager2", "/case-map").OK(), "spots")), 1)
		w.Expect("nothing late", len(apptest.List(w.Get("office", "/case-map?age=more").OK(), "spots")), 0)
		columns := apptest.List(w.Get("office", "/case-board").OK(), "items")
		w.Expect("to be issued", apptest.Num(columns[0], "n"), int64(3))
		w.Expect("shown", len(apptest.List(columns[0], "rows")), 3)
		w.Expect("narrowed", apptest.Num(apptest.List(w.Get("office", "/case-board?q=缺桶").OK(), "items")[0], "n"), int64(1))
	})
}
