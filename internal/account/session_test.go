package account_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"sifen/internal/apptest"
	"sifen/internal/org"
)

// from sends a sign-in as if from an address; the handler is called directly because the address is the connection's.
func from(w *apptest.World, remote, login, pass string, tls bool) *http.Response {
	w.T.Helper()
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
	w.Server.Config.Handler.ServeHTTP(rec, r)
	return rec.Result()
}

func TestLockOut(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		status := func(remote, login, pass string) int {
			t.Helper()
			return from(w, remote, login, pass, false).StatusCode
		}
		for range 5 {
			if s := status("198.51.100.7:1000", "office", "wrong password"); s != 401 {
				t.Fatalf("a wrong password: %d", s)
			}
		}
		if s := status("198.51.100.99:2000", "office", apptest.Password); s != 429 {
			t.Errorf("the same network after five failures: %d", s)
		}
		if s := status("203.0.113.7:1000", "office", apptest.Password); s != 200 {
			t.Errorf("another network is locked out: %d", s)
		}
		if s := status("198.51.100.7:1000", "leader", apptest.Password); s != 200 {
			t.Errorf("another person of the network is locked out: %d", s)
		}
		for range 6 {
			status("[2001:db8:1::5]:1", "nobody", "wrong password")
		}
		if s := status("[2001:db8:1:9::5]:1", "nobody", "wrong password"); s != 429 {
			t.Errorf("a login there is not waits no less: %d", s)
		}
		w.Clock.Advance(6 * time.Second)
		if s := status("198.51.100.7:1000", "office", apptest.Password); s != 200 {
			t.Errorf("after the wait: %d", s)
		}
	})
}

func TestCookie(t *testing.T) {
	w := apptest.New(t, false)
	for _, c := range []struct {
		name string
		tls  bool
	}{{"over plain http", false}, {"over https", true}} {
		w.Run(c.name, func(t *testing.T) {
			res := from(w, "192.0.2.1:1", "office", apptest.Password, c.tls)
			if len(res.Cookies()) != 1 {
				t.Fatalf("%d cookies, status %d", len(res.Cookies()), res.StatusCode)
			}
			k := res.Cookies()[0]
			if !k.HttpOnly || k.SameSite != http.SameSiteLaxMode || k.Path != "/" || k.Domain != "" || k.MaxAge != 7*24*3600 || k.Secure != c.tls ||
				len(k.Value) < 40 {
				t.Errorf("%+v", k)
			}
		})
	}
	out := w.Do(apptest.Ask{As: "clerk1", Method: "DELETE", Path: "/session"})
	if c := out.Header.Get("Set-Cookie"); !strings.Contains(c, "Max-Age=0") {
		t.Errorf("signing out sets %q", c)
	}
	w.Get("clerk1", "/me").Refused(401, "http.session")
	w.Do(apptest.Ask{As: "office", Method: "DELETE", Path: "/me/sessions", Header: map[string]string{"Sec-Fetch-Site": "cross-site",
		"Origin": "https://evil.example"}}).Refused(403, "http.cross-site")
}

func TestMustChange(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		if me := w.Get("fresh", "/me").OK(); apptest.At(me, "must_change") != true {
			t.Errorf("me: %v", me)
		}
		for _, path := range []string{"/entries", "/figures", "/documents", "/units", "/schemes", "/bench", "/events"} {
			w.Get("fresh", path).Refused(403, "http.must-change")
		}
		admin := w.Post("admin", "/people", apptest.Vals{"name": "新人", "login": "newcomer", "role": "clerk", "unit": w.Units["桂花社区"]}, 0).OK()
		once := apptest.Text(admin, "password")
		token, _, err := w.App.Accounts.SignIn(context.Background(), "newcomer", once, "192.0.2.1:1")
		apptest.Must(t, err)
		change := func(old, new string) apptest.Reply {
			return w.Do(apptest.Ask{As: token, Method: "PUT", Path: "/me/password", Body: apptest.Vals{"old": old, "new": new}})
		}
		w.Get(token, "/entries").Refused(403, "http.must-change")
		change("not it", "a long and good one").Refused(422, "account.wrong-password")
		for _, weak := range []string{"short", "newcomer123456", "1234567890", "aaaaaaaaaaaa", "password123"} {
			change(once, weak).Refused(422, "account.weak-password")
		}
		other, _, err := w.App.Accounts.SignIn(context.Background(), "newcomer", once, "192.0.2.2:1")
		apptest.Must(t, err)
		// guessing the old apptest.Password at an open screen waits longer and longer, also for the right one, and only here
		for range 5 {
			change("a guess", "a long and good one").Refused(422, "account.wrong-password")
		}
		change(once, "a long and good one").Refused(429, "account.wait")
		w.Clock.Set(w.Clock.Now().Add(6 * time.Second))
		change(once, "a long and good one").OK()
		w.Get(token, "/entries").OK()
		w.Get(other, "/me").Refused(401, "http.session")
	})
}

