package sheet

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

func rowsOf(rows ...[]any) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func testBook() Book {
	var streets []string
	for i := range 400 {
		streets = append(streets, fmt.Sprintf("第%d社区，含逗号", i))
	}
	return Book{
		Sheet: "宣传培训场次",
		Columns: []Column{
			{Key: "held_on", Title: "日期", Second: "Date", Kind: Day, Required: true, Note: "活动举办的日期"},
			{Key: "code", Title: "编号", Second: "Code"},
			{Key: "unit", Title: "单位", Second: "Unit", Options: streets, Required: true},
			{Key: "audience", Title: "受众", Second: "Audience", Kind: Integer, Note: strings.Repeat("长", 300)},
			{Key: "weight", Title: "重量（吨）", Second: "Weight", Kind: Decimal, Decimals: 3, Width: 12},
		},
		Rows: rowsOf(
			[]any{time.Date(2020, 8, 2, 23, 0, 0, 0, time.UTC), "340521199001011234", "第3社区，含逗号", int64(118), int64(12345)},
			[]any{nil, "=1+1", nil, nil, int64(-100)},
		),
		Meta: map[string]string{"kind": "publicity-session", "version": "3"},
	}
}

func TestWrittenIsRead(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b, testBook()); err != nil {
		t.Fatal(err)
	}
	table, err := Read(b.Bytes(), ReadOptions{MaxColumns: 5})
	if err != nil {
		t.Fatal(err)
	}
	if table.Meta["kind"] != "publicity-session" || table.Meta["version"] != "3" || table.Meta["column.4"] != "audience" {
		t.Errorf("meta: %v", table.Meta)
	}
	if len(table.Second) != 5 || table.Second[3].Text != "Audience" {
		t.Errorf("second titles: %v", table.Second)
	}
	want := "日期|编号|单位|受众|重量（吨）\n3:2020-08-02|340521199001011234|第3社区，含逗号|118|12.345\n4:|=1+1|||-0.1"
	if got := dump(t, table); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	meta, err := ReadMeta(b.Bytes())
	if err != nil || meta["kind"] != "publicity-session" {
		t.Errorf("meta alone: %v %v", meta, err)
	}
}

// TestWhatAClerkSees opens the file with the library's own eyes.
func TestWhatAClerkSees(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b, testBook()); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := f.GetSheetList(); !slices.Equal(got, []string{"宣传培训场次", "_lists", "_sifen"}) || f.GetActiveSheetIndex() != 0 {
		t.Errorf("sheets %v", got)
	}
	for _, name := range []string{"_lists", "_sifen"} {
		if seen, err := f.GetSheetVisible(name); err != nil || seen {
			t.Errorf("%s is visible: %v", name, err)
		}
	}
	panes, err := f.GetPanes("宣传培训场次")
	if err != nil || !panes.Freeze || panes.YSplit != 2 {
		t.Errorf("panes %+v %v", panes, err)
	}
	if w, err := f.GetColWidth("宣传培训场次", "E"); err != nil || w != 12 {
		t.Errorf("width %v %v", w, err)
	}
	for cell, want := range map[string]string{"A1": "日期 *", "B1": "编号", "A2": "Date", "A3": "2020-08-02", "E3": "12.345", "E4": "-0.100", "B4": "=1+1"} {
		if got, err := f.GetCellValue("宣传培训场次", cell); err != nil || got != want {
			t.Errorf("%s shows %q, want %q (%v)", cell, got, want, err)
		}
	}
	if formula, err := f.GetCellFormula("宣传培训场次", "B4"); err != nil || formula != "" {
		t.Errorf("text became the formula %q", formula)
	}
	all, err := f.GetDataValidations("宣传培训场次")
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]string{}
	for _, dv := range all {
		kinds[dv.Sqref] = dv.Type
		if dv.Prompt != nil && len([]rune(*dv.Prompt)) > 255 {
			t.Error("a prompt is longer than the editor takes")
		}
		if dv.Type == "list" && dv.Formula1 != "'_lists'!$A$1:$A$400" {
			t.Errorf("list %s", dv.Formula1)
		}
	}
	for sqref, want := range map[string]string{"A3:A100002": "date", "C3:C100002": "list", "D3:D100002": "whole", "E3:E100002": "decimal", "A1:A2": ""} {
		if got, there := kinds[sqref]; !there || got != want {
			t.Errorf("validation of %s: %q, want %q", sqref, got, want)
		}
	}
}

