package app_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"sifen/internal/access"
	"sifen/internal/app"
	"sifen/internal/apptest"
	"sifen/internal/clock"
	"sifen/internal/db"
)

func TestMain(m *testing.M) { apptest.Main(m) }

// world is an apptest.World under the short names that the scenarios of this package use.
type world struct {
	*apptest.World
	t        testing.TB
	app      *app.App
	clock    *clock.Manual
	server   *httptest.Server
	district int64
	dir, url string
	units    map[string]int64
	tokens   map[string]string
	accounts map[string]string
}

var (
	start  = apptest.Start
	roles  = apptest.Roles
	people = apptest.People
)

const password = apptest.Password

type vals = apptest.Vals

func each(t *testing.T, f func(w *world)) {
	t.Helper()
	apptest.Each(t, func(w *apptest.World) { f(short(w)) })
}

func newWorld(t testing.TB, postgres bool) *world { t.Helper(); return short(apptest.New(t, postgres)) }

func short(a *apptest.World) *world {
	return &world{World: a, t: a.T, app: a.App, clock: a.Clock, server: a.Server, district: a.District, dir: a.Dir, url: a.URL,
		units: a.Units, tokens: a.Tokens, accounts: a.Accounts}
}

func (w *world) open()  { w.Open(); w.app, w.server = w.App, w.Server }
func (w *world) close() { w.Close() }

func (w *world) run(name string, f func(t *testing.T)) {
	outer := w.t
	defer func() { w.t = outer }()
	w.Run(name, func(t *testing.T) {
		w.t = t
		f(t)
	})
}

// ask is one request; the zero ask is an anonymous GET.
type ask struct {
	as, method, path string
	body             any
	match            int64
	op               string
	lang             string
	header           map[string]string
}

func (q ask) long() apptest.Ask {
	return apptest.Ask{As: q.as, Method: q.method, Path: q.path, Body: q.body, Match: q.match, Op: q.op, Lang: q.lang, Header: q.header}
}

type reply struct {
	apptest.Reply
	status int
	header http.Header
	body   []byte
}

func (r reply) ok() map[string]any   { r.T.Helper(); return r.OK() }
func (r reply) json() map[string]any { r.T.Helper(); return r.JSON() }

func (r reply) refused(status int, code string) map[string]any {
	r.T.Helper()
	return r.Refused(status, code)
}

func (w *world) do(q ask) reply {
	w.t.Helper()
	r := w.Do(q.long())
	return reply{r, r.Status, r.Header, r.Body}
}

func (w *world) get(as, path string) reply { w.t.Helper(); return w.do(ask{as: as, path: path}) }

func (w *world) post(as, path string, body any, match int64) reply {
	w.t.Helper()
	r := w.Post(as, path, body, match)
	return reply{r, r.Status, r.Header, r.Body}
}

func (w *world) bad(q ask, status int, code, pointer, field string) map[string]any {
	w.t.Helper()
	return w.Bad(q.long(), status, code, pointer, field)
}

func (w *world) enter(as, kind, unit string, values vals) (string, int64) {
	w.t.Helper()
	return w.Enter(as, kind, unit, values)
}

func (w *world) verify(as, entry string, rev int64) map[string]any {
	w.t.Helper()
	return w.Verify(as, entry, rev)
}

func (w *world) counted(as, by, kind, unit string, values vals) (string, int64) {
	w.t.Helper()
	return w.Counted(as, by, kind, unit, values)
}

func (w *world) expect(what string, have, want any)  { w.t.Helper(); w.Expect(what, have, want) }
func (w *world) bilingual(what, zh, en string)       { w.t.Helper(); w.Bilingual(what, zh, en) }
func (w *world) system() access.Scope                { return w.System() }
func (w *world) settled()                            { w.t.Helper(); w.Settled() }
func (w *world) jobs()                               { w.t.Helper(); w.Jobs() }
func (w *world) scalar(q string, args ...any) int64  { w.t.Helper(); return w.Scalar(q, args...) }
func (w *world) write(f func(tx *db.Tx) error) error { return w.Write(f) }
func (w *world) nameOf(no int64) string              { return w.NameOf(no) }
func must(t testing.TB, err error)                   { t.Helper(); apptest.Must(t, err) }
func at(v any, path string) any                      { return apptest.At(v, path) }
func num(v any, path string) int64                   { return apptest.Num(v, path) }
func text(v any, path string) string                 { return apptest.Text(v, path) }
func list(v any, path string) []any                  { return apptest.List(v, path) }
func session(day string, audience int) vals          { return apptest.Session(day, audience) }
func with(v vals, key string, x any) vals            { return apptest.With(v, key, x) }