func TestResetAndGrants(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		w.Get("clerk1", "/entries").OK()
		r := w.Post("admin", "/people/"+w.Accounts["clerk1"]+"/reset", nil, 0).OK()
		w.Get("clerk1", "/me").Refused(401, "http.session")
		if s := from(w, "192.0.2.1:1", "clerk1", apptest.Password, false).StatusCode; s != 401 {
			t.Errorf("the old apptest.Password still opens: %d", s)
		}
		if s := from(w, "192.0.2.1:1", "clerk1", apptest.Text(r, "password"), false).StatusCode; s != 200 {
			t.Errorf("the one-time password: %d", s)
		}
		grant := ""
		for _, p := range apptest.List(w.Get("admin", "/people").OK(), "items") {
			if apptest.Text(p, "login") == "manager1" {
				grant = apptest.Text(p, "grants.0.id")
			}
		}
		e, rev := w.Enter("clerk2", "publicity-session", "兰花社区", apptest.Session("2020-12-05", 3))
		w.Do(apptest.Ask{As: "admin", Method: "DELETE", Path: "/grants/" + grant}).OK()
		w.Get("manager1", "/entries").Refused(403, "http.forbidden")
		w.Post("manager1", "/entries/"+e+"/verify", nil, rev).Refused(403, "http.forbidden")
		w.Get("manager1", "/me").OK()
		own := ""
		for _, p := range apptest.List(w.Get("admin", "/people").OK(), "items") {
			if apptest.Text(p, "login") == "admin" {
				own = apptest.Text(p, "grants.0.id")
			}
		}
		w.Do(apptest.Ask{As: "admin", Method: "DELETE", Path: "/grants/" + own}).Refused(409, "account.own-grant")
		// a grant for some days begins and ends by the clock
		w.Post("admin", "/people/"+w.Accounts["manager1"]+"/grants", apptest.Vals{"role": "street-manager", "unit": w.Units["东街"], "from": "2021-01-01",
			"until": "2021-01-01"}, 0).OK()
		w.Get("manager1", "/entries").Refused(403, "http.forbidden")
		for _, c := range []struct {
			after time.Duration
			want  int
		}{{14 * time.Hour, 403}, {90 * time.Minute, 200}, {24 * time.Hour, 403}} { // 23:00, 00:30 of the day, 00:30 of the next
			w.Clock.Advance(c.after)
			token, _, err := w.App.Accounts.SignIn(context.Background(), "manager1", apptest.Password, "192.0.2.1:1")
			apptest.Must(t, err)
			if r := w.Get(token, "/entries"); r.Status != c.want {
				t.Errorf("at %s: %d, want %d", w.Clock.Now().Format("01-02 15:04"), r.Status, c.want)
			}
		}
	})
}

// An administrator of a street must not get hold of the sign-in of somebody who has rights above the street.
func TestStreetAdministratorStaysInHisStreet(t *testing.T) {
	w := apptest.New(t, false)
	ctx := context.Background()
	_, err := w.App.NewAccount(ctx, w.System(), "双职", "both", "clerk", org.No(w.Units["桂花社区"]), 0, apptest.Password)
	apptest.Must(t, err)
	acc, err := w.App.Accounts.ByLogin(ctx, "both")
	apptest.Must(t, err)
	w.Post("street.administrator", "/people/"+acc.ID+"/reset", nil, 0).OK()
	w.Post("admin", "/people/"+acc.ID+"/grants", apptest.Vals{"role": "office", "unit": w.Units[""]}, 0).OK()
	w.Post("street.administrator", "/people/"+acc.ID+"/reset", nil, 0).Refused(403, "http.forbidden")
	w.Post("admin", "/people/"+acc.ID+"/reset", nil, 0).OK()
}

func TestSessionEnds(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		w.Clock.Advance(11*time.Hour + 59*time.Minute)
		w.Get("office", "/me").OK() // used: it lives on
		w.Clock.Advance(11*time.Hour + 59*time.Minute)
		w.Get("office", "/me").OK()
		w.Get("leader", "/me").Refused(401, "http.session") // a day without use
		for range 12 {
			w.Clock.Advance(11*time.Hour + 50*time.Minute)
			w.Get("office", "/me")
		}
		w.Get("office", "/me").OK()
		w.Clock.Advance(3 * time.Hour) // seven days after sign-in, however busy
		w.Get("office", "/me").Refused(401, "http.session")
		for _, bad := range []string{"x", strings.Repeat("a", 43), strings.Repeat("a", 5000)} {
			if r := w.Get(bad, "/me"); r.Status != 401 {
				t.Errorf("a made-up token: %d", r.Status)
			}
		}
	})
}
