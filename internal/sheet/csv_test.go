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
