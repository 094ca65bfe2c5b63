package intake_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"sifen/internal/apptest"
	"sifen/internal/db"
	"sifen/internal/i18n"
	"sifen/internal/intake"
)

// TestExportIsReadBack: what a list writes as a workbook, importing takes for what is kept; a changed cell is a correction
// at the revision it was exported at.
func TestExportIsReadBack(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		team, _ := w.Counted("office", "office2", "lecture-team", "", apptest.Vals{"name": "一队", "since": "2019-01-01"})
		v := apptest.With(apptest.Session("2020-12-05", 12), "team", team)
		v["audience.basis"], v["note"] = "estimated", "第一行\n第二行"
		first, _ := w.Counted("clerk1", "manager1", "publicity-session", "桂花社区", v)
		w.Enter("clerk1", "publicity-session", "桂花社区", apptest.Session("2020-12-06", 3))
		get := w.Get("clerk1", "/entries/export?kind=publicity-session&period=2020-12")
		f, err := excelize.OpenReader(bytes.NewReader(get.Body))
		apptest.Must(w.T, err)
		defer f.Close()
		sheet := f.GetSheetName(0)
		rows, err := f.GetRows(sheet)
		apptest.Must(w.T, err)
		at := map[string]int{}
		for i, title := range rows[0] {
			at[strings.TrimRight(title, " *")] = i
		}
		w.Expect("what stands there", [5]string{rows[2][at["单位"]], rows[2][at["宣讲队"]], rows[2][at["受众计数方式"]], rows[2][at["状态"]], rows[2][at["版本"]]},
			[5]string{"东街/桂花社区", "一队", "估计", "已核实", "1"})
		imports := func(content []byte) map[string]any {
			return w.Do(apptest.Ask{As: "clerk1", Method: "POST", Path: "/imports?kind=publicity-session&name=b.xlsx", Body: content}).OK()
		}
		r := imports(get.Body)
		w.Expect("read back", [3]any{apptest.Num(r, "rows"), apptest.Num(r, "accepted"), apptest.Num(r, "unchanged")}, [3]any{2, 0, 2})

		cell, err := excelize.CoordinatesToCellName(at["主题"]+1, 3)
		apptest.Must(w.T, err)
		apptest.Must(w.T, f.SetCellValue(sheet, cell, "改过的主题"))
		var b bytes.Buffer
		apptest.Must(w.T, f.Write(&b))
		r = imports(b.Bytes())
		w.Expect("one corrected", [2]any{apptest.Num(r, "accepted"), apptest.Num(r, "unchanged")}, [2]any{1, 1})
		e := w.Get("clerk1", "/entries/"+first).OK()
		w.Expect("a new revision waits, the old one counts", [4]any{apptest.Num(e, "rev"), apptest.Text(e, "state"), apptest.At(e, "counted"),
			apptest.Text(e, "values.topic")},
			[4]any{2, "submitted", true, "改过的主题"})
		apptest.Must(w.T, f.SetCellValue(sheet, cell, "又改一次"))
		b.Reset()
		apptest.Must(w.T, f.Write(&b))
		r = imports(b.Bytes())
		w.Expect("another's revision in between", [3]any{apptest.Num(r, "accepted"), apptest.Text(r, "errors.0.code"),
			apptest.Text(w.Get("clerk1", "/entries/"+first).OK(), "values.topic")},
			[3]any{0, "ledger.changed", "改过的主题"})
		w.Settled()
	})
}

// TestEmptyWorkbook: it has the columns of the kind, and as it is it brings nothing.
func TestEmptyWorkbook(t *testing.T) {
	w := apptest.New(t, false)
	f, err := excelize.OpenReader(bytes.NewReader(w.Get("clerk1", "/kinds/publicity-session/template").Body))
	apptest.Must(t, err)
	defer f.Close()
	rows, err := f.GetRows(f.GetSheetName(0))
	apptest.Must(t, err)
	if len(rows) == 0 || !strings.Contains(strings.Join(rows[0], " "), "受众（人次） 受众计数方式") {
		t.Errorf("titles: %v", rows)
	}
	w.Get("clerk1", "/kinds/party/template").Refused(404, "ledger.no-kind")
}

