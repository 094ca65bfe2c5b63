package likeness_test

import (
	"context"
	"fmt"
	"testing"

	"sifen/internal/apptest"
	"sifen/internal/kind"
	"sifen/internal/likeness"
	"sifen/internal/org"
)

// TestRecordsOfOneThing: an event is known by unit, day and folded subject, a lorry by its folded plate; void records and those
// out of reach are none. One look and many looks find the same.
func TestRecordsOfOneThing(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		ctx := context.Background()
		e, rev := w.Counted("clerk1", "manager1", "publicity-session", "桂花社区", apptest.Session("2020-11-03", 3))
		w.Enter("clerk1", "publicity-session", "桂花社区", apptest.Session("2020-11-04", 3))
		far, _ := w.Enter("clerk3", "publicity-session", "荷花社区", apptest.Session("2020-11-03", 3))
		_ = far
		k := w.Kind("publicity-session")
		like := func(as, unit, day, topic string) int {
			by, err := w.App.As(ctx, as)
			apptest.Must(w.T, err)
			v := kind.Values{"held_on": day, "topic": topic}
			l, ok := likeness.Of(k, org.No(w.Units[unit]), v)
			if !ok {
				t.Fatal("no likeness")
			}
			found, err := w.App.Ledger.Alike(ctx, w.App.DB.Read, by, k, []likeness.Key{l})
			apptest.Must(w.T, err)
			*likeness.OneByOne = 0
			defer func() { *likeness.OneByOne = 400 }()
			again, err := w.App.Ledger.Alike(ctx, w.App.DB.Read, by, k, []likeness.Key{l})
			apptest.Must(w.T, err)
			w.Expect("at one look", len(again[l]), len(found[l]))
			return len(found[l])
		}
		topic := apptest.Text(w.Get("clerk1", "/entries/"+e).OK(), "title")
		spaced := fmt.Sprintf(" %s ", topic)
		w.Expect("its day", like("clerk1", "桂花社区", "2020-11-03", spaced), 1)
		w.Expect("another day", like("clerk1", "桂花社区", "2020-11-05", topic), 0)
		w.Expect("another subject", like("clerk1", "桂花社区", "2020-11-03", topic+"二"), 0)
		w.Expect("out of reach", like("clerk1", "荷花社区", "2020-11-03", topic), 0)
		w.Post("manager1", "/entries/"+e+"/void", apptest.Vals{"reason": "记错了"}, rev).OK()
		w.Expect("void", like("clerk1", "桂花社区", "2020-11-03", topic), 0)
	})
}
