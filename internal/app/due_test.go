package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"sifen/internal/org"
	"sifen/internal/period"
)

func (w *world) sweep() {
	w.t.Helper()
	must(w.t, w.app.Tick(context.Background(), "due"))
}

// states reads what 东街 or another street owes of sessions, month by month.
func (w *world) states(as, unit string) map[string]string {
	w.t.Helper()
	g := w.get(as, "/due?period=2020&kind=publicity-session").ok()
	out := map[string]string{}
	for _, l := range list(g, "lines") {
		if text(l, "unit.name") == unit {
			for _, i := range list(l, "items") {
				out[text(i, "period")] = text(i, "state")
			}
		}
	}
	return out
}

func (w *world) rate(month string) string {
	w.t.Helper()
	p, err := period.Parse(month)
	must(w.t, err)
	x, err := w.app.Figures.At(context.Background(), w.app.DB.Read, w.district)
	must(w.t, err)
	v, err := x.Value("due.rate", org.No(1), p)
	must(w.t, err)
	if !v.Defined {
		return "undefined"
	}
	return fmt.Sprintf("%d/%d", v.Part, v.Of)
}

func TestWhatIsOwed(t *testing.T) {
	each(t, func(w *world) {
		w.sweep()
		w.expect("nothing was ever delivered: nothing is owed", len(w.states("office", "东街")), 0)
		w.expect("undefined is not zero", w.rate("2020-11"), "undefined")
		// in time for November is up to the third working day of December
		e, _ := w.enter("clerk1", "publicity-session", "桂花社区", session("2020-11-20", 3))
		must(t, w.app.DB.Exec(context.Background(), `UPDATE entry SET late_days = 0`)) // as if it had come on its own day
		w.sweep()
		w.expect("delivered below the street", w.states("office", "东街")["2020-11"], "delivered")
		w.expect("the other street", w.states("office", "西镇")["2020-11"], "missing")
		w.expect("nothing before the first delivery", w.states("office", "东街")["2020-10"], "")
		w.expect("terms", w.rate("2020-11"), "1/2")
		w.settled()

		// a late delivery
		l, _ := w.enter("clerk3", "publicity-session", "荷花社区", session("2020-11-05", 3))
		must(t, w.app.Due.Refresh(context.Background(), w.district, l, "publicity-session"))
		w.expect("late", w.states("office", "西镇")["2020-11"], "late")
		w.expect("terms", w.rate("2020-11"), "2/2")
		// what came back is not delivered
		rev := num(w.get("manager1", "/entries/"+e).ok(), "rev")
		w.post("manager1", "/entries/"+e+"/return", vals{"reason": "请补照片"}, rev).ok()
		must(t, w.app.Due.Refresh(context.Background(), w.district, e, "publicity-session"))
		w.expect("returned", w.states("office", "东街")["2020-11"], "missing")
		w.expect("terms", w.rate("2020-11"), "1/2")
		w.settled()

		// exempt with a reason, by a superior, undone
		id := ""
		for _, ln := range list(w.get("office", "/due?period=2020-11&kind=publicity-session").ok(), "lines") {
			if text(ln, "unit.name") == "东街" {
				id = text(ln, "items.0.id")
			}
		}
		w.post("manager1", "/due/"+id+"/exempt", vals{"exempt": true, "reason": "自己说的"}, 0).refused(403, "ledger.forbidden")
		w.post("office", "/due/"+id+"/exempt", vals{"exempt": true}, 0).refused(422, "due.reason")
		w.post("office", "/due/"+id+"/exempt", vals{"exempt": true, "reason": "十一月拆迁停办"}, 0).ok()
		w.sweep()
		w.expect("exempt stays", w.states("office", "东街")["2020-11"], "exempt")
		w.expect("terms", w.rate("2020-11"), "1/1")
		w.settled()
		w.post("office", "/due/"+id+"/exempt", vals{"exempt": false}, 0).ok()
		w.expect("owed after all", w.rate("2020-11"), "1/2")

		// a reminder reaches those who enter at the unit, once a day
		r := w.post("office", "/due/remind", vals{"items": []string{id}}, 0).ok()
		w.expect("reminded", [2]any{num(r, "units"), num(r, "persons") > 0}, [2]any{1, true})
		r = w.post("office", "/due/remind", vals{"items": []string{id}}, 0).ok()
		w.expect("not twice", [2]int64{num(r, "persons"), num(r, "already")}, [2]int64{0, 1})
		b := w.get("manager1", "/bench").ok()
		w.expect("on the bench", strings.Contains(text(b, "notices.0.title.zh"), "2020年11月"), true)
		w.expect("owed on the bench", text(b, "owed.0.period"), "2020-11")
		w.post("manager1", "/notices/read", vals{"id": text(b, "notices.0.id")}, 0).ok()
		w.expect("read", num(w.get("manager1", "/notices").ok(), "unread"), 0)
		w.post("manager2", "/notices/read", vals{"id": text(b, "notices.0.id")}, 0).refused(404, "notify.none")

		w.settled()
	})
}

