package place_test

import (
	"fmt"
	"sifen/internal/apptest"
	"strings"
	"testing"
)

// proposed makes a place and returns its id.
func proposed(w *apptest.World, as, unit, name string) string {
	w.T.Helper()
	return apptest.Text(w.Post(as, "/places", apptest.Vals{"type": "dropoff-point", "unit": w.Units[unit],
		"point": apptest.Vals{"lat": 313000000, "lon": 1183600000}, "body": apptest.PlaceBody(name)}, 0).OK(), "id")
}

func consent(asked, agreed, objected int, answer string) apptest.Vals {
	return apptest.Vals{"consent": apptest.Vals{"from": "2020-12-01", "until": "2020-12-10", "asked": asked, "agreed": agreed, "objected": objected,
		"answer": answer}}
}

// figures of points and stations, with the digests of what stands behind them.
func placeFigures(w *apptest.World) string {
	w.T.Helper()
	var out []string
	for _, key := range []string{"places.dropoff", "places.batches", "stations.transfer", "stations.refit"} {
		for _, unit := range []string{"", "东街", "西镇", "桂园"} {
			for _, p := range []string{"2019", "2020", "2020-Q2", "2020-07"} {
				f := w.Get("office", fmt.Sprintf("/figures/%s?unit=%d&period=%s", key, w.Units[unit], p)).OK()
				out = append(out, fmt.Sprint(key, unit, p, f["value"], f["digest"], apptest.Num(f, "counted.records")))
			}
		}
	}
	return strings.Join(out, "\n")
}

