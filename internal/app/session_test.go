package app_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"sifen/internal/org"
)

// from sends a sign-in as if from an address; the handler is called directly because the address is the connection's.
func (w *world) from(remote, login, pass string, tls bool) *http.Response {
	w.t.Helper()
	r := httptest.NewRequest("POST", "/api/v1/session", strings.NewReader(`{"login":"`+login+`","password":"`+pass+`"}`))
	r.RemoteAddr = remote
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", "x")
	if tls {
		r = httptest.NewRequest("POST", "https://example.com/api/v1/session", strings.NewReader(`{"login":"`+login+`","password":"`+pass+`"}`))
		r.RemoteAddr = remote
		r.Header.Set("Content-Type", "application/json")
	}
	rec := httptest.NewRecorder()
	w.server.Config.Handler.ServeHTTP(rec, r)
	return rec.Result()
}

func TestLockOut(t *testing.T) {
	each(t, func(w *world) {
		t := w.t
		status := func(remote, login, pass string) int { t.Helper(); return w.from(remote, login, pass, false).StatusCode }
		for range 5 {
			if s := status("198.51.100.7:1000", "office", "wrong password"); s != 401 {
				t.Fatalf("a wrong password: %d", s)
			}
		}
		if s := status("198.51.100.99:2000", "office", password); s != 429 {
			t.Errorf("the same network after five failures: %d", s)
		}
		if s := status("203.0.113.7:1000", "office", password); s != 200 {
			t.Errorf("another network is locked out: %d", s)
		}
		if s := status("198.51.100.7:1000", "leader", password); s != 200 {
			t.Errorf("another person of the network is locked out: %d", s)
		}
		for range 6 {
			status("[2001:db8:1::5]:1", "nobody", "wrong password")
		}
		if s := status("[2001:db8:1:9::5]:1", "nobody", "wrong password"); s != 429 {
			t.Errorf("a login there is not waits no less: %d", s)
		}
		w.clock.Advance(6 * time.Second)
		if s := status("198.51.100.7:1000", "office", password); s != 200 {
			t.Errorf("after the wait: %d", s)
		}
	})
}

func TestCookie(t *testing.T) {
	w := newWorld(t, false)
	for _, c := range []struct {
		name string
		tls  bool
	}{{"over plain http", false}, {"over https", true}} {
		w.run(c.name, func(t *testing.T) {
			res := w.from("192.0.2.1:1", "office", password, c.tls)
			if len(res.Cookies()) != 1 {
				t.Fatalf("%d cookies, status %d", len(res.Cookies()), res.StatusCode)
			}
			k := res.Cookies()[0]
			if !k.HttpOnly || k.SameSite != http.SameSiteLaxMode || k.Path != "/" || k.Domain != "" || k.MaxAge != 7*24*3600 || k.Secure != c.tls || len(k.Value) < 40 {
				t.Errorf("%+v", k)
			}
		})
	}
	out := w.do(ask{as: "clerk1", method: "DELETE", path: "/session"})
	if c := out.header.Get("Set-Cookie"); !strings.Contains(c, "Max-Age=0") {
		t.Errorf("signing out sets %q", c)
	}
	w.get("clerk1", "/me").refused(401, "http.session")
	w.do(ask{as: "office", method: "DELETE", path: "/me/sessions", header: map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}}).refused(403, "http.cross-site")
}

func TestMustChange(t *testing.T) {
	each(t, func(w *world) {
		t := w.t
		if me := w.get("fresh", "/me").ok(); at(me, "must_change") != true {
			t.Errorf("me: %v", me)
		}
		for _, path := range []string{"/entries", "/figures", "/documents", "/units", "/schemes", "/bench", "/events"} {
			w.get("fresh", path).refused(403, "http.must-change")
		}
		admin := w.post("admin", "/people", vals{"name": "新人", "login": "newcomer", "role": "clerk", "unit": w.units["桂花社区"]}, 0).ok()
		once := text(admin, "password")
		token, _, err := w.app.Accounts.SignIn(context.Background(), "newcomer", once, "192.0.2.1:1")
		must(t, err)
		change := func(old, new string) reply {
			return w.do(ask{as: token, method: "PUT", path: "/me/password", body: vals{"old": old, "new": new}})
		}
		w.get(token, "/entries").refused(403, "http.must-change")
		change("not it", "a long and good one").refused(422, "account.wrong-password")
		for _, weak := range []string{"short", "newcomer123456", "1234567890", "aaaaaaaaaaaa", "password123"} {
			change(once, weak).refused(422, "account.weak-password")
		}
		other, _, err := w.app.Accounts.SignIn(context.Background(), "newcomer", once, "192.0.2.2:1")
		must(t, err)
		// guessing the old password at an open screen waits longer and longer, also for the right one, and only here
		for range 5 {
			change("a guess", "a long and good one").refused(422, "account.wrong-password")
		}
		change(once, "a long and good one").refused(429, "account.wait")
		w.clock.Set(w.clock.Now().Add(6 * time.Second))
		change(once, "a long and good one").ok()
		w.get(token, "/entries").ok()
		w.get(other, "/me").refused(401, "http.session")
	})
}

