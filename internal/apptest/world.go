// Package apptest gives tests the whole product on a small district: a server with everybody signed in, on every database
// that was asked for.
package apptest

import (
	"context"
	"fmt"
	"maps"
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
	"sifen/internal/kind"
	"sifen/internal/module"
	"sifen/internal/org"
	"sifen/internal/period"
)

// Main is the TestMain of a package that makes worlds.
func Main(m *testing.M) {
	code := m.Run()
	for _, s := range seeds {
		os.RemoveAll(s.root)
	}
	dbtest.Stop()
	os.Exit(code)
}

// Start is when the worlds begin.
var Start = time.Date(2020, 12, 31, 9, 0, 0, 0, time.FixedZone("Asia/Shanghai", 8*3600))

// Password is everybody's.
const Password = "correct horse battery"

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

// Roles are those of the base pack.
var Roles = []string{"leader", "office", "administrator", "street-manager", "department", "clerk", "firm", "auditor", "inspector"}

// People are login, role and unit. Every role also sits at one street and at the head of a line: see seed.
var People = [][3]string{
	{"office", "office", ""}, {"office2", "office", ""}, {"leader", "leader", ""}, {"admin", "administrator", ""}, {"auditor", "auditor", ""},
	{"manager1", "street-manager", "东街"}, {"manager2", "street-manager", "西镇"}, {"edu", "department", "教育局"},
	{"clerk1", "clerk", "桂花社区"}, {"clerk1b", "clerk", "桂花社区"}, {"clerk2", "clerk", "兰花社区"}, {"clerk3", "clerk", "荷花社区"}, {"school", "clerk", "东街小学"},
}

// Seeded is the district that all worlds of one database are copies of.
type Seeded struct {
	root, dir, url string
	Units          map[string]int64  // by name; "" is the district
	Tokens         map[string]string // sessions by login
	Accounts       map[string]string // ids by login
}

var (
	seedMu sync.Mutex
	seeds  = map[bool]*Seeded{}
)

// NameOf is the key of a unit in units; "" is the district.
func (s *Seeded) NameOf(no int64) string {
	for name, n := range s.Units {
		if n == no {
			return name
		}
	}
	return "?"
}

// World is a running server on the district with everybody signed in.
type World struct {
	*Seeded
	T        testing.TB
	App      *app.App
	Clock    *clock.Manual
	Server   *httptest.Server
	District int64
	Dir, URL string
	More     []func(module.Platform) module.Module // beside those of the program, from the next Open on
}

// Each runs a test on a fresh copy of the district on every database.
func Each(t *testing.T, f func(w *World)) {
	t.Helper()
	dbtest.EachURL(t, func(t *testing.T, _, url string) { f(New(t, url != "")) })
}

// New makes a copy of the district and serves it.
func New(t testing.TB, postgres bool) *World {
	t.Helper()
	seedMu.Lock()
	s := seeds[postgres]
	if s == nil {
		s = seed(t, postgres)
		seeds[postgres] = s
	}
	seedMu.Unlock()
	dir, url := dbtest.Clone(t, s.dir, s.url)
	own := *s // what a test adds to it is no other test's
	own.Units, own.Tokens, own.Accounts = maps.Clone(s.Units), maps.Clone(s.Tokens), maps.Clone(s.Accounts)
	w := &World{Seeded: &own, T: t, Clock: clock.At(Start), Dir: dir, URL: url}
	w.Open()
	t.Cleanup(func() { w.Close() })
	return w
}

// Open starts the server; a world is open when it is made.
func (w *World) Open() {
	a, err := app.Open(context.Background(), app.Options{Data: w.Dir, Database: w.URL, Clock: w.Clock, PublicURL: "https://sifen.example", More: w.More})
	Must(w.T, err)
	w.App = a
	w.District, err = a.District(context.Background())
	Must(w.T, err)
	if w.URL == "" { // power does not fail in these tests: no waiting for the disk
		Must(w.T, a.DB.Exec(context.Background(), "PRAGMA synchronous = OFF"))
	}
	w.Server = httptest.NewServer(a.Handler())
}