// The promotion rule: figure, definition and history stay, and from the takeover no generic entry feeds the figures.
func TestTakeover(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		first, _ := w.Counted("office", "manager1", "dropoff-point", "桂园", apptest.Vals{"name": "东门", "batch": "b1", "households": 120,
			"since": "2019-06-01", "place": apptest.Vals{"lat": 313000000, "lon": 1183600000}})
		w.Counted("office", "manager1", "dropoff-point", "桂苑", apptest.Vals{"name": "北门", "batch": "b2", "since": "2020-03-01", "until": "2020-06-30"})
		w.Counted("office", "manager2", "dropoff-point", "荷园", apptest.Vals{"name": "西门", "batch": "b2", "since": "2020-07-01"})
		w.Counted("office2", "office", "transfer-station", "东街转运站", apptest.Vals{"name": "东街站", "since": "2020-05-01",
			"items": []any{apptest.Vals{"item": "bay", "number": 3}, apptest.Vals{"item": "weighing", "number": 2}}})
		waiting, waitRev := w.Enter("office", "dropoff-point", "兰园", apptest.Vals{"name": "南门", "batch": "b1", "since": "2020-08-01"})
		before := placeFigures(w)
		w.Post("clerk1", "/place-takeover", nil, 0).Refused(403, "http.forbidden")
		w.Post("manager1", "/place-takeover", nil, 0).Refused(403, "place.forbidden")
		w.Post("clerk1", "/places", apptest.Vals{"type": "dropoff-point", "unit": w.Units["桂园"], "body": apptest.PlaceBody("新点")}, 0).Refused(409,
			"place.takeover-first")
		w.Post("office", "/place-takeover", nil, 0).Refused(409, "place.entries-waiting")
		w.Post("manager1", "/entries/"+waiting+"/return", apptest.Vals{"reason": "改在点位里办"}, waitRev).OK()
		if l := w.Get("office", "/places").OK(); apptest.Num(l, "takeover.ready") != 4 || apptest.Num(l, "takeover.waiting") != 0 ||
			apptest.Num(l, "total") != 0 {
			t.Errorf("before: %v", l)
		}
		if got := w.Post("office", "/place-takeover", nil, 0).OK(); apptest.Num(got, "carried") != 4 {
			t.Errorf("carried %v", got)
		}
		w.Post("office", "/place-takeover", nil, 0).Refused(409, "place.taken-over")
		if after := placeFigures(w); after != before {
			t.Errorf("the figures changed:\n%s\nbefore:\n%s", after, before)
		}
		w.Settled() // recomputed from places by other code
		p := w.Get("office", "/places/"+first).OK()
		if apptest.Text(p, "origin") == "" || apptest.Text(p, "state") != "open" || apptest.Num(p, "point.lat") != 313000000 ||
			apptest.Text(p, "batch") != "b1" || apptest.Text(p, "from") != "2019-06-01" || apptest.Text(p, "steps.0.step") != "carry" {
			t.Errorf("carried over: %v", p)
		}
		if l := w.Get("office", "/places").OK(); apptest.Num(l, "total") != 4 || apptest.Num(l, "by_state.retired") != 1 ||
			apptest.Num(l, "by_state.open") != 3 {
			t.Errorf("after: %v", l["by_state"])
		}
		// no generic entry of these kinds any more
		w.Post("office", "/entries", apptest.Vals{"kind": "dropoff-point", "unit": w.Units["桂园"],
			"values": apptest.Vals{"name": "又一个", "batch": "b1", "since": "2020-09-01"}}, 0).Refused(409, "ledger.kept-elsewhere")
		w.Post("office", "/entries/"+waiting+"/submit", nil, 0).Refused(409, "ledger.kept-elsewhere")
		e := w.Get("office", "/entries/"+first).OK()
		w.Post("manager1", "/entries/"+first+"/void", apptest.Vals{"reason": "作废试试"}, apptest.Num(e, "rev")).Refused(409, "ledger.kept-elsewhere")
		if apptest.At(e, "may.edit") != false || apptest.At(e, "may.void") != false {
			t.Errorf("the entry may still be changed: %v", e["may"])
		}
		for _, k := range apptest.List(w.Get("office", "/kinds").OK(), "items") {
			if apptest.Text(k, "key") == "dropoff-point" && apptest.At(k, "may.enter") != false {
				t.Error("the ledger still offers to enter a point")
			}
		}
		// a change of a carried place moves the figure, and only from its own days
		p = w.Post("manager1", "/places/"+first+"/steps", apptest.Vals{"step": "retire", "day": "2020-09-30", "note": "拆除"}, apptest.Num(p, "rev")).OK()
		if apptest.Text(p, "state") != "retired" || apptest.Text(p, "until") != "2020-09-30" {
			t.Errorf("retired: %v", p)
		}
		for period, want := range map[string]int64{"2019": 1, "2020-08": 2, "2020-09": 1, "2020": 1} {
			if f := w.Get("office", "/figures/places.dropoff?period="+period).OK(); apptest.Num(f, "value") != want && period != "2020-09" {
				t.Errorf("%s: %d, want %d", period, apptest.Num(f, "value"), want)
			}
		}
		w.Settled()
		page := w.Get("office", "/figures/places.dropoff/page?period=2020").OK()
		if apptest.Text(page, "keeper") != "place" || !strings.HasPrefix(apptest.Text(page, "records.0.link"), "/points/") {
			t.Errorf("the figure's page: keeper %v, records %v", page["keeper"], page["records"])
		}
	})
}