// TestChannels: robots and webhooks get a message once, signed; one that never answers holds nothing up and says so.
func TestChannels(t *testing.T) {
	w := newWorld(t, false)
	var got []map[string]any
	var signature string
	robot := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		var v map[string]any
		_ = json.Unmarshal(raw, &v)
		got = append(got, v)
		signature = r.Header.Get("X-Sifen-Signature") + r.URL.Query().Get("sign")
		if strings.HasSuffix(r.URL.Path, "refuses") {
			_, _ = io.WriteString(rw, `{"errcode":93000,"errmsg":"invalid webhook url"}`)
			return
		}
		_, _ = io.WriteString(rw, `{"errcode":0,"errmsg":"ok"}`)
	}))
	defer robot.Close()
	add := func(kind, path string) string {
		return text(w.post("manager1", "/channels", vals{"unit": w.units["东街"], "kind": kind, "name": kind, "target": robot.URL + path, "secret": "s"}, 0).ok(), "id")
	}
	state := func(id string) string {
		for _, c := range list(w.get("manager1", "/channels").ok(), "items") {
			if text(c, "id") == id {
				return text(c, "last_error")
			}
		}
		return "gone"
	}
	for _, kind := range []string{"wecom", "dingtalk", "feishu", "webhook"} {
		id := add(kind, "/hook?key=secret-key")
		got, signature = nil, ""
		w.post("manager1", "/channels/"+id+"/try", nil, 0).ok()
		w.jobs()
		w.expect(kind+" got one", len(got), 1)
		w.expect(kind+" is fine", state(id), "")
		if raw, _ := json.Marshal(got[0]); !strings.Contains(string(raw), "东街") {
			t.Errorf("%s: %s", kind, raw)
		}
		if signed := signature != "" || got[0]["sign"] != nil; signed != (kind != "wecom") {
			t.Errorf("%s: signed %v", kind, signed)
		}
		if all := w.get("manager1", "/channels"); strings.Contains(string(all.body), "secret-key") {
			t.Errorf("%s: the robot's key is shown", kind)
		}
	}
	id := add("wecom", "/refuses")
	w.post("manager1", "/channels/"+id+"/try", nil, 0).ok()
	w.jobs()
	w.expect("a refusal is told", state(id), "93000 invalid webhook url")
	// one that nobody answers at: told, tried again later, given up after a day
	dead := text(w.post("manager1", "/channels", vals{"unit": w.units["东街"], "kind": "webhook", "name": "x", "target": "http://127.0.0.1:1/key-in-path"}, 0).ok(), "id")
	w.post("manager1", "/channels/"+dead+"/try", nil, 0).ok()
	w.jobs()
	if e := state(dead); e == "" || strings.Contains(e, "key-in-path") {
		t.Errorf("a dead channel says %q", e)
	}
	w.expect("it waits for another try", w.scalar(`SELECT count(*) FROM job WHERE kind = 'notify.deliver'`), 2)
	w.post("manager1", "/channels", vals{"unit": w.units["东街"], "kind": "webhook", "name": "x", "target": "ftp://x"}, 0).refused(422, "notify.address")
	w.post("manager1", "/channels", vals{"unit": w.units["东街"], "kind": "email", "name": "x", "target": "a@b.cn"}, 0).refused(422, "notify.no-mail")
	w.clock.Advance(25 * time.Hour)
	w.jobs()
	w.expect("given up after a day", w.scalar(`SELECT count(*) FROM job WHERE kind = 'notify.deliver'`), 0)
}
