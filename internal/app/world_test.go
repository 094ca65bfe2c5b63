package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"sifen/internal/access"
	"sifen/internal/app"
	"sifen/internal/clock"
	"sifen/internal/db"
	"sifen/internal/dbtest"
	"sifen/internal/i18n"
	"sifen/internal/id"
	"sifen/internal/module"
	"sifen/internal/org"
	"sifen/internal/period"
)

func TestMain(m *testing.M) {
	code := m.Run()
	for _, s := range seeds {
		os.RemoveAll(s.root)
	}
	dbtest.Stop()
	os.Exit(code)
}

var start = time.Date(2020, 12, 31, 9, 0, 0, 0, time.FixedZone("Asia/Shanghai", 8*3600))

const password = "correct horse battery"

// The district of these tests: two streets, five communities and villages, estates, institutions, schools on the line of
// the education bureau.
const unitsCSV = `code,name,type,parent,line
,教育局,department,,
,住建局,department,,
340299001,东街,street,,
340299002,西镇,street,,
340299001001,桂花社区,community,340299001,
340299001002,兰花社区,community,340299001,
340299002001,柳村,village,340299002,
340299002002,荷花社区,community,340299002,
,桂园,estate,桂花社区,
,桂苑,estate,桂花社区,
,兰园,estate,兰花社区,
,荷园,estate,荷花社区,
,东街卫生院,institution,桂花社区,
,西镇卫生院,institution,荷花社区,
,东街小学,school,桂花社区,教育局
,西镇小学,school,荷花社区,教育局
,东街转运站,station,340299001,
,西镇转运站,station,340299002,
,清运公司,carrier,,
`

var roles = []string{"leader", "office", "administrator", "street-manager", "department", "clerk", "firm", "auditor"}

// people are login, role and unit. Every role also sits at one street and at the head of a line: see seed.
var people = [][3]string{
	{"office", "office", ""}, {"office2", "office", ""}, {"leader", "leader", ""}, {"admin", "administrator", ""}, {"auditor", "auditor", ""},
	{"manager1", "street-manager", "东街"}, {"manager2", "street-manager", "西镇"}, {"edu", "department", "教育局"},
	{"clerk1", "clerk", "桂花社区"}, {"clerk1b", "clerk", "桂花社区"}, {"clerk2", "clerk", "兰花社区"}, {"clerk3", "clerk", "荷花社区"}, {"school", "clerk", "东街小学"},
}

type seeded struct {
	root, dir, url string
	units          map[string]int64
	tokens         map[string]string
	accounts       map[string]string
}

var (
	seedMu sync.Mutex
	seeds  = map[bool]*seeded{}
)

// nameOf is the key of a unit in units; "" is the district.
func (s *seeded) nameOf(no int64) string {
	for name, n := range s.units {
		if n == no {
			return name
		}
	}
	return "?"
}

// world is a running server on the district with everybody signed in.
type world struct {
	*seeded
	t        testing.TB
	app      *app.App
	clock    *clock.Manual
	server   *httptest.Server
	district int64
	dir, url string
	more     []func(module.Platform) module.Module
}

// each runs a test on a fresh copy of the district on every database.
func each(t *testing.T, f func(w *world)) {
	t.Helper()
	dbtest.EachURL(t, func(t *testing.T, _, url string) { f(newWorld(t, url != "")) })
}

func newWorld(t testing.TB, postgres bool) *world {
	t.Helper()
	seedMu.Lock()
	s := seeds[postgres]
	if s == nil {
		s = seed(t, postgres)
		seeds[postgres] = s
	}
	seedMu.Unlock()
	dir, url := dbtest.Clone(t, s.dir, s.url)
	w := &world{seeded: s, t: t, clock: clock.At(start), dir: dir, url: url}
	w.open()
	t.Cleanup(func() { w.close() })
	return w
}

func (w *world) open() {
	a, err := app.Open(context.Background(), app.Options{Data: w.dir, Database: w.url, Clock: w.clock, PublicURL: "https://sifen.example", More: w.more})
	must(w.t, err)
	w.app = a
	w.district, err = a.District(context.Background())
	must(w.t, err)
	if w.url == "" { // power does not fail in these tests: no waiting for the disk
		must(w.t, a.DB.Exec(context.Background(), "PRAGMA synchronous = OFF"))
	}
	w.server = httptest.NewServer(a.Handler())
}