// TestNamesOfThingsInCells: records by title or number, persons by name, photos by the names of files.
func TestNamesOfThingsInCells(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		ctx := context.Background()
		by, err := w.App.As(ctx, "office")
		apptest.Must(w.T, err)
		for _, name := range []string{"一队", "二队", "二队"} {
			w.Counted("office", "office2", "lecture-team", "", apptest.Vals{"name": name, "since": "2019-01-01"})
		}
		var photo bytes.Buffer
		apptest.Must(w.T, png.Encode(&photo, image.NewGray(image.Rect(0, 0, 40, 30))))
		beside := func(name string) ([]byte, error) {
			switch name {
			case "a.png":
				return photo.Bytes(), nil
			case "b.csv":
				return []byte("单位,日期\n"), nil
			}
			return nil, fs.ErrNotExist
		}
		take := func(kind, csv string, dry bool) intake.Result {
			w.T.Helper()
			res, err := w.App.Intake.Import(ctx, by, []byte(csv), intake.Options{Kind: kind, Name: "a.csv", Lang: i18n.En, Open: beside, DryRun: dry})
			apptest.Must(w.T, err)
			return res
		}
		const head = "单位,日期,主题,宣讲队,现场照片\n"
		for name, c := range map[string]struct{ cells, cell, code, suggest string }{
			"a title":                  {"桂花社区,2020-12-05,甲,一队,", "", "", ""},
			"a number":                 {"桂花社区,2020-12-05,甲,DW-2019-0001,", "", "", ""},
			"a title mistyped":         {"桂花社区,2020-12-05,甲,一组,", "D2", "value.ref-unknown", "一队"},
			"a title of two":           {"桂花社区,2020-12-05,甲,二队,", "D2", "value.ref-several", ""},
			"a photo":                  {"桂花社区,2020-12-05,甲,,a.png", "", "", ""},
			"a photo that is not here": {"桂花社区,2020-12-05,甲,,c.png", "E2", "value.file-beside", ""},
			"a photo that is a table":  {"桂花社区,2020-12-05,甲,,b.csv", "E2", "evidence.not-image", ""},
			"a unit mistyped":          {"桂化社区,2020-12-05,甲,,", "A2", "value.unit-unknown", "桂花社区"},
			"a unit of another type":   {"清运公司,2020-12-05,甲,,", "A2", "ledger.unit-type", ""},
			"no unit":                  {",2020-12-05,甲,,", "A2", "value.required", ""},
			"a day to come":            {"桂花社区,2021-12-05,甲,,", "B2", "value.future", ""},
			"the titles once more":     {"单位,日期,主题,宣讲队,", "", "", ""},
		} {
			w.Run(name, func(t *testing.T) {
				res := take("publicity-session", head+c.cells+"\n", true)
				got := [3]string{}
				if len(res.Errors) > 0 {
					got = [3]string{res.Errors[0].Cell, res.Errors[0].Code, res.Errors[0].Suggestion}
				}
				if got != [3]string{c.cell, c.code, c.suggest} || res.Clean() != (c.code == "") {
					t.Errorf("%v, want %s %s %s", res.Errors, c.cell, c.code, c.suggest)
				}
			})
		}
		w.Expect("trying kept nothing", w.Scalar(`SELECT count(*) FROM entry WHERE kind = 'publicity-session'`)+w.Scalar(`SELECT count(*) FROM import_run`), 0)
		res := take("publicity-session", head+"桂花社区,2020-12-05,甲,一队,a.png\n", false)
		w.Expect("kept with its photo", [3]any{res.Accepted, w.Scalar(`SELECT count(*) FROM evidence_use`), w.Scalar(`SELECT photos FROM entry
			WHERE kind = 'publicity-session'`)}, [3]any{1, 1, 1})

		const lecturers = "单位,姓名,宣讲队,受聘日期\n"
		people := w.Scalar(`SELECT count(*) FROM person`)
		res = take("lecturer", lecturers+"四方区,王五,一队,2020-01-01\n四方区,赵六,一队,2020-01-01\n", false)
		w.Expect("two persons are made with their records", [2]any{res.Accepted, w.Scalar(`SELECT count(*) FROM person`) - people}, [2]any{2, 2})
		res = take("lecturer", lecturers+"四方区,王五,一队,2020-01-01\n", false)
		w.Expect("the same row once more", [2]any{res.Accepted, res.Unchanged}, [2]any{0, 1})
		res = take("lecturer", lecturers+"四方区,孙七,一队,2020-01-01\n四方区,王五,一队,2020-06-01\n", false)
		w.Expect("a row that overlaps keeps all out", [3]any{res.Accepted, len(res.Errors), res.Errors[0].Code + " " + res.Errors[0].Cell},
			[3]any{0, 1, "ledger.overlap A3"})
		w.Expect("of that file nothing is left", w.Scalar(`SELECT count(*) FROM entry WHERE kind = 'lecturer'`), 2)
		w.Settled()
	})
}