// TestColumnsAscend: Excel asks for repair when <col> elements do not.
func TestColumnsAscend(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b, testBook()); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	var sheet struct {
		Cols []struct {
			Min int `xml:"min,attr"`
		} `xml:"cols>col"`
	}
	if err := decodePart(z, "xl/worksheets/sheet1.xml", &sheet); err != nil {
		t.Fatal(err)
	}
	if len(sheet.Cols) != 5 {
		t.Fatalf("%d columns", len(sheet.Cols))
	}
	for i, c := range sheet.Cols {
		if c.Min != i+1 {
			t.Errorf("column %d stands at place %d", c.Min, i+1)
		}
	}
}

func TestNotWritten(t *testing.T) {
	boom := errors.New("boom")
	tests := map[string]struct {
		rows iter.Seq2[[]any, error]
		want error
	}{
		"text longer than a cell": {rowsOf([]any{nil, strings.Repeat("长", 32768)}), ErrTextTooLong},
		"day before the calendar": {rowsOf([]any{time.Date(1899, 1, 1, 0, 0, 0, 0, time.UTC)}), ErrNotDate},
		"rows end with an error":  {func(yield func([]any, error) bool) { yield(nil, boom) }, boom},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			book := testBook()
			book.Rows = tt.rows
			if err := Write(&bytes.Buffer{}, book); !errors.Is(err, tt.want) {
				t.Errorf("got %v", err)
			}
		})
	}
	book := testBook()
	book.Rows = rowsOf([]any{3.5})
	if err := Write(&bytes.Buffer{}, book); err == nil {
		t.Error("a float was written")
	}
}

// TestNothingStaysBehind: large files pass through temporary ones.
func TestNothingStaysBehind(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	b := large(t, 60_000)
	table, err := Read(b, ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range table.Rows(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		break // a reader that gives up early must not leave them either
	}
	if err := table.Close(); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 {
		t.Errorf("%d temporary files left (%v)", len(left), err)
	}
}

// large is a workbook of 20 columns.
func large(t testing.TB, n int) []byte {
	t.Helper()
	book := Book{Sheet: "台账", Rows: func(yield func([]any, error) bool) {
		for i := range n {
			r := make([]any, 20)
			for j := range r {
				r[j] = int64(i * j)
				if j%4 == 0 {
					r[j] = fmt.Sprintf("汀岸社区第%d次", i)
				}
			}
			if !yield(r, nil) {
				return
			}
		}
	}}
	for j := range 20 {
		kind := Integer
		if j%4 == 0 {
			kind = Text
		}
		book.Columns = append(book.Columns, Column{Key: fmt.Sprint("c", j), Title: fmt.Sprint("列", j), Kind: kind})
	}
	var b bytes.Buffer
	if err := Write(&b, book); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func BenchmarkRead100000x20(b *testing.B) {
	file := large(b, MaxRows-1)
	b.ReportAllocs()
	for b.Loop() {
		table, err := Read(file, ReadOptions{MaxColumns: 20})
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for _, err := range table.Rows(context.Background()) {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if err := table.Close(); err != nil || n != MaxRows-1 {
			b.Fatal(n, err)
		}
	}
}

func BenchmarkScan100000x20(b *testing.B) {
	file := large(b, MaxRows-1)
	z, err := checkArchive(file)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := scanSheet(z, "xl/worksheets/sheet1.xml", 20, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWrite100000x20(b *testing.B) {
	for b.Loop() {
		large(b, MaxRows-1)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(row(1, text("A1", "日期"))+row(2, num("A2", "44045")), `<mergeCell ref="A1:B2"/>`)
	f.Add(`<row><c><f>A1</f></c><c r="XFD1" t="s"><v>9</v></c></row>`, `<mergeCell ref="A2:A9"/>`)
	f.Add(`<row r="0"><c r="A0" t="d"><v>2020-08-02</v></c></row>`, ``)
	f.Fuzz(func(t *testing.T, rows, merges string) {
		b := workbook("", map[string]string{"xl/worksheets/sheet1.xml": `<worksheet ` + ns + `><sheetData>` + rows + `</sheetData><mergeCells>` + merges +
			`</mergeCells></worksheet>`})
		table, err := Read(b, ReadOptions{MaxColumns: 50})
		if err != nil {
			return
		}
		dump(t, table)
	})
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte("日期,场次\n1,2"))
	f.Add([]byte("\xef\xbb\xbf\"a\nb\";c\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		table, err := ReadCSV(b, ReadOptions{MaxColumns: 50})
		if err != nil {
			return
		}
		dump(t, table)
	})
}

func FuzzValues(f *testing.F) {
	for _, s := range []string{"44045", "2020年8月2日", "1e30", "0.30000000000000004", "６８，１２３"} {
		f.Add(s, 2)
	}
	f.Fuzz(func(t *testing.T, s string, decimals int) {
		if day, err := Date(s, false); err == nil && (day.Year() < 1900 || day.Year() > 9999) {
			t.Errorf("%q is %v", s, day)
		}
		_, _ = Number(s, decimals%18)
	})
}