func (w *world) close() {
	w.app.Streams.Stop()
	w.server.Close()
	must(w.t, w.app.Close())
}

func seed(t testing.TB, postgres bool) *seeded {
	t.Helper()
	root, err := os.MkdirTemp("", "sifen-seed")
	must(t, err)
	s := &seeded{root: root, dir: filepath.Join(root, "d"), units: map[string]int64{}, tokens: map[string]string{}, accounts: map[string]string{}}
	must(t, os.MkdirAll(s.dir, 0o750))
	if postgres {
		s.url = dbtest.URL(t)
	}
	ctx := context.Background()
	a, err := app.Open(ctx, app.Options{Data: s.dir, Database: s.url, Clock: clock.At(start)})
	must(t, err)
	d, err := a.Init(ctx, "340299", "四方区")
	must(t, err)
	sys := access.System(d, int64(period.Of(start)), "test")
	res, err := a.Reorg.Import(ctx, sys, []byte(unitsCSV), period.Date(2019, 1, 1), false, i18n.En)
	must(t, err)
	if len(res.Errors) > 0 {
		t.Fatalf("units: %+v", res.Errors)
	}
	o, err := org.Load(ctx, a.DB.Read, d)
	must(t, err)
	s.units[""] = int64(o.Root)
	for _, u := range o.Units() {
		if u.No != o.Root {
			s.units[u.Name] = int64(u.No)
		}
	}
	open := func(login, role, unit, pass string) {
		_, err := a.NewAccount(ctx, sys, "甲"+login, login, role, org.No(s.units[unit]), period.Date(2019, 1, 1), pass)
		must(t, err)
		acc, err := a.Accounts.ByLogin(ctx, login)
		must(t, err)
		s.accounts[login] = acc.ID
	}
	for _, p := range people {
		open(p[0], p[1], p[2], password)
	}
	for _, r := range roles {
		open("street."+r, r, "东街", password)
		open("line."+r, r, "教育局", password)
	}
	for login := range s.accounts {
		s.tokens[login], _, err = a.Accounts.SignIn(ctx, login, password, "192.0.2.1:1000")
		must(t, err)
	}
	once, err := a.NewAccount(ctx, sys, "新人", "fresh", "office", o.Root, period.Date(2019, 1, 1), "")
	must(t, err)
	s.tokens["fresh"], _, err = a.Accounts.SignIn(ctx, "fresh", once, "192.0.2.1:1000")
	must(t, err)
	must(t, a.Close())
	return s
}

