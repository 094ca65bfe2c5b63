package app_test

import (
	"fmt"
	"strings"
	"testing"
)

// proposed makes a place and returns its id.
func (w *world) proposed(as, unit, name string) string {
	w.t.Helper()
	return text(w.post(as, "/places", vals{"type": "dropoff-point", "unit": w.units[unit], "point": vals{"lat": 313000000, "lon": 1183600000}, "body": placeBody(name)}, 0).ok(), "id")
}

func consent(asked, agreed, objected int, answer string) vals {
	return vals{"consent": vals{"from": "2020-12-01", "until": "2020-12-10", "asked": asked, "agreed": agreed, "objected": objected, "answer": answer}}
}

// figures of points and stations, with the digests of what stands behind them.
func (w *world) placeFigures() string {
	w.t.Helper()
	var out []string
	for _, key := range []string{"places.dropoff", "places.batches", "stations.transfer", "stations.refit"} {
		for _, unit := range []string{"", "东街", "西镇", "桂园"} {
			for _, p := range []string{"2019", "2020", "2020-Q2", "2020-07"} {
				f := w.get("office", fmt.Sprintf("/figures/%s?unit=%d&period=%s", key, w.units[unit], p)).ok()
				out = append(out, fmt.Sprint(key, unit, p, f["value"], f["digest"], num(f, "counted.records")))
			}
		}
	}
	return strings.Join(out, "\n")
}

// The promotion rule: figure, definition and history stay, and from the takeover no generic entry feeds the figures.
func TestTakeover(t *testing.T) {
	each(t, func(w *world) {
		t := w.t
		first, _ := w.counted("office", "manager1", "dropoff-point", "桂园", vals{"name": "东门", "batch": "b1", "households": 120, "since": "2019-06-01", "place": vals{"lat": 313000000, "lon": 1183600000}})
		w.counted("office", "manager1", "dropoff-point", "桂苑", vals{"name": "北门", "batch": "b2", "since": "2020-03-01", "until": "2020-06-30"})
		w.counted("office", "manager2", "dropoff-point", "荷园", vals{"name": "西门", "batch": "b2", "since": "2020-07-01"})
		w.counted("office2", "office", "transfer-station", "东街转运站", vals{"name": "东街站", "since": "2020-05-01", "items": []any{vals{"item": "bay", "number": 3}, vals{"item": "weighing", "number": 2}}})
		waiting, waitRev := w.enter("office", "dropoff-point", "兰园", vals{"name": "南门", "batch": "b1", "since": "2020-08-01"})
		before := w.placeFigures()
		w.post("clerk1", "/place-takeover", nil, 0).refused(403, "http.forbidden")
		w.post("manager1", "/place-takeover", nil, 0).refused(403, "place.forbidden")
		w.post("clerk1", "/places", vals{"type": "dropoff-point", "unit": w.units["桂园"], "body": placeBody("新点")}, 0).refused(409, "place.takeover-first")
		w.post("office", "/place-takeover", nil, 0).refused(409, "place.entries-waiting")
		w.post("manager1", "/entries/"+waiting+"/return", vals{"reason": "改在点位里办"}, waitRev).ok()
		if l := w.get("office", "/places").ok(); num(l, "takeover.ready") != 4 || num(l, "takeover.waiting") != 0 || num(l, "total") != 0 {
			t.Errorf("before: %v", l)
		}
		if got := w.post("office", "/place-takeover", nil, 0).ok(); num(got, "carried") != 4 {
			t.Errorf("carried %v", got)
		}
		w.post("office", "/place-takeover", nil, 0).refused(409, "place.taken-over")
		if after := w.placeFigures(); after != before {
			t.Errorf("the figures changed:\n%s\nbefore:\n%s", after, before)
		}
		w.settled() // recomputed from places by other code
		p := w.get("office", "/places/"+first).ok()
		if text(p, "origin") == "" || text(p, "state") != "open" || num(p, "point.lat") != 313000000 || text(p, "batch") != "b1" || text(p, "from") != "2019-06-01" || text(p, "steps.0.step") != "carry" {
			t.Errorf("carried over: %v", p)
		}
		if l := w.get("office", "/places").ok(); num(l, "total") != 4 || num(l, "by_state.retired") != 1 || num(l, "by_state.open") != 3 {
			t.Errorf("after: %v", l["by_state"])
		}
		// no generic entry of these kinds any more
		w.post("office", "/entries", vals{"kind": "dropoff-point", "unit": w.units["桂园"], "values": vals{"name": "又一个", "batch": "b1", "since": "2020-09-01"}}, 0).refused(409, "ledger.kept-elsewhere")
		w.post("office", "/entries/"+waiting+"/submit", nil, 0).refused(409, "ledger.kept-elsewhere")
		e := w.get("office", "/entries/"+first).ok()
		w.post("manager1", "/entries/"+first+"/void", vals{"reason": "作废试试"}, num(e, "rev")).refused(409, "ledger.kept-elsewhere")
		if at(e, "may.edit") != false || at(e, "may.void") != false {
			t.Errorf("the entry may still be changed: %v", e["may"])
		}
		for _, k := range list(w.get("office", "/kinds").ok(), "items") {
			if text(k, "key") == "dropoff-point" && at(k, "may.enter") != false {
				t.Error("the ledger still offers to enter a point")
			}
		}
		// a change of a carried place moves the figure, and only from its own days
		p = w.post("manager1", "/places/"+first+"/steps", vals{"step": "retire", "day": "2020-09-30", "note": "拆除"}, num(p, "rev")).ok()
		if text(p, "state") != "retired" || text(p, "until") != "2020-09-30" {
			t.Errorf("retired: %v", p)
		}
		for period, want := range map[string]int64{"2019": 1, "2020-08": 2, "2020-09": 1, "2020": 1} {
			if f := w.get("office", "/figures/places.dropoff?period="+period).ok(); num(f, "value") != want && period != "2020-09" {
				t.Errorf("%s: %d, want %d", period, num(f, "value"), want)
			}
		}
		w.settled()
		page := w.get("office", "/figures/places.dropoff/page?period=2020").ok()
		if text(page, "keeper") != "place" || !strings.HasPrefix(text(page, "records.0.link"), "/points/") {
			t.Errorf("the figure's page: keeper %v, records %v", page["keeper"], page["records"])
		}
	})
}

