package intake_test

import (
	"testing"

	"github.com/xuri/excelize/v2"

	"sifen/internal/apptest"
	"sifen/internal/sheet"
)

// TestColumnsOfAStrangersFile: a file whose columns are called otherwise waits, a person says once which is which, and the
// next file with the same titles is read by itself.
func TestColumnsOfAStrangersFile(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		file := func(day, topic string) []byte {
			return odd(w.T, map[string]any{"A1": "2020年宣传活动统计", "A2": "序号", "B2": "活动时间", "C2": "活动内容", "D2": "参加人数", "E2": "备注",
				"A3": 1, "B3": day, "C3": topic, "D3": 31, "E3": "雨天", "A4": 2, "B4": "2020-11-31", "C4": topic + "二", "D4": 12}, func(f *excelize.File) error {
				return f.MergeCell("Sheet1", "A1", "E1")
			})
		}
		run := startImport(w, "clerk1", file("2020-11-05", "绘本课堂"))
		v := importRun(w, "clerk1", run, "")
		w.Expect("waits, nothing read", [3]any{apptest.Text(v, "state"), apptest.Num(v, "rows"), apptest.Num(v, "head_row")}, [3]any{"open", 0, 2})
		w.Expect("columns", [3]any{apptest.Text(v, "assign.columns.2.title"), apptest.Text(v, "assign.columns.2.letter"),
			apptest.At(v, "assign.columns.2.samples.0")}, [3]any{"活动内容", "C", "绘本课堂"})
		fields := map[string]map[string]any{}
		for _, f := range apptest.List(v, "assign.fields") {
			fields[apptest.Text(f, "key")] = f.(map[string]any)
		}
		w.Expect("needed", [4]any{fields["unit"]["needed"], fields["held_on"]["needed"], fields["topic"]["needed"], fields["place"]["needed"]},
			[4]any{true, true, true, false})
		path := "/import-runs/" + run + "/columns"
		say := func(list ...apptest.Vals) apptest.Vals { return apptest.Vals{"columns": list} }
		unit, day, topic, people := apptest.Vals{"key": "unit", "at": -1, "text": "桂花社区"}, apptest.Vals{"key": "held_on", "at": 1},
			apptest.Vals{"key": "topic", "at": 2}, apptest.Vals{"key": "audience", "at": 3}
		basis := apptest.Vals{"key": "audience.basis", "at": -1, "text": "counted"}
		no := apptest.Vals{"key": "", "at": 4}
		for name, c := range map[string]struct {
			body apptest.Vals
			at   string
			code string
		}{
			"the topic is missing":      {say(unit, day, people, basis, no), "/columns/topic", "import.column-missing"},
			"a column of no kind":       {say(unit, day, topic, people, apptest.Vals{"key": "colour", "at": 4}), "/columns/colour", "import.assign-unknown"},
			"beyond the file":           {say(unit, apptest.Vals{"key": "held_on", "at": 9}, topic), "/columns/held_on", "import.assign-unknown"},
			"one column for two fields": {say(unit, day, apptest.Vals{"key": "topic", "at": 1}), "/columns/topic", "import.assign-twice"},
			"a field twice":             {say(unit, day, topic, apptest.Vals{"key": "topic", "at": 3}), "/columns/topic", "import.assign-twice"},
			"no text for every row":     {say(apptest.Vals{"key": "unit", "at": -1, "text": " "}, day, topic), "/columns/unit", "import.assign-empty"},
		} {
			e := w.Post("clerk1", path, c.body, 0).Refused(422, "import.assign")
			w.Expect(name, [2]string{apptest.Text(e, "errors.0.pointer"), apptest.Text(e, "errors.0.code")}, [2]string{c.at, c.code})
		}
		w.Post("manager1", path, say(unit, day, topic), 0).Refused(404, "import.no-batch")
		w.Post("clerk1", path, say(unit, day, topic, people, basis, no), 0).OK()
		w.Jobs()
		v = importRun(w, "clerk1", run, "")
		w.Expect("read", [4]any{apptest.Num(v, "rows"), apptest.Num(v, "good"), apptest.Num(v, "bad"), apptest.At(v, "assigned")}, [4]any{2, 1, 1, true})
		w.Expect("the bad cell of the file", [2]string{apptest.Text(v, "lines.1.faults.0.cell"), apptest.Text(v, "columns.5.title")}, [2]string{"B4", "单位"})
		rej := w.Get("clerk1", "/import-runs/"+run+"/rejected")
		tab, err := sheet.Read(rej.Body, sheet.ReadOptions{})
		apptest.Must(w.T, err)
		var titles []string
		for _, c := range tab.Head {
			titles = append(titles, c.Text)
		}
		apptest.Must(w.T, tab.Close())
		w.Expect("rejected rows under the titles of the kind", titles, []string{"日期", "主题", "受众（人次）", "单位", "受众计数方式", "问题"})
		// said anew: the remark is where it was held
		w.Post("clerk1", path, say(unit, day, topic, people, basis, apptest.Vals{"key": "place", "at": 4}), 0).OK()
		w.Jobs()
		w.Post("clerk1", "/import-runs/"+run+"/mend", apptest.Vals{"line": 4, "column": 1, "text": "2020-11-30"}, 0).OK()
		w.Post("clerk1", "/import-runs/"+run+"/keep", apptest.Vals{}, 0).OK()
		w.Jobs()
		w.Expect("kept", w.Topics("clerk1", "绘本课堂"), []string{"绘本课堂", "绘本课堂二"})
		e := w.Get("clerk1", "/entries?kind=publicity-session&sort=day&q=%E7%BB%98%E6%9C%AC").OK()
		w.Expect("as assigned", [4]any{apptest.Text(e, "rows.0.unit.name"), apptest.Num(e, "rows.0.values.audience"), apptest.Text(e, "rows.0.values.place"),
			apptest.Text(e, "rows.0.from")}, [4]any{"桂花社区", 31, "雨天", "2020-11-05"})
		w.Expect("the file is gone", w.Scalar(`SELECT count(*) FROM import_file`), 0)
		w.Post("clerk1", path, say(unit, day, topic), 0).Refused(409, "import.state")
		// the same titles next month
		next := startImport(w, "clerk1", file("2020-12-06", "岁末课堂"))
		v = importRun(w, "clerk1", next, "")
		fields = map[string]map[string]any{}
		for _, f := range apptest.List(v, "assign.fields") {
			fields[apptest.Text(f, "key")] = f.(map[string]any)
		}
		w.Expect("with a text for every row it is offered, not taken: the file may be another unit's",
			[5]any{apptest.Num(v, "rows"), apptest.At(v, "assigned"), fields["unit"]["text"], fields["topic"]["at"], fields["place"]["at"]},
			[5]any{0, true, "桂花社区", 2, 4})
		units := func(name string) []byte {
			return odd(w.T, map[string]any{"A1": "哪个社区", "B1": "哪天", "C1": "讲什么", "A2": "桂花社区", "B2": "2020-12-06", "C2": name}, nil)
		}
		first := startImport(w, "clerk1", units("其一"))
		w.Post("clerk1", "/import-runs/"+first+"/columns", say(apptest.Vals{"key": "unit", "at": 0}, apptest.Vals{"key": "held_on", "at": 1},
			apptest.Vals{"key": "topic", "at": 2}), 0).OK()
		w.Jobs()
		v = importRun(w, "clerk1", startImport(w, "clerk1", units("其二")), "")
		w.Expect("without one it is read by itself", [4]any{apptest.Num(v, "rows"), apptest.Num(v, "good"), apptest.At(v, "assigned"),
			len(apptest.List(v, "says"))}, [4]any{1, 1, true, 0})
		// the numbers of rows are not those of records: they are told and not read; a number of ours that is none is a fault
		numbered := startImport(w, "clerk1", odd(w.T, map[string]any{"A1": "编号", "B1": "单位", "C1": "日期", "D1": "主题", "A2": 1, "B2": "桂花社区",
			"C2": "2020-11-05", "D2": "甲", "A3": "XC-2020-9999", "B3": "桂花社区", "C3": "2020-11-06", "D3": "乙"}, nil))
		v = importRun(w, "clerk1", numbered, "")
		w.Expect("numbers of no record", [4]any{apptest.Num(v, "bad"), apptest.Num(v, "good"), apptest.Text(v, "lines.1.faults.0.cell"),
			apptest.Text(v, "notes.0.code")}, [4]any{1, 1, "A3", "import.note-numbers"})
		// what stands under no title is told where it stands, also behind a text of every row, and can be cleared
		loose := odd(w.T, map[string]any{"A1": "哪天", "B1": "讲什么", "A2": "2020-12-07", "B2": "其三", "D2": "雨天"}, nil)
		more := startImport(w, "clerk1", loose)
		w.Post("clerk1", "/import-runs/"+more+"/columns", say(unit, apptest.Vals{"key": "held_on", "at": 0}, apptest.Vals{"key": "topic", "at": 1}), 0).OK()
		w.Jobs()
		v = importRun(w, "clerk1", more, "")
		w.Expect("told", [4]any{apptest.Num(v, "bad"), apptest.Text(v, "lines.0.faults.0.cell"), apptest.Num(v, "lines.0.faults.0.column"),
			apptest.Text(v, "columns.4.title")}, [4]any{1, "D2", 4, "D"})
		w.Post("clerk1", "/import-runs/"+more+"/mend", apptest.Vals{"line": 2, "column": 4, "text": ""}, 0).OK()
		v = importRun(w, "clerk1", more, "")
		w.Expect("cleared", [2]int64{apptest.Num(v, "bad"), apptest.Num(v, "good")}, [2]int64{0, 1})
		// another person's word is not taken for it
		other := startImport(w, "clerk3", file("2020-12-06", "岁末课堂"))
		w.Expect("asked", apptest.Num(importRun(w, "clerk3", other, ""), "rows"), 0)
	})
}
