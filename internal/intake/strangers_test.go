package intake_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"sifen/internal/apptest"
)

// grid is a sheet by rows; an empty text is an empty cell.
func grid(rows ...[]any) map[string]any {
	out := map[string]any{}
	for i, row := range rows {
		for j, v := range row {
			if v != "" {
				out[fmt.Sprintf("%c%d", 'A'+j, i+1)] = v
			}
		}
	}
	return out
}

type cells = []any

var sessionHead = cells{"单位", "日期", "主题", "受众（人次）"}

// TestStrangersFiles: whatever a district drops in comes out as the right number or as a question that names the place.
func TestStrangersFiles(t *testing.T) {
	merge := func(ranges ...string) func(*excelize.File) error {
		return func(f *excelize.File) error {
			for _, r := range ranges {
				from, to, _ := strings.Cut(r, ":")
				if err := f.MergeCell("Sheet1", from, to); err != nil {
					return err
				}
			}
			return nil
		}
	}
	styled := func(cell, format string, v any) func(*excelize.File) error {
		return func(f *excelize.File) error {
			id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
			if err != nil {
				return err
			}
			if err := f.SetCellValue("Sheet1", cell, v); err != nil {
				return err
			}
			return f.SetCellStyle("Sheet1", cell, cell, id)
		}
	}
	for _, c := range []struct {
		name   string
		rows   [][]any
		after  func(*excelize.File) error
		states string   // of the rows, in their order
		means  []string // topic and audience of what was kept
		tells  string   // a code among what is told of the file or its rows
		cell   string   // where
	}{
		{name: "a unit behind the title", rows: [][]any{{"单位", "日期", "主题", "受众（万人次）"}, {"桂花社区", "2020-12-05", "万人", 1.2}},
			states: "good", means: []string{"万人 12000"}, tells: "import.note-unit", cell: "D1"},
		{name: "a unit of all numbers above the titles", rows: [][]any{{"单位：万人次", "", "", ""}, {"单位", "日期", "主题", "受众"},
			{"桂花社区", "2020-12-05", "上方单位", 2}}, states: "good", means: []string{"上方单位 20000"}, tells: "import.note-unit", cell: "D2"},
		{name: "a unit of another kind above the titles", rows: [][]any{{"单位：万元", "", "", ""}, {"单位", "日期", "主题", "受众"},
			{"桂花社区", "2020-12-05", "别的单位", 2}}, states: "good", means: []string{"别的单位 2"}},
		{name: "a unit in the heading", rows: [][]any{{"宣传活动统计表（万人次）"}, {"单位", "日期", "主题", "受众"}, {"桂花社区", "2020-12-05", "题中单位", 2}},
			states: "good", means: []string{"题中单位 20000"}, tells: "import.note-unit", cell: "D2"},
		{name: "a row of units below the titles", rows: [][]any{{"单位", "日期", "主题", "受众"}, {"", "", "", "万人次"}, {"桂花社区", "2020-12-05", "下方单位", 2}},
			states: "good", means: []string{"下方单位 20000"}, tells: "import.note-unit", cell: "D2"},
		{name: "a line that says another unit than the title", rows: [][]any{{"单位：万人次"}, sessionHead, {"桂花社区", "2020-12-05", "两说", 2}},
			states: "good", means: []string{"两说 2"}, tells: "import.note-unit-line", cell: "D2"},
		{name: "a unit in brackets below the title", rows: [][]any{{"单位", "日期", "主题", "受众"}, {"", "", "", "（万人次）"}, {"桂花社区", "2020-12-05", "下括号", 2}},
			states: "good", means: []string{"下括号 20000"}, tells: "import.note-unit", cell: "D2"},
		{name: "a row of units that says so", rows: [][]any{{"单位", "日期", "主题", "受众"}, {"计量单位", "/", "（名称）", "单位：万人次"},
			{"桂花社区", "2020-12-05", "有字", 2}}, states: "good", means: []string{"有字 20000"}, tells: "import.note-unit", cell: "D2"},
		{name: "numbers of columns above their units", rows: [][]any{{"单位", "日期", "主题", "受众"}, {1, 2, 3, 4}, {"", "", "", "(万人次)"},
			{"桂花社区", "2020-12-05", "编号", 2}}, states: "good", means: []string{"编号 20000"}, tells: "import.note-unit", cell: "D3"},
		{name: "a unit under a title merged over both rows", rows: [][]any{{"单位", "日期", "主题", "受众"}, {"", "", "", "（单位：万人次）"},
			{"桂花社区", "2020-12-05", "合并头", 2}}, after: merge("A1:A2", "B1:B2", "C1:C2"), states: "good", means: []string{"合并头 20000"},
			tells: "import.note-unit", cell: "D2"},
		{name: "a unit in the name of the sheet", rows: [][]any{sessionHead[:3:3], {"桂花社区", "2020-12-05", "表名"}}, after: func(f *excelize.File) error {
			if err := errors.Join(f.SetCellValue("Sheet1", "D1", "受众"), f.SetCellValue("Sheet1", "D2", 2)); err != nil {
				return err
			}
			return f.SetSheetName("Sheet1", "宣传（万人次）")
		}, states: "good", means: []string{"表名 20000"}, tells: "import.note-unit", cell: "D1"},
		{name: "sheets of different units", rows: [][]any{{"单位：万人次"}, {"单位", "日期", "主题", "受众"}, {"桂花社区", "2020-12-05", "一表", 2}},
			after: func(f *excelize.File) error {
				if _, err := f.NewSheet("二表"); err != nil {
					return err
				}
				for i, row := range [][]any{{"单位：人次"}, {"单位", "日期", "主题", "受众"}, {"桂花社区", "2020-12-06", "二表", 30}} {
					if err := f.SetSheetRow("二表", fmt.Sprintf("A%d", i+1), &row); err != nil {
						return err
					}
				}
				return nil
			}, states: "good", means: []string{"一表 20000"}, tells: "import.note-others"},
		{name: "a sum known by its formula", rows: [][]any{sessionHead, {"桂花社区", "2020-12-05", "其一", 30}, {"桂花社区", "2020-12-06", "其二", 12},
			{"桂花社区", "2020-12-31", "上述两项"}, {"桂花社区", "2020-12-31", "全年"}}, after: func(f *excelize.File) error {
			return errors.Join(f.SetCellValue("Sheet1", "D4", 42), f.SetCellFormula("Sheet1", "D4", "D2+D3"), f.SetCellValue("Sheet1", "D5", 42),
				f.SetCellFormula("Sheet1", "D5", "SUM(D$2:D$3)"))
		}, states: "good good aside aside", means: []string{"其一 30", "其二 12"}, tells: "import.aside-total", cell: "D4"},
		{name: "a row that shows how to fill in", rows: [][]any{sessionHead, {"桂花社区", "2020-12-05", "（示例）进社区宣讲", 100}, {"桂花社区", "2020-12-05", "XXX活动", 50},
			{"桂花社区", "2020-12-05", "例会", 5}}, states: "aside aside good", means: []string{"例会 5"}, tells: "import.aside-sample", cell: "C2"},
		{name: "a mark that means the text above", rows: [][]any{sessionHead, {"桂花社区", "2020-12-05", "讲座", 30}, {"桂花社区", "2020-12-06", "〃", 12}},
			states: "good bad", means: []string{"讲座 30"}, tells: "import.ditto", cell: "C3"},
		{name: "what did not take place", rows: [][]any{{"单位", "日期", "主题", "受众（人次）", "地点"}, {"桂花社区", "2020-12-05", "雨天", 30, "因雨取消"}},
			states: "good", means: []string{"雨天 30"}, tells: "import.note-cancelled"},
		{name: "a row that is struck out", rows: [][]any{sessionHead, {"桂花社区", "2020-12-05", "划掉", 30}}, after: func(f *excelize.File) error {
			id, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Strike: true}})
			return errors.Join(err, f.SetCellStyle("Sheet1", "A2", "D2", id))
		}, states: "good", means: []string{"划掉 30"}, tells: "import.note-cancelled"},
		{name: "one thing with two numbers", rows: [][]any{sessionHead, {"桂花社区", "2020-12-05", "同一场", 10}, {"桂花社区", "2020-12-05", "同一场", 15}},
			states: "good good", means: []string{"同一场 10", "同一场 15"}, tells: "import.note-differ"},
		{name: "a day of which the sheet shows the month", rows: [][]any{sessionHead, {"桂花社区", "", "哪一天", 3}}, after: styled("B2", `yyyy"年"m"月"`, 44136),
			states: "bad", tells: "value.date", cell: "B2"},
		{name: "units by their usual names", rows: [][]any{sessionHead, {"桂花居委会", "2020-12-05", "居委会", 3}, {"东街街道办", "2020-12-05", "街道办", 3}},
			states: "bad bad", tells: "value.unit-unknown", cell: "A2"},
		{name: "a note below that names a unit", rows: [][]any{{"单位", "日期", "主题", "受众"}, {"桂花社区", "2020-12-05", "表下单位", 2}, {"注：单位为万人次"}},
			states: "good aside", means: []string{"表下单位 2"}, tells: "import.note-unit-below", cell: "A3"},
		{name: "columns under one title with a unit", rows: [][]any{{"单位", "日期", "主题", "受众（人次）", ""}, {"", "", "", "计划", "实际"},
			{"桂花社区", "2020-12-05", "分列", 30, 45}}, after: merge("A1:A2", "B1:B2", "C1:C2", "D1:E1"), tells: "import.column-unknown", cell: "D2"},
		{name: "digits that are no digits of a number", rows: [][]any{sessionHead, {"桂花社区", "2020-12-05", "圈号", "①20"}, {"桂花社区", "2020-12-05", "平方", "2²"},
			{"桂花社区", "2020-12-05", "空格", "5 6"}}, states: "bad bad bad", tells: "value.number", cell: "D2"},
		{name: "a row that stands twice", rows: [][]any{sessionHead, {"桂花社区", "2020-12-05", "一样", 5}, {"桂花社区", "2020-12-05", "一样", 5}},
			states: "good good", means: []string{"一样 5", "一样 5"}, tells: "import.note-twice"},
		{name: "remarks on the rows above", rows: [][]any{sessionHead, {"桂花社区", "2020-12-05", "有事", 5}, {"桂花社区", "2020-12-31", "平均每场", 5},
			{"桂花社区", "2020-12-31", "其中：讲座", 5}}, states: "good aside aside", means: []string{"有事 5"}, tells: "import.aside-total", cell: "C3"},
		{name: "one cell over two columns", rows: [][]any{{"单位", "日期", "主题", "受众（人次）", "地点"}, {"桂花社区", "2020-12-05", "横并", 30}}, after: merge("D2:E2"),
			states: "good", means: []string{"横并 30"}},
		{name: "true is no number", rows: [][]any{sessionHead, {"桂花社区", "2020-12-05", "真值", true}}, states: "bad", tells: "value.number", cell: "D2"},
		{name: "a unit that only the format shows", rows: [][]any{sessionHead, {"桂花社区", "2020-12-05", "格式"}}, after: styled("D2", `0"万人次"`, 2),
			states: "good", means: []string{"格式 20000"}},
		{name: "a planned number", rows: [][]any{{"单位", "日期", "主题", "受众（计划）"}, {"桂花社区", "2020-12-05", "计划数", 500}},
			tells: "import.column-unknown", cell: "D1"},
		{name: "numbers with their units", rows: [][]any{sessionHead, {"桂花社区", "2020-12-05", "带万", "1.2万"}, {"桂花社区", "2020-12-05", "带人", "120人"},
			{"桂花社区", "2020-12-05", "带户", "120户"}, {"桂花社区", "2020-12-05", "两个数", "3场120人"}, {"桂花社区", "2020-12-05", "逗号", "1,2"},
			{"桂花社区", "2020-12-05", "括号", "120人（其中志愿者20人）"}, {"桂花社区", "2020-12-05", "起止", "30-50"}},
			states: "good good bad bad bad bad bad", means: []string{"带万 12000", "带人 120"}, tells: "value.other-unit", cell: "D4"},
		{name: "days that name no day", rows: [][]any{sessionHead, {"桂花社区", "8.2", "无年", 1}, {"桂花社区", 202008, "年月", 1}, {"桂花社区", "12月5日", "月日", 1},
			{"桂花社区", 20201205, "八位", 1}}, states: "bad bad bad good", means: []string{"八位 1"}, tells: "value.date", cell: "B2"},
		{name: "one number merged over three rows", rows: [][]any{sessionHead, {"桂花社区", "2020-12-05", "联合", 120}, {"兰花社区", "", "", ""}},
			after: merge("B2:B3", "C2:C3", "D2:D3"), states: "good bad", means: []string{"联合 120"}, tells: "import.merged-number", cell: "D3"},
		{name: "totals and notes", rows: [][]any{sessionHead, {"桂花社区", "2020-12-05", "讲座甲", 30}, {"桂花社区", "2020-12-31", "12月小计", 30},
			{"合 计", "", "", 30}, {"备注：以上为12月数据", "", "", ""}, {"桂花社区", "2020-12-06", "小计步器健步走", 3}, {"桂花社区", "2020-12-06", "总计划宣讲", 4}},
			states: "good aside aside aside good good", means: []string{"讲座甲 30", "小计步器健步走 3", "总计划宣讲 4"}, tells: "import.aside-total", cell: "C3"},
		{name: "rows of nothing", rows: [][]any{{"序号", "单位", "日期", "主题", "受众"}, {1, "桂花社区", "2020-12-05", "有内容", 30}, {2}, {3, "", "", "", 0},
			{"", " ", "　"}}, states: "good aside aside", means: []string{"有内容 30"}, tells: "import.aside-empty", cell: "A3"},
		{name: "headings of groups", rows: [][]any{sessionHead, {"一、桂花社区"}, {"桂花社区", "2020-12-05", "组内", 3}}, after: merge("A2:D2"),
			states: "aside good", means: []string{"组内 3"}, tells: "import.aside-heading", cell: "A2"},
		{name: "a second table below", rows: [][]any{sessionHead, {"桂花社区", "2020-12-05", "上表", 3}, {}, {"宣传品"}, {"单位", "发放日期", "名称", "份数"},
			{"桂花社区", "2020-12-05", "下表", 300}}, states: "good aside aside aside", means: []string{"上表 3"}, tells: "import.aside-table", cell: "A5"},
		{name: "the community beside its street", rows: [][]any{{"街道", "社区", "日期", "主题", "受众（人次）"}, {"东街", "桂花社区", "2020-12-05", "两列", 3},
			{"西镇", "桂花社区", "2020-12-05", "别处", 3}, {"东街", "", "2020-12-05", "只有街道", 3}}, states: "good bad bad", means: []string{"两列 3"},
			tells: "import.unit-elsewhere", cell: "B3"},
		{name: "the street beside the unit", rows: [][]any{{"所属镇街", "单位", "日期", "主题", "受众（人次）"}, {"东街", "桂花社区", "2020-12-05", "有上级", 3}},
			states: "good", means: []string{"有上级 3"}},
		{name: "a street alone is asked about", rows: [][]any{{"街道", "日期", "主题", "受众（人次）"}, {"东街", "2020-12-05", "一列", 3}},
			tells: "import.column-missing", cell: "A1"},
		{name: "titles with line breaks", rows: [][]any{{"单 位", "日\n期", "主　题", "受众\n（人次）"}, {"桂花社区", "2020-12-05", "换行", 3}},
			states: "good", means: []string{"换行 3"}},
		{name: "nothing to say", rows: [][]any{sessionHead, {"桂花社区", "2020-12-05", "无数", "/"}, {"桂花社区", "2020-12-05", "无数二", "无"}},
			states: "good good", means: []string{"无数 0", "无数二 0"}},
		{name: "errors and pictures", rows: [][]any{sessionHead, {"桂花社区", "2020-12-05", "#N/A", 3}, {"桂花社区", "2020-12-05", `=DISPIMG("ID_1",1)`, 3}},
			states: "bad bad", tells: "value.error-cell", cell: "C2"},
		{name: "a calculated number", rows: [][]any{sessionHead, {"桂花社区", "2020-12-05", "算出来的", 33.333333333333336}}, states: "bad",
			tells: "value.decimals", cell: "D2"},
		{name: "a day as text", rows: [][]any{sessionHead, {"桂花社区", "2020-12-05", "", 3}}, after: styled("C2", "yyyy-mm-dd", 44045),
			states: "good", means: []string{"2020-08-02 3"}},
		{name: "leading zeros of a format", rows: [][]any{sessionHead, {"桂花社区", "2020-12-05", "", 3}}, after: styled("C2", "00000000", 553123),
			states: "good", means: []string{"00553123 3"}},
		{name: "a record that says 主题", rows: [][]any{{"所属单位", "时间", "内容", "场所"}, {"桂花社区", "2020-12-05", "主题", "地点"}}, tells: "import.no-titles",
			cell: "A1"},
		{name: "a hidden row", rows: [][]any{sessionHead, {"桂花社区", "2020-12-05", "看得见", 3}, {"桂花社区", "2020-12-06", "看不见", 4}},
			after:  func(f *excelize.File) error { return f.SetRowVisible("Sheet1", 3, false) },
			states: "good good", means: []string{"看得见 3", "看不见 4"}, tells: "import.note-hidden"},
		{name: "sheets of months and a cover", rows: [][]any{sessionHead, {"桂花社区", "2020-11-05", "十一月", 3}},
			after: func(f *excelize.File) error {
				for i, name := range []string{"封面", "12月", "汇总"} {
					if _, err := f.NewSheet(name); err != nil {
						return err
					}
					head := sessionHead
					if i == 0 {
						head = cells{"2020年台账"}
					}
					if err := f.SetSheetRow(name, "A1", &head); err != nil {
						return err
					}
					if err := f.SetSheetRow(name, "A2", &cells{"桂花社区", "2020-12-05", "在" + name, 4}); err != nil {
						return err
					}
				}
				return f.MoveSheet("封面", "Sheet1")
			}, states: "good good", means: []string{"十一月 3", "在12月 4"}, tells: "import.note-others"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := apptest.New(t, false)
			id := startImport(w, "clerk1", odd(t, grid(c.rows...), c.after))
			v := importRun(w, "clerk1", id, "")
			var states, told []string
			for _, l := range apptest.List(v, "lines") {
				states = append(states, apptest.Text(l, "state"))
			}
			w.Expect("rows", strings.Join(states, " "), c.states)
			for _, l := range apptest.List(w.Get("clerk1", "/import-runs/"+id).OK(), "lines") {
				for _, f := range apptest.List(l, "faults") {
					told = append(told, apptest.Text(f, "cell"))
				}
			}
			told = append(told, codes(w, id)...)
			if c.tells != "" && !slices.Contains(told, c.tells) || c.cell != "" && !slices.ContainsFunc(told, func(s string) bool { return s == c.cell }) {
				t.Errorf("told %v, want %s at %s", told, c.tells, c.cell)
			}
			if slices.Contains(states, "good") {
				w.Post("clerk1", "/import-runs/"+id+"/keep", apptest.Vals{"clean_only": true}, 0).OK()
				w.Jobs()
			}
			var means []string
			for _, r := range apptest.List(w.Get("clerk1", "/entries?kind=publicity-session&size=50").OK(), "rows") {
				e := w.Get("clerk1", "/entries/"+apptest.Text(r, "id")).OK()
				means = append(means, fmt.Sprintf("%s %d", apptest.Text(e, "values.topic"), apptest.Num(e, "values.audience")))
			}
			slices.Sort(means)
			slices.Sort(c.means)
			w.Expect("kept", fmt.Sprint(means), fmt.Sprint(c.means))
			w.Settled()
		})
	}
}

