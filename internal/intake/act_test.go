package intake_test

import (
	"testing"

	"github.com/xuri/excelize/v2"

	"sifen/internal/apptest"
)

// TestWhatAPersonSaysOfRows: rows are left out, taken as records, said to correct the record they are like, or kept as others;
// an import of which nothing waits any more is done.
func TestWhatAPersonSaysOfRows(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		first := startImport(w, "clerk1", odd(w.T, grid(sessionHead, cells{"桂花社区", "2020-12-05", "甲课", 30}), nil))
		w.Post("clerk1", "/import-runs/"+first+"/keep", apptest.Vals{}, 0).OK()
		w.Jobs()
		id := startImport(w, "clerk1", odd(w.T, grid(sessionHead,
			cells{"桂花社区", "2020-12-05", "甲课", 35},  // as the record, with another number
			cells{"桂花社区", "2020-12-05", "甲 课", 36}, // its spelling makes no other
			cells{"桂花社区", "2020-12-06", "合计", 71},
			cells{"桂花社区", "2020-02-30", "乙课", 3},
			cells{"桂花社区", "2020-12-07", "丙课", 4}), nil))
		say := func(do string, lines ...int) map[string]any {
			return w.Post("clerk1", "/import-runs/"+id+"/rows", apptest.Vals{"lines": lines, "do": do}, 0).OK()
		}
		v := importRun(w, "clerk1", id, "bad")
		w.Expect("asked", [4]any{apptest.Num(v, "bad"), apptest.Num(v, "good"), apptest.Num(v, "aside"), apptest.Text(v, "lines.0.like") != ""},
			[4]any{3, 1, 1, true})
		w.Post("clerk1", "/import-runs/"+id+"/rows", apptest.Vals{"lines": []int{5}, "do": "correct"}, 0).Refused(409, "import.act")
		say("correct", 2)
		say("another", 3)
		say("take", 4)
		v = importRun(w, "clerk1", id, "")
		w.Expect("settled", [3]int64{apptest.Num(v, "bad"), apptest.Num(v, "good"), apptest.Num(v, "aside")}, [3]int64{1, 4, 0})
		w.Post("clerk1", "/import-runs/"+id+"/keep", apptest.Vals{"clean_only": true}, 0).OK()
		w.Jobs()
		w.Expect("one waits still", apptest.Text(importRun(w, "clerk1", id, ""), "state"), "open")
		say("leave", 5)
		w.Expect("none waits: it is done", apptest.Text(importRun(w, "clerk1", id, ""), "state"), "kept")
		w.Expect("corrected, and another kept", w.Scalar(`SELECT count(*) FROM entry WHERE state = 'submitted'`), 4)
		w.Expect("the record has its new number", w.Scalar(`SELECT count(*) FROM entry WHERE title = '甲课' AND rev = 2`), 1)
		w.Settled()
	})
}

// TestSheetsThatAPersonChooses: sheets of one head are read together, a summary is not; a person says otherwise, and where the
// titles stand.
func TestSheetsThatAPersonChooses(t *testing.T) {
	w := apptest.New(t, false)
	id := startImport(w, "clerk1", odd(t, grid(sessionHead, cells{"桂花社区", "2020-11-05", "十一月", 3}), func(f *excelize.File) error {
		for _, name := range []string{"12月", "汇总"} {
			if _, err := f.NewSheet(name); err != nil {
				return err
			}
			for i, row := range [][]any{sessionHead, {"桂花社区", "2020-12-05", name, 4}} {
				if err := f.SetSheetRow(name, []string{"A1", "A2"}[i], &row); err != nil {
					return err
				}
			}
		}
		return nil
	}))
	rows := func() [2]any {
		v := importRun(w, "clerk1", id, "")
		return [2]any{apptest.Num(v, "rows"), apptest.Text(v, "lines.1.sheet")}
	}
	w.Expect("months together", rows(), [2]any{int64(2), "12月"})
	choose := func(head int, names ...string) {
		w.Post("clerk1", "/import-runs/"+id+"/source", apptest.Vals{"sheets": names, "head_row": head}, 0).OK()
		w.Jobs()
	}
	choose(0, "汇总")
	w.Expect("the summary alone", rows(), [2]any{int64(1), ""})
	choose(0, "Sheet1", "汇总")
	w.Expect("two that were chosen", rows(), [2]any{int64(2), "汇总"})
	choose(2, "Sheet1")
	w.Expect("titles in the second row: none is known", apptest.List(importRun(w, "clerk1", id, ""), "says") != nil, true)
	w.Post("clerk1", "/import-runs/"+id+"/source", apptest.Vals{"sheets": []string{"别的"}, "head_row": 0}, 0).Refused(422, "import.assign")
}