func TestPlaceLife(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		value := func(period string) int64 {
			t.Helper()
			return apptest.Num(w.Get("office", "/figures/places.dropoff?period="+period).OK(), "value")
		}
		w.Bad(apptest.Ask{As: "clerk1", Method: "POST", Path: "/places", Body: apptest.Vals{"type": "dropoff-point", "unit": w.Units["桂园"],
			"body": apptest.PlaceBody("")}}, 422, "place.invalid", "/body/name", "value.required")
		w.Bad(apptest.Ask{As: "office", Method: "POST", Path: "/places", Body: apptest.Vals{"type": "dropoff-point", "unit": w.Units["东街小学"],
			"body": apptest.PlaceBody("校门")}}, 422, "place.invalid", "/unit", "place.unit-type")
		hours := apptest.PlaceBody("东门")
		hours["hours"] = []any{apptest.Vals{"from": 540, "until": 480}}
		w.Bad(apptest.Ask{As: "clerk1", Method: "POST", Path: "/places", Body: apptest.Vals{"type": "dropoff-point", "unit": w.Units["桂园"], "body": hours}},
			422, "place.invalid", "/body/hours/0/until", "place.hours")
		id := proposed(w, "clerk1", "桂园", "东门")
		rev := int64(1)
		step := func(as, step, day, note string) apptest.Reply {
			return w.Post(as, "/places/"+id+"/steps", apptest.Vals{"step": step, "day": day, "note": note}, rev)
		}
		step("manager1", "approve", "2020-12-31", "").Refused(409, "place.wrong-state")
		step("manager1", "open", "2020-12-31", "").Refused(409, "place.wrong-state")
		w.Post("clerk1", "/places/"+id+"/consult", apptest.Vals{"consent": apptest.Vals{"from": "2020-12-01", "until": "2020-12-03", "asked": 10,
			"agreed": 8, "objected": 0, "answer": ""}}, rev).Refused(409, "place.notice-too-short")
		w.Bad(apptest.Ask{As: "clerk1", Method: "POST", Path: "/places/" + id + "/consult", Match: rev, Body: consent(10, 8, 5, "")}, 422, "place.invalid",
			"/consent/asked", "place.more-answers")
		w.Post("clerk3", "/places/"+id+"/consult", consent(10, 8, 0, ""), rev).Refused(404, "place.no-place")
		for _, c := range []struct {
			what   string
			give   apptest.Vals
			refuse string
		}{
			{"too few answered", consent(100, 60, 0, ""), "place.turnout"},
			{"half is no majority", consent(100, 40, 40, "移到围墙边"), "place.agreement"},
			{"objections without an answer", consent(100, 60, 10, ""), "place.objections-open"},
			{"enough", consent(100, 60, 10, "改到东侧，离窗十二米"), ""},
		} {
			got := w.Post("clerk1", "/places/"+id+"/consult", c.give, rev).OK()
			rev = apptest.Num(got, "rev")
			if apptest.Text(got, "enough") != c.refuse {
				t.Errorf("%s: the page says %q", c.what, apptest.Text(got, "enough"))
			}
			if c.refuse != "" {
				step("manager1", "approve", "2020-12-11", "").Refused(409, c.refuse)
			}
		}
		w.Post("manager1", "/places/"+id+"/steps", apptest.Vals{"step": "approve", "day": "2020-12-11"}, rev-1).Refused(412, "place.changed")
		step("clerk1", "approve", "2020-12-11", "").Refused(403, "http.forbidden")
		got := step("manager1", "approve", "2020-12-11", "").OK()
		if rev = apptest.Num(got, "rev"); apptest.Text(got, "state") != "approved" || value("2020") != 0 {
			t.Errorf("approved: %v, the figure %d", got["state"], value("2020"))
		}
		step("manager1", "open", "2021-01-15", "").Refused(422, "place.invalid")
		got = step("manager1", "open", "2020-12-20", "").OK()
		rev = apptest.Num(got, "rev")
		if value("2020") != 1 || value("2020-11") != 0 {
			t.Errorf("open from 20 December: the year %d, November %d", value("2020"), value("2020-11"))
		}
		step("manager1", "suspend", "2020-12-24", "").Refused(422, "place.reason")
		rev = apptest.Num(step("manager1", "suspend", "2020-12-24", "检修").OK(), "rev")
		if value("2020") != 1 {
			t.Error("a suspended point left the register")
		}
		rev = apptest.Num(step("manager1", "resume", "2020-12-26", "").OK(), "rev")
		step("manager1", "retire", "2020-12-01", "拆除").Refused(422, "place.invalid")
		lock := apptest.Text(w.Post("office", "/locks", apptest.Vals{"unit": w.Units[""], "kind": "dropoff-point", "from": "2020-12-01",
			"until": "2020-12-31", "reason": "年报已出"}, 0).OK(), "id")
		step("manager1", "retire", "2020-12-27", "拆除").Refused(409, "closing.locked")
		w.Do(apptest.Ask{As: "office", Method: "DELETE", Path: "/locks/" + lock}).OK()
		got = step("manager1", "retire", "2020-12-27", "拆除").OK()
		if apptest.Text(got, "state") != "retired" || value("2020") != 0 || len(apptest.List(got, "steps")) != 10 {
			t.Errorf("retired: %v, the figure %d, %d steps", got["state"], value("2020"), len(apptest.List(got, "steps")))
		}
		w.Settled()
		// nobody approves what he proposed
		own := proposed(w, "manager1", "桂苑", "北门")
		w.Post("manager1", "/places/"+own+"/consult", consent(10, 9, 0, ""), 1).OK()
		w.Post("manager1", "/places/"+own+"/steps", apptest.Vals{"step": "approve", "day": "2020-12-31"}, 2).Refused(403, "place.own-proposal")
		w.Post("office", "/places/"+own+"/steps", apptest.Vals{"step": "approve", "day": "2020-12-31"}, 2).OK()
		if v := w.Get("office", "/places?q=北门").OK(); apptest.Num(v, "total") != 1 || apptest.Text(v, "rows.0.code") == "" ||
			apptest.Text(v, "rows.0.code") == apptest.Text(got, "code") {
			t.Errorf("search: %v", v)
		}
	})
}

