package ledger_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"sifen/internal/apptest"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/ledger"
	"sifen/internal/org"
)

// TestSuccessorNamesItsPredecessor: a lasting thing that changes from a day ends there, and the new one says whom it follows.
func TestSuccessorNamesItsPredecessor(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		old, rev := w.Counted("clerk1", "manager1", "estate-sorting", "桂园", apptest.Vals{"since": "2019-03-01", "manager": "甲物业"})
		number := apptest.Text(w.Get("clerk1", "/entries/"+old).OK(), "number")
		w.Post("clerk1", "/entries/"+old+"/succeed", apptest.Vals{"from": "2018-01-01", "values": apptest.Vals{}}, rev).Refused(422, "ledger.invalid")
		fresh := w.Post("clerk1", "/entries/"+old+"/succeed", apptest.Vals{"from": "2020-06-01", "values": apptest.Vals{"manager": "乙物业"}}, rev).OK()
		w.Expect("it begins there", [2]any{apptest.Text(fresh, "from"), apptest.Text(fresh, "state")}, [2]any{"2020-06-01", "submitted"})
		created := apptest.At(fresh, "history").([]any)
		first := created[len(created)-1]
		w.Expect("its history names whom it follows", [2]string{apptest.Text(first, "op"), apptest.Text(first, "reason")}, [2]string{"create", number})
		v := w.Get("clerk1", "/entries/"+old).OK()
		w.Expect("the old one ends the day before", apptest.Text(v, "until"), "2020-05-31")
		w.Verify("manager1", old, apptest.Num(v, "rev"))
		w.Verify("manager1", apptest.Text(fresh, "id"), apptest.Num(fresh, "rev"))
		w.Settled()
		e, rev := w.Counted("clerk1", "manager1", "publicity-session", "桂花社区", apptest.Session("2020-11-03", 3))
		w.Post("clerk1", "/entries/"+e+"/succeed", apptest.Vals{"from": "2020-12-01", "values": apptest.Vals{}}, rev).Refused(409, "ledger.not-lasting")
	})
}

// TestPreviewOfADecision: it says what verifying would change, and changes nothing.
func TestPreviewOfADecision(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		e, rev := w.Enter("clerk1", "publicity-session", "桂花社区", apptest.Session("2020-11-03", 12))
		told := func() map[string]string {
			out := map[string]string{}
			for _, x := range apptest.List(w.Get("manager1", "/entries/"+e+"/impact").OK(), "items") {
				out[apptest.Text(x, "key")] = apptest.Text(x, "before") + "→" + apptest.Text(x, "after")
			}
			return out
		}
		w.Expect("alone", told(), map[string]string{"publicity.audience": "0→12", "publicity.sessions": "0→1"})
		w.Counted("clerk1b", "manager1", "publicity-session", "桂花社区", apptest.Session("2020-11-04", 30))
		w.Expect("after another one counts", told(), map[string]string{"publicity.audience": "30→42", "publicity.sessions": "1→2"})
		w.Settled()
		// it waits for no writer, and what another person decides meanwhile is not this decision's
		other, otherRev := w.Enter("clerk1b", "publicity-session", "桂花社区", apptest.Session("2020-11-05", 500))
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		by, err := w.App.As(ctx, "manager1")
		apptest.Must(w.T, err)
		apptest.Must(w.T, w.Write(func(tx *db.Tx) error {
			if _, err := w.App.Ledger.Verify(ctx, tx, by, other, otherRev); err != nil {
				return err
			}
			list, err := w.App.Ledger.ImpactOf(ctx, by, i18n.En, e)
			w.Expect("while somebody writes", fmt.Sprint(len(list), " ", list[0].After), "2 42")
			return err
		}))
		w.Verify("manager1", e, rev)
		w.Expect("of what is decided nothing is told", told(), map[string]string{})
	})
}

// TestFiguresOfARecordStayInReach: a record's page and the preview of its decision tell figures of the widest unit that the
// reader may open, and the preview is for who decides there.
func TestFiguresOfARecordStayInReach(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		w.Counted("clerk2", "manager1", "publicity-session", "兰花社区", apptest.Session("2020-11-03", 500))
		e, _ := w.Counted("clerk1", "manager1", "publicity-session", "桂花社区", apptest.Session("2020-11-04", 12))
		told := func(as string) (out string) {
			for _, x := range apptest.List(w.Get(as, "/entries/"+e).OK(), "counts_in") {
				if apptest.Text(x, "key") == "publicity.audience" {
					out += apptest.Text(x, "unit.name") + " " + apptest.Text(x, "display") + " " + apptest.Text(x, "mine_text")
				}
				if n := apptest.Num(x, "unit.id"); w.Get(as, fmt.Sprintf("/figures/%s?unit=%d&period=2020", apptest.Text(x, "key"), n)).Status != 200 {
					w.T.Errorf("%s is told %v and may not open it", as, x)
				}
			}
			return out
		}
		w.Expect("the clerk", told("clerk1"), "桂花社区 12 12")
		w.Expect("the street", told("manager1"), "东街 512 12")
		w.Expect("the district", told("office"), "四方区 512 12")
		waits, _ := w.Enter("clerk1", "publicity-session", "桂花社区", apptest.Session("2020-11-05", 1))
		impact := func(as string) any {
			return apptest.At(w.Get(as, "/entries/"+waits+"/impact").OK(), "items.0.unit.name")
		}
		w.Expect("the street's preview", impact("manager1"), any("东街"))
		w.Get("clerk1", "/entries/"+waits+"/impact").Refused(403, "http.forbidden")
	})
}

