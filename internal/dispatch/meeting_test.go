package dispatch_test

import (
	"fmt"
	"strings"
	"testing"

	"sifen/internal/apptest"
)

type vals = apptest.Vals

func said(w *apptest.World, unit, day string, seats ...vals) vals {
	return vals{"unit": w.Units[unit], "type": "dispatch", "day": day, "title": "第一次调度会", "place": "三楼会议室", "people": 12, "seats": seats}
}

func seat(w *apptest.World, unit, presence string) vals {
	v := vals{"unit": w.Units[unit], "presence": presence}
	switch presence {
	case "represented":
		v["who"] = "李副主任"
	case "absent":
		v["reason"] = "防汛值班"
	}
	return v
}

// meeting plans one, and holds it when held.
func meeting(w *apptest.World, as, unit, day string, held bool, seats ...vals) (string, int64) {
	w.T.Helper()
	m := w.Post(as, "/meetings", said(w, unit, day, seats...), 0).OK()
	if held {
		m = w.Post(as, "/meetings/"+apptest.Text(m, "id")+"/hold", said(w, unit, day, seats...), apptest.Num(m, "rev")).OK()
	}
	return apptest.Text(m, "id"), apptest.Num(m, "rev")
}

func decided(w *apptest.World, as, meeting, unit, words, deadline string) (string, int64) {
	w.T.Helper()
	d := w.Post(as, "/meetings/"+meeting+"/decisions", vals{"words": words, "unit": w.Units[unit], "deadline": deadline}, 0).OK()
	return apptest.Text(d, "id"), apptest.Num(d, "rev")
}

// figures of meetings, with the digests of what stands behind them.
func figures(w *apptest.World) string {
	w.T.Helper()
	var out []string
	for _, key := range []string{"meetings.dispatch", "meetings.minutes", "meetings.mobilisation"} {
		for _, unit := range []string{"", "东街", "教育局"} {
			for _, p := range []string{"2019", "2020", "2020-06"} {
				f := w.Get("office", fmt.Sprintf("/figures/%s?unit=%d&period=%s", key, w.Units[unit], p)).OK()
				out = append(out, fmt.Sprint(key, unit, p, f["value"], f["digest"], apptest.Num(f, "counted.records")))
			}
		}
	}
	return strings.Join(out, "\n")
}

// The promotion rule: figures, definitions and history stay, and from the takeover no generic entry feeds them.
func TestMeetingsComeOver(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		entry := func(as, unit, day, typ string, minutes bool) string {
			id, _ := w.Counted(as, "office2", "meeting", unit, vals{"held_on": day, "topic": typ + "会", "type": typ, "attendance": 31, "minutes": minutes,
				"minutes_number": "纪要〔2020〕1号", "decisions": "月底前建齐台账。"})
			return id
		}
		first := entry("office", "", "2020-06-10", "dispatch", true)
		entry("office", "", "2019-11-02", "mobilisation", false)
		entry("manager1", "东街", "2020-06-12", "other", false)
		waiting, rev := w.Enter("office", "meeting", "", vals{"held_on": "2020-07-01", "topic": "等审核", "type": "dispatch", "minutes": false})
		before := figures(w)
		w.Post("clerk1", "/meeting-takeover", nil, 0).Refused(403, "http.forbidden")
		w.Post("manager1", "/meeting-takeover", nil, 0).Refused(403, "dispatch.forbidden")
		w.Post("office", "/meetings", said(w, "", "2020-12-31"), 0).Refused(409, "dispatch.takeover-first")
		w.Post("office", "/meeting-takeover", nil, 0).Refused(409, "dispatch.entries-waiting")
		w.Post("office2", "/entries/"+waiting+"/return", vals{"reason": "改在会议里办"}, rev).OK()
		if l := w.Get("office", "/meetings").OK(); apptest.Num(l, "takeover.ready") != 3 || apptest.Num(l, "total") != 0 {
			t.Errorf("before: %v", l)
		}
		if got := w.Post("office", "/meeting-takeover", nil, 0).OK(); apptest.Num(got, "carried") != 3 {
			t.Errorf("carried %v", got)
		}
		w.Post("office", "/meeting-takeover", nil, 0).Refused(409, "dispatch.taken-over")
		if after := figures(w); after != before {
			t.Errorf("the figures changed:\n%s\nbefore:\n%s", after, before)
		}
		w.Settled() // recomputed from meetings by other code
		m := w.Get("office", "/meetings/"+first).OK()
		if apptest.Text(m, "origin") == "" || apptest.Text(m, "state") != "held" || apptest.Num(m, "people") != 31 || apptest.At(m, "minutes") != true ||
			apptest.Text(m, "minutes_no") != "纪要〔2020〕1号" || apptest.Text(m, "words") != "月底前建齐台账。" {
			t.Errorf("carried over: %v", m)
		}
		w.Post("office", "/entries", vals{"kind": "meeting", "unit": w.Units[""], "values": vals{"held_on": "2020-08-01", "topic": "又一次", "type": "dispatch"}},
			0).Refused(409, "ledger.kept-elsewhere")
		page := w.Get("office", "/figures/meetings.dispatch/page?period=2020").OK()
		if apptest.Text(page, "keeper") != "dispatch" || apptest.Text(page, "records.0.link") != "/meetings/"+first {
			t.Errorf("the figure's page: keeper %v, records %v", page["keeper"], page["records"])
		}
		// an entry that came over is corrected like any meeting, and the figure follows
		in := said(w, "", "2020-06-10")
		in["type"] = "mobilisation"
		w.Do(apptest.Ask{As: "office", Method: "PUT", Path: "/meetings/" + first, Body: in, Match: apptest.Num(m, "rev")}).OK()
		if n := w.Figure("meetings.dispatch", "", "2020"); n != 0 {
			t.Errorf("%d dispatch meetings after the correction", n)
		}
		w.Settled()
	})
}