// TestWaitingRowsGo: a person throws them away, or time does; what was kept of an import stays, and is no more undone.
func TestWaitingRowsGo(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		run := startImport(w, "clerk1", book(3, nil))
		w.Expect("staged", w.Scalar(`SELECT count(*) FROM entry_staged`), 3)
		w.Do(apptest.Ask{As: "clerk1b", Method: "DELETE", Path: "/import-runs/" + run}).Refused(404, "import.no-batch")
		w.Do(apptest.Ask{As: "clerk1", Method: "DELETE", Path: "/import-runs/" + run}).OK()
		w.Expect("thrown away", w.Scalar(`SELECT count(*) FROM entry_staged`)+w.Scalar(`SELECT count(*) FROM import_line`)+w.Scalar(`SELECT count(*)
			FROM import_run`), 0)

		run = startImport(w, "clerk1", book(4, map[int][3]string{3: {"不知哪里"}}))
		w.Post("clerk1", "/import-runs/"+run+"/keep", apptest.Vals{"clean_only": true}, 0).OK()
		w.Jobs()
		w.Do(apptest.Ask{As: "clerk1", Method: "DELETE", Path: "/import-runs/" + run}).Refused(409, "import.state")
		other := startImport(w, "clerk1", book(30, nil))
		w.Expect("the list", fmt.Sprint(len(apptest.List(w.Get("clerk1", "/import-runs").OK(), "items"))), "2")
		tidy := w.App.Intake.Module().Tidy
		apptest.Must(w.T, w.Write(func(tx *db.Tx) error { return tidy(context.Background(), tx, w.Clock.Now().UnixMilli()+1) }))
		w.Expect("nothing waits", w.Scalar(`SELECT count(*) FROM entry_staged`)+w.Scalar(`SELECT count(*) FROM import_line`), 0)
		w.Expect("what was kept stays", w.Scalar(`SELECT count(*) FROM entry`), 3)
		w.Get("clerk1", "/import-runs/"+other).Refused(404, "import.no-batch")
		w.Post("clerk1", "/import-runs/"+run+"/undo", nil, 0).Refused(409, "import.undo-late")
		w.Settled()
	})
}

// TestRowsThatBecameBad: a unit that is no more when the rows are kept opens the import to its person again.
func TestRowsThatBecameBad(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		run := startImport(w, "manager2", book(3, map[int][3]string{2: {"荷花社区"}, 3: {"柳村"}, 4: {"荷花社区"}}))
		w.Post("admin", fmt.Sprintf("/units/%d/close", w.Units["柳村"]), apptest.Vals{"from": "2019-06-01"}, 0).OK()
		w.Clock.Advance(10 * time.Minute) // long enough for the rows to be looked at again
		w.Post("manager2", "/import-runs/"+run+"/keep", apptest.Vals{}, 0).OK()
		w.Jobs()
		v := importRun(w, "manager2", run, "bad")
		w.Expect("it waits again", [3]any{apptest.Text(v, "state"), apptest.Num(v, "good"), apptest.Num(v, "bad")}, [3]any{"open", 2, 1})
		w.Expect("for the row that is bad now", apptest.Num(v, "lines.0.line"), 3)
		w.Expect("which is no more to be an entry", w.Scalar(`SELECT count(*) FROM entry_staged`), 2)
		w.Expect("nothing was kept", w.Scalar(`SELECT count(*) FROM entry`), 0)
	})
}
