package app_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

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

func (w *world) startImport(as string, content []byte) string {
	w.t.Helper()
	r := w.do(ask{as: as, method: "POST", path: "/import-runs?kind=publicity-session&name=a.csv", body: content}).ok()
	w.jobs()
	return text(r, "id")
}

func (w *world) importRun(as, run, state string) map[string]any {
	w.t.Helper()
	return w.get(as, "/import-runs/"+run+"?state="+state).ok()
}

func (w *world) expect(what string, have, want any) {
	w.t.Helper()
	if fmt.Sprint(have) != fmt.Sprint(want) {
		w.t.Errorf("%s: %v, want %v", what, have, want)
	}
}

func TestImportIsMendedKeptAndUndone(t *testing.T) {
	each(t, func(w *world) {
		before := w.scalar(`SELECT count(*) FROM entry`)
		run := w.startImport("clerk1", book(60, map[int][3]string{3: {"桂化社区"}, 4: {"桂化社区"}, 9: {"", "2020-02-30"}, 20: {"西镇"}}))
		v := w.importRun("clerk1", run, "bad")
		w.expect("rows", [4]int64{num(v, "rows"), num(v, "good"), num(v, "bad"), num(v, "accepted")}, [4]int64{60, 56, 4, 0})
		w.expect("state", text(v, "state"), "open")
		w.expect("first bad cell", text(v, "lines.0.faults.0.cell"), "A3")
		w.expect("its cure", text(v, "lines.0.faults.0.suggestion"), "桂花社区")
		w.expect("alike", num(v, "lines.0.alike"), 2)
		w.expect("date", text(v, "lines.2.faults.0.cell"), "B9")
		if w.scalar(`SELECT count(*) FROM entry`) != before {
			t.Error("rows were kept before anybody said so")
		}
		w.do(ask{as: "clerk1", method: "POST", path: "/import-runs/" + run + "/keep", body: vals{}}).refused(409, "import.bad-left")
		// another's import does not exist
		w.get("manager1", "/import-runs/"+run).refused(404, "import.no-batch")

		m := w.post("clerk1", "/import-runs/"+run+"/mend", vals{"column": 0, "was": "桂化社区", "text": "桂花社区"}, 0).ok()
		w.expect("mended together", [2]int64{num(m, "changed"), num(m, "bad")}, [2]int64{2, 2})
		m = w.post("clerk1", "/import-runs/"+run+"/mend", vals{"line": 9, "column": 1, "text": "2020-02-29"}, 0).ok()
		w.expect("one cell", [2]int64{num(m, "changed"), num(m, "bad")}, [2]int64{1, 1})

		w.post("clerk1", "/import-runs/"+run+"/keep", vals{"clean_only": true}, 0).ok()
		w.jobs()
		v = w.importRun("clerk1", run, "")
		w.expect("after keeping the clean rows", [3]any{text(v, "state"), num(v, "accepted"), num(v, "bad")}, [3]any{"open", 59, 1})
		w.expect("entries", w.scalar(`SELECT count(*) FROM entry`)-before, 59)
		w.expect("numbers are one each", w.scalar(`SELECT count(DISTINCT number) FROM entry`), w.scalar(`SELECT count(*) FROM entry`))
		w.settled()
		rej := w.get("clerk1", "/import-runs/"+run+"/rejected")
		if rej.status != 200 || !strings.HasPrefix(string(rej.body), "PK") {
			t.Errorf("rejected rows: %d", rej.status)
		}
		// what was kept is a record like any other, with history, search text and lateness
		e := w.get("clerk1", "/entries?kind=publicity-session&q=入户宣传5&size=1").ok()
		id := text(e, "rows.0.id")
		h := w.get("clerk1", "/entries/"+id).ok()
		w.expect("history", [3]any{text(h, "history.0.op"), text(h, "history.0.source"), text(h, "history.1.op")}, [3]any{"submit", "", "import"})
		if num(h, "late_days") <= 0 {
			t.Error("a session of the past January is not late")
		}
		// the last row mended, kept, the same file again changes nothing
		w.post("clerk1", "/import-runs/"+run+"/mend", vals{"line": 20, "column": 0, "text": "桂花社区"}, 0).ok()
		w.post("clerk1", "/import-runs/"+run+"/keep", vals{}, 0).ok()
		w.jobs()
		w.expect("kept", text(w.importRun("clerk1", run, ""), "state"), "kept")
		again := w.startImport("clerk1", book(60, nil))
		v = w.importRun("clerk1", again, "")
		w.expect("again", [2]int64{num(v, "good"), num(v, "unchanged")}, [2]int64{2 - 1, 59}) // row 9 was mended to another day

		u := w.post("clerk1", "/import-runs/"+run+"/undo", nil, 0).ok()
		w.expect("undone", text(u, "state"), "undone")
		w.expect("entries after undo", w.scalar(`SELECT count(*) FROM entry`), before)
		w.expect("late events after undo", w.scalar(`SELECT count(*) FROM entry_event AS v WHERE NOT EXISTS (SELECT 1 FROM entry AS e WHERE e.district = v.district AND e.id = v.entry)`), 0)
		w.settled()
		w.post("clerk1", "/import-runs/"+run+"/undo", nil, 0).refused(409, "import.state")
	})
}