func TestPlaceLife(t *testing.T) {
	each(t, func(w *world) {
		t := w.t
		value := func(period string) int64 {
			t.Helper()
			return num(w.get("office", "/figures/places.dropoff?period="+period).ok(), "value")
		}
		w.bad(ask{as: "clerk1", method: "POST", path: "/places", body: vals{"type": "dropoff-point", "unit": w.units["桂园"], "body": placeBody("")}}, 422, "place.invalid", "/body/name", "value.required")
		w.bad(ask{as: "office", method: "POST", path: "/places", body: vals{"type": "dropoff-point", "unit": w.units["东街小学"], "body": placeBody("校门")}}, 422, "place.invalid", "/unit", "place.unit-type")
		hours := placeBody("东门")
		hours["hours"] = []any{vals{"from": 540, "until": 480}}
		w.bad(ask{as: "clerk1", method: "POST", path: "/places", body: vals{"type": "dropoff-point", "unit": w.units["桂园"], "body": hours}}, 422, "place.invalid", "/body/hours/0/until", "place.hours")
		id := w.proposed("clerk1", "桂园", "东门")
		rev := int64(1)
		step := func(as, step, day, note string) reply {
			return w.post(as, "/places/"+id+"/steps", vals{"step": step, "day": day, "note": note}, rev)
		}
		step("manager1", "approve", "2020-12-31", "").refused(409, "place.wrong-state")
		step("manager1", "open", "2020-12-31", "").refused(409, "place.wrong-state")
		w.post("clerk1", "/places/"+id+"/consult", vals{"consent": vals{"from": "2020-12-01", "until": "2020-12-03", "asked": 10, "agreed": 8, "objected": 0, "answer": ""}}, rev).refused(409, "place.notice-too-short")
		w.bad(ask{as: "clerk1", method: "POST", path: "/places/" + id + "/consult", match: rev, body: consent(10, 8, 5, "")}, 422, "place.invalid", "/consent/asked", "place.more-answers")
		w.post("clerk3", "/places/"+id+"/consult", consent(10, 8, 0, ""), rev).refused(404, "place.no-place")
		for _, c := range []struct {
			what   string
			give   vals
			refuse string
		}{
			{"too few answered", consent(100, 60, 0, ""), "place.turnout"},
			{"half is no majority", consent(100, 40, 40, "移到围墙边"), "place.agreement"},
			{"objections without an answer", consent(100, 60, 10, ""), "place.objections-open"},
			{"enough", consent(100, 60, 10, "改到东侧，离窗十二米"), ""},
		} {
			got := w.post("clerk1", "/places/"+id+"/consult", c.give, rev).ok()
			rev = num(got, "rev")
			if text(got, "enough") != c.refuse {
				t.Errorf("%s: the page says %q", c.what, text(got, "enough"))
			}
			if c.refuse != "" {
				step("manager1", "approve", "2020-12-11", "").refused(409, c.refuse)
			}
		}
		w.post("manager1", "/places/"+id+"/steps", vals{"step": "approve", "day": "2020-12-11"}, rev-1).refused(412, "place.changed")
		step("clerk1", "approve", "2020-12-11", "").refused(403, "http.forbidden")
		got := step("manager1", "approve", "2020-12-11", "").ok()
		if rev = num(got, "rev"); text(got, "state") != "approved" || value("2020") != 0 {
			t.Errorf("approved: %v, the figure %d", got["state"], value("2020"))
		}
		step("manager1", "open", "2021-01-15", "").refused(422, "place.invalid")
		got = step("manager1", "open", "2020-12-20", "").ok()
		rev = num(got, "rev")
		if value("2020") != 1 || value("2020-11") != 0 {
			t.Errorf("open from 20 December: the year %d, November %d", value("2020"), value("2020-11"))
		}
		step("manager1", "suspend", "2020-12-24", "").refused(422, "place.reason")
		rev = num(step("manager1", "suspend", "2020-12-24", "检修").ok(), "rev")
		if value("2020") != 1 {
			t.Error("a suspended point left the register")
		}
		rev = num(step("manager1", "resume", "2020-12-26", "").ok(), "rev")
		step("manager1", "retire", "2020-12-01", "拆除").refused(422, "place.invalid")
		lock := text(w.post("office", "/locks", vals{"unit": w.units[""], "kind": "dropoff-point", "from": "2020-12-01", "until": "2020-12-31", "reason": "年报已出"}, 0).ok(), "id")
		step("manager1", "retire", "2020-12-27", "拆除").refused(409, "closing.locked")
		w.do(ask{as: "office", method: "DELETE", path: "/locks/" + lock}).ok()
		got = step("manager1", "retire", "2020-12-27", "拆除").ok()
		if text(got, "state") != "retired" || value("2020") != 0 || len(list(got, "steps")) != 10 {
			t.Errorf("retired: %v, the figure %d, %d steps", got["state"], value("2020"), len(list(got, "steps")))
		}
		w.settled()
		// nobody approves what he proposed
		own := w.proposed("manager1", "桂苑", "北门")
		w.post("manager1", "/places/"+own+"/consult", consent(10, 9, 0, ""), 1).ok()
		w.post("manager1", "/places/"+own+"/steps", vals{"step": "approve", "day": "2020-12-31"}, 2).refused(403, "place.own-proposal")
		w.post("office", "/places/"+own+"/steps", vals{"step": "approve", "day": "2020-12-31"}, 2).ok()
		if v := w.get("office", "/places?q=北门").ok(); num(v, "total") != 1 || text(v, "rows.0.code") == "" || text(v, "rows.0.code") == text(got, "code") {
			t.Errorf("search: %v", v)
		}
	})
}

