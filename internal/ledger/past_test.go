package ledger_test

import (
	"fmt"
	"testing"

	"sifen/internal/apptest"
)

func changed(w *apptest.World, unit, what string, body apptest.Vals) {
	w.T.Helper()
	w.Post("admin", fmt.Sprintf("/units/%d/%s", w.Units[unit], what), body, 0).OK()
	w.Settled()
}

// behind reads a figure, how many records its list holds, and how many lie outside the reader's reach.
func behind(w *apptest.World, as, unit, per string) [3]int64 {
	w.T.Helper()
	at := fmt.Sprintf("unit=%d&period=%s", w.Units[unit], per)
	f := w.Get(as, "/figures/publicity.sessions?"+at).OK()
	l := w.Get(as, "/entries?kind=publicity-session&state=verified&counts_in=publicity.sessions&"+at).OK()
	if total := apptest.List(l, "figures"); len(total) > 0 && apptest.Num(total[0], "value") > 0 && apptest.Text(total[0], "key") == "publicity.sessions" {
		w.Expect("the total line", apptest.Num(total[0], "value"), apptest.Num(f, "value"))
	}
	return [3]int64{apptest.Num(f, "value"), int64(len(apptest.List(l, "rows"))), apptest.Num(f, "outside")}
}

// judged are the faults that the check of a record gives.
func judged(w *apptest.World, as, unit, day string) string {
	w.T.Helper()
	r := w.Do(apptest.Ask{As: as, Method: "POST", Path: "/entries/check", Body: apptest.Vals{"kind": "publicity-session", "unit": w.Units[unit],
		"values": apptest.Session(day, 1)}})
	if r.Status != 200 {
		return fmt.Sprint(r.Status)
	}
	out := ""
	for _, e := range apptest.List(r.OK(), "errors") {
		out += apptest.Text(e, "code")
	}
	return out
}

func TestAClosedUnitKeepsItsHistory(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		entry, _ := w.Counted("clerk2", "manager1", "publicity-session", "兰花社区", apptest.Session("2020-05-05", 10))
		changed(w, "兰园", "close", apptest.Vals{"from": "2020-07-01"})
		changed(w, "兰花社区", "close", apptest.Vals{"from": "2020-07-01"})
		for _, as := range []string{"manager1", "office", "clerk2"} {
			unit := map[string]string{"manager1": "东街", "clerk2": "兰花社区"}[as]
			w.Expect(as+" finds it behind the figure", behind(w, as, unit, "2020"), [3]int64{1, 1, 0})
			w.Expect(as+" opens its figure", behind(w, as, "兰花社区", "2020"), [3]int64{1, 1, 0})
			w.Get(as, "/entries/"+entry).OK()
			w.Expect(as+" enters late", judged(w, as, "兰花社区", "2020-06-20"), "")
			w.Expect(as+" not for a day after the end", judged(w, as, "兰花社区", "2020-07-01"), "ledger.unit-life")
		}
		w.Expect("another street", judged(w, "manager2", "兰花社区", "2020-06-20"), "value.unit")
		for _, as := range []string{"manager2", "clerk1"} {
			w.Expect(as+" does not see it", w.Get(as, "/entries/"+entry).Status, 404)
			w.Expect(as+" has no figure of it", w.Get(as, fmt.Sprintf("/figures/publicity.sessions?unit=%d&period=2020", w.Units["兰花社区"])).Status, 404)
		}
		// the late record waits for the street, as it would have then
		w.Counted("clerk2", "manager1", "publicity-session", "兰花社区", apptest.Session("2020-06-20", 5))
		w.Counted("manager1", "office", "publicity-session", "兰花社区", apptest.Session("2020-06-21", 5))
		w.Expect("with the late ones", behind(w, "manager1", "东街", "2020"), [3]int64{3, 3, 0})
		found := ""
		for _, u := range apptest.List(w.Get("manager1", "/units?day=2020-06-30").OK(), "items") {
			if apptest.Num(u, "id") == w.Units["兰花社区"] {
				found = apptest.Text(u, "short")
			}
		}
		w.Expect("among the units of its days", found, "东街/兰花社区")
		w.Settled()
	})
}

func TestAMovedUnitLeavesItsHistory(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		before, rev := w.Counted("clerk1", "manager1", "publicity-session", "桂花社区", apptest.Session("2020-05-05", 10))
		changed(w, "桂花社区", "move", apptest.Vals{"parent": w.Units["西镇"], "from": "2020-07-01"})
		after, _ := w.Counted("clerk1", "manager2", "publicity-session", "桂花社区", apptest.Session("2020-11-05", 10))
		w.Expect("the street of then", behind(w, "manager1", "东街", "2020"), [3]int64{1, 1, 0})
		w.Expect("the town of now", behind(w, "manager2", "西镇", "2020"), [3]int64{1, 1, 0})
		w.Expect("the district", behind(w, "office", "", "2020"), [3]int64{2, 2, 0})
		e := w.Get("manager1", "/entries/"+before).OK()
		w.Expect("it is read only", [3]any{apptest.At(e, "may.edit"), apptest.At(e, "may.void"), apptest.At(e, "may.comment")},
			[3]any{false, false, apptest.At(e, "may.comment")})
		w.Expect("a change", w.Do(apptest.Ask{As: "manager1", Method: "PUT", Path: "/entries/" + before, Match: rev, Body: apptest.Vals{
			"kind": "publicity-session", "unit": w.Units["桂花社区"], "values": apptest.Session("2020-05-05", 11)}}).Status >= 400, true)
		w.Expect("what came later", w.Get("manager1", "/entries/"+after).Status, 404)
		w.Expect("late records are the town's", judged(w, "manager1", "桂花社区", "2020-06-20")+judged(w, "manager2", "桂花社区", "2020-06-20"), "value.unit")
		figure := func(as, what string) int {
			return w.Get(as, fmt.Sprintf("/figures/publicity.sessions%s&unit=%d", what, w.Units["桂花社区"])).Status
		}
		w.Expect("its figures, for the years in which it was the street's", [6]int{figure("manager1", "?period=2019"), figure("manager1", "?period=2020-05"),
			figure("manager1", "?period=2020"), figure("manager1", "/compare?period=2019&with=2020"), figure("manager2", "?period=2019"),
			figure("manager2", "/compare?period=2019&with=2020")}, [6]int{200, 404, 404, 404, 200, 200})
		// what lies ahead is nobody's yet
		changed(w, "荷花社区", "move", apptest.Vals{"parent": w.Units["东街"], "from": "2021-06-01"})
		ahead, _ := w.Counted("clerk3", "manager2", "publicity-session", "荷花社区", apptest.Session("2020-06-05", 10))
		w.Expect("not before the day", w.Get("manager1", "/entries/"+ahead).Status, 404)
		w.Settled()
	})
}
