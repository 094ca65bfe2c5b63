package ledger_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"sifen/internal/apptest"
)

// TestNumbersAreFoundByTheirEnds: people know a lorry by the end of its plate, which is written in several ways.
func TestNumbersAreFoundByTheirEnds(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		for i, topic := range []string{"皖Y18866D 清运", "皖Y·1886挂", "皖E·Ｄ54321", "电话 13900001234"} {
			v := apptest.Session(fmt.Sprintf("2020-10-0%d", i+1), 3)
			v["topic"] = topic
			w.Enter("clerk1", "publicity-session", "桂花社区", v)
			query := strings.Fields("皖Y18866D,皖y18866d,Y18866D,18866D,866D,66D,8866 1886挂,皖Y1886挂,Y1886挂,皖Y-1886挂,886挂 " +
				"皖ED54321,皖E·D54321,皖E.D54321,54321,D54321,321 1234,00001234,139")[i]
			for _, q := range strings.Split(query, ",") {
				got := w.Topics("clerk1", url.QueryEscape(q))
				if !slices.Contains(got, topic) || len(q) > 3 && len(got) != 1 && q != "1234" {
					w.T.Errorf("%s finds %q", q, got)
				}
			}
		}
		w.Expect("another number", w.Topics("clerk1", "9001"), []string(nil))
	})
}