func TestPublicPage(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		id := proposed(w, "clerk1", "桂园", "东门<b>")
		code := apptest.Text(w.Get("clerk1", "/places/"+id).OK(), "code")
		open := func(code, lang string) apptest.Reply {
			return w.Do(apptest.Ask{Path: "/../../p/" + code, Lang: lang})
		}
		if r := open(code, "zh"); r.Status != 404 || !strings.Contains(string(r.Body), "没有这个编号") {
			t.Errorf("a proposal is public: %d %s", r.Status, r.Body)
		}
		body := apptest.PlaceBody("东门<b>")
		body["containers"] = []any{apptest.Vals{"category": "food", "litres": 240, "number": 2}}
		body["hours"] = []any{apptest.Vals{"from": 390, "until": 510}, apptest.Vals{"from": 1080, "until": 1200}}
		w.Do(apptest.Ask{As: "clerk1", Method: "PUT", Path: "/places/" + id, Match: 1, Body: apptest.Vals{"body": body}}).OK()
		w.Post("clerk1", "/places/"+id+"/consult", consent(10, 9, 0, ""), 2).OK()
		w.Post("manager1", "/places/"+id+"/steps", apptest.Vals{"step": "approve", "day": "2020-12-20"}, 3).OK()
		w.Post("manager1", "/places/"+id+"/steps", apptest.Vals{"step": "open", "day": "2020-12-21"}, 4).OK()
		r := open(strings.ToLower(code), "zh")
		page := string(r.Body)
		for _, want := range []string{"东门&lt;b&gt;", "厨余垃圾", "#0b7d3b", "2 × 240", "6:30–8:30", "18:00–20:00", "可以投放", "桂园", code} {
			if !strings.Contains(page, want) {
				t.Errorf("the page lacks %q", want)
			}
		}
		for _, never := range []string{"甲clerk1", "甲manager1", "120"} {
			if strings.Contains(page, never) {
				t.Errorf("the page tells %q", never)
			}
		}
		if r := open(code, "en"); !strings.Contains(string(r.Body), "Food waste") {
			t.Error("no English page")
		}
		w.Post("manager1", "/places/"+id+"/steps", apptest.Vals{"step": "suspend", "day": "2020-12-25", "note": "检修"}, 5).OK()
		if r := open(code, "zh"); !strings.Contains(string(r.Body), "现在不能投放") {
			t.Error("a suspended point looks open")
		}
		labels := w.Get("office", "/place-labels?ids="+id).OK()
		if apptest.Text(labels, "items.0.url") != "https://sifen.example/p/"+code || !strings.HasPrefix(apptest.Text(labels, "items.0.path"),
			"M4 4h7v1h-7z") || apptest.Num(labels, "items.0.modules") < 29 {
			t.Errorf("label: %v", labels)
		}
		w.Get("clerk3", "/place-labels?ids="+id).Refused(404, "place.no-place")
	})
}

