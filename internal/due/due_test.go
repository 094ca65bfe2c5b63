package due_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"sifen/internal/apptest"
	"sifen/internal/org"
	"sifen/internal/period"
)

func sweep(w *apptest.World) {
	w.T.Helper()
	apptest.Must(w.T, w.App.Tick(context.Background(), "due"))
}

// states reads what 东街 or another street owes of sessions, month by month.
func states(w *apptest.World, as, unit string) map[string]string {
	w.T.Helper()
	g := w.Get(as, "/due?period=2020&kind=publicity-session").OK()
	out := map[string]string{}
	for _, l := range apptest.List(g, "lines") {
		if apptest.Text(l, "unit.name") == unit {
			for _, i := range apptest.List(l, "items") {
				out[apptest.Text(i, "period")] = apptest.Text(i, "state")
			}
		}
	}
	return out
}

func rate(w *apptest.World, month string) string {
	w.T.Helper()
	p, err := period.Parse(month)
	apptest.Must(w.T, err)
	x, err := w.App.Figures.At(context.Background(), w.App.DB.Read, w.District)
	apptest.Must(w.T, err)
	v, err := x.Value("due.rate", org.No(1), p)
	apptest.Must(w.T, err)
	if !v.Defined {
		return "undefined"
	}
	return fmt.Sprintf("%d/%d", v.Part, v.Of)
}

func TestWhatIsOwed(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		sweep(w)
		w.Expect("nothing was ever delivered: nothing is owed", len(states(w, "office", "东街")), 0)
		w.Expect("undefined is not zero", rate(w, "2020-11"), "undefined")
		// in time for November is up to the third working day of December
		e, _ := w.Enter("clerk1", "publicity-session", "桂花社区", apptest.Session("2020-11-20", 3))
		apptest.Must(t, w.App.DB.Exec(context.Background(), `UPDATE entry SET late_days = 0`)) // as if it had come on its own day
		sweep(w)
		w.Expect("delivered below the street", states(w, "office", "东街")["2020-11"], "delivered")
		w.Expect("the other street", states(w, "office", "西镇")["2020-11"], "missing")
		w.Expect("nothing before the first delivery", states(w, "office", "东街")["2020-10"], "")
		w.Expect("terms", rate(w, "2020-11"), "1/2")
		w.Settled()

		// a late delivery
		l, _ := w.Enter("clerk3", "publicity-session", "荷花社区", apptest.Session("2020-11-05", 3))
		apptest.Must(t, w.App.Due.Refresh(context.Background(), w.District, l, "publicity-session"))
		w.Expect("late", states(w, "office", "西镇")["2020-11"], "late")
		w.Expect("terms", rate(w, "2020-11"), "2/2")
		// what came back is not delivered
		rev := apptest.Num(w.Get("manager1", "/entries/"+e).OK(), "rev")
		w.Post("manager1", "/entries/"+e+"/return", apptest.Vals{"reason": "请补照片"}, rev).OK()
		apptest.Must(t, w.App.Due.Refresh(context.Background(), w.District, e, "publicity-session"))
		w.Expect("returned", states(w, "office", "东街")["2020-11"], "missing")
		w.Expect("terms", rate(w, "2020-11"), "1/2")
		w.Settled()

		// exempt with a reason, by a superior, undone
		id := ""
		for _, ln := range apptest.List(w.Get("office", "/due?period=2020-11&kind=publicity-session").OK(), "lines") {
			if apptest.Text(ln, "unit.name") == "东街" {
				id = apptest.Text(ln, "items.0.id")
			}
		}
		w.Post("manager1", "/due/"+id+"/exempt", apptest.Vals{"exempt": true, "reason": "自己说的"}, 0).Refused(403, "ledger.forbidden")
		w.Post("office", "/due/"+id+"/exempt", apptest.Vals{"exempt": true}, 0).Refused(422, "due.reason")
		w.Post("office", "/due/"+id+"/exempt", apptest.Vals{"exempt": true, "reason": "十一月拆迁停办"}, 0).OK()
		sweep(w)
		w.Expect("exempt stays", states(w, "office", "东街")["2020-11"], "exempt")
		w.Expect("terms", rate(w, "2020-11"), "1/1")
		w.Settled()
		w.Post("office", "/due/"+id+"/exempt", apptest.Vals{"exempt": false}, 0).OK()
		w.Expect("owed after all", rate(w, "2020-11"), "1/2")

		// a reminder reaches those who enter at the unit, once a day
		r := w.Post("office", "/due/remind", apptest.Vals{"items": []string{id}}, 0).OK()
		w.Expect("reminded", [2]any{apptest.Num(r, "units"), apptest.Num(r, "persons") > 0}, [2]any{1, true})
		r = w.Post("office", "/due/remind", apptest.Vals{"items": []string{id}}, 0).OK()
		w.Expect("not twice", [2]int64{apptest.Num(r, "persons"), apptest.Num(r, "already")}, [2]int64{0, 1})
		b := w.Get("manager1", "/bench").OK()
		w.Expect("on the bench", strings.Contains(apptest.Text(b, "notices.0.title.zh"), "2020年11月"), true)
		w.Expect("owed on the bench", apptest.Text(b, "owed.0.period"), "2020-11")
		w.Post("manager1", "/notices/read", apptest.Vals{"id": apptest.Text(b, "notices.0.id")}, 0).OK()
		w.Expect("read", apptest.Num(w.Get("manager1", "/notices").OK(), "unread"), 0)
		w.Post("manager2", "/notices/read", apptest.Vals{"id": apptest.Text(b, "notices.0.id")}, 0).Refused(404, "notify.none")

		w.Settled()
	})
}
