package intake_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"sifen/internal/apptest"
	"sifen/internal/intake"
)

// book is a CSV of n sessions in 桂花社区, one a day from 2020-01-02, with cells replaced by row (from 2).
func book(n int, cells map[int][3]string) []byte {
	var b strings.Builder
	b.WriteString("单位,日期,主题\n")
	for i := range n {
		c := [3]string{"桂花社区", fmt.Sprintf("2020-%02d-%02d", i/28%12+1, i%28+1), fmt.Sprintf("入户宣传%d", i)}
		for j, t := range cells[i+2] {
			if t != "" {
				c[j] = t
			}
		}
		b.WriteString(strings.Join(c[:], ",") + "\n")
	}
	return []byte(b.String())
}

func startImport(w *apptest.World, as string, content []byte) string {
	w.T.Helper()
	r := w.Do(apptest.Ask{As: as, Method: "POST", Path: "/import-runs?kind=publicity-session&name=a.csv", Body: content}).OK()
	w.Jobs()
	return apptest.Text(r, "id")
}

func importRun(w *apptest.World, as, run, state string) map[string]any {
	w.T.Helper()
	return w.Get(as, "/import-runs/"+run+"?state="+state).OK()
}

func TestImportIsMendedKeptAndUndone(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		before := w.Scalar(`SELECT count(*) FROM entry`)
		run := startImport(w, "clerk1", book(60, map[int][3]string{3: {"桂化社区"}, 4: {"桂化社区"}, 9: {"", "2020-02-30"}, 20: {"西镇"}}))
		v := importRun(w, "clerk1", run, "bad")
		w.Expect("rows", [4]int64{apptest.Num(v, "rows"), apptest.Num(v, "good"), apptest.Num(v, "bad"), apptest.Num(v, "accepted")}, [4]int64{60, 56, 4, 0})
		w.Expect("state", apptest.Text(v, "state"), "open")
		w.Expect("first bad cell", apptest.Text(v, "lines.0.faults.0.cell"), "A3")
		w.Expect("its cure", apptest.Text(v, "lines.0.faults.0.suggestion"), "桂花社区")
		w.Expect("alike", apptest.Num(v, "lines.0.alike"), 2)
		w.Expect("date", apptest.Text(v, "lines.2.faults.0.cell"), "B9")
		if w.Scalar(`SELECT count(*) FROM entry`) != before {
			t.Error("rows were kept before anybody said so")
		}
		w.Do(apptest.Ask{As: "clerk1", Method: "POST", Path: "/import-runs/" + run + "/keep", Body: apptest.Vals{}}).Refused(409, "import.bad-left")
		// another's import does not exist
		w.Get("manager1", "/import-runs/"+run).Refused(404, "import.no-batch")

		m := w.Post("clerk1", "/import-runs/"+run+"/mend", apptest.Vals{"column": 0, "was": "桂化社区", "text": "桂花社区"}, 0).OK()
		w.Expect("mended together", [2]int64{apptest.Num(m, "changed"), apptest.Num(m, "bad")}, [2]int64{2, 2})
		m = w.Post("clerk1", "/import-runs/"+run+"/mend", apptest.Vals{"line": 9, "column": 1, "text": "2020-02-29"}, 0).OK()
		w.Expect("one cell", [2]int64{apptest.Num(m, "changed"), apptest.Num(m, "bad")}, [2]int64{1, 1})

		w.Post("clerk1", "/import-runs/"+run+"/keep", apptest.Vals{"clean_only": true}, 0).OK()
		w.Jobs()
		v = importRun(w, "clerk1", run, "")
		w.Expect("after keeping the clean rows", [3]any{apptest.Text(v, "state"), apptest.Num(v, "accepted"), apptest.Num(v, "bad")}, [3]any{"open", 59, 1})
		w.Expect("entries", w.Scalar(`SELECT count(*) FROM entry`)-before, 59)
		w.Expect("numbers are one each", w.Scalar(`SELECT count(DISTINCT number) FROM entry`), w.Scalar(`SELECT count(*) FROM entry`))
		w.Settled()
		rej := w.Get("clerk1", "/import-runs/"+run+"/rejected")
		if rej.Status != 200 || !strings.HasPrefix(string(rej.Body), "PK") {
			t.Errorf("rejected rows: %d", rej.Status)
		}
		// what was kept is a record like any other, with history, search text and lateness
		e := w.Get("clerk1", "/entries?kind=publicity-session&q=入户宣传5&size=1").OK()
		id := apptest.Text(e, "rows.0.id")
		h := w.Get("clerk1", "/entries/"+id).OK()
		w.Expect("history", [3]any{apptest.Text(h, "history.0.op"), apptest.Text(h, "history.0.source"), apptest.Text(h, "history.1.op")},
			[3]any{"submit", "", "import"})
		if apptest.Num(h, "late_days") <= 0 {
			t.Error("a session of the past January is not late")
		}
		// the last row mended, kept, the same file again changes nothing
		w.Post("clerk1", "/import-runs/"+run+"/mend", apptest.Vals{"line": 20, "column": 0, "text": "桂花社区"}, 0).OK()
		w.Post("clerk1", "/import-runs/"+run+"/keep", apptest.Vals{}, 0).OK()
		w.Jobs()
		w.Expect("kept", apptest.Text(importRun(w, "clerk1", run, ""), "state"), "kept")
		again := startImport(w, "clerk1", book(60, nil))
		v = importRun(w, "clerk1", again, "")
		w.Expect("again", [2]int64{apptest.Num(v, "good"), apptest.Num(v, "unchanged")}, [2]int64{2 - 1, 59}) // row 9 was mended to another day

		u := w.Post("clerk1", "/import-runs/"+run+"/undo", nil, 0).OK()
		w.Expect("undone", apptest.Text(u, "state"), "undone")
		w.Expect("entries after undo", w.Scalar(`SELECT count(*) FROM entry`), before)
		w.Expect("late events after undo", w.Scalar(`SELECT count(*) FROM entry_event AS v WHERE NOT EXISTS (SELECT 1 FROM entry AS e
			WHERE e.district = v.district AND e.id = v.entry)`), 0)
		w.Settled()
		w.Post("clerk1", "/import-runs/"+run+"/undo", nil, 0).Refused(409, "import.state")
	})
}

