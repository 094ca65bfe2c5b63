package intake_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"sifen/internal/apptest"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// odd makes a workbook out of cells, with what else is odd about it.
func odd(t testing.TB, cells map[string]any, more func(f *excelize.File) error) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for at, v := range cells {
		apptest.Must(t, f.SetCellValue("Sheet1", at, v))
	}
	if more != nil {
		apptest.Must(t, more(f))
	}
	var b bytes.Buffer
	apptest.Must(t, f.Write(&b))
	return b.Bytes()
}

// TestOddWorkbooks: what offices really hand in is either read for what it means, or refused at the cell with words that
// say what to do.
func TestOddWorkbooks(t *testing.T) {
	w := apptest.New(t, false)
	head := map[string]any{"A1": "单位", "B1": "日期", "C1": "主题", "D1": "受众（人次）"}
	rows := func(list ...[]any) map[string]any {
		cells := map[string]any{}
		for k, v := range head {
			cells[k] = v
		}
		for i, row := range list {
			for j, v := range row {
				if v != nil {
					cells[fmt.Sprintf("%c%d", 'A'+j, i+2)] = v
				}
			}
		}
		return cells
	}
	gbk, err := simplifiedchinese.GBK.NewEncoder().String("单位,日期,主题,受众（人次）\n桂花社区,2020/12/9,国标码的表,５６\n")
	apptest.Must(t, err)
	for _, c := range []struct {
		name    string
		content []byte
		good    int64    // rows taken
		code    string   // of the first fault
		cell    string   // where it stands
		means   []string // day, topic and audience of what was read, in the order of the file
	}{
		{"dates as text in several forms, full-width digits", odd(t, rows(
			[]any{"桂花社区", "2020年12月5日", "甲一", "１２"},
			[]any{"桂花社区", "2020.12.6", "甲二", "1,234"},
			[]any{"桂花社区", "２０２０－１２－０７", "甲三", "7"},
			[]any{"桂花社区", "20201208", "甲四", " 8 "},
			[]any{"桂花社区", "2020/12/9", "甲五", 9}), nil),
			5, "", "", []string{"2020-12-05 甲一 12", "2020-12-06 甲二 1234", "2020-12-07 甲三 7", "2020-12-08 甲四 8", "2020-12-09 甲五 9"}},
		{"the date system of a Mac", odd(t, rows([]any{"桂花社区", 42708, "乙", 3}), func(f *excelize.File) error {
			on := true
			return f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &on})
		}), 1, "", "", []string{"2020-12-05 乙 3"}},
		{"merged units downwards", odd(t, rows([]any{"桂花社区", "2020-12-05", "丙一", 1}, []any{nil, "2020-12-06", "丙二", 2}), func(f *excelize.File) error {
			return f.MergeCell("Sheet1", "A2", "A3")
		}), 2, "", "", []string{"2020-12-05 丙一 1", "2020-12-06 丙二 2"}},
		{"a hidden sheet before the one that is seen", odd(t, map[string]any{"A1": "选项", "A2": "讲座"}, func(f *excelize.File) error {
			if _, err := f.NewSheet("登记"); err != nil {
				return err
			}
			for at, v := range rows([]any{"桂花社区", "2020-12-05", "丁", 4}) {
				if err := f.SetCellValue("登记", at, v); err != nil {
					return err
				}
			}
			f.SetActiveSheet(1)
			return f.SetSheetVisible("Sheet1", false)
		}), 1, "", "", []string{"2020-12-05 丁 4"}},
		{"a formula that Excel has computed", odd(t, rows([]any{"桂花社区", "2020-12-05", "戊", 5}), func(f *excelize.File) error {
			return errors.Join(f.SetCellFormula("Sheet1", "D2", "2+3"), f.SetCellValue("Sheet1", "E1", ""))
		}), 1, "", "", []string{"2020-12-05 戊 5"}},
		{"a formula nobody has computed", odd(t, rows([]any{"桂花社区", "2020-12-05", "己"}), func(f *excelize.File) error {
			return f.SetCellFormula("Sheet1", "D2", "SUM(A9:A12)")
		}), 0, "import.formula", "D2", nil},
		{"a column missing", odd(t, map[string]any{"A1": "单位", "B1": "主题", "A2": "桂花社区", "B2": "庚"}, nil), 0, "import.column-missing", "A1", nil},
		{"a heading and a form line above the titles, numbered rows", odd(t, map[string]any{"A1": "宣传培训场次登记表", "A2": "填报单位：桂花社区", "D2": "2020年12月",
			"A3": "序号", "B3": "单位", "C3": "日期", "D3": "主题", "E3": "受众（人次）",
			"A4": 1, "B4": "桂花社区", "C4": "2020-12-05", "D4": "辛一", "E4": 6, "A5": 2, "B5": "桂花社区", "C5": "2020-12-06", "D5": "辛二", "E5": 7},
			func(f *excelize.File) error {
				return f.MergeCell("Sheet1", "A1", "E1")
			}), 2, "", "", []string{"2020-12-05 辛一 6", "2020-12-06 辛二 7"}},
		{"a head of two rows", odd(t, map[string]any{"A1": "单位", "B1": "活动", "D1": "受众（人次）", "B2": "日期", "C2": "主题", "A3": "桂花社区", "B3": "2020-12-05",
			"C3": "癸", "D3": 9}, func(f *excelize.File) error {
			return errors.Join(f.MergeCell("Sheet1", "A1", "A2"), f.MergeCell("Sheet1", "B1", "C1"), f.MergeCell("Sheet1", "D1", "D2"))
		}), 1, "", "", []string{"2020-12-05 癸 9"}},
		{"a remark under no title", odd(t, rows([]any{"桂花社区", "2020-12-05", "丑", 5, "下雨改期"}), nil), 0, "import.untitled", "E2", nil},
		{"a remark far beyond the titles", odd(t, map[string]any{"A1": "单位", "B1": "日期", "C1": "主题", "A2": "桂花社区", "B2": "2020-12-05", "C2": "寅",
			"AZ2": "下雨改期"}, nil), 0, "import.untitled", "AZ2", nil},
		{"a cell merged beyond the titles", odd(t, map[string]any{"A1": "单位", "B1": "日期", "C1": "主题", "A2": "桂花社区", "B2": "2020-12-05", "C2": "卯",
			"E1": "受众（人次）", "E2": 4}, func(f *excelize.File) error {
			return f.MergeCell("Sheet1", "C2", "D2")
		}), 1, "", "", []string{"2020-12-05 卯 4"}},
		{"titles nobody knows", odd(t, map[string]any{"A1": "宣传培训登记", "A2": "村居", "B2": "哪天", "C2": "讲什么", "A3": "桂花社区", "B3": "2020-12-05", "C3": "子"},
			func(f *excelize.File) error {
				return f.MergeCell("Sheet1", "A1", "C1")
			}), 0, "import.no-titles", "A2", nil},
		{"two rows of titles", odd(t, map[string]any{"A1": "单位", "B1": "日期", "C1": "主题", "D1": "受众（人次）", "A2": "单位", "B2": "日期", "C2": "主题", "D2": "受众（人次）",
			"A3": "桂花社区", "B3": "2020-12-05", "C3": "壬", "D3": 6}, nil),
			1, "", "", []string{"2020-12-05 壬 6"}},
		{"a CSV in GBK", []byte(gbk), 1, "", "", []string{"2020-12-09 国标码的表 56"}},
	} {
		w.Run(c.name, func(t *testing.T) {
			var said [2]string
			for i, lang := range []string{"zh-CN", "en"} {
				if c.code == "" && i > 0 {
					break
				}
				res := w.Do(apptest.Ask{As: "clerk1", Method: "POST", Path: "/imports?kind=publicity-session&name=a", Body: c.content, Lang: lang}).OK()
				e := apptest.At(res, "errors.0")
				said[i] = apptest.Text(e, "message")
				if apptest.Num(res, "accepted") != c.good || (c.code != "") != (said[i] != "") || !strings.HasPrefix(apptest.Text(e, "code"), c.code) ||
					c.cell != "" && apptest.Text(e, "cell") != c.cell {
					t.Fatalf("%v, want %d rows, %q at %q", res, c.good, c.code, c.cell)
				}
			}
			if c.code != "" {
				w.Bilingual(c.name, said[0], said[1])
				return
			}
			for _, m := range c.means {
				p := strings.Fields(m)
				found := false
				for _, r := range apptest.List(w.Get("clerk1", "/entries?kind=publicity-session&q="+p[1]).OK(), "rows") {
					v := w.Get("clerk1", "/entries/"+apptest.Text(r, "id")).OK()
					have := fmt.Sprintf("%s %s %d", apptest.Text(v, "values.held_on"), apptest.Text(v, "values.topic"), apptest.Num(v, "values.audience"))
					found = found || have == m
					if !found {
						t.Logf("read as %s", have)
					}
				}
				if !found {
					t.Errorf("%s was not read", m)
				}
			}
		})
	}
}
