package httpapi_test

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"sifen/internal/access"
	"sifen/internal/clock"
	"sifen/internal/db"
	"sifen/internal/dbtest"
	"sifen/internal/httpapi"
	"sifen/internal/id"
)

type shown struct {
	Name   string `json:"name"`
	Secret string `json:"secret"`
}

func (s shown) WithoutSecret() any { return shown{Name: s.Name} }

// TestAnAnswerAgain: it holds no secret any more, and who would not get it today does not get it.
func TestAnAnswerAgain(t *testing.T) {
	unit := func(n int64) []access.Target { return []access.Target{{Unit: n, Self: true}, {Unit: 1}} }
	grant := func(n int64, verbs ...access.Verb) access.Grant {
		g := access.Grant{Unit: n, Verbs: map[access.Verb]bool{}}
		for _, v := range verbs {
			g.Verbs[v] = true
		}
		return g
	}
	tests := map[string]struct {
		before, after []access.Grant
		judge         func(by access.Scope)
		moved         bool // the unit is under another than 1 by then
		forget        bool // the answer is of an earlier version
		status        int
		code          string
	}{
		"nothing has changed": {[]access.Grant{grant(1, "test.count")}, []access.Grant{grant(1, "test.count")},
			func(by access.Scope) { by.Can("test.count", unit(7), false) }, false, false, 200, `"name":"box"`},
		"the verb is held elsewhere now": {[]access.Grant{grant(1, "test.count")}, []access.Grant{grant(9, "test.count")},
			func(by access.Scope) { by.Can("test.count", unit(7), false) }, false, false, 404, "http.not-found"},
		"the unit is seen but the verb is held elsewhere": {[]access.Grant{grant(1, "test.count")},
			[]access.Grant{grant(1, "test.see"), grant(9, "test.count")},
			func(by access.Scope) { by.Can("test.count", unit(7), false) }, false, false, 403, "http.forbidden"},
		"the unit has moved away": {[]access.Grant{grant(1, "test.count")}, []access.Grant{grant(1, "test.count")},
			func(by access.Scope) { by.Can("test.count", unit(7), false) }, true, false, 404, "http.not-found"},
		"a unit it saw is out of sight": {[]access.Grant{grant(3, "test.count"), grant(8, "test.see")}, []access.Grant{grant(3, "test.count")},
			func(by access.Scope) { by.Sees([]access.Target{{Unit: 8, Self: true}}) }, false, false, 404, "http.not-found"},
		"no unit was asked for, and the grant has ended": {[]access.Grant{grant(1, "test.count")}, []access.Grant{grant(9, "test.count")},
			func(access.Scope) {}, false, false, 404, "http.not-found"},
		"no unit was asked for": {[]access.Grant{grant(1, "test.count")}, []access.Grant{grant(1, "test.count"), grant(9, "test.count")},
			func(access.Scope) {}, false, false, 200, `"name":"box"`},
		"more units than are noted": {[]access.Grant{grant(1, "test.count")}, []access.Grant{grant(9, "test.count")},
			func(by access.Scope) {
				for n := range int64(200) {
					by.Can("test.count", unit(100+n), false)
				}
			}, false, false, 404, "http.not-found"},
		"nobody noted by what it was judged": {[]access.Grant{grant(1, "test.count")}, []access.Grant{grant(1, "test.count")},
			func(by access.Scope) { by.Can("test.count", unit(7), false) }, false, true, 409, "http.operation-done"},
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for what, c := range tests {
			t.Run(what, func(t *testing.T) {
				if err := d.Exec(t.Context(), `DELETE FROM operation`); err != nil {
					t.Fatal(err)
				}
				grants, prepared := c.before, 0
				k := httpapi.New(&httpapi.Kit{DB: d, Clock: clock.At(noon), Log: slog.New(slog.DiscardHandler),
					Resolve: func(context.Context, string) (httpapi.Caller, error) {
						return httpapi.Caller{SignedIn: true, Scope: access.Scope{District: 1, Account: "clerk", Grants: grants}}, nil
					},
					Targets: func(_ context.Context, _ db.Querier, _, n, _ int64) ([]access.Target, error) {
						if c.moved {
							return []access.Target{{Unit: n, Self: true}, {Unit: 2}}, nil
						}
						return unit(n), nil
					}}, "1")
				type in struct {
					httpapi.OperationID
					Body struct {
						Add int64 `json:"add"`
					}
				}
				httpapi.Prepared(k, httpapi.Operation{ID: "count", Route: "POST /count", Verb: "test.count"},
					func(context.Context, access.Scope, *in) (string, error) { prepared++; return "canary", nil },
					func(_ context.Context, _ *db.Tx, by access.Scope, _ *in, p string) (*httpapi.Reply[shown], error) {
						c.judge(by)
						return &httpapi.Reply[shown]{Body: shown{"box", p}}, nil
					})
				h, op := k.Handler(http.NotFoundHandler()), id.New(noon)
				if w := send(h, "x", op, strings.NewReader(`{"add":1}`)); w.Code != 200 || !strings.Contains(w.Body.String(), "canary") {
					t.Fatalf("the first time: %d %s", w.Code, w.Body)
				}
				if c.forget {
					if err := d.Exec(t.Context(), `UPDATE operation SET judged = ''`); err != nil {
						t.Fatal(err)
					}
				}
				grants = c.after
				w := send(h, "x", op, strings.NewReader(`{"add":1}`))
				if w.Code != c.status || !strings.Contains(w.Body.String(), c.code) || strings.Contains(w.Body.String(), "canary") {
					t.Errorf("again: %d %s, want %d with %s", w.Code, w.Body, c.status, c.code)
				}
				if prepared != 1 {
					t.Errorf("prepared %d times", prepared)
				}
				var body []byte
				err := d.Read.QueryRowContext(t.Context(), `SELECT body FROM operation`).Scan(&body)
				if err != nil || strings.Contains(string(body), "canary") {
					t.Errorf("kept: %s, %v", body, err)
				}
			})
		}
	})
}
