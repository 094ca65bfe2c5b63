// Package strangers holds what districts really hand in: workbooks, text files, unit lists and Word templates, each with what
// must come of it. The files stand as tables in testdata; the acts that need more than one file are tests of their own.
package strangers

import (
	"maps"
	"testing"

	"sifen/internal/apptest"
	"sifen/internal/clock"
	"sifen/internal/dbtest"
	"sifen/internal/org"
	"sifen/internal/period"
)

func TestMain(m *testing.M) { apptest.Main(m) }

// district is a data folder that is ready for the files: their units are there, a person of their street is signed in.
type district struct {
	seed *apptest.Seeded
	dir  string
	no   int64
}

const unitsCSV = `code,name,type,parent,line
340299011,临汀街道,street,,
340299012,榆巷街道,street,,
340299011001,汀岸社区,community,340299011,
340299012001,古槐社区,community,340299012,
340299012002,织里社区,community,340299012,
340299012003,南窗社区,community,340299012,
340299012005,东篱社区,community,340299012,
,东篱苑,estate,东篱社区,
`

// found makes the district. Three estates sort, so that a template has a number to print.
func found(t *testing.T) *district {
	t.Helper()
	w := apptest.New(t, false)
	seed := *w.Seeded
	seed.Units, seed.Tokens = maps.Clone(seed.Units), maps.Clone(seed.Tokens)
	w.Seeded = &seed
	w.Do(apptest.Ask{As: "admin", Method: "POST", Path: "/units/import?from=2019-01-01&name=units.csv", Body: []byte(unitsCSV)}).OK()
	for _, u := range apptest.List(w.Get("admin", "/units").OK(), "items") {
		seed.Units[apptest.Text(u, "name")] = apptest.Num(u, "id")
	}
	ctx := t.Context()
	_, err := w.App.NewAccount(ctx, w.System(), "程砚山", "yuxiang", "street-manager", org.No(seed.Units["榆巷街道"]), period.Date(2019, 1, 1), apptest.Password)
	apptest.Must(t, err)
	seed.Tokens["yuxiang"], _, err = w.App.Accounts.SignIn(ctx, "yuxiang", apptest.Password, "192.0.2.1:1000")
	apptest.Must(t, err)
	sorts := apptest.Vals{"since": "2020-05-01"}
	w.Counted("clerk1", "manager1", "estate-sorting", "桂园", sorts)
	w.Counted("clerk2", "manager1", "estate-sorting", "兰园", sorts)
	w.Counted("clerk3", "manager2", "estate-sorting", "荷园", sorts)
	w.Close()
	dir, _ := dbtest.Clone(t, w.Dir, "")
	w.Open() // it is closed when the test ends
	return &district{&seed, dir, w.District}
}

// world serves a copy of the district: what one file brings, no other meets.
func (d *district) world(t *testing.T) *world {
	t.Helper()
	dir, _ := dbtest.Clone(t, d.dir, "")
	w := &apptest.World{Seeded: d.seed, T: t, Clock: clock.At(apptest.Start), District: d.no, Dir: dir}
	w.Open()
	t.Cleanup(w.Close)
	return &world{w}
}

// world is a district to which files are handed in.
type world struct{ *apptest.World }

// zh asks in Chinese, as the pages do.
func (w *world) zh(as, method, path string, body any) apptest.Reply {
	w.T.Helper()
	return w.Do(apptest.Ask{As: as, Method: method, Path: path, Body: body, Lang: "zh-CN"})
}