// run is a subtest in which the world's helpers report to it.
func (w *world) run(name string, f func(t *testing.T)) {
	outer := w.t.(*testing.T)
	defer func() { w.t = outer }()
	outer.Run(name, func(t *testing.T) {
		w.t = t
		f(t)
	})
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// reply is an answer with its body read.
type reply struct {
	t      testing.TB
	status int
	header http.Header
	body   []byte
	what   string
}

// ask is one request; the zero ask is an anonymous GET.
type ask struct {
	as, method, path string
	body             any // marshalled; []byte goes as raw bytes, string as it is
	match            int64
	op               string
	lang             string
	header           map[string]string
}

func (w *world) do(q ask) reply {
	w.t.Helper()
	var body io.Reader
	kind := "application/json"
	switch b := q.body.(type) {
	case nil:
	case []byte:
		body, kind = bytes.NewReader(b), "application/octet-stream"
	case string:
		body = strings.NewReader(b)
	default:
		raw, err := json.Marshal(b)
		must(w.t, err)
		body = bytes.NewReader(raw)
	}
	if q.method == "" {
		q.method = "GET"
	}
	r, err := http.NewRequest(q.method, w.server.URL+"/api/v1"+q.path, body)
	must(w.t, err)
	if body != nil {
		r.Header.Set("Content-Type", kind)
	}
	if q.method != "GET" {
		if q.op == "" {
			q.op = id.New(w.clock.Now())
		}
		r.Header.Set("Idempotency-Key", q.op)
	}
	if q.match != 0 {
		r.Header.Set("If-Match", fmt.Sprintf(`"%d"`, q.match))
	}
	r.Header.Set("Accept-Language", q.lang)
	for k, v := range q.header {
		r.Header.Set(k, v)
	}
	if q.as != "" {
		token, ok := w.tokens[q.as]
		if !ok {
			token = q.as
		}
		r.Header.Set("Cookie", "sifen_session="+token)
	}
	res, err := http.DefaultClient.Do(r)
	must(w.t, err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	must(w.t, err)
	return reply{w.t, res.StatusCode, res.Header, raw, q.as + " " + q.method + " " + q.path}
}

func (w *world) get(as, path string) reply { w.t.Helper(); return w.do(ask{as: as, path: path}) }

func (w *world) post(as, path string, body any, match int64) reply {
	w.t.Helper()
	if body == nil {
		body = map[string]any{}
	}
	return w.do(ask{as: as, method: "POST", path: path, body: body, match: match})
}

// ok demands success and returns the body as a map.
func (r reply) ok() map[string]any {
	r.t.Helper()
	if r.status/100 != 2 {
		r.t.Fatalf("%s: %d %s", r.what, r.status, r.body)
	}
	return r.json()
}

func (r reply) json() map[string]any {
	r.t.Helper()
	out := map[string]any{}
	if len(r.body) > 0 {
		if err := json.Unmarshal(r.body, &out); err != nil {
			r.t.Fatalf("%s: %v in %.300s", r.what, err, r.body)
		}
	}
	return out
}

// refused demands a status and a problem code.
func (r reply) refused(status int, code string) map[string]any {
	r.t.Helper()
	p := r.json()
	if r.status != status || p["code"] != code {
		r.t.Errorf("%s: %d %s, want %d %s", r.what, r.status, r.body, status, code)
	}
	return p
}

// at reads a path such as "errors.0.pointer" from decoded JSON.
func at(v any, path string) any {
	for _, p := range strings.Split(path, ".") {
		switch t := v.(type) {
		case map[string]any:
			v = t[p]
		case []any:
			var i int
			if _, err := fmt.Sscan(p, &i); err != nil || i >= len(t) {
				return nil
			}
			v = t[i]
		default:
			return nil
		}
	}
	return v
}

func num(v any, path string) int64 { f, _ := at(v, path).(float64); return int64(f) }

func text(v any, path string) string { s, _ := at(v, path).(string); return s }

func list(v any, path string) []any { l, _ := at(v, path).([]any); return l }

type vals = map[string]any

// enter makes and submits a record and returns its id and revision.
func (w *world) enter(as, kind, unit string, values vals) (string, int64) {
	w.t.Helper()
	e := w.post(as, "/entries", vals{"kind": kind, "unit": w.units[unit], "values": values, "submit": true}, 0).ok()
	return text(e, "id"), num(e, "rev")
}

func (w *world) verify(as, entry string, rev int64) map[string]any {
	w.t.Helper()
	return w.post(as, "/entries/"+entry+"/verify", nil, rev).ok()
}

// counted enters, submits and verifies.
func (w *world) counted(as, by, kind, unit string, values vals) (string, int64) {
	w.t.Helper()
	e, rev := w.enter(as, kind, unit, values)
	if got := w.verify(by, e, rev); text(got, "state") != "verified" {
		w.t.Fatalf("%s of %s is %v after verification by %s", kind, unit, got["state"], by)
	}
	return e, rev
}

func (w *world) system() access.Scope {
	return access.System(w.district, int64(period.Of(w.clock.Now())), "test")
}

// settled demands that the stored figures are what the records give.
func (w *world) settled() {
	w.t.Helper()
	drift, err := w.app.Figures.Verify(context.Background(), w.app.DB.Read, w.district)
	must(w.t, err)
	if len(drift) > 0 {
		w.t.Errorf("%d drifts, first: %s", len(drift), drift[0])
	}
}

func (w *world) jobs() {
	w.t.Helper()
	_, err := w.app.Jobs.RunDue(context.Background())
	must(w.t, err)
}

// scalar reads one number from the database.
func (w *world) scalar(q string, args ...any) (n int64) {
	w.t.Helper()
	must(w.t, w.app.DB.Read.QueryRowContext(context.Background(), q, args...).Scan(&n))
	return n
}

func (w *world) write(f func(tx *db.Tx) error) error {
	return w.app.DB.Write(context.Background(), f)
}

// session is a plain record of one day.
func session(day string, audience int) vals {
	return vals{"held_on": day, "topic": "分类宣讲 " + day, "form": "lecture", "audience": audience}
}
