package special_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"sifen/internal/apptest"
	"sifen/internal/id"
)

func TestMain(m *testing.M) { apptest.Main(m) }

type vals = apptest.Vals

// figures of special inspections, with the digests of what stands behind them.
func figures(w *apptest.World) string {
	w.T.Helper()
	var out []string
	for _, key := range []string{"inspections.special", "inspections.outcomes"} {
		for _, unit := range []string{"", "东街", "教育局"} {
			for _, p := range []string{"2019", "2020", "2020-06"} {
				f := w.Get("office", fmt.Sprintf("/figures/%s?unit=%d&period=%s", key, w.Units[unit], p)).OK()
				out = append(out, fmt.Sprint(key, unit, p, f["value"], f["digest"], apptest.Num(f, "counted.records")))
			}
		}
	}
	return strings.Join(out, "\n")
}

func entered(w *apptest.World, unit, day, outcome string) string {
	id, _ := w.Counted("office", "office2", "special-inspection", unit, vals{"held_on": day, "topic": "市场专项检查", "sites": 12, "problems": 5, "outcome": outcome,
		"outcome_number": "通报〔2020〕1号"})
	return id
}

// TestSpecialInspectionsComeOver: figures, digests and history stay, and from the takeover no generic entry feeds them.
func TestSpecialInspectionsComeOver(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		first := entered(w, "", "2020-06-10", "bulletin")
		entered(w, "", "2019-11-02", "prompt")
		waiting, rev := w.Enter("office", "special-inspection", "", vals{"held_on": "2020-07-01", "topic": "等审核", "outcome": "prompt"})
		before := figures(w)
		w.Post("clerk1", "/special-inspection-takeover", nil, 0).Refused(403, "http.forbidden")
		said := vals{"unit": w.Units[""], "day": "2020-12-01", "topic": "夜查", "sites": 3, "problems": 2}
		w.Post("office", "/special-inspections", said, 0).Refused(409, "special.takeover")
		w.Post("office", "/special-inspection-takeover", nil, 0).Refused(409, "special.waiting")
		w.Post("office2", "/entries/"+waiting+"/return", vals{"reason": "改在活动里办"}, rev).OK()
		if got := w.Post("office", "/special-inspection-takeover", nil, 0).OK(); apptest.Num(got, "carried") != 2 {
			t.Errorf("carried %v", got)
		}
		w.Post("office", "/special-inspection-takeover", nil, 0).Refused(409, "special.taken")
		if after := figures(w); after != before {
			t.Errorf("the figures changed:\n%s\nbefore:\n%s", after, before)
		}
		w.Settled() // recomputed from these records by other code
		w.Post("office", "/entries", vals{"kind": "special-inspection", "unit": w.Units[""], "values": vals{"held_on": "2020-08-01", "topic": "又一次",
			"outcome": "prompt"}}, 0).Refused(409, "ledger.kept-elsewhere")
		page := w.Get("office", "/figures/inspections.special/page?period=2020").OK()
		if apptest.Text(page, "keeper") != "special" || apptest.Text(page, "records.0.link") != "/special?open="+first {
			t.Errorf("the figure's page: keeper %v, records %v", page["keeper"], page["records"])
		}
		list := w.Get("office", "/special-inspections?year=2020").OK()
		if apptest.Text(list, "rows.0.origin") == "" || apptest.Num(list, "sites") != 12 || apptest.Text(list, "rows.0.outcome_number") != "通报〔2020〕1号" {
			t.Errorf("carried over: %v", list)
		}

		// entered without a campaign, corrected, made void
		x := w.Post("office", "/special-inspections", said, 0).OK()
		w.Expect("special", w.Figure("inspections.special", "", "2020"), int64(2))
		w.Expect("outcomes", w.Figure("inspections.outcomes", "", "2020"), int64(1))
		path := "/special-inspections/" + apptest.Text(x, "id")
		said["outcome"], said["outcome_number"] = "prompt", "提示〔2020〕9号"
		put := apptest.Ask{As: "office", Method: "PUT", Path: path, Body: said, Match: 1}
		w.Do(put).OK()
		w.Do(put).Refused(412, "special.changed")
		w.Expect("outcomes", w.Figure("inspections.outcomes", "", "2020"), int64(2))
		said["outcome"] = ""
		w.Bad(apptest.Ask{As: "office", Method: "PUT", Path: path, Body: said, Match: 2}, 422, "http.input", "/outcome", "special.number-of-none")
		said["outcome"], said["day"] = "prompt", "2031-01-01"
		w.Bad(apptest.Ask{As: "office", Method: "PUT", Path: path, Body: said, Match: 2}, 422, "http.input", "/day", "value.future")
		w.Post("office", path+"/void", vals{"reason": " "}, 2).Refused(422, "http.input")
		w.Post("manager1", path+"/void", vals{"reason": "错"}, 2).Refused(404, "special.none")
		w.Post("office", path+"/void", vals{"reason": "登记错了"}, 2).OK()
		w.Post("office", path+"/void", vals{"reason": "登记错了"}, 3).Refused(409, "special.void")
		w.Expect("special", w.Figure("inspections.special", "", "2020"), int64(1))
		w.Settled()
	})
}

