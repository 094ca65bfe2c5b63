package reorg_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"sifen/internal/apptest"
	"sifen/internal/db"
)

// workbook makes a file as an office does, with cells merged.
func workbook(t *testing.T, merges [][2]string, rows ...[]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, r := range rows {
		apptest.Must(t, f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &r))
	}
	for _, m := range merges {
		apptest.Must(t, f.MergeCell("Sheet1", m[0], m[1]))
	}
	var b bytes.Buffer
	apptest.Must(t, f.Write(&b))
	return b.Bytes()
}

// TestUnitListsAsOfficesWriteThem reads each list into a district of its own: which units come, where, and what is told.
func TestUnitListsAsOfficesWriteThem(t *testing.T) {
	type list struct {
		name   string
		file   []byte
		made   string // paths of the new units in their order
		told   string // cell and code of what is told
		faults string // of what stops the list
	}
	row := func(s ...any) []any { return s }
	csv := func(s string) []byte { return []byte(strings.ReplaceAll(s, "|", "\n")) }
	lists := []list{
		{"chinese titles", csv("单位名称,单位类型,所属社区|新园,居民小区,桂花社区"), "东街/桂花社区/新园", "", ""},
		{"types as spoken", csv("名称,类型,上级|甲,幼儿园,桂花社区|乙,居委会,东街|丙,物业公司,四方区|丁,垃圾中转站,东街"), "东街/桂花社区/甲 东街/乙 丙 东街/丁", "", ""},
		{"heading and numbers", workbook(t, [][2]string{{"A1", "E1"}}, row("四方区学校名单"), row("序号", "code", "name", "type", "parent"),
			row(1, nil, "甲小学", "school", "340299001001"), row(2, nil, "乙小学", "school", "柳村"), row("合计", nil, "2所")),
			"东街/桂花社区/甲小学 西镇/柳村/乙小学", "A5 reorg.total-row", ""},
		{"subtotal under merged superior", workbook(t, [][2]string{{"C2", "C4"}}, row("name", "type", "parent"),
			row("甲园", "estate", "桂花社区"), row("乙园", "estate"), row("小计", "estate")), "东街/桂花社区/甲园 东街/桂花社区/乙园", "A4 reorg.total-row", ""},
		{"totals and notes", csv("名称,类型,上级|甲园,小区,桂花社区|合 计,小区,桂花社区|共2个,小区,桂花社区|备注：含在建,,|共青社区,社区,东街|东街小计,,"),
			"东街/桂花社区/甲园 东街/共青社区", "A3 reorg.total-row A4 reorg.total-row A5 reorg.note-row A7 reorg.total-row", ""},
		{"streets, communities and estates side by side", csv("街道,社区,小区名称,户数|东街,桂花社区,甲园,30|西镇,荷花社区,乙园,40"),
			"东街/桂花社区/甲园 西镇/荷花社区/乙园", "", ""},
		{"paths and codes as superiors", csv("名称,类型,上级单位|甲园,小区,东街/桂花社区|乙园,小区,四方区＞东街＞桂花社区|丙园,小区,340299001001|丁园,小区,3.40299001001E11"),
			"东街/桂花社区/甲园 东街/桂花社区/乙园 东街/桂花社区/丙园 东街/桂花社区/丁园", "", ""},
		{"a superior that is elsewhere", csv("名称,类型,上级|甲园,小区,西镇/桂花社区"), "", "", "C2 reorg.no-parent"},
		{"codes as numbers", csv("代码,名称|3.40299001077E11,甲社区|340299001078.0,乙社区|'340299001079,丙社区"), "东街/甲社区 东街/乙社区 东街/丙社区", "", ""},
		{"codes shortened", csv("代码,名称|3.40299E+11,甲社区"), "", "", "A2 reorg.code-shortened"},
		{"one name at two places of the list", csv("名称,类型,上级|中心社区,社区,东街|甲园,小区,中心社区|中心社区,社区,西镇"), "", "A4 reorg.name-twice",
			"C3 value.unit-several"},
		{"narrowed by the street", csv("名称,类型,所属社区,所属镇街|中心社区,社区,,东街|甲园,小区,中心社区,西镇|中心社区,社区,,西镇"),
			"东街/中心社区 西镇/中心社区 西镇/中心社区/甲园", "A4 reorg.name-twice", ""},
		{"a row twice", csv("名称,类型,上级|甲园,小区,桂花社区|甲园,小区,东街/桂花社区"), "东街/桂花社区/甲园", "A3 reorg.row-twice", ""},
		{"a code twice", csv("代码,名称|340299001077,甲社区|340299001077,乙社区"), "", "", "A3 reorg.code-twice"},
		{"columns that are not read", csv("名称,类型,上级,楼栋数,备注,停用日期,|甲园,小区,桂花社区,35,2021年停用,2020-06-30,x"), "东街/桂花社区/甲园",
			"D1 reorg.column-unread E1 reorg.column-unread F1 reorg.column-unread G1 reorg.column-untitled", ""},
		{"no names", csv("code,type,parent|,estate,340299001001"), "", "", "A1 reorg.no-name-column"},
		{"two columns of names", csv("名称,单位名称,类型,上级|甲园,乙园,小区,桂花社区"), "", "", "B1 reorg.two-columns"},
		{"a code from outside", csv("代码,名称|340299001077,甲社区|340199001077,乙社区"), "", "", "A3 reorg.code-outside"},
		{"a city's file", csv("区划代码,名称,类型,上级|340200,江城市,,|340202,别区,,|340202001,外街,,|340299,四方区,,|340299003,南街,,|,外园,小区,外街|,内园,小区,南街"),
			"南街 南街/内园", "A2 reorg.outside-left", ""},
		{"the root stays", csv("代码,名称,类型|340299,四方新区,|,别区,区|340299000000,四方区,"), "", "B2 reorg.root-kept", "C3 reorg.second-district"},
		{"no superior", csv("名称,类型|甲园,小区|甲公司,物业"), "", "", "A2 reorg.parent-needed"},
		{"all faults at once", csv("名称,类型,上级|甲园,公园,桂花社区|35,小区,桂花社区|,小区,桂花社区|丁园,小区,无此社区"), "", "",
			"B2 reorg.type A3 reorg.number-name A4 value.required C5 reorg.no-parent"},
		{"circles", csv("名称,类型,上级|甲园,小区,乙园|乙园,小区,甲园"), "", "", "C2 reorg.parent-itself C3 reorg.parent-itself"},
		{"a known name elsewhere", csv("名称,类型,上级|桂园,小区,兰花社区"), "东街/兰花社区/桂园", "A2 reorg.name-exists", ""},
		{"a superior that is a body of that name", csv("名称,类型,上级|东街办事处,公共机构,桂花社区|古社区,社区,东街办事处"), "", "", "C3 reorg.holds"},
		{"a superior called by its body", csv("名称,类型,上级|甲园,小区,桂花居委会|乙社区,社区,东街办事处"), "", "", "C2 reorg.no-parent C3 reorg.no-parent"},
		{"a street under a community", csv("名称,类型,上级|南街,街道,桂花社区|丙社区,社区,兰花社区"), "", "", "C2 reorg.holds C3 reorg.holds"},
		{"a body of a unit that is there", csv("名称,类型,上级|桂花居委会,社区,东街"), "东街/桂花居委会", "A2 reorg.name-body", ""},
		{"two districts typed as such", csv("名称,类型,上级|四方区,区县,|别区,区县,|南街,街道,四方区"), "", "", "B3 reorg.second-district"},
		{"types of no kind", csv("名称,类型,上级|四方区,县区级,|南街,街道,四方区"), "", "", "B2 reorg.type"},
		{"no types, no codes", csv("名称,上级|甲园,桂花社区"), "", "", "A2 reorg.type-missing"},
		{"a path as a name", csv("名称,类型,上级|甲/乙园,小区,桂花社区|丙／丁园,小区,桂花社区"), "", "", "A2 org.slash A3 org.slash"},
		{"titles again", csv("名称,类型,上级|甲园,小区,桂花社区|名称,类型,上级|乙园,小区,桂花社区"), "东街/桂花社区/甲园 东街/桂花社区/乙园", "A3 reorg.head-again", ""},
		{"renamed, elsewhere, another type", csv("代码,名称,类型,上级|340299001001,金桂社区,,西镇|340299002001,柳村,社区,"), "",
			"B2 reorg.renamed D2 reorg.elsewhere C3 reorg.other-type", ""},
	}
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		for _, l := range lists {
			most := w.Scalar(`SELECT max(no) FROM unit`)
			res := w.Do(apptest.Ask{As: "admin", Method: "POST", Path: "/units/import?from=2020-01-01&name=a", Body: l.file}).OK()
			if got := cells(res, "told"); got != l.told {
				t.Errorf("%s: told %q, not %q", l.name, got, l.told)
			}
			if got := cells(res, "errors"); got != l.faults {
				t.Errorf("%s: faults %q, not %q", l.name, got, l.faults)
			}
			var made []string
			for _, u := range apptest.List(w.Get("admin", "/units").OK(), "items") {
				if no := apptest.Num(u, "id"); no > most {
					made = append(made, apptest.Text(u, "short"))
				}
			}
			apptest.Must(t, w.Write(func(tx *db.Tx) error { // as if they had never been
				for _, q := range []string{`DELETE FROM org_reach WHERE unit > $1`, `DELETE FROM unit_edge WHERE unit > $1`, `DELETE FROM unit WHERE no > $1`,
					`UPDATE counter SET value = value + 1 WHERE name = 'org-stamp' AND $1 >= 0`} {
					if _, err := tx.ExecContext(context.Background(), q, most); err != nil {
						return err
					}
				}
				return nil
			}))
			if got := strings.Join(made, " "); got != l.made {
				t.Errorf("%s: made %q, not %q", l.name, got, l.made)
			}
		}
		if w.Scalar(`SELECT count(*) FROM district WHERE name = '四方区'`) != 1 {
			t.Error("the district is called otherwise")
		}
		w.Settled()
	})
}

