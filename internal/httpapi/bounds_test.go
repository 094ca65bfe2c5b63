package httpapi_test

import (
	"fmt"
	"strings"
	"testing"

	"sifen/internal/dbtest"
	"sifen/internal/id"
)

// TestAnswersToUnknownFieldsStaySmall: a megabyte of what nobody asked for is not sent back.
func TestAnswersToUnknownFieldsStaySmall(t *testing.T) {
	h := kit(dbtest.SQLite(t), func(int64) error { return nil })
	var many strings.Builder
	many.WriteString(`{"add":1`)
	for i := range 50_000 {
		fmt.Fprintf(&many, `,"unknown%d":1`, i)
	}
	for what, body := range map[string]string{
		"many fields":         many.String() + "}",
		"one with a long key": `{"add":1,"` + strings.Repeat("长", 200_000) + `":1}`,
		"one deep inside":     `{"add":{"` + strings.Repeat("x", 500_000) + `":1}}`,
	} {
		w := send(h, "clerk", id.New(noon), strings.NewReader(body))
		if w.Code != 422 || w.Body.Len() > 32<<10 || w.Body.Len() < 100 {
			t.Errorf("%s: %d, %d bytes back for %d", what, w.Code, w.Body.Len(), len(body))
		}
	}
}
