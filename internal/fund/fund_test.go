package fund_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"sifen/internal/apptest"
	"sifen/internal/db"
	"sifen/internal/sheet"
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

func on(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 9, 0, 0, 0, apptest.Start.Location())
}

func act(w *apptest.World, as string, run map[string]any, what string, body vals) apptest.Reply {
	w.T.Helper()
	return w.Post(as, "/awards/"+apptest.Text(run, "id")+"/"+what, body, apptest.Num(run, "attempt"))
}

func again(w *apptest.World, as string, run map[string]any) map[string]any {
	w.T.Helper()
	return w.Get(as, "/awards/"+apptest.Text(run, "id")).OK()
}

// table writes the claimants of a run as their reader sees them.
func table(w *apptest.World, as string, run map[string]any) string {
	w.T.Helper()
	v := again(w, as, run)
	var out []string
	for i := range apptest.List(v, "rows") {
		at := fmt.Sprintf("rows.%d.", i)
		out = append(out, strings.TrimSpace(apptest.Text(v, at+"unit.name")+" "+apptest.Text(v, at+"amount")+" "+apptest.Text(v, at+"paid")+" "+
			apptest.Text(v, at+"due")+" "+apptest.Text(v, at+"state")))
	}
	return strings.Join(out, "; ")
}

func budget(w *apptest.World, as, kind, amount string) {
	w.T.Helper()
	w.Post(as, "/award-budgets", vals{"purpose": "estates", "year": 2020, "level": "区级", "source": "财政", "kind": kind, "amount": amount}, 0).OK()
}

// values enters grade, households and open cases of the four estates.
func values(w *apptest.World, as string, run map[string]any, grades map[string]string) map[string]any {
	w.T.Helper()
	var list []vals
	for _, u := range []struct {
		name       string
		households string
		returned   string
	}{{"桂园", "860", "0"}, {"桂苑", "540", "1"}, {"兰园", "480", "0"}, {"荷园", "936", "0"}} {
		for name, value := range map[string]string{"grade": grades[u.name], "households": u.households, "returned": u.returned} {
			list = append(list, vals{"unit": w.Units[u.name], "name": name, "value": value})
		}
	}
	return act(w, as, run, "values", vals{"values": list, "reason": "街道核实，附件留存"}).OK()
}