// What a superior may be meant by is offered only where it can stand above.
func TestSuperiorsThatAreMeant(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		for text, want := range map[string]string{"甲园,小区,桂花居委会": "桂花社区", "甲园,小区,桂花社区居民委员会": "桂花社区", "乙社区,社区,东街办": "东街",
			"乙社区,社区,桂花居委会": "", "乙园,小区,柳村村委会": "柳村", "丙村,村,西镇人民政府": "西镇", "乙社区,社区,无此街道办事处": ""} {
			res := w.Do(apptest.Ask{As: "admin", Method: "POST", Path: "/units/import?from=2020-01-01&name=a", Body: []byte("名称,类型,上级\n" + text)}).OK()
			list := apptest.List(res, "errors")
			if len(list) != 1 || apptest.Text(list[0], "suggestion") != want {
				w.T.Errorf("%s: %v, want %q", text, list, want)
			}
		}
		var above int64
		for _, u := range apptest.List(w.Get("admin", "/units").OK(), "items") {
			if apptest.Text(u, "name") == "桂花社区" {
				above = apptest.Num(u, "id")
			}
		}
		made := func(name, kind string) apptest.Ask {
			return apptest.Ask{As: "admin", Method: "POST", Path: "/units",
				Body: map[string]any{"name": name, "type": kind, "parent": above, "from": "2020-01-01"}}
		}
		w.Bad(made("丁社区", "community"), 422, "org.holds", "/parent", "org.holds")
		w.Bad(made("丁/戊园", "estate"), 422, "org.slash", "/name", "org.slash")
	})
}

func cells(res map[string]any, list string) string {
	var out []string
	for _, e := range apptest.List(res, list) {
		out = append(out, apptest.Text(e, "cell")+" "+apptest.Text(e, "code"))
		if strings.Contains(apptest.Text(e, "message"), "{") || apptest.Text(e, "message") == apptest.Text(e, "code") {
			out = append(out, apptest.Text(e, "message"))
		}
	}
	return strings.Join(out, " ")
}