// Close stops the server, as a restart does.
func (w *World) Close() {
	w.App.Streams.Stop()
	w.Server.Close()
	Must(w.T, w.App.Close())
}

func seed(t testing.TB, postgres bool) *Seeded {
	t.Helper()
	root, err := os.MkdirTemp("", "sifen-seed")
	Must(t, err)
	s := &Seeded{root: root, dir: filepath.Join(root, "d"), Units: map[string]int64{}, Tokens: map[string]string{}, Accounts: map[string]string{}}
	Must(t, os.MkdirAll(s.dir, 0o750))
	if postgres {
		s.url = dbtest.URL(t)
	}
	ctx := context.Background()
	a, err := app.Open(ctx, app.Options{Data: s.dir, Database: s.url, Clock: clock.At(Start)})
	Must(t, err)
	d, err := a.Init(ctx, "340299", "四方区")
	Must(t, err)
	sys := access.System(d, int64(period.Of(Start)), "test")
	res, err := a.Reorg.Import(ctx, sys, []byte(unitsCSV), period.Date(2019, 1, 1), false, i18n.En)
	Must(t, err)
	if len(res.Errors) > 0 {
		t.Fatalf("units: %+v", res.Errors)
	}
	o, err := org.Load(ctx, a.DB.Read, d)
	Must(t, err)
	s.Units[""] = int64(o.Root)
	for _, u := range o.Units() {
		if u.No != o.Root {
			s.Units[u.Name] = int64(u.No)
		}
	}
	open := func(login, role, unit, pass string) {
		_, err := a.NewAccount(ctx, sys, "甲"+login, login, role, org.No(s.Units[unit]), period.Date(2019, 1, 1), pass)
		Must(t, err)
		acc, err := a.Accounts.ByLogin(ctx, login)
		Must(t, err)
		s.Accounts[login] = acc.ID
	}
	for _, p := range People {
		open(p[0], p[1], p[2], Password)
	}
	for _, r := range Roles {
		open("street."+r, r, "东街", Password)
		open("line."+r, r, "教育局", Password)
	}
	for login := range s.Accounts {
		s.Tokens[login], _, err = a.Accounts.SignIn(ctx, login, Password, "192.0.2.1:1000")
		Must(t, err)
	}
	once, err := a.NewAccount(ctx, sys, "新人", "fresh", "office", o.Root, period.Date(2019, 1, 1), "")
	Must(t, err)
	s.Tokens["fresh"], _, err = a.Accounts.SignIn(ctx, "fresh", once, "192.0.2.1:1000")
	Must(t, err)
	Must(t, a.Close())
	return s
}

// Run is a subtest in which the world's helpers report to it.
func (w *World) Run(name string, f func(t *testing.T)) {
	outer := w.T.(*testing.T)
	defer func() { w.T = outer }()
	outer.Run(name, func(t *testing.T) {
		w.T = t
		f(t)
	})
}

// Must ends a test at an error.
func Must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Vals is a JSON object.
type Vals = map[string]any

// Enter makes and submits a record and returns its id and revision.
func (w *World) Enter(as, kind, unit string, values Vals) (string, int64) {
	w.T.Helper()
	e := w.Post(as, "/entries", Vals{"kind": kind, "unit": w.Units[unit], "values": values, "submit": true}, 0).OK()
	return Text(e, "id"), Num(e, "rev")
}

// Verify passes a submission.
func (w *World) Verify(as, entry string, rev int64) map[string]any {
	w.T.Helper()
	return w.Post(as, "/entries/"+entry+"/verify", nil, rev).OK()
}