// A planned meeting counts from when it was held, a cancelled one never, and minutes when they are issued.
func TestMeetingIsCounted(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		id, rev := meeting(w, "office", "", "2020-12-30", false, seat(w, "东街", ""))
		if n := w.Figure("meetings.dispatch", "", "2020"); n != 0 {
			t.Errorf("a planned meeting counts: %d", n)
		}
		w.Post("manager1", "/meetings/"+id+"/hold", said(w, "", "2020-12-30"), rev).Refused(403, "dispatch.forbidden")
		w.Get("manager2", "/meetings/"+id).Refused(404, "dispatch.no-meeting") // not asked to it
		m := w.Post("office", "/meetings/"+id+"/hold", said(w, "", "2020-12-30", seat(w, "东街", "represented"), seat(w, "西镇", "absent")), rev).OK()
		if apptest.Num(m, "came") != 1 || apptest.Num(m, "asked") != 2 || w.Figure("meetings.dispatch", "", "2020") != 1 {
			t.Errorf("held: %v", m)
		}
		seen := w.Get("manager2", "/meetings/"+id).OK() // now he is: with his own seat alone
		if s := apptest.List(seen, "seats"); len(s) != 1 || apptest.Text(s[0], "reason") != "防汛值班" || len(apptest.List(seen, "events")) != 0 {
			t.Errorf("what the asked see: %v", s)
		}
		d, _ := decided(w, "office", id, "东街", "台账月底前交齐，逐家说明原因", "2021-01-15")
		rev = apptest.Num(w.Get("office", "/meetings/"+id).OK(), "rev")
		w.Post("office", "/meetings/"+id+"/hold", said(w, "", "2020-12-30"), rev).Refused(409, "dispatch.wrong-state")
		m = w.Post("office", "/meetings/"+id+"/minutes", nil, rev).OK()
		rev = apptest.Num(m, "rev")
		w.Post("office", "/meetings/"+id+"/minutes", nil, rev).Refused(409, "dispatch.minutes-there")
		doc := apptest.Text(m, "minutes_doc.id")
		texts := fmt.Sprint(w.Get("office", "/documents/"+doc).OK()["texts"])
		for _, part := range []string{"东街（李副主任代）", "缺席：西镇（防汛值班）", "台账月底前交齐", "由东街负责，2021年1月15日前办结", "三楼会议室"} {
			if !strings.Contains(texts, part) {
				t.Errorf("the minutes lack %s: %s", part, texts)
			}
		}
		w.Post("leader", "/documents/"+doc+"/issue", nil, apptest.Num(w.Get("office", "/documents/"+doc).OK(), "rev")).OK()
		w.Jobs()
		apptest.Must(t, w.App.Tick(t.Context(), "dispatch"))
		m = w.Get("office", "/meetings/"+id).OK()
		if w.Figure("meetings.minutes", "", "2020") != 1 || apptest.Text(m, "minutes_no") == "" {
			t.Errorf("issued minutes: %v", m)
		}
		w.Settled()
		w.Post("office", "/meetings/"+id+"/cancel", vals{"reason": "记错了"}, apptest.Num(m, "rev")).Refused(409, "dispatch.has-decisions")
		w.Post("office", "/decisions/"+d+"/drop", vals{"reason": "并入年度计划"}, apptest.Num(w.Get("office", "/decisions/"+d).OK(), "rev")).OK()
		w.Post("office", "/meetings/"+id+"/cancel", vals{"reason": "记"}, apptest.Num(m, "rev")).Refused(422, "dispatch.no-reason")
		w.Post("office", "/meetings/"+id+"/cancel", vals{"reason": "记错了"}, apptest.Num(m, "rev")).OK()
		if n := w.Figure("meetings.dispatch", "", "2020"); n != 0 {
			t.Errorf("a cancelled meeting counts: %d", n)
		}
		w.Settled()
	})
}