// TestAnAward goes from a draft to a settled award: who may do what, batches with a refused row, one cancelled half-way, what is
// withheld and released, money taken back, and an overpayment that the next award sets off.
func TestAnAward(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		as := later(w, on(2021, 1, 5))
		w.Post(as("clerk1"), "/awards", vals{"rule": "estate-award", "from": "2020-10-01"}, 0).Refused(403, "http.forbidden")
		w.Post(as("office"), "/awards", vals{"rule": "nothing", "from": "2020-10-01"}, 0).Refused(404, "fund.no-rule")
		w.Post(as("office"), "/awards", vals{"rule": "estate-award", "from": "2020-11-01"}, 0).Refused(422, "fund.period")
		first := w.Post(as("office"), "/awards", vals{"rule": "estate-award", "from": "2020-07-01"}, 0).OK()
		w.Expect("one run", apptest.Text(w.Post(as("office2"), "/awards", vals{"rule": "estate-award", "from": "2020-07-01"}, 0).OK(), "id"),
			apptest.Text(first, "id"))
		first = again(w, as("office"), first)
		w.Expect("it waits", table(w, as("office"), first),
			"桂园 0.00 0.00 0.00 waits; 桂苑 0.00 0.00 0.00 waits; 兰园 0.00 0.00 0.00 waits; 荷园 0.00 0.00 0.00 waits")
		w.Get(as("clerk1"), "/awards/"+apptest.Text(first, "id")).Refused(404, "fund.no-run")
		act(w, as("leader"), first, "review", nil).Refused(409, "fund.no-budget")
		budget(w, as("office"), "plan", "10万")
		act(w, as("leader"), first, "review", nil).Refused(409, "fund.no-budget") // the draft was reckoned without one
		first = w.Post(as("office"), "/awards", vals{"rule": "estate-award", "from": "2020-07-01"}, 0).OK()
		act(w, as("leader"), first, "review", nil).Refused(409, "fund.waiting")
		act(w, as("office"), first, "values", vals{"values": []vals{{"unit": w.Units["桂园"], "name": "grade", "value": "best"}},
			"reason": "核实"}).Refused(422, "fund.number")
		act(w, as("office"), first, "values", vals{"values": []vals{{"unit": w.Units["桂园"], "name": "rate", "value": "1"}}, "reason": "核实"}).Refused(422,
			"fund.no-name")
		act(w, as("office"), first, "values", vals{"values": []vals{{"unit": w.Units["桂园"], "name": "households", "value": "1"}},
			"reason": ""}).Refused(422, "rectify.reason")
		first = values(w, as("office"), first, map[string]string{"桂园": "good", "桂苑": "pass", "兰园": "excellent", "荷园": "fail"})
		// 860 × 25 × 0.8; 540 × 25 × 0.6, of which 20 % are withheld; 480 × 25; nothing
		w.Expect("reckoned", table(w, as("office"), first),
			"桂园 17,200.00 0.00 17,200.00 draft; 桂苑 8,100.00 0.00 6,480.00 draft; 兰园 12,000.00 0.00 12,000.00 draft; 荷园 0.00 0.00 0.00 draft")
		act(w, as("office"), first, "review", nil).Refused(403, "fund.own")
		first = act(w, as("leader"), first, "review", nil).OK()
		act(w, as("leader"), first, "return", vals{"reason": "一"}).Refused(422, "rectify.reason")
		first = act(w, as("leader"), first, "publish", nil).OK()
		act(w, as("leader"), first, "approve", nil).Refused(409, "fund.publicised")
		w.Expect("a clerk sees his own", table(w, as("clerk1"), first), "桂园 17,200.00 0.00 17,200.00 draft; 桂苑 8,100.00 0.00 6,480.00 draft")
		w.Get(as("clerk1"), fmt.Sprintf("/awards/%s/units/%d", apptest.Text(first, "id"), w.Units["兰园"])).Refused(404, "fund.no-unit")
		mine := w.Get(as("clerk1"), fmt.Sprintf("/awards/%s/units/%d", apptest.Text(first, "id"), w.Units["桂园"])).OK()
		w.Expect("why", apptest.Text(mine, "parts.0.why.0.zh")+"；"+apptest.Text(mine, "parts.0.why.1.zh"), "实住户数 860 × 25 = 21500；× 系数 0.8 = 17200")
		w.Expect("split", apptest.Text(mine, "split.0.amount")+" "+apptest.Text(mine, "split.0.onward.0.amount")+" "+apptest.Text(mine, "split.1.amount"),
			"8,600.00 5,160.00 8,600.00")

		as = later(w, on(2021, 1, 14))
		act(w, as("leader"), first, "batches", vals{"units": []int64{}}).Refused(403, "http.forbidden") // a leader does not pay at all
		first = act(w, as("leader"), first, "approve", nil).OK()
		act(w, as("office"), first, "batches", vals{"units": []int64{}}).Refused(409, "fund.short") // nothing has come in
		budget(w, as("office"), "in", "8万")
		act(w, as("office"), first, "batches", vals{"units": []any{w.Units["荷园"]}}).Refused(409, "fund.nothing")
		first = act(w, as("office"), first, "batches", vals{"units": []int64{}}).OK()
		w.Expect("ordered", apptest.Text(first, "batches.0.total"), "35,680.00")
		act(w, as("office"), first, "batches", vals{"units": []any{w.Units["桂园"]}}).Refused(409, "fund.twice")
		act(w, as("office"), first, "batches/7/report", vals{"answers": []vals{}, "all": true}).Refused(404, "fund.no-batch")
		bad := act(w, as("office"), first, "batches/1/report", vals{"answers": []vals{{"unit": w.Units["荷园"]}}}).Refused(409, "fund.line")
		if !strings.Contains(fmt.Sprint(bad), "第 1 行“荷园”") {
			t.Errorf("a wrong row: %v", bad)
		}
		table1 := w.Get(as("office"), "/awards/"+apptest.Text(first, "id")+"/batches/1/list")
		read, err := sheet.Open(table1.Body, sheet.ReadOptions{})
		apptest.Must(t, err)
		var cells []string
		for row, err := range read.Rows(context.Background()) {
			apptest.Must(t, err)
			cells = append(cells, fmt.Sprint(row))
		}
		if text := strings.Join(cells, "\n"); len(cells) < 4 || !strings.Contains(text, "17200") || !strings.Contains(text, "35680") {
			t.Errorf("payment list %s", text)
		}
		// one row is refused, one is paid, one waits; then the batch is cancelled half-way
		first = act(w, as("office"), first, "batches/1/report", vals{"answers": []vals{{"unit": w.Units["桂苑"], "reason": "账号户名不符"},
			{"unit": w.Units["桂园"]}}}).OK()
		first = act(w, as("office"), first, "batches/1/cancel", vals{"reason": "银行系统故障"}).OK()
		w.Expect("half-way", table(w, as("office"), first),
			"桂园 17,200.00 17,200.00 0.00 paid; 桂苑 8,100.00 0.00 6,480.00 due; 兰园 12,000.00 0.00 12,000.00 due; 荷园 0.00 0.00 0.00 nothing")
		w.Expect("why refused", apptest.Text(first, "batches.0.lines.1.state")+" "+apptest.Text(first, "batches.0.lines.1.reason"), "refused 账号户名不符")
		act(w, as("office"), first, "batches/1/report", vals{"answers": []vals{}, "all": true}).Refused(409, "fund.batch-over")
		first = act(w, as("office"), first, "batches", vals{"units": []int64{}}).OK()
		first = act(w, as("office"), first, "batches/2/report", vals{"answers": []vals{}, "all": true}).OK()
		act(w, as("leader"), first, "settle", nil).Refused(409, "fund.still-due") // 1,620 are withheld
		first = act(w, as("leader"), first, "release", vals{"unit": w.Units["桂苑"], "reason": "退回件已销号"}).OK()
		first = act(w, as("office"), first, "batches", vals{"units": []int64{}}).OK()
		w.Expect("released", apptest.Text(first, "batches.2.total"), "1,620.00")
		first = act(w, as("office"), first, "batches/3/report", vals{"answers": []vals{}, "all": true}).OK()

		// money taken back for a false claim: the claim falls with it
		act(w, as("office"), first, "recover", vals{"unit": w.Units["兰园"], "amount": "12000.01", "reason": "虚报户数"}).Refused(409, "fund.too-much")
		act(w, as("office"), first, "recover", vals{"unit": w.Units["兰园"], "amount": "0.001", "reason": "虚报户数"}).Refused(422, "fund.number")
		first = act(w, as("office"), first, "recover", vals{"unit": w.Units["兰园"], "amount": "12,000", "reason": "虚报户数"}).OK()
		// a correction of what was approved: 桂园 had 800 households only
		next := act(w, as("office"), first, "revise", vals{"reason": "核减户数"}).OK()
		next = act(w, as("office"), next, "values", vals{"values": []vals{{"unit": w.Units["桂园"], "name": "households", "value": "800"}},
			"reason": "核减"}).OK()
		next = act(w, as("leader"), next, "review", nil).OK()
		next = act(w, as("leader"), next, "publish", nil).OK()
		as = later(w, on(2021, 1, 25))
		next = act(w, as("leader"), next, "approve", nil).OK()
		act(w, as("office"), again(w, as("office"), first), "batches", vals{"units": []int64{}}).Refused(409, "fund.revised")
		w.Expect("overpaid", table(w, as("office"), next),
			"桂园 16,000.00 17,200.00 −1,200.00 over; 桂苑 8,100.00 8,100.00 0.00 paid; 兰园 0.00 0.00 0.00 recovered; 荷园 0.00 0.00 0.00 nothing")
		next = act(w, as("leader"), next, "settle", nil).OK()
		w.Expect("settled", apptest.Text(next, "state"), "settled")

		// the next quarter sets it off, and keeps out whoever had to give money back
		second := w.Post(as("office"), "/awards", vals{"rule": "estate-award", "from": "2020-10-01"}, 0).OK()
		var list []vals
		for _, name := range []string{"桂园", "桂苑", "荷园"} {
			list = append(list, vals{"unit": w.Units[name], "name": "grade", "value": "good"}, vals{"unit": w.Units[name], "name": "households",
				"value": "100"},
				vals{"unit": w.Units[name], "name": "returned", "value": "0"})
		}
		list = append(list, vals{"unit": w.Units["兰园"], "name": "returned", "value": "0"},
			vals{"unit": w.Units["兰园"], "name": "grade", "value": "excellent"}) // a bar stays, whatever is typed
		second = act(w, as("office"), second, "values", vals{"values": list, "reason": "街道核实"}).OK()
		w.Expect("set off", table(w, as("office"), second),
			"桂园 2,000.00 0.00 800.00 draft; 桂苑 2,000.00 0.00 2,000.00 draft; 兰园 0.00 0.00 0.00 out; 荷园 2,000.00 0.00 2,000.00 draft")
		second = act(w, as("leader"), second, "review", nil).OK()
		second = act(w, as("leader"), second, "publish", nil).OK()
		as = later(w, on(2021, 2, 4))
		second = act(w, as("leader"), second, "approve", nil).OK()
		second = act(w, as("office"), second, "batches", vals{"units": []int64{}}).OK()
		w.Expect("a batch less what was set off", apptest.Text(second, "batches.0.total")+" "+apptest.Text(second, "batches.0.lines.0.offset"),
			"4,800.00 1,200.00")
		second = act(w, as("office"), second, "batches/1/report", vals{"answers": []vals{}, "all": true}).OK()
		act(w, as("leader"), second, "settle", nil).OK()

		w.Run("what is stored reckons to itself", func(t *testing.T) {
			check := func() []string {
				var out []string
				for _, m := range w.App.Modules.All() {
					for _, c := range m.Checks {
						if c.Name.En == "Awards" {
							found, err := c.Run(context.Background(), w.App.DB.Read, w.District, 0)
							apptest.Must(t, err)
							for _, f := range found {
								out = append(out, f.Zh)
							}
						}
					}
				}
				return out
			}
			if have := check(); len(have) > 0 {
				t.Errorf("drift %v", have)
			}
			apptest.Must(t, w.Write(func(tx *db.Tx) error {
				_, err := tx.ExecContext(context.Background(),
					`UPDATE award_unit SET amount = amount + 1 WHERE district = $1 AND run = $2 AND unit = $3`, w.District,
					apptest.Text(second, "id"), w.Units["桂园"])
				return err
			}))
			if have := check(); len(have) != 1 || !strings.Contains(have[0], "桂园") {
				t.Errorf("drift %v", have)
			}
		})
	})
}

// TestTwoRunsAtOnceMakeOneAward computes the same quarter from two desks at the same moment.
func TestTwoRunsAtOnceMakeOneAward(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		ids := make(chan string, 2)
		for _, as := range []string{"office", "office2"} {
			go func() {
				ids <- apptest.Text(w.Post(as, "/awards", vals{"rule": "estate-award", "from": "2020-10-01"}, 0).JSON(), "id")
			}()
		}
		if a, b := <-ids, <-ids; a == "" || a != b {
			w.T.Errorf("two runs: %q and %q", a, b)
		}
		w.Expect("runs", w.Scalar(`SELECT count(*) FROM award_run`), int64(1))
		w.Expect("claimants once", w.Scalar(`SELECT count(*) FROM award_unit`), int64(4))
	})
}