func TestResetAndGrants(t *testing.T) {
	each(t, func(w *world) {
		t := w.t
		w.get("clerk1", "/entries").ok()
		r := w.post("admin", "/people/"+w.accounts["clerk1"]+"/reset", nil, 0).ok()
		w.get("clerk1", "/me").refused(401, "http.session")
		if s := w.from("192.0.2.1:1", "clerk1", password, false).StatusCode; s != 401 {
			t.Errorf("the old password still opens: %d", s)
		}
		if s := w.from("192.0.2.1:1", "clerk1", text(r, "password"), false).StatusCode; s != 200 {
			t.Errorf("the one-time password: %d", s)
		}
		grant := ""
		for _, p := range list(w.get("admin", "/people").ok(), "items") {
			if text(p, "login") == "manager1" {
				grant = text(p, "grants.0.id")
			}
		}
		e, rev := w.enter("clerk2", "publicity-session", "兰花社区", session("2020-12-05", 3))
		w.do(ask{as: "admin", method: "DELETE", path: "/grants/" + grant}).ok()
		w.get("manager1", "/entries").refused(403, "http.forbidden")
		w.post("manager1", "/entries/"+e+"/verify", nil, rev).refused(403, "http.forbidden")
		w.get("manager1", "/me").ok()
		own := ""
		for _, p := range list(w.get("admin", "/people").ok(), "items") {
			if text(p, "login") == "admin" {
				own = text(p, "grants.0.id")
			}
		}
		w.do(ask{as: "admin", method: "DELETE", path: "/grants/" + own}).refused(409, "account.own-grant")
		// a grant for some days begins and ends by the clock
		w.post("admin", "/people/"+w.accounts["manager1"]+"/grants", vals{"role": "street-manager", "unit": w.units["东街"], "from": "2021-01-01", "until": "2021-01-01"}, 0).ok()
		w.get("manager1", "/entries").refused(403, "http.forbidden")
		for _, c := range []struct {
			after time.Duration
			want  int
		}{{14 * time.Hour, 403}, {90 * time.Minute, 200}, {24 * time.Hour, 403}} { // 23:00, 00:30 of the day, 00:30 of the next
			w.clock.Advance(c.after)
			token, _, err := w.app.Accounts.SignIn(context.Background(), "manager1", password, "192.0.2.1:1")
			must(t, err)
			if r := w.get(token, "/entries"); r.status != c.want {
				t.Errorf("at %s: %d, want %d", w.clock.Now().Format("01-02 15:04"), r.status, c.want)
			}
		}
	})
}

// An administrator of a street must not get hold of the sign-in of somebody who has rights above the street.
func TestStreetAdministratorStaysInHisStreet(t *testing.T) {
	w := newWorld(t, false)
	ctx := context.Background()
	_, err := w.app.NewAccount(ctx, w.system(), "双职", "both", "clerk", org.No(w.units["桂花社区"]), 0, password)
	must(t, err)
	acc, err := w.app.Accounts.ByLogin(ctx, "both")
	must(t, err)
	w.post("street.administrator", "/people/"+acc.ID+"/reset", nil, 0).ok()
	w.post("admin", "/people/"+acc.ID+"/grants", vals{"role": "office", "unit": w.units[""]}, 0).ok()
	w.post("street.administrator", "/people/"+acc.ID+"/reset", nil, 0).refused(403, "http.forbidden")
	w.post("admin", "/people/"+acc.ID+"/reset", nil, 0).ok()
}

func TestSessionEnds(t *testing.T) {
	each(t, func(w *world) {
		t := w.t
		w.clock.Advance(11*time.Hour + 59*time.Minute)
		w.get("office", "/me").ok() // used: it lives on
		w.clock.Advance(11*time.Hour + 59*time.Minute)
		w.get("office", "/me").ok()
		w.get("leader", "/me").refused(401, "http.session") // a day without use
		for range 12 {
			w.clock.Advance(11*time.Hour + 50*time.Minute)
			w.get("office", "/me")
		}
		w.get("office", "/me").ok()
		w.clock.Advance(3 * time.Hour) // seven days after sign-in, however busy
		w.get("office", "/me").refused(401, "http.session")
		for _, bad := range []string{"x", strings.Repeat("a", 43), strings.Repeat("a", 5000)} {
			if r := w.get(bad, "/me"); r.status != 401 {
				t.Errorf("a made-up token: %d", r.status)
			}
		}
	})
}
