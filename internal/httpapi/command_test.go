package httpapi_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"sifen/internal/access"
	"sifen/internal/clock"
	"sifen/internal/db"
	"sifen/internal/dbtest"
	"sifen/internal/httpapi"
	"sifen/internal/id"
	"sifen/internal/problem"
)

var noon = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

// kit serves one command, which writes into a counter and then answers as do says. Two accounts are signed in by tokens:
// "clerk" holds the verb, "guest" does not, "fresh" must change its password first.
func kit(d *db.DB, do func(n int64) error) http.Handler {
	k := httpapi.New(&httpapi.Kit{DB: d, Clock: clock.At(noon), Log: slog.New(slog.DiscardHandler),
		Resolve: func(_ context.Context, token string) (httpapi.Caller, error) {
			c := httpapi.Caller{SignedIn: token != "", MustChange: token == "fresh", Scope: access.Scope{District: 1, Account: token}}
			if token == "clerk" || token == "other" || token == "fresh" {
				c.Scope.Grants = []access.Grant{{Unit: 1, Verbs: map[access.Verb]bool{"test.count": true}}}
			}
			return c, nil
		}}, "1")
	type in struct {
		httpapi.OperationID
		Body struct {
			Add int64 `json:"add"`
		}
	}
	type out struct {
		N int64 `json:"n"`
	}
	httpapi.Command(k, httpapi.Operation{ID: "count", Route: "POST /count", Verb: "test.count"},
		func(ctx context.Context, tx *db.Tx, by access.Scope, in *in) (*httpapi.Reply[out], error) {
			var n int64
			err := tx.QueryRowContext(ctx, `INSERT INTO counter (district, name, value) VALUES (1, 'test', $1) ON CONFLICT (district, name) DO UPDATE
			SET value = counter.value + $1 RETURNING value`, in.Body.Add).Scan(&n)
			if err == nil {
				err = do(n)
			}
			return &httpapi.Reply[out]{Body: out{n}}, err
		})
	return k.Handler(http.NotFoundHandler())
}

func send(h http.Handler, as, op string, body io.Reader) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", "/api/v1/count", body)
	r.Header.Set("Content-Type", "application/json")
	if op != "" {
		r.Header.Set("Idempotency-Key", op)
	}
	if as != "" {
		r.AddCookie(&http.Cookie{Name: httpapi.CookieName(false), Value: as})
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func count(t *testing.T, d *db.DB) (n int64) {
	t.Helper()
	if err := d.Read.QueryRowContext(t.Context(), `SELECT coalesce(max(value), 0) FROM counter WHERE name = 'test'`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestTheSameOperationTwice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, op := kit(d, func(int64) error { return nil }), id.New(noon)
		for i, c := range []struct {
			what, as, op, body string
			status             int
			answer             string
			total              int64
		}{
			{"the first time", "clerk", op, `{"add":2}`, 200, `"n":2`, 2},
			{"again", "clerk", op, `{"add":2}`, 200, `"n":2`, 2},
			{"with another body", "clerk", op, `{"add":3}`, 409, "http.operation-reused", 2},
			{"by another person", "other", op, `{"add":2}`, 409, "http.operation-reused", 2},
			{"another operation", "clerk", id.New(noon.Add(time.Second)), `{"add":2}`, 200, `"n":4`, 4},
			{"with nothing", "clerk", id.New(noon.Add(2 * time.Second)), "", 422, "value.empty", 4},
			{"without an id", "clerk", "", `{"add":2}`, 422, "http.operation-id", 4},
			{"with an id of one's own making", "clerk", "1", `{"add":2}`, 422, "http.operation-id", 4},
		} {
			w := send(h, c.as, c.op, strings.NewReader(c.body))
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.answer) {
				t.Errorf("%d %s: %d %s, want %d with %s", i, c.what, w.Code, w.Body, c.status, c.answer)
			}
			if n := count(t, d); n != c.total {
				t.Errorf("%d %s: the count is %d, want %d", i, c.what, n, c.total)
			}
		}
	})
}

// unread fails the test when anybody reads it.
type unread struct{ t *testing.T }

func (u unread) Read([]byte) (int, error) {
	u.t.Error("the body was read")
	return 0, io.EOF
}

func TestWhoMayNotCallSendsNothing(t *testing.T) {
	h := kit(dbtest.SQLite(t), func(int64) error { return nil })
	for _, c := range []struct {
		as     string
		status int
		code   string
	}{{"", 401, "http.session"}, {"guest", 403, "http.forbidden"}, {"fresh", 403, "http.must-change"}} {
		w := send(h, c.as, id.New(noon), unread{t})
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.code) {
			t.Errorf("%q: %d %s, want %d %s", c.as, w.Code, w.Body, c.status, c.code)
		}
	}
}

func TestWhatARefusalLeavesBehind(t *testing.T) {
	refused := problem.New(problem.Conflict, "test.refused", nil)
	tests := map[string]struct {
		err    error
		status int
		total  int64
	}{
		"a refusal leaves nothing":          {refused, 409, 0},
		"an error nobody expected, nothing": {errors.New("out of paper"), 500, 0},
		"a success":                         {nil, 200, 5},
	}
	for what, c := range tests {
		t.Run(what, func(t *testing.T) {
			d := dbtest.SQLite(t)
			w := send(kit(d, func(int64) error { return c.err }), "clerk", id.New(noon), strings.NewReader(`{"add":5}`))
			if w.Code != c.status || count(t, d) != c.total {
				t.Errorf("%d %s, the count is %d; want %d and %d", w.Code, w.Body, count(t, d), c.status, c.total)
			}
		})
	}
}