// Counted enters, submits and verifies.
func (w *World) Counted(as, by, kind, unit string, values Vals) (string, int64) {
	w.T.Helper()
	e, rev := w.Enter(as, kind, unit, values)
	if got := w.Verify(by, e, rev); Text(got, "state") != "verified" {
		w.T.Fatalf("%s of %s is %v after verification by %s", kind, unit, got["state"], by)
	}
	return e, rev
}

// System is the scope of the program itself.
func (w *World) System() access.Scope {
	return access.System(w.District, int64(period.Of(w.Clock.Now())), "test")
}

// Settled demands that the stored figures are what the records give.
func (w *World) Settled() {
	w.T.Helper()
	drift, err := w.App.Figures.Verify(context.Background(), w.App.DB.Read, w.District)
	Must(w.T, err)
	if len(drift) > 0 {
		w.T.Errorf("%d drifts, first: %s", len(drift), drift[0])
	}
}

// Jobs runs the jobs that are due.
func (w *World) Jobs() {
	w.T.Helper()
	_, err := w.App.Jobs.RunDue(context.Background())
	Must(w.T, err)
}

// Scalar reads one number from the database.
func (w *World) Scalar(q string, args ...any) (n int64) {
	w.T.Helper()
	Must(w.T, w.App.DB.Read.QueryRowContext(context.Background(), q, args...).Scan(&n))
	return n
}

// Write runs a transaction.
func (w *World) Write(f func(tx *db.Tx) error) error {
	return w.App.DB.Write(context.Background(), f)
}

// Session is a plain record of one day.
func Session(day string, audience int) Vals {
	return Vals{"held_on": day, "topic": "分类宣讲 " + day, "form": "lecture", "audience": audience}
}

// Expect compares what was found with what should be.
func (w *World) Expect(what string, have, want any) {
	w.T.Helper()
	if fmt.Sprint(have) != fmt.Sprint(want) {
		w.T.Errorf("%s: %v, want %v", what, have, want)
	}
}

// Bad sends a request in both languages and demands the same refusal with a message in each.
func (w *World) Bad(q Ask, status int, code, pointer, field string) map[string]any {
	w.T.Helper()
	var said [2]string
	var p map[string]any
	for i, lang := range []string{"zh-CN", "en"} {
		q.Lang, q.Op = lang, ""
		p = w.Do(q).Refused(status, code)
		said[i] = Text(p, "title")
		if field == "" {
			continue
		}
		found := false
		for _, f := range List(p, "errors") {
			if Text(f, "pointer") == pointer && Text(f, "code") == field {
				found, said[i] = true, Text(f, "detail")
			}
		}
		if !found {
			w.T.Errorf("%s %s: errors %v, want %s at %s", q.Method, q.Path, p["errors"], field, pointer)
		}
	}
	w.Bilingual(q.Path, said[0], said[1])
	return p
}

// Bilingual demands two different sentences without holes.
func (w *World) Bilingual(what, zh, en string) {
	w.T.Helper()
	if zh == "" || en == "" || zh == en || strings.Contains(zh+en, "{") {
		w.T.Errorf("%s: says %q and %q", what, zh, en)
	}
}

// With is a copy of values with another one of a key; nil leaves it out.
func With(v Vals, key string, x any) Vals {
	out := Vals{}
	for k, y := range v {
		out[k] = y
	}
	if x == nil {
		delete(out, key)
	} else {
		out[key] = x
	}
	return out
}

// Topics are the topics of the sessions that a search finds, by day.
func (w *World) Topics(as, query string) []string {
	w.T.Helper()
	var out []string
	for _, r := range List(w.Get(as, "/entries?kind=publicity-session&sort=day&q="+query).OK(), "rows") {
		out = append(out, Text(r, "values.topic"))
	}
	return out
}

// Kind is a kind of the district.
func (w *World) Kind(key string) *kind.Kind {
	w.T.Helper()
	set, err := w.App.Packs.Current(context.Background(), w.App.DB.Read, w.District)
	Must(w.T, err)
	k, err := kind.Of(set, key)
	Must(w.T, err)
	return k
}
