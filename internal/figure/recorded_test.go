package figure_test

import (
	"fmt"
	"strings"
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
		// lines are the values of a page's units and months, of a comparison, and of the file of the units with its total
		lines := func() string {
			at := fmt.Sprintf("?unit=%d&period=2020", w.Units["东街"])
			p := w.Get("office", "/figures/publicity.sessions/page"+at).OK()
			c := w.Get("office", fmt.Sprintf("/figures/publicity.sessions/compare%s&with=2019&units=%d", at, w.Units["西镇"])).OK()
			f := strings.Split(strings.TrimSpace(string(w.Get("office", "/figures/publicity.sessions/export"+at+"&format=csv").Body)), "\n")
			total := strings.Split(f[len(f)-1], ",")
			return fmt.Sprint(apptest.Text(p, "units.0.display"), apptest.At(p, "units.0.value"), " ", apptest.Text(p, "trend.0.display"),
				apptest.At(p, "trend.0.value"), " ", apptest.Text(c, "lines.1.display"), apptest.At(c, "lines.1.value"), " ", total[0], total[2])
		}
		w.Expect("lines of nobody", lines(), "—<nil> —<nil> —<nil> 合计")
		w.Expect("a ledger of nobody", said("西镇", "publicity.sessions"), "truetrue 0")
		w.Expect("a mean over it", said("西镇", "publicity.audience_mean")[:8], "truetrue")
		w.Enter("clerk1", "publicity-session", "桂花社区", apptest.Session("2020-12-05", 30))
		w.Expect("a record that waits counts nowhere", said("西镇", "publicity.sessions"), "truetrue 0")
		w.Counted("clerk1", "manager1", "publicity-session", "桂花社区", apptest.Session("2020-12-06", 30))
		w.Expect("elsewhere it is 0 now", said("西镇", "publicity.sessions"), "falsefalse 0")
		w.Expect("lines of a ledger in use", lines(), "11 00 00 合计1")
		w.Expect("and a number where it is", said("东街", "publicity.sessions"), "falsefalse 1")
		w.Settled()
	})
}