func TestImportUndoneTooLate(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		run := startImport(w, "clerk1", book(3, nil))
		w.Post("clerk1", "/import-runs/"+run+"/keep", apptest.Vals{}, 0).OK()
		w.Jobs()
		q := w.Get("manager1", "/queue").OK()
		w.Verify("manager1", apptest.Text(q, "rows.0.id"), apptest.Num(q, "rows.0.rev"))
		before := w.Scalar(`SELECT count(*) FROM entry`)
		r := w.Post("clerk1", "/import-runs/"+run+"/undo", nil, 0).Refused(409, "import.undo-late")
		w.Expect("told how many", strings.Contains(apptest.Text(r, "title"), "3 条中有 1 条"), true)
		w.Expect("nothing went", w.Scalar(`SELECT count(*) FROM entry`), before)
		w.Settled()
	})
}

// TestImportUndoesCorrections: an undone import gives corrected records their values back.
func TestImportUndoesCorrections(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		e, _ := w.Enter("clerk1", "publicity-session", "桂花社区", apptest.Session("2020-11-03", 12))
		number := apptest.Text(w.Get("clerk1", "/entries/"+e).OK(), "number")
		csv := fmt.Sprintf("编号,单位,日期,主题\n%s,桂花社区,2020-11-03,改后的主题\n", number)
		run := startImport(w, "clerk1", []byte(csv))
		w.Post("clerk1", "/import-runs/"+run+"/keep", apptest.Vals{}, 0).OK()
		w.Jobs()
		w.Expect("corrected", apptest.Text(w.Get("clerk1", "/entries/"+e).OK(), "values.topic"), "改后的主题")
		w.Post("clerk1", "/import-runs/"+run+"/undo", nil, 0).OK()
		v := w.Get("clerk1", "/entries/"+e).OK()
		w.Expect("given back", apptest.Text(v, "values.topic"), apptest.Session("2020-11-03", 12)["topic"])
		w.Expect("state", apptest.Text(v, "state"), "submitted")
		w.Settled()
	})
}

