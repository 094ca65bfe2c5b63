package notify_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"sifen/internal/apptest"
)

// TestChannels: robots and webhooks get a message once, signed; one that never answers holds nothing up and says so.
func TestChannels(t *testing.T) {
	w := apptest.New(t, false)
	w.App.Notify.Outward = here
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
		return apptest.Text(w.Post(namer, "/channels", apptest.Vals{"unit": w.Units["东街"], "kind": kind, "name": kind, "target": robot.URL + path,
			"secret": "s"}, 0).OK(), "id")
	}
	state := func(id string) string {
		for _, c := range apptest.List(w.Get("manager1", "/channels").OK(), "items") {
			if apptest.Text(c, "id") == id {
				return apptest.Text(c, "last_error")
			}
		}
		return "gone"
	}
	for _, kind := range []string{"wecom", "dingtalk", "feishu", "webhook"} {
		id := add(kind, "/hook?key=secret-key")
		got, signature = nil, ""
		w.Post("manager1", "/channels/"+id+"/try", nil, 0).OK()
		w.Jobs()
		w.Expect(kind+" got one", len(got), 1)
		w.Expect(kind+" is fine", state(id), "")
		if raw, _ := json.Marshal(got[0]); !strings.Contains(string(raw), "东街") {
			t.Errorf("%s: %s", kind, raw)
		}
		if signed := signature != "" || got[0]["sign"] != nil; signed != (kind != "wecom") {
			t.Errorf("%s: signed %v", kind, signed)
		}
		if all := w.Get("manager1", "/channels"); strings.Contains(string(all.Body), "secret-key") {
			t.Errorf("%s: the robot's key is shown", kind)
		}
	}
	id := add("wecom", "/refuses")
	w.Post("manager1", "/channels/"+id+"/try", nil, 0).OK()
	w.Jobs()
	w.Expect("a refusal is told", state(id), "refused")
	// one that nobody answers at: told, tried again later, given up after a day
	dead := apptest.Text(w.Post(namer, "/channels", apptest.Vals{"unit": w.Units["东街"], "kind": "webhook", "name": "x",
		"target": "http://127.0.0.1:1/key-in-path"}, 0).OK(), "id")
	w.Post("manager1", "/channels/"+dead+"/try", nil, 0).OK()
	w.Jobs()
	w.Expect("a dead channel says", state(dead), "unreachable")
	w.Expect("it waits for another try", w.Scalar(`SELECT count(*) FROM job WHERE kind = 'notify.deliver'`), 2)
	w.Post(namer, "/channels", apptest.Vals{"unit": w.Units["东街"], "kind": "webhook", "name": "x", "target": "ftp://x"}, 0).Refused(422, "notify.address")
	w.Post(namer, "/channels", apptest.Vals{"unit": w.Units["东街"], "kind": "email", "name": "x", "target": "a@b.cn"}, 0).Refused(422, "notify.no-mail")
	w.Clock.Advance(25 * time.Hour)
	w.Jobs()
	w.Expect("given up after a day", w.Scalar(`SELECT count(*) FROM job WHERE kind = 'notify.deliver'`), 0)
}