// TestCampaignIsAnInspection: a campaign counts once its last day is over, with what was found; what arrives late is followed;
// one that was over before the takeover waits for somebody who knows whether the ledger had it.
func TestCampaignIsAnInspection(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		ctx := context.Background()
		tokens := map[string]string{}
		later := func(day, hour int) func(string) string {
			w.Clock.Set(time.Date(2021, 1, day, hour, 0, 0, 0, apptest.Start.Location()))
			tokens = map[string]string{}
			return func(login string) string {
				if tokens[login] == "" {
					token, _, err := w.App.Accounts.SignIn(ctx, login, apptest.Password, "192.0.2.1:1000")
					apptest.Must(t, err)
					tokens[login] = token
				}
				return tokens[login]
			}
		}
		plan := func(kind, day string) string {
			c := w.Post("office", "/campaigns", vals{"kind": kind, "title": "岁末" + kind, "unit": w.Units[""], "checklist": "estate", "surprise": 20,
				"second": 0, "days": []vals{{"day": day, "quota": 2}}, "crew": []string{w.Accounts["office"]}}, 0).OK()
			w.Post("office", "/campaigns/"+apptest.Text(c, "id")+"/seal", vals{}, apptest.Num(c, "rev")).OK()
			return apptest.Text(c, "id")
		}
		special := plan("special", "2021-01-05")
		plan("routine", "2021-01-05")
		late := plan("joint", "2021-01-12")
		apptest.Must(t, w.App.Seal(ctx))
		inspect := func(as func(string) string, campaign string) {
			apptest.Must(t, w.App.Visits.Pass(ctx, w.District))
			for _, p := range apptest.List(w.Get(as("office"), "/inspect-today").OK(), "items") {
				answer := vals{"item": "board", "value": "no", "phrases": []string{}, "count": 1}
				w.Post(as("office"), "/visits", vals{"id": id.New(w.Clock.Now()), "place": apptest.Text(p, "key"), "checklist": "estate",
					"answers": []vals{answer}}, 0).OK()
			}
		}
		as := later(5, 8)
		inspect(as, special)
		tick := func() { apptest.Must(t, w.App.Special.Tick(ctx, w.District)) }
		tick()
		w.Expect("while it lasts", w.Scalar(`SELECT count(*) FROM special_inspection`), int64(0))
		as = later(6, 8)
		tick()
		tick() // another node
		w.Expect("once over", w.Scalar(`SELECT count(*) FROM special_inspection`), int64(1))
		list := w.Get(as("office"), "/special-inspections?year=2021").OK()
		if apptest.Text(list, "rows.0.day") != "2021-01-05" || apptest.Num(list, "rows.0.sites") < 1 || apptest.Num(list, "rows.0.problems") < 1 ||
			apptest.Text(list, "rows.0.campaign") != special || len(apptest.List(list, "unkept")) != 0 {
			t.Errorf("counted: %v", list)
		}
		x := apptest.Text(list, "rows.0.id")
		w.Do(apptest.Ask{As: as("office"), Method: "PUT", Path: "/special-inspections/" + x, Match: 1,
			Body: vals{"outcome": "bulletin", "outcome_number": "通报〔2021〕1号", "topic": "别的", "sites": 99}}).OK()
		list = w.Get(as("office"), "/special-inspections?year=2021").OK()
		if apptest.Text(list, "rows.0.topic") != "岁末special" || apptest.Num(list, "rows.0.sites") == 99 || apptest.Text(list, "rows.0.outcome") != "bulletin" {
			t.Errorf("what was found was typed over: %v", list)
		}
		// a visit that is voided later takes its problems along
		visit := w.Get(as("office"), "/visits?state=done").OK()
		v := apptest.List(visit, "rows")[0]
		w.Post(as("office2"), "/visits/"+apptest.Text(v, "id")+"/void", vals{"reason": "走错了小区"}, apptest.Num(v, "rev"))
		sites := w.Scalar(`SELECT sites FROM special_inspection`)
		tick()
		if after := w.Scalar(`SELECT sites FROM special_inspection`); after > sites {
			t.Errorf("%d sites, then %d", sites, after)
		}

		// as if the district had begun to keep them here after it was over
		as = later(12, 8)
		inspect(as, late)
		later(13, 8)
		w.Scalar(`SELECT count(*) FROM special_takeover`)
		as = later(13, 9)
		tick()
		w.Expect("by itself", w.Scalar(`SELECT count(*) FROM special_inspection`), int64(2))
		w.Post(as("office"), "/special-inspections", vals{"campaign": late}, 0).Refused(409, "special.kept")
		w.Post(as("office"), "/special-inspections", vals{"campaign": "none"}, 0).Refused(409, "special.not-over")
		w.Settled()
	})
}
