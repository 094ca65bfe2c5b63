package sheet_test

import (
	"bytes"
	"testing"
	"time"

	"sifen/internal/sheet"
)

func TestWriteCSV(t *testing.T) {
	columns := []sheet.Column{{Key: "a", Title: "名称"}, {Key: "b", Title: "数"}, {Key: "c", Title: "元", Kind: sheet.Decimal, Decimals: 2},
		{Key: "d", Title: "日", Kind: sheet.Day}}
	day := time.Date(2020, 8, 2, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		row  []any
		want string
	}{
		"plain":                   {[]any{"东街", int64(3), int64(1250), day}, "东街,3,12.50,2020-08-02"},
		"quotes and breaks":       {[]any{"a\"b,c", nil, nil, nil}, `"a""b,c",,,`},
		"a formula":               {[]any{"=1+1", nil, nil, nil}, "'=1+1,,,"},
		"a formula in full width": {[]any{"＝HYPERLINK(1)", nil, nil, nil}, "'＝HYPERLINK(1),,,"},
		"a command":               {[]any{"@SUM(1)", nil, nil, nil}, "'@SUM(1),,,"},
		"a negative number":       {[]any{"甲", int64(-3), int64(-5), nil}, "甲,-3,-0.05,"},
		"one in a text":           {[]any{"-3.50", nil, nil, nil}, "-3.50,,,"},
		"a sum in a text":         {[]any{"-3+cmd|' /C calc'!A0", nil, nil, nil}, "'-3+cmd|' /C calc'!A0,,,"},
		"a plus":                  {[]any{"+1", nil, nil, nil}, "'+1,,,"},
		"a tab":                   {[]any{"\t=1", nil, nil, nil}, "'\t=1,,,"},
		"a formula in a number":   {[]any{"甲", "=1+1", "@x", nil}, "甲,'=1+1,'@x,"},
		"an apostrophe before it": {[]any{"'=1+1", nil, nil, nil}, "''=1+1,,,"},
		"an apostrophe alone":     {[]any{"'甲", nil, nil, nil}, "'甲,,,"},
		"a short row":             {[]any{"甲"}, "甲,,,"},
	} {
		var out bytes.Buffer
		err := sheet.WriteCSV(&out, sheet.Book{Columns: columns, Rows: func(yield func([]any, error) bool) { yield(c.row, nil) }})
		if want := "\ufeff名称,数,元,日\r\n" + c.want + "\r\n"; err != nil || out.String() != want {
			t.Errorf("%s: %q, %v", name, out.String(), err)
		}
	}
	if err := sheet.WriteCSV(&bytes.Buffer{}, sheet.Book{Columns: columns, Rows: func(yield func([]any, error) bool) { yield([]any{1.5}, nil) }}); err == nil {
		t.Error("a float is written")
	}
}

// TestWhatIsWrittenIsRead: a file of our own comes back as it was, whatever its texts begin with.
func TestWhatIsWrittenIsRead(t *testing.T) {
	texts := []string{"东街", "=1+1", "+86 138", "-", "-3", "-3.5", "--3", "@SUM(1)", "\t=1", "＝1", "－甲",
		"'=1+1", "''@x", "'甲", `="007"`, `a"b,c`, "007", "1e5", "340299001001"}
	rows := [][]string{{"name", "=title"}}
	for _, s := range texts {
		rows = append(rows, []string{s, "x"})
	}
	var csv, xlsx bytes.Buffer
	if err := sheet.WriteRows(&csv, rows); err != nil {
		t.Fatal(err)
	}
	if err := sheet.Write(&xlsx, sheet.BookOf("x", rows)); err != nil {
		t.Fatal(err)
	}
	for what, file := range map[string][]byte{"csv": csv.Bytes(), "xlsx": xlsx.Bytes()} {
		table, err := sheet.Open(file, sheet.ReadOptions{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for r, err := range table.Rows(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, r.Cells[0].Text)
		}
		for i, want := range texts {
			if i >= len(got) || got[i] != want {
				t.Errorf("%s: row %d of %q, want %q", what, i, got, want)
				break
			}
		}
	}
}