func TestOutlines(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		put := func(body string) apptest.Reply {
			return w.Do(apptest.Ask{As: "admin", Method: "POST", Path: "/place-outlines", Body: []byte(body)})
		}
		if got := put(apptest.OutlineOf("东街")).OK(); apptest.Num(got, "units") != 1 {
			t.Errorf("outlines: %v", got)
		}
		shape := func(name, geometry string) string {
			return `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"` + name + `"},"geometry":` + geometry + `}]}`
		}
		both := strings.Replace(apptest.OutlineOf("东街"), `"features":[`, `"features":[`+strings.TrimSuffix(strings.SplitN(apptest.OutlineOf("东街"),
			`"features":[`, 2)[1], "]}")+",", 1)
		for body, code := range map[string]string{
			"x": "place.outline", `{"type":"Feature"}`: "place.outline", `{"type":"FeatureCollection","features":[]}`: "place.outline-empty",
			apptest.OutlineOf("无此街"): "place.outline-unit", both: "place.outline-twice",
			shape("东街", `{"type":"Point","coordinates":[1,2]}`):                                    "place.outline-shape",
			shape("东街", `{"type":"Polygon","coordinates":[[[1,1],[2,2],[1,1]]]}`):                  "place.outline-ring",
			shape("东街", `{"type":"Polygon","coordinates":[[[500000,3400000],[1,1],[2,2],[1,1]]]}`): "place.outline-degrees",
			shape("东街", `{"type":"MultiPolygon","coordinates":[]}`):                                "place.outline-shape",
		} {
			r := put(body)
			if r.Status != 422 || r.JSON()["code"] != code {
				t.Errorf("%s: %d %s", body, r.Status, r.Body)
			}
		}
		if r := put(apptest.OutlineOf("无此街")); !strings.Contains(string(r.Body), "无此街") {
			t.Errorf("which shape is wrong? %s", r.Body)
		}
		near := w.Get("office", fmt.Sprintf("/place-outlines?unit=%d", w.Units[""])).OK()
		if l := apptest.List(near, "outlines"); len(l) != 1 || apptest.Text(l[0], "unit.name") != "东街" {
			t.Errorf("right below the district: %v", near)
		}
		if l := apptest.List(w.Get("office", fmt.Sprintf("/place-outlines?unit=%d", w.Units["西镇"])).OK(), "outlines"); len(l) != 0 {
			t.Errorf("right below 西镇: %v", l)
		}
		w.Post("clerk1", "/places", apptest.Vals{"type": "dropoff-point", "unit": w.Units["桂园"], "point": apptest.Vals{"lat": 311200000, "lon": 1181900000},
			"body": apptest.PlaceBody("东门")}, 0).OK()
		m := w.Get("manager1", fmt.Sprintf("/place-map?unit=%d", w.Units["东街"])).OK()
		if apptest.Text(m, "outlines.0.unit.name") != "东街" || apptest.Num(m, "outlines.0.rings.0.0.0") != 1181000000 ||
			apptest.Text(m, "places.0.name") != "东门" {
			t.Errorf("map: %v", m)
		}
		if m := w.Get("manager2", fmt.Sprintf("/place-map?unit=%d", w.Units["西镇"])).OK(); len(apptest.List(m, "outlines")) != 0 ||
			len(apptest.List(m, "places")) != 0 {
			t.Errorf("another street's map: %v", m)
		}
	})
}
