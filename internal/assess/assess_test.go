package assess_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"sifen/internal/apptest"
	"sifen/internal/db"
	"sifen/internal/id"
)

type vals = apptest.Vals

// later moves the clock and signs everybody in again.
func later(w *apptest.World, to time.Time) func(login string) string {
	w.T.Helper()
	w.Clock.Set(to)
	tokens := map[string]string{}
	return func(login string) string {
		w.T.Helper()
		if tokens[login] == "" {
			token, _, err := w.App.Accounts.SignIn(context.Background(), login, apptest.Password, "192.0.2.1:1000")
			apptest.Must(w.T, err)
			tokens[login] = token
		}
		return tokens[login]
	}
}

func visit(w *apptest.World, as, unit string, answers ...vals) string {
	w.T.Helper()
	v := w.Post(as, "/visits", vals{"id": id.New(w.Clock.Now()), "place": fmt.Sprintf("unit:%d", w.Units[unit]), "checklist": "estate", "answers": answers,
		"present": "王师傅"}, 0).OK()
	return apptest.Text(v, "id")
}

// inspected is a December in which three estates of four were inspected.
func inspected(w *apptest.World) string {
	w.T.Helper()
	aware := func(part int) vals { return vals{"item": "aware", "value": "share", "part": part, "of": 10} }
	first := visit(w, "office", "桂园", vals{"item": "board", "value": "yes"}, vals{"item": "lids", "value": "no", "phrases": []string{"full"},
		"count": 2}, aware(10))
	visit(w, "office", "桂苑", vals{"item": "board", "value": "no", "phrases": []string{"none"}}, aware(9))
	visit(w, "office2", "兰园", vals{"item": "board", "value": "yes"}, vals{"item": "warden", "value": "na"}, aware(7))
	return first
}

func compute(w *apptest.World, as, sheet, from string) map[string]any {
	w.T.Helper()
	return w.Post(as, "/scores", vals{"sheet": sheet, "from": from}, 0).OK()
}

func act(w *apptest.World, as string, run map[string]any, what string, body vals) apptest.Reply {
	w.T.Helper()
	return w.Post(as, "/scores/"+apptest.Text(run, "id")+"/"+what, body, apptest.Num(run, "attempt"))
}

// table writes the rank table of a run as its reader sees it.
func table(w *apptest.World, as string, run map[string]any) string {
	w.T.Helper()
	v := w.Get(as, "/scores/"+apptest.Text(run, "id")).OK()
	var out []string
	for g := range len(apptest.List(v, "groups")) {
		for r := range len(apptest.List(v, fmt.Sprintf("groups.%d.rows", g))) {
			at := fmt.Sprintf("groups.%d.rows.%d.", g, r)
			line := apptest.Text(v, at+"unit.name") + " " + apptest.Text(v, at+"points") + "/" + apptest.Text(v, at+"max") + " "
			if apptest.At(v, at+"scored") == true {
				line += fmt.Sprint(apptest.Num(v, at+"place")) + " " + apptest.Text(v, at+"grade.title.zh")
			} else {
				line += apptest.Text(v, at+"why.zh")
			}
			out = append(out, line)
		}
	}
	return strings.Join(out, "; ")
}

