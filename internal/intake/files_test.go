package intake_test

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"sifen/internal/apptest"
)

// bomb is a workbook whose sheet unpacks to more than four gigabytes.
func bomb() []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	part := func(name, content string, more int) {
		f, _ := z.Create(name)
		_, _ = io.WriteString(f, content)
		zero := bytes.Repeat([]byte(" "), 1<<20)
		for range more {
			_, _ = f.Write(zero)
		}
	}
	part("[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" `+
		`ContentType="application/xml"/><Override PartName="/xl/workbook.xml" `+
		`ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`, 0)
	part("xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" `+
		`xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets>`+
		`</workbook>`, 0)
	part("xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" `+
		`Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`, 0)
	part("xl/worksheets/sheet1.xml", `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`, 1100)
	_ = z.Close()
	return b.Bytes()
}

func TestWrongWorkbooks(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		other := w.Get("office", "/kinds/meeting/template").Body
		head := "单位,日期,主题,受众（人次）\n"
		for _, c := range []struct {
			name    string
			content []byte
			code    string
			cell    string
		}{
			{"a workbook of another kind", other, "import.other-kind", "A1"},
			{"a workbook that unzips to gigabytes", bomb(), "sheet.", ""},
			{"a zip that is no workbook", []byte("PK\x03\x04nothing"), "sheet.", ""},
			{"a wrong date", []byte(head + "桂花社区,2020-02-30,主题,5\n"), "value.date", "B2"},
			{"a negative headcount", []byte(head + "桂花社区,2020-12-05,主题,5\n桂花社区,2020-12-06,主题,-5\n"), "value.too-small", "D3"},
			{"an unknown unit", []byte(head + "桂华社区,2020-12-05,主题,5\n"), "value.unit-unknown", "A2"},
			{"a unit outside one's reach", []byte(head + "荷花社区,2020-12-05,主题,5\n"), "value.unit-unknown", "A2"},
			{"a required cell left empty", []byte(head + "桂花社区,2020-12-05,,5\n"), "value.required", "C2"},
			{"a column missing", []byte("单位,主题\n桂花社区,主题\n"), "import.column-missing", "A1"},
			{"a column nobody knows", []byte("单位,日期,主题,天气\n桂花社区,2020-12-05,主题,晴\n"), "import.column-unknown", "D1"},
			{"U+0000 in a cell", []byte(head + "桂花社区,2020-12-05,主\x00题,5\n"), "sheet.encoding", ""},
			{"a number of a record there is not", []byte("编号,单位,日期,主题\nXC-2020-9999,桂花社区,2020-12-05,主题\n"), "import.no-number", "A2"},
		} {
			w.Run(c.name, func(t *testing.T) {
				var said [2]string
				for i, lang := range []string{"zh-CN", "en"} {
					res := w.Do(apptest.Ask{As: "clerk1", Method: "POST", Path: "/imports?kind=publicity-session&name=a", Body: c.content, Lang: lang}).OK()
					e := apptest.At(res, "errors.0")
					said[i] = apptest.Text(e, "message")
					if !strings.HasPrefix(apptest.Text(e, "code"), c.code) || c.cell != "" && apptest.Text(e, "cell") != c.cell {
						t.Errorf("%v, want %s at %s", apptest.List(res, "errors"), c.code, c.cell)
					}
					if apptest.Num(res, "accepted") != 0 {
						t.Errorf("%d rows of a bad file were taken", apptest.Num(res, "accepted"))
					}
				}
				w.Bilingual(c.name, said[0], said[1])
			})
		}
		if n := w.Scalar(`SELECT count(*) FROM entry`); n != 0 {
			t.Errorf("bad files left %d records", n)
		}
		w.Run("the same good file twice", func(t *testing.T) {
			file := []byte(head + "桂花社区,2020-12-05,主题,5\n桂花社区,2020-12-05,主题,5\n")
			for i, want := range []int64{2, 0} {
				res := w.Do(apptest.Ask{As: "clerk1", Method: "POST", Path: "/imports?kind=publicity-session&name=a", Body: file}).OK()
				if apptest.Num(res, "accepted") != want || apptest.Num(res, "unchanged") != 2-want {
					t.Errorf("time %d: %v", i+1, res)
				}
			}
		})
	})
}

// TestAVoidedRecordIsNotThere: a row whose record was voided since is a record again when its file comes a second time.
func TestAVoidedRecordIsNotThere(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		file := []byte("单位,日期,主题,受众（人次）,地点\n桂花社区,2020-12-05,讲座,30,=\"0120\"\n")
		read := func() (id, state string) {
			id = apptest.Text(w.Do(apptest.Ask{As: "clerk1", Method: "POST", Path: "/import-runs?kind=publicity-session&name=a.csv", Body: file}).OK(), "id")
			w.Jobs()
			return id, apptest.Text(importRun(w, "clerk1", id, ""), "lines.0.state")
		}
		id, state := read()
		w.Expect("at first", state, "good")
		w.Post("clerk1", "/import-runs/"+id+"/keep", apptest.Vals{}, 0).OK()
		w.Jobs()
		_, state = read()
		w.Expect("while it is there", state, "same")
		rows := apptest.List(w.Get("clerk1", "/entries?kind=publicity-session").OK(), "rows")
		w.Expect("as the sheet shows it", apptest.Text(rows[0], "values.place"), "0120")
		w.Post("manager1", "/entries/"+apptest.Text(rows[0], "id")+"/void", apptest.Vals{"reason": "登记错了"}, apptest.Num(rows[0], "rev")).OK()
		id, state = read()
		w.Expect("after it was voided", state, "good")
		w.Post("clerk1", "/import-runs/"+id+"/keep", apptest.Vals{}, 0).OK()
		w.Jobs()
		w.Expect("entries", w.Scalar(`SELECT count(*) FROM entry WHERE state = 'submitted'`), 1)
		w.Settled()
	})
}