// TestImportsOfOneFileName: two files of one name may hold the same row number; undoing one leaves the other alone.
func TestImportsOfOneFileName(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		keep := func(content string) string {
			run := startImport(w, "clerk1", []byte(content))
			w.Post("clerk1", "/import-runs/"+run+"/keep", apptest.Vals{}, 0).OK()
			w.Jobs()
			return run
		}
		first := keep("单位,日期,主题\n桂花社区,2020-11-03,第一次导入\n")
		e := apptest.Text(w.Get("clerk1", "/entries?kind=publicity-session&q=第一次导入").OK(), "rows.0.id")
		number := apptest.Text(w.Get("clerk1", "/entries/"+e).OK(), "number")
		second := keep("编号,单位,日期,主题\n" + number + ",桂花社区,2020-11-03,第二次更正\n")
		w.Expect("corrected by the second", apptest.Text(w.Get("clerk1", "/entries/"+e).OK(), "values.topic"), "第二次更正")

		w.Post("clerk1", "/import-runs/"+first+"/undo", nil, 0).Refused(409, "import.undo-late")
		w.Expect("the second import's correction stands", apptest.Text(w.Get("clerk1", "/entries/"+e).OK(), "values.topic"), "第二次更正")
		w.Post("clerk1", "/import-runs/"+second+"/undo", nil, 0).OK()
		w.Expect("the first import's record is back", apptest.Text(w.Get("clerk1", "/entries/"+e).OK(), "values.topic"), "第一次导入")
		w.Settled()
	})
}

// TestImportInterrupted: reading that was cut off begins again, keeping that was cut off is done once.
func TestImportInterrupted(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		r := w.Do(apptest.Ask{As: "clerk1", Method: "POST", Path: "/import-runs?kind=publicity-session&name=a.csv", Body: book(2500, nil)}).OK()
		run := apptest.Text(r, "id")
		ctx, cancel := context.WithCancel(context.Background())
		go func() { // the process dies somewhere in the reading
			for w.Scalar(`SELECT count(*) FROM import_line`) == 0 && ctx.Err() == nil {
				continue
			}
			cancel()
		}()
		_, _ = w.App.Jobs.RunDue(ctx)
		cancel()
		w.Close()
		w.Open()
		apptest.Must(t, w.App.Jobs.Begin(context.Background(), nil))
		w.Jobs()
		v := importRun(w, "clerk1", run, "")
		w.Clock.Advance(10 * time.Minute) // long enough for every row to be looked at again
		w.Expect("read whole after a restart", [3]any{apptest.Text(v, "state"), apptest.Num(v, "rows"), apptest.Num(v, "good")}, [3]any{"open", 2500, 2500})
		w.Post("clerk1", "/import-runs/"+run+"/keep", apptest.Vals{}, 0).OK()
		w.Jobs()
		w.Expect("kept once", w.Scalar(`SELECT count(*) FROM entry WHERE kind = 'publicity-session'`), 2500)
		w.Settled()
	})
}

// TestSameFileTwiceAtOnce: two people who hand in the same file keep it once.
func TestSameFileTwiceAtOnce(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		content := book(40, nil)
		var runs [2]string
		for i, as := range []string{"clerk1", "clerk1b"} {
			runs[i] = startImport(w, as, content)
		}
		var wait sync.WaitGroup
		for i, as := range []string{"clerk1", "clerk1b"} {
			wait.Add(1)
			go func() {
				defer wait.Done()
				by, err := w.App.As(context.Background(), as)
				apptest.Must(t, err)
				_, err = w.App.Intake.Import(context.Background(), by, content, intake.Options{Kind: "publicity-session", Name: "a.csv"})
				apptest.Must(t, err)
				w.Post(as, "/import-runs/"+runs[i]+"/keep", apptest.Vals{}, 0).OK()
			}()
		}
		wait.Wait()
		w.Jobs()
		w.Expect("entries", w.Scalar(`SELECT count(*) FROM entry WHERE kind = 'publicity-session'`), 40)
		w.Settled()
	})
}