func TestImportUndoneTooLate(t *testing.T) {
	each(t, func(w *world) {
		run := w.startImport("clerk1", book(3, nil))
		w.post("clerk1", "/import-runs/"+run+"/keep", vals{}, 0).ok()
		w.jobs()
		q := w.get("manager1", "/queue").ok()
		w.verify("manager1", text(q, "rows.0.id"), num(q, "rows.0.rev"))
		before := w.scalar(`SELECT count(*) FROM entry`)
		r := w.post("clerk1", "/import-runs/"+run+"/undo", nil, 0).refused(409, "import.undo-late")
		w.expect("told how many", strings.Contains(text(r, "title"), "3 条中有 1 条"), true)
		w.expect("nothing went", w.scalar(`SELECT count(*) FROM entry`), before)
		w.settled()
	})
}

// TestImportUndoesCorrections: an undone import gives corrected records their values back.
func TestImportUndoesCorrections(t *testing.T) {
	each(t, func(w *world) {
		e, _ := w.enter("clerk1", "publicity-session", "桂花社区", session("2020-11-03", 12))
		number := text(w.get("clerk1", "/entries/"+e).ok(), "number")
		csv := fmt.Sprintf("编号,单位,日期,主题\n%s,桂花社区,2020-11-03,改后的主题\n", number)
		run := w.startImport("clerk1", []byte(csv))
		w.post("clerk1", "/import-runs/"+run+"/keep", vals{}, 0).ok()
		w.jobs()
		w.expect("corrected", text(w.get("clerk1", "/entries/"+e).ok(), "values.topic"), "改后的主题")
		w.post("clerk1", "/import-runs/"+run+"/undo", nil, 0).ok()
		v := w.get("clerk1", "/entries/"+e).ok()
		w.expect("given back", text(v, "values.topic"), session("2020-11-03", 12)["topic"])
		w.expect("state", text(v, "state"), "submitted")
		w.settled()
	})
}

// TestImportsOfOneFileName: two files of one name may hold the same row number; undoing one leaves the other alone.
func TestImportsOfOneFileName(t *testing.T) {
	each(t, func(w *world) {
		keep := func(content string) string {
			run := w.startImport("clerk1", []byte(content))
			w.post("clerk1", "/import-runs/"+run+"/keep", vals{}, 0).ok()
			w.jobs()
			return run
		}
		first := keep("单位,日期,主题\n桂花社区,2020-11-03,第一次导入\n")
		e := text(w.get("clerk1", "/entries?kind=publicity-session&q=第一次导入").ok(), "rows.0.id")
		number := text(w.get("clerk1", "/entries/"+e).ok(), "number")
		second := keep("编号,单位,日期,主题\n" + number + ",桂花社区,2020-11-03,第二次更正\n")
		w.expect("corrected by the second", text(w.get("clerk1", "/entries/"+e).ok(), "values.topic"), "第二次更正")

		w.post("clerk1", "/import-runs/"+first+"/undo", nil, 0).refused(409, "import.undo-late")
		w.expect("the second import's correction stands", text(w.get("clerk1", "/entries/"+e).ok(), "values.topic"), "第二次更正")
		w.post("clerk1", "/import-runs/"+second+"/undo", nil, 0).ok()
		w.expect("the first import's record is back", text(w.get("clerk1", "/entries/"+e).ok(), "values.topic"), "第一次导入")
		w.settled()
	})
}

// TestImportInterrupted: reading that was cut off begins again, keeping that was cut off is done once.
func TestImportInterrupted(t *testing.T) {
	each(t, func(w *world) {
		t := w.t
		r := w.do(ask{as: "clerk1", method: "POST", path: "/import-runs?kind=publicity-session&name=a.csv", body: book(2500, nil)}).ok()
		run := text(r, "id")
		ctx, cancel := context.WithCancel(context.Background())
		go func() { // the process dies somewhere in the reading
			for w.scalar(`SELECT count(*) FROM import_line`) == 0 && ctx.Err() == nil {
				continue
			}
			cancel()
		}()
		_, _ = w.app.Jobs.RunDue(ctx)
		cancel()
		w.close()
		w.open()
		must(t, w.app.Jobs.Begin(context.Background(), nil))
		w.jobs()
		v := w.importRun("clerk1", run, "")
		w.clock.Advance(10 * time.Minute) // long enough for every row to be looked at again
		w.expect("read whole after a restart", [3]any{text(v, "state"), num(v, "rows"), num(v, "good")}, [3]any{"open", 2500, 2500})
		w.post("clerk1", "/import-runs/"+run+"/keep", vals{}, 0).ok()
		w.jobs()
		w.expect("kept once", w.scalar(`SELECT count(*) FROM entry WHERE kind = 'publicity-session'`), 2500)
		w.settled()
	})
}

// TestSameFileTwiceAtOnce: two people who hand in the same file keep it once.
func TestSameFileTwiceAtOnce(t *testing.T) {
	each(t, func(w *world) {
		content := book(40, nil)
		var runs [2]string
		for i, as := range []string{"clerk1", "clerk1b"} {
			runs[i] = w.startImport(as, content)
		}
		var wait sync.WaitGroup
		for i, as := range []string{"clerk1", "clerk1b"} {
			wait.Add(1)
			go func() {
				defer wait.Done()
				by, err := w.app.As(context.Background(), as)
				must(t, err)
				_, err = w.app.Intake.Import(context.Background(), by, content, intake.Options{Kind: "publicity-session", Name: "a.csv"})
				must(t, err)
				w.post(as, "/import-runs/"+runs[i]+"/keep", vals{}, 0).ok()
			}()
		}
		wait.Wait()
		w.jobs()
		w.expect("entries", w.scalar(`SELECT count(*) FROM entry WHERE kind = 'publicity-session'`), 40)
		w.settled()
	})
}