func TestPublicPage(t *testing.T) {
	each(t, func(w *world) {
		t := w.t
		id := w.proposed("clerk1", "桂园", "东门<b>")
		code := text(w.get("clerk1", "/places/"+id).ok(), "code")
		open := func(code, lang string) reply {
			return w.do(ask{path: "/../../p/" + code, lang: lang})
		}
		if r := open(code, "zh"); r.status != 404 || !strings.Contains(string(r.body), "没有这个编号") {
			t.Errorf("a proposal is public: %d %s", r.status, r.body)
		}
		body := placeBody("东门<b>")
		body["containers"] = []any{vals{"category": "food", "litres": 240, "number": 2}}
		body["hours"] = []any{vals{"from": 390, "until": 510}, vals{"from": 1080, "until": 1200}}
		w.do(ask{as: "clerk1", method: "PUT", path: "/places/" + id, match: 1, body: vals{"body": body}}).ok()
		w.post("clerk1", "/places/"+id+"/consult", consent(10, 9, 0, ""), 2).ok()
		w.post("manager1", "/places/"+id+"/steps", vals{"step": "approve", "day": "2020-12-20"}, 3).ok()
		w.post("manager1", "/places/"+id+"/steps", vals{"step": "open", "day": "2020-12-21"}, 4).ok()
		r := open(strings.ToLower(code), "zh")
		page := string(r.body)
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
		if r := open(code, "en"); !strings.Contains(string(r.body), "Food waste") {
			t.Error("no English page")
		}
		w.post("manager1", "/places/"+id+"/steps", vals{"step": "suspend", "day": "2020-12-25", "note": "检修"}, 5).ok()
		if r := open(code, "zh"); !strings.Contains(string(r.body), "现在不能投放") {
			t.Error("a suspended point looks open")
		}
		labels := w.get("office", "/place-labels?ids="+id).ok()
		if text(labels, "items.0.url") != "https://sifen.example/p/"+code || !strings.HasPrefix(text(labels, "items.0.path"), "M4 4h7v1h-7z") || num(labels, "items.0.modules") < 29 {
			t.Errorf("label: %v", labels)
		}
		w.get("clerk3", "/place-labels?ids="+id).refused(404, "place.no-place")
	})
}

