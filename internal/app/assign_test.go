package app_test

import (
	"testing"

	"github.com/xuri/excelize/v2"

	"sifen/internal/sheet"
)

// TestColumnsOfAStrangersFile: a file whose columns are called otherwise waits, a person says once which is which, and the
// next file with the same titles is read by itself.
func TestColumnsOfAStrangersFile(t *testing.T) {
	each(t, func(w *world) {
		file := func(day, topic string) []byte {
			return odd(w.t, map[string]any{"A1": "2020年宣传活动统计", "A2": "序号", "B2": "活动时间", "C2": "活动内容", "D2": "参加人数", "E2": "备注",
				"A3": 1, "B3": day, "C3": topic, "D3": 31, "E3": "雨天", "A4": 2, "B4": "2020-11-31", "C4": topic + "二", "D4": 12}, func(f *excelize.File) error {
				return f.MergeCell("Sheet1", "A1", "E1")
			})
		}
		run := w.startImport("clerk1", file("2020-11-05", "绘本课堂"))
		v := w.importRun("clerk1", run, "")
		w.expect("waits, nothing read", [3]any{text(v, "state"), num(v, "rows"), num(v, "head_row")}, [3]any{"open", 0, 2})
		w.expect("columns", [3]any{text(v, "assign.columns.2.title"), text(v, "assign.columns.2.letter"), at(v, "assign.columns.2.samples.0")}, [3]any{"活动内容", "C", "绘本课堂"})
		fields := map[string]map[string]any{}
		for _, f := range list(v, "assign.fields") {
			fields[text(f, "key")] = f.(map[string]any)
		}
		w.expect("needed", [4]any{fields["unit"]["needed"], fields["held_on"]["needed"], fields["topic"]["needed"], fields["place"]["needed"]}, [4]any{true, true, true, false})
		path := "/import-runs/" + run + "/columns"
		say := func(list ...vals) vals { return vals{"columns": list} }
		unit, day, topic, people := vals{"key": "unit", "at": -1, "text": "桂花社区"}, vals{"key": "held_on", "at": 1}, vals{"key": "topic", "at": 2}, vals{"key": "audience", "at": 3}
		basis := vals{"key": "audience.basis", "at": -1, "text": "counted"}
		no := vals{"key": "", "at": 4}
		for name, c := range map[string]struct {
			body vals
			at   string
			code string
		}{
			"the topic is missing":      {say(unit, day, people, basis, no), "/columns/topic", "import.column-missing"},
			"a column of no kind":       {say(unit, day, topic, people, vals{"key": "colour", "at": 4}), "/columns/colour", "import.assign-unknown"},
			"beyond the file":           {say(unit, vals{"key": "held_on", "at": 9}, topic), "/columns/held_on", "import.assign-unknown"},
			"one column for two fields": {say(unit, day, vals{"key": "topic", "at": 1}), "/columns/topic", "import.assign-twice"},
			"a field twice":             {say(unit, day, topic, vals{"key": "topic", "at": 3}), "/columns/topic", "import.assign-twice"},
			"no text for every row":     {say(vals{"key": "unit", "at": -1, "text": " "}, day, topic), "/columns/unit", "import.assign-empty"},
		} {
			e := w.post("clerk1", path, c.body, 0).refused(422, "import.assign")
			w.expect(name, [2]string{text(e, "errors.0.pointer"), text(e, "errors.0.code")}, [2]string{c.at, c.code})
		}
		w.post("manager1", path, say(unit, day, topic), 0).refused(404, "import.no-batch")
		w.post("clerk1", path, say(unit, day, topic, people, basis, no), 0).ok()
		w.jobs()
		v = w.importRun("clerk1", run, "")
		w.expect("read", [4]any{num(v, "rows"), num(v, "good"), num(v, "bad"), at(v, "assigned")}, [4]any{2, 1, 1, true})
		w.expect("the bad cell of the file", [2]string{text(v, "lines.1.faults.0.cell"), text(v, "columns.5.title")}, [2]string{"B4", "单位"})
		rej := w.get("clerk1", "/import-runs/"+run+"/rejected")
		tab, err := sheet.Read(rej.body, sheet.ReadOptions{})
		must(w.t, err)
		var titles []string
		for _, c := range tab.Head {
			titles = append(titles, c.Text)
		}
		must(w.t, tab.Close())
		w.expect("rejected rows under the titles of the kind", titles, []string{"日期", "主题", "受众（人次）", "单位", "受众计数方式", "问题"})
		// said anew: the remark is where it was held
		w.post("clerk1", path, say(unit, day, topic, people, basis, vals{"key": "place", "at": 4}), 0).ok()
		w.jobs()
		w.post("clerk1", "/import-runs/"+run+"/mend", vals{"line": 4, "column": 1, "text": "2020-11-30"}, 0).ok()
		w.post("clerk1", "/import-runs/"+run+"/keep", vals{}, 0).ok()
		w.jobs()
		w.expect("kept", w.found("clerk1", "绘本课堂"), []string{"绘本课堂", "绘本课堂二"})
		e := w.get("clerk1", "/entries?kind=publicity-session&sort=day&q=%E7%BB%98%E6%9C%AC").ok()
		w.expect("as assigned", [4]any{text(e, "rows.0.unit.name"), num(e, "rows.0.values.audience"), text(e, "rows.0.values.place"), text(e, "rows.0.from")}, [4]any{"桂花社区", 31, "雨天", "2020-11-05"})
		w.expect("the file is gone", w.scalar(`SELECT count(*) FROM import_file`), 0)
		w.post("clerk1", path, say(unit, day, topic), 0).refused(409, "import.state")
		// the same titles next month
		next := w.startImport("clerk1", file("2020-12-06", "岁末课堂"))
		v = w.importRun("clerk1", next, "")
		fields = map[string]map[string]any{}
		for _, f := range list(v, "assign.fields") {
			fields[text(f, "key")] = f.(map[string]any)
		}
		w.expect("with a text for every row it is offered, not taken: the file may be another unit's", [5]any{num(v, "rows"), at(v, "assigned"), fields["unit"]["text"], fields["topic"]["at"], fields["place"]["at"]}, [5]any{0, true, "桂花社区", 2, 4})
		units := func(name string) []byte {
			return odd(w.t, map[string]any{"A1": "哪个社区", "B1": "哪天", "C1": "讲什么", "A2": "桂花社区", "B2": "2020-12-06", "C2": name}, nil)
		}
		first := w.startImport("clerk1", units("其一"))
		w.post("clerk1", "/import-runs/"+first+"/columns", say(vals{"key": "unit", "at": 0}, vals{"key": "held_on", "at": 1}, vals{"key": "topic", "at": 2}), 0).ok()
		w.jobs()
		v = w.importRun("clerk1", w.startImport("clerk1", units("其二")), "")
		w.expect("without one it is read by itself", [4]any{num(v, "rows"), num(v, "good"), at(v, "assigned"), len(list(v, "says"))}, [4]any{1, 1, true, 0})
		// the numbers of rows are not those of records: every one is told before anything is kept
		numbered := w.startImport("clerk1", odd(w.t, map[string]any{"A1": "编号", "B1": "单位", "C1": "日期", "D1": "主题", "A2": 1, "B2": "桂花社区", "C2": "2020-11-05", "D2": "甲", "A3": 2, "B3": "桂花社区", "C3": "2020-11-06", "D3": "乙"}, nil))
		v = w.importRun("clerk1", numbered, "")
		w.expect("numbers of no record", [4]any{num(v, "bad"), num(v, "good"), text(v, "lines.0.faults.0.cell"), text(v, "lines.1.faults.0.cell")}, [4]any{2, 0, "A2", "A3"})
		// what stands under no title is told where it stands, also behind a text of every row, and can be cleared
		loose := odd(w.t, map[string]any{"A1": "哪天", "B1": "讲什么", "A2": "2020-12-07", "B2": "其三", "D2": "雨天"}, nil)
		more := w.startImport("clerk1", loose)
		w.post("clerk1", "/import-runs/"+more+"/columns", say(unit, vals{"key": "held_on", "at": 0}, vals{"key": "topic", "at": 1}), 0).ok()
		w.jobs()
		v = w.importRun("clerk1", more, "")
		w.expect("told", [4]any{num(v, "bad"), text(v, "lines.0.faults.0.cell"), num(v, "lines.0.faults.0.column"), text(v, "columns.4.title")}, [4]any{1, "D2", 4, "D"})
		w.post("clerk1", "/import-runs/"+more+"/mend", vals{"line": 2, "column": 4, "text": ""}, 0).ok()
		v = w.importRun("clerk1", more, "")
		w.expect("cleared", [2]int64{num(v, "bad"), num(v, "good")}, [2]int64{0, 1})
		// another person's word is not taken for it
		other := w.startImport("clerk3", file("2020-12-06", "岁末课堂"))
		w.expect("asked", num(w.importRun("clerk3", other, ""), "rows"), 0)
	})
}