// TestPlacesInTwoColumns: latitude and longitude make one place; half a place and what is no number are asked at their cell.
func TestPlacesInTwoColumns(t *testing.T) {
	w := apptest.New(t, false)
	file := strings.Join([]string{"单位,点位名称,建设批次,启用日期,经度,纬度", "桂花社区,甲点,第一批,2020-06-01,118.43210004,31.3512", "桂花社区,乙点,第一批,2020-06-01,118.4321,",
		"桂花社区,丙点,第一批,2020-06-01,东边,31.3512", "桂花社区,丁点,第一批,2020-06-01,31.3512,118.4321", "桂花社区,戊点,第一批,2020-06-01,,"}, "\n")
	id := apptest.Text(w.Do(apptest.Ask{As: "clerk1", Method: "POST", Path: "/import-runs?kind=dropoff-point&name=a.csv", Body: []byte(file)}).OK(), "id")
	w.Jobs()
	var got []string
	for _, l := range apptest.List(importRun(w, "clerk1", id, ""), "lines") {
		got = append(got, apptest.Text(l, "state")+apptest.Text(l, "faults.0.cell"))
	}
	w.Expect("rows", fmt.Sprint(got), "[good badF3 badE4 badF5 good]")
	w.Post("clerk1", "/import-runs/"+id+"/keep", apptest.Vals{"clean_only": true}, 0).OK()
	w.Jobs()
	var places []string
	for _, r := range apptest.List(w.Get("clerk1", "/entries?kind=dropoff-point&size=50").OK(), "rows") {
		e := w.Get("clerk1", "/entries/"+apptest.Text(r, "id")).OK()
		places = append(places, fmt.Sprint(apptest.Text(e, "values.name"), apptest.Num(e, "values.place.lat"), apptest.Num(e, "values.place.lon")))
	}
	w.Expect("places", strings.Contains(fmt.Sprint(places), "甲点313512000 1184321000") && strings.Contains(fmt.Sprint(places), "戊点0 0"), true)
	w.Settled()
}

// codes are those of all that is told of an import.
func codes(w *apptest.World, id string) (out []string) {
	for _, q := range []string{`SELECT notes FROM import_run WHERE id = $1 AND notes <> ''`, `SELECT fault FROM import_run WHERE id = $1 AND fault <> ''`,
		`SELECT faults FROM import_line WHERE run = $1 AND faults <> ''`} {
		rows, err := w.App.DB.Read.QueryContext(w.T.Context(), q, id)
		apptest.Must(w.T, err)
		for rows.Next() {
			var raw string
			apptest.Must(w.T, rows.Scan(&raw))
			for _, part := range strings.Split(raw, `"code":"`)[1:] {
				code, _, _ := strings.Cut(part, `"`)
				out = append(out, code)
			}
			for _, part := range strings.Split(raw, `"cell":"`)[1:] {
				cell, _, _ := strings.Cut(part, `"`)
				out = append(out, cell)
			}
		}
		apptest.Must(w.T, rows.Close())
	}
	return out
}