// TestRowsOfAnImport: the narrow door. What is staged is nothing yet; what is kept is submitted under numbers without a
// gap; what nobody touched is undone, and nothing is once somebody did.
func TestRowsOfAnImport(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		ctx := context.Background()
		by, err := w.App.As(ctx, "clerk1")
		apptest.Must(w.T, err)
		l := w.App.Ledger
		k := w.Kind("publicity-session")
		unit := w.Units["桂花社区"]
		rows := func(days ...string) []ledger.Staged {
			var out []ledger.Staged
			for i, day := range days {
				v, faults, err := l.Check(ctx, w.App.DB.Read, by, k, ledger.Input{Unit: org.No(unit), Values: apptest.Session(day, i+1)})
				apptest.Must(w.T, err)
				w.Expect("faults", faults, "[]")
				out = append(out, ledger.Staged{Line: i + 2, Unit: org.No(unit), Values: v})
			}
			return out
		}
		write := func(f func(tx *db.Tx) error) { w.T.Helper(); apptest.Must(w.T, w.Write(f)) }
		imp := "0176b64f-0280-70b8-b172-12c8e16a6afa"
		write(func(tx *db.Tx) error {
			return l.Stage(ctx, tx, by, k, imp, rows("2020-11-03", "2020-11-04", "2020-01-05"))
		})
		write(func(tx *db.Tx) error { return l.Stage(ctx, tx, by, k, imp, rows("2020-11-08")) }) // line 2 anew
		write(func(tx *db.Tx) error { return l.Unstage(ctx, tx, w.District, imp, []int{3}) })
		w.Expect("staged is no entry", w.Scalar(`SELECT count(*) FROM entry`), 0)
		keep := func(imp string) (n int64) {
			write(func(tx *db.Tx) (err error) { n, err = l.KeepStaged(ctx, tx, by, k, imp, "a.csv"); return err })
			return n
		}
		w.Expect("kept", keep(imp), 2)
		w.Expect("again there is nothing to keep", keep(imp), 0)
		list, err := l.Entries(ctx, w.App.DB.Read, by, ledger.Filter{Kind: k.Key, Sort: "day", Limit: 10})
		apptest.Must(w.T, err)
		var got []string
		for _, e := range list {
			got = append(got, fmt.Sprint(e.Number, " ", e.From, " ", e.State, " late ", e.LateDays > 0))
		}
		w.Expect("entries", got, "[XC-2020-0002 2020-01-05 submitted late true XC-2020-0001 2020-11-08 submitted late true]")
		there, err := l.Numbered(ctx, w.App.DB.Read, by, k, []string{"XC-2020-0001", "XC-2020-0009"})
		apptest.Must(w.T, err)
		w.Expect("found by number", [2]any{len(there), there["XC-2020-0001"].From}, [2]any{1, "2020-11-08"})
		other, err := w.App.As(ctx, "clerk3")
		apptest.Must(w.T, err)
		there, err = l.Numbered(ctx, w.App.DB.Read, other, k, []string{"XC-2020-0001"})
		apptest.Must(w.T, err)
		w.Expect("not by another street", len(there), 0)
		w.Settled()

		undo := func(imp string, kept int64) (touched int64) {
			write(func(tx *db.Tx) (err error) { touched, err = l.UndoStaged(ctx, tx, by, k, imp, kept); return err })
			return touched
		}
		id := list[0].ID
		w.Post("manager1", "/entries/"+id+"/return", apptest.Vals{"reason": "照片不清楚"}, 1).OK()
		w.Expect("one was decided on", undo(imp, 2), 1)
		w.Post("clerk1", "/entries/"+id+"/submit", nil, 0).OK()
		w.Expect("handed in again it still was", undo(imp, 2), 1)
		w.Expect("nothing went", w.Scalar(`SELECT count(*) FROM entry`), 2)
		w.Settled()
		second := "0176b64f-0280-70b8-b172-12c8e16a6afb"
		write(func(tx *db.Tx) error { return l.Stage(ctx, tx, by, k, second, rows("2020-01-07", "2020-11-09")) })
		w.Expect("two more", keep(second), 2)
		w.Expect("four records came late", w.Scalar(`SELECT count(*) FROM entry_event WHERE late_days > 0`), 4)
		w.Expect("of these nobody decided", undo(second, 2), 0)
		w.Expect("they went with all that was said of them", [3]int64{w.Scalar(`SELECT count(*) FROM entry`), w.Scalar(`SELECT count(*) FROM entry_rev`),
			w.Scalar(`SELECT count(*) FROM entry_event WHERE late_days > 0`)}, [3]int64{2, 2, 2})
		w.Settled()
	})
}