func TestBadMeetings(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		ended := apptest.Num(w.Post("admin", "/units", vals{"name": "旧街", "type": "street", "parent": w.Units[""], "from": "2019-01-01"}, 0).OK(), "id")
		w.Post("admin", fmt.Sprintf("/units/%d/close", ended), vals{"from": "2020-07-01"}, 0).OK()
		w.Units["旧街"] = ended
		plan := func(as string, in vals) apptest.Ask {
			return apptest.Ask{As: as, Method: "POST", Path: "/meetings", Body: in}
		}
		w.Post("manager1", "/meetings", said(w, "西镇", "2020-12-31"), 0).Refused(404, "org.no-unit")
		w.Post("clerk1", "/meetings", said(w, "桂花社区", "2020-12-31"), 0).Refused(403, "http.forbidden")
		for _, c := range []struct {
			what           string
			in             vals
			pointer, field string
		}{
			{"no title", apptest.With(said(w, "", "2020-12-31"), "title", " "), "/title", "value.required"},
			{"no such day", said(w, "", "2020-02-30"), "/day", "value.date"},
			{"a slip in the year", said(w, "", "2031-01-04"), "/day", "dispatch.too-far"},
			{"held by a community", said(w, "桂花社区", "2020-12-31"), "/unit", "dispatch.unit-type"},
			{"a unit twice", said(w, "", "2020-12-31", seat(w, "东街", "present"), seat(w, "东街", "absent")), "/seats/1/unit", "dispatch.unit-twice"},
			{"represented by nobody", said(w, "", "2020-12-31", vals{"unit": w.Units["东街"], "presence": "represented"}), "/seats/0/who", "value.required"},
			{"absent without a reason", said(w, "", "2020-12-31", vals{"unit": w.Units["东街"], "presence": "absent"}), "/seats/0/reason", "value.required"},
			{"no such presence", said(w, "", "2020-12-31", vals{"unit": w.Units["东街"], "presence": "late"}), "/seats/0/presence", "value.choice"},
			{"a unit that had ended", said(w, "", "2020-12-31", seat(w, "旧街", "present")), "/seats/0/unit", "dispatch.unit-ended"},
			{"no such unit", said(w, "", "2020-12-31", vals{"unit": 99999}), "/seats/0/unit", "dispatch.no-unit"},
		} {
			w.Run(c.what, func(*testing.T) { w.Bad(plan("office", c.in), 422, "dispatch.invalid", c.pointer, c.field) })
		}
		// while it still stood it came, and nobody takes that back
		w.Post("office", "/meetings", said(w, "", "2020-06-20", seat(w, "旧街", "present")), 0).OK()
		id, rev := meeting(w, "office", "", "2021-01-04", false)
		w.Bad(apptest.Ask{As: "office", Method: "POST", Path: "/meetings/" + id + "/hold", Body: said(w, "", "2021-01-04"), Match: rev}, 422,
			"dispatch.invalid", "/day", "value.future")
		w.Bad(apptest.Ask{As: "office", Method: "POST", Path: "/meetings/" + id + "/hold", Body: said(w, "", "2020-12-31", seat(w, "东街", "")),
			Match: rev}, 422, "dispatch.invalid", "/seats/0/presence", "dispatch.presence")
		w.Do(apptest.Ask{As: "office", Method: "PUT", Path: "/meetings/" + id, Body: said(w, "", "2021-01-05"), Match: rev}).OK()
		w.Post("office", "/meetings/"+id+"/cancel", vals{"reason": "改期"}, rev).Refused(412, "dispatch.changed")
		// a locked period takes no meeting any more
		w.Post("office", "/locks", vals{"unit": w.Units[""], "from": "2020-11-01", "until": "2020-11-30", "reason": "定账"}, 0).OK()
		old, oldRev := meeting(w, "office", "", "2020-11-12", false)
		w.Post("office", "/meetings/"+old+"/hold", said(w, "", "2020-11-12"), oldRev).Refused(409, "closing.locked")
		if n := w.Figure("meetings.dispatch", "", "2020-11"); n != 0 {
			w.T.Errorf("a refused meeting counts: %d", n)
		}
	})
}
