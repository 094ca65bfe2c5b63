package account_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sifen/internal/apptest"
	"sifen/internal/id"
)

// TestPasswordsAreShownOnce: the answer that is kept says that it was done, the database never holds the password, and who
// has lost the right since is told nothing.
func TestPasswordsAreShownOnce(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		const who = "street.administrator"
		add := apptest.Ask{As: who, Method: "POST", Path: "/people", Op: id.New(w.Clock.Now()),
			Body: apptest.Vals{"name": "新人", "login": "newcomer", "role": "clerk", "unit": w.Units["桂花社区"]}}
		first := w.Do(add).OK()
		reset := apptest.Ask{As: who, Method: "POST", Path: "/people/" + apptest.Text(first, "id") + "/reset", Op: id.New(w.Clock.Now()), Body: apptest.Vals{}}
		second := w.Do(reset).OK()
		for what, c := range map[string]struct {
			ask   apptest.Ask
			first map[string]any
		}{"a new person": {add, first}, "a reset": {reset, second}} {
			if apptest.Text(c.first, "password") == "" || apptest.At(c.first, "shown") != false {
				t.Errorf("%s: the first answer is %v", what, c.first)
			}
			again := w.Do(c.ask).OK()
			if apptest.Text(again, "password") != "" || apptest.At(again, "shown") != true || again["id"] != c.first["id"] {
				t.Errorf("%s: the second answer is %v", what, again)
			}
		}
		if s := from(w, "192.0.2.1:1", "newcomer", apptest.Text(second, "password"), false).StatusCode; s != 200 {
			t.Errorf("the password of the reset, asked for twice: %d", s)
		}
		for _, pass := range []string{apptest.Text(first, "password"), apptest.Text(second, "password")} {
			if w.URL == "" {
				for _, f := range files(t, w.Dir) {
					if bytes.Contains(f, []byte(pass)) {
						t.Error("the data folder holds a one-time password")
					}
				}
			}
			n := 0
			rows, err := w.App.DB.Read.QueryContext(context.Background(), `SELECT body FROM operation`)
			apptest.Must(t, err)
			defer rows.Close()
			for rows.Next() {
				var body []byte
				apptest.Must(t, rows.Scan(&body))
				if n++; bytes.Contains(body, []byte(pass)) {
					t.Errorf("kept: %s", body)
				}
			}
			apptest.Must(t, rows.Err())
			if n == 0 {
				t.Error("no answers are kept at all")
			}
		}
		// his right at the street ends, another one elsewhere begins
		w.Post("admin", "/people/"+w.Accounts[who]+"/grants", apptest.Vals{"role": "administrator", "unit": w.Units["西镇"]}, 0).OK()
		for _, p := range apptest.List(w.Get("admin", "/people").OK(), "items") {
			if apptest.Text(p, "login") == who {
				for _, g := range apptest.List(p, "grants") {
					if apptest.Text(g, "unit.name") == "东街" {
						w.Do(apptest.Ask{As: "admin", Method: "DELETE", Path: "/grants/" + apptest.Text(g, "id")}).OK()
					}
				}
			}
		}
		for what, ask := range map[string]apptest.Ask{"a new person": add, "a reset": reset} {
			if r := w.Do(ask); r.Status != 404 || strings.Contains(string(r.Body), "新人") {
				t.Errorf("%s, after the grant has ended: %d %s", what, r.Status, r.Body)
			}
		}
	})
}