// TestAMonth goes from visits to a settled month: who may do what, what is frozen, and what a correction leaves as it was.
func TestAMonth(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		void := inspected(w)
		w.Post("clerk1", "/scores", vals{"sheet": "estate-site", "from": "2020-12-01"}, 0).Refused(403, "http.forbidden")
		w.Post("office", "/scores", vals{"sheet": "nothing", "from": "2020-12-01"}, 0).Refused(404, "assess.no-sheet")
		w.Post("office", "/scores", vals{"sheet": "estate-site", "from": "2020-12-02"}, 0).Refused(422, "assess.period")
		run := compute(w, "office", "estate-site", "2020-12-01")
		w.Expect("state", apptest.Text(run, "state"), "draft")
		w.Expect("table", table(w, "office", run), "桂园 96.00/100 1 优秀; 兰园 95.79/100 2 优秀; 桂苑 90.00/100 3 优秀; 荷园 0.00/0 本期没有检查") // 91 of the 95 that apply
		w.Get("clerk1", "/scores/"+apptest.Text(run, "id")).Refused(404, "assess.no-run")
		act(w, "office", run, "check", nil).Refused(403, "assess.own")
		act(w, "office2", run, "check", nil).Refused(409, "assess.open-period")

		as := later(w, time.Date(2021, 1, 4, 9, 0, 0, 0, apptest.Start.Location()))
		w.Post(as("office"), "/scores", vals{"sheet": "street-month", "from": "2020-12-01"}, 0).Refused(409, "assess.below-first")
		act(w, as("manager1"), run, "check", nil).Refused(403, "http.forbidden")
		again := compute(w, as("office"), "estate-site", "2020-12-01")
		w.Expect("the same run", apptest.Text(again, "id"), apptest.Text(run, "id"))
		w.Expect("the same digest", apptest.Text(again, "digest"), apptest.Text(run, "digest"))
		act(w, as("office2"), run, "check", nil).Refused(412, "assess.changed") // it was computed again meanwhile
		checked := act(w, as("office2"), again, "check", nil).OK()
		same := compute(w, as("office"), "estate-site", "2020-12-01")
		w.Expect("a checked run stays", apptest.Text(same, "state"), "checked")

		// a street on its estates
		month := compute(w, as("office"), "street-month", "2020-12-01")
		w.Expect("streets", table(w, as("office"), month), "东街 96.36/100 1 优秀; 西镇 0.00/0 小区现场得分一个也没有得分") // nothing was due
		east := w.Get(as("office"), fmt.Sprintf("/scores/%s/units/%d", apptest.Text(month, "id"), w.Units["东街"])).OK()
		w.Expect("words", apptest.Text(east, "blocks.0.items.0.sum.0.zh"), "平均 93.93（96 90 95.79，n = 3）")
		w.Expect("arithmetic", apptest.Text(east, "blocks.0.items.0.sum.1.en"), "60 × 93.93 ÷ 100")
		if !strings.HasPrefix(apptest.Text(east, "blocks.0.items.0.from.0.link"), "/scores/"+apptest.Text(run, "id")+"/units/") {
			t.Errorf("from %v", apptest.At(east, "blocks.0.items.0.from"))
		}

		public := act(w, as("office2"), checked, "publish", nil).OK()
		act(w, as("office2"), public, "settle", nil).Refused(409, "assess.objecting")
		first := "桂园 96.00/100 1 优秀; 兰园 95.79/100 2 优秀; 桂苑 90.00/100 3 优秀; 荷园 0.00/0 本期没有检查"
		w.Expect("a clerk sees the ranking", table(w, as("clerk1"), public), first)
		w.Expect("three have a place", apptest.Num(w.Get(as("clerk1"), "/scores/"+apptest.Text(public, "id")).OK(), "groups.0.of"), int64(3))
		w.Get(as("clerk1"), fmt.Sprintf("/scores/%s/units/%d", apptest.Text(run, "id"), w.Units["兰园"])).Refused(404, "assess.no-unit")
		mine := w.Get(as("clerk1"), fmt.Sprintf("/scores/%s/units/%d", apptest.Text(run, "id"), w.Units["桂园"])).OK()
		w.Expect("why", apptest.Text(mine, "blocks.1.items.2.sum.0.zh"), "破损、敞盖或满溢的桶 2 个 −4")
		w.Expect("the visit", apptest.Text(mine, "visits.0.id"), void)
		for _, item := range []string{"blocks.1.items.2", "blocks.3.items.0"} { // a finding, and what residents were asked
			w.Expect("from "+item, apptest.Text(mine, item+".from.0.link"), "/visits/"+void)
		}
		orchid := w.Get(as("office"), fmt.Sprintf("/scores/%s/units/%d", apptest.Text(run, "id"), w.Units["兰园"])).OK()
		w.Expect("asked", apptest.Text(orchid, "blocks.3.items.0.sum.0.zh"), "居民知晓率 70%，差 2 档 −4")
		w.Expect("from one visit", len(apptest.List(orchid, "blocks.3.items.0.from")), 1)
		// what is voided later changes nothing
		v := w.Get(as("office"), "/visits/"+void).OK()
		w.Post(as("office"), "/visits/"+void+"/void", vals{"reason": "填错了小区"}, apptest.Num(v, "rev")).OK()
		w.Expect("frozen", table(w, as("clerk1"), public), first)

		as = later(w, time.Date(2021, 1, 8, 9, 0, 0, 0, apptest.Start.Location()))
		act(w, as("office"), public, "settle", nil).Refused(403, "assess.own")
		final := act(w, as("office2"), public, "settle", nil).OK()
		w.Expect("final", apptest.Text(final, "state"), "final")

		// a correction is a numbered revision beside it
		act(w, as("office"), final, "revise", vals{"reason": "一"}).Refused(422, "rectify.reason")
		next := act(w, as("office"), final, "revise", vals{"reason": "异议成立：满溢的桶不在这个小区"}).OK()
		w.Expect("rev", apptest.Num(next, "rev"), int64(2))
		act(w, as("office"), final, "revise", vals{"reason": "再改一次"}).Refused(409, "assess.revised")
		act(w, as("office"), next, "values", vals{"unit": w.Units["桂园"], "visit": void, "name": "nonsense", "value": "0",
			"reason": "更正"}).Refused(422, "assess.no-name")
		fixed := act(w, as("office"), next, "values", vals{"unit": w.Units["桂园"], "visit": void, "name": "lids", "value": "0", "reason": "异议成立"}).OK()
		w.Expect("corrected", table(w, as("office"), fixed), "桂园 100.00/100 1 优秀; 兰园 95.79/100 2 优秀; 桂苑 90.00/100 3 优秀; 荷园 0.00/0 本期没有检查")
		w.Expect("the first stays", table(w, as("clerk1"), public), first)
		act(w, as("office2"), fixed, "check", nil).OK()

		w.Run("recompute", func(t *testing.T) {
			n, drift, err := w.App.Scores.Recompute(context.Background(), w.App.DB.Read, w.District)
			if err != nil || n != 2 || len(drift) > 0 {
				t.Errorf("%d runs, drift %v, %v", n, drift, err)
			}
			apptest.Must(t, w.Write(func(tx *db.Tx) error {
				_, err := tx.ExecContext(context.Background(), `UPDATE score_unit SET points = points + 1 WHERE district = $1 AND run = $2 AND unit = $3`,
					w.District, apptest.Text(final, "id"), w.Units["桂苑"])
				return err
			}))
			if _, drift, err = w.App.Scores.Recompute(context.Background(), w.App.DB.Read, w.District); err != nil || len(drift) != 1 ||
				!strings.Contains(drift[0].String(), "桂苑") {
				t.Errorf("drift %v, %v", drift, err)
			}
		})
	})
}

// TestTwoRunsAtOnceMakeOneMonth computes the same month from two desks at the same moment.
func TestTwoRunsAtOnceMakeOneMonth(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		inspected(w)
		ids := make(chan string, 2)
		for _, as := range []string{"office", "office2"} {
			go func() {
				r := w.Post(as, "/scores", vals{"sheet": "estate-site", "from": "2020-12-01"}, 0)
				ids <- apptest.Text(r.JSON(), "id")
			}()
		}
		if a, b := <-ids, <-ids; a == "" || a != b {
			w.T.Errorf("two runs: %q and %q", a, b)
		}
		w.Expect("runs", w.Scalar(`SELECT count(*) FROM score_run`), int64(1))
		w.Expect("units once", w.Scalar(`SELECT count(*) FROM score_unit`), int64(4))
	})
}
