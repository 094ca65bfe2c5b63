package figure_test

import (
	"fmt"
	"testing"

	"sifen/internal/apptest"
)

// TestNeverRecorded: a figure of ledgers that nobody used is not recorded rather than 0; one record anywhere in the district
// makes every other 0 of its ledger a number.
func TestNeverRecorded(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		said := func(unit, key string) string {
			path := fmt.Sprintf("/figures/%s/page?unit=%d&period=2020", key, w.Units[unit])
			p := w.Get("office", path).OK()
			listed := ""
			for _, it := range apptest.List(w.Get("office", fmt.Sprintf("/figure-catalogue?unit=%d&period=2020", w.Units[unit])).OK(), "items") {
				if apptest.Text(it, "key") == key {
					listed = fmt.Sprint(apptest.At(it, "unrecorded"))
				}
			}
			return fmt.Sprint(apptest.At(p, "unrecorded"), listed, " ", apptest.Text(p, "display"))
		}
		w.Expect("a ledger of nobody", said("西镇", "publicity.sessions"), "truetrue 0")
		w.Expect("a mean over it", said("西镇", "publicity.audience_mean")[:8], "truetrue")
		w.Enter("clerk1", "publicity-session", "桂花社区", apptest.Session("2020-12-05", 30))
		w.Expect("a record that waits counts nowhere", said("西镇", "publicity.sessions"), "truetrue 0")
		w.Counted("clerk1", "manager1", "publicity-session", "桂花社区", apptest.Session("2020-12-06", 30))
		w.Expect("elsewhere it is 0 now", said("西镇", "publicity.sessions"), "falsefalse 0")
		w.Expect("and a number where it is", said("东街", "publicity.sessions"), "falsefalse 1")
		w.Settled()
	})
}