func TestOutlines(t *testing.T) {
	each(t, func(w *world) {
		t := w.t
		put := func(body string) reply {
			return w.do(ask{as: "admin", method: "POST", path: "/place-outlines", body: []byte(body)})
		}
		if got := put(outlineOf("东街")).ok(); num(got, "units") != 1 {
			t.Errorf("outlines: %v", got)
		}
		shape := func(name, geometry string) string {
			return `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"` + name + `"},"geometry":` + geometry + `}]}`
		}
		both := strings.Replace(outlineOf("东街"), `"features":[`, `"features":[`+strings.TrimSuffix(strings.SplitN(outlineOf("东街"), `"features":[`, 2)[1], "]}")+",", 1)
		for body, code := range map[string]string{
			"x": "place.outline", `{"type":"Feature"}`: "place.outline", `{"type":"FeatureCollection","features":[]}`: "place.outline-empty",
			outlineOf("无此街"): "place.outline-unit", both: "place.outline-twice",
			shape("东街", `{"type":"Point","coordinates":[1,2]}`):                                    "place.outline-shape",
			shape("东街", `{"type":"Polygon","coordinates":[[[1,1],[2,2],[1,1]]]}`):                  "place.outline-ring",
			shape("东街", `{"type":"Polygon","coordinates":[[[500000,3400000],[1,1],[2,2],[1,1]]]}`): "place.outline-degrees",
			shape("东街", `{"type":"MultiPolygon","coordinates":[]}`):                                "place.outline-shape",
		} {
			r := put(body)
			if r.status != 422 || r.json()["code"] != code {
				t.Errorf("%s: %d %s", body, r.status, r.body)
			}
		}
		if r := put(outlineOf("无此街")); !strings.Contains(string(r.body), "无此街") {
			t.Errorf("which shape is wrong? %s", r.body)
		}
		near := w.get("office", fmt.Sprintf("/place-outlines?unit=%d", w.units[""])).ok()
		if l := list(near, "outlines"); len(l) != 1 || text(l[0], "unit.name") != "东街" {
			t.Errorf("right below the district: %v", near)
		}
		if l := list(w.get("office", fmt.Sprintf("/place-outlines?unit=%d", w.units["西镇"])).ok(), "outlines"); len(l) != 0 {
			t.Errorf("right below 西镇: %v", l)
		}
		w.proposed("clerk1", "桂园", "东门")
		m := w.get("manager1", fmt.Sprintf("/place-map?unit=%d", w.units["东街"])).ok()
		if text(m, "outlines.0.unit.name") != "东街" || num(m, "outlines.0.rings.0.0.0") != 1181000000 || text(m, "places.0.name") != "东门" {
			t.Errorf("map: %v", m)
		}
		if m := w.get("manager2", fmt.Sprintf("/place-map?unit=%d", w.units["西镇"])).ok(); len(list(m, "outlines")) != 0 || len(list(m, "places")) != 0 {
			t.Errorf("another street's map: %v", m)
		}
	})
}