// TestExistenceIsNotTold: what lies outside one's reach answers exactly as what is not there.
func TestExistenceIsNotTold(t *testing.T) {
	w := apptest.New(t, false)
	// a street's administrator knows the ids of another street's people and grants from somewhere
	grant := ""
	for _, p := range apptest.List(w.Get("admin", "/people").OK(), "items") {
		if apptest.Text(p, "login") == "clerk3" {
			grant = apptest.Text(p, "grants.0.id")
		}
	}
	entry, _ := w.Enter("clerk3", "publicity-session", "荷花社区", apptest.Session("2020-12-05", 3))
	channel := apptest.Text(w.Post("admin", "/channels", apptest.Vals{"unit": w.Units["西镇"], "kind": "webhook", "name": "x",
		"target": "https://robot.example.com/x"}, 0).OK(), "id")
	nobody := id.New(w.Clock.Now())
	role := apptest.Vals{"role": "clerk", "unit": w.Units["桂花社区"]}
	far := apptest.Vals{"role": "clerk", "unit": w.Units["荷花社区"]}
	const who = "street.administrator"
	for what, c := range map[string]struct {
		as, method, path, id string
		body                 any
		match                int64
	}{
		"a grant to end":                   {who, "DELETE", "/grants/%", grant, nil, 0},
		"a person to reset":                {who, "POST", "/people/%/reset", w.Accounts["clerk3"], apptest.Vals{}, 0},
		"a person to give a role":          {who, "POST", "/people/%/grants", w.Accounts["clerk3"], role, 0},
		"a person to give a role far away": {who, "POST", "/people/%/grants", w.Accounts["clerk3"], far, 0},
		"a channel to try":                 {"manager1", "POST", "/channels/%/try", channel, apptest.Vals{}, 0},
		"a channel to remove":              {"manager1", "DELETE", "/channels/%", channel, nil, 0},
		"a record":                         {"clerk1", "GET", "/entries/%", entry, nil, 0},
		"a record to verify":               {"manager1", "POST", "/entries/%/verify", entry, apptest.Vals{}, 1},
		"a record to void":                 {"manager1", "POST", "/entries/%/void", entry, apptest.Vals{"reason": "测试测试"}, 1},
		"a record to speak of":             {"manager1", "POST", "/entries/%/comments", entry, apptest.Vals{"body": "测试"}, 0},
		"the history of a record":          {"manager1", "GET", "/entries/%/impact", entry, nil, 0},
	} {
		there := w.Do(apptest.Ask{As: c.as, Method: c.method, Path: strings.Replace(c.path, "%", c.id, 1), Body: c.body, Match: c.match})
		not := w.Do(apptest.Ask{As: c.as, Method: c.method, Path: strings.Replace(c.path, "%", nobody, 1), Body: c.body, Match: c.match})
		if there.Status != 404 || same(t, there) != same(t, not) {
			t.Errorf("%s: %d %s, and one that is not there %d %s", what, there.Status, there.Body, not.Status, not.Body)
		}
	}
}

// same is an answer without what differs by request.
func same(t *testing.T, r apptest.Reply) string {
	t.Helper()
	p := r.JSON()
	delete(p, "instance")
	return fmt.Sprint(r.Status, p)
}

// files are the contents of a folder's files.
func files(t testing.TB, dir string) (out [][]byte) {
	t.Helper()
	apptest.Must(t, filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		out = append(out, raw)
		return err
	}))
	return out
}

// TestCookieOfThisHost: over TLS the browser keeps the cookie to this host, and one that another host has set opens nothing;
// signing out clears what the browser kept of the pages.
func TestCookieOfThisHost(t *testing.T) {
	w := apptest.New(t, false)
	ask := func(method, path, cookie string, tls bool) *http.Response {
		r := httptest.NewRequest(method, map[bool]string{true: "https", false: "http"}[tls]+"://example.com/api/v1"+path, nil)
		r.Header.Set("Cookie", cookie)
		rec := httptest.NewRecorder()
		w.Server.Config.Handler.ServeHTTP(rec, r)
		return rec.Result()
	}
	for what, c := range map[string]struct {
		tls          bool
		name, prefix string
		other        string
	}{
		"over https": {true, "__Host-sifen_session", "__Host-", "sifen_session"},
		"over http":  {false, "sifen_session", "", "__Host-sifen_session"},
	} {
		res := from(w, "192.0.2.1:1", "office", apptest.Password, c.tls)
		if len(res.Cookies()) != 1 || res.Cookies()[0].Name != c.name {
			t.Fatalf("%s: %v", what, res.Cookies())
		}
		token := res.Cookies()[0].Value
		if s := ask("GET", "/me", c.name+"="+token, c.tls).StatusCode; s != 200 {
			t.Errorf("%s: its cookie opens %d", what, s)
		}
		if s := ask("GET", "/me", c.other+"="+token, c.tls).StatusCode; s != 401 {
			t.Errorf("%s: a cookie of the other name opens %d", what, s)
		}
		out := ask("DELETE", "/session", c.name+"="+token, c.tls)
		if out.Header.Get("Clear-Site-Data") != `"cache"` || len(out.Cookies()) != 1 || out.Cookies()[0].Name != c.name || out.Cookies()[0].MaxAge >= 0 {
			t.Errorf("%s: signing out answers %v", what, out.Header)
		}
	}
}
