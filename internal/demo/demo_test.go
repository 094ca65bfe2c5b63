package demo_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"sifen/internal/app"
	"sifen/internal/clock"
	"sifen/internal/db"
	"sifen/internal/dbtest"
	"sifen/internal/demo"
	"sifen/internal/i18n"
	"sifen/internal/period"
)

// year opens an app in a folder, writes the year and runs it.
func year(t *testing.T, url string) (*app.App, *demo.Plan, int64, string) {
	t.Helper()
	ctx := context.Background()
	dir := t.TempDir()
	plan, err := demo.Write(dir)
	if err != nil {
		t.Fatal(err)
	}
	c := clock.At(demo.Start)
	a, err := app.Open(ctx, app.Options{Data: filepath.Join(dir, "data"), Database: url, Clock: c})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := demo.Run(ctx, a, plan, c, func(s string) { t.Log(s) }); err != nil {
		t.Fatal(err)
	}
	d, err := a.District(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return a, plan, d, dir
}

func TestTheYearAddsUp(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { addsUp(t, "") })
	if os.Getenv("SIFEN_POSTGRES") != "" {
		t.Run("postgres", func(t *testing.T) { addsUp(t, dbtest.URL(t)) })
	}
}

func addsUp(t *testing.T, url string) {
	a, plan, district, dir := year(t, url)
	ctx := context.Background()
	o, err := a.Orgs.Current(ctx, a.DB.Read, district)
	if err != nil {
		t.Fatal(err)
	}
	x, err := a.Figures.At(ctx, a.DB.Read, district)
	if err != nil {
		t.Fatal(err)
	}
	between := func(lo, hi int64) [2]int64 { return [2]int64{lo, hi} }
	is := func(n int64) [2]int64 { return [2]int64{n, n} }
	for key, want := range map[string][2]int64{
		"publicity.teams": is(11), "publicity.lecturers": is(114), "publicity.sessions": is(338), "publicity.audience": is(68412),
		"publicity.materials": is(239000),
		"publicity.displays":  is(403), "publicity.media": is(12), "base.count": is(1), "base.visits": is(34),
		"campaign.estates": is(53), "campaign.people": is(82356), "campaign.households": is(27418),
		"meetings.dispatch": is(4), "meetings.minutes": is(4), "meetings.mobilisation": is(1), "inspections.special": is(11), "inspections.outcomes": is(11),
		"measures.drafted": is(2), "plans.issued": is(2), "documents.notices": is(8), "schemes.in_use": is(2), "leading.heads": is(2),
		"leading.members": is(15),
		"pilots.smart":    is(3), "stations.transfer": is(2), "stations.refit": is(8), "fleet.vehicles": is(103), "places.dropoff": is(38),
		"places.batches":        is(2),
		"coverage.institutions": is(282), "coverage.schools": is(142), "coverage.estates": is(17),
		"coverage.institutions.gap": is(19), "coverage.schools.gap": is(7), "coverage.estates.gap": is(79),
		"visits.all": between(150, 320), "findings.all": between(80, 220), "cases.opened": between(70, 220), "cases.due": between(70, 220),
		"rechecks.first": between(60, 220), "office.arrears": between(0, 8),
		"funds.paid": is(1286400000), "records.late": between(40, 60), "records.returned": between(25, 35),
	} {
		v, err := x.Value(key, o.Root, period.Year(2020))
		if err != nil {
			t.Errorf("%s: %v", key, err)
		} else if v.A < want[0] || v.A > want[1] {
			t.Errorf("%s is %d, wanted %d to %d", key, v.A, want[0], want[1])
		}
		t.Logf("%s = %d (of %d, estimated %d)", key, v.A, v.Of, v.Est)
	}
	v, err := x.Value("publicity.sessions", o.Root, period.Year(2019))
	if err != nil || v.A != 60 {
		t.Errorf("sessions of the year before: %d, %v", v.A, err)
	}
	drift, err := a.Figures.Verify(ctx, a.DB.Read, district)
	if err != nil || len(drift) > 0 {
		t.Errorf("drift: %v, %v", drift, err)
	}
	states := map[string]int64{}
	rows, err := a.DB.Read.QueryContext(ctx, `SELECT e.kind || ' ' || e.state, count(*) FROM entry AS e GROUP BY e.kind, e.state ORDER BY 1`)
	var name string
	var n, total int64
	if err := db.Each(rows, err, func() error {
		err := rows.Scan(&name, &n)
		states[name] = n
		total += n
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]int64{"publicity-session submitted": 7, "publicity-session returned": 4, "publicity-session void": 2,
		"institution-sorting void": 1} {
		if states[name] != want {
			t.Errorf("%s: %d, wanted %d", name, states[name], want)
		}
	}
	cases, err := db.Pairs[string, int64](ctx, a.DB.Read, `SELECT state, count(*) FROM rcase GROUP BY state`)
	if err != nil {
		t.Fatal(err)
	}
	// what is drawn is chance: which states the last days leave open differs a little from year to year
	if cases["closed"] < 60 || cases["draft"]+cases["sent"]+cases["fixing"]+cases["replied"] < 8 || len(cases) < 5 {
		t.Errorf("the cases of the year are %v", cases)
	}
	t.Logf("%d entries, %d people, %d photos, %d workbooks, %d acts", total, len(plan.People), len(plan.Photos()), len(plan.Books), len(plan.Acts))
	if total < 1500 || total > 1900 || len(plan.People) < 36 || len(plan.Photos()) < 100 {
		t.Error("the district is too small or too large")
	}
	if n := len(o.Units()); n != len(plan.Units) {
		t.Errorf("%d units, %d planned", n, len(plan.Units))
	}
	loose(t, a, plan)
	if url == "" {
		sameBytes(t, filepath.Join(dir, "in"))
	}
}

// loose checks that nobody who verifies finds an empty queue when the year ends, and that the clerk whose password is
// told has something to do.
func loose(t *testing.T, a *app.App, plan *demo.Plan) {
	ctx := context.Background()
	for _, p := range plan.People {
		by, err := a.As(ctx, p.Login)
		if err != nil {
			t.Fatal(err)
		}
		if p.Role == "street-manager" || p.Shown && (p.Role == "office" || p.Role == "department") {
			if n, err := a.Ledger.Waiting(ctx, a.DB.Read, by); err != nil || n == 0 {
				t.Errorf("%s has %d waiting, %v", p.Login, n, err)
			}
		}
		if p.Role == "clerk" && p.Shown {
			back, err := a.Ledger.Mine(ctx, a.DB.Read, by, i18n.Zh, "returned", 10)
			if err != nil || len(back) == 0 {
				t.Errorf("%s got nothing back, %v", p.Login, err)
			}
		}
	}
	if n := len(plan.Logins()); n != 9 {
		t.Errorf("%d logins are told, one for each of 9 roles wanted", n)
	}
}

// sum is the digest of every file below a folder.
func sum(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	if err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		s := sha256.Sum256(raw)
		name, _ := filepath.Rel(dir, path)
		out[name] = hex.EncodeToString(s[:])
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// sameBytes writes the year again and compares every file.
func sameBytes(t *testing.T, first string) {
	dir := t.TempDir()
	if _, err := demo.Write(dir); err != nil {
		t.Fatal(err)
	}
	x, y := sum(t, first), sum(t, filepath.Join(dir, "in"))
	if len(x) != len(y) {
		t.Fatalf("%d and %d files", len(x), len(y))
	}
	for name := range x {
		if x[name] != y[name] {
			t.Fatalf("%s differs", name)
		}
	}
}
