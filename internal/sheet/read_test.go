package sheet

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
)

func TestWorkbooksRead(t *testing.T) {
	head := row(1, text("A1", "日期"), text("B1", "场次 *"))
	merges := func(refs ...string) map[string]string {
		s := ""
		for _, r := range refs {
			s += `<mergeCell ref="` + r + `"/>`
		}
		return map[string]string{"merges": s}
	}
	tests := map[string]struct {
		rows   string
		merges map[string]string
		want   string
	}{
		"plain":                      {head + row(2, num("A2", "44045"), num("B2", "338")), nil, "日期|场次\n2:44045|338"},
		"rows above the titles":      {row(3, text("A3", "日期")) + row(5, num("A5", "1")), nil, "日期\n5:1"},
		"empty and styled rows":      {head + `<row r="2"><c r="A2" s="1"/></row>` + row(9, num("A9", "7")), nil, "日期|场次\n9:7"},
		"gap between cells":          {head + row(2, num("B2", "3")), nil, "日期|场次\n2:|3"},
		"long code as number":        {head + row(2, num("A2", "340521199001011234")), nil, "日期|场次\n2:340521199001011234"},
		"date with a time":           {head + row(2, num("A2", "44045.75")), nil, "日期|场次\n2:44045.75"},
		"cells without references":   {`<row><c t="inlineStr"><is><t>甲</t></is></c><c><v>1</v></c></row><row><c><v>2</v></c></row>`, nil, "甲|1\n2:2"},
		"formula with a value":       {head + row(2, `<c r="A2"><f>1+1</f><v>2</v></c>`), nil, "日期|场次\n2:2"},
		"formula without a value":    {head + row(2, num("A2", "1"), `<c r="B2"><f>SUM(A1:A9)</f></c>`), nil, "日期|场次\n2:1|?"},
		"row of such a formula only": {head + row(2, `<c r="B2"><f>A1</f><v></v></c>`), nil, "日期|场次\n2:|?"},
		"error value":                {head + row(2, `<c r="A2" t="e"><v>#REF!</v></c>`), nil, "日期|场次\n2:#REF!"},
		"merged downwards": {head + row(2, num("A2", "44045"), num("B2", "1")) + row(3, num("B3", "2")) + row(4, num("B4", "3")),
			merges("A2:A3"), "日期|场次\n2:44045|1\n3:44045^|2\n4:|3"},
		"merged across":               {head + row(2, num("A2", "5")), merges("A2:B2"), "日期|场次\n2:5|5^"},
		"merged titles":               {row(1, text("A1", "项目")) + row(2, num("A2", "1"), num("B2", "2")), merges("A1:B1"), "项目|项目^\n2:1|2"},
		"merged over rows of its own": {head + row(2, num("A2", "5"), num("B2", "1")), merges("A2:A9"), "日期|场次\n2:5|1"},
		"merged wider than the table": {head + row(2, num("A2", "5")), merges("A2:XFD2"), "日期|场次\n2:5" + strings.Repeat("|5^", 9)},
		"titles only":                 {head, nil, "日期|场次"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			extra := map[string]string{}
			if m := tt.merges["merges"]; m != "" {
				extra["xl/worksheets/sheet1.xml"] = `<worksheet ` + ns + `><sheetData>` + tt.rows + `</sheetData><mergeCells>` + m + `</mergeCells></worksheet>`
			}
			table, err := Read(workbook(tt.rows, extra), ReadOptions{MaxColumns: 10})
			if err != nil {
				t.Fatal(err)
			}
			if got := dump(t, table); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestWorkbooksRefused(t *testing.T) {
	var wide, many strings.Builder
	for i := range 20_000 {
		wide.WriteString(row(i+1, num(address(16383, i+1), "1")))
	}
	for i := range MaxRows + 1 {
		many.WriteString(row(i+1, num(address(0, i+1), "1")))
	}
	one := row(1, text("A1", "甲"))
	tests := map[string]struct {
		b    []byte
		opt  ReadOptions
		want *Error
		cell string
	}{
		"larger than 20 MB":  {b: make([]byte, MaxFile+1), want: ErrTooLarge},
		"old .xls or locked": {b: []byte{0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1}, want: ErrOldOrLocked},
		"no zip":             {b: []byte("日期,场次"), want: ErrNotSheet},
		"a Word file":        {b: workbook("", map[string]string{"xl/workbook.xml": "", "_rels/.rels": "<a/>"}), want: ErrDamaged},
		"zip bomb":           {b: workbook(one, map[string]string{"xl/media/a.bin": strings.Repeat("\x00", MaxUnzipped)}), want: ErrUnzipped},
		"bomb of styles":     {b: workbook(one, map[string]string{"xl/styles.xml": strings.Repeat(" ", maxPart+1)}), want: ErrTooComplex},
		"macros":             {b: workbook(one, map[string]string{"xl/vbaProject.bin": "x"}), want: ErrMacro},
		"no such sheet":      {b: workbook(one, nil), opt: ReadOptions{Sheets: []string{"别的"}}, want: ErrNoSheet},
		"nothing in it":      {b: workbook("", nil), want: ErrEmpty},
		"only a hidden sheet": {b: workbook(one,
			map[string]string{"xl/workbook.xml": `<workbook ` + ns +
				`><sheets><sheet name="a" sheetId="1" state="hidden" r:id="rId1"/></sheets></workbook>`}), want: ErrNoSheet},
		"wide rows":           {b: workbook(one+wide.String(), nil), opt: ReadOptions{MaxColumns: 20}, want: ErrTooWide, cell: "XFD1"},
		"one column too many": {b: workbook(one+row(2, num("C2", "1")), nil), opt: ReadOptions{MaxColumns: 2}, want: ErrTooWide, cell: "C2"},
		"more rows than fit":  {b: workbook(many.String(), nil), want: ErrTooManyRows},
		"cut off":             {b: workbook("", map[string]string{"xl/worksheets/sheet1.xml": `<worksheet ` + ns + `><sheetData>` + one}), want: ErrDamaged},
		"merge bomb": {b: workbook("",
			map[string]string{"xl/worksheets/sheet1.xml": `<worksheet ` + ns + `><sheetData>` + one + `</sheetData><mergeCells>` +
				strings.Repeat(`<mergeCell ref="A1:B2"/>`, maxMerges+1) + `</mergeCells></worksheet>`}), want: ErrTooComplex},
		"worksheet not there": {b: workbook("",
			map[string]string{"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/none.xml"/>` +
				`</Relationships>`}), want: ErrDamaged},
		"workbook is no XML":   {b: workbook(one, map[string]string{"xl/workbook.xml": "<workbook"}), want: ErrDamaged},
		"shared text missing":  {b: workbook(one+row(2, `<c r="A2" t="s"><v>7</v></c>`), nil), want: nil},
		"rows out of order":    {b: workbook(one+row(5, num("A5", "1"))+row(3, num("A3", "2")), nil), want: nil},
		"row number of no row": {b: workbook(one+`<row r="99999999"><c r="A99999999"><v>1</v></c></row>`, nil), want: nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			table, err := Read(tt.b, tt.opt)
			if tt.want == nil { // strange, but nothing worse than an error while reading
				if err == nil {
					dump(t, table)
				}
				return
			}
			var e *Error
			if !errors.As(err, &e) || !errors.Is(err, tt.want) || e.Cell != tt.cell {
				t.Errorf("got %v, want %s at %q", err, tt.want.Code, tt.cell)
			}
		})
	}
}

// TestHeads: of the first rows the one with the most known titles is the head, whatever people write above it.
func ones(from, to int) string {
	var b strings.Builder
	for i := from; i <= to; i++ {
		b.WriteString(row(i, num(address(0, i), "1")))
	}
	return b.String()
}

func dumped(from, to int) string {
	var b strings.Builder
	for i := from; i <= to; i++ {
		fmt.Fprintf(&b, "\n%d:1", i)
	}
	return b.String()
}

func TestHeads(t *testing.T) {
	known := func(texts []string) int {
		n := 0
		for _, x := range texts {
			if _, lower, ok := strings.Cut(x, HeadMark); ok {
				x = lower
			}
			if x == "日期" || x == "场次" || x == "居民" {
				n++
			}
		}
		return n
	}
	tests := map[string]struct {
		rows, merges string
		row          int
		want         string
	}{
		"a heading over all columns": {row(1, text("A1", "登记表")) + row(2, text("A2", "日期"), text("B2", "场次")) + row(3, num("A3", "1"), num("B3", "2")),
			"A1:B1", 2, "日期|场次\n3:1|2"},
		"who fills it in": {row(1, text("A1", "登记表")) + row(2, text("A2", "单位：甲"), text("B2", "12月")) + row(4, text("A4", "日期"),
			text("B4", "场次")) + row(5, num("A5", "1")), "", 4, "日期|场次\n5:1"},
		"repeated titles stay to be told": {row(1, text("A1", "日期"), text("B1", "场次")) + row(2, text("A2", "日期"), text("B2", "场次")), "", 1, "日期|场次\n2:日期|场次"},
		"two rows": {row(1, text("A1", "日期"), text("B1", "人数")) + row(2, text("B2", "居民"), text("C2", "学生")) + row(3, num("A3", "1"),
			num("B3", "2"), num("C3", "3")), "A1:A2 B1:C1", 2, "日期|人数／居民|人数／学生\n3:1|2|3"},
		"the lower row is known better": {row(1, text("A1", "日期"), text("B1", "人数")) + row(2, text("B2", "居民"), text("C2", "场次")) + row(3,
			num("A3", "1")), "A1:A2 B1:C1", 2, "日期|人数／居民|人数／场次\n3:1"},
		"nothing known": {row(1, text("A1", "登记表")) + row(2, text("A2", "甲"), text("B2", "乙")) + row(3, num("A3", "1")), "A1:B1", 2,
			"甲|乙\n3:1"},
		"nothing known, under a line with unit and month": {row(1, text("A1", "统计表")) + row(2, text("A2", "单位：甲"), text("D2", "2020年12月")) +
			row(3, text("A3", "序号"), text("B3", "时间"), text("C3", "内容"), text("D3", "来了多少人")) +
			row(4, num("A4", "1"), text("B4", "2020-12-05"), text("C4", "讲座"), num("D4", "31")), "A1:D1", 3,
			"序号|时间|内容|来了多少人\n4:1|2020-12-05|讲座|31"},
		"nothing known, rows of words": {row(1, text("A1", "甲"), text("B1", "乙"), text("C1", "丙")) +
			row(2, text("A2", "东街"), text("B2", "桂花"), text("C2", "好")),
			"", 1, "甲|乙|丙\n2:东街|桂花|好"},
		"nothing known, one column": {row(1, text("A1", "甲")) + row(2, num("A2", "1")), "", 1, "甲\n2:1"},
		"titles far down": {row(1, text("A1", "甲"), text("B1", "乙")) + ones(2, HeadWithin-1) + row(HeadWithin, text("A30", "日期")),
			"", HeadWithin, "日期"},
		"titles too far down": {row(1, text("A1", "甲"), text("B1", "乙")) + ones(2, HeadWithin) + row(HeadWithin+1, text("A31", "日期")),
			"", 1, "甲|乙" + dumped(2, HeadWithin) + "\n31:日期"},
		"a value merged down is no title": {row(1, text("A1", "日期"), text("B1", "场次")) + row(2, text("A2", "今天"), num("B2", "1")) + row(3, num("B3", "2")),
			"A2:A3", 1, "日期|场次\n2:今天|1\n3:今天^|2"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			extra := map[string]string{}
			if tt.merges != "" {
				m := ""
				for _, ref := range strings.Fields(tt.merges) {
					m += `<mergeCell ref="` + ref + `"/>`
				}
				extra["xl/worksheets/sheet1.xml"] = `<worksheet ` + ns + `><sheetData>` + tt.rows + `</sheetData><mergeCells>` + m + `</mergeCells></worksheet>`
			}
			table, err := Read(workbook(tt.rows, extra), ReadOptions{MaxColumns: 10, Head: known})
			if err != nil {
				t.Fatal(err)
			}
			if table.HeadRow != tt.row {
				t.Errorf("titles in row %d, want %d", table.HeadRow, tt.row)
			}
			if got := dump(t, table); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestDatesOfAMac(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	on := true
	if err := errors.Join(f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &on}), f.SetCellValue("Sheet1", "A1", "日期"),
		f.SetCellInt("Sheet1", "A2", 42583)); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	table, err := Read(b.Bytes(), ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close()
	if !table.Date1904 {
		t.Fatal("date system not seen")
	}
	for r, err := range table.Rows(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		if day, err := Date(r.Text(0), table.Date1904); err != nil || day.Format("2006-01-02") != "2020-08-02" {
			t.Errorf("got %v %v", day, err)
		}
	}
}

func TestReadingStopsWithItsContext(t *testing.T) {
	table, err := Read(workbook(row(1, text("A1", "甲"))+row(2, num("A2", "1")), nil), ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, err := range table.Rows(ctx) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	}
}

func TestCSV(t *testing.T) {
	gb, err := simplifiedchinese.GB18030.NewEncoder().String("日期,地点\n2020-08-02,汀岸社区\n")
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		b    string
		want string
		err  *Error
	}{
		"UTF-8":                  {b: "日期,场次\n2020-08-02,3\n", want: "日期|场次\n2:2020-08-02|3"},
		"UTF-8 with its mark":    {b: "\ufeff日期,场次\r\n1,2\r\n", want: "日期|场次\n2:1|2"},
		"GB18030":                {b: gb, want: "日期|地点\n2:2020-08-02|汀岸社区"},
		"semicolons":             {b: "日期;场次\n1;2,5", want: "日期|场次\n2:1|2,5"},
		"tabs":                   {b: "日期\t场次\n1\t2", want: "日期|场次\n2:1|2"},
		"lines inside quotes":    {b: "甲,乙\n\"一\n二\",3\n4,5", want: "甲|乙\n2:一\n二|3\n4:4|5"},
		"empty rows and cells":   {b: "甲,乙\n,,,\n\n1,,\n", want: "甲|乙\n4:1"},
		"zeros kept by a trick":  {b: "甲\n\"=\"\"00123\"\"\"", want: "甲\n2:00123"},
		"UTF-16":                 {b: "\xff\xfe1\x00\x0a\x00\x32\x75", want: "1\n2:甲"},
		"UTF-16 with a zero":     {b: "\xff\xfe1\x00\x00\x00", err: ErrEncoding},
		"bytes of no encoding":   {b: "甲\xff\xff\n1", err: ErrEncoding},
		"replacement characters": {b: "甲\ufffd\n1", err: ErrEncoding},
		"binary":                 {b: "a\x00b", err: ErrEncoding},
		"empty":                  {b: "\n\n", err: ErrEmpty},
		"quotes do not match":    {b: "甲\n\"1", want: "甲\n" + ErrQuotes.at("A2").Error()},
		"too wide":               {b: "甲\n1,2,3,4", want: "甲\n" + ErrTooWide.at("D2").Error()},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			table, err := ReadCSV([]byte(tt.b), ReadOptions{MaxColumns: 3})
			if tt.err != nil {
				if !errors.Is(err, tt.err) {
					t.Errorf("got %v, want %s", err, tt.err.Code)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := dump(t, table); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
	if _, err := ReadCSV(make([]byte, MaxFile+1), ReadOptions{}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("got %v", err)
	}
	table, err := ReadCSV([]byte(strings.Repeat("1\n", MaxRows+5)), ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if got := dump(t, table); !strings.HasSuffix(got, ErrTooManyRows.Error()) {
		t.Error("rows without end were read")
	}
}
