package dispatch_test

import (
	"fmt"
	"strconv"
	"testing"

	"sifen/internal/access"
	"sifen/internal/apptest"
	"sifen/internal/db"
	"sifen/internal/id"
	"sifen/internal/org"
	"sifen/internal/period"
	"sifen/internal/template"
)

func listed(w *apptest.World, by access.Scope, key, unit, month string) (out []template.Listed) {
	w.T.Helper()
	p, err := period.Parse(month)
	apptest.Must(w.T, err)
	apptest.Must(w.T, w.App.DB.Snapshot(w.T.Context(), func(q db.Querier) error {
		out, err = w.App.Meetings.List(w.T.Context(), q, by, key, org.No(w.Units[unit]), p)
		return err
	}))
	return out
}

func sum(t testing.TB, rows []template.Listed, field string) (n int64) {
	t.Helper()
	for _, r := range rows {
		x, err := strconv.ParseInt(r.Says[field], 10, 64)
		apptest.Must(t, err)
		n += x
	}
	return n
}

// No list contradicts a figure: what its rows say adds up to what the indicators say of the same unit and month.
func TestListsAgreeWithFigures(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		t := w.T
		look := func(as, unit string, answers ...vals) {
			w.Post(as, "/visits", vals{"id": id.New(w.Clock.Now()), "place": fmt.Sprintf("unit:%d", w.Units[unit]), "checklist": "estate", "answers": answers},
				0).OK()
		}
		wrong := vals{"item": "lids", "value": "no"}
		look("office", "桂园", wrong, vals{"item": "aware", "value": "", "part": 2, "of": 10})
		look("office2", "桂苑", wrong)
		look("office", "荷园", vals{"item": "lids", "value": "yes"})
		month, sys := "2020-12", w.System()
		problems := listed(w, sys, "problem-kind", "", month)
		if n := sum(t, problems, "n"); n != w.Figure("findings.all", "", month) || n < 3 {
			t.Errorf("the kinds of problems add up to %d, the figure is %d", n, w.Figure("findings.all", "", month))
		}
		if p := problems[0].Says; p["n"] != "2" || p["share"] != fmt.Sprintf("66.7%%（2/%d）", w.Figure("findings.all", "", month)) || p["what"] == "" {
			t.Errorf("the most frequent: %v", p)
		}
		if n := int64(len(listed(w, sys, "checked-place", "", month))); n != w.Figure("visits.all", "", month) {
			t.Errorf("%d places, %d visits", n, w.Figure("visits.all", "", month))
		}
		cases := listed(w, sys, "unit-cases", "", month)
		rows, total := cases[:len(cases)-1], cases[len(cases)-1:]
		for _, f := range []string{"opened", "closed", "open", "late"} {
			if sum(t, rows, f) != sum(t, total, f) {
				t.Errorf("%s: rows %d, total %d", f, sum(t, rows, f), sum(t, total, f))
			}
		}
		if sum(t, total, "opened") != w.Figure("cases.opened", "", month) {
			t.Errorf("%d issued, the figure is %d", sum(t, total, "opened"), w.Figure("cases.opened", "", month))
		}
		if o := listed(w, sys, "other-units", "", month); len(o) != 0 {
			t.Errorf("the streets add up, and yet: %v", o)
		}
		good, poor := listed(w, sys, "good-place", "", month), listed(w, sys, "poor-place", "", month)
		if len(good) != 1 || good[0].Says["of"] != "西镇" || len(poor) != 2 || poor[0].Says["place"] != "桂园" {
			t.Errorf("examples: %v, %v", good, poor)
		}
		// a street has its own
		if n := sum(t, listed(w, sys, "problem-kind", "东街", month), "n"); n != w.Figure("findings.all", "东街", month) {
			t.Errorf("of the street: %d", n)
		}
		// who may not see the places is told that they are there, not which
		by, err := w.App.As(t.Context(), "manager2")
		apptest.Must(t, err)
		for _, r := range listed(w, by, "poor-place", "", month) {
			if !r.Hidden {
				t.Errorf("shown to a street that does not see it: %v", r.Says)
			}
		}
		// a month without anything says so
		for _, key := range []string{"problem-kind", "good-place", "overdue-case", "arrears-item", "checked-place", "requirement", "open-decision",
			"last-decision", "plan-progress"} {
			if r := listed(w, sys, key, "", "2020-02"); len(r) != 1 || r[0].Says["what"] == "" {
				t.Errorf("%s of a quiet month: %v", key, r)
			}
		}
	})
}
