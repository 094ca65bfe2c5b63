package notify_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"sifen/internal/apptest"
	"sifen/internal/outward"
)

// here lets the channels of these tests have servers on this machine, as the setting internal-hosts does.
var here = outward.Client{Named: []string{"127.0.0.1", "named.test"}}

// namer may name channels of a street.
const namer = "street.administrator"

// lastError is what the page says of a channel.
func lastError(w *apptest.World, as, id string) string {
	for _, c := range apptest.List(w.Get(as, "/channels").OK(), "items") {
		if apptest.Text(c, "id") == id {
			return apptest.Text(c, "last_error")
		}
	}
	return "gone"
}

// TestWhatAWebhookMayReach: a name that leads inside is not asked, however it is written and whenever it leads there; a host
// that the configuration names is, and what it answers is told as a class of status alone.
func TestWhatAWebhookMayReach(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		var asked atomic.Int64
		inner := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			asked.Add(1)
			switch {
			case strings.HasSuffix(r.URL.Path, "moved"):
				http.Redirect(rw, r, "/secret", http.StatusFound)
				return
			case strings.HasSuffix(r.URL.Path, "refuses"):
				rw.WriteHeader(http.StatusForbidden)
			}
			_, _ = io.WriteString(rw, `{"errcode":7,"errmsg":"inner secret"}`)
		}))
		defer inner.Close()
		_, port, _ := strings.Cut(strings.TrimPrefix(inner.URL, "http://"), ":")
		client := here
		client.Lookup = func(context.Context, string) ([]netip.Addr, error) {
			return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
		}
		w.App.Notify.Outward = client
		for _, c := range []struct {
			what, kind, target string
			said               string
			asked              int64
		}{
			{"a name that leads inside", "webhook", "http://rebind.test:" + port + "/x", "inside", 0},
			{"the same as a robot", "feishu", "http://rebind.test:" + port + "/x", "inside", 0},
			{"a name that is named", "webhook", "http://named.test:" + port + "/x", "", 1},
			{"an address that is named", "webhook", inner.URL + "/x", "", 1},
			{"a status", "webhook", inner.URL + "/refuses", "HTTP 4xx", 1},
			{"a redirect", "webhook", inner.URL + "/moved", "HTTP 3xx", 1},
			{"a robot that refuses", "wecom", inner.URL + "/x", "refused", 1},
		} {
			asked.Store(0)
			id := apptest.Text(w.Post(namer, "/channels", apptest.Vals{"unit": w.Units["东街"], "kind": c.kind, "name": c.what,
				"target": c.target}, 0).OK(), "id")
			w.Post("manager1", "/channels/"+id+"/try", nil, 0).OK()
			w.Jobs()
			w.Expect(c.what+" says", lastError(w, "manager1", id), c.said)
			w.Expect(c.what+" is asked", asked.Load(), c.asked)
			w.Do(apptest.Ask{As: "manager1", Method: "DELETE", Path: "/channels/" + id}).OK()
		}
		w.App.Notify.Outward = outward.Client{}
		for what, target := range map[string]string{"loopback": "http://127.0.0.1/x", "the name of loopback": "http://localhost:8080/x",
			"loopback of IPv6": "http://[::1]/x", "mapped": "http://[::ffff:10.0.0.1]/x", "metadata": "http://169.254.169.254/latest/meta-data",
			"private": "https://192.168.1.1/x"} {
			p := w.Bad(apptest.Ask{As: namer, Method: "POST", Path: "/channels", Body: apptest.Vals{"unit": w.Units["东街"], "kind": "webhook",
				"name": "x", "target": target}}, 422, "notify.inside", "", "")
			if !strings.Contains(apptest.Text(p, "title"), "internal-hosts") {
				t.Errorf("%s: the remedy is not told: %v", what, p)
			}
		}
	})
}

// TestWhoNamesChannels: who administers the unit, nobody else; to test and to remove one takes less.
func TestWhoNamesChannels(t *testing.T) {
	w := apptest.New(t, false)
	for as, want := range map[string]int{namer: 201, "admin": 201, "manager1": 403, "office": 403, "street.department": 403, "clerk1": 403} {
		r := w.Post(as, "/channels", apptest.Vals{"unit": w.Units["东街"], "kind": "webhook", "name": "x", "target": "https://robot.example.com/x"}, 0)
		w.Expect(as, r.Status, want)
	}
}

// TestChannelsAreSealed: neither the database nor its copies tell the key of a robot, also one of an earlier version, and a
// lost key is told with its remedy.
func TestChannelsAreSealed(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t, ctx := w.T, context.Background()
		add := func() apptest.Reply {
			return w.Post(namer, "/channels", apptest.Vals{"unit": w.Units["东街"], "kind": "dingtalk", "name": "x",
				"target": "https://robot.example.com/?key=canary-in-address", "secret": "canary-secret"}, 0)
		}
		shown := func() string { return apptest.Text(w.Get("manager1", "/channels").OK(), "items.0.target") }
		add().OK()
		apptest.Must(t, w.App.DB.Exec(ctx, `INSERT INTO channel (district, id, unit, kind, name, target, secret, account, at, last_at, last_error)
			VALUES ($1, 'old', $2, 'webhook', 'old', 'https://old.example.com/?key=canary-of-old', 'canary-old', '', 1, 0, '')`, w.District, w.Units["西镇"]))
		apptest.Must(t, w.App.Tick(ctx, "seal-channels"))
		w.Expect("the address is shown without its key", shown(), "https://robot.example.com/…")
		if n := w.Scalar(`SELECT count(*) FROM channel WHERE target LIKE '%canary%' OR secret LIKE '%canary%' OR target NOT LIKE 'seal1:%'`); n != 0 {
			t.Errorf("%d channels are open", n)
		}
		w.Expect("one of an earlier version", apptest.Text(w.Get("manager2", "/channels").OK(), "items.0.target"), "https://old.example.com/…")
		if w.URL == "" {
			copied := filepath.Join(w.Dir, "copy.db")
			apptest.Must(t, w.App.DB.Backup(ctx, copied))
			for _, name := range []string{copied, filepath.Join(w.Dir, "sifen.db")} {
				raw, err := os.ReadFile(name)
				apptest.Must(t, err)
				if bytes.Contains(raw, []byte("canary")) {
					t.Errorf("%s tells a secret", name)
				}
			}
		}
		key := filepath.Join(w.Dir, "secret.key")
		apptest.Must(t, os.Rename(key, key+".away"))
		w.Close()
		w.Open()
		w.Expect("with a lost key", shown(), "…")
		w.Expect("the page says", apptest.Text(w.Get("manager1", "/channels").OK(), "items.0.last_error"), "sealed")
		if p := add().Refused(409, "seal.key"); !strings.Contains(apptest.Text(p, "title"), "sifen key renew") ||
			!strings.Contains(apptest.Text(p, "title"), key) {
			t.Errorf("place and remedy are not told: %v", p)
		}
		if err := w.App.Tick(ctx, "seal-channels"); err == nil {
			t.Error("the lost key is not told at the start")
		}
		apptest.Must(t, os.Rename(key+".away", key))
		w.Expect("put back", shown(), "https://robot.example.com/…")
	})
}
